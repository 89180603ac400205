"""The signing key of this installation: documents and checkpoints are signed with it, its public half is published."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from django.conf import settings

from mingcha.casework.canonical import canonical
from mingcha.casework.keys import Key, Signer, first_key, read_keys, signature_holds, signer, written_keys
from mingcha.service.clock import now

_LABEL = b"mingcha document 1\n"


@cache
def our_signer() -> Signer:
    """The signer of this installation."""
    secret = settings.CONFIGURATION.secret("signing")
    return signer(hashlib.sha256(secret.encode()).digest())


def our_keys() -> tuple[Key, ...]:
    """All public keys of this installation, oldest first; the list is made with the first key."""
    path = settings.DATA / "keys" / "public.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written_keys([first_key(our_signer(), now().replace(microsecond=0).isoformat())]))
    return read_keys(path.read_bytes())


def signed(number: str, data_hash: str, pdf: str) -> dict[str, Any]:
    """A signature over a document's number, data and print."""
    by = our_signer()
    told = {"number": number, "data": data_hash, "pdf": pdf}
    return {**told, "key": by.id, "signature": by.sign(_LABEL + canonical(told)).hex()}


def holds(signature: dict[str, Any]) -> bool:
    """Whether a document's signature is by one of our keys."""
    public = {key.id: key.public for key in our_keys()}.get(str(signature.get("key")))
    told = {name: signature.get(name) for name in ("number", "data", "pdf")}
    return public is not None and signature_holds(public, _LABEL + canonical(told), str(signature["signature"]))

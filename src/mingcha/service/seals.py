"""The signing key of this installation: documents and checkpoints are signed with it, its public half is published."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from mingcha.casework.canonical import canonical
from mingcha.casework.keys import Key, Signer, first_key, read_keys, rotated, signature_holds, signer, written_keys
from mingcha.service.clock import now

_LABEL = b"mingcha document 1\n"
_PUBLIC, _NEXT = "public.json", "signing.next"
_SECRET_BYTES = 48


def our_signer() -> Signer:
    """The signer of this installation. It is read anew each time, so that a rotation holds for every process at once."""
    current, waiting = _signer(settings.CONFIGURATION.secret("signing")), _folder() / _NEXT
    if waiting.exists() and (following := _signer(waiting.read_text())).id == our_keys()[-1].id:
        return following  # a rotation that was cut short after the new key was published
    return current


def our_keys() -> tuple[Key, ...]:
    """All public keys of this installation, oldest first; the list is made with the first key."""
    path = _folder() / _PUBLIC
    if not path.exists():
        first = first_key(_signer(settings.CONFIGURATION.secret("signing")), _now())
        _written(path, written_keys([first]), mode=0o644)
    return read_keys(path.read_bytes())


def rotate() -> Key:
    """A new key that signs from now on; the old one vouches for it, and its secret is gone. What it signed still verifies."""
    made = secrets.token_urlsafe(_SECRET_BYTES)
    keys = rotated(our_keys(), our_signer(), _signer(made), _now())
    _written(_folder() / _NEXT, made.encode(), mode=0o600)
    _written(_folder() / _PUBLIC, written_keys(keys), mode=0o644)
    os.replace(_folder() / _NEXT, _folder() / "signing")
    return keys[-1]


def _signer(secret: str) -> Signer:
    return signer(hashlib.sha256(secret.strip().encode()).digest())


def _now() -> str:
    return now().replace(microsecond=0).isoformat()


def _folder() -> Path:
    folder: Path = settings.DATA / "keys"
    return folder


def _written(path: Path, data: bytes, mode: int) -> None:
    """Put a file into place whole: another process reads the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.touch(mode=mode)
    with beside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, path)


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

"""The keys that sign checkpoints and packages: Ed25519, each named by its own hash, each new one signed by the one before it.

Whoever holds one key of the list from outside (the site, a printed notice) can follow it forward, never backward: an old key vouches
for the new one. A bare list inside a package proves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import Struct

from mingcha.casework.canonical import canonical
from mingcha.casework.chain import checked_time
from mingcha.errors import FormatError, UsageError

MISSING = "signatures need a package that is not installed: run `pip install 'mingcha[service]'`"
_KEY = 32


class Key(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A public key and when it signs: ``from`` included, ``until`` not; ``signature`` is the previous key's (the first one's own)."""

    id: str
    public: str
    from_: str = msgspec.field(name="from")
    until: str | None = None
    previous: str | None = None
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs: the name and public half of a key, and a call that may as well lead to a device."""

    id: str
    public: str
    sign: Callable[[bytes], bytes]


def signer(seed: bytes) -> Signer:
    """A signer from the 32 secret bytes of a key. Raises UsageError."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError as error:
        raise UsageError(MISSING) from error
    if len(seed) != _KEY:
        raise UsageError(f"a key's secret has {_KEY} bytes, not {len(seed)}")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw().hex()
    return Signer(id=key_id(public), public=public, sign=private.sign)


def key_id(public: str) -> str:
    """The name of a key: nobody can give another key the same one."""
    return hashlib.sha256(b"mingcha key 1\n" + public.encode("utf-8", "replace")).hexdigest()[:32]


def signature_holds(public: str, message: bytes, signature: str) -> bool:
    """Whether the key made the signature. Raises UsageError where cryptography is not installed."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as error:
        raise UsageError(MISSING) from error
    try:
        Ed25519PublicKey.from_public_bytes(_exact(public)).verify(_exact(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _exact(text: str) -> bytes:
    """Hex digits in the one way we write them: with capitals or blanks, two texts would be the same signature. Raises ValueError."""
    found = bytes.fromhex(text)
    if found.hex() != text:
        raise ValueError("not written as we write it")
    return found


def first_key(by: Signer, since: str, until: str | None = None) -> Key:
    """The first key of a list, signed by itself. Raises UsageError."""
    return _signed(Key(id=by.id, public=by.public, from_=since, until=until), by)


def rotated(keys: Sequence[Key], old: Signer, new: Signer, since: str, until: str | None = None) -> tuple[Key, ...]:
    """The list with a new key that ends the last one's time; the last one signs it. Raises UsageError."""
    if not keys or keys[-1].id != old.id:
        raise UsageError("the last key of the list signs the next one")
    if any(key.id == new.id for key in keys) or _moment(since) < _moment(keys[-1].from_):
        raise UsageError("the next key must be a new one, and must not begin before the last one")
    return (*keys, _signed(Key(id=new.id, public=new.public, from_=since, until=until, previous=old.id), old))


def _signed(key: Key, by: Signer) -> Key:
    for moment in filter(None, (key.from_, key.until)):
        checked_time(moment)
    return msgspec.structs.replace(key, signature=by.sign(_statement(key)).hex())


def _statement(key: Key) -> bytes:
    told = {"id": key.id, "public": key.public, "from": key.from_, "until": key.until, "previous": key.previous}
    return b"mingcha key 1\n" + canonical(told)


def unsound(keys: Sequence[Key]) -> list[str]:
    """The names of keys in the list that are not what their name, their signature or their place says."""
    return [key.id for at, key in enumerate(keys) if not (key.id == key_id(key.public) and _follows(keys, at))]


def _follows(keys: Sequence[Key], at: int) -> bool:
    """Whether the key was signed by the one before it. A list may begin later than with the first key: then nobody can tell."""
    key = keys[at]
    before = keys[at - 1] if at else key
    if at == 0 and key.previous is not None:
        return True
    linked = at == 0 or (key.previous == before.id and _moment(key.from_) >= _moment(before.from_))
    return linked and signature_holds(before.public, _statement(key), key.signature)


def trusted(keys: Sequence[Key], anchors: Sequence[Key]) -> dict[str, Key]:
    """The keys to believe: those known from outside, and those of the list that an unbroken row of signatures leads to from one."""
    believed = {key.id: key for key in anchors if key.id == key_id(key.public)}
    bad = set(unsound(keys))
    for key in keys[1:]:
        before = believed.get(key.previous or "")
        if before and key.id not in believed and key.id not in bad and _may_sign(before, key.from_):
            believed[key.id] = key
    return believed


def _may_sign(key: Key, moment: str) -> bool:
    """Whether the old key could still hand over at that moment: a key that has ended names no successor."""
    return key.until is None or _moment(moment) <= _moment(key.until)


def in_time(key: Key, keys: Iterable[Key], moment: str) -> bool:
    """Whether the key was the one that signs at that moment: from its beginning to its end or its successor's beginning."""
    ends = [one.from_ for one in keys if one.previous == key.id and one.id != key.id]
    ends += [key.until] if key.until else []
    return _moment(key.from_) <= _moment(moment) and all(_moment(moment) < _moment(end) for end in ends)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(checked_time(text))


def read_keys(data: bytes) -> tuple[Key, ...]:
    """A list of keys as it is published, or one public key as 64 hex digits. Raises FormatError."""
    text = data.strip()
    try:
        if len(text) == 2 * _KEY and bytes.fromhex(text.decode()):
            public = text.decode().lower()
            return (Key(id=key_id(public), public=public, from_="0001-01-02T00:00:00+08:00"),)
        keys = msgspec.json.decode(data, type=tuple[Key, ...])
        for moment in (moment for key in keys for moment in (key.from_, key.until) if moment is not None):
            checked_time(moment)
    except (ValueError, RecursionError, UsageError, msgspec.MsgspecError) as error:
        raise FormatError(
            f"not a list of keys, nor one key in 64 hex digits: {' '.join(str(error).split())[:200]}"
        ) from error
    return keys


def written_keys(keys: Sequence[Key]) -> bytes:
    """A list of keys as a file: the same keys, the same bytes."""
    return canonical(msgspec.to_builtins(keys)) + b"\n"

"""Personal values stay out of the chain: it holds a salted hash, so that erasing value and salt breaks nothing.

A commitment binds (nobody finds another value for it) and hides (without the salt no guess can be tried). Value and salt are kept
together in the vault; erasing both there is erasure. That it was done is itself an event, since a link can never be changed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Container, Iterator, Mapping
from typing import Any

from msgspec import Struct

from mingcha.casework.canonical import canonical
from mingcha.errors import UsageError

SALT = 32
"""Length of every salt, in bytes: one length, so that no salt and value run together as another salt and value do."""


class Opening(Struct, frozen=True, kw_only=True):
    """What opens a commitment: kept in the vault, never in the chain, and erased at the end of its term."""

    value: Any
    salt: bytes


def commit(value: Any, salt: bytes) -> str:
    """The commitment to a value. Raises UsageError."""
    if len(salt) != SALT:
        raise UsageError(f"a salt has {SALT} bytes, not {len(salt)}")
    return hashlib.sha256(b"mingcha commitment 1\n" + salt + canonical(value)).hexdigest()


def opens(commitment: str, value: Any, salt: bytes) -> bool:
    """Whether this is the value that was committed to."""
    try:
        return hmac.compare_digest(commit(value, salt).encode(), commitment.encode("utf-8", "replace"))
    except UsageError:
        return False


def sealed(value: Any, salt: bytes) -> dict[str, Any]:
    """What stands in a link's body in place of the value; ``erased`` is false there for ever, see ``shown``. Raises UsageError."""
    return {"commitment": commit(value, salt), "erased": False}


def commitments(body: Any) -> Iterator[str]:
    """Every commitment anywhere in a body."""
    if _is_sealed(body):
        yield body["commitment"]
    elif isinstance(body, dict):
        for value in body.values():
            yield from commitments(value)
    elif isinstance(body, list | tuple):
        for value in body:
            yield from commitments(value)


def shown(body: Any, openings: Mapping[str, Opening], erased: Container[str] = ()) -> Any:
    """The body for one who may see: values where an opening fits, ``erased: true`` where the value is gone, the rest as it is."""
    if _is_sealed(body):
        return _opened(body, openings.get(body["commitment"]), erased)
    if isinstance(body, dict):
        return {key: shown(value, openings, erased) for key, value in body.items()}
    if isinstance(body, list | tuple):
        return [shown(value, openings, erased) for value in body]
    return body


def _opened(body: dict[str, Any], opening: Opening | None, erased: Container[str]) -> Any:
    commitment = body["commitment"]
    if opening is not None and opens(commitment, opening.value, opening.salt):
        return opening.value
    return {"commitment": commitment, "erased": commitment in erased}


def _is_sealed(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"commitment", "erased"} and isinstance(value["commitment"], str)

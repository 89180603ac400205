"""The vault of identities: what could tell who complained is encrypted before it reaches the database."""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import cache
from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from mingcha.errors import RecordError


@cache
def _box() -> Fernet:
    secret = settings.CONFIGURATION.secret("vault")
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))


def seal(value: Any) -> bytes:
    """A value that JSON can hold, encrypted."""
    return _box().encrypt(msgspec.json.encode(value))


def unseal(sealed: bytes | memoryview) -> Any:
    """The value. Raises RecordError when the key is not the one it was sealed with."""
    try:
        return msgspec.json.decode(_box().decrypt(bytes(sealed)))
    except InvalidToken:
        raise RecordError("this was sealed with another key of the vault: restore keys/vault from the backup") from None


def salt() -> bytes:
    """A salt for one commitment."""
    return secrets.token_bytes(32)

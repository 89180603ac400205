"""The secret that a complainant gets instead of an account: twelve characters, 60 bits, easy to read out and to type.

A case has a public number and, apart from it, this code; only the code opens the case to its complainant. The database holds an
HMAC of it under a pepper that lies outside of the database. A slow hash (Argon2) is for secrets that people choose; against 60 random
bits guessing over the network is hopeless (ten tries an hour from each of 10,000 addresses meet one of a million live codes with a
chance below one in ten million). Without a pepper a stolen database with a million plain hashes would give one up to some 10¹²
guesses, which is minutes of work; with it there is nothing to guess against. And looking up costs nothing that a flood could use.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 characters, five bits each: no I, L, O, which are read as 1 and 0, and no U, which is read as V."""

LENGTH = 12
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_LONGEST = 64


def new_code(randbytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """A code nobody can guess; as it is kept and compared, without the strokes that ``shown`` puts in."""
    number = int.from_bytes(randbytes(8), "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))


def shown(code: str) -> str:
    """The code in three groups of four, as people read it."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def normalise(text: str) -> str | None:
    """The code that somebody typed, whatever the case, spaces, strokes and width of the characters; None if it is none."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).upper()
    code = "".join(c for c in plain.translate(_READ_AS) if c.isalnum())
    return code if len(code) == LENGTH and all(c in ALPHABET for c in code) else None


def stored(code: str, pepper: bytes) -> str:
    """What the database keeps, and by which it finds the case. Raises ValueError for a pepper that could be guessed."""
    if len(pepper) < 32:
        raise ValueError("the pepper of receipt codes needs 32 random bytes")
    return hmac.new(pepper, b"mingcha receipt code\0" + code.encode(), hashlib.sha256).hexdigest()

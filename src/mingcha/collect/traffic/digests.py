"""The digests that software makes of identifiers, SM3 included where the machine's own library lacks it."""

from __future__ import annotations

import hashlib
from typing import Final

ALGORITHMS: Final = ("md5", "sha1", "sha256", "sm3")
_START: Final = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
_MASK: Final = 0xFFFFFFFF


def digest(algorithm: str, data: bytes) -> bytes:
    """The digest of ``data`` by one of ``ALGORITHMS``."""
    if algorithm == "sm3":
        return _library_sm3(data)
    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _library_sm3(data: bytes) -> bytes:
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:  # OpenSSL was built without it
        return sm3(data)


def sm3(data: bytes) -> bytes:
    """SM3 as GB/T 32905-2016 defines it."""
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + (8 * len(data)).to_bytes(8, "big")
    state: tuple[int, ...] = _START
    for at in range(0, len(padded), 64):
        state = _compressed(state, padded[at : at + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 68):
        mixed = words[at - 16] ^ words[at - 9] ^ _turned(words[at - 3], 15)
        words.append(mixed ^ _turned(mixed, 15) ^ _turned(mixed, 23) ^ _turned(words[at - 13], 7) ^ words[at - 6])
    a, b, c, d, e, f, g, h = state
    for at in range(64):
        early = at < 16
        first = _turned((_turned(a, 12) + e + _turned(0x79CC4519 if early else 0x7A879D8A, at)) & _MASK, 7)
        left = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
        right = e ^ f ^ g if early else (e & f) | (~e & g)
        one = (left + d + (first ^ _turned(a, 12)) + (words[at] ^ words[at + 4])) & _MASK
        two = (right + h + first + words[at]) & _MASK
        a, b, c, d, e, f, g, h = (
            one,
            a,
            _turned(b, 9),
            c,
            two ^ _turned(two, 9) ^ _turned(two, 17),
            e,
            _turned(f, 19),
            g,
        )
    return tuple(new ^ old for new, old in zip((a, b, c, d, e, f, g, h), state, strict=True))


def _turned(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _MASK

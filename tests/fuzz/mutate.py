"""Damages bytes: one to twenty changes of the kinds that files suffer by accident or on purpose, chosen by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable

BYTES = (0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF, 0x20, 0x22, 0x27, 0x3C, 0x3E, 0x7B, 0x5B, 0x0A)
NUMBERS = (0, 1, 2, 3, 4, 7, 8, 0x10, 0x1F, 0x70, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF,
           0x80000000, 0xFFFFFFF0, 0xFFFFFFFE, 0xFFFFFFFF)  # fmt: skip
_LONGEST_BLOCK = 64


def _place(out: bytearray, chance: random.Random) -> int:
    """A place; as often at either end, where heads and directories stand, as anywhere."""
    if chance.random() < 0.5:
        return chance.randrange(len(out))
    near = chance.randrange(min(len(out), 256))
    return near if chance.random() < 0.7 else len(out) - 1 - near


def _flip(out: bytearray, chance: random.Random) -> None:
    out[_place(out, chance)] ^= 1 << chance.randrange(8)


def _byte(out: bytearray, chance: random.Random) -> None:
    out[_place(out, chance)] = chance.choice(BYTES) if chance.random() < 0.7 else chance.randrange(256)


def _number(out: bytearray, chance: random.Random) -> None:
    """A 16- or 32-bit field, often aligned, set to something interesting or to a place in the file."""
    width = chance.choice((2, 4))
    at = _place(out, chance) & (-width if chance.random() < 0.7 else -1)
    value = chance.choice((chance.choice(NUMBERS), chance.randrange(len(out) + 16), chance.randrange(1 << 32)))
    _write(out, at, width, value)


def _length(out: bytearray, chance: random.Random) -> None:
    """A field a little larger or smaller than it was."""
    width = chance.choice((1, 2, 4))
    at = _place(out, chance)
    value = int.from_bytes(out[at : at + width], "little") + chance.choice((-16, -4, -2, -1, 1, 2, 4, 16, 256, 4096))
    _write(out, at, width, value)


def _write(out: bytearray, at: int, width: int, value: int) -> None:
    raw = (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")[: len(out) - at]
    out[at : at + len(raw)] = raw


def _truncate(out: bytearray, chance: random.Random) -> None:
    if chance.random() < 0.3:
        del out[_place(out, chance) :]


def _block(out: bytearray, chance: random.Random) -> bytes:
    start = chance.randrange(len(out))
    return bytes(out[start : start + chance.randint(1, _LONGEST_BLOCK)])


def _copy(out: bytearray, chance: random.Random) -> None:
    block, at = _block(out, chance), _place(out, chance)
    out[at : at + len(block)] = block


def _delete(out: bytearray, chance: random.Random) -> None:
    at = _place(out, chance)
    del out[at : at + chance.randint(1, _LONGEST_BLOCK)]


def _insert(out: bytearray, chance: random.Random) -> None:
    block = chance.choice((_block(out, chance), chance.randbytes(chance.randint(1, 8)), _block(out, chance) * chance.choice((1, 9, 60))))
    at = _place(out, chance)
    out[at:at] = block


STEPS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip, _byte, _number, _number, _length, _truncate, _copy, _delete, _insert,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The data with one to twenty changes, few more often than many."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4, 6, 10, 20))):
        if not out:
            break
        chance.choice(STEPS)(out, chance)
    return bytes(out)

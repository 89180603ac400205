"""Damages bytes: one to twenty changes of the kinds that files suffer by accident or on purpose, chosen by a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

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
    block = chance.choice(
        (_block(out, chance), chance.randbytes(chance.randint(1, 8)), _block(out, chance) * chance.choice((1, 9, 60)))
    )
    at = _place(out, chance)
    out[at:at] = block


def _repeat(out: bytearray, chance: random.Random) -> None:
    """A piece many times over: what nests or adds up does so."""
    at = _place(out, chance)
    out[at:at] = _block(out, chance) * chance.choice((2, 30, 400))


Step = Callable[[bytearray, random.Random], None]
BINARY: tuple[Step, ...] = (_flip, _byte, _number, _number, _length, _truncate, _copy, _delete, _insert)
PLAIN: tuple[Step, ...] = (_flip, _byte, _truncate, _copy, _delete, _insert, _repeat)


def _inserts(tokens: Sequence[bytes]) -> Step:
    def step(out: bytearray, chance: random.Random) -> None:
        at = _place(out, chance)
        out[at:at] = chance.choice(tokens) * chance.choice((1, 1, 2, 50))

    return step


def mutated(data: bytes, chance: random.Random, tokens: Sequence[bytes] = ()) -> bytes:
    """The data with one to twenty changes, few more often than many; texts get pieces of their language put in."""
    steps = [*PLAIN, *[_inserts(tokens)] * 5] if tokens else BINARY
    out = bytearray(data)
    for _ in range(_count(chance)):
        if not out:
            break
        chance.choice(steps)(out, chance)
    return _readable(data, bytes(out)) if tokens and chance.random() < 0.6 else bytes(out)


def _readable(data: bytes, out: bytes) -> bytes:
    """Without broken characters, if there were none before: else most damaged texts would be refused for their encoding."""
    with suppress(UnicodeDecodeError):
        return out.decode("utf-8", "ignore").encode() if data.decode() else out
    return out


def _count(chance: random.Random) -> int:
    return chance.choice((1, 1, 1, 2, 2, 3, 4, 6, 10, 20))


# --- JSON: the values, not the bytes ---------------------------------------------------------------------------------

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 3, 1 << 31, 1 << 62, 1 << 80, 0.5, -1e308, "", "x", "\0", "\u202e中", "$it.id", "a" * 5000, "<script>", [], {},
    [None], {"": None}, {"$it": 1}, "idm-2019/1.1", "PermissionDeclared", "2026-02-30",
)  # fmt: skip


def altered(record: Any, chance: random.Random) -> Any:
    """The record with one to twenty values replaced, left out, doubled, or exchanged for another value of it."""
    for _ in range(min(_count(chance), 4)):
        holders = [holder for holder in _holders(record) if holder]
        if not holders:
            break
        holder = chance.choice(holders)
        key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        other = chance.choice(holders)
        values = [*VALUES, *(other.values() if isinstance(other, dict) else other)]
        alike = [value for value in values if type(value) is type(holder[key])]
        value = chance.choice(alike if alike and chance.random() < 0.8 else values)
        if chance.random() < 0.1:
            del holder[key]
        elif isinstance(holder, list) and chance.random() < 0.3:
            holder.insert(key, copy.deepcopy(holder[chance.randrange(len(holder))]))
        else:
            holder[key] = copy.deepcopy(value)
    return record


def _holders(record: Any) -> Iterator[Any]:
    """Every object and list in the record."""
    waiting = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (dict, list)):
            yield value
            waiting += value.values() if isinstance(value, dict) else value


# --- code ------------------------------------------------------------------------------------------------------------

_TELLING = (0x00, 0x0A, 0x0C, 0x0D, 0x0E, 0x0F, 0x11, 0x12, 0x1A, 0x1C, 0x1F, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2B, 0x2C,
            0x32, 0x38, 0x44, 0x4D, 0x54, 0x5B, 0x62, 0x69, 0x6E, 0x6F, 0x70, 0x71, 0x72, 0x74, 0x78, 0x90, 0xB0, 0xD8, 0xFA)  # fmt: skip
"""Opcodes of every kind."""


def code_damaged(data: bytes, spans: Sequence[tuple[int, int]], chance: random.Random) -> bytes:
    """Instructions changed inside methods (spans of bytes, each two-byte aligned), all tables left as they are."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 10, 40))):
        first, end = chance.choice(spans)
        if end - first >= 2:
            chance.choice((_opcode, _operand, _unit, _moved))(out, first, end, chance)
    return bytes(out)


def _inside(first: int, end: int, chance: random.Random) -> int:
    return first + 2 * chance.randrange((end - first) // 2)


def _opcode(out: bytearray, first: int, end: int, chance: random.Random) -> None:
    out[_inside(first, end, chance)] = chance.choice(_TELLING) if chance.random() < 0.7 else chance.randrange(256)


def _operand(out: bytearray, first: int, end: int, chance: random.Random) -> None:
    """Registers, a short jump, the upper half of a number."""
    out[_inside(first, end, chance) + 1] = chance.choice((chance.randrange(256), chance.choice(BYTES)))


def _unit(out: bytearray, first: int, end: int, chance: random.Random) -> None:
    """An index of a string, type, field or method, or a jump."""
    value = chance.choice(
        (chance.randrange(64), -chance.randrange(64), chance.choice(NUMBERS), chance.randrange(1 << 16))
    )
    _write(out, _inside(first, end, chance), 2, value)


def _moved(out: bytearray, first: int, end: int, chance: random.Random) -> None:
    """Some instructions again at another place of the method."""
    start, at = _inside(first, end, chance), _inside(first, end, chance)
    piece = bytes(out[start : min(end, start + 2 * chance.randint(1, 12))])[: end - at]
    out[at : at + len(piece)] = piece

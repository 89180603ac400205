"""Dalvik instructions: how long each is, which register it writes, and where all of them start.

Source: the Dalvik bytecode and instruction-format documents of the Android Open Source Project. Units are 16 bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingcha.errors import FormatError

Ints = NDArray[np.int64]

INVOKES = frozenset({*range(0x6E, 0x73), *range(0x74, 0x79)})
INVOKE_RANGE = frozenset(range(0x74, 0x79))
INVOKE_STATIC = frozenset({0x71, 0x77})
FIELD_READS = frozenset({*range(0x52, 0x59), *range(0x60, 0x67)})
MOVES = frozenset(range(0x01, 0x0A))


def _lengths() -> NDArray[np.int64]:
    length = np.ones(256, np.int64)
    two = [0x02, 0x05, 0x08, 0x13, 0x15, 0x16, 0x19, 0x1A, 0x1C, 0x1F, 0x20, 0x22, 0x23, 0x29, 0xFE, 0xFF]
    three = [0x03, 0x06, 0x09, 0x14, 0x17, 0x1B, 0x24, 0x25, 0x26, 0x2A, 0x2B, 0x2C, 0xFC, 0xFD]
    length[two] = 2
    length[three] = 3
    for first, last in ((0x2D, 0x3D), (0x44, 0x6D), (0x90, 0xAF), (0xD0, 0xE2)):
        length[first : last + 1] = 2
    for first, last in ((0x6E, 0x72), (0x74, 0x78)):
        length[first : last + 1] = 3
    length[0xFA:0xFC] = 4
    length[0x18] = 5
    return length


LENGTH = _lengths()
"""Units of each opcode; payloads (``nop`` with a high byte) carry their own length."""

_WRITES_4 = {0x01, 0x04, 0x07, 0x12, 0x20, 0x21, 0x23, *range(0x52, 0x59), *range(0x7B, 0x90), *range(0xB0, 0xD8)}
_WRITES_8 = {
    0x02, 0x05, 0x08, *range(0x0A, 0x0E), *range(0x13, 0x1D), 0x22, *range(0x2D, 0x32), *range(0x44, 0x4B),
    *range(0x60, 0x67), *range(0x90, 0xB0), *range(0xD8, 0xE3), 0xFE, 0xFF,
}  # fmt: skip
_WRITES_16 = {0x03, 0x06, 0x09}
_WIDE = {
    0x04, 0x05, 0x06, 0x0B, 0x16, 0x17, 0x18, 0x19, 0x45, 0x53, 0x61, 0x7D, 0x7E, 0x80, 0x81, 0x83, 0x86, 0x88, 0x89,
    0x8B, *range(0x9B, 0xA6), *range(0xAB, 0xB0), *range(0xBB, 0xC6), *range(0xCB, 0xD0),
}  # fmt: skip


def written(units: Any, at: int) -> tuple[int, ...]:
    """The registers that the instruction at unit ``at`` writes (two for a wide value)."""
    first = int(units[at])
    opcode = first & 0xFF
    if opcode in _WRITES_8:
        register = first >> 8
    elif opcode in _WRITES_4:
        register = first >> 8 & 0xF
    elif opcode in _WRITES_16:
        register = int(units[at + 1])
    else:
        return ()
    return (register, register + 1) if opcode in _WIDE else (register,)


def arguments(units: Any, at: int) -> tuple[int, ...]:
    """The argument registers of the invoke at unit ``at``."""
    first = int(units[at])
    if first & 0xFF in INVOKE_RANGE:
        start = int(units[at + 2])
        return tuple(range(start, start + (first >> 8)))
    count, packed = first >> 12, int(units[at + 2])
    five = (packed & 0xF, packed >> 4 & 0xF, packed >> 8 & 0xF, packed >> 12, first >> 8 & 0xF)
    return five[: min(count, 5)]


def branch_targets(units: Any, at: int) -> tuple[int, ...]:
    """Where the instruction at unit ``at`` may jump to, apart from going on; switches through their payload."""
    first = int(units[at])
    opcode = first & 0xFF
    if opcode == 0x28:  # goto +AA
        return (at + _signed(first >> 8, 8),)
    if opcode == 0x29 or 0x32 <= opcode <= 0x3D:  # goto/16, if-*
        return (at + _signed(int(units[at + 1]), 16),)
    if opcode == 0x2A:  # goto/32
        return (at + _signed(_u32(units, at + 1), 32),)
    if opcode in (0x2B, 0x2C):  # switches
        return _switch_targets(units, at, at + _signed(_u32(units, at + 1), 32))
    return ()


def _switch_targets(units: Any, at: int, payload: int) -> tuple[int, ...]:
    if not 0 <= payload < len(units) - 2 or int(units[payload]) not in (0x100, 0x200):
        return ()
    size = int(units[payload + 1])
    start = payload + 4 if int(units[payload]) == 0x100 else payload + 2 + 2 * size
    size = min(size, (len(units) - start) // 2)
    return tuple(at + _signed(_u32(units, start + 2 * n), 32) for n in range(size))


def switch_keys(units: Any, at: int) -> tuple[int, ...]:
    """The values that the switch at unit ``at`` asks for, one for each of its targets."""
    payload = at + _signed(_u32(units, at + 1), 32)
    if not 0 <= payload < len(units) - 4 or int(units[payload]) not in (0x100, 0x200):
        return ()
    size = min(int(units[payload + 1]), (len(units) - payload) // 2)
    if int(units[payload]) == 0x100:
        return tuple(range(first := _signed(_u32(units, payload + 2), 32), first + size))
    size = min(size, (len(units) - payload - 2) // 2)
    return tuple(_signed(_u32(units, payload + 2 + 2 * n), 32) for n in range(size))


def _u32(units: Any, at: int) -> int:
    return int(units[at]) | int(units[at + 1]) << 16


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def starts(units: NDArray[np.uint16], first: Ints, end: Ints) -> Ints:
    """The units at which instructions (and payloads) start, ascending, for streams ``first[i]`` to ``end[i]``.

    All streams advance one instruction together. When few are left, each is walked alone: the longest initialiser of an
    app has ten thousand instructions, and a numpy round costs as much for one stream as for a hundred. An instruction
    that the end of its stream cuts off is none.
    """
    mark = np.zeros(len(units), np.bool_)
    at, stop = first[first < end], end[first < end]
    while len(at) > _FEW:
        mark[at] = True
        following = at + _step(units, at)
        going = following < stop
        if not going.all():
            mark[at[following > stop]] = False  # cut off by the end of its method
            following, stop = following[going], stop[going]
        at = following
    for begin, last in zip(at.tolist(), stop.tolist(), strict=True):
        _walk(units, begin, last, mark)
    return np.flatnonzero(mark)


_FEW = 96
_PIECE = 1 << 16


def _step(units: NDArray[np.uint16], at: Ints) -> Ints:
    words = units[at]
    step: Ints = LENGTH[words & 0xFF]
    payload = np.flatnonzero((words >= 0x100) & (words <= 0x300) & (words & 0xFF == 0))
    for index in payload.tolist():
        step[index] = payload_length(units, int(at[index]))
    return step


def payload_length(units: Any, at: int) -> int:
    """Units of the payload at ``at`` (1 if it is not one)."""
    word, room = int(units[at]), len(units) - at
    if room < 4:
        return 1
    size = int(units[at + 1])
    if word == 0x100:
        return size * 2 + 4
    if word == 0x200:
        return size * 4 + 2
    if word == 0x300:
        return (size * _u32(units, at + 2) + 1) // 2 + 4
    return 1


def _walk(units: NDArray[np.uint16], at: int, stop: int, mark: NDArray[np.bool_]) -> None:
    last = at
    while at < stop:  # piece by piece, so that a stream of millions does not become millions of objects at once
        last, at = _walk_piece(units, at, min(at + _PIECE, stop), mark)
    if at > stop:
        mark[last] = False


def _walk_piece(units: NDArray[np.uint16], at: int, stop: int, mark: NDArray[np.bool_]) -> tuple[int, int]:
    """Mark what starts before ``stop``; gives the last start, and where the instruction that starts there ends."""
    words = units[at:stop].tolist()
    lengths = _LENGTHS
    here, size = 0, len(words)
    found = []
    while here < size:
        found.append(here)
        word = words[here]
        if word & 0xFF == 0 and word:
            here += payload_length(units, at + here)
        else:
            here += lengths[word & 0xFF]
    mark[np.asarray(found, np.int64) + at] = True
    return at + found[-1], at + here


_LENGTHS: list[int] = LENGTH.tolist()


def handlers(data: bytes, code: int, end: int) -> list[int]:
    """Units, counted from the code's first instruction, at which the exception handlers of a code item start.

    ``code`` and ``end`` are the bytes where the item starts and where it must have ended. What is cut off or malformed
    ends the list; FormatError if there are more handlers than the method could have use for.
    """
    tries = int.from_bytes(data[code + 6 : code + 8], "little")
    if not tries:
        return []
    size = int.from_bytes(data[code + 12 : code + 16], "little")
    lists, at = uleb(data, code + 16 + 2 * (size + size % 2) + 8 * tries)
    found: list[int] = []
    for _ in range(lists):
        begin = at
        raw, at = uleb(data, at)
        count = _signed(raw, 7 * (at - begin))  # a signed number, read as an unsigned one
        for caught in range(abs(count) + (count <= 0)):
            at = uleb(data, at)[1] if caught < abs(count) else at
            unit, at = uleb(data, at)
            if at > end:
                return found
            found.append(unit)
            if len(found) > 4 * size + 64:
                raise FormatError("more exception handlers than instructions", code)
    return found


def uleb(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number and where it ends; past the end of the data it is 0 and one byte long."""
    value = 0
    for place in range(5):
        byte = data[at] if at < len(data) else 0
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at

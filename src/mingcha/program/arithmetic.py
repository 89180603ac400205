"""Numbers known at the time of reading: sums, comparisons, conversions, as Dalvik defines them for 32 bits."""

from __future__ import annotations

from collections.abc import Callable

from mingcha.program.decode import REVERSED
from mingcha.program.values import Constant, Value, number, tainted


def _int(value: int) -> int:
    return (value + (1 << 31)) % (1 << 32) - (1 << 31)


def _quotient(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


_WORK: dict[int, Callable[[int, int], int]] = {
    0x90: lambda a, b: a + b,
    0x91: lambda a, b: a - b,
    0x92: lambda a, b: a * b,
    0x93: _quotient,
    0x94: lambda a, b: a - b * _quotient(a, b),
    0x95: lambda a, b: a & b,
    0x96: lambda a, b: a | b,
    0x97: lambda a, b: a ^ b,
    0x98: lambda a, b: a << (b & 31),
    0x99: lambda a, b: a >> (b & 31),
    0x9A: lambda a, b: (a & 0xFFFFFFFF) >> (b & 31),
    REVERSED: lambda a, b: b - a,
}


def computed(operation: int, a: Value, b: Value | None) -> Value:
    """The result of an operation; what the operands carry, it carries."""
    taints = a.taints | b.taints if b is not None else a.taints
    left, right = a.constant, b.constant if b is not None else None
    work = _WORK.get(operation)
    if (
        work is not None
        and isinstance(left, int)
        and isinstance(right, int)
        and (right or operation not in (0x93, 0x94))
    ):
        return number(_int(work(left, right))).carrying(taints)
    if b is None and operation in _NARROW and isinstance(left, int):
        return number(_NARROW[operation](left)).carrying(taints)
    return tainted(taints)


_NARROW: dict[int, Callable[[int], int]] = {
    0x81: lambda a: a,
    0x84: _int,
    0x8D: lambda a: (a + 0x80) % 0x100 - 0x80,
    0x8E: lambda a: a & 0xFFFF,
    0x8F: lambda a: (a + 0x8000) % 0x10000 - 0x8000,
}
"""int-to-long, long-to-int, int-to-byte, -char, -short."""

_TESTS: dict[int, Callable[[int, int], bool]] = {
    0x32: lambda a, b: a == b,
    0x33: lambda a, b: a != b,
    0x34: lambda a, b: a < b,
    0x35: lambda a, b: a >= b,
    0x36: lambda a, b: a > b,
    0x37: lambda a, b: a <= b,
}


def compared(operation: int, a: Value, b: Value) -> bool | None:
    """What a condition is, where both sides are known; an object is never null."""
    left, right = a.constant, b.constant
    if isinstance(left, int) and isinstance(right, int):
        return _TESTS[operation](left, right)
    if right == 0 and operation in (0x32, 0x33) and _object(a, left):
        return operation == 0x33
    return None


def _object(value: Value, constant: Constant | None) -> bool:
    """Whether a value is certainly an object: some object known and no null among the constants."""
    if isinstance(constant, (str, tuple)):
        return True
    return bool(value.things) and value.constants is not None and not value.constants

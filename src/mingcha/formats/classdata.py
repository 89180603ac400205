"""The class data of a DEX: variable-length numbers, read as arrays, that say which methods have which code."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mingcha.formats.dalvik import uleb
from mingcha.formats.numbers import distinct

Ints = NDArray[np.int64]


def following(ascending: Ints, last: int) -> Ints:
    """For each number the next larger one in the list, ``last`` after all."""
    return np.append(ascending, last)[np.searchsorted(ascending, ascending, side="right")]


def method_table(data: bytes, offsets: Ints, fields: int, methods: int) -> tuple[Ints, Ints, Ints, int]:
    """Method id, access flags and code offset of every method of every class, and how many classes are left out.

    A field or method id is defined once in a file: that bounds what class data may hold, wherever it lies.
    """
    wanted = distinct(offsets[offsets != 0])
    ends = np.minimum(following(wanted, len(data)), len(data))
    values, start, whole = _numbers(data, wanted, ends, np.full(len(wanted), 4))
    counts, at, ends = values[start[whole][:, None] + np.arange(4)], wanted[whole], ends[whole]
    total = 4 + 2 * (counts[:, 0] + counts[:, 1]) + 3 * (counts[:, 2] + counts[:, 3])
    fits = (counts[:, 0] + counts[:, 1] <= fields) & (counts[:, 2] + counts[:, 3] <= methods)
    fits &= np.cumsum(np.where(fits, total, 0)) <= 4 * len(wanted) + 2 * fields + 3 * methods
    values, start, whole = _numbers(data, at[fits], ends[fits], total[fits])
    counts, start = counts[fits][whole], start[whole]
    direct = start + 4 + 2 * (counts[:, 0] + counts[:, 1])
    virtual = direct + 3 * counts[:, 2]
    rows = _method_rows(values, np.concatenate([direct, virtual]), np.concatenate([counts[:, 2], counts[:, 3]]))
    return *rows, len(wanted) - len(start)


def _method_rows(values: Ints, start: Ints, count: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows of three numbers; the first is the difference to the row before, from 0 in each list."""
    start, count = start[count > 0], count[count > 0]
    if not len(start):
        empty = np.empty(0, np.int64)
        return empty, empty, empty
    before = np.cumsum(count) - count
    within = np.arange(int(count.sum())) - np.repeat(before, count)
    at = np.repeat(start, count) + 3 * within
    running = np.cumsum(values[at])
    base = np.concatenate([[0], running])[before]
    return running - np.repeat(base, count), values[at + 1], values[at + 2]


def _numbers(data: bytes, at: Ints, end: Ints, count: Ints) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """``count`` ULEB128 numbers from each offset: all in one row, where each offset's begin, and whether all are there."""
    width = np.clip(5 * count, 0, np.maximum(end - at, 0))
    within = np.arange(int(width.sum()))
    span = np.zeros(len(within) + len(at), np.uint8)  # a zero behind each window ends what was cut off there
    span[within + np.repeat(np.arange(len(at)), width)] = np.frombuffer(data, np.uint8)[
        within + np.repeat(at - np.cumsum(width) + width, width)
    ]
    ends = np.flatnonzero(span < 0x80)
    begins = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    length = np.minimum(ends - begins + 1, 5)
    values = np.zeros(len(ends), np.int64)
    for place in range(5):
        here = length > place
        values[here] |= (span[begins[here] + place] & 0x7F).astype(np.int64) << (7 * place)
    windows = np.searchsorted(begins, np.cumsum(width + 1))
    start = np.concatenate([[0], windows[:-1]]).astype(np.int64)
    return values, start, start + count < windows


_LENGTHS = {0x00: True, 0x02: True, 0x03: True, 0x04: True, 0x06: True, 0x10: True, 0x11: True, 0x15: True, 0x16: True,
            0x17: True, 0x18: True, 0x19: True, 0x1A: True, 0x1B: True, 0x1E: False, 0x1F: False}  # fmt: skip
"""Kinds of encoded values whose length the head tells, and whether bytes follow it; arrays and annotations end the reading."""
STRING_VALUE = 0x17
_NUMBERS = frozenset({0x00, 0x02, 0x03, 0x04, STRING_VALUE, 0x1F})


def static_fields(data: bytes, offset: int, most: int) -> list[int]:
    """Field ids of the static fields of the class data at ``offset``, in their order; at most so many."""
    count, at = uleb(data, offset)
    for _ in range(3):
        at = uleb(data, at)[1]
    found, field = [], 0
    for _ in range(min(count, most)):
        step, at = uleb(data, at)
        at = uleb(data, at)[1]
        field += step
        found.append(field)
    return found


def encoded_values(data: bytes, offset: int, most: int) -> list[tuple[int, int] | None]:
    """The values of an encoded array: kind and number (flags and strings too), others None; what cannot be read ends it."""
    count, at = uleb(data, offset)
    found: list[tuple[int, int] | None] = []
    while len(found) < min(count, most) and at < len(data):
        kind, more = data[at] & 0x1F, data[at] >> 5
        if kind not in _LENGTHS:
            break
        size = more + 1 if _LENGTHS[kind] else 0
        raw = data[at + 1 : at + 1 + size]
        number = more if kind == 0x1F else int.from_bytes(raw, "little", signed=kind not in (0x03, STRING_VALUE))
        found.append((kind, number) if kind in _NUMBERS else None)
        at += 1 + size
    return found

"""Many names of a DEX image at once: the string table cut without looking at strings one by one.

What one lookup refuses is refused here as well, and strings or lists that share their bytes beyond reason.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingcha.errors import FormatError
from mingcha.formats.dalvik import uleb
from mingcha.formats.dex import Dex

Ints = NDArray[np.int64]

_SHARED = 4
"""Names may share their bytes, but all together not have more than so many times what the file has."""


def names(dex: Dex, strings: Ints) -> list[bytes]:
    """The strings of these numbers, as modified UTF-8. Raises FormatError."""
    offsets = dex.tables.strings
    if len(strings) and (int(strings.min()) < 0 or int(strings.max()) >= len(offsets)):
        raise FormatError("DEX names strings that do not exist")
    begin = _behind_length(dex, offsets[strings].astype(np.int64))
    end = _ends(dex, begin)
    if int((end - begin).sum()) > _SHARED * len(dex.data):
        raise FormatError("DEX names share their bytes beyond reason")
    data = dex.data
    return [data[first:last] for first, last in zip(begin.tolist(), end.tolist(), strict=True)]


def _behind_length(dex: Dex, at: Ints) -> Ints:
    """Where the characters start, behind the length."""
    data = np.frombuffer(dex.data, np.uint8)
    at = np.minimum(at, len(data) - 1)
    going = np.flatnonzero(data[at] >= 0x80)
    for _ in range(4):
        at[going] = np.minimum(at[going] + 1, len(data) - 1)
        going = going[data[at[going]] >= 0x80]
    behind: Ints = at + 1
    return behind


def _ends(dex: Dex, begin: Ints) -> Ints:
    """Where the NUL behind each of these places stands."""
    if not len(begin):
        return begin
    first = int(begin.min())
    data = np.frombuffer(dex.data, np.uint8)
    zeros = np.flatnonzero(data[first : dex.string_span[1]] == 0) + first
    place = np.searchsorted(zeros, begin)
    if int(place.max()) >= len(zeros):
        raise FormatError("DEX string runs out of the file")
    ends: Ints = zeros[place]
    return ends


def type_lists(dex: Dex, offsets: NDArray[Any]) -> tuple[Ints, Ints]:
    """How many types each of these lists has, and the types of all lists in one row. Offset 0 is an empty list."""
    offsets = offsets.astype(np.int64)
    room = len(dex.data)
    if int(offsets.max(initial=0)) > room - 4 or bool((offsets % 4 != 0).any()):
        raise FormatError("DEX type list outside the file")
    units = dex.units
    at = offsets // 2
    counts = np.where(offsets > 0, units[at].astype(np.int64) | units[at + 1].astype(np.int64) << 16, 0)
    if bool((offsets + 4 + 2 * counts > room).any()) or int(counts.sum()) > room:
        raise FormatError("DEX type lists are longer than the file has room for")
    total = int(counts.sum())
    start = np.repeat(at + 2 - (np.cumsum(counts) - counts), counts)
    return counts, units[start + np.arange(total)].astype(np.int64)


def static_numbers(dex: Dex, row: int) -> dict[int, int]:
    """Field id → value of the static int fields of the class at ``row``, as far as its table of first values goes."""
    data, counts = dex.data, []
    at, values = (int(offset) for offset in dex.tables.classes[row, 6:8])
    if not at or not values:
        return {}
    for _ in range(4):
        count, at = uleb(data, at)
        counts.append(count)
    size, values = uleb(data, values)
    found: dict[int, int] = {}
    field = 0
    for _ in range(min(counts[0], size, len(dex.tables.fields))):
        step, at = uleb(data, at)
        _, at = uleb(data, at)
        field += step
        kind, value, values = _value(data, values)
        if kind is None:
            break
        if kind == _INT:
            found[field] = value
    return found


_INT = 0x04
_WITHOUT_BYTES = frozenset({0x1E, 0x1F})
_NESTED = frozenset({0x1C, 0x1D})


def _value(data: bytes, at: int) -> tuple[int | None, int, int]:
    """Kind, number and end of an encoded value; no kind for what has values inside."""
    head = data[at] if at < len(data) else _INT
    kind, size = head & 0x1F, (head >> 5) + 1
    if kind in _NESTED:
        return None, 0, at
    if kind in _WITHOUT_BYTES:
        return kind, 0, at + 1
    return kind, int.from_bytes(data[at + 1 : at + 1 + size], "little", signed=True), at + 1 + size

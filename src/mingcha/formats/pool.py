"""What binary XML and resource tables share: chunks, the string pool and typed values.

Strings are decoded when asked for and kept; the bytes decoded in total are bounded, because thousands of
entries may point into the same long string.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mingcha.errors import FormatError

STRING_POOL = 0x0001  # kind of chunk
STRING = 0x03  # kind of value
NO_INDEX = 0xFFFFFFFF

_CHUNK = struct.Struct("<HHL")  # kind, size of the header, size of it all
_POOL = struct.Struct("<HHLLLLLL")  # as above; strings, styles, flags, start of strings, start of styles
_UTF8_FLAG = 0x0100
_DECODED_PER_BYTE = 8  # honest pools share a string between entries rarely; bombs share it always
_DECODED_FREELY = 1 << 16

_RADIX = (1.0, 1 / (1 << 7), 1 / (1 << 15), 1 / (1 << 23))


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that stands elsewhere: a resource, or (``attribute``) what the theme gives this attribute."""

    id: int
    attribute: bool = False


Value = str | int | bool | float | Reference | None


class Chunk(NamedTuple):
    """A piece of a resource file, with absolute positions; ``body`` is where its header ends."""

    kind: int
    start: int
    body: int
    end: int


def chunks(data: bytes, position: int, end: int) -> Iterator[Chunk]:
    """Walk the chunks from ``position`` to ``end``; a size that leads out of there is an error."""
    while position + _CHUNK.size <= end:
        kind, header, size = _CHUNK.unpack_from(data, position)
        if size < _CHUNK.size or size > end - position:
            raise FormatError(f"chunk of kind {kind:#06x} claims {size} bytes of {end - position}", position)
        yield Chunk(kind, position, position + min(max(header, _CHUNK.size), size), position + size)
        position += size


class StringPool:
    """Strings by index; an index, offset or length that leads out of the pool gives ``None``."""

    def __init__(self, data: bytes, chunk: Chunk) -> None:
        if chunk.end - chunk.start < _POOL.size:
            raise FormatError("string pool is shorter than its header", chunk.start)
        _, _, _, count, _, flags, strings_start, _ = _POOL.unpack_from(data, chunk.start)
        self._data = data
        self._entries = chunk.body
        self._strings = chunk.start + strings_start
        self._end = chunk.end
        self._read = self._utf8 if flags & _UTF8_FLAG else self._utf16
        self._align = 0 if flags & _UTF8_FLAG else 1
        self._count: int = min(count, (chunk.end - chunk.body) // 4)
        self._left = _DECODED_PER_BYTE * (chunk.end - chunk.start) + _DECODED_FREELY
        self._cache: dict[int, str | None] = {}

    def __len__(self) -> int:
        return self._count

    def get(self, index: int) -> str | None:
        """Decode a string; the second time it is at hand."""
        try:
            return self._cache[index]
        except KeyError:
            at = self.offset(index)
            found = self._cache[index] = None if at is None else self._read(at)
            return found

    def offset(self, index: int) -> int | None:
        """Where the string's length and bytes stand, or ``None`` if they are not inside the pool."""
        if not 0 <= index < self._count:
            return None
        (offset,) = struct.unpack_from("<L", self._data, self._entries + 4 * index)
        at = self._strings + (offset & ~self._align)
        return at if at + 2 <= self._end else None

    def _utf16(self, at: int) -> str | None:
        (length,) = struct.unpack_from("<H", self._data, at)
        at += 2
        if length & 0x8000 and at + 2 <= self._end:
            length = (length & 0x7FFF) << 16 | struct.unpack_from("<H", self._data, at)[0]
            at += 2
        end = at + 2 * length
        return self._taken(at, end).decode("utf-16-le", "replace") if end <= self._end else None

    def _utf8(self, at: int) -> str | None:
        units, at = self._short_length(at)
        length, at = self._short_length(at)
        if at + length > self._end:
            return None
        text = _text(self._taken(at, at + length))
        if self._data[at + length : at + length + 1] == b"\0":
            return text
        return self._overlong(at, length, units) or text

    def _short_length(self, at: int) -> tuple[int, int]:
        first, second = (*self._data[at : at + 2], 0, 0)[:2]
        return ((first & 0x7F) << 8 | second, at + 2) if first & 0x80 else (first, at + 1)

    def _overlong(self, at: int, length: int, units: int) -> str | None:
        """Old aapt kept 15 bits of a length: the true end is a NUL at that length plus n times 32 KiB."""
        for end in range(at + length + 0x8000, self._end, 0x8000):
            if self._data[end] == 0:
                text = _text(self._taken(at, end))
                return text if len(text.encode("utf-16-le")) // 2 & 0x7FFF == units else None
        return None

    def _taken(self, start: int, end: int) -> bytes:
        self._left -= end - start
        if self._left < 0:
            raise FormatError("string pool entries overlap beyond reason", start)
        return self._data[start:end]


def _text(raw: bytes) -> str:
    """UTF-8 as aapt2 writes it, where a character beyond 0xFFFF may be two surrogates of three bytes each."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def typed_value(kind: int, data: int, pool: StringPool) -> Value:
    """Give a Res_value as Python sees it; a size or fraction becomes text with its unit."""
    if kind == STRING:
        return pool.get(data)
    converted = _CONVERSIONS.get(kind)
    # What is left are hexadecimal numbers, colours, and kinds not yet invented.
    return data if converted is None else converted(data)


def _float(data: int) -> float | None:
    (number,) = struct.unpack("<f", struct.pack("<L", data))
    return number if math.isfinite(number) else None


def _complex(data: int, scale: float, units: tuple[str, ...]) -> str:
    mantissa = data >> 8
    signed = mantissa - (1 << 24) if mantissa >> 23 else mantissa
    unit = data & 0xF
    number = signed * _RADIX[data >> 4 & 3] * scale
    return f"{number:g}{units[unit] if unit < len(units) else ''}"


_CONVERSIONS: dict[int, Callable[[int], Value]] = {
    0x00: lambda _: None,
    0x01: Reference,
    0x02: lambda data: Reference(data, attribute=True),
    0x04: _float,
    0x05: lambda data: _complex(data, 1.0, ("px", "dp", "sp", "pt", "in", "mm")),
    0x06: lambda data: _complex(data, 100.0, ("%", "%p")),
    0x07: Reference,  # into a library whose package id is given at run time
    0x08: lambda data: Reference(data, attribute=True),
    0x10: lambda data: data - (1 << 32) if data >> 31 else data,
    0x12: bool,
}

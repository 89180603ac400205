"""The container of old office files: one stream of it by name.

Source: [MS-CFB], compound file binary format. Every chain is walked at most once through the sectors there are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from mingcha.errors import FormatError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of chain, free, part of a table."""
_IN_HEADER = 109


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """The bytes of the first stream with one of these names. Raises FormatError if there is none."""
    return _Container(data).read(names)


class _Container:
    """Sectors, their table, the directory."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512:
            raise FormatError("office file shorter than its header", len(data))
        shift, self._small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or self._small_shift != 6:
            raise FormatError("office file with sectors of an unknown size", 30)
        self._data, self._size = data, 1 << shift
        self._directory, self._cutoff, self._small_table, _, more, _ = struct.unpack_from("<I4xIIIII", data, 48)
        self._table = self._read_table(more)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if number >= _LAST or start >= len(self._data):
            raise FormatError("office file with a sector outside it", min(start, len(self._data)))
        return self._data[start : start + self._size].ljust(self._size, b"\0")

    def _read_table(self, more: int) -> list[int]:
        numbers = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        limit = len(self._data) // self._size + 1
        while more < _LAST and len(numbers) <= limit:
            *entries, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            numbers += entries
        found: list[int] = []
        for number in numbers[: limit + _IN_HEADER]:
            if number < _LAST and len(found) < limit:
                found += struct.unpack(f"<{self._size // 4}I", self._sector(number))
        return found

    def _chain(self, start: int, table: list[int]) -> Iterator[int]:
        for _ in range(len(table)):
            if start >= _LAST:
                return
            yield start
            if start >= len(table):
                raise FormatError("office file with a chain outside its table")
            start = table[start]
        raise FormatError("office file with a chain that runs in a circle")

    def _joined(self, start: int, size: int | None = None) -> bytes:
        found, length = [], 0
        for number in self._chain(start, self._table):
            found.append(self._sector(number))
            length += self._size
            if size is not None and length >= size:
                break
        return b"".join(found)[:size]

    def read(self, names: tuple[str, ...]) -> bytes:
        """The stream of one of these names."""
        directory = self._joined(self._directory)
        entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
        by_name = {_name(entry): entry for entry in reversed(entries) if entry[66] == 2}
        entry = next((by_name[name] for name in names if name in by_name), None)
        if entry is None:
            raise FormatError("office file without a workbook")
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= self._cutoff or not entries:
            return self._joined(start, size)
        return self._small(entries[0], start, size)

    def _small(self, root: bytes, start: int, size: int) -> bytes:
        """A short stream lies in pieces of 64 bytes inside the root's own."""
        inside = self._joined(struct.unpack_from("<I", root, 116)[0])
        packed = self._joined(self._small_table)
        table = list(struct.unpack(f"<{len(packed) // 4}I", packed[: len(packed) // 4 * 4]))
        step = 1 << self._small_shift
        return b"".join(inside[n * step : n * step + step] for n in self._chain(start, table))[:size]


def _name(entry: bytes) -> str:
    length = min(int.from_bytes(entry[64:66], "little"), 64)
    return entry[: max(length - 2, 0)].decode("utf-16-le", "replace")

"""Source file names and line numbers out of a DEX's debug information: from the unit of an instruction to ``Main.java:42``.

Source: the Dalvik executable format of the Android Open Source Project, debug_info_item and its state machine. Nothing
else depends on this information, so where it is missing, cut off or absurd the line is simply not known.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache, partial
from typing import Final

from mingcha.errors import FormatError
from mingcha.formats.dex import Dex

_NO_INDEX = 0xFFFFFFFF
_FIRST_SPECIAL = 0x0A
_LINE_BASE, _LINE_RANGE = -4, 15
_NUMBERS: Final = {1: 1, 2: 1, 3: 3, 4: 4, 5: 1, 6: 1, 7: 0, 8: 0, 9: 1}
"""How many LEB128 numbers follow each opcode that is not special."""
_ADVANCE_ADDRESS, _ADVANCE_LINE = 1, 2
_HIGHEST_LINE = 0x7FFFFFFF
_SLACK = 256
_PER_UNIT = 16
"""Opcodes read at most: so many for each unit of code, and some slack. A compiler writes a few for each line."""
_KEPT = 512
"""Tables that are kept, for the next question about the same method."""

Positions = tuple[tuple[int, ...], tuple[int, ...]]
"""Addresses (in units from the method's first, ascending) and the line that begins at each."""


class Lines:
    """The line numbers of one DEX image; each method's table is read when it is first asked for."""

    def __init__(self, dex: Dex) -> None:
        self._dex = dex
        self._kept = lru_cache(_KEPT)(partial(positions, dex.data))  # optimisers let many methods share one item

    def line(self, method: int, unit: int) -> int | None:
        """The source line of the instruction at ``unit`` in the method at row ``method``; None where it is not known."""
        try:
            addresses, lines = self.positions(method)
        except FormatError:
            return None
        address = unit - int(self._dex.methods.first[method])
        # Android takes the first entry at an address, and between two addresses the last one before.
        place = bisect_left(addresses, address)
        if place == len(addresses) or addresses[place] != address:
            place = bisect_right(addresses, address) - 1
        return lines[place] if 0 <= place < len(lines) and 0 < lines[place] <= _HIGHEST_LINE else None

    def positions(self, method: int) -> Positions:
        """All entries of a method's table, none where it has no debug information. Raises FormatError."""
        table = self._dex.methods
        at = int(table.code[method]) + 8
        offset = int.from_bytes(self._dex.data[at : at + 4], "little")
        return self._kept(offset, int(table.end[method]) - int(table.first[method])) if offset else ((), ())

    def source_file(self, descriptor: bytes) -> str | None:
        """Name of the file that a class of this image was compiled from, as its compiler noted it; None if it did not."""
        index = self._files.get(descriptor, _NO_INDEX)
        try:
            return self._dex.string(index) if index != _NO_INDEX else None
        except FormatError:
            return None

    @cached_property
    def _files(self) -> dict[bytes, int]:
        try:
            descriptors = self._dex.class_descriptors()
        except FormatError:
            return {}
        column = self._dex._classes[:, 4].tolist()  # noqa: SLF001  # the class table is Dex's own; it has no method for it
        return dict(zip(descriptors, column, strict=True))


def positions(data: bytes, offset: int, units: int) -> Positions:
    """Run the state machine of the debug_info_item at ``offset`` for a method of so many units. Raises FormatError."""
    line, at = _uleb(data, offset)
    parameters, at = _uleb(data, at)
    if parameters > 255:
        raise FormatError(f"debug information of {parameters} parameters", offset)
    for _ in range(parameters):
        _, at = _uleb(data, at)
    return _run(data, at, line, units)


def _run(data: bytes, at: int, line: int, units: int) -> Positions:
    addresses: list[int] = []
    lines: list[int] = []
    address = 0
    for _ in range(_PER_UNIT * units + _SLACK):
        opcode, at = _byte(data, at)
        if opcode == 0 or address >= units:  # what lies behind the code says nothing about it
            return tuple(addresses), tuple(lines)
        if opcode >= _FIRST_SPECIAL:
            forward, step = divmod(opcode - _FIRST_SPECIAL, _LINE_RANGE)
            address += forward
            line += step + _LINE_BASE
            addresses.append(address)
            lines.append(line)
        else:
            first, at = _numbers(data, at, opcode)
            address += first if opcode == _ADVANCE_ADDRESS else 0
            line += first if opcode == _ADVANCE_LINE else 0
    raise FormatError("debug information longer than the code can need", at)


def _numbers(data: bytes, at: int, opcode: int) -> tuple[int, int]:
    """The first of the numbers that belong to an opcode, and where they end."""
    first = 0
    for number in range(_NUMBERS[opcode]):
        value, end = _uleb(data, at)
        if number == 0:
            first = _signed(value, end - at) if opcode == _ADVANCE_LINE else value
        at = end
    return first, at


def _byte(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise FormatError("debug information runs out of the file", at)
    return data[at], at + 1


def _uleb(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(5):
        byte, at = _byte(data, at)
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at
    raise FormatError("LEB128 number of more than five bytes", at)


def _signed(value: int, width: int) -> int:
    """What an unsigned number of so many LEB128 bytes is when its highest bit is its sign."""
    bits = min(7 * width, 32)
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value

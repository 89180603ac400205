"""Parts of a DEX as they stand in the file, for whoever writes it anew, and what is to be called otherwise in it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from mingcha.formats import dalvik
from tests.build.dexmaker import _uleb


class Names:
    """What is to be called otherwise: classes by descriptor, members by their class's old descriptor and their name.

    ``literal`` is asked about every string that code or initial values hold, so that a class looked up by name is found.
    """

    def __init__(
        self,
        classes: Callable[[str], str],
        methods: Callable[[str, str], str] = lambda _, name: name,
        fields: Callable[[str, str], str] = lambda _, name: name,
        literal: Callable[[str], str] = lambda string: string,
    ) -> None:
        self.classes, self.methods, self.fields, self.literal = classes, methods, fields, literal


NAMING = {
    "type": [0x1C, 0x1F, 0x20, 0x22, 0x23, 0x24, 0x25],
    "field": [*range(0x52, 0x6E)],
    "method": [*range(0x6E, 0x73), *range(0x74, 0x79), 0xFA, 0xFB],
    "proto": [0xFF],
}
"""Opcodes whose second unit is a number of the table."""


def section_map(data: bytes, at: int) -> dict[int, tuple[int, int]]:
    """Where each kind of section starts and how many items it has."""
    (count,) = struct.unpack_from("<L", data, at)
    rows = struct.iter_unpack("<HHLL", data[at + 4 : at + 4 + 12 * count])
    return {kind: (place, size) for kind, _, size, place in rows}


def class_members(data: bytes) -> Iterator[list[list[tuple[int, ...]]]]:
    """Class data of every class that has some."""
    size, at = struct.unpack_from("<LL", data, 0x60)
    for row in struct.iter_unpack("<8L", data[at : at + 32 * size]):
        if row[6]:
            yield members_at(data, row[6])


def members_at(data: bytes, at: int) -> list[list[tuple[int, ...]]]:
    """Class data: static and instance fields, direct and virtual methods, each under its number."""
    counts = []
    for _ in range(4):
        count, at = dalvik.uleb(data, at)
        counts.append(count)
    lists: list[list[tuple[int, ...]]] = []
    for count, width in zip(counts, (2, 2, 3, 3), strict=True):
        rows, number = [], 0
        for _ in range(count):
            row = []
            for _ in range(width):
                value, at = dalvik.uleb(data, at)
                row.append(value)
            number += row[0]
            rows.append((number, *row[1:]))
        lists.append(rows)
    return lists


def signed_leb(data: bytes, at: int) -> tuple[int, int]:
    raw, end = dalvik.uleb(data, at)
    bits = 7 * (end - at)
    return (raw - (1 << bits) if raw >> (bits - 1) else raw), end


def string_item(raw: bytes) -> bytes:
    """A string with its length in UTF-16 units: all bytes but those that continue a character."""
    return _uleb(sum(byte & 0xC0 != 0x80 for byte in raw) if not raw.isascii() else len(raw)) + raw + b"\0"

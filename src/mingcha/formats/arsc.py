"""resources.arsc: names and values of resources, and the texts users see, by language.

Opening walks the chunk headers only; entries and strings are decoded when asked for. Languages are BCP 47
tags ("zh", "zh-CN", "zh-Hant-TW"); ``None`` is the default, which has no language.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from mingcha.errors import FormatError
from mingcha.formats.languages import configuration, distance
from mingcha.formats.pool import (
    NO_INDEX,
    STRING,
    STRING_POOL,
    Chunk,
    Reference,
    StringPool,
    Value,
    chunks,
    typed_value,
)

__all__ = ["Reference", "Resources", "Text", "parse"]

_TABLE = 0x0002
_PACKAGE = 0x0200
_TYPE = 0x0201

_PACKAGE_HEADER = struct.Struct("<8xL256xLLLL")  # id; name; types, last public type, keys, last public key
_TYPE_HEADER = struct.Struct("<8xBBHLLL")  # id, flags, reserved, entries, where they start, size of the configuration
_ENTRY = struct.Struct("<HHL")  # size, flags, key; in the compact form: key, flags with kind, data
_VALUE = struct.Struct("<HBBL")  # size, 0, kind, data
_MAP_ITEM = struct.Struct("<LHBBL")  # name, then as above
_SPARSE_OFFSET = struct.Struct("<HH")  # index, offset in units of four bytes
_OFFSETS = {
    4: (struct.Struct("<L"), NO_INDEX, 1),
    2: (struct.Struct("<H"), 0xFFFF, 4),
}  # by width: none, unit

_SPARSE, _SHORT = 0x01, 0x02  # flags of a type chunk
_COMPLEX, _COMPACT = 0x0001, 0x0008  # flags of an entry
_MAX_REFERENCES = 20  # as many as Android follows


class Text(NamedTuple):
    """One string in one language; ``offset`` is where it stands in the table's string pool."""

    resource_id: int
    name: str
    language: str | None
    text: str
    offset: int


class Resources:
    """What ``parse`` gives; every method answers ``None`` or nothing for what is not there."""

    def __init__(self, strings: StringPool, variants: Iterable[_Variant], room: int) -> None:
        self.strings = strings
        self._room = room  # how many texts the file could hold
        self._variants: dict[int, list[_Variant]] = {}
        self._ranked: dict[tuple[int, str | None], list[_Variant]] = {}
        for variant in variants:
            self._variants.setdefault(variant.type_id, []).append(variant)

    def name(self, resource_id: int) -> str | None:
        """Like "string/app_name"."""
        for variant in self._variants.get(resource_id >> 16, ()):
            entry = variant.entry(resource_id & 0xFFFF)
            key = entry and variant.package.keys.get(entry.key)
            if key is not None:
                return f"{variant.type_name}/{key}"
        return None

    def value(self, resource_id: int, language: str | None = None) -> Value:
        """Give the value in that language or else a related one, the default, any; follow references.

        A reference out of the table (to the framework) is returned as it is; so is one that runs in circles.
        A bag (style, array, plural) has no single value.
        """
        found: Value = None
        for _ in range(_MAX_REFERENCES):
            found = self._direct(resource_id, language)
            if not isinstance(found, Reference) or found.attribute or found.id >> 16 not in self._variants:
                return found
            resource_id = found.id
        return found

    def strings_by_language(
        self, languages: Collection[str | None] | None = None, types: Collection[str] = ("string",)
    ) -> Iterator[Text]:
        """Every text of these types (also "array", "plurals"), one configuration after the other."""
        room = self._room
        for variant in self._all():
            if variant.type_name in types and (languages is None or variant.language in languages):
                for index, entry in variant.entries():
                    room -= entry.items + 1
                    if room < 0:
                        raise FormatError("resource entries overlap beyond reason")
                    yield from self._texts(variant, variant.type_id << 16 | index, entry)

    def names(self, types: Collection[str]) -> Iterator[tuple[int, str]]:
        """Id and name (like "id/title") of every resource of these types, once for each configuration that has it."""
        room = self._room
        for variant in self._all():
            if variant.type_name in types:
                for index, entry in variant.entries():
                    room -= 1
                    if room < 0:
                        raise FormatError("resource entries overlap beyond reason")
                    yield (
                        variant.type_id << 16 | index,
                        f"{variant.type_name}/{variant.package.keys.get(entry.key) or ''}",
                    )

    def languages(self) -> tuple[str, ...]:
        """All languages any resource is given in, sorted; the default is not one."""
        return tuple(sorted({v.language for v in self._all() if v.language is not None}))

    def _all(self) -> Iterator[_Variant]:
        return chain.from_iterable(self._variants.values())

    def _direct(self, resource_id: int, language: str | None) -> Value:
        type_id = resource_id >> 16
        if (type_id, language) not in self._ranked:
            ranked = sorted(self._variants.get(type_id, ()), key=lambda variant: variant.rank(language))
            self._ranked[type_id, language] = ranked
        for variant in self._ranked[type_id, language]:
            entry = variant.entry(resource_id & 0xFFFF)
            if entry is not None:
                return None if entry.items else typed_value(entry.kind, entry.data, self.strings)
        return None

    def _texts(self, variant: _Variant, resource_id: int, entry: _Entry) -> Iterator[Text]:
        for kind, data in variant.items(entry) if entry.items else ((entry.kind, entry.data),):
            text = self.strings.get(data) if kind == STRING else None
            if text is not None:
                name = variant.package.keys.get(entry.key) or ""
                yield Text(resource_id, name, variant.language, text, self.strings.offset(data) or 0)


def parse(data: bytes | bytearray | memoryview) -> Resources:
    """Read the table's outline; the methods of the result decode what it holds."""
    data = bytes(data)
    table = next((piece for piece in chunks(data, 0, len(data)) if piece.kind == _TABLE), None)
    if table is None:
        raise FormatError("no resource table", 0)
    strings: StringPool | None = None
    packages: list[_Package] = []
    for piece in chunks(data, table.body, table.end):
        if piece.kind == STRING_POOL and strings is None:
            strings = StringPool(data, piece)
        elif piece.kind == _PACKAGE:
            packages.append(_Package(data, piece))
    if strings is None:
        raise FormatError("resource table without a string pool", table.start)
    # The shortest entry has eight bytes; newer tools let equal ones share them, but never all over the table.
    variants = chain.from_iterable(package.variants for package in packages)
    return Resources(strings, variants, room=len(data) // 8)


class _Entry(NamedTuple):
    """A resource in one configuration: a value, or a bag of ``items`` items that start at ``data``."""

    key: int
    kind: int
    data: int
    items: int


class _Package:
    def __init__(self, data: bytes, piece: Chunk) -> None:
        if piece.body - piece.start < _PACKAGE_HEADER.size:
            raise FormatError("resource package is shorter than its header", piece.start)
        number, types, _, keys, _ = _PACKAGE_HEADER.unpack_from(data, piece.start)
        self.id = number & 0xFF
        self.variants: list[_Variant] = []
        pools: dict[int, StringPool] = {}
        for part in chunks(data, piece.body, piece.end):
            if part.kind == STRING_POOL:
                pools[part.start - piece.start] = StringPool(data, part)
            elif part.kind == _TYPE:
                self.variants.append(_Variant(data, part, self))
        if not pools:
            raise FormatError("resource package without names", piece.start)
        # A wrong offset is no reason to give up: the types come first, the keys last.
        first, last = min(pools), max(pools)
        self.types = pools.get(types, pools[first])
        self.keys = pools.get(keys, pools[last])


class _Variant:
    """All resources of one type in one configuration (language, screen, version)."""

    def __init__(self, data: bytes, piece: Chunk, package: _Package) -> None:
        if piece.body - piece.start < _TYPE_HEADER.size:
            raise FormatError("resource type is shorter than its header", piece.start)
        number, flags, _, count, start, config = _TYPE_HEADER.unpack_from(data, piece.start)
        self._data = data
        self._piece = piece
        self._flags = flags
        self._width = 2 if flags & _SHORT and not flags & _SPARSE else 4
        self._count = min(count, 0x10000, (piece.end - piece.body) // self._width)
        self._start = piece.start + start
        self.package = package
        self.type_id = package.id << 8 | number  # the upper half of its resources' ids
        at = piece.start + _TYPE_HEADER.size
        self.language, self._qualifiers = configuration(data[at : min(at - 4 + config, piece.body)])

    @property
    def type_name(self) -> str:
        return self.package.types.get((self.type_id & 0xFF) - 1) or ""

    def rank(self, language: str | None) -> tuple[int, int]:
        """How far this variant is from a language, then how many other conditions it has."""
        return distance(self.language, language), self._qualifiers

    def entry(self, index: int) -> _Entry | None:
        offset = self._offset(index)
        return None if offset is None else self._entry_at(self._start + offset)

    def entries(self) -> Iterator[tuple[int, _Entry]]:
        for index, offset in self._offsets():
            entry = self._entry_at(self._start + offset)
            if entry is not None:
                yield index, entry

    def _offsets(self) -> Iterator[tuple[int, int]]:
        raw = self._data[self._piece.body : self._piece.body + self._count * self._width]
        if self._flags & _SPARSE:
            return ((index, 4 * offset) for index, offset in _SPARSE_OFFSET.iter_unpack(raw))
        form, absent, unit = _OFFSETS[self._width]
        return ((index, offset * unit) for index, (offset,) in enumerate(form.iter_unpack(raw)) if offset != absent)

    def _offset(self, index: int) -> int | None:
        if self._flags & _SPARSE:
            place = bisect_left(range(self._count), index, key=lambda place: self._sparse(place)[0])
            found, offset = self._sparse(place) if place < self._count else (None, 0)
            return offset if found == index else None
        if index >= self._count:
            return None
        form, absent, unit = _OFFSETS[self._width]
        (offset,) = form.unpack_from(self._data, self._piece.body + index * self._width)
        return None if offset == absent else offset * unit

    def _sparse(self, place: int) -> tuple[int, int]:
        index, offset = _SPARSE_OFFSET.unpack_from(self._data, self._piece.body + 4 * place)
        return index, 4 * offset

    def _entry_at(self, at: int) -> _Entry | None:
        end = self._piece.end
        if at + _ENTRY.size > end:
            return None
        size, flags, key = _ENTRY.unpack_from(self._data, at)
        if flags & _COMPACT:
            return _Entry(size, flags >> 8, key, 0)
        if flags & _COMPLEX:
            body = at + max(size, 16)
            if body > end:
                return None
            (count,) = struct.unpack_from("<L", self._data, at + 12)
            return _Entry(key, 0, body, min(count, (end - body) // _MAP_ITEM.size))
        if at + size + _VALUE.size > end:
            return None
        _, _, kind, value = _VALUE.unpack_from(self._data, at + size)
        return _Entry(key, kind, value, 0)

    def items(self, entry: _Entry) -> Iterator[tuple[int, int]]:
        for number in range(entry.items):
            yield _MAP_ITEM.unpack_from(self._data, entry.data + number * _MAP_ITEM.size)[3:]

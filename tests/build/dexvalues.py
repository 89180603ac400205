"""Annotations and initial values of a DEX, read into trees under old numbers and written under new ones."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mingcha.formats import dalvik
from tests.build.dexmaker import _uleb

_TABLES = {0x15: "proto", 0x18: "type", 0x19: "field", 0x1A: "method", 0x1B: "field"}
_STRING, _ARRAY, _ANNOTATION, _NULL = 0x17, 0x1C, 0x1D, 0x1E
_SIGNATURE = b"Ldalvik/annotation/Signature;"

Value = tuple[int, Any]
"""Kind (the low five bits) and what it holds: a string's bytes, a number of a table, a list, or the bytes as they are."""
Annotation = tuple[int, list[tuple[bytes, Value]]]


@dataclass
class Directory:
    """What is annotated in a class: the class itself (0: not), fields, methods, parameters by their numbers."""

    own: int
    fields: list[tuple[int, int]]
    methods: list[tuple[int, int]]
    parameters: list[tuple[int, int]]


@dataclass
class Values:
    """Reads from ``data``; collects every string met in ``strings`` (new) and ``seen`` (old number)."""

    data: bytes
    table: list[bytes]
    descriptor: Callable[[bytes], bytes]
    literal: Callable[[bytes], bytes]
    strings: set[bytes] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    items: dict[int, tuple[int, Annotation]] = field(default_factory=dict)
    sets: dict[int, tuple[int, ...]] = field(default_factory=dict)
    lists: dict[int, tuple[int, ...]] = field(default_factory=dict)

    # --- reading ---------------------------------------------------------------------------------------------------

    def array(self, at: int, how: Callable[[bytes], bytes] | None = None) -> tuple[list[Value], int]:
        count, at = dalvik.uleb(self.data, at)
        values = []
        for _ in range(count):
            value, at = self._value(at, how or self.literal)
            values.append(value)
        return values, at

    def _value(self, at: int, how: Callable[[bytes], bytes]) -> tuple[Value, int]:
        kind, size = self.data[at] & 0x1F, (self.data[at] >> 5) + 1
        at += 1
        if kind == _ARRAY:
            values, at = self.array(at, how)
            return (kind, values), at
        if kind == _ANNOTATION:
            annotation, at = self._annotation(at)
            return (kind, annotation), at
        if kind in (_NULL, 0x1F):
            return (kind, size - 1), at
        raw, at = self.data[at : at + size], at + size
        if kind == _STRING:
            number = int.from_bytes(raw, "little")
            self.seen.add(number)
            self.strings.add(new := how(self.table[number]))
            return (kind, new), at
        return (kind, int.from_bytes(raw, "little") if kind in _TABLES or kind == 0x16 else raw), at

    def _annotation(self, at: int) -> tuple[Annotation, int]:
        kind, at = dalvik.uleb(self.data, at)
        count, at = dalvik.uleb(self.data, at)
        elements = []
        how = self._signature if self._is_signature(kind) else self._mention
        for _ in range(count):
            name, at = dalvik.uleb(self.data, at)
            self.seen.add(name)
            self.strings.add(self.table[name])
            value, at = self._value(at, how)
            elements.append((self.table[name], value))
        return (kind, elements), at

    def _is_signature(self, kind: int) -> bool:
        (types,) = struct.unpack_from("<L", self.data, 0x44)
        (name,) = struct.unpack_from("<L", self.data, types + 4 * kind)
        return bool(self.table[name] == _SIGNATURE)

    def _mention(self, raw: bytes) -> bytes:
        """A string inside an annotation: a class's descriptor or name is renamed, as R8 does in Kotlin's metadata."""
        return self.descriptor(raw) if raw.endswith(b";") else self.literal(raw)

    def _signature(self, raw: bytes) -> bytes:
        """A piece of a generic signature: a class name with or without its end."""
        if not raw.startswith((b"L", b"[")) or b"<" in raw:
            return raw
        return self.descriptor(raw) if raw.endswith(b";") else self.descriptor(raw + b";")[:-1]

    def directory(self, at: int) -> Directory:
        own, fields, methods, parameters = struct.unpack_from("<4L", self.data, at)
        rows = list(struct.iter_unpack("<LL", self.data[at + 16 : at + 16 + 8 * (fields + methods + parameters)]))
        for place in [own, *(place for _, place in rows[: fields + methods])]:
            self._read_set(place)
        for _, place in rows[fields + methods :]:
            self.lists[place] = self._places(place)
            for inner in self.lists[place]:
                self._read_set(inner)
        return Directory(own, rows[:fields], rows[fields : fields + methods], rows[fields + methods :])

    def _places(self, at: int) -> tuple[int, ...]:
        (count,) = struct.unpack_from("<L", self.data, at)
        return struct.unpack_from(f"<{count}L", self.data, at + 4)

    def _read_set(self, at: int) -> None:
        if at and at not in self.sets:
            self.sets[at] = self._places(at)
            for item in self.sets[at]:
                if item not in self.items:
                    self.items[item] = self.data[item], self._annotation(item + 1)[0]

    # --- writing ---------------------------------------------------------------------------------------------------

    def zero(self, descriptor: bytes) -> Value:
        """The value a static field of this type has when none is written."""
        plain = {b"Z": (0x1F, 0), b"B": 0x00, b"S": 0x02, b"C": 0x03, b"I": 0x04, b"J": 0x06, b"F": 0x10, b"D": 0x11}
        found = plain.get(descriptor, (_NULL, 0))
        return found if isinstance(found, tuple) else (found, b"\0")

    def array_bytes(self, values: list[Value], string: Mapping[bytes, int], new: Mapping[str, Any]) -> bytes:
        return _uleb(len(values)) + b"".join(self._value_bytes(value, string, new) for value in values)

    def _value_bytes(self, value: Value, string: Mapping[bytes, int], new: Mapping[str, Any]) -> bytes:
        kind, held = value
        if kind == _ARRAY:
            return bytes([kind]) + self.array_bytes(held, string, new)
        if kind == _ANNOTATION:
            return bytes([kind]) + self._annotation_bytes(held, string, new)
        if isinstance(held, int) and kind in (_NULL, 0x1F):
            return bytes([held << 5 | kind])
        if isinstance(held, bytes) and kind != _STRING:
            return bytes([len(held) - 1 << 5 | kind]) + held
        number = string[held] if kind == _STRING else int(new[_TABLES[kind]][held]) if kind in _TABLES else held
        raw = number.to_bytes(max((number.bit_length() + 7) // 8, 1), "little")
        return bytes([len(raw) - 1 << 5 | kind]) + raw

    def _annotation_bytes(self, annotation: Annotation, string: Mapping[bytes, int], new: Mapping[str, Any]) -> bytes:
        kind, elements = annotation
        out = _uleb(int(new["type"][kind])) + _uleb(len(elements))
        for name, value in sorted(elements, key=lambda element: string[element[0]]):
            out += _uleb(string[name]) + self._value_bytes(value, string, new)
        return out

    def write(
        self,
        out: bytearray,
        sections: list[tuple[int, int, int]],
        directories: Mapping[int, Directory],
        string: Mapping[bytes, int],
        new: Mapping[str, Any],
    ) -> dict[int, int]:
        """Appends everything annotated; gives the new place of each directory by its old one."""

        def section(number: int, items: Mapping[int, Any], make: Callable[[Any], bytes], align: int) -> dict[int, int]:
            places = {0: 0}
            for key, item in items.items():
                out.extend(bytes(-len(out) % align))
                places[key] = len(out)
                out.extend(make(item))
            if len(places) > 1:
                sections.append((number, len(items), min(place for place in places.values() if place)))
            return places

        def numbers(places: Mapping[int, int], chosen: tuple[int, ...]) -> bytes:
            return struct.pack(f"<L{len(chosen)}L", len(chosen), *(places[at] for at in chosen))

        def item(made: tuple[int, Annotation]) -> bytes:
            return bytes([made[0]]) + self._annotation_bytes(made[1], string, new)

        def in_order(members: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(sorted(members, key=lambda at: new["type"][self.items[at][1][0]]))

        items = section(0x2004, self.items, item, 1)
        sets = section(0x1003, self.sets, lambda members: numbers(items, in_order(members)), 4)
        lists = section(0x1002, self.lists, lambda members: numbers(sets, members), 4)

        def directory(made: Directory) -> bytes:
            counts = (len(made.fields), len(made.methods), len(made.parameters))
            rows = sorted((int(new["field"][n]), sets[at]) for n, at in made.fields)
            rows += sorted((int(new["method"][n]), sets[at]) for n, at in made.methods)
            rows += sorted((int(new["method"][n]), lists[at]) for n, at in made.parameters)
            return struct.pack("<4L", sets[made.own], *counts) + b"".join(struct.pack("<LL", *row) for row in rows)

        return section(0x2006, directories, directory, 4)

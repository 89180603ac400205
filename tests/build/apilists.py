"""Reads the published lists of Android's public API: which classes and methods an app may name, level by level.

The project gummy-bears (Toast, Apache 2.0) makes them from the SDK's stubs and puts them on Maven Central in two forms: the one of
Animal Sniffer (``.signature``: serialised Java objects) and the one of Expediter (``.expediter``: protocol buffers).
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.build.classfile import FINAL, INTERFACE, PROTECTED, PUBLIC, STATIC

Members = dict[str, int | None]
"""Methods, name with descriptor → access flags as far as the list states them."""


@dataclass(frozen=True)
class Listed:
    """A public class: its supertypes (the superclass first), its methods, its own flags where the list has them."""

    supers: tuple[str, ...]
    methods: Members
    access: int | None


def read_list(path: str) -> dict[str, Listed]:
    """Every class of the list by its name with slashes."""
    with gzip.open(path) as file:
        data = file.read()
    return dict(_expediter(data) if path.endswith(".expediter") else _signature(data))


# --- Expediter: message(1 name, 2 type(1 name, 2 super, 3 interface*, 4 field*, 5 method*, 6 access, 7 kind, 8 final)) ---

_ACCESS = {1: 0x2, 2: PROTECTED, 3: 0, 4: PUBLIC}
_KIND = {1: 0, 2: INTERFACE}
_DECLARED = {1: STATIC, 2: 0}
_OPEN = {1: FINAL, 2: 0}


def _expediter(data: bytes) -> Iterator[tuple[str, Listed]]:
    for number, value in _message(data):
        if number == 2:
            yield _type(value)


def _type(data: bytes) -> tuple[str, Listed]:
    names: dict[int, list[str]] = {1: [], 2: [], 3: []}
    methods: Members = {}
    flags = {}
    for number, value in _message(data):
        if number in names:
            names[number].append(value.decode())
        elif number == 5:
            methods.update([_method(value)])
        elif number > 5:
            flags[number] = value
    access = _ACCESS[flags[6]] | _KIND[flags[7]] | _OPEN[flags[8]]
    return names[1][0], Listed((*names[2], *names[3]), methods, access)


def _method(data: bytes) -> tuple[str, int]:
    row = dict(_message(data))
    reference = dict(_message(row[1]))
    return (reference[1] + reference[2]).decode(), _ACCESS[row[2]] | _DECLARED[row[3]]


def _message(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protocol buffer: numbers and byte strings, the two forms these lists have."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        value, at = _varint(data, at)
        if key & 7 == 2:
            yield key >> 3, data[at : at + value]
            at += value
        elif key & 7 == 0:
            yield key >> 3, value
        else:
            raise ValueError(f"wire type {key & 7}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
    return value | data[at] << shift, at + 1


# --- Animal Sniffer: objects of class Clazz(name, signatures, superClass, superInterfaces), serialised by Java ----------


def _signature(data: bytes) -> Iterator[tuple[str, Listed]]:
    reader = _Serialised(data)
    while (row := reader.value()) is not None:
        supers = [row["superClass"], *(row["superInterfaces"] or ())]
        methods: Members = dict.fromkeys(text for text in row["signatures"] if "(" in text)
        yield row["name"], Listed(tuple(name for name in supers if name), methods, None)


class _Serialised:
    """Java's object stream, as far as sets of texts and plain fields go (Java Object Serialization Specification, chapter 6)."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._handles = data, 4, list[Any]()

    def _take(self, form: str) -> int:
        (number,) = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return int(number)

    def _text(self) -> str:
        size = self._take(">H")
        self._at += size
        return self._data[self._at - size : self._at].decode()

    def _kept(self, value: Any) -> Any:
        self._handles.append(value)
        return value

    def value(self) -> Any:
        """The next object: a text, a list, a dictionary of fields, a class's description; None at the end."""
        kind = self._take(">B")
        if kind == 0x70:
            return None
        if kind == 0x71:
            return self._handles[self._take(">I") - 0x7E0000]
        return {0x72: self._description, 0x73: self._object, 0x74: self._string, 0x75: self._array}[kind]()

    def _string(self) -> str:
        return str(self._kept(self._text()))

    def _array(self) -> list[Any]:
        self.value()
        found: list[Any] = self._kept([])
        found += [self.value() for _ in range(self._take(">I"))]
        return found

    def _description(self) -> dict[str, Any]:
        found: dict[str, Any] = {"name": self._text()}
        self._at += 8  # the class's version
        self._kept(found)
        found["flags"] = self._take(">B")
        found["fields"] = [self._field() for _ in range(self._take(">H"))]
        self._end()
        found["parent"] = self.value()
        return found

    def _field(self) -> str:
        kind = self._take(">B")
        name = self._text()
        if chr(kind) not in "L[":
            raise ValueError(f"a field of type {kind:c} is not expected")
        self.value()
        return name

    def _end(self) -> None:
        if self._take(">B") != 0x78:
            raise ValueError("annotations are not expected")

    def _object(self) -> Any:
        shape = self.value()
        found: Any = self._kept([] if "Set" in shape["name"] else {})
        for part in _from_the_top(shape):
            if isinstance(found, dict):
                found |= {name: self.value() for name in part["fields"]}
            if part["flags"] & 1:
                self._elements(found)
        return found

    def _elements(self, found: list[str]) -> None:
        """What a HashSet writes itself: a block of capacity, load factor and count, then the elements."""
        if self._take(">H") != 0x770C:
            raise ValueError("not the block of a HashSet")
        self._at += 8
        found += [self.value() for _ in range(self._take(">I"))]
        self._end()


def _from_the_top(shape: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [*_from_the_top(shape["parent"]), shape] if shape else []

"""Makes DEX files (035 to 039) and containers (041) from classes said in Python, in time linear in their size.

Data is laid out as the format demands: header, ids, class definitions, then type lists, code, class data, strings and
the map. In a container every offset counts from the start of the container, each image has a header of 0x78 bytes with
the container's size and its own place, and the images' sizes add up to the container (constraints G4 and G5 of the
Android Open Source Project's page on DEX; Google's dexlib2 reads it so).
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence

from tests.build.dexcode import assemble
from tests.build.dextables import (
    ABSTRACT,
    CONSTRUCTOR,
    NATIVE,
    PRIVATE,
    PUBLIC,
    STATIC,
    Class,
    Code,
    Method,
    Tables,
    shorty,
)

__all__ = [
    "ABSTRACT",
    "CONSTRUCTOR",
    "NATIVE",
    "PRIVATE",
    "PUBLIC",
    "STATIC",
    "Class",
    "Code",
    "Method",
    "container",
    "dex",
    "mutf8",
]

_NONE = 0xFFFFFFFF
_WIDTHS = (4, 4, 12, 8, 8, 32)  # of a row of strings, types, prototypes, fields, methods, classes


def dex(classes: Sequence[Class], *, version: int = 35, strings: Iterable[str] = ()) -> bytes:
    """A DEX file; ``strings`` stand in its table besides those that the classes need."""
    out = bytearray()
    _Image(out, classes, strings, version).write()
    return _sealed(out, [0])


def container(*images: Sequence[Class]) -> bytes:
    """A container (041) of one image for each list of classes."""
    out = bytearray()
    starts = []
    for classes in images:
        starts.append(len(out))
        _Image(out, classes, (), 41).write()
    for start in starts:
        struct.pack_into("<LL", out, start + 0x70, len(out), start)
    return _sealed(out, starts)


def _sealed(out: bytearray, starts: Sequence[int]) -> bytes:
    """With each image's SHA-1 and Adler-32, which cover what comes after them up to the image's end."""
    for start in starts:
        (size,) = struct.unpack_from("<L", out, start + 32)
        out[start + 12 : start + 32] = hashlib.sha1(out[start + 32 : start + size]).digest()
        struct.pack_into("<L", out, start + 8, zlib.adler32(out[start + 12 : start + size]))
    return bytes(out)


class _Image:
    """One image, appended to ``out`` with its hashes left open; ``places`` says where things came to stand."""

    def __init__(self, out: bytearray, classes: Sequence[Class], strings: Iterable[str], version: int) -> None:
        self._out = out
        self._tables = Tables(classes, strings)
        self._classes = _supers_first(classes)
        self._version = version
        self._start = len(out)
        self._sections: list[tuple[int, int, int]] = [(0, 1, self._start)]  # kind, count, place, for the map
        self._lists: dict[tuple[str, ...], int] = {}
        self._codes: dict[Code, int] = {}
        self._members: dict[str, int] = {}
        self._texts: list[int] = []

    def write(self) -> None:
        self._reserve()
        data = len(self._out)
        self._type_lists()
        self._code_items()
        self._class_data()
        self._strings()
        self._ids()
        self._class_definitions()
        self._map()
        self._header(data)

    def _reserve(self) -> None:
        """Room for the header and the tables, which are filled in when all places are known."""
        at = self._start + (0x78 if self._version >= 41 else 0x70)
        tables = self._tables
        counts = [len(table) for table in (tables.string, tables.type, tables.proto, tables.field, tables.method)]
        for number, (count, width) in enumerate(zip([*counts, len(self._classes)], _WIDTHS, strict=True), 1):
            self._sections.append((number, count, at if count else 0))
            at += count * width
        self._out += bytes(at - self._start)

    def _begin(self) -> int:
        """A place that is a multiple of four."""
        self._out += bytes(-len(self._out) % 4)
        return len(self._out)

    def _type_lists(self) -> None:
        wanted = [params for params, _ in self._tables.shapes.values()]
        wanted += [tuple(cls.interfaces) for cls in self._classes]
        for types in dict.fromkeys(filter(None, wanted)):
            self._lists[types] = self._begin()
            self._out += struct.pack(f"<L{len(types)}H", len(types), *map(self._tables.type.__getitem__, types))
        self._section(0x1001, self._lists.values())

    def _section(self, kind: int, places: Iterable[int]) -> None:
        placed = list(places)
        self._sections.append((kind, len(placed), min(placed, default=0)))

    def _code_items(self) -> None:
        for method in (method for cls in self._classes for method in cls.methods):
            if method.code and method.code not in self._codes:
                self._codes[method.code] = self._begin()
                self._out += _code_item(method.code, method.words, self._tables)
        self._section(0x2001, self._codes.values())

    def _class_data(self) -> None:
        for cls in self._classes:
            if cls.methods or cls.fields:
                self._members[cls.descriptor] = len(self._out)
                self._out += self._members_of(cls)
        self._section(0x2000, self._members.values())

    def _members_of(self, cls: Class) -> bytes:
        fields = sorted((self._tables.field[f"{cls.descriptor}->{name}"], PUBLIC | STATIC) for name in cls.fields)
        direct, virtual = list[tuple[int, ...]](), list[tuple[int, ...]]()
        for method in cls.methods:
            place = self._codes[method.code] if method.code else 0
            row = (self._tables.method[f"{cls.descriptor}->{method.name}"], method.access, place)
            (direct if method.access & (PRIVATE | STATIC | CONSTRUCTOR) else virtual).append(row)
        counts = b"".join(map(_uleb, (len(fields), 0, len(direct), len(virtual))))
        return counts + _differences(fields) + _differences(sorted(direct)) + _differences(sorted(virtual))

    def _strings(self) -> None:
        for text in self._tables.string:
            self._texts.append(len(self._out))
            length = len(text.encode("utf-16-le", "surrogatepass")) // 2
            self._out += _uleb(length) + mutf8(text) + b"\0"
        self._section(0x2002, self._texts)

    def _ids(self) -> None:
        tables, text, of = self._tables, self._tables.string, self._tables.type
        self._rows(1, "<L", ((place,) for place in self._texts))
        self._rows(2, "<L", ((text[name],) for name in of))
        shapes = [tables.shapes[proto] for proto in tables.proto]
        self._rows(3, "<LLL", ((text[shorty(p, r)], of[r], self._lists.get(p, 0)) for p, r in shapes))
        self._rows(4, "<HHL", ((cls, kind, name) for cls, name, kind, _ in tables.field_rows))
        self._rows(5, "<HHL", ((cls, proto, name) for cls, name, proto, _ in tables.method_rows))

    def _rows(self, section: int, form: str, rows: Iterable[tuple[int, ...]]) -> None:
        width, place = struct.calcsize(form), self._sections[section][2]
        for number, row in enumerate(rows):
            struct.pack_into(form, self._out, place + width * number, *row)

    def _class_definitions(self) -> None:
        of = self._tables.type
        rows = (
            (
                of[cls.descriptor],
                cls.access,
                of[cls.superclass] if cls.superclass else _NONE,
                self._lists.get(tuple(cls.interfaces), 0),
                _NONE,
                0,
                self._members.get(cls.descriptor, 0),
                0,
            )
            for cls in self._classes
        )
        self._rows(6, "<8L", rows)

    def _map(self) -> None:
        self._sections.append((0x1000, 1, self._begin()))
        filled = [section for section in self._sections if section[1]]
        self._out += struct.pack("<L", len(filled))
        self._out += b"".join(struct.pack("<HHLL", kind, 0, count, place) for kind, count, place in filled)

    def _header(self, data: int) -> None:
        new = self._version >= 41
        spans = [number for _, count, place in self._sections[1:7] for number in (count, place)]
        extent = (0, 0) if new else (len(self._out) - data, data)
        size, header, last = len(self._out) - self._start, 0x78 if new else 0x70, self._sections[-1][2]
        struct.pack_into("<8s", self._out, self._start, b"dex\n%03d\0" % self._version)
        fields = (size, header, 0x12345678, 0, 0, last, *spans, *extent)
        struct.pack_into("<20L", self._out, self._start + 32, *fields)


def _supers_first(classes: Sequence[Class]) -> list[Class]:
    """In the order the format asks for: who is named as superclass or interface stands before those who name it."""
    known = {cls.descriptor: cls for cls in classes}
    done: dict[str, Class] = {}
    for cls in classes:
        waiting = [cls]
        while waiting:
            top = waiting[-1]
            above = [known[n] for n in (top.superclass, *top.interfaces) if n in known and n not in done]
            if not above:
                done.setdefault(top.descriptor, waiting.pop())
            waiting += above
    return list(done.values())


def _code_item(code: Code, ins: int, tables: Tables) -> bytes:
    units, labels = assemble(code.ops, tables.index)
    outs = max((op.arguments for op in code.ops), default=0)
    item = struct.pack("<HHHHLL", code.registers, ins, outs, len(code.tries), 0, len(units))
    item += struct.pack(f"<{len(units)}H", *units)
    if not code.tries:
        return item
    handlers, rows = bytearray(_uleb(len(code.tries))), b""
    for block in code.tries:
        begin = labels[block.start]
        rows += struct.pack("<LHH", begin, labels[block.end] - begin, len(handlers))
        handlers += _sleb(-len(block.catches) if block.catch_all else len(block.catches))
        for kind, target in block.catches:
            handlers += _uleb(tables.type[kind]) + _uleb(labels[target])
        handlers += _uleb(labels[block.catch_all]) if block.catch_all else b""
    return item + bytes(len(units) % 2 * 2) + rows + handlers


def _differences(rows: Sequence[tuple[int, ...]]) -> bytes:
    """Rows of class data, whose first number is counted from the row before."""
    out, before = bytearray(), 0
    for first, *rest in rows:
        out += _uleb(first - before) + b"".join(map(_uleb, rest))
        before = first
    return bytes(out)


def _uleb(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _sleb(number: int) -> bytes:
    return bytes([number & 0x7F]) if -64 <= number < 64 else bytes([number & 0x7F | 0x80]) + _sleb(number >> 7)


def mutf8(text: str) -> bytes:
    """Modified UTF-8: each UTF-16 unit by itself in one to three bytes, NUL in two."""
    if text.isascii() and "\0" not in text:
        return text.encode()
    wide = text.encode("utf-16-le", "surrogatepass")
    units = (wide[n] | wide[n + 1] << 8 for n in range(0, len(wide), 2))
    return b"".join(chr(u).encode("utf-8", "surrogatepass") if u else b"\xc0\x80" for u in units)

"""Makes small resource tables in every encoding of entries."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.build.poolparts import Given, Strings, chunk, pool


@dataclass(frozen=True)
class Bag:
    """Several values under one name: an array, a plural, a style."""

    values: Sequence[Given]


Entries = Mapping[str, Given | Bag]


@dataclass(frozen=True)
class Variant:
    """The values of one type in one configuration; languages are like "zh", "zh-CN", "zh-Hant-TW", "fil"."""

    entries: Entries
    language: str | None = None
    density: int = 0
    sparse: bool = False
    compact: bool = False
    short: bool = False


@dataclass(frozen=True)
class Package:
    types: Mapping[str, Sequence[Variant]]
    id: int = 0x7F


def arsc(*packages: Package, utf8: bool = True, extra_strings: Sequence[str | bytes] = ()) -> bytes:
    """A resource table; resource ids follow the order of types and of names as they first appear."""
    strings = Strings()
    bodies = [_package(package, strings, utf8=utf8) for package in packages]
    texts = pool([*strings.texts, *extra_strings], utf8=utf8)
    return chunk(0x0002, struct.pack("<L", len(packages)), texts + b"".join(bodies))


def _package(package: Package, strings: Strings, *, utf8: bool) -> bytes:
    keys = Strings()
    types = b""
    for number, variants in enumerate(package.types.values(), 1):
        names = list(dict.fromkeys(name for variant in variants for name in variant.entries))
        types += chunk(0x0202, struct.pack("<BBHL", number, 0, 0, len(names)), b"\0" * 4 * len(names))
        types += b"".join(_type(number, names, variant, keys, strings) for variant in variants)
    type_pool = pool(list(package.types), utf8=utf8)
    key_pool = pool(keys.texts, utf8=utf8)
    name = "a.b".encode("utf-16-le").ljust(256, b"\0")
    header = struct.pack("<L", package.id) + name + struct.pack("<LLLLL", 288, 0, 288 + len(type_pool), 0, 0)
    return chunk(0x0200, header, type_pool + key_pool + types)


def _type(number: int, names: list[str], variant: Variant, keys: Strings, strings: Strings) -> bytes:
    offsets: dict[int, int] = {}
    body = bytearray()
    for index, name in enumerate(names):
        if name in variant.entries:
            offsets[index] = len(body)
            body += _entry(keys.place(name), variant.entries[name], strings, compact=variant.compact)
    if variant.sparse:
        table = b"".join(struct.pack("<HH", index, offset // 4) for index, offset in offsets.items())
        count = len(offsets)
    else:
        form, none, unit = ("<H", 0xFFFF, 4) if variant.short else ("<L", 0xFFFFFFFF, 1)
        table = b"".join(
            struct.pack(form, offsets[index] // unit if index in offsets else none) for index in range(len(names))
        )
        count = len(names)
    table += b"\0" * (-len(table) % 4)
    configuration = _configuration(variant)
    flags = variant.sparse | variant.short << 1
    header = struct.pack("<BBHLL", number, flags, 0, count, 20 + len(configuration) + len(table)) + configuration
    return chunk(0x0201, header, table + bytes(body))


def _entry(key: int, given: Given | Bag, strings: Strings, *, compact: bool) -> bytes:
    if isinstance(given, Bag):
        items = b"".join(struct.pack("<LHBBL", n, 8, 0, *strings.value(v)) for n, v in enumerate(given.values))
        return struct.pack("<HHLLL", 16, 1, key, 0, len(given.values)) + items
    kind, data = strings.value(given)
    if compact:
        return struct.pack("<HHL", key, 0x0008 | kind << 8, data)
    return struct.pack("<HHLHBBL", 8, 0, key, 8, 0, kind, data)


def _configuration(variant: Variant) -> bytes:
    parts = variant.language.split("-") if variant.language else []
    language = parts[0] if parts else ""
    script = next((part for part in parts[1:] if len(part) == 4), "")
    region = next((part for part in parts[1:] if len(part) in (2, 3)), "")
    out = bytearray(64)
    struct.pack_into("<L", out, 0, 64)
    out[8:10] = _packed(language, "a")
    out[10:12] = _packed(region, "0")
    struct.pack_into("<H", out, 14, variant.density)
    out[36 : 36 + len(script)] = script.encode()
    return bytes(out)


def _packed(letters: str, base: str) -> bytes:
    if len(letters) < 3:
        return letters.encode().ljust(2, b"\0")
    first, second, third = (ord(letter) - ord(base) for letter in letters)
    return bytes([0x80 | third << 2 | second >> 3, (second << 5 | first) & 0xFF])

"""Reads a Java class file: name, flags, supertypes and methods; neither code nor fields' values.

Source: The Java Virtual Machine Specification, chapter 4. For makers of tables, which read class files they trust.
"""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass

PUBLIC, PROTECTED, STATIC, FINAL, INTERFACE, SYNTHETIC = 0x1, 0x4, 0x8, 0x10, 0x200, 0x1000

# Width of a constant's body by its tag; text (1) has its own length, long (5) and double (6) take two numbers.
_WIDTH = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}


@dataclass(frozen=True)
class ClassFile:
    """One class as the compiler left it; ``methods`` is name with descriptor → access flags."""

    name: str
    access: int
    supers: tuple[str, ...]
    methods: dict[str, int]


class Jar:
    """Class files of a JAR or JMOD by their name with slashes; each is read when asked for."""

    def __init__(self, path: str) -> None:
        self._zip = zipfile.ZipFile(path)
        self._names = {name.removeprefix("classes/"): name for name in self._zip.namelist()}
        self._read: dict[str, ClassFile | None] = {}

    def get(self, name: str) -> ClassFile | None:
        """The class, or None where the archive has none of that name."""
        if name not in self._read:
            member = self._names.get(f"{name}.class")
            self._read[name] = class_file(self._zip.read(member)) if member else None
        return self._read[name]


def class_file(data: bytes) -> ClassFile:
    """The class in these bytes; ``supers`` is the superclass and then the interfaces."""
    magic, _, count = struct.unpack_from(">IIH", data)
    if magic != 0xCAFEBABE:
        raise ValueError("no class file")
    pool, at = _pool(data, count)
    access, this, parent, interfaces = struct.unpack_from(">4H", data, at)
    numbers = struct.unpack_from(f">{interfaces}H", data, at + 8)
    at = _members(data, pool, at + 8 + 2 * interfaces, {})
    methods: dict[str, int] = {}
    at = _members(data, pool, at, methods)
    supers = tuple(_class_name(pool, number) for number in (parent, *numbers) if number)
    name = _class_name(pool, this)
    return ClassFile(name, _nested_access(data, pool, at, name, access), supers, methods)


def _pool(data: bytes, count: int) -> tuple[list[bytes], int]:
    """The constants' bodies by number, and where they end."""
    pool, at = [b""], 10
    while len(pool) < count:
        tag = data[at]
        start = at + 3 if tag == 1 else at + 1
        at = start + (struct.unpack_from(">H", data, at + 1)[0] if tag == 1 else _WIDTH[tag])
        pool += [data[start:at]] + [b""] * (tag in (5, 6))
    return pool, at


def _class_name(pool: list[bytes], number: int) -> str:
    return pool[int.from_bytes(pool[number], "big")].decode()


def _members(data: bytes, pool: list[bytes], at: int, found: dict[str, int]) -> int:
    """Fills ``found`` with name and descriptor → access of the fields or methods at ``at``; returns where they end."""
    (count,) = struct.unpack_from(">H", data, at)
    at += 2
    for _ in range(count):
        access, name, descriptor = struct.unpack_from(">3H", data, at)
        found[(pool[name] + pool[descriptor]).decode()] = access
        at, _ = _attributes(data, pool, at + 6)
    return at


def _attributes(data: bytes, pool: list[bytes], at: int) -> tuple[int, dict[bytes, bytes]]:
    (count,) = struct.unpack_from(">H", data, at)
    at += 2
    found = {}
    for _ in range(count):
        name, size = struct.unpack_from(">HI", data, at)
        found[pool[name]] = data[at + 6 : at + 6 + size]
        at += 6 + size
    return at, found


def _nested_access(data: bytes, pool: list[bytes], at: int, name: str, access: int) -> int:
    """A nested class states its true flags (private, static …) only in the attribute InnerClasses."""
    body = _attributes(data, pool, at)[1].get(b"InnerClasses", b"\0\0")
    for inner, _, _, flags in struct.iter_unpack(">4H", body[2:]):
        if _class_name(pool, inner) == name:
            return int(flags)
    return access

"""DEX 035 to 041: the id tables as arrays over the bytes, strings decoded one by one when asked for.

Source: the Dalvik executable format of the Android Open Source Project. Checksums are not compared (Android's installer
does not either, once installed); every count and offset is compared with the size of the file before it is used.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingcha.errors import FormatError
from mingcha.formats import dalvik
from mingcha.formats.classdata import STRING_VALUE, encoded_values, following, method_table, static_fields
from mingcha.formats.numbers import among

Ints = NDArray[np.int64]

_HEADER = 0x70
_SECTIONS = ("string", "type", "proto", "field", "method", "class")
_ROW = {"string": 4, "type": 4, "proto": 12, "field": 8, "method": 8, "class": 32}
_NO_INDEX = 0xFFFFFFFF
_SLACK = 0x10000
"""Bytes by which a string may be longer than it states; readers of Android go by the final NUL."""
_LONGEST_NAME = 0xFFFF
"""Class files, from which DEX is made, allow no longer one."""
_SHORT_NAME = 256
"""Bytes of a type's name that is kept once read: all of them together then stay below 16 MiB."""
_MOST_IMAGES = 256
_PIECE = 1 << 20
"""Instructions looked at in one go: enough to be fast, not so many that the working arrays count."""
_SHARED = 4
"""Methods may share code, but all together not have more than so many times what the file has room for."""


@dataclass(frozen=True, slots=True)
class Methods:
    """The methods with code: parallel arrays of method id, access flags, and first and end unit of the instructions."""

    ids: Ints
    access: Ints
    code: Ints
    first: Ints
    end: Ints
    dropped: int
    """Classes and methods left out: their data or code is absurd, not aligned, outside the file, or runs into the next."""


@dataclass(frozen=True, slots=True)
class Site:
    """One instruction that names a method or field; ``method`` is its caller's row in ``Methods``."""

    method: int
    unit: int
    opcode: int
    target: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Raw id tables, one row for each id: string offsets, string of each type, and so on."""

    strings: NDArray[Any]
    types: Ints
    protos: NDArray[Any]
    fields: NDArray[Any]
    methods: NDArray[Any]
    classes: NDArray[Any]


class Dex:
    """One DEX image. ``data`` is the whole file; in a container (041) ``start`` is where this image's header is."""

    def __init__(self, data: bytes, start: int = 0) -> None:
        self.data = data
        self.version = _version(data, start)
        header = np.frombuffer(data, "<u4", _HEADER // 4, start).tolist()
        if header[10] != 0x12345678:
            raise FormatError("DEX of the other byte order or not a DEX", start + 40)
        self.size = header[8]
        counts = {name: (header[14 + 2 * n], header[15 + 2 * n]) for n, name in enumerate(_SECTIONS)}
        for name, (count, offset) in counts.items():
            if count and (offset > len(data) or count * _ROW[name] > len(data) - offset):
                raise FormatError(f"DEX table of {count} {name} ids does not fit into the file", offset)
        self._counts = counts
        self.claims = sum(count * _ROW[name] for name, (count, _) in counts.items())
        self._string_offsets = self._table("string", "<u4")
        self._string_places = self._string_offsets.astype(np.uint32).data  # quicker than an array, one by one
        self._type_names: dict[int, bytes] = {}
        self._types = self._table("type", "<u4").astype(np.int64)
        self._fields = self._table("field", np.dtype([("cls", "<u2"), ("type", "<u2"), ("name", "<u4")]))
        self._methods = self._table("method", np.dtype([("cls", "<u2"), ("proto", "<u2"), ("name", "<u4")]))
        self._protos = self._table("proto", np.dtype([("shorty", "<u4"), ("result", "<u4"), ("params", "<u4")]))
        self._classes = self._table("class", "<u4").reshape(-1, 8)
        if len(self._classes) > 0x10000:
            raise FormatError(f"DEX of {len(self._classes)} classes, more than type numbers allow", start + 0x60)

    def _table(self, name: str, row: Any) -> NDArray[Any]:
        count, offset = self._counts[name]
        if name == "class":
            count *= 8
        return np.frombuffer(self.data, np.dtype(row), count, offset if count else 0)

    @property
    def tables(self) -> Tables:
        """The id tables as they stand in the file, for readers that go through all of them."""
        return Tables(self._string_offsets, self._types, self._protos, self._fields, self._methods, self._classes)

    # --- strings, types, names ---------------------------------------------------------------------------------

    @property
    def string_count(self) -> int:
        """How many strings the file has."""
        return len(self._string_offsets)

    def string_bytes(self, index: int) -> bytes:
        """A string as modified UTF-8. Raises FormatError where it lies outside the file."""
        if not 0 <= index < len(self._string_offsets):
            raise FormatError(f"DEX string {index} does not exist")
        offset = self._string_places[index]
        units = self.data[offset] if offset < len(self.data) else 0x80
        at = offset + 1
        if units >= 0x80:  # most strings are shorter, and this is the most called line of all
            units, at = dalvik.uleb(self.data, offset)
        end = self.data.find(b"\0", at, at + 3 * units + _SLACK)
        if end < 0:
            raise FormatError("DEX string runs out of its length or the file", at)
        return self.data[at:end]

    def string(self, index: int) -> str:
        """A string as text; what is not valid modified UTF-8 is shown replaced."""
        return text(self.string_bytes(index))

    def string_place(self, index: int) -> int:
        """The byte where a string's characters start."""
        return dalvik.uleb(self.data, int(self._string_offsets[index]))[1]

    @property
    def string_span(self) -> tuple[int, int]:
        """First and end byte of the region that holds the strings."""
        if not len(self._string_offsets):
            return 0, 0
        low, high = int(self._string_offsets.min()), int(self._string_offsets.max())
        return min(low, len(self.data)), min(high + 0x10000, len(self.data))

    def find_string(self, wanted: bytes) -> int | None:
        """Index of a string (in modified UTF-8) in the sorted table, or None."""
        rows = range(len(self._string_offsets))
        index = bisect_left(rows, _in_order(wanted), key=lambda row: _in_order(self.string_bytes(row)))
        if index < len(self._string_offsets) and self.string_bytes(index) == wanted:
            return index
        return None

    def type_bytes(self, index: int) -> bytes:
        """A type descriptor."""
        name = self._type_names.get(index)
        if name is None:
            if not 0 <= index < len(self._types):
                raise FormatError(f"DEX type {index} does not exist")
            name = self._name_bytes(int(self._types[index]))
            if len(name) <= _SHORT_NAME:
                self._type_names[index] = name
        return name

    def _name_bytes(self, index: int) -> bytes:
        name = self.string_bytes(index)
        if len(name) > _LONGEST_NAME:
            raise FormatError(f"DEX name of {len(name)} bytes")
        return name

    def find_type(self, descriptor: bytes) -> int | None:
        """Index of a type by its descriptor, or None."""
        string = self.find_string(descriptor)
        if string is None:
            return None
        index = int(np.searchsorted(self._types, string))
        return index if index < len(self._types) and self._types[index] == string else None

    @cached_property
    def _descriptors(self) -> list[bytes]:
        found, room = [], len(self.data)
        for index in self._classes[:, 0].tolist():
            found.append(self.type_bytes(index))
            room -= len(found[-1])
            if room < 0:
                raise FormatError("DEX class names share their bytes beyond reason")
        return found

    def class_descriptors(self) -> list[bytes]:
        """Descriptors of the classes defined here, in the order of the file. Raises FormatError."""
        return self._descriptors

    def superclass(self, row: int) -> bytes | None:
        """Descriptor of the superclass of the class at ``row``, or None."""
        index = int(self._classes[row, 2])
        return None if index == _NO_INDEX else self.type_bytes(index)

    def super_numbers(self, row: int) -> list[int]:
        """Type numbers of the superclass and the interfaces of the class at ``row``."""
        parent, offset = int(self._classes[row, 2]), int(self._classes[row, 3])
        found = [] if parent == _NO_INDEX else [parent]
        return found + (self._type_numbers(offset, 0xFFFF, "interface") if offset else [])

    def interfaces(self, row: int) -> tuple[bytes, ...]:
        """Descriptors of the interfaces that the class at ``row`` names."""
        return self._type_list(int(self._classes[row, 3]), 0xFFFF, "interface")

    def static_values(self, row: int) -> dict[int, int | str | None]:
        """What the static fields of the class at ``row`` hold at first: field id → number, flag or string, None for all else."""
        data, values = int(self._classes[row, 6]), int(self._classes[row, 7])
        fields = static_fields(self.data, data, len(self._fields)) if data else []
        given = [self._encoded(one) for one in encoded_values(self.data, values, len(fields))] if values else []
        cut = values and len(given) < dalvik.uleb(self.data, values)[0]
        rest: list[int | str | None] = [None if cut else 0] * (len(fields) - len(given))
        return dict(zip(fields, [*given, *rest], strict=False))

    def _encoded(self, value: tuple[int, int] | None) -> int | str | None:
        if value is None:
            return None
        return self.string(value[1]) if value[0] == STRING_VALUE else value[1]

    def class_access(self, row: int) -> int:
        """Access flags of the class at ``row``."""
        return int(self._classes[row, 1])

    def parameters(self, proto: int) -> tuple[bytes, ...]:
        """Parameter types of a prototype."""
        return self._type_list(int(self._row(self._protos, proto, "prototype")["params"]), 255, "parameter")

    def _type_list(self, offset: int, most: int, what: str) -> tuple[bytes, ...]:
        if offset == 0:
            return ()
        return tuple(self.type_bytes(index) for index in self._type_numbers(offset, most, what))

    def _type_numbers(self, offset: int, most: int, what: str) -> list[int]:
        count = self._u4(offset)
        if count > most or offset + 4 + 2 * count > len(self.data):
            raise FormatError(f"DEX {what} list of {count} types", offset)
        numbers: list[int] = np.frombuffer(self.data, "<u2", count, offset + 4).tolist()
        return numbers

    def method_parts(self, index: int) -> tuple[bytes, bytes, tuple[bytes, ...], bytes]:
        """Class, name, parameter types and result type of a method id."""
        row = self._row(self._methods, index, "method")
        proto = self._row(self._protos, int(row["proto"]), "prototype")
        return (
            self.type_bytes(int(row["cls"])),
            self._name_bytes(int(row["name"])),
            self.parameters(int(row["proto"])),
            self.type_bytes(int(proto["result"])),
        )

    def method_name(self, index: int) -> str:
        """A method id in smali notation: ``Lcls;->name(params)result``."""
        cls, name, params, result = self.method_parts(index)
        return text(cls + b"->" + name + b"(" + b"".join(params) + b")" + result)

    def field_name(self, index: int) -> str:
        """A field id in smali notation: ``Lcls;->name:type``."""
        row = self._row(self._fields, index, "field")
        cls, name = self.type_bytes(int(row["cls"])), self._name_bytes(int(row["name"]))
        return text(cls + b"->" + name + b":" + self.type_bytes(int(row["type"])))

    @staticmethod
    def _row(table: NDArray[Any], index: int, what: str) -> Any:
        if not 0 <= index < len(table):
            raise FormatError(f"DEX {what} {index} does not exist")
        return table[index]

    def _u4(self, offset: int) -> int:
        if offset + 4 > len(self.data):
            raise FormatError("DEX offset outside the file", offset)
        return int.from_bytes(self.data[offset : offset + 4], "little")

    # --- looking up --------------------------------------------------------------------------------------------

    def methods_of(self, cls: int) -> Iterator[int]:
        """Ids of the methods whose class is the type ``cls``."""
        yield from np.flatnonzero(self._methods["cls"] == cls).tolist()

    def fields_of(self, cls: int) -> Iterator[int]:
        """Ids of the fields whose class is the type ``cls``."""
        yield from np.flatnonzero(self._fields["cls"] == cls).tolist()

    def class_of_method(self, index: int) -> int:
        """Type number of the class that a method id names."""
        return int(self._row(self._methods, index, "method")["cls"])

    @property
    def method_classes(self) -> Ints:
        """Type number of the class of every method id."""
        return self._methods["cls"].astype(np.int64)

    def field_parts(self, index: int) -> tuple[bytes, bytes, bytes]:
        """Class, name and type of a field id."""
        row = self._row(self._fields, index, "field")
        return self.type_bytes(int(row["cls"])), self._name_bytes(int(row["name"])), self.type_bytes(int(row["type"]))

    def member_bytes(self, index: int, *, field: bool) -> bytes:
        """Name of a method or field id."""
        table = self._fields if field else self._methods
        return self._name_bytes(int(self._row(table, index, "member")["name"]))

    # --- code --------------------------------------------------------------------------------------------------

    @cached_property
    def units(self) -> NDArray[np.uint16]:
        """The file as 16-bit units."""
        return np.frombuffer(self.data, "<u2", len(self.data) // 2)

    @cached_property
    def methods(self) -> Methods:
        """All methods with code, in the order of their code."""
        offsets = self._classes[:, 6].astype(np.int64)
        ids, access, code, dropped = method_table(self.data, offsets, len(self._fields), len(self._methods))
        wanted = int((code != 0).sum())
        good = (ids < len(self._methods)) & (code % 2 == 0) & (code > 0) & (code <= len(self.data) - 16)
        ids, access, code = (column[good] for column in (ids, access, code))
        order = np.argsort(code, kind="stable")
        ids, access, code = ids[order], access[order], code[order]
        first = code // 2 + 8
        size = self.units[code // 2 + 6].astype(np.int64) | self.units[code // 2 + 7].astype(np.int64) << 16
        # Where items overlap Android refuses the file, and where all share one item nothing bounds the sites.
        fits = first + size <= following(code, len(self.data)) // 2
        fits &= np.cumsum(np.where(fits, size, 0)) <= _SHARED * len(self.units)
        ids, access, code, first, size = (column[fits] for column in (ids, access, code, first, size))
        return Methods(ids, access, code, first, first + size, dropped + wanted - len(ids))

    @cached_property
    def instructions(self) -> Ints:
        """Units at which an instruction starts, over all methods, ascending."""
        first, keep = np.unique(self.methods.first, return_index=True)
        return dalvik.starts(self.units, first, self.methods.end[keep])

    def instructions_of(self, method: int) -> Ints:
        """Units at which the instructions of one method start."""
        low, high = np.searchsorted(self.instructions, (self.methods.first[method], self.methods.end[method]))
        return self.instructions[low:high]

    def item_end(self, method: int) -> int:
        """The byte where the code item of a method must have ended: where the next one starts, or the file ends."""
        code = self.methods.code
        after = int(np.searchsorted(code, code[method], side="right"))
        return int(code[after]) if after < len(code) else len(self.data)

    def sites(self, methods: Iterable[int], fields: Iterable[int] = ()) -> Iterator[Site]:
        """Every invoke of one of these method ids and every read of one of these field ids, by address.

        Every instruction stream is decoded (once for each file), so that a number that merely looks like a call, inside
        a constant or a table, is told from a call.
        """
        at, chosen = self.instructions, (_chosen(methods), _chosen(fields))
        pieces = [self._naming(at[start : start + _PIECE], *chosen) for start in range(0, len(at), _PIECE)]
        return self._sites_at(np.concatenate([*pieces, np.empty(0, np.int64)]))

    def _naming(self, at: Ints, methods: NDArray[np.bool_], fields: NDArray[np.bool_]) -> Ints:
        """Those of the instructions that call one of the methods or read one of the fields."""
        opcode = self.units[at] & 0xFF
        following = self.units[np.minimum(at + 1, len(self.units) - 1)]
        named: Ints = at[methods[following] & _INVOKES[opcode] | fields[following] & _FIELD_READS[opcode]]
        return named

    def _sites_at(self, at: Ints) -> Iterator[Site]:
        """The instructions at these units, once for each method that shares the code."""
        table = self.methods
        left = np.searchsorted(table.first, at, side="right") - 1
        left = np.searchsorted(table.first, table.first[left])
        right = np.searchsorted(table.first, table.first[left], side="right")
        for unit, low, high in zip(at.tolist(), left.tolist(), right.tolist(), strict=True):
            opcode, target = int(self.units[unit]) & 0xFF, int(self.units[unit + 1])
            for method in range(low, high):
                yield Site(method, unit, opcode, target)


def _chosen(indices: Iterable[int]) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, np.bool_)
    table[[index for index in indices if 0 <= index < 0x10000]] = True
    return table


_INVOKES = among(np.arange(256), dalvik.INVOKES)
_FIELD_READS = among(np.arange(256), dalvik.FIELD_READS)


def _in_order(string: bytes) -> bytes:
    """Modified UTF-8 so that it sorts as the file does, by UTF-16: NUL, written C0 80, is the first of all."""
    return string.replace(b"\xc0\x80", b"\0")


def images(data: bytes) -> list[Dex]:
    """Every DEX image of a file: one, or all of a container (041). Raises FormatError."""
    found = [Dex(data)]
    start, room = found[0].size, _SHARED * len(data)
    stated = int.from_bytes(data[_HEADER : _HEADER + 4], "little")  # the size of the whole, behind the old header
    while (
        found[0].version >= 41
        and start + _HEADER <= len(data)
        and (start < stated or data[start : start + 4] == b"dex\n")
    ):
        found.append(Dex(data, start))
        room -= found[-1].claims + 2 * int((found[-1].methods.end - found[-1].methods.first).sum())
        if found[-1].size < _HEADER or room < 0 or len(found) > _MOST_IMAGES:
            raise FormatError("DEX container of images that share their bytes beyond reason", start)
        start += found[-1].size
    return found


def _version(data: bytes, start: int) -> int:
    if len(data) < start + _HEADER:
        raise FormatError("shorter than a DEX header")
    magic = data[start : start + 8]
    if magic[:4] != b"dex\n" or not magic[4:7].isdigit() or magic[7] != 0:
        raise FormatError("no DEX magic", start)
    version = int(magic[4:7])
    if not 35 <= version <= 41:
        raise FormatError(f"DEX version {version:03} is not known", start + 4)
    return version


def text(raw: bytes) -> str:
    """Modified UTF-8 as text: NUL as C0 80, supplementary characters as two surrogates of three bytes each."""
    if raw.isascii():
        return raw.decode("ascii")
    raw = raw.replace(b"\xc0\x80", b"\0")
    try:
        plain = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

"""Writes a DEX anew with other names: what the renamer needs to know of the format, and nothing of who is renamed.

The file is read once into tables of old numbers, the tables are sorted again under the new names, and everything that
holds a number (instructions, handlers, class data, annotations, initial values) is written with the new one. Debug
information, source file names and lists of hidden interfaces are left out. Containers (041) are refused.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from mingcha.formats import dalvik
from mingcha.formats.dex import Dex, text
from tests.build.dexmaker import _sleb, _uleb, mutf8
from tests.build.dexparts import NAMING, Names, members_at, section_map, signed_leb, string_item
from tests.build.dexvalues import Values

NONE = 0xFFFFFFFF
_ROWS = (("string", "<L"), ("type", "<L"), ("proto", "<LLL"), ("field", "<HHL"), ("method", "<HHL"), ("class", "<8L"))


def rewritten(data: bytes, names: Names) -> bytes:
    """The same program under these names. Raises ValueError where that is not possible."""
    return _Rewriting(data, names).written()


def _changed(raw: bytes, name: Callable[[str], str]) -> bytes:
    """A string under its new name; one that keeps its name keeps its bytes, which text may not be able to say."""
    old = text(raw)
    new = name(old)
    return raw if new == old else mutf8(new)


class _Rewriting:
    def __init__(self, data: bytes, names: Names) -> None:
        self._data, self._names = data, names
        self._dex = Dex(data)
        if self._dex.version >= 41 or self._dex.methods.dropped:
            raise ValueError("a container, or code that the reader drops")
        head = struct.unpack_from("<28L", data)
        self._old: dict[str, list[tuple[int, ...]]] = {}
        for number, (kind, form) in enumerate(_ROWS):
            count, at = head[14 + 2 * number : 16 + 2 * number]
            self._old[kind] = list(struct.iter_unpack(form, data[at : at + count * struct.calcsize(form)]))
        self._map = section_map(data, head[13])
        self._strings = [self._dex.string_bytes(n) for n in range(self._dex.string_count)]
        self._values = Values(data, self._strings, self._class_text, self._literal)
        self._rename()
        self._read_data()
        self._number()

    # --- new names -----------------------------------------------------------------------------------------------

    def _class_text(self, raw: bytes) -> bytes:
        """A descriptor, of an array or not, under its new name."""
        bare = raw.lstrip(b"[")
        if not (bare.startswith(b"L") and bare.endswith(b";")):
            return raw
        return raw[: len(raw) - len(bare)] + _changed(bare, self._names.classes)

    def _literal(self, raw: bytes) -> bytes:
        return _changed(raw, self._names.literal)

    def _rename(self) -> None:
        self._types = [self._class_text(self._strings[number]) for (number,) in self._old["type"]]
        if len(set(self._types)) < len(self._types):
            raise ValueError("two classes would have the same name")
        old = [text(self._strings[number]) for (number,) in self._old["type"]]
        fields, methods, raw = self._names.fields, self._names.methods, self._strings
        self._fields = [_changed(raw[name], partial(fields, old[cls])) for cls, _, name in self._old["field"]]
        self._methods = [_changed(raw[name], partial(methods, old[cls])) for cls, _, name in self._old["method"]]
        self._lists = {at: self._type_list(at) for _, _, at in self._old["proto"] if at}
        self._lists |= {row[3]: self._type_list(row[3]) for row in self._old["class"] if row[3]}

    def _type_list(self, at: int) -> tuple[int, ...]:
        (count,) = struct.unpack_from("<L", self._data, at)
        return struct.unpack_from(f"<{count}H", self._data, at + 4)

    # --- what stands in the data, under old numbers ----------------------------------------------------------------

    def _read_data(self) -> None:
        classes = self._old["class"]
        self._members = {row[6]: members_at(self._data, row[6]) for row in classes if row[6]}
        self._directories = {row[5]: self._values.directory(row[5]) for row in classes if row[5]}
        self._static = {row[7]: self._values.array(row[7])[0] for row in classes if row[7]}
        calls, count = self._map.get(7, (0, 0))
        self._calls = [struct.unpack_from("<L", self._data, calls + 4 * n)[0] for n in range(count)]
        self._call_sites = {at: self._values.array(at)[0] for at in self._calls}
        handles, count = self._map.get(8, (0, 0))
        self._handles = [struct.unpack_from("<4H", self._data, handles + 8 * n) for n in range(count)]

    def _loaded(self) -> tuple[set[int], set[int]]:
        """Strings that code loads, by old number: with the short instruction, and with the long one."""
        units, at = self._dex.units, self._dex.instructions
        opcode = units[at] & 0xFF
        short, long = at[opcode == 0x1A], at[opcode == 0x1B]
        wide = units[long + 1].astype(np.int64) | units[long + 2].astype(np.int64) << 16
        return set(units[short + 1].tolist()), set(wide.tolist())

    def _wanted(self) -> set[bytes]:
        loaded = set(self._literals)
        wanted = {*self._types, *self._fields, *self._methods, *self._literals.values()}
        wanted |= {self._strings[shorty] for shorty, _, _ in self._old["proto"]} | self._values.strings
        mentioned = loaded | {number for (number,) in self._old["type"]} | {row[0] for row in self._old["proto"]}
        mentioned |= {row[2] for kind in ("field", "method") for row in self._old[kind]}
        mentioned |= {row[4] for row in self._old["class"]} | self._values.seen
        rest = (raw for number, raw in enumerate(self._strings) if number not in mentioned)
        return wanted | {raw for raw in rest if not self._tells(raw)}

    def _tells(self, raw: bytes) -> bool:
        """Whether a string that nothing names any more is left over from debug information about types."""
        return raw.endswith(b";") and (raw.startswith((b"L", b"[")) or b"<" in raw)

    # --- new numbers -----------------------------------------------------------------------------------------------

    def _number(self) -> None:
        short, long = self._loaded()
        self._literals = {number: self._literal(self._strings[number]) for number in short | long}
        late: list[int] = [-1]
        while late:  # a name that the short instruction could no longer reach stays as it was
            self._table = sorted(self._wanted(), key=lambda raw: raw.replace(b"\xc0\x80", b"\0"))
            self._string = {raw: number for number, raw in enumerate(self._table)}
            late = [number for number in short if self._string[self._literals[number]] > 0xFFFF]
            late = [number for number in late if self._literals[number] != self._strings[number]]
            self._literals |= {number: self._strings[number] for number in late}
        self._new: dict[str, Any] = {}
        self._order: dict[str, list[int]] = {}
        self._sort("type", [(self._string[raw],) for raw in self._types])
        kind = self._new["type"].tolist()
        params = {at: tuple(kind[n] for n in types) for at, types in self._lists.items()} | {0: ()}
        self._sort("proto", [(kind[result], params[at]) for _, result, at in self._old["proto"]])
        proto = self._new["proto"].tolist()
        fields = zip(self._old["field"], self._fields, strict=True)
        self._sort("field", [(kind[cls], self._string[name], kind[of]) for (cls, of, _), name in fields])
        methods = zip(self._old["method"], self._methods, strict=True)
        self._sort("method", [(kind[cls], self._string[name], proto[shape]) for (cls, shape, _), name in methods])

    def _sort(self, kind: str, keys: list[Any]) -> None:
        if len(set(keys)) < len(keys):
            raise ValueError(f"two {kind} ids would be the same")
        self._order[kind] = sorted(range(len(keys)), key=keys.__getitem__)
        new = np.zeros(max(len(keys), 1), np.int64)
        new[self._order[kind]] = np.arange(len(keys))
        self._new[kind] = new

    # --- code ------------------------------------------------------------------------------------------------------

    def _patched(self) -> bytes:
        """The whole old file with new numbers in its instructions, and no debug information."""
        units, at = self._dex.units.copy(), self._dex.instructions
        opcode = units[at] & 0xFF
        for kind, opcodes in NAMING.items():
            here = at[np.isin(opcode, opcodes)]
            units[here + 1] = self._new[kind][units[here + 1]]
        here = at[np.isin(opcode, [0xFA, 0xFB])]
        units[here + 3] = self._new["proto"][units[here + 3]]
        self._patch_strings(units, at[opcode == 0x1A], at[opcode == 0x1B])
        code = self._dex.methods.code // 2
        units[code + 4] = units[code + 5] = 0
        return units.tobytes()

    def _patch_strings(self, units: Any, short: Any, long: Any) -> None:
        new = np.zeros(len(self._strings) + 1, np.int64)
        for number, raw in self._literals.items():
            new[number] = self._string[raw]
        numbers = new[units[short + 1]]
        if len(numbers) and numbers.max() > 0xFFFF:
            raise ValueError("a string would need const-string/jumbo")
        units[short + 1] = numbers
        numbers = new[units[long + 1].astype(np.int64) | units[long + 2].astype(np.int64) << 16]
        units[long + 1], units[long + 2] = numbers & 0xFFFF, numbers >> 16

    def _code_item(self, patched: bytes, at: int) -> bytes:
        _, _, _, tries, _, size = struct.unpack_from("<4HLL", patched, at)
        end = at + 16 + 2 * size
        if not tries:
            return patched[at:end]
        end += size % 2 * 2
        lists, moved = self._handlers(end + 8 * tries)
        rows = struct.iter_unpack("<LHH", patched[end : end + 8 * tries])
        table = b"".join(struct.pack("<LHH", first, count, moved[handler]) for first, count, handler in rows)
        return patched[at:end] + table + lists

    def _handlers(self, base: int) -> tuple[bytes, dict[int, int]]:
        """The lists of handlers under new type numbers, and where each old one has moved to."""
        count, at = dalvik.uleb(self._data, base)
        out, moved = bytearray(_uleb(count)), {}
        for _ in range(count):
            moved[at - base] = len(out)
            size, at = signed_leb(self._data, at)
            out += _sleb(size)
            for _ in range(abs(size)):
                kind, at = dalvik.uleb(self._data, at)
                place, at = dalvik.uleb(self._data, at)
                out += _uleb(int(self._new["type"][kind])) + _uleb(place)
            if size <= 0:
                place, at = dalvik.uleb(self._data, at)
                out += _uleb(place)
        return bytes(out), moved

    # --- writing ---------------------------------------------------------------------------------------------------

    def written(self) -> bytes:
        self._out = bytearray(0x70)
        self._sections: list[tuple[int, int, int]] = [(0, 1, 0)]
        counts = [len(self._table), *(len(self._old[kind]) for kind, _ in _ROWS[1:])]
        for number, ((_, form), count) in enumerate(zip(_ROWS, counts, strict=True), 1):
            self._reserve(number, count, struct.calcsize(form))
        self._reserve(7, len(self._calls), 4)
        self._reserve(8, len(self._handles), 8)
        start = len(self._out)
        lists = self._section(0x1001, self._lists.items(), self._type_list_bytes, 4)
        directories = self._values.write(self._out, self._sections, self._directories, self._string, self._new)
        patched = self._patched()
        items = ((int(at), int(at)) for at in dict.fromkeys(self._dex.methods.code.tolist()))
        codes = self._section(0x2001, items, lambda at: self._code_item(patched, at), 4)
        members = self._section(0x2000, self._members.items(), lambda m: self._member_bytes(m, codes), 1)
        texts = self._section(0x2002, enumerate(self._table), string_item, 1)
        arrays = {**self._sorted_static(), **self._call_sites}
        made = self._section(0x2005, arrays.items(), lambda v: self._values.array_bytes(v, self._string, self._new), 1)
        self._fill_ids(lists, texts)
        self._fill_classes(lists, directories, members, made)
        self._fill_calls(made)
        self._finish(start)
        return bytes(self._out)

    def _reserve(self, number: int, count: int, width: int) -> None:
        if count:
            self._sections.append((number, count, len(self._out)))
            self._out += bytes(count * width)

    def _section(
        self, number: int, items: Iterable[tuple[int, Any]], write: Callable[[Any], bytes], align: int
    ) -> dict[int, int]:
        """Each item written, and where each (by its old place) now stands."""
        places = {}
        for key, item in items:
            self._out += bytes(-len(self._out) % align)
            places[key] = len(self._out)
            self._out += write(item)
        if places:
            self._sections.append((number, len(places), min(places.values())))
        return places

    def _type_list_bytes(self, types: Sequence[int]) -> bytes:
        return struct.pack(f"<L{len(types)}H", len(types), *self._new["type"][list(types)].tolist())

    def _member_bytes(self, lists: list[list[tuple[int, ...]]], codes: dict[int, int]) -> bytes:
        out = bytearray(b"".join(_uleb(len(rows)) for rows in lists))
        for kind, rows in zip(("field", "field", "method", "method"), lists, strict=True):
            before = 0
            for number, access, *code in sorted((int(self._new[kind][row[0]]), *row[1:]) for row in rows):
                out += _uleb(number - before) + _uleb(access)
                out += b"".join(_uleb(codes[at] if at else 0) for at in code)
                before = number
        return bytes(out)

    def _sorted_static(self) -> dict[int, list[Any]]:
        """Initial values in the new order of their fields (an array may be shorter: the rest is zero).

        Each under the complement of its class's row: several classes may have shared one array.
        """
        found = {}
        for number, row in enumerate(self._old["class"]):
            if row[7]:
                fields = [field for field, _ in self._members[row[6]][0]]
                zeros = [self._values.zero(self._types[self._old["field"][field][1]]) for field in fields]
                values = [*self._static[row[7]], *zeros[len(self._static[row[7]]) :]]
                ordered = sorted(zip(fields, values, strict=True), key=lambda pair: self._new["field"][pair[0]])
                found[~number] = self._static[row[7]] if [f for f, _ in ordered] == fields else [v for _, v in ordered]
        return found

    def _fill(self, number: int, form: str, rows: Iterable[tuple[int, ...]]) -> None:
        data = b"".join(struct.pack(form, *row) for row in rows)
        place = next((place for kind, _, place in self._sections if kind == number), 0)
        self._out[place : place + len(data)] = data

    def _fill_ids(self, lists: dict[int, int], texts: dict[int, int]) -> None:
        old, order, string = self._old, self._order, self._string
        kind, proto = self._new["type"].tolist(), self._new["proto"].tolist()
        self._fill(1, "<L", ((at,) for at in texts.values()))
        self._fill(2, "<L", ((string[self._types[n]],) for n in order["type"]))
        shapes = (old["proto"][n] for n in order["proto"])
        self._fill(3, "<LLL", ((string[self._strings[s]], kind[r], lists[at] if at else 0) for s, r, at in shapes))
        fields = ((old["field"][n], self._fields[n]) for n in order["field"])
        self._fill(4, "<HHL", ((kind[cls], kind[of], string[name]) for (cls, of, _), name in fields))
        methods = ((old["method"][n], self._methods[n]) for n in order["method"])
        self._fill(5, "<HHL", ((kind[cls], proto[shape], string[name]) for (cls, shape, _), name in methods))

    def _fill_classes(self, *places: dict[int, int]) -> None:
        kind = self._new["type"].tolist()
        lists, directories, members, values = ({**place, 0: 0} for place in places)
        rows = (
            (
                kind[c],
                access,
                NONE if s == NONE else kind[s],
                lists[i],
                NONE,
                directories[a],
                members[m],
                values[~n if v else 0],
            )
            for n, (c, access, s, i, _, a, m, v) in enumerate(self._old["class"])
        )
        self._fill(6, "<8L", rows)

    def _fill_calls(self, arrays: dict[int, int]) -> None:
        self._fill(7, "<L", ((arrays[at],) for at in self._calls))
        rows = ((k, a, int(self._new["field" if k < 4 else "method"][n]), b) for k, a, n, b in self._handles)
        self._fill(8, "<4H", rows)

    def _finish(self, start: int) -> None:
        self._out += bytes(-len(self._out) % 4)
        sections = sorted([*self._sections, (0x1000, 1, len(self._out))], key=lambda section: section[2])
        spans = {kind: (count, place) for kind, count, place in sections}
        last = len(self._out)
        self._out += struct.pack("<L", len(sections))
        self._out += b"".join(struct.pack("<HHLL", kind, 0, count, place) for kind, count, place in sections)
        tables = [number for kind in range(1, 7) for number in spans.get(kind, (0, 0))]
        struct.pack_into("<8s", self._out, 0, self._data[:8])
        fields = (len(self._out), 0x70, 0x12345678, 0, 0, last, *tables, len(self._out) - start, start)
        struct.pack_into("<20L", self._out, 32, *fields)
        self._out[12:32] = hashlib.sha1(self._out[32:]).digest()
        struct.pack_into("<L", self._out, 8, zlib.adler32(self._out[12:]))

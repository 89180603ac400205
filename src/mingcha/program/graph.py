"""What each method of a program uses: whom it calls, which objects it makes, which classes, strings and layouts it names.

Everything is a number (see ``index``). What a method uses is a row of *items*: a value, and in the lowest four bits what is
done with it. Items are found by comparing arrays over all instructions of an image; no object is made for a method that is
never reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mingcha.formats.dex import Dex
from mingcha.formats.dexbulk import names, static_numbers
from mingcha.formats.numbers import among, distinct
from mingcha.program.classes import Classes
from mingcha.program.code import Image, Program

Ints = NDArray[np.int64]

VIRTUAL, SUPER, EXACT, STATIC_CALL, NEW, CLASS, TOUCH, STRING, NUMBER = range(9)
"""What is done: a call decided at run time, of the superclass, decided by the type; an object made; a class or a string or
a resource named; a static field used."""


def _kinds() -> NDArray[np.int8]:
    table = np.full(256, -1, np.int8)
    for base in (0x6E, 0x74):
        table[base : base + 5] = (VIRTUAL, SUPER, EXACT, STATIC_CALL, VIRTUAL)
    table[[0x22, 0x1C, 0x1A, 0x1B, 0x14, 0x15]] = (NEW, CLASS, STRING, STRING, NUMBER, NUMBER)
    table[0x60:0x6E] = TOUCH
    return table


_KIND = _kinds()
_PIECE = 1 << 20
_SGET = 0x60
_RESOURCES = (b"/R$id;", b"/R$layout;", b"/R$string;")


class Graph(Classes):
    """The classes and methods of a program, and what each method uses.

    ``strings`` are texts, ``numbers`` resource ids that somebody wants to know the use of, and texts that hold one of ``like``
    (small letters) count as well; a ``STRING`` item's value is the place in ``strings``.
    """

    def __init__(
        self,
        program: Program,
        strings: Iterable[bytes] = (),
        numbers: Iterable[int] = (),
        like: Sequence[bytes] = (),
    ) -> None:
        super().__init__(program)
        self._like = like
        self._wanted = {text: place for place, text in enumerate(dict.fromkeys(strings))}
        self._numbers = frozenset(numbers)
        self._constants = [_resource_numbers(image.dex) for image in program.images]
        self._used = [self._uses(number, image) for number, image in enumerate(program.images)]
        self.strings: list[bytes] = list(self._wanted)

    # --- what methods use --------------------------------------------------------------------------------------

    def _uses(self, number: int, image: Image) -> tuple[Ints, Ints, Ints, Ints]:
        """Units and items of all instructions that count, and for each method the first and end of its own."""
        dex, at = image.dex, image.dex.instructions
        strings = self._string_places(dex, at)
        pieces = [self._items(number, dex, strings, at[low : low + _PIECE]) for low in range(0, len(at), _PIECE)]
        empty = np.empty(0, np.int64)
        units = np.concatenate([empty, *(piece[0] for piece in pieces)])
        items = np.concatenate([empty, *(piece[1] for piece in pieces)])
        low, high = (np.searchsorted(units, edge) for edge in (dex.methods.first, dex.methods.end))
        return units, items, low, high

    def _items(self, number: int, dex: Dex, strings: Ints, at: Ints) -> tuple[Ints, Ints]:
        units = dex.units
        kind = _KIND[units[at] & 0xFF]
        at, kind = at[kind >= 0], kind[kind >= 0].astype(np.int64)
        last = len(units) - 1
        low = units[np.minimum(at + 1, last)].astype(np.int64)
        opcode = units[at] & 0xFF
        wide = np.flatnonzero((opcode == 0x1B) | (opcode == 0x14))
        value = low.copy()
        value[wide] |= units[np.minimum(at[wide] + 2, last)].astype(np.int64) << 16
        value[opcode == 0x15] <<= 16
        refs, types = self.index.refs[number], self.index.types[number]
        fields = types[np.minimum(dex.tables.fields["cls"].astype(np.int64), max(len(types) - 1, 0))]
        for kinds, table in (
            ((VIRTUAL, STATIC_CALL), refs),
            ((NEW, CLASS), types),
            ((TOUCH, TOUCH), fields),
            ((STRING, STRING), strings),
        ):
            mine = np.flatnonzero((kind >= kinds[0]) & (kind <= kinds[1]))
            value[mine] = _looked_up(table, value[mine])
        self._name_constants(number, opcode, kind, value, low)
        mine = kind == NUMBER
        value[mine] = np.where(among(value[mine], self._numbers), value[mine], -1)
        known = value >= 0
        return at[known], value[known] << 4 | kind[known]

    def _name_constants(self, number: int, opcode: Ints, kind: Ints, value: Ints, field: Ints) -> None:
        """Make reads of resource numbers that stand in fields of ``R`` classes what they stand for."""
        constants = self._constants[number]
        reads = np.flatnonzero(opcode == _SGET) if constants else np.empty(0, np.int64)
        for place in reads[among(field[reads], constants)].tolist():
            kind[place], value[place] = NUMBER, constants[int(field[place])]

    def constant(self, image: int, field: int) -> int | None:
        """The resource number that a static field of an ``R`` class holds."""
        return self._constants[image].get(field)

    def _string_places(self, dex: Dex, at: Ints) -> Ints:
        """For each string of the image its place among the wanted ones, or -1; class names of the app are wanted too."""
        units = dex.units
        opcode = units[at] & 0xFF
        short, long = at[opcode == 0x1A], at[opcode == 0x1B]
        used = np.zeros(max(dex.string_count, 0x10000), np.bool_)
        used[units[np.minimum(short + 1, len(units) - 1)]] = True
        high = (
            units[np.minimum(long + 1, len(units) - 1)].astype(np.int64)
            | units[np.minimum(long + 2, len(units) - 1)].astype(np.int64) << 16
        )
        used[high[high < len(used)]] = True
        numbers = np.flatnonzero(used[: dex.string_count])
        places = np.full(dex.string_count, -1, np.int64)
        texts = names(dex, numbers)
        like = _holding(texts, self._like)
        for number, text in zip(numbers.tolist(), texts, strict=True):
            place = self._wanted.get(text)
            if place is None and (text in like or self.class_named(text) is not None):
                place = self._wanted[text] = len(self._wanted)
            if place is not None:
                places[number] = place
        return places

    def class_named(self, text: bytes) -> int | None:
        """The app's class that a text names as Java writes it (``a.b.C``) or as it stands in DEX files."""
        if b"." not in text and b"/" not in text:
            return None
        inner = text.replace(b".", b"/")
        return self.number(inner if inner[:1] == b"L" and inner[-1:] == b";" else b"L%b;" % inner)

    def items(self, method: int) -> list[int]:
        """What a method uses, in the order of its instructions."""
        image = self.program.image_of(method)
        _, items, low, high = self._used[image]
        row = method - self.program.bases[image]
        mine: list[int] = items[low[row] : high[row]].tolist()
        return mine

    def sites(self, method: int) -> list[tuple[int, int]]:
        """The same with the unit of each instruction."""
        image = self.program.image_of(method)
        units, items, low, high = self._used[image]
        row = method - self.program.bases[image]
        here = slice(low[row], high[row])
        return list(zip(units[here].tolist(), items[here].tolist(), strict=True))

    def users(self, items: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Every method that uses one of these items, with the unit where it does."""
        _, methods, units = self.by_item
        rows = self._rows_of(items)
        methods, units = methods[rows], units[rows]
        image = np.searchsorted(self.program.bases, methods, side="right")
        order = np.lexsort((methods, units, image))
        yield from zip(methods[order].tolist(), units[order].tolist(), strict=True)

    def accesses(self, field: bytes, opcodes: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Every method that reads or writes a field (``Lcls;->name:type``) by one of these instructions."""
        cls, _, member = field.partition(b"->")
        name, _, kind = member.partition(b":")
        for number, image in enumerate(self.program.images):
            index = _field(image.dex, cls, name, kind)
            if index is not None:
                dex, at = image.dex, image.dex.instructions
                at = at[among(dex.units[at] & 0xFF, opcodes)]
                yield from self._methods_at(number, at[dex.units[np.minimum(at + 1, len(dex.units) - 1)] == index])

    def _methods_at(self, number: int, units: Ints) -> Iterator[tuple[int, int]]:
        """The methods whose code these units are, all that share it."""
        first = self.program.images[number].dex.methods.first
        right = np.searchsorted(first, units, side="right")
        left = np.searchsorted(first, first[right - 1]) if len(units) else right
        for unit, low, high in zip(units.tolist(), left.tolist(), right.tolist(), strict=True):
            yield from ((self.program.bases[number] + row, unit) for row in range(low, high))

    def unmade(self) -> frozenset[int]:
        """Classes of which, or of whose subclasses, no method makes an object."""
        made: set[int] = set()
        for cls in self.mentioned[NEW]:
            made.update(self.ancestors(cls) if cls in self._home else ())
        return frozenset(cls for cls in self._home if cls not in self._abstract and cls not in made)

    @cached_property
    def by_item(self) -> tuple[Ints, NDArray[np.int32], NDArray[np.int32]]:
        """All items of all methods in ascending order, with the method and the unit."""
        items, methods, units = [np.empty(0, np.int64)], [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for base, (at, there, low, high) in zip(self.program.bases, self._used, strict=True):
            size = high - low
            rows = np.repeat(low - (np.cumsum(size) - size), size)
            rows += np.arange(len(rows))
            items.append(there[rows])
            units.append(at[rows].astype(np.int32))
            methods.append(np.repeat(np.arange(len(size), dtype=np.int32) + np.int32(base), size))
        whole = np.concatenate(items)
        order = np.argsort(whole)
        return whole[order], np.concatenate(methods)[order], np.concatenate(units)[order]

    def _rows_of(self, items: Iterable[int]) -> Ints:
        """Where in ``by_item`` some items stand."""
        there = self.by_item[0]
        ascending = np.array(sorted(set(items)), np.int64)
        low, high = np.searchsorted(there, ascending), np.searchsorted(there, ascending, side="right")
        size = high - low
        rows: Ints = np.repeat(low - (np.cumsum(size) - size), size)
        return rows + np.arange(len(rows))

    def using(self, items: Iterable[int]) -> list[int]:
        """Methods that use one of these items, each once."""
        found: list[int] = distinct(self.by_item[1][self._rows_of(items)]).tolist()
        return found

    @cached_property
    def mentioned(self) -> Mapping[int, set[int]]:
        """Values that any method at all uses, by kind."""
        items = self.by_item[0]
        whole = items[np.flatnonzero(np.diff(items, prepend=-1))]
        return {kind: set((whole[whole & 15 == kind] >> 4).tolist()) for kind in (NEW, CLASS, STRING)}


def _holding(texts: list[bytes], wanted: Sequence[bytes]) -> set[bytes]:
    """Those of the texts that hold one of these, whatever the case of letters; looked for in all of them at once."""
    whole = b"\0".join(texts).lower() if wanted else b""
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    found: set[bytes] = set()
    for one in wanted:
        at = whole.find(one)
        while at >= 0:
            place = int(np.searchsorted(ends, at, side="right"))
            found.add(texts[place])
            at = whole.find(one, int(ends[place]))
    return found


def _looked_up(table: Ints, place: Ints) -> Ints:
    """Values of a table, -1 where there is none."""
    if not len(table):
        return np.full(len(place), -1, np.int64)
    found: Ints = np.where(place < len(table), table[np.minimum(place, len(table) - 1)], -1)
    return found


def _resource_numbers(dex: Dex) -> dict[int, int]:
    """What the fields of ``R`` classes hold, where the build tools left them as fields."""
    found: dict[int, int] = {}
    for row, descriptor in enumerate(dex.class_descriptors()):
        if descriptor.endswith(_RESOURCES):
            found |= static_numbers(dex, row)
    return found


def _field(dex: Dex, cls: bytes, name: bytes, kind: bytes) -> int | None:
    """The number of a field in an image, or None where the image does not name it."""
    numbers = dex.find_type(cls), dex.find_string(name), dex.find_type(kind)
    if None in numbers:
        return None
    fields = dex.tables.fields
    found = np.flatnonzero(
        (fields["cls"] == numbers[0]) & (fields["name"] == numbers[1]) & (fields["type"] == numbers[2])
    )
    return int(found[0]) if len(found) else None

"""Which methods are worth interpreting: those that information was met in, and those that call them or read what they keep.

Everything else is passed over, unless something that carries information is handed to it: an app's code is large, and the
part that handles personal information small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mingcha.program.code import Program
from mingcha.program.graph import EXACT, NEW, STATIC_CALL, SUPER, VIRTUAL, Graph
from mingcha.program.spread import Spread

Ints = NDArray[np.int64]
STATIC_READS, OBJECT_READS = range(0x60, 0x67), range(0x52, 0x59)
"""Opcodes that read static fields, and fields of objects."""


CALLS = frozenset({VIRTUAL, SUPER, EXACT, STATIC_CALL})
STATIC_WRITES, STRINGS = range(0x67, 0x6E), range(0x1A, 0x1C)


def writes(program: Program, cls: bytes, name: bytes) -> list[tuple[int, int]]:
    """Every method and unit that writes a static field of the app, in any image."""
    return list(_users(program, [(cls, name)], STATIC_WRITES))


class Relevance:
    """``methods`` grows: those that information was seen to enter or to come back from."""

    def __init__(self, graph: Graph, spread: Spread) -> None:
        self._graph = graph
        self._spread = spread
        self.methods: set[int] = set()
        self._single: dict[bytes, bool] = {}

    @cached_property
    def _entering(self) -> dict[int, list[int]]:
        """Method → the items by which it is entered."""
        found: dict[int, list[int]] = defaultdict(list)
        for item, methods in self._spread.entered.items():
            for method in methods:
                found[method].append(item)
        return found

    @cached_property
    def _by_item(self) -> tuple[Ints, Ints]:
        """All items in ascending order, and the method that uses each."""
        items, methods = self._graph.all_items()
        order = np.argsort(items, kind="stable")
        return items[order], methods[order]

    def _users(self, wanted: set[int]) -> list[int]:
        items, methods = self._by_item
        ascending = np.array(sorted(wanted), np.int64)
        low, high = np.searchsorted(items, ascending), np.searchsorted(items, ascending, side="right")
        found = [methods[a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True) if b > a]
        reached = self._spread.label
        return [m for m in np.unique(np.concatenate(found)).tolist() if m in reached] if found else []

    # --- places --------------------------------------------------------------------------------------------------

    def mentioning(self, texts: Iterable[str]) -> set[int]:
        """Methods that name one of these strings."""
        found: set[int] = set()
        for image, one in enumerate(self._graph.program.images):
            dex = one.dex
            numbers = {dex.find_string(text.encode()) for text in texts} - {None}
            if numbers:
                known = [number for number in numbers if number is not None]
                found.update(method for method, _ in _at(self._graph.program, image, STRINGS, known))
        return found

    def reached(self) -> Collection[int]:
        """Methods that can run."""
        return self._spread.label

    def callers(self, method: int) -> list[int]:
        """Methods that enter this one, by a call or by handing over an object that Android calls."""
        return self._users(set(self._entering.get(method, ())))

    def calls(self, method: int) -> list[tuple[int, int]]:
        """Places in methods that can run from which this one is called; with another item among them none at all."""
        items = self._entering.get(method, [])
        if any(item & 15 not in CALLS for item in items):
            return []
        return [(m, unit) for m, unit in self._graph.users(items) if m in self._spread.label]

    def single(self, descriptor: bytes) -> bool:
        """Whether reached code makes objects of a class in one place only."""
        known = self._single.get(descriptor)
        if known is None:
            number = self._graph.number(descriptor)
            known = number is not None and len(self._users({number << 4 | NEW})) <= 1
            self._single[descriptor] = known
        return known

    def reading(self, fields: Iterable[tuple[bytes, bytes]], opcodes: range) -> set[int]:
        """Methods that read one of these fields, given as class and name."""
        return {method for method, _ in _users(self._graph.program, fields, opcodes)}


def _users(program: Program, fields: Iterable[tuple[bytes, bytes]], opcodes: range) -> Iterator[tuple[int, int]]:
    """Methods and units with an instruction of these opcodes on one of these fields."""
    wanted = list(fields)
    for image, one in enumerate(program.images):
        dex, numbers = one.dex, []
        for cls, name in wanted:
            kind = dex.find_type(cls)
            ids = dex.fields_of(kind) if kind is not None else ()
            numbers += [n for n in ids if dex.member_bytes(n, field=True) == name]
        if numbers:
            yield from _at(program, image, opcodes, numbers)


def _at(program: Program, image: int, opcodes: range, numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Methods and units with an instruction of these opcodes and one of these numbers behind it."""
    at, value = program.naming(image, opcodes)
    units = at[np.isin(value, np.array(sorted(numbers), np.int64))]
    rows = np.searchsorted(program.images[image].dex.methods.first, units, side="right") - 1
    return list(zip((program.bases[image] + rows).tolist(), units.tolist(), strict=True))

"""Which methods are worth interpreting: those that information was met in, and those that call them or read what they keep.

Everything else is passed over, unless something that carries information is handed to it: an app's code is large, and the
part that handles personal information small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mingcha.program.fields import found_at, users
from mingcha.program.graph import EXACT, NEW, STATIC_CALL, SUPER, VIRTUAL, Graph
from mingcha.program.spread import Spread

STATIC_READS, OBJECT_READS = range(0x60, 0x67), range(0x52, 0x59)
"""Opcodes that read static fields, and fields of objects."""
CALLS = frozenset({VIRTUAL, SUPER, EXACT, STATIC_CALL})
STRINGS = range(0x1A, 0x1C)


class Relevance:
    """``methods`` grows: those that information was seen to enter or to come back from."""

    def __init__(self, graph: Graph, spread: Spread) -> None:
        self._graph = graph
        self._spread = spread
        self.methods: set[int] = set()
        self._single: dict[bytes, bool] = {}

    def _users(self, wanted: set[int]) -> list[int]:
        reached = self._spread.label
        return [method for method in self._graph.using(wanted) if method in reached]

    # --- places --------------------------------------------------------------------------------------------------

    def mentioning(self, texts: Iterable[str]) -> set[int]:
        """Methods that name one of these strings."""
        found: set[int] = set()
        for image, one in enumerate(self._graph.program.images):
            dex = one.dex
            numbers = {dex.find_string(text.encode()) for text in texts} - {None}
            if numbers:
                known = [number for number in numbers if number is not None]
                found.update(method for method, _ in found_at(self._graph.program, image, STRINGS, known))
        return found

    def reached(self) -> Collection[int]:
        """Methods that can run."""
        return self._spread.label

    def callers(self, method: int) -> list[int]:
        """Methods that enter this one, by a call or by handing over an object that Android calls."""
        return self._users(set(self._spread.entering.get(method, ())))

    def calls(self, method: int) -> list[tuple[int, int]]:
        """Places in methods that can run from which this one is called; with another item among them none at all."""
        items = self._spread.entering.get(method, [])
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
        return {method for method, _ in users(self._graph.program, fields, opcodes)}

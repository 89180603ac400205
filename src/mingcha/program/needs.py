"""Which parameters of a method it may hang on what it returns: the others need not be known to find that out."""

from __future__ import annotations

from collections.abc import Container

from mingcha.program.answers import Answers
from mingcha.program.control import registers_asked
from mingcha.program.graph import Graph
from mingcha.program.symbols import Symbols

_ALL = frozenset(range(0x100))


class Needs:
    """Parameters by method, found when asked for. Of the ``whole`` methods all count."""

    def __init__(self, graph: Graph, symbols: Symbols, answers: Answers, whole: Container[int]) -> None:
        self._graph = graph
        self._symbols = symbols
        self._answers = answers
        self._whole = whole
        self._known: dict[int, frozenset[int]] = {}

    def of(self, method: int) -> frozenset[int]:
        """Places of the parameters, as expressions count them."""
        known = self._known.get(method)
        if known is None:
            known = self._known[method] = self._find(method)
        return known

    def _find(self, method: int) -> frozenset[int]:
        body = self._symbols.body(method)
        if body is None or method in self._whole:
            return _ALL
        refs = self._graph.index.refs[self._graph.program.image_of(method)]
        first = body.registers - body.inputs
        asked = registers_asked(body, lambda number: number < len(refs) and self._matters(int(refs[number])))
        return frozenset(one - first for one in asked if one >= first)

    def _matters(self, ref: int) -> bool:
        """Whether what a call gives hangs on its arguments, as far as anybody knows."""
        index = self._graph.index
        return self._graph.defined(index.ref_class[ref]) or index.ref_signature[ref] in self._answers.signatures

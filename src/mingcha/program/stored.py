"""Class names that code keeps in a field and looks up later: which texts are handed to the methods that write such a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mingcha.formats.numbers import among
from mingcha.program.fields import users
from mingcha.program.graph import EXACT, STATIC_CALL, VIRTUAL, Graph
from mingcha.program.symbols import Expression, Symbols

_TEXT = b":Ljava/lang/String;"
_READS = (0x54, 0x62)
_WRITES = (range(0x5B, 0x5C), range(0x69, 0x6A))
"""Opcodes that read and write fields that hold objects."""


class Stored:
    """Fields found when asked for; each is looked at once."""

    def __init__(self, graph: Graph, symbols: Symbols) -> None:
        self._graph = graph
        self._symbols = symbols
        self._text_types = [image.dex.find_type(_TEXT[1:]) for image in graph.program.images]
        self._known: dict[bytes, tuple[tuple[int, bytes], ...]] = {}

    def looked_up(self, methods: Iterable[int], refs: set[int]) -> Iterator[bytes]:
        """Fields whose text these methods give to one of these references."""
        for method in methods:
            reading = self._symbols.of(method) if self._reads(method) else None
            for _, _, ref, arguments in reading.calls if reading else ():
                for one in arguments if ref in refs else ():
                    if isinstance(one, tuple) and one[0] == "get" and one[1].endswith(_TEXT):
                        yield one[1]

    def _reads(self, method: int) -> bool:
        """Whether a method reads a field that holds a text."""
        program = self._graph.program
        image = program.image_of(method)
        dex = program.images[image].dex
        at = dex.instructions_of(method - program.bases[image])
        at = at[among(dex.units[at] & 0xFF, _READS)]
        kind = self._text_types[image]
        return kind is not None and bool((dex.tables.fields["type"][dex.units[at + 1]] == kind).any())

    def texts(self, field: bytes) -> tuple[tuple[int, bytes], ...]:
        """Texts that come to stand in a field, and the methods that name them."""
        if field not in self._known:
            self._known[field] = tuple(dict.fromkeys(self._find(field)))
        return self._known[field]

    def _find(self, field: bytes) -> Iterator[tuple[int, bytes]]:
        cls, _, member = field.partition(b"->")
        for method, unit in self._writers(cls, member.partition(b":")[0]):
            reading = self._symbols.of(method)
            for at, _, value in reading.writes if reading else ():
                if at == unit and isinstance(value, tuple):
                    yield from self._handed(method, value)

    def _writers(self, cls: bytes, name: bytes) -> Iterator[tuple[int, int]]:
        for opcodes in _WRITES:
            yield from users(self._graph.program, [(cls, name)], opcodes)

    def _handed(self, method: int, value: Expression) -> Iterator[tuple[int, bytes]]:
        """The text itself, or what the callers of a method give for its parameter."""
        if value[0] == "text":
            yield method, value[1]
        if value[0] != "arg":
            return
        graph = self._graph
        refs = {
            ref
            for ref in graph.index.refs_of_signature(graph.method_signature[method])
            if graph.resolve(graph.index.ref_class[ref], graph.method_signature[method]) == method
        }
        for caller in graph.using(ref << 4 | kind for ref in refs for kind in (VIRTUAL, EXACT, STATIC_CALL)):
            reading = self._symbols.of(caller)
            for _, _, ref, arguments in reading.calls if reading else ():
                given = arguments[value[1]] if ref in refs and value[1] < len(arguments) else None
                if isinstance(given, tuple) and given[0] == "text":
                    yield caller, given[1]

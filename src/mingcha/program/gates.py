"""What an agreement opens: callbacks of agree controls, branches on the control, branches on a flag that they alone write.

A flag is a gate where every place that may write anything but its default has been found behind an agreement, and there is
one. A place whose key is not known counts as writing every flag of its own package. So a gate is only ever believed after
everything that runs without an agreement has been followed without it.
"""

from __future__ import annotations

from collections.abc import Callable

from mingcha.formats.dex import text
from mingcha.program.callbacks import Callbacks
from mingcha.program.consent import Consent, Edge
from mingcha.program.flags import Flag, Flags, Write
from mingcha.program.graph import Graph
from mingcha.program.surroundings import Surroundings
from mingcha.program.symbols import Reading, Symbols

_NOTHING: frozenset[int] = frozenset()


class Gates:
    """The gates of one program. ``units`` and ``items`` say what of a method they hold back."""

    def __init__(self, graph: Graph, symbols: Symbols, callbacks: Callbacks, around: Surroundings) -> None:
        self._graph = graph
        self._symbols = symbols
        consent = Consent(graph, self._symbols, callbacks, around)
        self.callbacks = consent.callbacks
        self._edges = consent.edges
        self._valid: set[Flag] = set()
        self._flags: Flags | None = None
        self._units: dict[int, frozenset[int]] = {}
        self._items: dict[int, frozenset[int]] = {}
        self._conditions: dict[int, list[tuple[int, str]]] = {}
        for method, edges in self._edges.items():
            for edge in edges:
                self._explain(method, edge, "agree")
            self._close(method)

    def __bool__(self) -> bool:
        """Whether there is anything that says agree."""
        return bool(self.callbacks or self._edges)

    @property
    def methods(self) -> list[int]:
        """Methods of which something is held back."""
        return list(self._items)

    def units(self, method: int) -> frozenset[int]:
        """Units of a method that run only behind a gate."""
        return self._units.get(method, _NOTHING)

    def items(self, method: int) -> frozenset[int]:
        """Items of a method that stand nowhere but behind a gate."""
        return self._items.get(method, _NOTHING)

    def condition(self, method: int) -> tuple[int, str] | None:
        """The first branch of a method that is a gate: its unit, and the key of the flag or the word for an agree control."""
        return min(self._conditions.get(method, ()), default=None)

    def learn(self, reached: Callable[[Write], bool | None]) -> bool:
        """Close the branches on flags that are written behind gates alone; whether any was.

        ``reached`` tells of a place that writes whether it runs without an agreement; None: it never runs.
        """
        if self._flags is None:
            self._flags = Flags(self._graph, self._symbols)
        flags = self._flags
        fresh = {branch.flag for branch in flags.branches} - self._valid
        fresh = {flag for flag in fresh if self._is_gate(flag, flags, reached)}
        self._valid |= fresh
        for branch in flags.branches:
            if branch.flag in fresh:
                self._edges.setdefault(branch.method, set()).add(branch.edge)
                self._explain(branch.method, branch.edge, text(branch.flag.key))
        for method in {branch.method for branch in flags.branches if branch.flag in fresh}:
            self._close(method)
        return bool(fresh)

    def _is_gate(self, flag: Flag, flags: Flags, reached: Callable[[Write], bool | None]) -> bool:
        named = [write for write in flags.writes if write.key == flag.key and flag.told_by(write)]
        if not named:
            return False
        home = {self._package(write.method) for write in named}
        home |= {self._package(branch.method) for branch in flags.branches if branch.flag == flag}
        unnamed = [write for write in flags.writes if write.key is None and self._package(write.method) in home]
        answers = [reached(write) for write in (*named, *unnamed)]
        return True not in answers and False in answers[: len(named)]

    def _package(self, method: int) -> bytes:
        """The first two parts of a class's package: whose code it is, near enough."""
        return b"/".join(self._graph.descriptor(self._graph.method_class[method]).split(b"/")[:2])

    def _explain(self, method: int, edge: Edge, why: str) -> None:
        reading = self._symbols.of(method)
        if reading is not None:
            choice = reading.branches.get(edge.block) or reading.switches.get(edge.block)
            if choice is not None:
                self._conditions.setdefault(method, []).append((choice[0], why))

    def _close(self, method: int) -> None:
        """Hold back what cannot be reached in a method with its edges cut."""
        reading = self._symbols.of(method)
        if reading is None:
            return
        open_ = _reachable(reading, self._edges[method])
        held = frozenset(unit for unit, block in reading.blocks.items() if block not in open_)
        sites = self._graph.sites(method)
        free = {item for unit, item in sites if unit not in held}
        self._units[method] = held
        self._items[method] = frozenset(item for unit, item in sites if unit in held and item not in free)


def _reachable(reading: Reading, cut: set[Edge]) -> set[int]:
    """Blocks that run without one of these edges being taken."""
    seen, waiting = {0}, [0]
    while waiting:
        block = waiting.pop()
        for target in (*reading.body.blocks[block].after, *reading.body.blocks[block].caught):
            if target not in seen and Edge(block, target) not in cut:
                seen.add(target)
                waiting.append(target)
    return seen

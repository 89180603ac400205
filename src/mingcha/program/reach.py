"""When each method of an app can run: at the start, after a person's act, after an agreement, never, or not known.

The methods are reached in rounds, the earliest possible first: the moments of the start in Android's order; then what others
may start at any time; then what a person's acts start; last what an agreement opens. A method belongs to the first round
that reaches it, so that nothing is put behind an agreement that can run without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mingcha.model.android import Callback
from mingcha.model.words import Reach as Word
from mingcha.model.words import StepKind
from mingcha.program import agree, roots
from mingcha.program.byname import ByName
from mingcha.program.callbacks import Callbacks
from mingcha.program.code import Program
from mingcha.program.flags import Write
from mingcha.program.gates import Gates
from mingcha.program.graph import Graph
from mingcha.program.naming import Naming
from mingcha.program.relevance import Relevance
from mingcha.program.settled import Settled
from mingcha.program.spread import Outside, Spread, Way
from mingcha.program.stored import Stored
from mingcha.program.surroundings import Surroundings
from mingcha.program.symbols import Symbols
from mingcha.program.trail import Trail

_ENTRY = Way(-1, -1, late=False)
_PASSES = 3
"""Flags behind flags behind flags."""
_LONGEST = 64
"""Steps of a path that anybody would read."""


class PathStep(NamedTuple):
    """A step of a path: what ``method`` does, and the image (its key) and byte where it does it."""

    method: str
    does: StepKind
    image: int
    at: int
    quote: str


class Found(NamedTuple):
    """When a place can run; ``order`` numbers the moments of the start."""

    reach: Word
    order: int | None = None
    steps: tuple[PathStep, ...] = ()


class Reach:
    """When each instruction of a program can run. ``opaque``: other code may be there that is not seen."""

    def __init__(self, program: Program, around: Surroundings, callbacks: Iterable[Callback], *, opaque: bool) -> None:
        self._program = program
        self._opaque = opaque or not around.package
        layouts = _layouts(around)
        numbers = {*layouts, *agree.controls(around)}
        actions = [action.encode() for action in roots.actions(around)]
        self.graph = graph = Graph(program, actions, numbers, agree.LIKE)
        self._symbols = symbols = Symbols(graph)
        stored = Stored(graph, symbols)
        components = frozenset(_numbers(graph, (one.cls for one in around.components)))
        handlers = {view.on_click for view in around.views if view.on_click}
        self._outside = Outside(
            Callbacks(graph, callbacks, handlers),
            Naming(graph, stored),
            ByName(graph, symbols, stored),
            {number: _classes(graph, found) for number, found in layouts.items()},
            _listening(graph, around),
            components,
            frozenset(_numbers(graph, _fixed(around))),
            graph.unmade() - components,
        )
        self._around = around
        self._leaving = roots.leaving(graph)
        self._edges: dict[int, tuple[PathStep, ...]] = {}
        self._gates = Gates(graph, symbols, self._outside.callbacks, around)
        self._all_rounds()
        for _ in range(_PASSES if self._gates else 0):
            if not self._gates.learn(self._runs_freely):
                break
            self._all_rounds()
        self._trail = self._ways()

    def _ways(self) -> Trail:
        """The ways that are left where conditions are known; what is left out runs never, or unseen code runs it."""
        spread = self._spread
        settled = Settled(self.graph, self._symbols, self._around, spread.entering, spread.entered, spread.label)
        return Trail(self.graph, self._outside, spread, settled, self._gates, len(self._rounds) - 3)

    def _all_rounds(self) -> None:
        """Follow the whole program anew."""
        self._rounds: list[tuple[Word, int | None]] = []
        self._spread = Spread(self.graph, self._outside, self._gates.items, self._gates.callbacks, self._leaving)
        for order, moment in enumerate(roots.startup(self._around, self.graph)):
            self._begin("startup", order)
            self._enter(moment)
        if roots.leaves(self.graph, self._spread.label):
            self._spread.leave()
        self._begin("unknown")
        self._spread.leave()
        self._spread.doubt()
        self._enter(roots.unordered(self._around, self.graph))
        self._begin("user-act")
        self._spread.act()
        self._begin("consent-gated")
        self._spread.open(self._gates.methods)

    def _begin(self, word: Word, order: int | None = None) -> None:
        self._spread.round = len(self._rounds)
        self._rounds.append((word, order))

    def _enter(self, entered: Sequence[roots.Root]) -> None:
        spread = self._spread
        for root in entered:
            spread.construct(root.cls, _ENTRY, free=False)
            for text in root.calls:
                signature = self.graph.index.find_signature(text)
                if signature is not None:
                    spread.enter(self.graph.resolve(root.cls, signature), _ENTRY)
        spread.grow()
        for root in entered:
            if root.free:
                spread.construct(root.cls, _ENTRY)
        spread.grow()

    def _runs_freely(self, write: Write) -> bool | None:
        """Whether a place runs without an agreement; None: it never runs, as far as all code is seen."""
        label = self._spread.label.get(write.method)
        if label is None:
            return True if self._opaque else None
        return not (self._rounds[label][0] == "consent-gated" or write.unit in self._gates.units(write.method))

    def relevance(self) -> Relevance:
        """A search for the methods that lead to given places, along the edges followed here."""
        return Relevance(self.graph, self._spread)

    # --- answers -----------------------------------------------------------------------------------------------

    def at(self, method: int, unit: int, callee: str) -> Found:
        """When the instruction at ``unit`` of a method can run; ``callee`` is what it reads or calls."""
        label = self._spread.label.get(method)
        if label is not None and self._rounds[label][0] == "startup":
            label = self._trail.of(method).round if self._trail.runs(method, unit) else None
        if label is None:
            return Found("unknown" if self._opaque else "unreached")
        word, order = self._rounds[label]
        if unit in self._gates.units(method):
            word, order = "consent-gated", None
        here = (self._step(method, "reads", unit, callee), *self._gate(method, unit))
        return Found(word, order, (*self._path(method), *reversed(here)))

    def _path(self, method: int) -> tuple[PathStep, ...]:
        steps: list[PathStep] = []
        while len(steps) < _LONGEST:
            way = self._trail.way(method)
            if way.method < 0:
                name = self._program.method(method).full
                unit = self._first_unit(method)
                steps.append(self._step(method, "enters", unit, name))
                break
            known = self._edges.get(method)
            if known is None:
                known = self._edges[method] = tuple(self._edge(method, way))
            steps += known
            method = way.method
        return tuple(reversed(steps))

    def _edge(self, method: int, way: Way) -> Iterator[PathStep]:
        """The instruction of the earlier method by which the later one runs, and the gate before it, if there is one."""
        unit = self._trail.unit(way.method, way.item)
        does: StepKind = "calls"
        if way.late:
            does = "registers" if method in self._spread.by_user else "starts"
        yield self._step(way.method, does, unit, self._program.method(method).full)
        yield from self._gate(way.method, unit)

    def _gate(self, method: int, unit: int) -> Iterator[PathStep]:
        """The branch that an instruction stands behind."""
        condition = self._gates.condition(method) if unit in self._gates.units(method) else None
        if condition is not None:
            yield self._step(method, "reads", condition[0], f'if "{condition[1]}"')

    def _first_unit(self, method: int) -> int:
        image = self._program.image_of(method)
        return int(self._program.images[image].dex.methods.first[method - self._program.bases[image]])

    def _step(self, method: int, does: StepKind, unit: int, quote: str) -> PathStep:
        image = self._program.images[self._program.image_of(method)]
        return PathStep(self._program.method(method).full, does, image.key, 2 * unit, quote)


def _layouts(around: Surroundings) -> Mapping[int, set[str]]:
    """Classes that each layout names."""
    found: dict[int, set[str]] = {}
    for view in around.views:
        if "." in view.cls:
            found.setdefault(view.layout, set()).add(view.cls)
    return found


def _classes(graph: Graph, found: Iterable[str]) -> tuple[int, ...]:
    numbers = (graph.class_named(name.encode()) for name in sorted(found))
    return tuple(number for number in numbers if number is not None)


def _numbers(graph: Graph, descriptors: Iterable[bytes]) -> Iterator[int]:
    numbers = map(graph.number, descriptors)
    yield from (number for number in numbers if number is not None)


def _fixed(around: Surroundings) -> Iterator[bytes]:
    if around.application:
        yield around.application
    yield from (one.cls for one in around.components if one.kind == "provider")


def _listening(graph: Graph, around: Surroundings) -> Mapping[bytes, tuple[int, ...]]:
    """Components by the actions of the app's own that they listen to."""
    found: dict[bytes, tuple[int, ...]] = {}
    for one in around.components:
        actions = {action.encode() for f in one.filters for action in f.actions}
        for cls in _numbers(graph, (one.cls,)):
            found |= {action: (*found.get(action, ()), cls) for action in actions}
    return found

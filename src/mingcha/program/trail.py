"""The ways by which methods run at the start, followed back to where Android enters, past every branch that is never taken.

The search that reaches methods (``spread``) takes every instruction for one that can run. Here, for the places somebody asks
about, each step of the way is held against what is settled; where a step cannot be, other ways are looked for among all
callers. What is left decides in which round the method runs, if at all.
"""

from __future__ import annotations

from typing import NamedTuple

from mingcha.program.gates import Gates
from mingcha.program.graph import CLASS, NEW, STRING, VIRTUAL, Graph
from mingcha.program.relevance import CALLS
from mingcha.program.settled import Settled
from mingcha.program.spread import Outside, Spread, Way

_MOST = 4_000
"""Methods and classes among which other ways are looked for; after that the first way is believed."""

_OFTEN = 64
"""After how many of them it is first asked whether that is enough; then each time that they are half as many again."""


class Step(NamedTuple):
    """The round in which a method runs, and how it is entered; ``round`` None: it never runs."""

    round: int | None
    way: Way


class Edge(NamedTuple):
    """One way into a method or class, and the classes of which there must be an object for it (none: no object at all)."""

    way: Way
    round: int
    receivers: tuple[int, ...] = ()


Waiting = tuple[int, Edge]
"""A method or class, and a way into it for which there is no object yet."""


class Trail:
    """``start`` is the number of rounds of the start; the last three are the unknown, the person's and the agreement's.

    A method stands under its number, the objects of a class under ``~class``.
    """

    def __init__(
        self, graph: Graph, outside: Outside, spread: Spread, settled: Settled, gates: Gates, start: int
    ) -> None:
        self._graph = graph
        self._outside = outside
        self._spread = spread
        self._settled = settled
        self._gates = gates
        self._start = start
        self._steps: dict[int, Step] = {}
        self._doubted: set[int] = set()
        self._units: dict[tuple[int, int], tuple[int, bool]] = {}
        self._receivers: dict[tuple[int, int], tuple[int, ...]] = {}

    def of(self, method: int) -> Step:
        """How a method that was reached runs."""
        if method not in self._steps and not self._believed(method):
            self._search(method)
        return self._steps[method]

    def way(self, method: int) -> Way:
        """How a method is entered, by the way that is left or the one that was found first."""
        known = self._steps.get(method)
        return self._spread.ways[method] if known is None else known.way

    def runs(self, method: int, unit: int) -> bool:
        """Whether an instruction of a method that runs can run itself."""
        return self._settled.runs(method, unit)

    def unit(self, method: int, item: int) -> int:
        """Where a method uses an item: where that can run, and behind no gate, if there is such a place."""
        return self._places(method, item)[0]

    def _can(self, method: int, item: int) -> bool:
        return self._places(method, item)[1]

    def _places(self, method: int, item: int) -> tuple[int, bool]:
        key = (method, item)
        known = self._units.get(key)
        if known is None:
            held = self._gates.units(method)
            units = sorted((unit for unit, one in self._graph.sites(method) if one == item), key=held.__contains__)
            live = next((unit for unit in units if self._settled.runs(method, unit)), None)
            known = self._units[key] = (units[0] if live is None else live, live is not None)
        return known

    # --- the way that was found first ----------------------------------------------------------------------------------

    def _first(self, node: int) -> Step:
        """In which round, and how, a method or class was first reached."""
        if node < 0:
            return Step(*self._spread.makers[~node])
        return Step(self._spread.label[node], self._spread.ways[node])

    def _believed(self, node: int) -> bool:
        """Whether every step of the first way to a method or class can be."""
        chain: list[int] = []
        step = node
        while step not in self._steps:
            if step in self._doubted:
                return False
            chain.append(step)
            above = self._first(step).way.method
            if above < 0:
                break
            step = above
        for one in reversed(chain):
            self._doubted.add(one)
            if not self._holds(one, self._first(one).way):
                self._doubted.update(chain)
                return False
            self._steps[one] = self._first(one)
        return True

    def _holds(self, node: int, way: Way) -> bool:
        """Whether a step can be, and what it starts from is believed."""
        if way.method < 0:
            return True
        if self._steps[way.method].round != self._first(way.method).round or not self._can(way.method, way.item):
            return False
        receivers, latest = self._receivers_of(node, way.item), self._first(node).round
        return (
            not receivers
            or any(self._believed(~cls) and self._steps[~cls].round == latest for cls in receivers)
            or any(self._believed(~cls) and (self._steps[~cls].round or 0) < (latest or 0) for cls in receivers)
        )

    def _receivers_of(self, node: int, item: int) -> tuple[int, ...]:
        """Classes of which there must be an object for a call to enter a method; none where the type alone decides."""
        if node < 0 or item & 15 != VIRTUAL or not self._calls(item, node):
            return ()
        key = (node, item)
        known = self._receivers.get(key)
        if known is None:
            graph, signature = self._graph, self._graph.method_signature[node]
            there = graph.below(graph.method_class[node])
            called = graph.index.ref_class[item >> 4]
            known = self._receivers[key] = tuple(
                cls
                for cls in there
                if cls in self._spread.makers
                and called in graph.ancestors(cls)
                and graph.resolve(cls, signature) == node
            )
        return known

    # --- other ways ----------------------------------------------------------------------------------------------------

    def _search(self, method: int) -> None:
        """Follow all callers back to what is believed, then from there on, until nothing comes earlier any more.

        A call that needs an object waits until there can be one: its callers need not be looked at before.
        """
        edges: dict[int, list[Edge]] = {method: []}
        waiting: list[Waiting] = []
        best: dict[int, Step] = {}
        queue, done, look = [method], 0, _OFTEN
        while done < len(queue):
            for node in queue[done:]:
                if len(queue) > _MOST:
                    self._steps[method] = self._first(method)
                    return
                done += 1
                if done == look:
                    if self._found(method, edges, queue, best):
                        return
                    look += look // 2
                for edge in self._candidates(node):
                    if any(self._lives(~cls, best) for cls in edge.receivers) or not edge.receivers:
                        if self._add(edges, queue, node, edge):
                            break
                    else:
                        waiting.append((node, edge))
                        self._ask(edges, queue, [~cls for cls in edge.receivers])
            if done == len(queue):
                self._settle(edges, queue, best)
                ready, waiting = self._parted(waiting, best)
                for node, edge in ready:
                    self._add(edges, queue, node, edge)
                if ready:
                    self._settle(edges, queue, best)
        for node in queue:
            self._steps[node] = best.get(node) or Step(None, self._first(node).way)

    def _parted(self, waiting: list[Waiting], best: dict[int, Step]) -> tuple[list[Waiting], list[Waiting]]:
        """The calls for which there can be an object by now, and the others."""
        parted: tuple[list[Waiting], list[Waiting]] = [], []
        for one in waiting:
            parted[not any(self._lives(~cls, best) for cls in one[1].receivers)].append(one)
        return parted

    def _found(self, method: int, edges: dict[int, list[Edge]], queue: list[int], best: dict[int, Step]) -> bool:
        """Whether a way is known that is as early as the first one was; what comes as early as it can is kept."""
        self._settle(edges, queue, best)
        if method not in best or best[method].round != self._first(method).round:
            return False
        self._steps |= {node: step for node, step in best.items() if step.round == self._first(node).round}
        return True

    def _lives(self, node: int, best: dict[int, Step]) -> bool:
        """Whether a method or class is known to run at all."""
        return self._round(node, best) is not None or (node not in self._steps and self._believed(node))

    def _add(self, edges: dict[int, list[Edge]], queue: list[int], node: int, edge: Edge) -> bool:
        """Take a step into account if it can be; whether nothing can come before it."""
        way = edge.way
        if way.method >= 0 and not self._can(way.method, way.item):
            return False
        edges[node].append(edge)
        self._ask(edges, queue, [one for one in (way.method,) if one >= 0])
        return self._arrives(edge, {}) == self._first(node).round

    def _ask(self, edges: dict[int, list[Edge]], queue: list[int], nodes: list[int]) -> None:
        """Look at what is not believed."""
        for node in nodes:
            if node not in edges and not self._believed(node):
                edges[node] = []
                queue.append(node)

    def _settle(self, edges: dict[int, list[Edge]], queue: list[int], best: dict[int, Step]) -> None:
        """The earliest round of each method, as far as steps are known."""
        changed = True
        while changed:
            changed = False
            for node in reversed(queue):
                for edge in edges[node]:
                    number = self._arrives(edge, best)
                    if number is not None:
                        number = max(number, self._first(node).round or 0)
                        before = best[node].round if node in best else None
                        if before is None or number < before:
                            best[node], changed = Step(number, edge.way), True

    def _arrives(self, edge: Edge, best: dict[int, Step]) -> int | None:
        """The round in which a way can first be taken."""
        caller = 0 if edge.way.method < 0 else self._round(edge.way.method, best)
        made = [one for cls in edge.receivers if (one := self._round(~cls, best)) is not None]
        if caller is None or (edge.receivers and not made):
            return None
        return max(edge.round, caller, min(made, default=0))

    def _round(self, node: int, best: dict[int, Step]) -> int | None:
        known = best.get(node) or self._steps.get(node)
        return known.round if known else None

    def _candidates(self, node: int) -> list[Edge]:
        """All steps to a method or class, those first that start from what is believed."""
        spread, found = self._spread, []
        if node in spread.entries:
            found.append(Edge(Way(-1, -1, late=False), spread.entries[node]))
        for item in dict.fromkeys(spread.making[~node] if node < 0 else spread.entering.get(node, ())):
            for caller in self._graph.using((item,)) if item >= 0 else ():
                if caller in spread.label and self._leads(caller, item, node):
                    way = Way(caller, item, late=not self._calls(item, node))
                    found.append(Edge(way, self._earliest(node, way), self._receivers_of(node, item)))
        return sorted(found, key=lambda edge: edge.way.method >= 0 and edge.way.method not in self._steps)

    def _calls(self, item: int, target: int) -> bool:
        """Whether an item is a call of the method itself."""
        if target < 0:
            return item & 15 == NEW
        graph = self._graph
        same = item & 15 in CALLS and graph.index.ref_signature[item >> 4] == graph.method_signature[target]
        return same or (
            item & 15 not in CALLS and graph.index.signature_name(graph.method_signature[target]) == b"<clinit>"
        )

    def _leads(self, caller: int, item: int, target: int) -> bool:
        """A name of a method leads only where the same method says of which class."""
        if (
            target < 0
            or item & 15 not in CALLS
            or self._calls(item, target)
            or caller not in self._outside.by_name.methods
        ):
            return True
        return (target, item) in self._outside.by_name.targets(caller)

    def _earliest(self, target: int, way: Way) -> int:
        """The round before which a step cannot be taken."""
        unknown, act, agreed = (self._start + n for n in range(3))
        held = self._gates.items(way.method)
        if way.item in held or target in self._gates.callbacks:
            return agreed
        if not way.late:
            return 0
        if target in self._spread.by_user and target >= 0 and self._outside.callbacks.is_act(target):
            return act
        return unknown if way.item & 15 in (CLASS, STRING) and not self._sure(way) else 0

    def _sure(self, way: Way) -> bool:
        """Whether a method does something with a class that it mentions."""
        naming, value = self._outside.naming, way.item >> 4
        if way.item & 15 == STRING:
            return way.method in naming.looks_up
        return way.method in (naming.starts if value in self._outside.components else naming.makes)

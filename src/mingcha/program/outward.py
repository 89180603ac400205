"""From where information enters, outward: for programs too large to run every component's whole life.

A method in which information enters is run by itself. If what it gives back, or what it was handed, carries the information
afterwards, its callers are run as well, and theirs, so that an object is followed by the code that holds it. What comes to
rest in a static field, a store, an intent, or the one object of its class is taken up by the methods that read it. Nothing is
joined that no code was seen to join; what is too far away is counted, not guessed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from mingcha.program import values
from mingcha.program.activation import Budget, SpentError
from mingcha.program.heap import Heap
from mingcha.program.lives import Lives
from mingcha.program.relevance import OBJECT_READS, STATIC_READS
from mingcha.program.values import Value
from mingcha.program.world import World

_LEVELS = 4
"""Calls that are climbed from where information enters."""
_CALLERS = 12
"""Callers that are run of one method."""
_READERS = 24
"""Methods that are run of those that read one kept value."""
_ROOT = 2_000
"""Instructions for one method with all it calls."""
_LOOKED_INTO = 200


@dataclass(slots=True)
class Outward:
    """Runs methods from a queue. ``missed`` counts callers, readers and methods left out."""

    lives: Lives
    missed: int = 0
    _waiting: set[tuple[int, int]] = field(default_factory=set)
    _queue: deque[tuple[int, int, int]] = field(default_factory=deque)
    _followed: set[object] = field(default_factory=set)

    def run(self, sources: Iterable[tuple[int, Iterable[int]]]) -> None:
        """Everything from these methods (world, methods). Raises SpentError."""
        for number, methods in sources:
            world = self.lives.session.worlds[number]
            found = [method for method in methods if world.can_run(method)]
            if world.relevance is not None:
                world.relevance.methods.update(found)
            self._add(number, sorted(found), 0)
        while self._queue:
            if self.lives.machine.budget.left <= 0:
                raise SpentError("the steps allowed are used up")
            number, method, level = self._queue.popleft()
            self._waiting.discard((number, method))
            self._root(self.lives.session.worlds[number], method, level)

    def _add(self, number: int, methods: Iterable[int], level: int) -> None:
        for method in methods:
            if (number, method) not in self._waiting:
                self._waiting.add((number, method))
                self._queue.append((number, method, level))

    def _root(self, world: World, number: int, level: int) -> None:
        """Run one method as if Android called it, then what it registered; then go where the information went."""
        method = world.program.method(number)
        if world.library.foreign(method.cls):
            return
        session = self.lives.session
        world.life += 1
        session.started[world.number].callbacks.clear()
        session.component = method.cls
        layer = Heap(world.heap)
        given = self._given(world, number)
        spare = self.lives.machine.budget
        self.lives.machine.budget = Budget(min(_ROOT, spare.left))
        try:
            outcome = self.lives.machine.run(world, number, given, layer, None, wanted=True)
            if outcome is not None:
                layer.absorb(outcome.heap)
                self.lives.registered(world, layer)
        except SpentError:
            outcome = None
            self.missed += 1
        finally:
            spare.take(min(_ROOT, spare.left) - max(self.lives.machine.budget.left, 0))
            self.lives.machine.budget = spare
        world.heap.merge(layer)
        back = outcome is not None and (outcome.value.taints or layer.carried([outcome.value], _LOOKED_INTO))
        if back or layer.carried(given, _LOOKED_INTO):
            self._climb(world, number, level)
        self._keep(world, layer, given)
        self._take_up(world, layer, level)

    def _given(self, world: World, number: int) -> list[Value]:
        """A receiver and arguments that nobody else holds; a component is the one of its class."""
        method = world.program.method(number)
        kinds = ([] if method.static else [method.cls]) + list(method.parameters)
        found = []
        for index, kind in enumerate(kinds):
            if kind[:1] != b"L" or kind == b"Ljava/lang/String;":
                found.append(values.UNKNOWN)
                continue
            of, _ = world.thing(("given", number, index), kind)
            found.append(Value(None, frozenset({of})))
        return found

    def _climb(self, world: World, number: int, level: int) -> None:
        """Turn to the callers, which from now on enter this method."""
        relevance = world.relevance
        if relevance is None:
            return
        relevance.methods.add(number)
        callers = relevance.callers(number)
        if level >= _LEVELS or len(callers) > _CALLERS:
            self.missed += len(callers) if level >= _LEVELS else len(callers) - _CALLERS
        self._add(world.number, callers[:_CALLERS] if level < _LEVELS else (), level + 1)

    def _keep(self, world: World, layer: Heap, given: list[Value]) -> None:
        """What objects that are the only ones of their class hold, the class holds."""
        for value in given:
            for of in value.things:
                if of.app and world.relevance is not None and world.relevance.single(of.type):
                    one = world.one(of.type)
                    for key, inner in layer.fields(of).items():
                        if inner.taints or layer.carried([inner], _LOOKED_INTO):
                            world.heap.put(one, key, inner, strong=False)
                            layer.own.setdefault(one, world.heap.fields(one))

    def _take_up(self, world: World, layer: Heap, level: int) -> None:
        """Turn to what reads what came to rest, and to components started with it, each once."""
        relevance = world.relevance
        if relevance is None:
            return
        rest = self.lives.at_rest(world, layer.own)
        for key in sorted(rest.keys - self._followed):
            self._readers(world, relevance.mentioning([key]), level)
        for place in sorted(rest.statics - self._followed):
            self._readers(world, relevance.reading([place], STATIC_READS), level)
        for place in sorted(rest.fields - self._followed):
            self._readers(world, relevance.reading([place], OBJECT_READS), level)
        self._followed |= rest.keys | rest.statics | rest.fields
        for component in self.lives.started(world):
            if component not in self._followed:
                self._followed.add(component)
                self.lives.life(world, component, component.kind)

    def _readers(self, world: World, methods: Iterable[int], level: int) -> None:
        found = sorted(method for method in methods if world.can_run(method))
        self.missed += max(0, len(found) - _READERS)
        self._add(world.number, found[:_READERS], level)

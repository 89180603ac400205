"""What the objects of an interpretation hold, as layers: each call writes into a layer of its own over its caller's.

A layer maps an object to its fields. Field maps are never changed in place, so that layers may share them. Keys of a field
map are ``b".name"`` for fields, ``(constant,)`` for what is kept under a key or at an index, and ``ANY`` for what is kept
somewhere inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from mingcha.program.values import NO_TAINTS, NOTHING, Taint, Thing, Value, join

Key = Any
Fields = Mapping[Key, Value]

ANY = b"[]"
UNDER = b".under"
_NONE: Fields = {}
_MOST_KEYS = 96
"""Keys one object may have; beyond that what is written goes to ``ANY``."""


class Heap:
    """One layer; ``above`` is the caller's."""

    __slots__ = ("above", "own")

    def __init__(self, above: Heap | None = None, own: dict[Thing, Fields] | None = None) -> None:
        self.above = above
        self.own: dict[Thing, Fields] = {} if own is None else own

    def fields(self, of: Thing) -> Fields:
        """What an object holds as seen from this layer."""
        layer: Heap | None = self
        while layer is not None:
            found = layer.own.get(of)
            if found is not None:
                return found
            layer = layer.above
        return _NONE

    def get(self, of: Thing, key: Key) -> Value | None:
        """What is under one key, or None if it was never written."""
        return self.fields(of).get(key)

    def put(self, of: Thing, key: Key, value: Value, *, strong: bool) -> None:
        """Write; a weak write keeps what was there as well."""
        fields = self.fields(of)
        before = fields.get(key)
        if before is None and key is not ANY and len(fields) >= _MOST_KEYS:
            key, before, strong = ANY, fields.get(ANY), False
        if before is not None and not strong:
            value = join(before, value)
        if value is not before:
            self.own[of] = {**fields, key: value}

    def clear(self, of: Thing) -> None:
        """Forget everything an object holds."""
        self.own[of] = _NONE

    def replace(self, of: Thing, fields: Fields) -> None:
        """Give an object these fields and no others."""
        self.own[of] = fields

    def fork(self) -> Heap:
        """The same layer again, for another way through the code."""
        return Heap(self.above, dict(self.own))

    def absorb(self, below: Heap) -> None:
        """Take over what a layer over this one wrote."""
        self.own.update(below.own)

    def prune(self, kept: Iterable[Value], fresh: AbstractSet[Thing]) -> None:
        """Forget the fresh objects that nothing kept, and no older object, leads to."""
        live: set[Thing] = {of for of in self.own if of not in fresh or of.shared}
        queue = [inner for value in kept for inner in value.things]
        queue += [inner for of in live for value in self.own[of].values() for inner in value.things]
        while queue:
            of = queue.pop()
            if of not in live:
                live.add(of)
                for value in self.own.get(of, _NONE).values():
                    queue.extend(value.things)
        if len(live) < len(self.own):
            self.own = {of: fields for of, fields in self.own.items() if of in live}

    def merge(self, other: Heap) -> bool:
        """Hold what this layer or ``other`` (over the same caller) holds; whether that is more than before."""
        changed = False
        for of, theirs in other.own.items():
            ours = self.own.get(of)
            if ours is theirs:
                continue
            joined = _joined(self.fields(of) if ours is None else ours, theirs)
            if ours is None or joined is not ours:
                self.own[of] = joined
                changed = True
        for of, ours in list(self.own.items()):
            if of not in other.own and self.above is not None:
                joined = _joined(ours, self.above.fields(of))
                if joined is not ours:
                    self.own[of] = joined
                    changed = True
        return changed

    def carried(self, given: Iterable[Value], most: int) -> frozenset[Taint]:
        """What values and, up to ``most`` objects, all inside them carry."""
        found: set[Taint] = set()
        queue: list[Thing] = []
        for value in given:
            if value.taints:
                found |= value.taints
            if value.things:
                queue.extend(value.things)
        if queue:
            self._gather(queue, found, most)
        return frozenset(found) if found else NO_TAINTS

    def _gather(self, queue: list[Thing], found: set[Taint], most: int) -> None:
        seen, fields = set(queue), self.fields
        for of in queue:
            for value in fields(of).values():
                if value.taints:
                    found |= value.taints
                if value.things and len(queue) < most:
                    fresh = value.things - seen
                    if fresh:
                        seen |= fresh
                        queue.extend(fresh)

    def reachable(self, start: Value, most: int, stop: Any) -> Iterator[Value]:
        """``start`` and the values inside its objects, theirs, and so on; ``stop(thing)`` keeps out of an object."""
        yield start
        seen: dict[Thing, None] = dict.fromkeys(sorted(start.things))
        queue = list(seen)
        for of in queue:
            if len(queue) > most:
                return
            if stop(of):
                continue
            for value in self.fields(of).values():
                yield value
                for inner in sorted(value.things):
                    if inner not in seen:
                        seen[inner] = None
                        queue.append(inner)


def _joined(ours: Fields, theirs: Fields) -> Fields:
    if ours is theirs or not theirs:
        return ours
    result: dict[Key, Value] | None = None
    for key, value in theirs.items():
        before = ours.get(key, NOTHING)
        after = join(before, value)
        if after is not before:
            if result is None:
                result = dict(ours)
            result[key] = after
    return ours if result is None else result

"""What the interpreter knows of a value: which constants, which objects it may be, and which information it carries.

A *taint* says that information from one source is in a value, how it was changed on the way, and by which path it came. Two
taints are equal when source, changes and grade are; the path is the first one found.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple, Self

from mingcha.model.words import StepKind

Constant = Any
"""A str or int; ("class", descriptor); ("method", class, name); ("field", class, name); ("view", resource id)."""

MOST_CONSTANTS = 6
MOST_OBJECTS = 12
_MOST_CHANGES = 4


class Site(NamedTuple):
    """An instruction: which program of the case, which method, which unit."""

    world: int
    method: int
    unit: int


class Trail(NamedTuple):
    """A step, and the steps before it; ``quote`` is what is called, read or written there."""

    before: Trail | None
    does: StepKind
    site: Site
    quote: bytes


class Source(NamedTuple):
    """Where information enters: the site, what gives it, and the row of the catalogue that says so."""

    site: Site
    callee: bytes
    interface: str
    information: str | None


class Taint(int):
    """Information of one source inside a value; as a number: which source, changes and grade, so that sets are fast."""

    source: Source
    changes: tuple[str, ...]
    implicit: bool
    trail: Trail
    known: Interned

    def step(self, does: StepKind, site: Site, quote: bytes) -> Taint:
        """The same information one step further; a step that repeats the last one is left out."""
        last = self.trail
        if last.does == does and last.site == site:
            return self
        return self.known.taint(self.source, Trail(last, does, site, quote), self.changes, implicit=self.implicit)

    def changed(self, how: str, does: StepKind, site: Site, quote: bytes) -> Taint:
        """The same information after a transformation; the same change at once again counts once."""
        known = how in self.changes or len(self.changes) >= _MOST_CHANGES
        changes = self.changes if known else (*self.changes, how)
        return self.known.taint(self.source, Trail(self.trail, does, site, quote), changes, implicit=self.implicit)

    def decided(self) -> Taint:
        """What was decided by it, instead of the value itself."""
        return self.known.taint(self.source, self.trail, self.changes, implicit=True)


class Interned:
    """The numbers of the taints of one analysis, in the order of their first appearance."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Source, tuple[str, ...], bool], int] = {}

    def taint(self, source: Source, trail: Trail, changes: tuple[str, ...] = (), *, implicit: bool = False) -> Taint:
        """A taint; equal to every other of this source, these changes and this grade, whatever way it came."""
        key = (source, changes, implicit)
        made = Taint(self._numbers.setdefault(key, len(self._numbers)))
        made.source, made.changes, made.implicit, made.trail, made.known = source, changes, implicit, trail, self
        return made


class Thing(int):
    """An abstract object, numbered: all that is made at one place in one context. ``many``: it may stand for several at once.

    ``life`` is the component's life in which it was last made, ``shared`` that Android has got hold of it.
    """

    type: bytes
    app: bool
    site: Site | None
    many: bool
    life: int
    shared: bool

    def __new__(cls, number: int, kind: bytes, *, app: bool, site: Site | None = None) -> Self:
        """The object of this number."""
        made = super().__new__(cls, number)
        made.type, made.app, made.site = kind, app, site
        made.many, made.life, made.shared = False, -1, False
        return made


def by_number(things: Iterable[Thing]) -> list[Thing]:
    """Objects in the order in which they were made, so that every run takes them in the same one."""
    return sorted(things)


Taints = frozenset[Taint]
NO_TAINTS: Taints = frozenset()
_NO_THINGS: frozenset[Thing] = frozenset()
_NO_CONSTANTS: frozenset[Constant] = frozenset()


class Value:
    """``constants`` null: any; ``things``: the objects it may be; ``taints``: what it carries."""

    __slots__ = ("constants", "taints", "things")

    def __init__(
        self,
        constants: frozenset[Constant] | None = None,
        things: frozenset[Thing] = _NO_THINGS,
        taints: Taints = NO_TAINTS,
    ) -> None:
        self.constants = constants
        self.things = things
        self.taints = taints

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Value)
            and self.taints == other.taints
            and self.constants == other.constants
            and self.things == other.things
        )

    def __hash__(self) -> int:
        return hash((self.constants, self.things, self.taints))

    @property
    def constant(self) -> Constant | None:
        """The one constant it is, or None."""
        if self.constants is not None and len(self.constants) == 1 and not self.things:
            return next(iter(self.constants))
        return None

    def without(self, taints: Taints) -> Value:
        """The same value without these taints."""
        if not taints or self.taints.isdisjoint(taints):
            return self
        return Value(self.constants, self.things, self.taints - taints)

    def stepped(self, does: StepKind, site: Site, quote: bytes) -> Value:
        """The same value, what it carries one step further."""
        if not self.taints:
            return self
        return Value(self.constants, self.things, frozenset(t.step(does, site, quote) for t in self.taints))

    def carrying(self, taints: Iterable[Taint]) -> Value:
        """The same value with these taints besides."""
        more = self.taints.union(taints) if taints else self.taints
        return self if len(more) == len(self.taints) else Value(self.constants, self.things, more)


UNKNOWN = Value()
NOTHING = Value(_NO_CONSTANTS)
"""The value of what was never written; joins to the other side."""
NULL = Value(frozenset({0}))
MY_PROCESS = ("process", "mine")
"""The constant that stands for the number of the app's own process."""


@lru_cache(4096)  # the same object again: what is identical needs no comparison
def number(value: int) -> Value:
    """A constant number."""
    return Value(frozenset({value}))


@lru_cache(4096)
def const(value: Constant) -> Value:
    """A constant."""
    return Value(frozenset({value}))


def thing(of: Thing) -> Value:
    """One object."""
    return Value(_NO_CONSTANTS, frozenset({of}))


def tainted(taints: Taints) -> Value:
    """An unknown value that carries something."""
    return Value(None, _NO_THINGS, taints) if taints else UNKNOWN


def join(a: Value, b: Value) -> Value:
    """What is one or the other."""
    if a is b:
        return a
    constants: frozenset[Constant] | None = None
    if a.constants is not None and b.constants is not None:
        constants = a.constants | b.constants if a.constants != b.constants else a.constants
        if len(constants) > MOST_CONSTANTS:
            constants = None
    things = a.things | b.things if a.things is not b.things else a.things
    if len(things) > MOST_OBJECTS:
        things = frozenset(sorted(things)[:MOST_OBJECTS])
    taints = a.taints | b.taints if a.taints is not b.taints else a.taints
    if constants == a.constants and things == a.things and len(taints) == len(a.taints):
        return a
    return Value(constants, things, taints)

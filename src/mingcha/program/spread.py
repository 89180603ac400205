"""From which methods which others run: a call graph that grows from entries, with the types that can be there.

A virtual call enters the methods of those classes alone of which reached code has made objects (rapid type analysis). An
object of a class that Android calls back makes these callbacks run, an activity that reached code names starts. What has
been reached stays reached: entries are added step by step, earlier ones first, and each method keeps the way by which it
was first entered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from mingcha.program.callbacks import Callbacks
from mingcha.program.graph import (
    CLASS,
    EXACT,
    NEW,
    NUMBER,
    STATIC_CALL,
    STRING,
    SUPER,
    TOUCH,
    VIRTUAL,
    Graph,
)


class Way(NamedTuple):
    """How a method was entered: from ``method`` (-1: by Android) by the ``item`` that stands in it; ``late``: by a callback."""

    method: int
    item: int
    late: bool


class Outside(NamedTuple):
    """What Android does: the callbacks it knows, the classes that each layout names, the components that each action starts."""

    callbacks: Callbacks
    layouts: Mapping[int, tuple[int, ...]]
    listening: Mapping[bytes, tuple[int, ...]]


class Spread:
    """What runs, growing. ``label`` gives each reached method the number of the round in which it was reached."""

    def __init__(self, graph: Graph, outside: Outside, held: Callable[[int], frozenset[int]]) -> None:
        self.graph = graph
        self.label: dict[int, int] = {}
        self.ways: dict[int, Way] = {}
        self.round = 0
        self.acting = False
        """Whether a person may act: then callbacks of his acts run as well."""
        self.by_user: dict[int, Way] = {}
        """Methods that run after a person's act, and how they were registered."""
        self._outside = outside
        self._held = held
        self._queue: deque[int] = deque()
        self._seen: dict[int, int] = {}
        self._made: set[int] = set()
        self._freed: set[int] = set()
        self._touched: set[int] = set()
        self._objects: dict[int, list[int]] = {}
        self._calls: dict[int, list[tuple[int, int]]] = {}
        self._follow = {
            VIRTUAL: self._virtual, SUPER: self._exact, EXACT: self._exact, STATIC_CALL: self._static, NEW: self._new,
            CLASS: self._class, TOUCH: self._static_field, STRING: self._string, NUMBER: self._layout,
        }  # fmt: skip

    def grow(self) -> None:
        """Follow everything until nothing new runs."""
        for method, way in list(self.by_user.items()) if self.acting else ():
            self.enter(method, way)
        queue, seen, items, follow = self._queue, self._seen, self.graph.items, self._follow
        while queue:
            method = queue.popleft()
            held = self._held(method)
            for item in items(method):
                if item not in seen and item not in held:
                    seen[item] = method
                    follow[item & 15](item >> 4, Way(method, item, late=False))

    def enter(self, method: int, way: Way) -> None:
        """Let a method run."""
        if method not in self.label and method >= 0:
            self.label[method] = self.round
            self.ways[method] = way
            self._queue.append(method)

    def release(self, method: int) -> None:
        """Follow a reached method's items once more: what was held back may be free now."""
        if method in self.label:
            self._queue.append(method)

    # --- objects and classes -------------------------------------------------------------------------------------

    def make(self, cls: int, way: Way, *, free: bool = True) -> None:
        """Let there be an object of a class. Unless ``free``, Android calls nothing on it yet."""
        graph = self.graph
        if not graph.defined(cls):
            return
        self.touch(cls, way)
        if cls not in self._made:
            self._made.add(cls)
            for parent in graph.ancestors(cls):
                self._objects.setdefault(parent, []).append(cls)
                for signature, item in self._calls.get(parent, ()):
                    self.enter(graph.resolve(cls, signature), Way(self._seen[item], item, late=False))
        if free and cls not in self._freed:
            self._freed.add(cls)
            for entry in self._outside.callbacks.of(cls):
                if entry.user:
                    self.by_user.setdefault(entry.method, way._replace(late=True))
                if self.acting or not entry.user:
                    self.enter(entry.method, way._replace(late=True))

    def touch(self, cls: int, way: Way) -> None:
        """Let a class be initialised, its superclasses first."""
        graph = self.graph
        while cls not in self._touched and graph.defined(cls):
            self._touched.add(cls)
            for signature in self._initializers:
                self.enter(graph.own(cls).get(signature, -1), way)
            above = graph.supers(cls)
            cls = above[0] if above else cls

    @property
    def _initializers(self) -> range:
        return self.graph.index.of_name(b"<clinit>")

    def construct(self, cls: int, way: Way, *, free: bool = True) -> None:
        """Let Android make an object by itself: of a component, a view of a layout, a class that is only named."""
        if self.graph.concrete(cls):
            own = self.graph.own(cls)
            for signature in self.graph.index.of_name(b"<init>"):
                self.enter(own.get(signature, -1), way)
            self.make(cls, way, free=free)

    # --- items -----------------------------------------------------------------------------------------------------

    def _virtual(self, ref: int, way: Way) -> None:
        index = self.graph.index
        cls, signature = index.ref_class[ref], index.ref_signature[ref]
        if signature in self.graph.virtual_signatures and not self._outside.callbacks.passes_on(cls, signature):
            self._calls.setdefault(cls, []).append((signature, way.item))
            for made in self._objects.get(cls, ()):
                self.enter(self.graph.resolve(made, signature), way)

    def _exact(self, ref: int, way: Way) -> None:
        index = self.graph.index
        self.enter(self.graph.resolve(index.ref_class[ref], index.ref_signature[ref]), way)

    def _static(self, ref: int, way: Way) -> None:
        self.touch(self.graph.index.ref_class[ref], way)
        self._exact(ref, way)

    def _static_field(self, cls: int, way: Way) -> None:
        self.touch(cls, way)

    def _new(self, cls: int, way: Way) -> None:
        self.make(cls, way)

    def _class(self, cls: int, way: Way) -> None:
        self.construct(cls, way._replace(late=True))

    def _string(self, place: int, way: Way) -> None:
        for cls in self.named(self.graph.strings[place]):
            self.construct(cls, way._replace(late=True))

    def named(self, text: bytes) -> Iterable[int]:
        """The classes that a text leads to: its own, and components that listen to it as an action."""
        cls = self.graph.class_named(text)
        return self._outside.listening.get(text, ()) if cls is None else (cls,)

    def _layout(self, number: int, way: Way) -> None:
        for cls in self._outside.layouts.get(number, ()):
            self.construct(cls, way._replace(late=True))

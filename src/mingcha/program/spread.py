"""From which methods which others run: a call graph that grows from entries, with the types that can be there.

A virtual call enters the methods of those classes alone of which reached code has made objects (rapid type analysis). An
object of a class that Android calls back makes these callbacks run, an activity that reached code names starts. What has
been reached stays reached: entries are added step by step, earlier ones first, and each method keeps the way by which it
was first entered.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from mingcha.program.byname import ByName
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
from mingcha.program.naming import Naming

_GENERATED = (b"_ViewBinding;", b"$$ViewBinder;", b"$$ViewInjector;")
"""Endings of the names that ButterKnife gives what it generates for the listeners that annotations ask for."""


class Way(NamedTuple):
    """How a method was entered: from ``method`` (-1: by Android) by the ``item`` that stands in it; ``late``: by a callback."""

    method: int
    item: int
    late: bool


class Outside(NamedTuple):
    """What Android does with what code mentions: callbacks, classes of layouts, components by class and by action."""

    callbacks: Callbacks
    naming: Naming
    by_name: ByName
    layouts: Mapping[int, tuple[int, ...]]
    listening: Mapping[bytes, tuple[int, ...]]
    components: frozenset[int]
    fixed: frozenset[int]
    """Classes that Android makes at a time of its own, whoever names them: the Application, providers."""
    unmade: frozenset[int]
    """Classes of which no code of the app makes an object: reflection or native code does, where they are used at all."""


class Spread:
    """What runs, growing. ``label`` gives each reached method the number of the round in which it was reached.

    ``held`` tells which items of a method must wait, ``barred`` which callbacks of a person's acts, ``leaving`` which others.
    """

    def __init__(
        self,
        graph: Graph,
        outside: Outside,
        held: Callable[[int], frozenset[int]],
        barred: frozenset[int],
        leaving: frozenset[int] = frozenset(),
    ) -> None:
        self.graph = graph
        self.label: dict[int, int] = {}
        self.ways: dict[int, Way] = {}
        self.round = 0
        self._acting = False
        self.unsure: dict[int, Way] | None = {}
        """Classes that code mentions without a clear use; None: no longer kept apart."""
        self.by_user: dict[int, Way] = {}
        """Methods that run after a person's act, and how they were registered."""
        self.entered: dict[int, list[int]] = defaultdict(list)
        """Item → the methods that it enters."""
        self.entries: dict[int, int] = {}
        """Methods that Android enters, and classes (``~class``) of which it makes objects, by itself → the first such round."""
        self.makers: dict[int, tuple[int, Way]] = {}
        """Class of which there are objects → the first round, and how the first one was made."""
        self.making: dict[int, list[int]] = defaultdict(list)
        """Class → the items that make objects of it."""
        self._outside = outside
        self._held = held
        self._barred = barred
        self._leaving = leaving
        self._waiting: dict[int, Way] = {}
        self._queue: deque[int] = deque()
        self._later: deque[int] = deque()
        """What runs by callbacks: followed last, so that a way by calls alone is the one that is shown."""
        self._seen: dict[int, int] = {}
        self._initializers = graph.index.of_name(b"<clinit>")
        self._constructors = graph.index.of_name(b"<init>")
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
        queue, seen, items, follow = self._queue, self._seen, self.graph.items, self._follow
        by_name = self._outside.by_name
        while queue or self._later:
            method = queue.popleft() if queue else self._later.popleft()
            held = self._held(method)
            for target, item in by_name.targets(method) if method in by_name.methods else ():
                if item not in held:
                    self.enter(target, Way(method, item, late=True))
            for item in items(method):
                if item not in seen and item not in held:
                    seen[item] = method
                    follow[item & 15](item >> 4, Way(method, item, late=False))

    @cached_property
    def entering(self) -> dict[int, list[int]]:
        """Method → the items by which it is entered; to be asked for when everything has been followed."""
        found: dict[int, list[int]] = defaultdict(list)
        for item, methods in self.entered.items():
            for method in dict.fromkeys(methods):
                found[method].append(item)
        return found

    def enter(self, method: int, way: Way) -> None:
        """Let a method run."""
        if method < 0:
            return
        entered = self.entered[way.item]
        if not entered or entered[-1] != method:  # one call often enters the same method for many classes
            entered.append(method)
        if way.method < 0:
            self.entries.setdefault(method, self.round)
        if method not in self.label:
            self.label[method] = self.round
            self.ways[method] = way
            (self._later if way.late and way.item & 15 != VIRTUAL else self._queue).append(method)

    def act(self) -> None:
        """Let a person act: the callbacks of his acts run."""
        self._acting = True
        for method, way in list(self.by_user.items()):
            if method not in self._barred:
                self.enter(method, way)
        self.grow()

    def leave(self) -> None:
        """Let activities be left."""
        self._leaving = frozenset()
        for method, way in self._waiting.items():
            self.enter(method, way)
        self.grow()

    def open(self, methods: Iterable[int]) -> None:
        """Hold nothing back any more: neither callbacks that were barred nor what these methods hold."""
        self._barred = frozenset()
        self._held = lambda _: frozenset()
        self._queue.extend(method for method in methods if method in self.label)
        self.act()

    # --- objects and classes -------------------------------------------------------------------------------------

    def make(self, cls: int, way: Way, *, free: bool = True) -> None:
        """Let there be an object of a class. Unless ``free``, Android calls nothing on it yet."""
        graph = self.graph
        if not graph.defined(cls):
            return
        self.touch(cls, way)
        if free:
            self._free(cls, way)
        self.making[cls].append(way.item)
        if way.method < 0:
            self.entries.setdefault(~cls, self.round)
        if cls not in self.makers:
            self.makers[cls] = self.round, way
            for companion in self._companions(cls):
                self.construct(companion, way._replace(late=True))
            for parent in graph.ancestors(cls):
                self._objects.setdefault(parent, []).append(cls)
                for signature, item in self._calls.get(parent, ()):
                    method = graph.resolve(cls, signature)
                    if method >= 0:
                        self.enter(method, Way(self._seen[item], item, late=False))

    def _companions(self, cls: int) -> Iterable[int]:
        """Classes that code generators put beside one, which their libraries find by its name."""
        name = self.graph.descriptor(cls)[:-1]
        found = (self.graph.number(name + suffix) for suffix in _GENERATED)
        return (number for number in found if number is not None)

    def _free(self, cls: int, way: Way) -> None:
        """Let Android call an object; first of all, so that this is the way by which its callbacks are shown to run."""
        for entry in self._outside.callbacks.of(cls) if cls not in self._freed else ():
            if entry.user:
                self.by_user.setdefault(entry.method, way._replace(late=True))
            if entry.method in self._leaving:
                self._waiting.setdefault(entry.method, way._replace(late=True))
            elif not entry.user or (self._acting and entry.method not in self._barred):
                self.enter(entry.method, way._replace(late=True))
        self._freed.add(cls)

    def touch(self, cls: int, way: Way) -> None:
        """Let a class be initialised, its superclasses first."""
        graph = self.graph
        while cls not in self._touched and graph.defined(cls):
            self._touched.add(cls)
            for signature in self._initializers:
                self.enter(graph.own(cls).get(signature, -1), way)
            above = graph.supers(cls)
            cls = above[0] if above else cls

    def construct(self, cls: int, way: Way, *, free: bool = True) -> None:
        """Let Android make an object by itself: of a component, a view of a layout, a class that is only named."""
        if self.graph.concrete(cls):
            for signature, method in self.graph.own(cls).items():
                if signature in self._constructors:
                    self.enter(method, way)
            self.make(cls, way, free=free)

    # --- items -----------------------------------------------------------------------------------------------------

    def _virtual(self, ref: int, way: Way) -> None:
        index = self.graph.index
        cls, signature = index.ref_class[ref], index.ref_signature[ref]
        if signature in self.graph.virtual_signatures and not self._outside.callbacks.passes_on(cls, signature):
            self._calls.setdefault(cls, []).append((signature, way.item))
            if cls in self._outside.unmade:
                self.make(cls, way, free=False)
            resolve = self.graph.resolve
            for made in self._objects.get(cls, ()):
                self.enter(resolve(made, signature), way)

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
        naming = self._outside.naming
        self._mention(cls, way, sure=way.method in (naming.starts if cls in self._outside.components else naming.makes))

    def _string(self, place: int, way: Way) -> None:
        text = self.graph.strings[place]
        cls = self.graph.class_named(text)
        for named in self._outside.listening.get(text, ()) if cls is None else (cls,):
            self._mention(named, way, sure=way.method in self._outside.naming.looks_up)

    def _mention(self, cls: int, way: Way, *, sure: bool) -> None:
        """Let a class that code mentions run, or keep it for later; then other methods may mention it with more effect."""
        if cls in self._outside.fixed:
            return
        if sure or self.unsure is None:
            self.construct(cls, way._replace(late=True))
        else:
            self.unsure.setdefault(cls, way._replace(late=True))
            self._seen.pop(way.item, None)  # an action may be listened to by several

    def doubt(self) -> None:
        """Let run what was mentioned without a clear use."""
        unsure, self.unsure = self.unsure or {}, None
        for cls, way in unsure.items():
            self.construct(cls, way)

    def _layout(self, number: int, way: Way) -> None:
        for cls in self._outside.layouts.get(number, ()):
            self.construct(cls, way._replace(late=True))

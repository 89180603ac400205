"""The lives of an app's components as Android runs them, one after another, over what the app keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from mingcha.program import values
from mingcha.program.calls import Caller, callbacks_named
from mingcha.program.heap import Heap
from mingcha.program.session import INTENT, Session
from mingcha.program.surroundings import Component
from mingcha.program.values import UNKNOWN, Thing, Value, join
from mingcha.program.world import World

_ROUNDS = 3
_CALLBACK_ROUNDS = 2
_LOOKED_INTO = 24
_MET = 2000
"""Objects looked into to see whether another turn of callbacks could matter."""
OBJECT = b"Ljava/lang/Object;"

_BEFORE: dict[str, tuple[bytes, ...]] = {
    "application": (b"attachBaseContext", b"onCreate"),
    "activity": (
        b"attachBaseContext", b"onCreate", b"onCreateView", b"onContentChanged", b"onStart", b"?onRestoreInstanceState",
        b"onPostCreate", b"onResume", b"onPostResume", b"onAttachedToWindow", b"onCreateOptionsMenu", b"onPrepareOptionsMenu",
    ),
    "service": (b"attachBaseContext", b"onCreate"),
    "receiver": (b"onReceive",),
    "provider": (b"onCreate",),
}  # fmt: skip
_AFTER: dict[str, tuple[bytes, ...]] = {
    "application": (b"onTerminate",),
    "activity": (b"onDestroy",),
    "service": (b"onTaskRemoved", b"onDestroy"),
    "receiver": (),
    "provider": (),
}  # fmt: skip
_WHILE: dict[str, tuple[tuple[bytes, ...], ...]] = {
    "activity": (
        (b"onPause", b"?onSaveInstanceState", b"?onStop", b"?onRestart", b"?onStart", b"?onRestoreInstanceState", b"onResume"),
        (b"?onPause", b"?onSaveInstanceState", b"onStop", b"?onRestart", b"?onStart"),
    ),
    "service": tuple((name,) for name in (
        b"onStartCommand", b"onStart", b"onHandleIntent", b"onHandleWork", b"onBind", b"onUnbind", b"onRebind",
    )),
}  # fmt: skip
"""What may happen any number of times, in any order, while a component lives; a name behind ``?`` may be left out."""
_ORDER = [
    b"onAttach", b"onInflate", b"onCreate", b"onCreateView", b"onViewCreated", b"onActivityCreated", b"onStart", b"onResume",
    b"onPreExecute", b"doInBackground", b"onPause", b"onSaveInstanceState", b"onStop", b"onDestroyView", b"onDestroy", b"onDetach",
]  # fmt: skip
"""Callbacks of other objects are run in this order, what is not named here in between by name."""


class Rest(NamedTuple):
    """Where information rests: keys of stores and intents, static fields and fields of single objects (class, name)."""

    keys: set[str]
    statics: set[tuple[bytes, bytes]]
    fields: set[tuple[bytes, bytes]]


@dataclass(slots=True)
class Lives:
    """Runs every component of every world. ``relevant`` leaves out components that cannot matter."""

    session: Session
    machine: Caller
    wrote: dict[tuple[int, bytes], Heap] = field(default_factory=dict)
    """What each component wrote in its last life."""

    def run(self) -> None:
        """All worlds, again and again until nothing new is kept or sent. Raises SpentError."""
        before = -1
        for number in range(_ROUNDS):
            for world in self.session.worlds:
                world.round = number
                self._world(world)
            now = self._kept()
            if not now or now == before:
                return
            before = now

    def at_rest(self, world: World, among: Iterable[Thing]) -> Rest:
        """Where, in these objects, information has come to rest that other methods may take up."""
        rest = Rest(set(), set(), set())
        started = self.session.started[world.number]
        sent = {of for found in started.intents.values() for of in found} | set(started.results)
        written = set(among)
        resting = [of for of in (*world.kept(), *sent) if of in written]
        for of in resting:
            for key, value in world.heap.fields(of).items():
                if world.heap.carried([value], _LOOKED_INTO):
                    if type(key) is tuple:
                        rest.keys.add(str(key[0]))
                    elif key[:1] == b"." and of in world.static_of:
                        rest.statics.update((cls, key[1:]) for cls in world.static_of[of])
                    elif key[:1] == b"." and of in world.one_of:
                        rest.fields.add((world.one_of[of], key[1:]))
        return rest

    def _kept(self) -> int:
        """How much is kept and under way: taints in the layers that outlive components, and started intents."""
        count = 0
        for world, started in zip(self.session.worlds, self.session.started, strict=True):
            count += sum(len(v.taints) for fields in world.heap.own.values() for v in fields.values())
            count += sum(len(found) for found in started.intents.values()) + len(started.results)
        return count

    def _world(self, world: World) -> None:
        around = world.around
        if around.application is not None:
            self.life(world, Component("activity", around.application), "application")
        order = {"provider": 0, "activity": 1, "service": 2, "receiver": 3}
        done: dict[bytes, None] = {}
        for component in sorted(around.components, key=lambda c: (order[c.kind], -c.order, not c.launcher)):
            if component.cls not in done and component.cls in world.program.classes and component.enabled:
                done[component.cls] = None
                self.life(world, component, component.kind)
        for of in list(self.session.started[world.number].receivers):
            if of.app and of.type not in done:
                self._received(world, of)

    def _received(self, world: World, of: Thing) -> None:
        layer = Heap(world.heap)
        for number in callbacks_named(world, of.type, b"onReceive"):
            self._call(world, layer, of, number)
        world.heap.merge(layer)

    def started(self, world: World) -> Iterator[Component]:
        """Components that an intent starts which carries information."""
        intents = self.session.started[world.number].intents
        for component in world.around.components:
            if world.heap.carried([Value(None, frozenset(intents.get(component.cls, ())))], _LOOKED_INTO):
                yield component

    def registered(self, world: World, layer: Heap) -> None:
        """Run the callbacks that code run by itself registered, if they carry anything or lead anywhere."""
        for target in list(self.session.started[world.number].callbacks):
            for number in self._overriding(world, target, interfaces_only=False):
                self._call(world, layer, target, number)

    # --- one component -----------------------------------------------------------------------------------------

    def life(self, world: World, component: Component, kind: str) -> None:
        """Run a component from its making to its end."""
        if world.library.foreign(component.cls) or not self._matters(world, component):
            return
        layer = Heap(world.heap)
        of = self.session.instance(world, component)
        if kind == "application":
            layer.put(world.store("application/"), b".self", values.thing(of), strong=True)
        layer.clear(of)
        self.session.component = component.cls
        world.life += 1
        self.session.started[world.number].callbacks.clear()
        self._construct(world, layer, of, kind)
        cycles = _WHILE.get(kind, ())
        named = {name.lstrip(b"?") for group in (_BEFORE[kind], _AFTER[kind], *cycles) for name in group}
        ran = self._numbers(world, of, named)
        self._sequence(world, layer, of, _BEFORE[kind])
        for turn in range(_CALLBACK_ROUNDS):
            if turn and not self._carries(world, layer, of):
                break
            self._callbacks(world, layer, of, ran)
            self._meanwhile(world, layer, component.cls)
            for names in cycles:
                before = layer.fork()
                self._sequence(world, layer, of, names)
                layer.merge(before)
        self._sequence(world, layer, of, _AFTER[kind])
        self.wrote[world.number, component.cls] = layer
        world.heap.merge(layer)

    def _carries(self, world: World, layer: Heap, of: Thing) -> bool:
        """Whether anything that a callback could meet carries information."""
        if world.relevance is None:
            return True
        met = [of, *self.session.started[world.number].callbacks, *world.kept()]
        return bool(layer.carried([Value(None, frozenset(met))], _MET))

    def _matters(self, world: World, component: Component) -> bool:
        """Whether anything the component does is worth reading."""
        if world.relevance is None or component.cls in self.session.started[world.number].intents:
            return True
        relevant = world.relevance.methods
        return any(
            n in relevant for cls in world.program.line(component.cls) for n in world.program.members(cls).values()
        )

    def _meanwhile(self, world: World, layer: Heap, cls: bytes) -> None:
        """What other components write to shared objects may arrive at any time while this one lives."""
        for (number, other), written in self.wrote.items():
            if number == world.number and other != cls:
                shared = {of: fields for of, fields in written.own.items() if of in layer.own}
                layer.merge(Heap(None, {**layer.own, **shared}))

    def _sequence(self, world: World, layer: Heap, of: Thing, names: Iterable[bytes]) -> None:
        """Run methods one after another; what may be left out is run and not run."""
        for name in names:
            before = layer.fork() if name[:1] == b"?" else None
            self._named(world, layer, of, name.lstrip(b"?"))
            if before is not None:
                layer.merge(before)

    def _construct(self, world: World, layer: Heap, of: Thing, kind: str) -> None:
        if kind == "activity":
            found = self.session.intents_of(world, of.type)
            outside, _ = world.thing(("intent", of.type), INTENT)
            started = frozenset({outside, *list(found)[: values.MOST_OBJECTS - 1]})
            layer.put(of, b".intent", Value(None, started), strong=True)
        number = world.program.members(of.type).get(b"<init>()V")
        if number is not None:
            self._call(world, layer, of, number)

    def _numbers(self, world: World, of: Thing, names: Iterable[bytes]) -> set[int]:
        return {n for name in names for n in self._methods(world, of, name)}

    @staticmethod
    def _methods(world: World, of: Thing, name: bytes) -> list[int]:
        """The methods of this name that override one of Android's (only the nearest of each signature)."""
        found = callbacks_named(world, of.type, name)
        return [n for n in found if not world.library.foreign(world.program.method(n).cls)]

    def _named(self, world: World, layer: Heap, of: Thing, name: bytes) -> None:
        numbers = self._methods(world, of, name)
        for number in numbers:
            gave = self._call(world, layer, of, number)
            if name == b"onBind":
                started = self.session.started[world.number]
                started.binder = join(started.binder, gave)

    def _call(self, world: World, layer: Heap, of: Thing, number: int) -> Value:
        method = world.program.method(number)
        given = [] if method.static else [values.thing(of)]
        given += [self._given(world, of, number, index) for index in range(len(method.parameters))]
        outcome = self.machine.run(world, number, given, layer, None)
        if outcome is None:
            return UNKNOWN
        layer.absorb(outcome.heap)
        return outcome.value

    def _given(self, world: World, of: Thing, number: int, index: int) -> Value:
        """An argument from Android: a component's saved state is one bundle for its whole life."""
        method = world.program.method(number)
        if method.parameters[index] == b"Landroid/os/Bundle;":
            bundle, _ = world.thing(("saved", int(of)), b"Landroid/os/Bundle;")
            return Value(None, frozenset({bundle}))
        return self.session.outside(world, method, index)

    # --- callbacks ---------------------------------------------------------------------------------------------

    def _callbacks(self, world: World, layer: Heap, of: Thing, ran: set[int]) -> None:
        """Everything that may be called while the component lives, in any order."""
        for target, number in self._waiting(world, of, ran):
            before = layer.fork()
            self._call(world, layer, target, number)
            layer.merge(before)

    def _waiting(self, world: World, of: Thing, ran: set[int]) -> Iterator[tuple[Thing, int]]:
        for number in self._own(world, of):
            if number not in ran:
                yield of, number
        registered = self.session.started[world.number].callbacks
        seen = 0
        while seen < len(registered):  # callbacks register more
            for target in list(registered)[seen:]:
                seen += 1
                for number in self._overriding(world, target, interfaces_only=target is of):
                    if number not in ran:
                        yield target, number

    def _own(self, world: World, of: Thing) -> Iterator[int]:
        """What a component's own class overrides of Android's classes, and what layouts name as click methods."""
        clicked = {view.on_click.encode() for view in world.around.views if view.on_click}
        yield from self._overriding(world, of, interfaces_only=False, classes_only=True)
        for name in sorted(clicked):
            yield from (n for n in callbacks_named(world, of.type, name))

    @staticmethod
    def _overriding(world: World, of: Thing, *, interfaces_only: bool, classes_only: bool = False) -> list[int]:
        """Methods that override or implement one outside the app, in the order of `_ORDER`."""
        program, found = world.program, {}
        for parent in program.ancestors(of.type):
            if world.library.foreign(parent):
                continue
            for signature, number in program.members(parent).items():
                if signature in found or signature[:1] == b"<":
                    continue
                origin = _origin(world, of.type, signature)
                if origin is None or origin == OBJECT:
                    continue
                if (interfaces_only and not program.is_interface(origin)) or (
                    classes_only and program.is_interface(origin)
                ):
                    continue
                found[signature] = number
        return [found[s] for s in sorted(found, key=_place)]


def _origin(world: World, cls: bytes, signature: bytes) -> bytes | None:
    """The class or interface that is not read whose method a method overrides."""
    for parent in world.program.ancestors(cls)[1:]:
        if parent in world.program.classes:
            if world.library.foreign(parent) and signature in world.program.members(parent):
                return parent
            if world.library.foreign(parent) and world.program.is_interface(parent):
                return parent
        elif world.program.framework.declares(parent, signature):
            return parent
    return None


def _place(signature: bytes) -> tuple[int, bytes]:
    name = signature.partition(b"(")[0]
    return (_ORDER.index(name) if name in _ORDER else 9, signature)

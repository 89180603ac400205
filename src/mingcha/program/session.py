"""One data-flow analysis of a case: the apps in it, what was found to leave them, and what starts what."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mingcha.catalogue.slots import slot
from mingcha.model.android import Sink
from mingcha.model.words import Channel
from mingcha.program import intents, values
from mingcha.program.calls import Caller
from mingcha.program.code import Method
from mingcha.program.modelled import LibraryCall
from mingcha.program.surroundings import Component, ComponentKind, View
from mingcha.program.values import NOTHING, UNKNOWN, Site, Source, Taint, Thing, Value, join
from mingcha.program.world import World

INTENT, BUNDLE, BINDER = b"Landroid/content/Intent;", b"Landroid/os/Bundle;", b"Landroid/os/IBinder;"

_STARTS: dict[bytes, tuple[ComponentKind, int]] = {
    b"startActivity": ("activity", 0), b"startActivities": ("activity", 0), b"startActivityForResult": ("activity", 0),
    b"startActivityIfNeeded": ("activity", 0), b"startActivityFromChild": ("activity", 1), b"startService": ("service", 0),
    b"startForegroundService": ("service", 0), b"bindService": ("service", 0), b"sendBroadcast": ("receiver", 0),
    b"sendBroadcastAsUser": ("receiver", 0), b"sendOrderedBroadcast": ("receiver", 0), b"sendStickyBroadcast": ("receiver", 0),
    b"sendBroadcastSync": ("receiver", 0), b"getActivity": ("activity", 2), b"getService": ("service", 2),
    b"getForegroundService": ("service", 2), b"getBroadcast": ("receiver", 2), b"sendStickyOrderedBroadcast": ("receiver", 0),
}  # fmt: skip
"""Calls that hand an intent to Android: the kind of component it starts, and which argument it is."""
_ADDRESS = frozenset({b".class", b".package", b".action", b".type", b".category"})
"""What of an intent says where it goes, and is not handed over."""
_STARTERS = (b"Landroid/content/Context;", b"Landroid/app/PendingIntent;", b"Landroid/app/Fragment;")


@dataclass(frozen=True, slots=True)
class Leak:
    """Information of ``taint`` leaves at ``site``; ``host`` is the constant address, ``into`` the SDK it is handed to."""

    taint: Taint
    site: Site
    callee: bytes
    channel: Channel
    host: str | None = None
    into: str | None = None


@dataclass(slots=True)
class Started:
    """What is known of how the components of one world are started."""

    intents: dict[bytes, dict[Thing, None]] = field(default_factory=dict)
    """Component class → intents that start it."""
    results: dict[Thing, None] = field(default_factory=dict)
    binder: Value = NOTHING
    receivers: dict[Thing, tuple[Any, ...]] = field(default_factory=dict)
    """Receivers registered in code, with the filters they were registered for."""
    callbacks: dict[Thing, None] = field(default_factory=dict)
    """Objects whose methods the framework may call, in the order in which they were handed to it."""


class Session:
    """Shared by all machines of an analysis. ``owner`` tells whose code a class is (world, descriptor)."""

    def __init__(
        self, worlds: Sequence[World], owner: Callable[[int, bytes], str | None], asked: Callable[[View], str | None]
    ) -> None:
        self.worlds = worlds
        self.started = [Started() for _ in worlds]
        self.leaks: dict[tuple[Source, tuple[str, ...], Site, str, bool], Leak] = {}
        self.owner = owner
        self.asked = asked
        self.component: bytes = b""
        """The component whose life is being run."""

    # --- what leaves ---------------------------------------------------------------------------------------------

    def leaves(self, machine: Caller, call: LibraryCall) -> None:
        """Note the information that leaves with a call."""
        for row in call.frame.world.library.sinks(call.cls, call.ref.name):
            if row.channel == "provider" and any(self._own_providers(call)):
                continue
            if row.descriptor is None or call.ref.signature.endswith(row.descriptor.encode()):
                self._leaves_by(machine, call, row)

    def _leaves_by(self, machine: Caller, call: LibraryCall, row: Sink) -> None:
        taken = [machine.slot(call, slot(text)) for text in row.takes]
        taints = machine.inside(call, taken) | call.frame.decided
        if not taints:
            return
        channel: Any = row.channel
        if channel == "stream":
            channel = machine.slot(call, slot(f"{row.stream}.channel")).constant
            if not isinstance(channel, str):
                return
        host = self._host(machine, call, row.host or (f"{row.stream}.url" if row.channel == "stream" else None))
        self.note(taints, call.site, call.ref.full, channel, host)

    @staticmethod
    def _host(machine: Caller, call: LibraryCall, where: str | None) -> str | None:
        if where is None:
            return None
        value = machine.slot(call, slot(where))
        for inner in call.heap.reachable(value, 16, lambda of: of.app):
            for constant in sorted(inner.constants or (), key=repr):
                text = constant[1] if isinstance(constant, tuple) and constant[0] == "starts" else constant
                match = (_HOST.match(text) or _BARE.fullmatch(text)) if isinstance(text, str) else None
                if match:
                    return match[1].lower()
        return None

    def note(
        self, taints: Any, site: Site, callee: bytes, channel: Channel, host: str | None = None, into: str | None = None
    ) -> None:
        """Keep a leak; of several ways the shortest."""
        for taint in taints:
            key = (taint.source, taint.changes, site, channel, taint.implicit)
            known = self.leaks.get(key)
            if known is None or (length(taint), known.host is None) < (length(known.taint), host is None):
                self.leaks[key] = Leak(taint, site, callee, channel, host or (known.host if known else None), into)

    def handed(self, world: World, caller: bytes, method: Method, given: list[Value], site: Site) -> None:
        """Note information that code hands to an SDK: an argument of a call from other code into the SDK's."""
        taints = {t for value in given[0 if method.static else 1 :] for t in value.taints}
        into = self.owner(world.number, method.cls) if taints else None
        if into in (None, "app") or into == self.owner(world.number, caller):
            return
        taints = {t for t in taints if self._owner_at(t.source.site) != into}  # what it read itself it is not handed
        if taints:
            self.note(taints, site, (method.cls + b"->" + method.signature), "sdk", into=into)

    def _owner_at(self, site: Site) -> str | None:
        return self.owner(site.world, self.worlds[site.world].program.method(site.method).cls)

    # --- what the framework calls ----------------------------------------------------------------------------------

    def registered(self, world: World, of: Thing) -> None:
        """An object of the app was handed to the framework."""
        if of.app:
            of.shared = True
            self.started[world.number].callbacks.setdefault(of)

    def outside(self, world: World, method: Method, index: int) -> Value:
        """What Android passes to a callback's parameter."""
        kind = method.parameters[index]
        started = self.started[world.number]
        if kind[:1] != b"L" or kind == b"Ljava/lang/String;":
            return UNKNOWN
        if kind == b"Landroid/content/SharedPreferences;":
            return Value(None, frozenset(world.stores("preferences")))
        if kind == BINDER:
            return UNKNOWN if started.binder is NOTHING else started.binder
        if kind == INTENT:
            return self.intent_for(world, method)
        of, _ = world.thing(("outside", method.cls, kind), kind)
        return Value(None, frozenset({of}))

    def intent_for(self, world: World, method: Method) -> Value:
        """The intents that start the component, or come back to it."""
        started = self.started[world.number]
        found = started.results if method.name == b"onActivityResult" else self.intents_of(world, method.cls)
        of, _ = world.thing(("intent", method.cls), INTENT)
        return Value(None, frozenset({of, *list(found)[: values.MOST_OBJECTS - 1]}))

    def intents_of(self, world: World, cls: bytes) -> dict[Thing, None]:
        """Intents that start a component."""
        return self.started[world.number].intents.get(cls, {})

    # --- what starts what ------------------------------------------------------------------------------------------

    def calls(self, machine: Caller, call: LibraryCall) -> Value | None:
        """Follow calls that hand intents to Android, results back, and receivers over; what a provider answers."""
        name, world = call.ref.name, call.frame.world
        start = _STARTS.get(name)
        if start is not None and start[1] < len(call.arguments) and self._starter(world, call.cls):
            self._start(machine, call, start[0], call.arguments[start[1]])
        elif name == b"setResult" and len(call.arguments) == 2:
            self._result(machine, call)
        elif name == b"registerReceiver" and len(call.arguments) >= 2:
            for of in values.by_number(call.arguments[0].things):
                actions = [self._actions(call, call.arguments[1])]
                of.shared = True
                self.started[world.number].receivers[of] = tuple(actions)
        elif name in (b"setContentView", b"inflate", b"addPreferencesFromResource") and call.arguments:
            self._inflated(call)
        elif name in (b"query", b"insert", b"update", b"delete", b"call") and call.arguments:
            return self._provider(machine, call)
        return None

    def _inflated(self, call: LibraryCall) -> None:
        """Objects of the app's own classes that a layout names: views and fragments."""
        world, layout = call.frame.world, call.arguments[0].constant
        for view in world.layouts.get(layout, ()) if isinstance(layout, int) else ():
            cls = f"L{view.cls.replace('.', '/')};".encode()
            if "." in view.cls and cls in world.program.classes and not world.library.foreign(cls):
                of, _ = world.thing(("view", view.id) if view.id else ("view", cls), cls)
                of.type, of.app = cls, True
                if view.id:
                    call.heap.put(of, b".view", values.number(view.id), strong=True)
                self.registered(world, of)

    @staticmethod
    def _actions(call: LibraryCall, of: Value) -> Any:
        found: set[str] = set()
        for thing in of.things:
            constants = (call.heap.get(thing, b".action") or UNKNOWN).constants
            if constants is None:
                return None
            found |= {c for c in constants if isinstance(c, str)}
        return frozenset(found) if of.things else None

    def _starter(self, world: World, cls: bytes) -> bool:
        program = world.program
        return any(program.is_a(cls, kind) for kind in _STARTERS) or b"Fragment" in cls or b"LocalBroadcast" in cls

    def _start(self, machine: Caller, call: LibraryCall, kind: ComponentKind, given: Value) -> None:
        world = call.frame.world
        found: set[Thing] = set(given.things)
        for of in given.things:  # startActivities takes an array
            if of.type[:1] == b"[":
                for inner in call.heap.fields(of).values():
                    found |= inner.things
        for of in values.by_number(found):
            of.shared = True
            to = intents.target(call.heap.fields(of))
            for other in self.worlds:
                self._deliver(machine, call, kind, of, to, other)
            local = b"LocalBroadcast" in call.cls
            known_own = bool(to.classes) and all(cls in world.program.classes for cls in to.classes or ())
            known_own = known_own or to.packages == frozenset({world.around.package})
            if not known_own and not local:
                handed = [value for key, value in call.heap.fields(of).items() if key not in _ADDRESS]
                taints = machine.inside(call, handed) | call.frame.decided
                self.note(taints, call.site, call.ref.full, "intent")
        if given.taints and not found:
            self.note(given.taints, call.site, call.ref.full, "intent")

    def _deliver(
        self, machine: Caller, call: LibraryCall, kind: ComponentKind, of: Thing, to: intents.Target, other: World
    ) -> None:
        own = other is call.frame.world
        started = self.started[other.number]
        for component in other.around.components:
            if component.kind == kind and intents.receives(component, to, own=own, package=other.around.package):
                arrived = of if own else self._carried(machine, call, of, other)
                started.intents.setdefault(component.cls, {})[arrived] = None
        if kind == "receiver":
            for receiver, (actions,) in list(started.receivers.items()):
                if to.actions is None or actions is None or to.actions & actions:
                    arrived = of if own else self._carried(machine, call, of, other)
                    started.intents.setdefault(receiver.type, {})[arrived] = None

    @staticmethod
    def _carried(machine: Caller, call: LibraryCall, of: Thing, other: World) -> Thing:
        """An intent as it arrives in another app: what it carries under each key, no objects."""
        made, _ = other.thing(("from", call.frame.world.number, int(of)), INTENT, call.site)
        name = call.ref.cls + b"->" + call.ref.name
        for key, value in call.heap.fields(of).items():
            taints = frozenset(t.step("sends", call.site, name) for t in machine.inside(call, [value]))
            other.heap.put(made, key, Value(value.constants, taints=taints), strong=False)
        return made

    def _result(self, machine: Caller, call: LibraryCall) -> None:
        """A result goes back to whoever started the component: the own app, or another one if others may start it."""
        world = call.frame.world
        for of in values.by_number(call.arguments[1].things):
            of.shared = True
            self.started[world.number].results[of] = None
            for other in self.worlds:
                if other is not world:
                    self.started[other.number].results[self._carried(machine, call, of, other)] = None
        if self._exported(world, self.component):
            self.note(machine.inside(call, [call.arguments[1]]), call.site, call.ref.full, "intent")

    @staticmethod
    def _exported(world: World, cls: bytes) -> bool:
        rows = [c for c in world.around.components if c.cls == cls]
        return any(c.exported or (c.exported is None and c.filters) for c in rows)

    def _provider(self, machine: Caller, call: LibraryCall) -> Value | None:
        """A call through the resolver enters the app's own provider of that authority."""
        world, gave = call.frame.world, None
        for component in self._own_providers(call):
            found = machine.callback(call, self.instance(world, component), call.ref.name, call.arguments)
            gave = found if gave is None else join(gave, found)
        return gave

    @staticmethod
    def _own_providers(call: LibraryCall) -> list[Component]:
        """The app's own providers that a call through the resolver goes to."""
        world = call.frame.world
        if not call.arguments or not world.program.is_a(call.cls, b"Landroid/content/ContentResolver;"):
            return []
        addresses = {c for c in call.arguments[0].constants or () if isinstance(c, str)}
        for of in call.arguments[0].things:
            addresses |= {c for c in (call.heap.get(of, b".url") or UNKNOWN).constants or () if isinstance(c, str)}
        return [
            one
            for one in world.around.components
            if one.kind == "provider" and any(a and f"//{a}" in text for a in one.authorities for text in addresses)
        ]

    def instance(self, world: World, component: Component) -> Thing:
        """The object of a component."""
        return world.thing(("component", component.cls), component.cls)[0]


_BARE = re.compile(r"((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})(?::\d+)?")
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/@]*@)?([A-Za-z0-9.-]+\.[A-Za-z]{2,}|\d+\.\d+\.\d+\.\d+)", re.IGNORECASE
)


def length(taint: Taint) -> int:
    """Steps of a path."""
    count, step = 0, taint.trail
    while step is not None:
        count += 1
        step = step.before  # type: ignore[assignment]
    return count

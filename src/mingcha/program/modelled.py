"""What calls of methods that are not read do to values, by the rows of the model of Android and by default."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from mingcha.catalogue.slots import Move, Slot
from mingcha.program import values
from mingcha.program.frame import Frame
from mingcha.program.heap import ANY, UNDER, Heap
from mingcha.program.machine import Machine
from mingcha.program.values import NOTHING, UNKNOWN, Site, Taint, Taints, Thing, Value, join
from mingcha.program.world import STORE, Call

if TYPE_CHECKING:
    from mingcha.program.calls import Caller

_DEEP = 200
"""Objects looked into when everything inside a value counts."""
_ROOTS = (b"Landroid/content/Context;", b"Landroid/view/View;", b"Landroid/os/Handler;", b"Ljava/lang/Thread;")
"""Objects that everything hangs on: what is inside them does not leave with them."""


@dataclass(slots=True)
class LibraryCall:
    """One call of a method that is not read. ``cls`` is the class it is looked up by."""

    frame: Frame
    ref: Call
    cls: bytes
    site: Site
    receiver: Value | None
    arguments: list[Value]

    @property
    def machine(self) -> Caller:
        """The machine that runs the caller."""
        return cast("Caller", self.frame.machine)

    @property
    def heap(self) -> Heap:
        """The caller's heap."""
        return self.frame.heap


class Modelled(Machine):
    """A machine that knows what library calls do to values."""

    def modelled(self, call: LibraryCall) -> Value:
        """What a call gives, after it did what its row says to receiver and arguments."""
        moves = call.frame.world.library.moves(call.cls, call.ref.name, len(call.arguments))
        if moves is None:
            return self._default(call)
        gave = NOTHING
        made: Thing | None = None
        for one in moves:
            if one.do != "move":
                self._special(call, one)
                continue
            if one.target.base == "result" and one.target.path and made is None:
                made = self.made(call)
            value = self.changed(call, one, self.slot(call, one.source))
            if value is NOTHING:  # a shorter form of the call, without this parameter
                continue
            if one.target.base == "result" and not one.target.path:
                gave = join(gave, value)
            else:
                target = (
                    values.thing(made)
                    if one.target.base == "result" and made
                    else self.slot(call, one.target, whole=False)
                )
                self._store(call, target, one.target.path, value, one.source.path[-1:] == ("[=]",))
        if made is not None:
            gave = Value(gave.constants or values.NOTHING.constants, gave.things | {made}, gave.taints)
        if gave is NOTHING:
            return self._dropped(call) if self.implicit and not moves else self._fresh(call, frozenset())
        return gave

    def _dropped(self, call: LibraryCall) -> Value:
        """The result of a call that carries no value on is still decided by what went in."""
        given = [*call.arguments, *([call.receiver] if call.receiver is not None else [])]
        return self._fresh(call, frozenset(t.decided() for t in self.inside(call, given)))

    def changed(self, call: LibraryCall, one: Move, value: Value) -> Value:
        """The value after what is done to it on the way."""
        if not one.via:
            return value
        if value.things:  # what comes out is not the object that went in
            value = values.tainted(self.inside(call, [value]))
        if not value.taints:
            return value
        how = one.via
        if how.startswith("this."):
            found = self._inside(call.heap, call.receiver or UNKNOWN, "." + how[5:]).constant
            how = str(found).lower().replace("-", "") if isinstance(found, str) else "changed"
        does: Any = "encodes" if how in ("base64", "url") else "hashes" if is_hash(how) else "encrypts"
        name = call.ref.cls + b"->" + call.ref.name
        return Value(None, value.things, frozenset(t.changed(how, does, call.site, name) for t in value.taints))

    def _default(self, call: LibraryCall) -> Value:
        """No row: the result carries what went in; a constructor and a call without result keep it in the receiver."""
        given = [v for v in call.arguments if v.taints or v.things]
        taints = self.inside(call, given, own=False) if given else frozenset()
        if call.receiver is not None and call.ref.result == b"V":
            if taints:
                for of in call.receiver.things:
                    if not of.app or call.ref.name == b"<init>":
                        call.heap.put(of, ANY, values.tainted(taints), strong=False)
            return UNKNOWN
        if call.receiver is not None:
            taints |= self.inside(call, [call.receiver], own=False)
        if call.ref.result == b"Z":
            return values.tainted(frozenset(t.decided() for t in taints)) if self.implicit else UNKNOWN
        return self._fresh(call, taints)

    def _fresh(self, call: LibraryCall, taints: Taints) -> Value:
        """An object of the declared type (the receiver itself, where that is the same type: builders)."""
        kind = call.ref.result
        if kind[:1] not in (b"L", b"[") or kind == b"Ljava/lang/String;":
            return values.tainted(taints)
        if call.receiver is not None and kind == call.ref.cls:
            return Value(None, call.receiver.things, taints | call.receiver.taints)
        return Value(None, frozenset({self.made(call)}), taints)

    def made(self, call: LibraryCall) -> Thing:
        """The object that this call gives back."""
        kind = call.ref.result if call.ref.result[:1] in (b"L", b"[") else b"Ljava/lang/Object;"
        of, _ = call.frame.world.thing((call.frame.activation.context, call.site, b"made"), kind, call.site)
        if of.life != call.frame.world.life:
            of.life = call.frame.world.life
            call.heap.clear(of)
            call.frame.activation.fresh.add(of)
        return of

    def inside(self, call: LibraryCall, given: Iterable[Value], *, own: bool = True) -> Taints:
        """What values and everything inside them carry; with ``own`` false not what objects of the app's classes hold."""
        found: set[Taint] = set()
        program = call.frame.world.program

        def stop(of: Thing) -> bool:
            return of.app and (not own or any(program.is_a(of.type, root) for root in _ROOTS))

        for value in given:
            if value.taints:
                found |= value.taints
            if value.things:
                for inner in call.heap.reachable(value, _DEEP, stop):
                    found |= inner.taints
        return frozenset(found)

    # --- slots -------------------------------------------------------------------------------------------------

    def slot(self, call: LibraryCall, of: Slot, *, whole: bool = True) -> Value:
        """The value in a slot; with ``whole`` false the object that its last part is inside of."""
        base = self._base(call, of)
        path = of.path if whole else of.path[:-1]
        for part in path:
            base = base if base is NOTHING else self._part(call, base, part)
        return base

    def _base(self, call: LibraryCall, of: Slot) -> Value:
        if of.base == "this":
            return call.receiver or UNKNOWN
        if of.base == "constant":
            return values.const(of.name)
        if of.base == "store":
            return self._store_named(call, of)
        if isinstance(of.base, int) and of.base < len(call.arguments):
            return call.arguments[of.base]
        return NOTHING

    def _store_named(self, call: LibraryCall, of: Slot) -> Value:
        """A store of the app; of those told apart by name, none where the name is not known (except preferences)."""
        name: Any = ""
        if isinstance(of.by, str):
            name = self._inside(call.heap, call.receiver or UNKNOWN, "." + of.by).constant
        elif of.by is not None and of.by < len(call.arguments):
            name = call.arguments[of.by].constant
            if name is None:
                name = self._inside(call.heap, call.arguments[of.by], ".path").constant
        if not isinstance(name, str):
            if of.name != "preferences":
                return values.thing(self.made(call))
            name = ""
        return values.thing(call.frame.world.store(f"{of.name}/{name}"))

    def _part(self, call: LibraryCall, of: Value, part: str) -> Value:
        if part == "[**]":
            return values.tainted(self.inside(call, [of]))
        if part == "[=]":
            return of
        if part.startswith("["):
            return self._under(call, of, part)
        return self._inside(call.heap, of, part)

    def _under(self, call: LibraryCall, of: Value, part: str) -> Value:
        """What is kept under a key, at an index, or anywhere; taints of the whole count as well."""
        key = self._key(call, of, part)
        if key is None and part != "[]" and any(t.type == STORE for t in of.things):
            return UNKNOWN
        found = call.frame.read_inside(of, key)
        streams = [v for t in values.by_number(of.things) if (v := call.heap.get(t, UNDER)) is not None]
        for stream in streams:
            if stream.things or stream.taints:
                found = join(found, self._under(call, stream, "[]"))
        return found.carrying(of.taints) if of.taints else found

    def _key(self, call: LibraryCall, of: Value, part: str) -> Any:
        inner = part[1:-1]
        if inner.isdigit():
            return call.arguments[int(inner)].constant if int(inner) < len(call.arguments) else None
        if inner in ("+", "-"):
            sizes = [self._size(call.heap, t) for t in of.things]
            size = sizes[0] if len(sizes) == 1 else None
            return size if inner == "+" or size is None else size - 1
        return None

    @staticmethod
    def _size(heap: Heap, of: Thing) -> int | None:
        """How many elements a list has; None where that is not known."""
        fields = heap.fields(of)
        if of.many or ANY in fields or b".shifted" in fields:
            return None
        return sum(type(key) is tuple for key in fields)

    def _inside(self, heap: Heap, of: Value, part: str) -> Value:
        """A named part of objects; what no object keeps under that name is what the whole carries."""
        key, found = part.encode(), NOTHING
        for thing in values.by_number(of.things):
            value = heap.get(thing, key)
            under = None if value is not None or part not in (".channel", ".url") else heap.get(thing, UNDER)
            if value is not None:
                found = join(found, value)
            elif under is not None:
                found = join(found, self._inside(heap, under, part))
        if found is NOTHING:
            found = UNKNOWN if of.things else Value(of.constants if part == ".url" else None)
        return found.carrying(of.taints) if of.taints else found

    def _store(self, call: LibraryCall, target: Value, path: tuple[str, ...], value: Value, whole: bool) -> None:
        heap = call.heap
        last = path[-1] if path else "[]"
        single = len(target.things) == 1
        for of in values.by_number(target.things):
            if whole:
                for source in values.by_number(value.things):
                    for key, inner in heap.fields(source).items():
                        if type(key) is tuple or key is ANY:
                            heap.put(of, key, inner, strong=False)
                if value.taints:
                    heap.put(of, ANY, values.tainted(value.taints), strong=False)
            elif last.startswith("["):
                if value.taints or value.things or value.constants:
                    key = self._key(call, values.thing(of), last)
                    if key is None and of.type == STORE and last not in ("[]", "[=]"):
                        continue  # under which key is not known: it must not count as being under all
                    heap.put(
                        of, ANY if key is None else (key,), value, strong=single and key is not None and not of.many
                    )
                    self._through(call, of, value)
            else:
                heap.put(of, last.encode(), value, strong=single and not of.many)

    def _through(self, call: LibraryCall, of: Thing, value: Value) -> None:
        """What is written to a stream arrives in the stream it wraps."""
        under = call.heap.get(of, UNDER)
        for inner in values.by_number(under.things) if under is not None else ():
            if inner is not of:
                call.heap.put(inner, ANY, value, strong=False)
                self._through(call, inner, value)

    def _special(self, call: LibraryCall, one: Move) -> None:
        target = self.slot(call, one.source, whole=not one.source.path)
        single = len(target.things) == 1
        for of in values.by_number(target.things):
            if one.do == "clear" and not one.source.path:
                if single and not of.many:
                    call.heap.clear(of)
            elif one.do == "clear":
                key = self._key(call, values.thing(of), one.source.path[-1])
                if single and key is not None and not of.many:
                    call.heap.put(of, (key,), UNKNOWN, strong=True)
            elif one.do == "shift":
                _shift(call.heap, of)


def _shift(heap: Heap, of: Thing) -> None:
    """A list whose elements moved: every index may now hold any of them."""
    fields = dict(heap.fields(of))
    merged = NOTHING
    for key in [k for k in fields if type(k) is tuple or k is ANY]:
        merged = join(merged, fields.pop(key))
    fields[ANY] = merged if merged is not NOTHING else UNKNOWN
    heap.replace(of, fields)


def is_hash(how: str) -> bool:
    """Whether a change is a hash."""
    return how.startswith(("md", "sha", "sm3", "hmac", "crc"))

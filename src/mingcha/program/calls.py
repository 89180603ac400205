"""What a call means: which methods it enters, and for what is not read, what the model of Android says it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mingcha.model.android import Registration
from mingcha.program import values
from mingcha.program.decode import Instruction
from mingcha.program.heap import ANY, UNDER, Heap
from mingcha.program.intrinsics import INTRINSICS
from mingcha.program.library import Move, Slot
from mingcha.program.machine import Frame, Machine, Outcome
from mingcha.program.surroundings import View
from mingcha.program.values import NOTHING, UNKNOWN, Site, Source, Taint, Taints, Thing, Trail, Value, join
from mingcha.program.world import STORE, Call, Field, World

STATIC, SUPER, DIRECT = 0x71, 0x6F, 0x70
_MOST_TARGETS = 5
_DEEP = 200
"""Objects looked into when everything inside a value counts."""
_PRIMITIVE = frozenset(b"ZBSCIJFD")
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
    def heap(self) -> Heap:
        """The caller's heap."""
        return self.frame.heap


class Caller(Machine):
    """A machine that knows calls. ``session`` takes flows, started components and registered callbacks."""

    session: Any

    # --- which method ------------------------------------------------------------------------------------------

    def invoke(self, frame: Frame, i: Instruction) -> Value:
        """Enter every method the call may reach; join what they give and change."""
        ref: Call = frame.refs.call(i[4])
        opcode, registers = i[2], frame.registers
        shift = 0 if opcode == STATIC else 1
        given = i[3]
        arguments = [registers[given[s + shift]] if s + shift < len(given) else UNKNOWN for s in ref.slots]
        receiver = registers[given[0]] if shift and given else None
        if opcode == STATIC:
            self.initialise(frame, ref.cls)
        choices = self._choices(frame, opcode, ref, receiver)
        return self._entered(frame, i[1], ref, choices, receiver, arguments)

    def _choices(self, frame: Frame, opcode: int, ref: Call, receiver: Value | None) -> list[tuple[int | None, bytes, Value | None]]:
        """Method (None: not read), class to look it up by, and receiver, for each way the call may go."""
        world = frame.world
        if opcode == STATIC:
            return [(self.readable(world, ref.cls, ref.signature), ref.cls, None)]
        if opcode == SUPER:
            parent = world.program.superclass(frame.activation.method.cls) or ref.cls
            return [(self.readable(world, parent, ref.signature), parent, receiver)]
        if opcode == DIRECT:
            return [(self.readable(world, ref.cls, ref.signature), ref.cls, receiver)]
        return self._virtual(world, ref, receiver or UNKNOWN)

    def _virtual(self, world: World, ref: Call, receiver: Value) -> list[tuple[int | None, bytes, Value | None]]:
        """By the objects the receiver may be; where none is known, by the class hierarchy if that leaves few."""
        found: dict[tuple[int | None, bytes], list[Thing]] = {}
        for of in values.by_number(receiver.things):
            kind = of.type if of.app or world.program.is_a(of.type, ref.cls) else ref.cls
            number = self.readable(world, kind, ref.signature)
            if number is None and of.many and not world.library.foreign(kind):
                return self._by_hierarchy(world, ref, receiver)
            found.setdefault((number, kind if number is None else b""), []).append(of)
        ways = [
            (number, kind, Value(values.NOTHING.constants, frozenset(things), receiver.taints))
            for (number, kind), things in found.items()
        ]
        if ways:
            return ways[:_MOST_TARGETS]  # type: ignore[return-value]
        return self._by_hierarchy(world, ref, receiver)

    def _by_hierarchy(self, world: World, ref: Call, receiver: Value) -> list[tuple[int | None, bytes, Value | None]]:
        if not world.library.foreign(ref.cls):
            targets = [n for n in world.program.targets(ref.cls, ref.signature) if not self._foreign_method(world, n)]
            if 0 < len(targets) <= _MOST_TARGETS:
                return [(number, b"", receiver) for number in targets]
        return [(None, ref.cls, receiver)]

    def _foreign_method(self, world: World, number: int) -> bool:
        return world.library.foreign(world.program.method(number).cls)

    def readable(self, world: World, cls: bytes, signature: bytes) -> int | None:
        """The method that a call on this class enters, if it is code that is read."""
        if cls not in world.program.classes:
            return None
        number = world.program.find(cls, signature)
        return None if number is None or self._foreign_method(world, number) else number

    def _entered(
        self, frame: Frame, unit: int, ref: Call, choices: Sequence[tuple[int | None, bytes, Value | None]],
        receiver: Value | None, arguments: list[Value],
    ) -> Value:  # fmt: skip
        if len(choices) == 1:
            return self._one(frame, unit, ref, choices[0], arguments)
        before, gave, after = frame.heap, NOTHING, None
        decided = frame.decided
        if self.implicit and receiver is not None and receiver.taints:  # which method runs was decided by it
            frame.decided = decided | frozenset(t.decided() for t in receiver.taints)
        for choice in choices:
            frame.heap = before.fork()
            gave = join(gave, self._one(frame, unit, ref, choice, arguments))
            if after is None:
                after = frame.heap
            else:
                after.merge(frame.heap)
        frame.heap, frame.decided = after or before, decided
        return gave

    def _one(
        self, frame: Frame, unit: int, ref: Call, choice: tuple[int | None, bytes, Value | None], arguments: list[Value]
    ) -> Value:
        number, cls, receiver = choice
        if number is None:
            return self.library_call(LibraryCall(frame, ref, cls, frame.site(unit), receiver, arguments))
        return self.enter(frame, unit, number, [*([] if receiver is None else [receiver]), *arguments], ref)

    def enter(self, frame: Frame, unit: int, number: int, given: list[Value], ref: Call | None = None) -> Value:
        """Interpret a method of the app; what goes in and out is a step of the path."""
        site = frame.site(unit)
        quote = frame.world.program.method(number)
        name = quote.cls + b"->" + quote.name
        self.session.handed(frame.world, frame.activation.method.cls, quote, given, site)
        passed = [v if not v.taints else _stepped(v, "passes", site, name) for v in given]
        outcome = self.run(frame.world, number, passed, frame.heap, frame.activation, unit, frame.decided)
        if outcome is None:
            taints = frozenset(t for v in given for t in v.taints)
            return frame.some(quote.result).carrying(taints)
        frame.heap.absorb(outcome.heap)
        if outcome.thrown is not NOTHING:
            frame.thrown = join(frame.thrown, outcome.thrown)
        return _stepped(outcome.value, "returns", site, name) if outcome.value.taints else outcome.value

    # --- what is not read --------------------------------------------------------------------------------------

    def external_field(self, frame: Frame, ref: Field, unit: int) -> Value:
        """A static field outside the app: a constant of its own name, and a source where the catalogue says so."""
        name = (ref.cls + b"->" + ref.name).decode("utf-8", "replace")
        value = values.const(("field", name))
        for row in frame.world.library.interfaces(ref.cls, ref.name):
            if row.field and row.information is not None:
                value = value.carrying([self._sourced(frame.site(unit), ref.cls + b"->" + ref.name, row.id, row.information)])
        return value

    def library_call(self, call: LibraryCall) -> Value:
        """Sinks first (what leaves is what was there), then what the call gives, then what it makes the framework call."""
        self.session.leaves(self, call)
        handler = INTRINSICS.get((call.ref.cls, call.ref.name)) or INTRINSICS.get((b"", call.ref.name))
        gave = handler(self, call) if handler is not None else None
        if gave is None:
            gave = self._modelled(call)
        called = self._registered(call)
        if called is not None:
            gave = join(gave, called)
        gave = self._information(call, gave)
        answered = self.session.calls(self, call)
        return gave if answered is None else join(gave, answered)

    def _modelled(self, call: LibraryCall) -> Value:
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
                target = values.thing(made) if one.target.base == "result" and made else self.slot(call, one.target, whole=False)
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
        if not one.via or not value.taints:
            return value
        how = one.via
        if how.startswith("this."):
            found = self._inside(call.heap, call.receiver or UNKNOWN, "." + how[5:]).constant
            how = str(found).lower().replace("-", "") if isinstance(found, str) else "changed"
        does: Any = "encodes" if how in ("base64", "url") else "hashes" if _is_hash(how) else "encrypts"
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
        if of.by is not None and of.by < len(call.arguments):
            name = call.arguments[of.by].constant
            if name is None:
                name = self._inside(call.heap, call.arguments[of.by], ".path").constant
        if not isinstance(name, str):
            if of.name == "file":
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
                    heap.put(of, ANY if key is None else (key,), value, strong=single and key is not None and not of.many)
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

    # --- callbacks ---------------------------------------------------------------------------------------------

    def _registered(self, call: LibraryCall) -> Value | None:
        """Run what the framework calls after this call, unless a person has to act first; None where no row says so."""
        rows = call.frame.world.library.registrations(call.cls, call.ref.name)
        gave: Value | None = None
        for row in rows:
            on = self.slot(call, _registration_slot(row.on))
            for of in self._behind(call.heap, on):
                self.session.registered(call.frame.world, of)
                if of.app and not row.user:
                    found = self._run_row(call, row, of)
                    gave = found if gave is None else join(gave, found)
        if not rows:
            for value in call.arguments:
                for of in values.by_number(value.things):
                    if of.app:
                        self.session.registered(call.frame.world, of)
        return gave if any(row.result for row in rows) else None

    @staticmethod
    def _behind(heap: Heap, on: Value) -> list[Thing]:
        """The objects themselves; in place of a messenger the handler that it delivers to."""
        found = dict.fromkeys(values.by_number(on.things))
        for of in list(found):
            step = [of]
            for _ in range(3):
                step = [t for s in step if not s.app for t in (heap.get(s, b".target") or UNKNOWN).things]
                found.update(dict.fromkeys(sorted(step)))
        return list(found)

    def _run_row(self, call: LibraryCall, row: Registration, of: Thing) -> Value:
        """One object's callbacks in order, each given what the row says; may also not run."""
        results: dict[str, Value] = {}
        before = call.frame.heap
        call.frame.heap = before.fork()
        for text in row.runs:
            name, _, given = text.partition("(")
            slots = [s.strip() for s in given.rstrip(")").split(",") if s.strip()]
            taken = [results[s] if s in results else self.slot(call, _registration_slot(s)) for s in slots]
            results[name] = self.callback(call, of, name.encode(), taken if given else None)
        call.frame.heap.merge(before)
        return results.get(row.result or "", UNKNOWN)

    def callback(self, call: LibraryCall, of: Thing, name: bytes, given: list[Value] | None) -> Value:
        """Run the methods of this name that an object's class has, with these arguments (None: from Android, not known)."""
        world, gave = call.frame.world, NOTHING
        for number in callbacks_named(world, of.type, name):
            method = world.program.method(number)
            if self._foreign_method(world, number) or method.static:
                continue
            known = list(given or ())[: len(method.parameters)]
            known += [self.session.outside(world, method, index) for index in range(len(known), len(method.parameters))]
            gave = join(gave, self.enter(call.frame, call.site.unit, number, [values.thing(of), *known]))
        return UNKNOWN if gave is NOTHING else gave

    # --- information -------------------------------------------------------------------------------------------

    def _information(self, call: LibraryCall, gave: Value) -> Value:
        """The result with the information that the catalogue says the call hands out."""
        if call.ref.result == b"V":
            return gave
        for row in call.frame.world.library.interfaces(call.cls, call.ref.name):
            if row.field or row.information is None or not self._fits(call, row):
                continue
            already = call.receiver.taints if call.receiver is not None else ()
            if any(_akin(t.source.information, row.information) for t in already):
                return gave
            taint = self._sourced(call.site, call.ref.full, row.id, row.information)
            return Value(None, gave.things, gave.taints | {taint})
        view = self._typed(call)
        if view is not None:
            gave = gave.carrying([self._sourced(call.site, call.ref.full, "view", view)])
        return gave

    def _typed(self, call: LibraryCall) -> str | None:
        """The information that a person types into the view whose text is read here."""
        if call.ref.name != b"getText" or call.receiver is None:
            return None
        for of in values.by_number(call.receiver.things):
            found = call.heap.get(of, b".view")
            number = found.constant if found is not None else None
            for view in call.frame.world.views.get(number, ()) if isinstance(number, int) else ():
                information = self.session.asked(view)
                if information is not None:
                    return str(information)
        return None

    def _sourced(self, site: Site, callee: bytes, interface: str, information: str | None) -> Taint:
        return self.taints.taint(Source(site, callee, interface, information), Trail(None, "reads", site, callee))

    def _fits(self, call: LibraryCall, row: Any) -> bool:
        if row.descriptor is not None and call.ref.signature != (row.member + row.descriptor).encode():
            return False
        for predicate in row.when:
            value = call.arguments[predicate.argument] if predicate.argument < len(call.arguments) else UNKNOWN
            told = [_as_text(c) for c in sorted(value.constants or (), key=repr)]
            told += [_as_text(c) for t in value.things for c in (self._inside(call.heap, values.thing(t), ".url").constants or ())]
            if not any(self.session.meets(text, predicate) for text in told if text is not None):
                return False
        return True


def callbacks_named(world: World, cls: bytes, name: bytes) -> list[int]:
    """The methods of this name that a class of the app defines or inherits from one; the nearest of each signature."""
    found: dict[bytes, int] = {}
    for parent in world.program.ancestors(cls):
        if parent in world.program.classes and not world.library.foreign(parent):
            for signature, number in world.program.members(parent).items():
                if signature.startswith(name + b"(") and not world.program.method(number).access & 0x1000:
                    found.setdefault(signature, number)
    if not found:
        for signature, number in world.program.members(cls).items():
            if signature.startswith(name + b"("):
                found.setdefault(signature, number)
    return list(found.values())


def _shift(heap: Heap, of: Thing) -> None:
    """A list whose elements moved: every index may now hold any of them."""
    fields = dict(heap.fields(of))
    merged = NOTHING
    for key in [k for k in fields if type(k) is tuple or k is ANY]:
        merged = join(merged, fields.pop(key))
    fields[ANY] = merged if merged is not NOTHING else UNKNOWN
    heap.replace(of, fields)


def _stepped(value: Value, does: Any, site: Site, quote: bytes) -> Value:
    return Value(value.constants, value.things, frozenset(t.step(does, site, quote) for t in value.taints))


def _registration_slot(text: str) -> Slot:
    from mingcha.program.library import slot

    return slot(text)


def _is_hash(how: str) -> bool:
    return how.startswith(("md", "sha", "sm3", "hmac", "crc"))


def _akin(a: str | None, b: str) -> bool:
    """Whether two types of information are of one family (``loc.precise``, ``loc.cell``): a part of what was read already."""
    return a is not None and a.partition(".")[0] == b.partition(".")[0]


def _as_text(constant: Any) -> str | None:
    if isinstance(constant, (str, int)):
        return str(constant)
    return f"field:{constant[1]}" if constant[0] == "field" else None


__all__ = ["Caller", "LibraryCall", "Outcome", "View", "field"]

"""What a call means: which methods it enters, and for what is not read, what the model of Android says it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mingcha.catalogue.slots import slot
from mingcha.model.android import Registration
from mingcha.program import values
from mingcha.program.decode import Instruction
from mingcha.program.frame import Frame
from mingcha.program.heap import Heap
from mingcha.program.intrinsics import INTRINSICS
from mingcha.program.modelled import LibraryCall, Modelled
from mingcha.program.values import NOTHING, UNKNOWN, Site, Source, Taint, Thing, Trail, Value, join
from mingcha.program.world import Call, Field, World

if TYPE_CHECKING:
    from mingcha.program.session import Session

STATIC, SUPER, DIRECT = 0x71, 0x6F, 0x70
_MOST_TARGETS = 5
_BRIDGE = 0x1000
"""Access flag of methods that a compiler adds."""


class Way(NamedTuple):
    """One way a call may go: the method it enters (None: not read, looked up by ``cls``), and its receiver."""

    number: int | None
    cls: bytes
    receiver: Value | None


@dataclass
class Caller(Modelled):
    """A machine that knows calls. ``session`` takes flows, started components and registered callbacks."""

    session: Session = field(kw_only=True)

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

    def _choices(self, frame: Frame, opcode: int, ref: Call, receiver: Value | None) -> list[Way]:
        """Method (None: not read), class to look it up by, and receiver, for each way the call may go."""
        world = frame.world
        if opcode == STATIC:
            return [Way(self.readable(world, ref.cls, ref.signature), ref.cls, None)]
        if opcode == SUPER:
            parent = world.program.superclass(frame.activation.method.cls) or ref.cls
            return [Way(self.readable(world, parent, ref.signature), parent, receiver)]
        if opcode == DIRECT:
            return [Way(self.readable(world, ref.cls, ref.signature), ref.cls, receiver)]
        return self._virtual(world, ref, receiver or UNKNOWN)

    def _virtual(self, world: World, ref: Call, receiver: Value) -> list[Way]:
        """By the objects the receiver may be; where none is known, by the class hierarchy if that leaves few."""
        found: dict[tuple[int | None, bytes], list[Thing]] = {}
        for of in values.by_number(receiver.things):
            kind = of.type if of.app or world.program.is_a(of.type, ref.cls) else ref.cls
            number = self.readable(world, kind, ref.signature)
            if number is None and of.many and not world.library.foreign(kind):
                return self._by_hierarchy(world, ref, receiver)
            found.setdefault((number, kind if number is None else b""), []).append(of)
        ways = [
            Way(number, kind, Value(NOTHING.constants, frozenset(things), receiver.taints))
            for (number, kind), things in found.items()
        ]
        if ways:
            return ways[:_MOST_TARGETS]
        return self._by_hierarchy(world, ref, receiver)

    def _by_hierarchy(self, world: World, ref: Call, receiver: Value) -> list[Way]:
        if not world.library.foreign(ref.cls):
            targets = [n for n in world.program.targets(ref.cls, ref.signature) if not self._foreign_method(world, n)]
            if 0 < len(targets) <= _MOST_TARGETS:
                return [Way(number, b"", receiver) for number in targets]
        return [Way(None, ref.cls, receiver)]

    def _foreign_method(self, world: World, number: int) -> bool:
        return world.library.foreign(world.program.method(number).cls)

    def readable(self, world: World, cls: bytes, signature: bytes) -> int | None:
        """The method that a call on this class enters, if it is code that is read."""
        if cls not in world.program.classes:
            return None
        number = world.program.find(cls, signature)
        return None if number is None or self._foreign_method(world, number) else number

    def _entered(
        self, frame: Frame, unit: int, ref: Call, choices: Sequence[Way],
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

    def _one(self, frame: Frame, unit: int, ref: Call, choice: Way, arguments: list[Value]) -> Value:
        number, cls, receiver = choice
        if number is None:
            return self.library_call(LibraryCall(frame, ref, cls, frame.site(unit), receiver, arguments))
        return self.enter(frame, unit, number, [*([] if receiver is None else [receiver]), *arguments])

    def enter(self, frame: Frame, unit: int, number: int, given: list[Value]) -> Value:
        """Interpret a method of the app; what goes in and out is a step of the path."""
        site = frame.site(unit)
        quote = frame.world.program.method(number)
        name = quote.cls + b"->" + quote.name
        self.session.handed(frame.world, frame.activation.method.cls, quote, given, site)
        passed = [v.stepped("passes", site, name) for v in given]
        outcome = self.run(frame.world, number, passed, frame.heap, frame.activation, unit, frame.decided)
        if outcome is None:
            taints = frozenset(t for v in given for t in v.taints)
            return frame.some(quote.result).carrying(taints)
        frame.heap.absorb(outcome.heap)
        if outcome.thrown is not NOTHING:
            frame.thrown = join(frame.thrown, outcome.thrown)
        return outcome.value.stepped("returns", site, name)

    # --- what is not read --------------------------------------------------------------------------------------

    def external_field(self, frame: Frame, ref: Field, unit: int) -> Value:
        """A static field outside the app: a constant of its own name, and a source where the catalogue says so."""
        name = (ref.cls + b"->" + ref.name).decode("utf-8", "replace")
        value = values.const(("field", name))
        for row in frame.world.library.interfaces(ref.cls, ref.name):
            if row.field and row.information is not None:
                value = value.carrying(
                    [self._sourced(frame.site(unit), ref.cls + b"->" + ref.name, row.id, row.information)]
                )
        return value

    def library_call(self, call: LibraryCall) -> Value:
        """Sinks first (what leaves is what was there), then what the call gives, then what it makes the framework call."""
        self.session.leaves(self, call)
        handler = INTRINSICS.get((call.ref.cls, call.ref.name)) or INTRINSICS.get((b"", call.ref.name))
        gave = handler(call) if handler is not None else None
        if gave is None:
            gave = self.modelled(call)
        called = self._registered(call)
        if called is not None:
            gave = join(gave, called)
        gave = self._information(call, gave)
        answered = self.session.calls(self, call)
        return gave if answered is None else join(gave, answered)

    # --- callbacks ---------------------------------------------------------------------------------------------

    def _registered(self, call: LibraryCall) -> Value | None:
        """Run what the framework calls after this call, unless a person has to act first; None where no row says so."""
        rows = call.frame.world.library.registrations(call.cls, call.ref.name)
        gave: Value | None = None
        for row in rows:
            on = self.slot(call, slot(row.on))
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
            taken = [results[s] if s in results else self.slot(call, slot(s)) for s in slots]
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
        if call.ref.result in (b"V", b"Z"):  # whether it worked is not the information
            return gave
        for row in call.frame.world.library.interfaces(call.cls, call.ref.name):
            if row.field or row.information is None or not self._fits(call, row):
                continue
            held = call.receiver.taints if call.receiver is not None else frozenset()
            if any(t.source.information == row.information for t in held):
                return gave  # a part of what was read already
            taint = self._sourced(call.site, call.ref.full, row.id, row.information)
            return Value(None, gave.things, (gave.taints - held) | {taint})  # this part, not all that the object holds
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
            told += [
                _as_text(c)
                for t in value.things
                for c in (self._inside(call.heap, values.thing(t), ".url").constants or ())
            ]
            if not any(predicate.meets(text) for text in told if text is not None):
                return False
        return True


def callbacks_named(world: World, cls: bytes, name: bytes) -> list[int]:
    """The methods of this name that a class of the app defines or inherits from one; the nearest of each signature."""
    found: dict[bytes, int] = {}
    for parent in world.program.ancestors(cls):
        if parent in world.program.classes and not world.library.foreign(parent):
            for signature, number in world.program.members(parent).items():
                if signature.startswith(name + b"(") and not world.program.method(number).access & _BRIDGE:
                    found.setdefault(signature, number)
    if not found:
        for signature, number in world.program.members(cls).items():
            if signature.startswith(name + b"("):
                found.setdefault(signature, number)
    return list(found.values())


def _as_text(constant: Any) -> str | None:
    if isinstance(constant, (str, int)):
        return str(constant)
    return f"field:{constant[1]}" if constant[0] == "field" else None

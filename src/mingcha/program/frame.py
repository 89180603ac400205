"""One call being interpreted: its registers and its part of the heap, and what each instruction does to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mingcha.program import values
from mingcha.program.arithmetic import computed
from mingcha.program.decode import Body, Instruction
from mingcha.program.heap import ANY, Heap
from mingcha.program.values import NOTHING, UNKNOWN, Site, Value, join, tainted

if TYPE_CHECKING:
    from mingcha.program.activation import Activation
    from mingcha.program.machine import Machine
    from mingcha.program.world import Field


class Frame:
    """Registers and heap of one activation while a block runs; ``site(i)`` is where an instruction stands."""

    def __init__(self, machine: Machine, activation: Activation, body: Body) -> None:
        self.machine = machine
        self.activation = activation
        self.world = activation.world
        self.body = body
        self.registers: list[Value] = []
        self.heap = Heap()
        self.decided = activation.decided
        self.result = UNKNOWN
        self.thrown = NOTHING
        self.was: dict[int, Value] | None = None
        """What registers held before in this block, where an exception may end it at any place."""

    def site(self, unit: int) -> Site:
        """Where an instruction of this method stands."""
        return Site(self.world.number, self.activation.method.number, unit)

    @cached_property
    def refs(self) -> Any:
        """Names of the image's methods, fields, types."""
        return self.world.refs[self.activation.method.image]

    def set(self, register: int, value: Value) -> None:
        """Write a register; what decided that this runs goes along, if implicit flows are followed."""
        if self.decided:
            value = value.carrying(self.decided)
        if self.was is not None:
            self.was[register] = join(self.was.get(register, NOTHING), self.registers[register])
        self.registers[register] = value

    def before(self) -> list[Value]:
        """The registers as an exception may find them: what each held at any time in this block."""
        registers = self.registers.copy()
        for register, value in (self.was or {}).items():
            registers[register] = join(registers[register], value)
        return registers

    # --- instructions ------------------------------------------------------------------------------------------

    def do_move(self, i: Instruction) -> None:
        """Copy a register."""
        self.set(i[2], self.registers[i[3]])

    def do_number(self, i: Instruction) -> None:
        """A number."""
        self.set(i[2], values.number(i[3]))

    def do_string(self, i: Instruction) -> None:
        """A string."""
        self.set(i[2], values.const(self.refs.string(i[3])))

    def do_class(self, i: Instruction) -> None:
        """A class."""
        self.set(i[2], values.const(("class", self.refs.type(i[3]))))

    def do_new(self, i: Instruction) -> None:
        """A new object."""
        kind = self.refs.type(i[3])
        self.machine.initialise(self, kind)
        self.set(i[2], values.thing(self._made(i[1], kind)))

    def _made(self, unit: int, kind: bytes) -> values.Thing:
        """The object of this place and context. Made again in one life, it stands for several if it carries something."""
        of, again = self.world.thing((self.activation.context, self.site(unit)), kind, self.site(unit))
        if of.life != self.world.life:
            of.life, of.many = self.world.life, False
            self.heap.clear(of)
            self.activation.fresh.add(of)
        elif again and not of.many:
            if any(v.taints or v.things for v in self.heap.fields(of).values()):
                of.many = True
            else:
                self.heap.clear(of)
        return of

    def do_array(self, i: Instruction) -> None:
        """A new array."""
        self.set(i[2], values.thing(self._made(i[1], self.refs.type(i[4]))))

    def do_filled(self, i: Instruction) -> None:
        """A new array with these elements."""
        of = self._made(i[1], self.refs.type(i[3]))
        for index, register in enumerate(i[2]):
            self.heap.put(of, (index,), self.registers[register], strong=not of.many)
        self.result = values.thing(of)

    def do_throw(self, i: Instruction) -> None:
        """An exception."""
        self.thrown = join(self.thrown, self.registers[i[2]])

    def do_aget(self, i: Instruction) -> None:
        """Read an element."""
        array, index = self.registers[i[3]], self.registers[i[4]]
        found = self.read_inside(array, index.constant)
        if not found.taints and not array.taints and index.taints:  # a table looked up: how digits are written
            found = tainted(index.taints)
        self.set(i[2], found.carrying(array.taints) if array.taints else found)

    def read_inside(self, of: Value, key: Any) -> Value:
        """What objects hold under a key or index (None: anywhere)."""
        found = NOTHING
        for thing in values.by_number(of.things):
            fields = self.heap.fields(thing)
            if key is None:
                for name, value in fields.items():
                    if name is ANY or type(name) is tuple:
                        found = join(found, value)
            else:
                for name in ((key,), ANY):
                    if name in fields:
                        found = join(found, fields[name])
        return UNKNOWN if found is NOTHING else found

    def do_aput(self, i: Instruction) -> None:
        """Write an element."""
        array, index = self.registers[i[3]], self.registers[i[4]].constant
        key = ANY if index is None else (index,)
        self.write(array, key, self.registers[i[2]])

    def write(self, of: Value, key: Any, value: Value) -> None:
        """Write under a key of objects: for sure where it is one single object."""
        if self.decided:
            value = value.carrying(self.decided)
        single = len(of.things) == 1 and key is not ANY
        for thing in of.things:
            self.heap.put(thing, key, value, strong=single and not thing.many)

    def do_iget(self, i: Instruction) -> None:
        """Read a field of an object."""
        self.set(i[2], self.read_field(self.registers[i[3]], self.refs.field(i[4]), i[1]))

    def read_field(self, of: Value, ref: Field, unit: int) -> Value:
        """A field of objects; of an object from outside also what was put into it as a whole."""
        found = NOTHING
        if not of.things:
            of = Value(of.constants, self.some(ref.cls).things, of.taints)
        for thing in values.by_number(of.things):
            value = self.heap.get(thing, ref.key)
            if value is None:
                value = self._unwritten(thing, ref)
            found = join(found, UNKNOWN if value is None else value)
        if found is NOTHING:
            found = UNKNOWN
        if of.taints:
            found = found.carrying(of.taints)
        return found.stepped("reads", self.site(unit), ref.name)

    def _unwritten(self, of: values.Thing, ref: Any) -> Value | None:
        """A field nobody was seen to write: of objects from outside what was put into them, else any object of its type."""
        if not of.app:
            return self.heap.get(of, ANY)
        if self.world.relevance is not None and of not in self.world.one_of and self.world.relevance.single(of.type):
            found = self.heap.get(self.world.one(of.type), ref.key)
            if found is not None:
                return found
        return self.some(ref.type)

    def some(self, kind: bytes) -> Value:
        """Any object of a type of the app, where not everything was run that may have made it."""
        world = self.world
        if world.relevance is None or kind not in world.program.classes or world.library.foreign(kind):
            return UNKNOWN
        return Value(None, frozenset({world.one(kind) if world.relevance.single(kind) else world.some(kind)}))

    def do_iput(self, i: Instruction) -> None:
        """Write a field of an object."""
        ref = self.refs.field(i[4])
        value = self.registers[i[2]].stepped("writes", self.site(i[1]), ref.name)
        of = self.registers[i[3]]
        self.write(of if of.things or not value.taints else self.some(ref.cls), ref.key, value)

    def do_sget(self, i: Instruction) -> None:
        """Read a static field."""
        ref = self.refs.field(i[3])
        if ref.cls not in self.world.program.classes:
            self.set(i[2], self.machine.external_field(self, ref, i[1]))
            return
        fixed = self.world.fixed(ref)
        if fixed is not None:
            self.set(i[2], values.const(fixed))
            return
        self.machine.initialise(self, ref.cls)
        value = self.heap.get(self.world.statics(ref.cls), ref.key)
        if value is not None and self.world.relevance is not None:
            value = Value(None, value.things, value.taints)  # what other code writes was not run
        self.set(i[2], UNKNOWN if value is None else value.stepped("reads", self.site(i[1]), ref.name))

    def do_sput(self, i: Instruction) -> None:
        """Write a static field."""
        ref = self.refs.field(i[3])
        self.machine.initialise(self, ref.cls)
        value = self.registers[i[2]].stepped("writes", self.site(i[1]), ref.name)
        self.write(values.thing(self.world.statics(ref.cls)), ref.key, value)

    def do_invoke(self, i: Instruction) -> None:
        """A call."""
        self.result = self.machine.invoke(self, i)

    def do_result(self, i: Instruction) -> None:
        """What the call before gave."""
        self.set(i[2], self.result)

    def do_caught(self, i: Instruction) -> None:
        """What was thrown."""
        self.set(i[2], UNKNOWN if self.thrown is NOTHING else self.thrown)

    def do_cast(self, i: Instruction) -> None:
        """A cast sorts out objects that cannot be of its type."""
        value = self.registers[i[2]]
        if len(value.things) > 1:
            wanted, program = self.refs.type(i[3]), self.world.program
            fitting = frozenset(t for t in value.things if not t.app or program.is_a(t.type, wanted))
            if fitting and len(fitting) < len(value.things):
                self.set(i[2], Value(value.constants, fitting, value.taints))

    def do_is(self, i: Instruction) -> None:
        """Whether an object is of a type."""
        self.set(i[2], tainted(self.registers[i[3]].taints) if self.machine.implicit else UNKNOWN)

    def do_length(self, i: Instruction) -> None:
        """The length of an array."""
        self.set(i[2], UNKNOWN)

    def do_unary(self, i: Instruction) -> None:
        """An operation on one value."""
        self.set(i[2], computed(i[4], self.registers[i[3]], None))

    def do_binary(self, i: Instruction) -> None:
        """An operation on two values."""
        a, b = i[3]
        self.set(i[2], computed(i[4], self.registers[a], self.registers[b]))

    def do_literal(self, i: Instruction) -> None:
        """An operation on a value and a number."""
        register, literal = i[3]
        self.set(i[2], computed(i[4], self.registers[register], values.number(literal)))

    def do_nothing(self, i: Instruction) -> None:
        """What changes nothing."""


DO: list[Callable[[Frame, Instruction], None]] = [
    Frame.do_move, Frame.do_number, Frame.do_string, Frame.do_class, Frame.do_new, Frame.do_array, Frame.do_filled, Frame.do_nothing,
    Frame.do_nothing, Frame.do_throw, Frame.do_nothing, Frame.do_nothing, Frame.do_aget, Frame.do_aput, Frame.do_iget, Frame.do_iput,
    Frame.do_sget, Frame.do_sput, Frame.do_invoke, Frame.do_result, Frame.do_caught, Frame.do_cast, Frame.do_is, Frame.do_length,
    Frame.do_unary, Frame.do_binary, Frame.do_literal,
]  # fmt: skip

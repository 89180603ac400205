"""Interprets one method over abstract values: registers flow-sensitively, objects by the place that makes them.

A method is run block by block in reverse postorder until nothing changes; where ways meet, what both know is joined. Calls are
entered (`calls.py`), so that each call is seen with its own arguments. What costs too much ends in `Spent`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from mingcha.errors import FormatError, MingchaError
from mingcha.program import decode, values
from mingcha.program.arithmetic import compared, computed
from mingcha.program.code import Method
from mingcha.program.control import influence
from mingcha.program.decode import Body, Instruction
from mingcha.program.heap import ANY, Heap
from mingcha.program.values import NOTHING, UNKNOWN, Site, Taints, Thing, Value, join, tainted
from mingcha.program.world import World

_VISITS = 10
"""Times a block is run again before its method is taken as it is."""
_WIDEN = 4
_SHORT, _ACCESSOR = 40, 16
"""Units of a constructor, and of another method, that is run whether or not it leads anywhere."""
_RUNS = 2
_SHORT_RUNS = 12
"""Times a method, and a short one, is run anew in one life for the same information."""
_IDLE = 2
_LOOKED_INTO = 24
"""Objects looked into to see whether anything carried is handed over."""
_DEEPEST = 28
"""Calls entered one inside another."""


class Spent(MingchaError):
    """The steps allowed for one root are used up."""


@dataclass(slots=True)
class Budget:
    """Instructions that may still be interpreted."""

    left: int

    def take(self, count: int) -> None:
        """Use some. Raises Spent."""
        self.left -= count
        if self.left < 0:
            raise Spent("the steps allowed are used up")


class Outcome(NamedTuple):
    """What a call gives back, what it throws, and what it changed (a layer over the caller's heap)."""

    value: Value
    thrown: Value
    heap: Heap


@dataclass(slots=True)
class Known:
    """What earlier calls of a method gave: ``carried`` was handed to each parameter, ``born`` came back and was not handed over.

    ``through`` is what came back of each parameter: all that hangs on an object does not come back with a part of it.
    """

    runs: int = 0
    carried: tuple[Taints, ...] = ()
    born: Taints = frozenset()
    through: tuple[Taints, ...] = ()
    value: Value = NOTHING
    thrown: Value = NOTHING

    def take(self, carried: tuple[Taints, ...], outcome: Outcome) -> None:
        """Learn from one more call."""
        self.runs += 1
        nothing: tuple[Taints, ...] = (frozenset(),) * len(carried)
        back = outcome.value.taints
        self.carried = tuple(a | b for a, b in zip(self.carried or nothing, carried, strict=True))
        self.through = tuple(a | b & back for a, b in zip(self.through or nothing, carried, strict=True))
        self.born |= outcome.value.taints.difference(*carried)
        self.value = join(self.value, outcome.value)
        self.thrown = join(self.thrown, outcome.thrown)

    def covers(self, carried: tuple[Taints, ...]) -> bool:
        """Whether earlier calls were handed all this, parameter by parameter."""
        return all(a <= b for a, b in zip(carried, self.carried, strict=True))

    def given(self, carried: tuple[Taints, ...]) -> Value:
        """What a call gives that hands over this."""
        back = self.born.union(*(a & b for a, b in zip(carried, self.through, strict=True)))
        return Value(self.value.constants, self.value.things, back)


@dataclass(slots=True)
class Activation:
    """One call being interpreted: which method, in which chain of calls, and what decided that it runs."""

    world: World
    method: Method
    context: int
    depth: int
    decided: Taints
    above: Activation | None = None
    idle: int = 0
    """Calls in a row, this one last, of methods that lead nowhere."""
    fresh: set[Thing] = field(default_factory=set)
    """Objects first made while this call runs."""

    def entered(self, number: int) -> int:
        """How often a method is already being interpreted in this chain."""
        count, step = 0, self
        while step is not None:
            count += step.method.number == number
            step = step.above  # type: ignore[assignment]
        return count


Invoke = Callable[["Frame", Instruction], Value]


@dataclass(slots=True)
class _State:
    registers: list[Value]
    heap: Heap
    visits: int = 0


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

    def _move(self, i: Instruction) -> None:
        self.set(i[2], self.registers[i[3]])

    def _number(self, i: Instruction) -> None:
        self.set(i[2], values.number(i[3]))

    def _string(self, i: Instruction) -> None:
        self.set(i[2], values.const(self.refs.string(i[3])))

    def _class(self, i: Instruction) -> None:
        self.set(i[2], values.const(("class", self.refs.type(i[3]))))

    def _new(self, i: Instruction) -> None:
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

    def _array(self, i: Instruction) -> None:
        self.set(i[2], values.thing(self._made(i[1], self.refs.type(i[4]))))

    def _filled(self, i: Instruction) -> None:
        of = self._made(i[1], self.refs.type(i[3]))
        for index, register in enumerate(i[2]):
            self.heap.put(of, (index,), self.registers[register], strong=not of.many)
        self.result = values.thing(of)

    def _throw(self, i: Instruction) -> None:
        self.thrown = join(self.thrown, self.registers[i[2]])

    def _aget(self, i: Instruction) -> None:
        array, index = self.registers[i[3]], self.registers[i[4]]
        found = self.read_inside(array, index.constant)
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

    def _aput(self, i: Instruction) -> None:
        array, index = self.registers[i[3]], self.registers[i[4]].constant
        key = ANY if index is None else (index,)
        self.write(array, key, self.registers[i[2]], i[1])

    def write(self, of: Value, key: Any, value: Value, unit: int) -> None:
        """Write under a key of objects: for sure where it is one single object."""
        if self.decided:
            value = value.carrying(self.decided)
        single = len(of.things) == 1 and key is not ANY
        for thing in of.things:
            self.heap.put(thing, key, value, strong=single and not thing.many)

    def _iget(self, i: Instruction) -> None:
        self.set(i[2], self.read_field(self.registers[i[3]], self.refs.field(i[4]), i[1]))

    def read_field(self, of: Value, ref: Any, unit: int) -> Value:
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
        return self._stepped(found, "reads", unit, ref)

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

    def _stepped(self, value: Value, does: Any, unit: int, ref: Any) -> Value:
        if not value.taints:
            return value
        site, quote = self.site(unit), ref.name
        return Value(value.constants, value.things, frozenset(t.step(does, site, quote) for t in value.taints))

    def _iput(self, i: Instruction) -> None:
        ref = self.refs.field(i[4])
        value = self._stepped(self.registers[i[2]], "writes", i[1], ref)
        of = self.registers[i[3]]
        self.write(of if of.things or not value.taints else self.some(ref.cls), ref.key, value, i[1])

    def _sget(self, i: Instruction) -> None:
        ref = self.refs.field(i[3])
        if ref.cls not in self.world.program.classes:
            self.set(i[2], self.machine.external_field(self, ref, i[1]))
            return
        self.machine.initialise(self, ref.cls)
        value = self.heap.get(self.world.statics(ref.cls), ref.key)
        self.set(i[2], self._stepped(UNKNOWN if value is None else value, "reads", i[1], ref))

    def _sput(self, i: Instruction) -> None:
        ref = self.refs.field(i[3])
        self.machine.initialise(self, ref.cls)
        value = self._stepped(self.registers[i[2]], "writes", i[1], ref)
        self.write(values.thing(self.world.statics(ref.cls)), ref.key, value, i[1])

    def _invoke(self, i: Instruction) -> None:
        self.result = self.machine.invoke(self, i)

    def _result(self, i: Instruction) -> None:
        self.set(i[2], self.result)

    def _caught(self, i: Instruction) -> None:
        self.set(i[2], UNKNOWN if self.thrown is NOTHING else self.thrown)

    def _cast(self, i: Instruction) -> None:
        """A cast sorts out objects that cannot be of its type."""
        value = self.registers[i[2]]
        if len(value.things) > 1:
            wanted, program = self.refs.type(i[3]), self.world.program
            fitting = frozenset(t for t in value.things if not t.app or program.is_a(t.type, wanted))
            if fitting and len(fitting) < len(value.things):
                self.set(i[2], Value(value.constants, fitting, value.taints))

    def _is(self, i: Instruction) -> None:
        self.set(i[2], tainted(self.registers[i[3]].taints) if self.machine.implicit else UNKNOWN)

    def _length(self, i: Instruction) -> None:
        self.set(i[2], UNKNOWN)

    def _unary(self, i: Instruction) -> None:
        self.set(i[2], computed(i[4], self.registers[i[3]], None))

    def _binary(self, i: Instruction) -> None:
        a, b = i[3]
        self.set(i[2], computed(i[4], self.registers[a], self.registers[b]))

    def _literal(self, i: Instruction) -> None:
        register, literal = i[3]
        self.set(i[2], computed(i[4], self.registers[register], values.number(literal)))

    def _nothing(self, i: Instruction) -> None:
        pass


_DO: list[Callable[[Frame, Instruction], None]] = [
    Frame._move, Frame._number, Frame._string, Frame._class, Frame._new, Frame._array, Frame._filled, Frame._nothing,
    Frame._nothing, Frame._throw, Frame._nothing, Frame._nothing, Frame._aget, Frame._aput, Frame._iget, Frame._iput,
    Frame._sget, Frame._sput, Frame._invoke, Frame._result, Frame._caught, Frame._cast, Frame._is, Frame._length,
    Frame._unary, Frame._binary, Frame._literal,
]  # fmt: skip


@dataclass
class Machine:
    """Runs methods. ``invoke``, ``external_field`` and the rest of what calls mean are `calls.py`'s."""

    budget: Budget
    implicit: bool = False
    taints: values.Interned = field(default_factory=values.Interned)
    known: dict[Any, Known] = field(default_factory=dict)
    """What calls of a method gave before, by life, method, and whether anything was handed over."""
    cut: set[int] = field(default_factory=set)
    """Methods that were not read: too long, broken, too deep, or called in a circle."""

    def invoke(self, frame: Frame, i: Instruction) -> Value:
        """What a call gives back."""
        raise NotImplementedError

    def external_field(self, frame: Frame, ref: Any, unit: int) -> Value:
        """What a static field outside the app holds."""
        raise NotImplementedError

    def initialise(self, frame: Frame, cls: bytes) -> None:
        """Run a class's static initialiser, once, where it is first used."""
        world = frame.world
        if cls in world.initialised or world.library.foreign(cls):
            return
        world.initialised.add(cls)
        parent = world.program.superclass(cls)
        if parent is not None:
            self.initialise(frame, parent)
        number = world.program.members(cls).get(b"<clinit>()V")
        if number is not None:
            outcome = self.run(world, number, [], frame.heap, frame.activation)
            if outcome is not None:  # seen at once on this way, and on every other, since it runs only once
                world.heap.merge(outcome.heap)
                frame.heap.absorb(outcome.heap)

    def run(
        self,
        world: World,
        number: int,
        arguments: list[Value],
        heap: Heap,
        above: Activation | None,
        unit: int = 0,
        decided: Taints = frozenset(),
        *,
        wanted: bool = False,
    ) -> Outcome | None:
        """Interpret a method over a caller's heap; None where it is not read. Raises Spent.

        ``wanted``: whether or not it leads to anything.
        """
        depth = above.depth + 1 if above else 0
        if depth > _DEEPEST or (above is not None and above.entered(number) > 1):
            self.cut.add(number)
            return None
        method = world.program.method(number)
        if above is not None and above.entered(number):  # how often it goes round is not known
            arguments = [_any_number(value) for value in arguments]
        idle, carried = 0, ()
        if world.relevance is not None:
            carried = tuple(heap.carried((value,), _LOOKED_INTO) for value in arguments)
            if not wanted and number not in world.relevance.methods:
                idle = above.idle + 1 if above else 1
                if not any(carried) and (idle > _IDLE or not self._short(world, method, above)):
                    return None
        try:
            body = world.body(number)
        except FormatError:
            self.cut.add(number)
            return None
        caller = above.method.number if above else -1
        context = world.context(above.context if above else 0, caller, unit, number)
        activation = Activation(world, method, context, depth, decided, above, idle)
        if world.relevance is None:
            return self._interpret(Frame(self, activation, body), arguments, heap)
        return self._again(Frame(self, activation, body), arguments, heap, carried)

    def _again(self, frame: Frame, arguments: list[Value], heap: Heap, carried: tuple[Taints, ...]) -> Outcome:
        """Run a method anew for the first calls, and for those that hand over something new; then give what these gave."""
        world, number = frame.world, frame.activation.method.number
        short = frame.body.size <= _SHORT // 2 or frame.activation.method.name == b"<init>"
        key = (world.number, world.life if short else ~world.round, number, any(carried))
        known = self.known.get(key)
        runs = _SHORT_RUNS if short else _RUNS
        if known is not None and known.runs >= runs and known.covers(carried):
            return Outcome(known.given(carried), known.thrown, Heap(heap))
        outcome = self._interpret(frame, arguments, heap)
        self.known.setdefault(key, Known()).take(carried, outcome)
        return outcome

    @staticmethod
    def _short(world: World, method: Method, above: Activation | None) -> bool:
        """Whether a method is so short that it is run even if it leads nowhere: it may be an accessor."""
        if above is None and method.name != b"<init>":
            return False
        first, end = world.extent(method)
        return end - first <= (_SHORT if method.name == b"<init>" else _ACCESSOR)

    def _interpret(self, frame: Frame, arguments: list[Value], heap: Heap) -> Outcome:
        body = frame.body
        registers = [NOTHING] * (body.registers - body.inputs) + _placed(frame.activation.method, arguments, body.inputs)
        states = {0: _State(registers, Heap(heap))}
        queue = [(body.order[0], 0)] if body.blocks else []
        waiting = {0}
        gave, left, ended = NOTHING, None, Heap(heap)
        patience = _WIDEN if frame.world.relevance is None else 1
        reach = influence(body) if self.implicit else None
        decides: dict[int, Taints] = {}
        while queue:
            _, number = heapq.heappop(queue)
            waiting.discard(number)
            state, block = states[number], body.blocks[number]
            state.visits += 1
            if state.visits > _VISITS:
                continue
            self.budget.take(len(block.code) + 1)
            frame.registers, frame.heap = state.registers.copy(), state.heap.fork()
            frame.was = {} if block.caught else None
            frame.decided = frame.activation.decided | decides.get(number, frozenset())
            for i in block.code:
                _DO[i[0]](frame, i)
            last = block.code[-1] if block.code else None
            if last is not None and last[0] == decode.RETURN:
                if last[2] is not None:
                    value = frame.registers[last[2]]
                    gave = join(gave, value.carrying(frame.decided) if frame.decided else value)
                left = frame.heap if left is None else left
                if left is not frame.heap:
                    left.merge(frame.heap)
                continue
            if not block.after:
                ended.merge(frame.heap)
            if reach is not None and last is not None and last[0] in (decode.IF, decode.SWITCH):
                self._decide(frame, last, number, reach, decides)
            for after in self._ways(frame, block, last):
                self._arrive(states, after, frame.registers, frame.heap, queue, waiting, body, patience)
            for handler in block.caught:
                if handler not in states:  # what is thrown at once finds what was there before
                    self._arrive(states, handler, state.registers, state.heap, queue, waiting, body, patience)
                self._arrive(states, handler, frame.before(), frame.heap, queue, waiting, body, patience)
        left = ended if left is None else left
        fresh = frame.activation.fresh
        if fresh:
            left.prune((gave, frame.thrown), fresh)
            if frame.activation.above is not None:
                frame.activation.above.fresh.update(of for of in fresh if of in left.own)
        return Outcome(UNKNOWN if gave is NOTHING else gave, frame.thrown, left)

    def _ways(self, frame: Frame, block: decode.Block, last: Instruction | None) -> tuple[int, ...]:
        """The blocks that may come next, after a condition that constants decide."""
        if last is None or last[0] != decode.IF or len(block.after) != 2:
            return block.after
        other = values.NULL if last[4] is None else frame.registers[last[4]]
        told = compared(last[2], frame.registers[last[3]], other)
        return block.after if told is None else (block.after[0 if told else 1],)

    def _decide(self, frame: Frame, last: Instruction, number: int, reach: Any, decides: dict[int, Taints]) -> None:
        registers = [last[2]] if last[0] == decode.SWITCH else [last[3], *([last[4]] if last[4] is not None else [])]
        taints = frozenset(t.decided() for r in registers for t in frame.registers[r].taints)
        if taints:
            for block in reach(number):
                decides[block] = decides.get(block, frozenset()) | taints

    @staticmethod
    def _arrive(
        states: dict[int, _State], number: int, registers: list[Value], heap: Heap, queue: Any, waiting: set[int], body: Body, patience: int
    ) -> None:
        state = states.get(number)
        if state is None:
            states[number] = _State(registers.copy(), heap.fork())
            changed = True
        else:
            changed = state.heap.merge(heap)
            mine, widen = state.registers, state.visits >= patience
            for index, value in enumerate(registers):
                before = mine[index]
                if before is not value:
                    after = join(before, value)
                    if after is not before:
                        if widen and after.constants != before.constants:
                            after = Value(None, after.things, after.taints)
                        mine[index] = after
                        changed = True
        if changed and number not in waiting:
            waiting.add(number)
            heapq.heappush(queue, (body.order[number], number))


def _any_number(value: Value) -> Value:
    """The same value without the numbers it is known to be."""
    if value.constants and any(isinstance(constant, int) for constant in value.constants):
        return Value(None, value.things, value.taints)
    return value


def _placed(method: Method, arguments: list[Value], inputs: int) -> list[Value]:
    """Arguments as registers: long and double take two."""
    found = []
    kinds = ([] if method.static else [b"L"]) + list(method.parameters)
    for kind, value in zip(kinds, arguments, strict=False):
        found.append(value)
        if kind in (b"J", b"D"):
            found.append(UNKNOWN)
    return (found + [UNKNOWN] * inputs)[:inputs]

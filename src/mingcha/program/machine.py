"""Interprets one method over abstract values: registers flow-sensitively, objects by the place that makes them.

A method is run block by block in reverse postorder until nothing changes; where ways meet, what both know is joined. Calls are
entered (`calls.py`), so that each call is seen with its own arguments. What costs too much ends in `SpentError`.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Any

from mingcha.errors import FormatError
from mingcha.program import decode, values
from mingcha.program.activation import Activation, Budget, Known, Outcome
from mingcha.program.arithmetic import compared
from mingcha.program.code import Method
from mingcha.program.control import influence
from mingcha.program.decode import Block, Body, Instruction
from mingcha.program.frame import DO, Frame
from mingcha.program.heap import ANY, Heap
from mingcha.program.quiet import quiet
from mingcha.program.values import NOTHING, UNKNOWN, Taints, Thing, Value, join
from mingcha.program.world import World

_EQUAL, _OTHER = 0x32, 0x33
_VISITS = 10
"""Times a block is run again before its method is taken as it is."""
_WIDEN = 4
_MOST_BLOCKS = 600
"""Blocks of a method in which it is looked for what conditions decide."""
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
        for parent in reversed([] if cls in world.initialised else list(world.program.line(cls))):
            if parent not in world.initialised and not world.library.foreign(parent):
                world.initialised.add(parent)
                number = world.program.members(parent).get(b"<clinit>()V")
                if number is not None:
                    self._initialised(frame, number)

    def _initialised(self, frame: Frame, number: int) -> None:
        outcome = self.run(frame.world, number, [], frame.heap, frame.activation)
        if outcome is not None:  # seen at once on this way, and on every other, since it runs only once
            frame.world.heap.merge(outcome.heap)
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
        """Interpret a method over a caller's heap; None where it is not read. Raises SpentError.

        ``wanted``: whether or not it leads to anything.
        """
        depth, again = (above.depth + 1, above.entered(number)) if above else (0, 0)
        method = world.program.method(number)
        body = self._body(world, number) if depth <= _DEEPEST and again <= 1 else None
        if body is None:
            self.cut.add(number)
            return None
        if again:  # how often it goes round is not known
            arguments = [_any_number(value) for value in arguments]
        carried, idle = self._worth(world, method, arguments, heap, above, wanted=wanted)
        if idle > _IDLE:
            return None
        context = world.context(above.context if above else 0, above.method.number if above else -1, unit, number)
        activation = Activation(world, method, context, depth, decided, above, idle)
        try:
            if world.relevance is None:
                return _Run(self, activation, body, heap).outcome(arguments, heap)
            return self._again(activation, body, arguments, heap, carried)
        except FormatError:  # it names what the file does not have
            self.cut.add(number)
            return None

    @staticmethod
    def _body(world: World, number: int) -> Body | None:
        try:
            return world.body(number)
        except FormatError:
            return None

    def _worth(
        self, world: World, method: Method, given: list[Value], heap: Heap, above: Activation | None, *, wanted: bool
    ) -> tuple[tuple[Taints, ...], int]:
        """What each argument carries, and how many calls in a row lead nowhere; more than `_IDLE` are not run."""
        if world.relevance is None:
            return (), 0
        carried = tuple(heap.carried((value,), _LOOKED_INTO) for value in given)
        if wanted or method.number in world.relevance.methods:
            return carried, 0
        idle = above.idle + 1 if above else 1
        if any(carried):
            return carried, min(idle, _IDLE)
        return carried, idle if self._short(world, method, above) else _IDLE + 1

    def _again(
        self, activation: Activation, body: Body, arguments: list[Value], heap: Heap, carried: tuple[Taints, ...]
    ) -> Outcome:
        """Run a method anew for the first calls, and for those that hand over something new; then give what these gave."""
        world, number = activation.world, activation.method.number
        short = body.size <= _SHORT // 2 or activation.method.name == b"<init>"
        key = (world.number, world.life if short else ~world.round, number, any(carried))
        known = self.known.get(key)
        runs = _SHORT_RUNS if short else _RUNS
        if known is not None and known.settled(carried, runs):
            made = known.makes(number)
            if not any(of.app and of.type[:1] == b"L" for of in made):
                return self._remembered(known, made, activation, arguments, carried, heap)
        outcome = _Run(self, activation, body, heap).outcome(arguments, heap)
        self.known.setdefault(key, Known()).take(carried, outcome)
        return outcome

    @staticmethod
    def _remembered(
        known: Known,
        made: list[Thing],
        activation: Activation,
        arguments: list[Value],
        carried: tuple[Taints, ...],
        heap: Heap,
    ) -> Outcome:
        """What earlier calls gave; an object that the method made is another one for each call."""
        given, layer = known.given(carried), Heap(heap)
        fresh = set(made).difference(*(value.things for value in arguments))
        things = set(given.things) - fresh
        for of in sorted(fresh):
            other, _ = activation.world.thing((activation.context, of.site, b"again"), of.type, of.site)
            layer.replace(other, {ANY: values.tainted(given.taints)} if given.taints else {})
            things.add(other)
            if activation.above is not None:
                activation.above.fresh.add(other)
        return Outcome(Value(given.constants, frozenset(things), given.taints), known.thrown, layer)

    @staticmethod
    def _short(world: World, method: Method, above: Activation | None) -> bool:
        """Whether a method is so short that it is run even if it leads nowhere: it may be an accessor."""
        if above is None and method.name != b"<init>":
            return False
        first, end = world.extent(method)
        return end - first <= (_SHORT if method.name == b"<init>" else _ACCESSOR)


@dataclass(slots=True)
class _State:
    """What is known where a block starts; ``visits`` counts how often it was run."""

    registers: list[Value]
    heap: Heap
    visits: int = 0


class _Run:
    """The blocks of one call, run until nothing changes."""

    def __init__(self, machine: Machine, activation: Activation, body: Body, heap: Heap) -> None:
        self.frame = Frame(machine, activation, body)
        self._machine = machine
        self._body = body
        self._states: dict[int, _State] = {}
        self._queue: list[tuple[int, int]] = []
        self._waiting: set[int] = set()
        self._gave = NOTHING
        self._left: Heap | None = None
        self._ended = Heap(heap)
        self._influence = influence(body) if machine.implicit and len(body.blocks) <= _MOST_BLOCKS else None
        self._decides: dict[int, Taints] = {}
        self._patience = _WIDEN if activation.world.relevance is None else 1

    def outcome(self, arguments: list[Value], heap: Heap) -> Outcome:
        """Run from the first block. Raises SpentError."""
        body, activation = self._body, self.frame.activation
        registers = [NOTHING] * (body.registers - body.inputs) + _placed(activation.method, arguments, body.inputs)
        if body.blocks:
            self._arrive(0, registers, Heap(heap))
        while self._queue:
            number = heapq.heappop(self._queue)[1]
            self._waiting.discard(number)
            self._block(number)
        left = self._ended if self._left is None else self._left
        self._forget(left)
        return Outcome(UNKNOWN if self._gave is NOTHING else self._gave, self.frame.thrown, left)

    def _forget(self, left: Heap) -> None:
        """Drop the objects this call made that nothing leads to any more."""
        activation = self.frame.activation
        if activation.fresh:
            left.prune((self._gave, self.frame.thrown), activation.fresh)
            if activation.above is not None:
                activation.above.fresh.update(of for of in activation.fresh if of in left.own)

    def _block(self, number: int) -> None:
        state, block, frame = self._states[number], self._body.blocks[number], self.frame
        state.visits += 1
        if state.visits > _VISITS:
            return
        self._machine.budget.take(len(block.code) + 1)
        frame.registers, frame.heap = state.registers.copy(), state.heap.fork()
        frame.was = {} if block.caught else None
        frame.decided = frame.activation.decided | self._decides.get(number, frozenset())
        for i in block.code:
            DO[i[0]](frame, i)
        last = block.code[-1] if block.code else None
        if last is not None and last[0] == decode.RETURN:
            self._returned(last)
        else:
            self._go_on(number, block, state, last)

    def _returned(self, last: Instruction) -> None:
        frame = self.frame
        if last[2] is not None:
            value = frame.registers[last[2]]
            self._gave = join(self._gave, value.carrying(frame.decided) if frame.decided else value)
        if self._left is None:
            self._left = frame.heap
        else:
            self._left.merge(frame.heap)

    def _go_on(self, number: int, block: Block, state: _State, last: Instruction | None) -> None:
        frame = self.frame
        if not block.after:
            self._ended.merge(frame.heap)
        if self._influence is not None and last is not None and last[0] in (decode.IF, decode.SWITCH):
            self._decide(last, number)
        own, told = self._own(block, last)
        for after in self._ways(block, last):
            registers = frame.registers if after != own else [value.without(told) for value in frame.registers]
            self._arrive(after, registers, frame.heap)
        for handler in () if block.caught and self._quiet(number) else block.caught:
            if handler not in self._states:  # what is thrown at once finds what was there before
                self._arrive(handler, state.registers, state.heap)
            self._arrive(handler, frame.before(), frame.heap)

    def _ways(self, block: Block, last: Instruction | None) -> tuple[int, ...]:
        """The blocks that may come next, after a condition that constants decide."""
        registers = self.frame.registers
        if last is not None and last[0] == decode.SWITCH and isinstance(registers[last[2]].constant, int):
            to = last[3].get(registers[last[2]].constant, last[4])
            return (to,) if to in block.after else block.after
        if last is None or last[0] != decode.IF or len(block.after) != 2:
            return block.after
        other = values.NULL if last[4] is None else registers[last[4]]
        told = compared(last[2], registers[last[3]], other)
        return block.after if told is None else (block.after[0 if told else 1],)

    def _quiet(self, number: int) -> bool:
        """Whether nothing in a block fails, so that its handlers do not run."""
        return quiet(self.frame.world, self.frame.activation.method.image, self._body, self._body.blocks[number])

    def _own(self, block: Block, last: Instruction | None) -> tuple[int, Taints]:
        """The block behind "this process is mine", and what a process tells there: only what the app knows of itself."""
        if last is None or last[0] != decode.IF or last[4] is None or len(block.after) != 2:
            return -1, frozenset()
        one, other = self.frame.registers[last[3]], self.frame.registers[last[4]]
        told = (
            one.taints
            if other.constant == values.MY_PROCESS
            else other.taints
            if one.constant == values.MY_PROCESS
            else ()
        )
        equal = {_EQUAL: 0, _OTHER: 1}.get(last[2], -1)
        return (block.after[equal], frozenset(told)) if told and equal >= 0 else (-1, frozenset())

    def _decide(self, last: Instruction, number: int) -> None:
        """What the condition at the end of a block depends on decides the blocks behind it."""
        registers = [last[2]] if last[0] == decode.SWITCH else [last[3], *([last[4]] if last[4] is not None else [])]
        taints = frozenset(t.decided() for r in registers for t in self.frame.registers[r].taints)
        if taints and self._influence is not None:
            for block in self._influence(number):
                self._decides[block] = self._decides.get(block, frozenset()) | taints

    def _arrive(self, number: int, registers: list[Value], heap: Heap) -> None:
        """Come to a block; it is run (again) if that is news."""
        state = self._states.get(number)
        if state is None:
            self._states[number] = _State(registers.copy(), heap.fork())
        else:
            changed = state.heap.merge(heap)
            if not (self._joined(state, registers) or changed):
                return
        if number not in self._waiting:
            self._waiting.add(number)
            heapq.heappush(self._queue, (self._body.order[number], number))

    def _joined(self, state: _State, registers: list[Value]) -> bool:
        """Join registers into a state; what keeps changing is no constant. Whether anything changed."""
        mine, widen, changed = state.registers, state.visits >= self._patience, False
        for index, value in enumerate(registers):
            before = mine[index]
            if before is not value:
                after = join(before, value)
                if after is not before:
                    if widen and after.constants != before.constants:
                        after = Value(None, after.things, after.taints)
                    mine[index] = after
                    changed = True
        return changed


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

"""What the arguments of a method's calls, branches and writes are, written as expressions over constants and parameters.

One pass over the blocks of one method, forward only; what a loop may have written is not known. An expression is a tuple that starts with its kind:

``("int", number)`` · ``("text", bytes)`` · ``("class", class)`` · ``("new", class, unit)`` · ``("arg", n)``, the n-th argument, the receiver counted ·
``("call", reference, arguments)`` · ``("get", field, object or None)`` · ``("not", expression)`` · ``("any", expressions)``, one
of them, where ways meet; ``None`` is not known.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any

from mingcha.errors import FormatError
from mingcha.formats.dex import Dex
from mingcha.program import decode as d
from mingcha.program.decode import Block, Body, Instruction
from mingcha.program.graph import Graph

Expression = Any
Registers = dict[int, Expression]

_DEPTH = 6
_XOR = 0x97
"""The operation of ``xor-int``; with 1 it is "not"."""
_MOST_WAYS = 6
_MOST = 4_000
"""Instructions of a method in which choices are made; longer ones are tables or made by obfuscators."""


@dataclass(slots=True)
class Reading:
    """What one method does: calls with their arguments, branches, writes of fields, and what it returns.

    ``branches`` go by block: opcode, left and right expression. ``blocks`` gives the block of each unit.
    """

    body: Body
    calls: list[tuple[int, int, int, tuple[Expression, ...]]] = field(default_factory=list)
    """Unit, opcode, reference, arguments."""
    branches: dict[int, tuple[int, int, Expression, Expression]] = field(default_factory=dict)
    switches: dict[int, tuple[int, Expression]] = field(default_factory=dict)
    writes: list[tuple[int, bytes, Expression]] = field(default_factory=list)
    returns: list[Expression] = field(default_factory=list)
    blocks: dict[int, int] = field(default_factory=dict)


class Symbols:
    """Readings of methods, each made once. A method that no compiler made has none."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[int, Reading | None] = {}
        self._bodies: dict[int, Body | None] = {}
        self._fields: dict[tuple[int, int], bytes] = {}

    def body(self, method: int) -> Body | None:
        """The blocks of a method, or None where it cannot be decoded or is too long."""
        if method not in self._bodies:
            program = self._graph.program
            image = program.image_of(method)
            dex, row = program.images[image].dex, method - program.bases[image]
            try:
                self._bodies[method] = program.body(method) if len(dex.instructions_of(row)) <= _MOST else None
            except FormatError:
                self._bodies[method] = None
        return self._bodies[method]

    def of(self, method: int) -> Reading | None:
        """The reading of a method, or None where it has no blocks."""
        if method not in self._known:
            self._known[method] = self.without(method, (), ())
        return self._known[method]

    def without(self, method: int, cut: Collection[tuple[int, int]], ends: Collection[int]) -> Reading | None:
        """The reading of what is left of a method: some ways from block to block are never taken, some calls never come back."""
        body = self.body(method)
        if body is None:
            return None
        return _Reader(self._graph, self._graph.program.image_of(method), body, cut, ends, self._fields).read()

    def returned(self, method: int) -> Expression:
        """What a method returns."""
        reading = self.of(method)
        return reduce(_either, reading.returns) if reading and reading.returns else None


class _Reader:
    def __init__(
        self,
        graph: Graph,
        image: int,
        body: Body,
        cut: Collection[tuple[int, int]],
        ends: Collection[int],
        fields: dict[tuple[int, int], bytes],
    ) -> None:
        self._graph, self._image = graph, image
        self._cut, self._ends = cut, ends
        self._fields = fields
        self._dex: Dex = graph.program.images[image].dex
        self._refs = graph.index.refs[image]
        self._types = graph.index.types[image]
        self._reading = Reading(body)

    def read(self) -> Reading:
        """Walk the blocks in order; a block that is entered from behind loses what is written there."""
        reading, body = self._reading, self._reading.body
        first = body.registers - body.inputs
        states: dict[int, Registers] = {0: {first + n: ("arg", n) for n in range(body.inputs)}}
        lost = _lost(body, _from_behind(body))
        for block in sorted(range(len(body.blocks)), key=body.order.__getitem__):
            state = states.pop(block, None)
            if state is None:
                continue
            for register in lost.get(block, ()):
                state.pop(register, None)
            caught = _kept(body.blocks[block], state)
            ended = self._walk(block, state)
            for target in body.blocks[block].after:
                if not ended and (block, target) not in self._cut:
                    _meet(states, target, state)
            for target in body.blocks[block].caught:
                _meet(states, target, caught)
        return reading

    def _walk(self, block: int, state: Registers) -> bool:
        """Follow one block; whether it ends early."""
        reading = self._reading
        result: Expression = None
        blocks, get = reading.blocks, state.get
        for instruction in reading.body.blocks[block].code:
            what, unit, a, b, c = instruction
            blocks[unit] = block
            if what == d.INVOKE:
                result = self._call(unit, a, tuple(map(get, b)), c)
                if unit in self._ends:
                    return True
            elif what == d.RESULT:
                state[a] = result
            elif what == d.NUMBER:
                state[a] = ("int", b)
            elif what == d.IF:
                reading.branches[block] = unit, a, state.get(b), ("int", 0) if c is None else state.get(c)
            elif what == d.SWITCH:
                reading.switches[block] = unit, state.get(a)
            elif what == d.RETURN:
                reading.returns.append(None if a is None else state.get(a))
            elif what in (d.IPUT, d.SPUT):
                place = c if what == d.IPUT else b
                reading.writes.append((unit, self._field(place), state.get(a)))
            elif what == d.APUT:
                reading.writes.append((unit, b"[]", state.get(a)))
            else:
                self._assign(instruction, state)
        return False

    def _call(self, unit: int, opcode: int, arguments: tuple[Expression, ...], target: int) -> Expression:
        if target >= len(self._refs):
            return None
        ref = int(self._refs[target])
        self._reading.calls.append((unit, opcode, ref, arguments))
        for one in arguments:
            if one is not None and one[0] not in _LEAVES:
                return _flat(("call", ref, arguments))
        return "call", ref, arguments

    def _assign(self, instruction: Instruction, state: Registers) -> None:
        what, unit, a, b, c = instruction
        if what == d.IGET:
            of = state.get(b)
            got = ("get", self._field(c), of)
            state[a] = got if of is None or of[0] in _LEAVES else _flat(got)
        elif what == d.MOVE:
            state[a] = state.get(b)
        elif what == d.STRING:
            state[a] = ("text", self._dex.string_bytes(b))
        elif what == d.CLASS:
            state[a] = ("class", int(self._types[b])) if b < len(self._types) else None
        elif what == d.NEW:
            state[a] = ("new", int(self._types[b]), unit) if b < len(self._types) else None
        elif what == d.SGET:
            number = self._graph.constant(self._image, b)
            state[a] = ("get", self._field(b), None) if number is None else ("int", number)
        elif what == d.LITERAL and c == _XOR and b[1] == 1:
            inner = state.get(b[0])
            state[a] = None if inner is None else _flat(("not", inner))
        elif what in _ASSIGNING:
            state.pop(a, None)

    def _field(self, number: int) -> bytes:
        known = self._fields.get((self._image, number))
        if known is None:
            cls, name, kind = self._dex.field_parts(number)
            known = self._fields[self._image, number] = cls + b"->" + name + b":" + kind
        return known


def _flat(expression: Expression) -> Expression:
    """The expression, or None where it is nested too deep."""
    return expression if _depth(expression) <= _DEPTH else None


_LEAVES = frozenset({"int", "text", "class", "new", "arg"})
"""What has nothing inside."""
_INSIDE = {"call": 2, "get": 2, "not": 1, "any": 1}
"""Where the expressions stand that one is made of."""


def _inside(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that one is made of."""
    place = _INSIDE.get(expression[0])
    inner = expression[place] if place else None
    if inner is None:
        return ()
    return (inner,) if inner and isinstance(inner[0], str) else inner


@lru_cache(1 << 14)
def _depth(expression: Expression) -> int:
    return 1 + max((_depth(one) for one in _inside(expression) if one is not None), default=0)


_ASSIGNING = frozenset({
    d.MOVE, d.NUMBER, d.STRING, d.CLASS, d.NEW, d.ARRAY, d.AGET, d.IGET, d.SGET, d.RESULT, d.CAUGHT, d.IS, d.LENGTH, d.UNARY,
    d.BINARY, d.LITERAL,
})  # fmt: skip


def _written(code: Any) -> set[int]:
    """Registers that instructions write; a wide value takes two, of which the first is what anybody reads."""
    return {a for what, _, a, _, _ in code if what in _ASSIGNING}


def _from_behind(body: Body) -> set[int]:
    """Blocks that are entered from themselves or from one that comes later."""
    order = body.order
    return {
        target
        for number, block in enumerate(body.blocks)
        for target in (*block.after, *block.caught)
        if order[number] >= order[target]
    }


def _kept(block: Block, state: Registers) -> Registers:
    """What handlers of a block still find: what it does not write."""
    if not block.caught:
        return state
    written = _written(block.code)
    return {register: value for register, value in state.items() if register not in written}


def _lost(body: Body, entered: set[int]) -> dict[int, set[int]]:
    """For each of these blocks the registers that it writes or any block that comes later."""
    found: dict[int, set[int]] = {}
    later: set[int] = set()
    for number in sorted(range(len(body.blocks)), key=body.order.__getitem__, reverse=True) if entered else ():
        later |= _written(body.blocks[number].code)
        if number in entered:
            found[number] = set(later)
    return found


def _meet(states: dict[int, Registers], target: int, state: Registers) -> None:
    there = states.get(target)
    if there is None:
        states[target] = dict(state)
        return
    for register in [r for r, value in there.items() if state.get(r) != value]:
        both = _either(there[register], state.get(register))
        if both is None:
            del there[register]
        else:
            there[register] = both


def _either(one: Expression, other: Expression) -> Expression:
    """One of several expressions; nothing where one of them is not known, or they are too many."""
    if one == other or one is None or other is None:
        return one if one == other else None
    found = dict.fromkeys((*_ways(one), *_ways(other)))
    return ("any", tuple(found)) if len(found) <= _MOST_WAYS else None


def _ways(value: Expression) -> tuple[Expression, ...]:
    ways: tuple[Expression, ...] = value[1] if value[0] == "any" else (value,)
    return ways

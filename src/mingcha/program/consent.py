"""Which callbacks and which branches lie behind an agree control alone.

A listener counts where every object of its class is made to be set on such a control: one that is also set elsewhere runs
after another act as well. In a listener for several controls, the branch on the control's id counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mingcha.formats import dalvik
from mingcha.program import agree
from mingcha.program.callbacks import Callbacks
from mingcha.program.graph import NEW, NUMBER, STATIC_CALL, STRING, Graph
from mingcha.program.surroundings import Surroundings
from mingcha.program.symbols import Expression, Reading, Symbols

_EQUAL, _UNEQUAL = 0x32, 0x33
_GET_ID = b"getId()I"
_READ_OBJECT, _WRITE_OBJECT = 0x54, 0x5B


class Edge(NamedTuple):
    """A way from one block of a method into the next one of this number (in its ``after``)."""

    block: int
    target: int


class Consent:
    """Agree callbacks (``callbacks``) and the edges in methods that only an agree control opens (``edges``)."""

    def __init__(self, graph: Graph, symbols: Symbols, callbacks: Callbacks, around: Surroundings) -> None:
        self._graph = graph
        self._symbols = symbols
        self._callbacks = callbacks
        self._ids = agree.controls(around)
        self._fields: set[bytes] = set()
        self.callbacks: frozenset[int] = frozenset()
        self.edges: dict[int, set[Edge]] = {}
        readings = dict(self._readings())
        if readings:
            self._learn_fields(readings)
            self.callbacks = frozenset(self._listeners(readings))
            self.edges = {method: edges for method, reading in readings.items() if (edges := set(self._branches(method, reading)))}
        self.callbacks |= frozenset(self._from_layouts(around))

    # --- where to look ---------------------------------------------------------------------------------------------

    def _readings(self) -> Iterator[tuple[int, Reading]]:
        """Methods that name a control or a text that says agree."""
        graph = self._graph
        texts = [n for n, text in enumerate(graph.strings) if agree.text_agrees(text.decode("utf-8", "replace"))]
        items = [number << 4 | NUMBER for number in self._ids] + [number << 4 | STRING for number in texts]
        for method in sorted({method for method, _ in graph.users(items)}):
            reading = self._symbols.of(method)
            if reading is not None:
                yield method, reading

    def _learn_fields(self, readings: dict[int, Reading]) -> None:
        """Fields that hold an agree control and never anything else; the methods that read them are looked at as well."""
        found = {field for reading in readings.values() for _, field, value in reading.writes if self._agrees(value)}
        for field in sorted(found):
            if field.endswith(b":I") or not all(self._agrees_there(field, *site) for site in self._graph.accesses(field, {_WRITE_OBJECT})):
                continue
            self._fields.add(field)
            for method, _ in self._graph.accesses(field, {_READ_OBJECT}):
                reading = self._symbols.of(method)
                if reading is not None:
                    readings.setdefault(method, reading)

    def _agrees_there(self, field: bytes, method: int, unit: int) -> bool:
        reading = self._symbols.of(method)
        return reading is not None and any(
            at == unit and name == field and (self._agrees(value) or value == ("int", 0)) for at, name, value in reading.writes
        )

    def _agrees(self, expression: Expression) -> bool:
        """Whether an agree control or text stands anywhere in an expression."""
        if not isinstance(expression, tuple):
            return False
        kind, value = expression[0], expression[1]
        if kind == "int":
            return value in self._ids
        if kind == "text":
            return agree.text_agrees(value.decode("utf-8", "replace"))
        if kind == "get":
            return value in self._fields
        return kind == "call" and any(map(self._agrees, expression[2]))

    # --- listeners ---------------------------------------------------------------------------------------------------

    def _listeners(self, readings: dict[int, Reading]) -> Iterator[int]:
        """Callbacks of classes whose every object is set on an agree control and used for nothing else."""
        good: dict[int, set[tuple[int, int]]] = {}
        bad: set[int] = set()
        for method, reading in readings.items():
            for (cls, unit), agrees in self._given(reading).items():
                if agrees:
                    good.setdefault(cls, set()).add((method, unit))
                else:
                    bad.add(cls)
        for cls in sorted(good.keys() - bad):
            if set(self._graph.users([cls << 4 | NEW])) == good[cls]:
                yield from (entry.method for entry in self._callbacks.of(cls) if entry.user)

    def _given(self, reading: Reading) -> dict[tuple[int, int], bool]:
        """Objects made in a method (class, unit): whether they are given to agree controls alone."""
        found: dict[tuple[int, int], bool] = {}
        labelled = {arguments[0] for _, _, ref, arguments in reading.calls if self._labels(ref, arguments)}
        for _, opcode, ref, arguments in reading.calls:
            for place, argument in enumerate(arguments):
                if isinstance(argument, tuple) and argument[0] == "new" and not self._constructs(ref, place):
                    before = arguments[:place]
                    agrees = self._set_on(before, labelled, static=opcode & 0xFF == dalvik_static())
                    key = argument[1], argument[2]
                    found[key] = found.get(key, True) and agrees
        for _, _, value in reading.writes:
            if isinstance(value, tuple) and value[0] == "new":
                found[value[1], value[2]] = False
        return found

    def _labels(self, ref: int, arguments: tuple[Expression, ...]) -> bool:
        """Whether a call gives a view a text that says agree."""
        name = self._graph.index.signature_name(self._graph.index.ref_signature[ref])
        return name == b"setText" and len(arguments) > 1 and self._agrees(arguments[1])

    def _set_on(self, before: tuple[Expression, ...], labelled: set[Expression], *, static: bool) -> bool:
        """Whether what stands before a listener in a call says agree: the nearest text, or the view it is set on."""
        for argument in reversed(before[0 if static else 1 :]):
            if isinstance(argument, tuple) and argument[0] in ("text", "int", "call", "get"):
                if self._agrees(argument):
                    return True
                if argument[0] == "text" or self._is_resource(argument):
                    return False
        receiver = before[0] if before and not static else None
        return receiver is not None and (_view(receiver) in labelled or (not _chained(receiver) and self._agrees(receiver)))

    @staticmethod
    def _is_resource(argument: Expression) -> bool:
        return bool(argument[0] == "int" and argument[1] >> 24 == 0x7F)

    def _constructs(self, ref: int, place: int) -> bool:
        return place == 0 and self._graph.index.signature_name(self._graph.index.ref_signature[ref]) == b"<init>"

    def _from_layouts(self, around: Surroundings) -> Iterator[int]:
        """Methods of screens that layouts give to agree controls alone."""
        for name in sorted(agree.handlers(around)):
            signature = self._graph.index.find_signature(f"{name}(Landroid/view/View;)V".encode())
            for cls in self._graph.classes if signature is not None else ():
                method = self._graph.own(cls).get(signature, -1)
                if method >= 0 and self._callbacks.is_act(method):
                    yield method

    # --- branches ----------------------------------------------------------------------------------------------------

    def _branches(self, method: int, reading: Reading) -> Iterator[Edge]:
        """In a callback for several controls: the ways that are taken for an agree control."""
        if not self._callbacks.is_act(method):
            return
        for block, (_, opcode, left, right) in reading.branches.items():
            if opcode in (_EQUAL, _UNEQUAL) and (self._is_control(left, right) or self._is_control(right, left)):
                after = reading.body.blocks[block].after
                if len(after) == 2:
                    yield Edge(block, after[0 if opcode == _EQUAL else 1])
        for block, (unit, value) in reading.switches.items():
            if self._is_id(value):
                yield from self._cases(method, reading, block, unit)

    def _is_control(self, asked: Expression, control: Expression) -> bool:
        """Whether a view that was tapped, or its id, is compared with an agree control."""
        if self._is_id(asked):
            return isinstance(control, tuple) and control[0] == "int" and control[1] in self._ids
        return _is_argument(asked) and isinstance(control, tuple) and control[0] == "get" and control[1] in self._fields

    def _is_id(self, value: Expression) -> bool:
        if not (isinstance(value, tuple) and value[0] == "call" and len(value[2]) == 1 and _is_argument(value[2][0])):
            return False
        index = self._graph.index
        return index.signature(index.ref_signature[value[1]]) == _GET_ID

    def _cases(self, method: int, reading: Reading, block: int, unit: int) -> Iterator[Edge]:
        """Cases of a switch that agree controls alone lead to."""
        program = self._graph.program
        units = program.images[program.image_of(method)].dex.units
        keys = dalvik.switch_keys(units, unit)
        targets = dalvik.branch_targets(units, unit)
        leads: dict[int, bool] = {}
        for key, target in zip(keys, targets, strict=False):
            there = reading.blocks.get(target)
            if there is not None:
                leads[there] = leads.get(there, True) and key in self._ids
        for target, agrees in leads.items():
            if agrees and target in reading.body.blocks[block].after and target != block + 1:
                yield Edge(block, target)


def dalvik_static() -> int:
    """The opcode by which readings name a static call."""
    return 0x71


def _is_argument(value: Any) -> bool:
    return isinstance(value, tuple) and value[0] == "arg"


def _view(receiver: Expression) -> Expression:
    return receiver


def _chained(receiver: Expression) -> bool:
    """Whether the receiver is what a call on a builder gave back: what was said to a builder before is not its own."""
    return isinstance(receiver, tuple) and receiver[0] == "call" and any(_makes(one) for one in receiver[2][:1])


def _makes(one: Expression) -> bool:
    return isinstance(one, tuple) and (one[0] == "new" or (one[0] == "call" and _chained(one)))

"""Which callbacks and which branches lie behind an agree control alone.

A listener counts where every object of its class is made to be set on such a control: one that is also set elsewhere runs
after another act as well. In a listener for several controls, the branch on the control's id counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mingcha.formats import dalvik
from mingcha.program import agree
from mingcha.program.callbacks import Callbacks
from mingcha.program.graph import NEW, NUMBER, STRING, VIRTUAL, Graph
from mingcha.program.surroundings import Surroundings
from mingcha.program.symbols import Expression, Reading, Symbols

_EQUAL, _UNEQUAL = 0x32, 0x33
_STATIC = 0x71
_TAPS = frozenset({b"performClick", b"callOnClick"})
_APP = 0x7F
"""First byte of the app's own resource ids."""
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
        if any(map(self._agrees_by_itself, readings.values())):
            return
        if readings:
            self._learn_fields(readings)
            self.callbacks = frozenset(self._listeners(readings))
            self.edges = {
                method: edges for method, reading in readings.items() if (edges := set(self._branches(method, reading)))
            }
        self.callbacks |= frozenset(self._from_layouts(around))

    # --- where to look ---------------------------------------------------------------------------------------------

    def _readings(self) -> Iterator[tuple[int, Reading]]:
        """Methods that name a control or a text that says agree, and callbacks that ask for the id of a view."""
        graph = self._graph
        texts = [n for n, text in enumerate(graph.strings) if agree.text_agrees(text.decode("utf-8", "replace"))]
        items = [number << 4 | NUMBER for number in self._ids] + [number << 4 | STRING for number in texts]
        asking = graph.index.find_signature(_GET_ID) if self._ids else None
        calls = graph.index.refs_of_signature(asking) if asking is not None else []
        asked = {method for method, _ in graph.users(ref << 4 | VIRTUAL for ref in calls)}
        wanted = {method for method, _ in graph.users(items)} | set(filter(self._callbacks.is_act, asked))
        for method in sorted(wanted):
            reading = self._symbols.of(method)
            if reading is not None:
                yield method, reading

    def _agrees_by_itself(self, reading: Reading) -> bool:
        """Whether code taps an agree control without anybody's act: then none of them is believed."""
        index = self._graph.index
        return any(
            index.signature_name(index.ref_signature[ref]) in _TAPS and any(map(self._is_control, arguments[:1]))
            for _, _, ref, arguments in reading.calls
        )

    def _learn_fields(self, readings: dict[int, Reading]) -> None:
        """Fields that hold an agree control and never anything else; the methods that read them are looked at as well."""
        found = {
            field for reading in readings.values() for _, field, value in reading.writes if self._is_control(value)
        }
        for field in sorted(found):
            if field.endswith(b":I") or not all(
                self._agrees_there(field, *site) for site in self._graph.accesses(field, {_WRITE_OBJECT})
            ):
                continue
            self._fields.add(field)
            for method, _ in self._graph.accesses(field, {_READ_OBJECT}):
                reading = self._symbols.of(method)
                if reading is not None:
                    readings.setdefault(method, reading)

    def _agrees_there(self, field: bytes, method: int, unit: int) -> bool:
        reading = self._symbols.of(method)
        return reading is not None and any(
            at == unit and name == field and (self._is_control(value) or value == ("int", 0))
            for at, name, value in reading.writes
        )

    def _is_control(self, value: Expression) -> bool:
        """Whether a value is the view of an agree control."""
        if not isinstance(value, tuple):
            return False
        if value[0] == "get":
            return value[1] in self._fields
        return value[0] == "call" and not self._is_fluent(value[1]) and any(map(self._is_number, value[2]))

    def _is_number(self, value: Expression) -> bool:
        return isinstance(value, tuple) and value[0] == "int" and value[1] in self._ids

    def _is_fluent(self, ref: int) -> bool:
        """Whether a call gives its receiver back, as builders do: what was said to a builder is not what it returns."""
        index = self._graph.index
        signature, cls = index.ref_signature[ref], index.ref_class[ref]
        if index.signature_name(signature).startswith((b"find", b"require", b"get")):
            return False
        return index.proto_types(signature)[0] in self._graph.ancestors(cls)

    def _says(self, value: Expression) -> bool | None:
        """Whether a value given to a call is a text that says agree; None where it is no text."""
        if not isinstance(value, tuple):
            return None
        if value[0] == "text":
            return agree.text_agrees(value[1].decode("utf-8", "replace"))
        if value[0] == "int":
            return value[1] in self._ids if value[1] >> 24 == _APP else None
        if value[0] == "call" and not self._is_fluent(value[1]):
            return next((said for inner in value[2] if (said := self._says(inner)) is not None), None)
        return None

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
            items = [one << 4 | NEW for one in self._graph.below(cls)]  # what extends it has the same callbacks
            if set(self._graph.users(items)) == good[cls]:
                own = set(self._graph.own(cls).values())  # those it inherits are others' as well
                yield from (entry.method for entry in self._callbacks.of(cls) if entry.user and entry.method in own)

    def _given(self, reading: Reading) -> dict[tuple[int, int], bool]:
        """Objects made in a method (class, unit): whether they are given to agree controls alone."""
        found: dict[tuple[int, int], bool] = {}
        labelled = {arguments[0] for _, _, ref, arguments in reading.calls if self._labels(ref, arguments)}
        for _, opcode, ref, arguments in reading.calls:
            for place, argument in enumerate(arguments):
                if _is_new(argument) and not self._constructs(ref, place):
                    receiver = None if opcode == _STATIC else arguments[0]
                    agrees = place > 0 and self._set_on(receiver, arguments[receiver is not None : place], labelled)
                    found[argument[1:]] = found.get(argument[1:], True) and agrees
        kept = [value for _, _, value in reading.writes] + reading.returns
        return found | {value[1:]: False for value in kept if _is_new(value)}

    def _labels(self, ref: int, arguments: tuple[Expression, ...]) -> bool:
        """Whether a call gives a view a text that says agree."""
        name = self._graph.index.signature_name(self._graph.index.ref_signature[ref])
        return (
            name == b"setText" and len(arguments) > 1 and self._says(arguments[1]) is True and arguments[0] is not None
        )

    def _set_on(self, receiver: Expression, before: tuple[Expression, ...], labelled: set[Expression]) -> bool:
        """Whether what stands before a listener in a call says agree: the nearest text, else the view it is set on."""
        said = next((said for value in reversed(before) if (said := self._says(value)) is not None), None)
        return self._is_control(receiver) or receiver in labelled if said is None else said

    def _constructs(self, ref: int, place: int) -> bool:
        return place == 0 and self._graph.index.signature_name(self._graph.index.ref_signature[ref]) == b"<init>"

    def _from_layouts(self, around: Surroundings) -> Iterator[int]:
        """Methods of screens that layouts give to agree controls alone."""
        for name in sorted(agree.handlers(around)):
            signature = self._graph.index.find_signature(f"{name}(Landroid/view/View;)V".encode())
            for cls in self._graph.classes:
                method = -1 if signature is None else self._graph.own(cls).get(signature, -1)
                if method >= 0 and self._callbacks.is_act(method):
                    yield method

    # --- branches ----------------------------------------------------------------------------------------------------

    def _branches(self, method: int, reading: Reading) -> Iterator[Edge]:
        """In a callback for several controls: the ways that are taken for an agree control."""
        if not self._callbacks.is_act(method):
            return
        for block, (_, opcode, left, right) in reading.branches.items():
            if opcode in (_EQUAL, _UNEQUAL) and (self._asks(left, right) or self._asks(right, left)):
                after = reading.body.blocks[block].after
                if len(after) == 2:
                    yield Edge(block, after[0 if opcode == _EQUAL else 1])
        for block, (unit, value) in reading.switches.items():
            if self._is_id(value):
                yield from self._cases(method, reading, block, unit)

    def _asks(self, tapped: Expression, control: Expression) -> bool:
        """Whether a view that was tapped, or its id, is compared with an agree control."""
        return self._is_number(control) if self._is_id(tapped) else _is_argument(tapped) and self._is_control(control)

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


def _is_argument(value: Expression) -> bool:
    return isinstance(value, tuple) and value[0] == "arg"


def _is_new(value: Expression) -> bool:
    return isinstance(value, tuple) and value[0] == "new"

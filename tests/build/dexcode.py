"""Dalvik instructions for tests: each helper gives one instruction, ``assemble`` turns a list of them into units.

Methods and fields are written as smali does (``La/B;->name(I)V``, ``La/B;->name:I``), jumps name a ``label``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Op:
    """An instruction, a label, or a payload; what stands as 0 in ``units`` is filled in by ``assemble``."""

    units: tuple[int, ...] = ()
    ref: tuple[str, str] | None = None  # kind of table ("string", "type", "field", "method") and what to look up in it
    to: str = ""  # label to jump to
    label: str = ""  # label that stands here
    table: tuple[str, ...] = ()  # labels that follow the units of a switch's payload

    @property
    def payload(self) -> bool:
        return bool(self.label and self.units)

    @property
    def arguments(self) -> int:
        """Registers that an invoke passes on."""
        opcode = self.units[0] & 0xFF if self.ref and self.ref[0] == "method" else 0
        return 0 if not opcode else self.units[0] >> 8 if opcode >= 0x74 else self.units[0] >> 12


@dataclass(frozen=True, slots=True)
class Try:
    """What lies between two labels is caught at others: by exception type, or all the rest at ``catch_all``."""

    start: str
    end: str
    catches: tuple[tuple[str, str], ...] = ()
    catch_all: str = ""


def assemble(ops: Iterable[Op], index: Callable[[str, str], int]) -> tuple[list[int], dict[str, int]]:
    """The units of a method and the place of each label; ``index`` finds a (kind, name) in the tables of the file."""
    laid: list[tuple[int, Op]] = []
    labels: dict[str, int] = {}
    at = 0
    for op in ops:
        at += at % 2 if op.payload else 0  # payloads stand at even units
        laid.append((at, op))
        if op.label:
            labels[op.label] = at
        at += len(op.units) + 2 * len(op.table)
    jumped = {op.to: at for at, op in laid if op.to}  # where the switch stands whose payload this is
    units = [0] * at
    for at, op in laid:
        units[at : at + len(op.units)] = op.units
        if op.ref:
            _fill(units, at, op, index(*op.ref))
        if op.to:
            _jump(units, at, labels[op.to] - at)
        for number, target in enumerate(op.table):
            place = at + len(op.units) + 2 * number
            units[place : place + 2] = _wide(labels[target] - jumped[op.label])
    return units, labels


def _fill(units: list[int], at: int, op: Op, number: int) -> None:
    units[at + 1] = number & 0xFFFF
    if op.units[0] & 0xFF == 0x1B:
        units[at + 2] = number >> 16
    elif number > 0xFFFF:
        raise ValueError(f"{op.ref}: index {number} does not fit into 16 bits")


def _jump(units: list[int], at: int, distance: int) -> None:
    opcode = units[at] & 0xFF
    if opcode == 0x28:
        units[at] |= (distance & 0xFF) << 8
    elif opcode in (0x26, 0x2A, 0x2B, 0x2C):
        units[at + 1 : at + 3] = _wide(distance)
    else:
        units[at + 1] = distance & 0xFFFF


def _wide(number: int) -> tuple[int, int]:
    return number & 0xFFFF, number >> 16 & 0xFFFF


# --- the instructions, under their names in the documentation ---------------------------------------------------------


def label(name: str) -> Op:
    return Op(label=name)


def raw(*units: int) -> Op:
    """Units as given, whatever they mean."""
    return Op(units)


def nop() -> Op:
    return Op((0x00,))


def move(to: int, source: int) -> Op:
    return Op((source << 12 | to << 8 | 0x01,))


def move_object(to: int, source: int) -> Op:
    return Op((source << 12 | to << 8 | 0x07,))


def move_object_from16(to: int, source: int) -> Op:
    return Op((to << 8 | 0x08, source))


def move_object_16(to: int, source: int) -> Op:
    return Op((0x09, to, source))


def move_result(register: int) -> Op:
    return Op((register << 8 | 0x0A,))


def move_result_wide(register: int) -> Op:
    return Op((register << 8 | 0x0B,))


def move_result_object(register: int) -> Op:
    return Op((register << 8 | 0x0C,))


def move_exception(register: int) -> Op:
    return Op((register << 8 | 0x0D,))


def return_void() -> Op:
    return Op((0x0E,))


def return_object(register: int) -> Op:
    return Op((register << 8 | 0x11,))


def const4(register: int, value: int) -> Op:
    return Op(((value & 0xF) << 12 | register << 8 | 0x12,))


def const16(register: int, value: int) -> Op:
    return Op((register << 8 | 0x13, value & 0xFFFF))


def const32(register: int, value: int) -> Op:
    return Op((register << 8 | 0x14, *_wide(value)))


def const_high16(register: int, high: int) -> Op:
    return Op((register << 8 | 0x15, high & 0xFFFF))


def const_wide16(register: int, value: int) -> Op:
    return Op((register << 8 | 0x16, value & 0xFFFF))


def const_wide(register: int, value: int) -> Op:
    return Op((register << 8 | 0x18, *_wide(value & 0xFFFFFFFF), *_wide(value >> 32)))


def const_string(register: int, text: str) -> Op:
    return Op((register << 8 | 0x1A, 0), ("string", text))


def const_string_jumbo(register: int, text: str) -> Op:
    return Op((register << 8 | 0x1B, 0, 0), ("string", text))


def const_class(register: int, descriptor: str) -> Op:
    return Op((register << 8 | 0x1C, 0), ("type", descriptor))


def new_instance(register: int, descriptor: str) -> Op:
    return Op((register << 8 | 0x22, 0), ("type", descriptor))


def fill_array_data(register: int, payload: str) -> Op:
    return Op((register << 8 | 0x26, 0, 0), to=payload)


def throw(register: int) -> Op:
    return Op((register << 8 | 0x27,))


def goto(target: str) -> Op:
    return Op((0x28,), to=target)


def goto_16(target: str) -> Op:
    return Op((0x29, 0), to=target)


def goto_32(target: str) -> Op:
    return Op((0x2A, 0, 0), to=target)


def packed_switch(register: int, payload: str) -> Op:
    return Op((register << 8 | 0x2B, 0, 0), to=payload)


def sparse_switch(register: int, payload: str) -> Op:
    return Op((register << 8 | 0x2C, 0, 0), to=payload)


def if_eqz(register: int, target: str) -> Op:
    return Op((register << 8 | 0x38, 0), to=target)


def iget_object(to: int, instance: int, field: str) -> Op:
    return Op((instance << 12 | to << 8 | 0x54, 0), ("field", field))


def sget_object(register: int, field: str) -> Op:
    return Op((register << 8 | 0x62, 0), ("field", field))


def invoke_virtual(method: str, *registers: int) -> Op:
    return _invoke(0x6E, method, registers)


def invoke_direct(method: str, *registers: int) -> Op:
    return _invoke(0x70, method, registers)


def invoke_static(method: str, *registers: int) -> Op:
    return _invoke(0x71, method, registers)


def invoke_interface(method: str, *registers: int) -> Op:
    return _invoke(0x72, method, registers)


def _invoke(opcode: int, method: str, registers: Sequence[int]) -> Op:
    a, b, c, d, e = (*registers, 0, 0, 0, 0, 0)[:5]
    return Op((len(registers) << 12 | e << 8 | opcode, 0, d << 12 | c << 8 | b << 4 | a), ("method", method))


def invoke_virtual_range(method: str, first: int, count: int) -> Op:
    return Op((count << 8 | 0x74, 0, first), ("method", method))


def invoke_static_range(method: str, first: int, count: int) -> Op:
    return Op((count << 8 | 0x77, 0, first), ("method", method))


def packed_payload(name: str, first: int, targets: Sequence[str]) -> Op:
    return Op((0x0100, len(targets), *_wide(first)), label=name, table=tuple(targets))


def sparse_payload(name: str, targets: dict[int, str]) -> Op:
    keys = [unit for key in sorted(targets) for unit in _wide(key)]
    return Op((0x0200, len(targets), *keys), label=name, table=tuple(targets[key] for key in sorted(targets)))


def array_payload(name: str, width: int, data: bytes) -> Op:
    padded = data + b"\0" * (len(data) % 2)
    units = [int.from_bytes(padded[n : n + 2], "little") for n in range(0, len(padded), 2)]
    return Op((0x0300, width, *_wide(len(data) // width), *units), label=name)

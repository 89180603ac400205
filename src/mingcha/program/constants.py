"""What a call's argument is, where one method says it: a string, a number, or the static field it was read from.

A register's value counts as known at a call only if the write that reaches it is certain: the last write before the call
with no jump landing in between, or the only write in the whole method (and the register is no parameter).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from mingcha.errors import FormatError
from mingcha.formats import dalvik
from mingcha.formats.dex import Dex

_FOLLOW = 8
_PASSED_ON = {
    b"Landroid/net/Uri;->parse": 0, b"Landroid/net/Uri;->withAppendedPath": 0,
    b"Landroid/content/ContentUris;->withAppendedId": 0, b"Ljava/lang/String;->valueOf": 0, b"Ljava/lang/String;->intern": 0,
    b"Landroid/hardware/SensorManager;->getDefaultSensor": 1,
}  # fmt: skip
"""Calls whose result stands for one of their argument registers (the receiver counts)."""
_NAMED_BY_FIRST = frozenset({b"Landroid/content/Intent;", b"Landroid/content/IntentFilter;", b"Ljava/io/File;"})
"""Classes whose objects stand for the first argument of their constructor."""

_NEAR = 200
"""How many instructions after its creation an object's constructor is looked for."""
_DIRECT = frozenset({0x70, 0x76})
_JUMPS = frozenset({*range(0x28, 0x2D), *range(0x32, 0x3E)})


class MethodConstants:
    """Constants of one method; ``method`` is a row of ``dex.methods``."""

    def __init__(self, dex: Dex, method: int) -> None:
        self._dex = dex
        self._units = dex.units
        self._method = method
        self._at: list[int] = dex.instructions_of(method).tolist()

    @cached_property
    def _landings(self) -> list[int]:
        """Units that some jump or exception of this method lands on, ascending; all, where its tables are absurd."""
        methods, end = self._dex.methods, self._dex.item_end(self._method)
        code, first = int(methods.code[self._method]), int(methods.first[self._method])
        try:
            jumps = {first + unit for unit in dalvik.handlers(self._dex.data, code, end)}
            return sorted(jumps.union(self._jumps(first, int(methods.end[self._method]))))
        except FormatError:
            return self._at

    def _jumps(self, first: int, stop: int) -> Iterator[int]:
        inside = self._units[first:stop].tolist()
        room = len(inside)  # each instruction and each row of a jump table is at least one unit
        for at in self._at:
            if inside[at - first] & 0xFF not in _JUMPS:
                continue
            targets = dalvik.branch_targets(inside, at - first)
            room -= len(targets)
            if room < 0:
                raise FormatError("jump tables share their rows beyond reason", 2 * at)
            yield from (first + target for target in targets)

    @cached_property
    def _writes(self) -> dict[int, list[int]]:
        """For each register, the units of the instructions that write it, ascending."""
        found: dict[int, list[int]] = {}
        first, stop = (int(edge[self._method]) for edge in (self._dex.methods.first, self._dex.methods.end))
        inside = self._units[first:stop].tolist()
        for at in self._at:
            for register in dalvik.written(inside, at - first):
                found.setdefault(register, []).append(at)
        return found

    @cached_property
    def _first_parameter(self) -> int:
        code = int(self._dex.methods.code[self._method]) // 2
        return int(self._units[code]) - int(self._units[code + 1])

    def argument(self, site: int, number: int) -> str | None:
        """Value of declared parameter ``number`` (from 0, without receiver) of the invoke at unit ``site``, or None.

        A string stands for itself, an integer in decimal, a static field as ``field:Lcls;->name``.
        """
        try:
            return self._argument(site, number, _FOLLOW)
        except FormatError:  # a number that leads nowhere is no constant
            return None

    def stored(self, unit: int) -> str | None:
        """What the instruction at ``unit``, one that stores a register in a static field, stores there, as `argument`."""
        try:
            return self._value(int(self._units[unit]) >> 8, unit, _FOLLOW)
        except FormatError:
            return None

    def parameter(self, unit: int) -> int | None:
        """The register, counted from the first parameter's, that it stores, if that is a parameter never written to."""
        register = int(self._units[unit]) >> 8
        place = register - self._first_parameter
        return place if place >= 0 and register not in self._writes else None

    def handed_on(self, site: int, number: int) -> int | None:
        """The parameter register, counted from the first, that an invoke hands on as its declared parameter ``number``."""
        register = argument_register(self._dex, site, number)
        for _ in range(_FOLLOW):
            if register is None or (register >= self._first_parameter and register not in self._writes):
                break
            at = self._reaching(register, site)
            word = int(self._units[at]) if at is not None else 0
            if at is None or word & 0xFF not in dalvik.MOVES:
                return None
            site = at
            register = (
                word >> 12
                if word & 0xFF in (0x01, 0x04, 0x07)
                else self._index(at + ((word & 0xFF) % 3 == 0), wide=False)
            )
        return None if register is None or register < self._first_parameter else register - self._first_parameter

    def parameters_after(self, held: dict[int, int], units: Iterable[int]) -> dict[int, int]:
        """Which registers hold which parameter (counted from the first) after these instructions, given those before."""
        held = dict(held)
        for at in units:
            word = int(self._units[at])
            source = None
            if word & 0xFF in dalvik.MOVES:
                short = word & 0xFF in (0x01, 0x04, 0x07)
                source = held.get(word >> 12 if short else self._index(at + ((word & 0xFF) % 3 == 0), wide=False))
            for register in dalvik.written(self._units, at):
                held.pop(register, None)
                if source is not None:
                    held[register] = source
        return held

    def parameters(self) -> dict[int, int]:
        """Which registers hold which parameter where the method starts."""
        code = int(self._dex.methods.code[self._method]) // 2
        return {self._first_parameter + place: place for place in range(int(self._units[code + 1]))}

    def _argument(self, site: int, number: int, steps: int) -> str | None:
        register = argument_register(self._dex, site, number)
        return None if register is None else self._value(register, site, steps)

    def _value(self, register: int, before: int, steps: int) -> str | None:
        at = self._reaching(register, before)
        if at is None or steps == 0:
            return None
        word = int(self._units[at])
        opcode = word & 0xFF
        if opcode in (0x1A, 0x1B):
            return self._dex.string(self._index(at, wide=opcode == 0x1B))
        if opcode == 0x62:
            return "field:" + self._dex.field_name(self._index(at, wide=False)).partition(":")[0]
        if opcode in dalvik.MOVES:
            source = word >> 12 if opcode in (0x01, 0x04, 0x07) else self._index(at + (opcode % 3 == 0), wide=False)
            return self._value(source, at, steps - 1)
        if opcode == 0x0C:
            return self._passed_on(at, steps - 1)
        if opcode == 0x22:
            return self._constructed(register, at, before, steps - 1)
        return self._integer(opcode, word, at)

    def _integer(self, opcode: int, word: int, at: int) -> str | None:
        if opcode == 0x12:
            nibble = word >> 12
            return str(nibble - 16 if nibble > 7 else nibble)
        if opcode == 0x13:
            short = int(self._units[at + 1])
            return str(short - 0x10000 if short > 0x7FFF else short)
        if opcode == 0x14:
            whole = self._index(at, wide=True)
            return str(whole - 0x100000000 if whole > 0x7FFFFFFF else whole)
        return None

    def _index(self, at: int, *, wide: bool) -> int:
        low = int(self._units[at + 1])
        return low | int(self._units[at + 2]) << 16 if wide else low

    def _passed_on(self, at: int, steps: int) -> str | None:
        """The value behind ``move-result-object`` where the call only passes its first argument on."""
        position = bisect_left(self._at, at) - 1
        if position < 0:
            return None
        call = self._at[position]
        if int(self._units[call]) & 0xFF not in dalvik.INVOKES:
            return None
        cls, name, _, _ = self._dex.method_parts(int(self._units[call + 1]))
        place = _PASSED_ON.get(cls + b"->" + name)
        registers = dalvik.arguments(self._units, call)
        return None if place is None or place >= len(registers) else self._value(registers[place], call, steps)

    def _constructed(self, register: int, made: int, before: int, steps: int) -> str | None:
        """The first constructor argument of an object that stands for it (an Intent for its action)."""
        if self._dex.type_bytes(int(self._units[made + 1])) not in _NAMED_BY_FIRST:
            return None
        start = bisect_left(self._at, made)
        for at in self._at[start : min(start + _NEAR, bisect_left(self._at, before))]:
            if int(self._units[at]) & 0xFF in _DIRECT and dalvik.arguments(self._units, at)[:1] == (register,):
                _, name, parameters, _ = self._dex.method_parts(int(self._units[at + 1]))
                if name == b"<init>":
                    return self._argument(at, 0, steps) if parameters[:1] == (b"Ljava/lang/String;",) else None
        return None

    def _reaching(self, register: int, before: int) -> int | None:
        writes = self._writes.get(register, [])
        earlier = bisect_left(writes, before)
        if not earlier:
            return None
        at = writes[earlier - 1]
        landed = bisect_left(self._landings, at + 1) != bisect_left(self._landings, before + 1)
        if landed and (len(writes) > 1 or register >= self._first_parameter):
            return None
        return at


def argument_register(dex: Dex, site: int, number: int) -> int | None:
    """The register that carries declared parameter ``number`` of the invoke at unit ``site``."""
    registers = dalvik.arguments(dex.units, site)
    parameters = _parameters(dex, int(dex.units[site + 1]))
    slot = 0 if int(dex.units[site]) & 0xFF in dalvik.INVOKE_STATIC else 1
    slot += sum(2 if kind in (b"J", b"D") else 1 for kind in parameters[:number])
    return registers[slot] if number < len(parameters) and slot < len(registers) else None


def _parameters(dex: Dex, method: int) -> tuple[bytes, ...]:
    """The parameter types of a method id, without the names that nobody asks for here."""
    protos = dex.tables.methods["proto"]
    if method >= len(protos):
        raise FormatError(f"DEX method {method} does not exist")
    return dex.parameters(int(protos[method]))

"""Which conditions and results are worth working out, told from the instruction before them alone.

What was just read from an object or an array, computed, or given by code outside the app is not known, so neither is a
condition on it, nor what a method returns then. Found for all instructions of an image at once; no method is decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mingcha.formats.dex import Dex
from mingcha.formats.numbers import among
from mingcha.program.graph import Graph
from mingcha.program.relevance import CALLS

Ints = NDArray[np.int64]
Units = NDArray[np.uint16]
Flags = NDArray[np.bool_]


def _table(*spans: tuple[int, int]) -> Flags:
    table = np.zeros(256, np.bool_)
    for first, last in spans:
        table[first : last + 1] = True
    return table


_ENDS = _table((0x0F, 0x11), (0x2B, 0x2C), (0x32, 0x3D))
"""Returns with a value, switches, conditions."""
_PAIRS = _table((0x32, 0x37))
_RESULT = _table((0x0A, 0x0C))
_STATIC = _table((0x60, 0x66))
_DARK = _table((0x20, 0x21), (0x2D, 0x31), (0x44, 0x4A), (0x52, 0x58), (0x7B, 0xD6), (0xD8, 0xDE), (0xE0, 0xE2))
"""What gives unknown values; "not" is none of them."""
_NIBBLE = _table((0x01, 0x01), (0x04, 0x04), (0x07, 0x07), (0x12, 0x12), (0x20, 0x21), (0x23, 0x23), (0x52, 0x58),
                 (0x7B, 0x8F), (0xB0, 0xD7))  # fmt: skip
_WRITES = (
    _NIBBLE | _RESULT | _STATIC | _DARK | _table((0x02, 0x09), (0x0D, 0x0D), (0x13, 0x1C), (0x22, 0x22), (0xDF, 0xDF))
)
"""What writes a register, and where it names that in four bits."""
_NUMBERS = (b"Z", b"I", b"B", b"S", b"C")
_LEVELS = 4
"""Calls between what Android answers and what is asked."""
_BACK = 6
"""Instructions before a condition among which the one is looked for that wrote what it asks."""


class Telling:
    """``known`` are signatures outside the app, ``fields`` fields outside it, of whose values something is known."""

    def __init__(self, graph: Graph, known: Collection[int], fields: Collection[bytes], alive: Container[int]) -> None:
        self._graph = graph
        self._alive = alive
        self._given: dict[int, bool] = {}
        self._known = known
        self._fields = fields
        self._dull: dict[int, bool] = {}
        self._owned: dict[int, Flags] = {}

    def chooses(self, method: int, unit: int) -> bool:
        """Whether a condition that may be known stands before an instruction."""
        image, row = self._place(method)
        dex = self._graph.program.images[image].dex
        units, refs, asked = self._ends[image]
        low, high = np.searchsorted(units, (int(dex.methods.first[row]), unit))
        code = int(dex.methods.code[row]) // 2
        first = int(dex.units[code]) - int(dex.units[code + 1])
        for ref, register in zip(refs[low:high].tolist(), asked[low:high].tolist(), strict=True):
            if register >= 0 and ref >= 0 and self.may_give(ref):
                return True
            if 0 <= register < first and ref == -1:
                return True
        return False

    def _place(self, method: int) -> tuple[int, int]:
        image = self._graph.program.image_of(method)
        return image, method - self._graph.program.bases[image]

    def may_return(self, method: int) -> bool:
        """Whether what a method returns may be known."""
        if method not in self._dull:
            image, row = self._place(method)
            table = self._graph.program.images[image].dex.methods
            units, refs, asked = self._ends[image]
            low, high = np.searchsorted(units, (int(table.first[row]), int(table.end[row])))
            self._dull[method] = bool((refs[low:high][asked[low:high] < 0] == -2).any())
        return not self._dull[method]

    def may_give(self, ref: int) -> bool:
        """Whether what a call gives may be known: a number or flag, or an object that hangs on what Android answers."""
        if ref not in self._given:
            graph = self._graph
            cls, signature = graph.index.ref_class[ref], graph.index.ref_signature[ref]
            self._given[ref] = signature in self._known
            if graph.defined(cls):
                method = graph.resolve(cls, signature)
                plain = graph.descriptor(graph.index.proto_types(signature)[0]) in _NUMBERS
                self._given[ref] = method >= 0 and (plain or method in self._asking) and self.may_return(method)
        return self._given[ref]

    @cached_property
    def _asking(self) -> frozenset[int]:
        """Methods that ask Android something of which the answer may be known, and those that call them."""
        graph, found = self._graph, set[int]()
        refs = [ref for signature in self._known for ref in graph.index.refs_of_signature(signature)]
        for _ in range(_LEVELS):
            fresh = {
                one for one in graph.using(ref << 4 | kind for ref in refs for kind in CALLS) if one in self._alive
            } - found
            found |= fresh
            refs = [
                ref
                for one in fresh
                for ref in graph.index.refs_of_signature(graph.method_signature[one])
                if graph.index.ref_class[ref] == graph.method_class[one]
            ]
        return frozenset(found)

    @cached_property
    def _ends(self) -> list[tuple[Ints, Ints, Ints]]:
        """For each image the conditions and returns: where, on which call's result (-1: on something else, -2: not known).

        Last the register that is asked; -1 stands for a return.
        """
        return [self._of_image(number, image.dex) for number, image in enumerate(self._graph.program.images)]

    def _of_image(self, number: int, dex: Dex) -> tuple[Ints, Ints, Ints]:
        at, words = dex.instructions, dex.units[dex.instructions]
        places = np.flatnonzero(_ENDS[words & 0xFF])
        here = words[places]
        pair = _PAIRS[here & 0xFF]
        written = _written(words)
        refs = self._given_by(number, words, _origins(written, places, np.where(pair, here >> 8 & 0xF, here >> 8)))
        other = self._given_by(number, words, _origins(written, places[pair], here[pair] >> 12))
        refs[pair] = np.where((other == -2) | (refs[pair] == -2), -2, np.maximum(other, refs[pair]))
        asked = np.where(pair, here >> 8 & 0xF, here >> 8).astype(np.int64)
        return at[places].astype(np.int64), refs, np.where((here & 0xFF) <= 0x11, -1, asked)

    def _given_by(self, number: int, words: Units, origin: Ints) -> Ints:
        """The call of which these instructions take the result; -2: what they give is not known, -1: something else, or none."""
        dex, table = self._graph.program.images[number].dex, self._graph.index.refs[number]
        refs = np.full(len(origin), -1, np.int64)
        there = np.flatnonzero(origin >= 0)
        opcode = words[origin[there]] & 0xFF
        naming = dex.instructions[origin[there] - _RESULT[opcode]]
        behind = dex.units[np.minimum(naming + 1, len(dex.units) - 1)].astype(np.int64)
        found = np.where(_DARK[opcode] | (_STATIC[opcode] & ~self._own(number)[behind]), -2, -1)
        called = _RESULT[opcode] & (behind < len(table))
        found[called] = table[behind[called]]
        refs[there] = found
        return refs

    def _own(self, number: int) -> Flags:
        """For each number of a field whether its value may be known: found once for each image."""
        if number not in self._owned:
            self._owned[number] = self._find_own(number, self._graph.program.images[number].dex)
        return self._owned[number]

    def _find_own(self, number: int, dex: Dex) -> Flags:
        """For each number of a field whether its value may be known: numbers and flags alone, not whether there is an object."""
        own = np.zeros(0x10000, np.bool_)
        types = self._graph.index.types[number]
        defined = np.fromiter(map(self._graph.defined, types.tolist()), np.bool_, len(types))
        cls = dex.tables.fields["cls"].astype(np.int64)[:0x10000]
        kind = dex.tables.fields["type"].astype(np.int64)[:0x10000]
        numbers = [one for one in map(dex.find_type, _NUMBERS) if one is not None]
        own[: len(cls)] = defined[np.minimum(cls, len(types) - 1)] & among(kind, numbers) if len(types) else False
        for field in self._fields:
            holder, _, member = field.partition(b"->")
            home = dex.find_type(holder)
            for one in dex.fields_of(home) if home is not None else ():
                own[one] |= dex.member_bytes(one, field=True) == member.partition(b":")[0]
        return own


def _written(words: Units) -> NDArray[np.int32]:
    """The register that each of these instructions writes, -1 where it writes none or names it elsewhere."""
    opcode = words & 0xFF
    register = np.where(_NIBBLE[opcode], words >> 8 & 0xF, words >> 8).astype(np.int32)
    register[~_WRITES[opcode]] = -1
    return register


def _origins(written: NDArray[np.int32], places: Ints, asked: Units) -> Ints:
    """Which instruction wrote a register last before each of these places, looking only a little back; -1: none."""
    origin = np.full(len(places), -1, np.int64)
    open_ = np.flatnonzero(places > 1)
    for back in range(1, _BACK + 1):
        before = places[open_] - back
        wrote = written[before] == asked[open_]
        origin[open_[wrote]] = before[wrote]
        open_ = open_[~wrote & (before > 1)]
    return origin

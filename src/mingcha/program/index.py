"""One numbering of types and methods over all images of a program, so that calls lead from one image into another.

Numbers instead of names: the call graph compares and follows hundreds of thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mingcha.errors import FormatError
from mingcha.formats.dex import Dex
from mingcha.formats.dexbulk import names, type_lists
from mingcha.program.code import Program

Ints = NDArray[np.int64]


class Numbers:
    """Names seen so far, numbered in the order of their first appearance."""

    def __init__(self) -> None:
        self.names: list[bytes] = []
        self.of: dict[bytes, int] = {}

    def add(self, name: bytes) -> int:
        """The number of a name, a new one where it is new."""
        number = self.of.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
        return number

    def all(self, names_: list[bytes]) -> Ints:
        """The numbers of many names."""
        fresh = [name for name in dict.fromkeys(names_) if name not in self.of]
        self.of.update(zip(fresh, range(len(self.names), len(self.names) + len(fresh)), strict=True))
        self.names += fresh
        return np.fromiter(map(self.of.__getitem__, names_), np.int64, len(names_))


class Index:
    """Types, signatures and method references of all images by number. Raises FormatError where tables are broken.

    ``types[i]`` gives for each type id of image i its number; ``refs[i]`` for each method id its reference, whose class and
    signature are ``ref_class`` and ``ref_signature``. A signature is a name and a prototype.
    """

    def __init__(self, program: Program) -> None:
        self.type = Numbers()
        self.name = Numbers()
        self._proto = Numbers()
        self._sought: dict[bytes, int | None] = {}
        self.types: list[Ints] = []
        pieces = [self._read(image.dex) for image in program.images]
        self._sizes = [len(cls) for cls, _, _ in pieces]
        empty = np.empty(0, np.int64)
        classes = np.concatenate([empty, *(piece[0] for piece in pieces)])
        whole = np.concatenate([empty, *(piece[1] << 32 | piece[2] for piece in pieces)])
        self._signatures, signature = np.unique(whole, return_inverse=True)
        found, inverse = np.unique(classes << 32 | signature, return_inverse=True)
        self._ref_class, self._ref_signature = found >> 32, found & 0xFFFFFFFF
        self.ref_class: list[int] = self._ref_class.tolist()
        self.ref_signature: list[int] = self._ref_signature.tolist()
        edges = np.cumsum([0, *self._sizes])
        self.refs = [inverse[low:high].astype(np.int64) for low, high in pairwise(edges.tolist())]
        self._texts: dict[int, bytes] = {}

    def _read(self, dex: Dex) -> tuple[Ints, Ints, Ints]:
        """Class, name and prototype of every method id; the image's types are numbered on the way."""
        tables = dex.tables
        types = self.type.all(names(dex, tables.types))
        self.types.append(types)
        protos = self._protos(dex, types)
        cls, proto = tables.methods["cls"].astype(np.int64), tables.methods["proto"].astype(np.int64)
        if len(cls) and (int(cls.max()) >= len(types) or int(proto.max()) >= len(protos)):
            raise FormatError("DEX method of a class or prototype that does not exist")
        used, back = np.unique(tables.methods["name"].astype(np.int64), return_inverse=True)
        return types[cls], self.name.all(names(dex, used))[back], protos[proto]

    def _protos(self, dex: Dex, types: Ints) -> Ints:
        """A number for each prototype: the numbers of its types in a row are its name."""
        protos = dex.tables.protos
        counts, flat = type_lists(dex, protos["params"])
        result = protos["result"].astype(np.int64)
        if max(int(flat.max(initial=0)), int(result.max(initial=0))) >= len(types) and len(result):
            raise FormatError("DEX prototype of a type that does not exist")
        ends = np.cumsum(counts + 1)
        row = np.empty(int(counts.sum()) + len(counts), np.int32)
        heads = ends - counts - 1
        body = np.ones(len(row), np.bool_)
        body[heads] = False
        row[heads], row[body] = types[result], types[flat]
        data = row.tobytes()
        slices = zip((4 * heads).tolist(), (4 * ends).tolist(), strict=True)
        return self._proto.all([data[first:last] for first, last in slices])

    def refs_to_class(self, cls: int) -> list[int]:
        """All references to methods of a class: they lie together."""
        low, high = np.searchsorted(self._ref_class, (cls, cls + 1))
        return list(range(int(low), int(high)))

    @cached_property
    def _by_signature(self) -> tuple[Ints, Ints]:
        """References ordered by signature, and the signature of each."""
        order = np.argsort(self._ref_signature, kind="stable")
        return order, self._ref_signature[order]

    def refs_of_signature(self, signature: int) -> list[int]:
        """All references to methods of a signature, whatever their class."""
        order, signatures = self._by_signature
        low, high = np.searchsorted(signatures, (signature, signature + 1))
        refs: list[int] = order[low:high].tolist()
        return refs

    @cached_property
    def _takes(self) -> tuple[Ints, Ints]:
        """Types that prototypes take, and the prototype of each."""
        sizes = np.fromiter(map(len, self._proto.names), np.int64, len(self._proto.names)) // 4
        rows = np.frombuffer(b"".join(self._proto.names), np.int32).astype(np.int64)
        rows[np.cumsum(sizes) - sizes] = -1  # the result
        return rows, np.repeat(np.arange(len(sizes)), sizes)

    def refs_taking(self, kind: int) -> list[int]:
        """All references to methods that have a parameter of this type."""
        rows, protos = self._takes
        taking = np.zeros(len(self._proto.names), np.bool_)
        taking[protos[rows == kind]] = True
        refs: list[int] = np.flatnonzero(taking[self._signatures & 0xFFFFFFFF][self._ref_signature]).tolist()
        return refs

    # --- signatures --------------------------------------------------------------------------------------------

    def proto_types(self, signature: int) -> list[int]:
        """Result and parameter types of a signature."""
        proto = int(self._signatures[signature]) & 0xFFFFFFFF
        types: list[int] = np.frombuffer(self._proto.names[proto], np.int32).tolist()
        return types

    def signature_name(self, signature: int) -> bytes:
        """The method name of a signature."""
        return self.name.names[int(self._signatures[signature]) >> 32]

    def signature(self, number: int) -> bytes:
        """Name and descriptor: ``onClick(Landroid/view/View;)V``."""
        known = self._texts.get(number)
        if known is None:
            result, *parameters = (self.type.names[kind] for kind in self.proto_types(number))
            known = self._texts[number] = self.signature_name(number) + b"(" + b"".join(parameters) + b")" + result
        return known

    def find_signature(self, text: bytes) -> int | None:
        """The number of a signature, or None where no image names it."""
        if text not in self._sought:
            self._sought[text] = self._find_signature(text)
        return self._sought[text]

    def known_signatures(self, texts: Iterable[bytes]) -> frozenset[int]:
        """The numbers of those of many signatures that some image names."""
        sought, find = self._sought, self.find_signature
        numbers = [sought[text] if text in sought else find(text) for text in texts]
        return frozenset([number for number in numbers if number is not None])

    def _find_signature(self, text: bytes) -> int | None:
        name, _, descriptor = text.partition(b"(")
        wanted = self.name.of.get(name)
        if wanted is None:
            return None
        parameters, _, result = descriptor.partition(b")")
        kinds = [self.type.of.get(kind) for kind in [result, *_split(parameters)]]
        if None in kinds:
            return None
        proto = self._proto.of.get(np.array(kinds, np.int32).tobytes())
        if proto is None:
            return None
        place = int(np.searchsorted(self._signatures, wanted << 32 | proto))
        there = place < len(self._signatures) and int(self._signatures[place]) == wanted << 32 | proto
        return place if there else None

    def of_name(self, name: bytes) -> range:
        """The numbers of all signatures of this name: they lie together."""
        wanted = self.name.of.get(name)
        if wanted is None:
            return range(0)
        low, high = np.searchsorted(self._signatures, (wanted << 32, (wanted + 1) << 32))
        return range(int(low), int(high))


def _split(parameters: bytes) -> list[bytes]:
    """Parameter types of a descriptor, one by one."""
    found, at = [], 0
    while at < len(parameters):
        end = at
        while parameters[end : end + 1] == b"[":
            end += 1
        end = parameters.find(b";", end) + 1 if parameters[end : end + 1] == b"L" else end + 1
        if end <= at:
            break
        found.append(parameters[at:end])
        at = end
    return found

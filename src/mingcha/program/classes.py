"""The classes of a program by number: what each extends, which methods it defines, and which method a call enters.

Program asks the same by name, one at a time; here hundreds of thousands of questions are asked, so everything is a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mingcha.errors import FormatError, LimitError
from mingcha.formats.dex import Dex
from mingcha.formats.dexbulk import type_lists
from mingcha.program.code import STATIC, Program
from mingcha.program.index import Index

Ints = NDArray[np.int64]

_NO_CLASS = 0xFFFFFFFF
_MOST_ANCESTORS = 512
_CONSTRUCTOR = 0x10000


class Classes:
    """All classes and methods by number. Raises FormatError where tables are broken, LimitError where a hierarchy is absurd."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.index = Index(program)
        self._supers: dict[int, tuple[int, ...]] = {}
        self._home: dict[int, int] = {}
        self._abstract: set[int] = set()
        for number, image in enumerate(program.images):
            self._read_classes(number, image.dex)
        self._place_methods()
        self._definers: dict[int, frozenset[int]] = {}
        self._ancestors: dict[int, tuple[int, ...]] = {}
        self._resolved: dict[int, int] = {}
        self._below: dict[int, list[int]] | None = None

    # --- classes -----------------------------------------------------------------------------------------------

    def _read_classes(self, number: int, dex: Dex) -> None:
        """Superclass and interfaces of the classes that no earlier image defines."""
        rows = dex.tables.classes.astype(np.int64)
        types = self.index.types[number]
        counts, flat = type_lists(dex, rows[:, 3])
        if int(flat.max(initial=-1)) >= len(types) or int(rows[:, 0].max(initial=-1)) >= len(types):
            raise FormatError("DEX class of types that do not exist")
        interfaces, ends = types[flat].tolist(), np.cumsum(counts).tolist()
        parents = np.where(
            rows[:, 2] == _NO_CLASS, -1, types[np.minimum(rows[:, 2], len(types) - 1)] if len(types) else -1
        )
        start, known, names = 0, self.program.framework.known, self.index.type.names
        for cls, parent, access, end in zip(
            types[rows[:, 0]].tolist(), parents.tolist(), rows[:, 1].tolist(), ends, strict=True
        ):
            if cls not in self._home and not known(names[cls]):  # Android loads its own classes first
                self._home[cls] = number
                self._supers[cls] = (*((parent,) if parent >= 0 else ()), *interfaces[start:end])
                if access & 0x600:
                    self._abstract.add(cls)
            start = end

    def number(self, descriptor: bytes) -> int | None:
        """The number of a class that the app defines, or None."""
        found = self.index.type.of.get(descriptor)
        return found if found in self._home else None

    def descriptor(self, cls: int) -> bytes:
        """The descriptor of a type."""
        return self.index.type.names[cls]

    def defined(self, cls: int) -> bool:
        """Whether the app itself defines this class."""
        return cls in self._home

    def concrete(self, cls: int) -> bool:
        """Whether the app defines it and objects of it can be made."""
        return cls in self._home and cls not in self._abstract

    @property
    def classes(self) -> Iterable[int]:
        """All classes that the app defines."""
        return self._home

    def supers(self, cls: int) -> tuple[int, ...]:
        """What a class extends (first) and implements, directly, inside and outside the app."""
        known = self._supers.get(cls)
        if known is None:
            outside = self.program.framework.supers(self.descriptor(cls))
            known = self._supers[cls] = tuple(map(self.index.type.add, outside))
        return known

    def ancestors(self, cls: int) -> tuple[int, ...]:
        """Itself and all that it extends or implements, each once, nearest first. Raises LimitError."""
        known = self._ancestors.get(cls)
        if known is None:
            found = {cls: None}
            queue = [cls]
            for current in queue:
                for parent in self.supers(current):
                    if parent not in found:
                        found[parent] = None
                        queue.append(parent)
                if len(queue) > _MOST_ANCESTORS:
                    raise LimitError(f"a class of more than {_MOST_ANCESTORS} supertypes")
            known = self._ancestors[cls] = tuple(queue)
        return known

    def outside(self, cls: int) -> tuple[int, ...]:
        """Those of its ancestors that the app does not define."""
        home = self._home
        return tuple([one for one in self.ancestors(cls) if one not in home])

    def below(self, cls: int) -> list[int]:
        """Classes of the app that are ``cls`` or extend or implement it."""
        if self._below is None:
            self._below = {}
            for child in self._home:
                for parent in self.ancestors(child):
                    self._below.setdefault(parent, []).append(child)
        return self._below.get(cls, [])

    # --- methods -----------------------------------------------------------------------------------------------

    def _place_methods(self) -> None:
        """Class and signature of every method, and the methods ordered by class."""
        empty = np.empty(0, np.int64)
        images = self.program.images
        refs = [self.index.refs[n][image.dex.methods.ids] for n, image in enumerate(images)]
        self._method_ref: Ints = np.concatenate([empty, *refs])
        home = np.concatenate([empty, *(np.full(len(ref), n) for n, ref in enumerate(refs))])
        access = np.concatenate([empty, *(image.dex.methods.access for image in images)])
        cls = np.array(self.index.ref_class, np.int64)[self._method_ref] if len(self._method_ref) else empty
        self.method_class: list[int] = cls.tolist()
        signature = np.array(self.index.ref_signature, np.int64)[self._method_ref] if len(cls) else empty
        self.method_signature: list[int] = signature.tolist()
        first = np.fromiter((self._home.get(number, -1) for number in self.method_class), np.int64, len(cls))
        kept = np.flatnonzero(first == home)
        ordered = kept[np.argsort(cls[kept], kind="stable")]
        self._ordered: list[int] = ordered.tolist()
        classes, first = np.unique(cls[ordered], return_index=True)
        self._spans = dict(zip(classes.tolist(), pairwise([*first.tolist(), len(ordered)]), strict=True))
        """Class → where its methods stand among the ordered ones."""
        self._own: dict[int, dict[int, int]] = {}
        order = np.argsort(signature[kept], kind="stable")
        self._by_signature = signature[kept][order], cls[kept][order]
        self.access: Ints = access
        self.virtual_signatures: set[int] = set(signature[kept[(access[kept] & (STATIC | _CONSTRUCTOR)) == 0]].tolist())

    def own(self, cls: int) -> dict[int, int]:
        """Methods with code that a class itself defines: signature → method."""
        known = self._own.get(cls)
        if known is None:
            low, high = self._spans.get(cls, (0, 0))
            signature = self.method_signature
            known = self._own[cls] = {signature[number]: number for number in self._ordered[low:high]}
        return known

    def resolve(self, cls: int, signature: int) -> int:
        """The method with code that an object of this class runs, or -1 (it lies outside the app, or there is none)."""
        own = self._own.get(cls) or self.own(cls)
        if signature in own:
            return own[signature]
        key = cls << 32 | signature
        known = self._resolved.get(key)
        if known is not None:
            return known
        if cls not in self._home:
            return -1
        definers = self._definers.get(signature)
        if definers is None:
            definers = self._definers[signature] = self._defining(signature)
        if not definers or definers.isdisjoint(self.ancestors(cls)):
            return -1  # most questions end here; none of them is worth keeping
        known = self._resolved[key] = self._resolve(cls, signature)
        return known

    def _defining(self, signature: int) -> frozenset[int]:
        """Classes that define a method of this signature with code."""
        signatures, classes = self._by_signature
        low, high = np.searchsorted(signatures, (signature, signature + 1))
        return frozenset(classes[low:high].tolist())

    def _resolve(self, cls: int, signature: int) -> int:
        step, seen = cls, 0
        while step in self._home and seen < _MOST_ANCESTORS:
            found = self.own(step).get(signature)
            if found is not None:
                return found
            above = self._supers[step]
            step, seen = above[0] if above else -1, seen + 1
        for parent in self.ancestors(cls):  # default methods of interfaces
            found = self.own(parent).get(signature)
            if found is not None:
                return found
        return -1

"""All DEX images of an app as one program: classes, what they extend, which methods they define, whom a call reaches.

Classes and methods are looked up when asked for; nothing is made for a class that nobody asks about except its name and
its place in the hierarchy. Where a class is defined twice, the first image that has it counts, as on Android. A method
has a number over all images; ``image`` and ``row`` lead back to its bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mingcha.catalogue.framework import Framework
from mingcha.formats.dex import Dex
from mingcha.program import decode

Ints = NDArray[np.int64]
_WIDE_STRING = 0x1B
OBJECT = b"Ljava/lang/Object;"
STATIC = 0x8
INTERFACE = 0x200
_DEPTH = 64
"""Classes extended one over another; more is a cycle or an attack."""


@dataclass(frozen=True, slots=True)
class Image:
    """One DEX image, and where it lies: index into the case's list of places (``key``)."""

    key: int
    dex: Dex


@dataclass(frozen=True, slots=True)
class Method:
    """A method with code. ``signature`` is name and descriptor: ``onClick(Landroid/view/View;)V``."""

    number: int
    image: int
    row: int
    cls: bytes
    name: bytes
    parameters: tuple[bytes, ...]
    result: bytes
    access: int

    @property
    def signature(self) -> bytes:
        """Name and descriptor."""
        return self.name + b"(" + b"".join(self.parameters) + b")" + self.result

    @property
    def static(self) -> bool:
        """Whether it has no receiver."""
        return bool(self.access & STATIC)

    @property
    def full(self) -> str:
        """Smali notation."""
        return (self.cls + b"->" + self.signature).decode("utf-8", "replace")


class Program:
    """The classes of all images together. Raises FormatError where an image's tables are broken."""

    def __init__(self, images: Sequence[Image], framework: Framework) -> None:
        self.images = tuple(images)
        self.framework = framework
        self.classes: dict[bytes, tuple[int, int]] = {}
        """Descriptor → image index and class row."""
        for index, image in enumerate(self.images):
            for row, descriptor in enumerate(image.dex.class_descriptors()):
                self.classes.setdefault(descriptor, (index, row))
        sizes = [len(image.dex.methods.ids) for image in self.images]
        self.bases: list[int] = [sum(sizes[:n]) for n in range(len(sizes))]
        """Number of each image's first method."""
        self.count = sum(sizes)
        self._naming: dict[tuple[int, range], tuple[Ints, Ints]] = {}
        self._methods: dict[int, Method] = {}
        self._bodies: dict[int, decode.Body] = {}
        self._members: dict[bytes, dict[bytes, int]] = {}
        self._supers: dict[bytes, tuple[bytes, ...]] = {}
        self._found: dict[tuple[bytes, bytes], int | None] = {}
        self._targets: dict[tuple[bytes, bytes], tuple[int, ...]] = {}
        self._below: dict[bytes, tuple[bytes, ...]] = {}

    # --- classes -----------------------------------------------------------------------------------------------

    def own(self, descriptor: bytes) -> bool:
        """Whether the app's own class of this name is the one that Android loads."""
        return descriptor in self.classes and not self.framework.known(descriptor)

    def superclass(self, descriptor: bytes) -> bytes | None:
        """The class it extends; None for Object, and for external classes the framework table does not know."""
        found = self.supers(descriptor)
        return found[0] if found else None

    def supers(self, descriptor: bytes) -> tuple[bytes, ...]:
        """What it extends (first) and implements, directly."""
        known = self._supers.get(descriptor)
        if known is None:
            known = self._supers[descriptor] = self._direct_supers(descriptor)
        return known

    def _direct_supers(self, descriptor: bytes) -> tuple[bytes, ...]:
        place = self.classes.get(descriptor)
        if place is None or self.framework.known(descriptor):  # Android loads its own classes, whatever the app has
            return self.framework.supers(descriptor)
        dex = self.images[place[0]].dex
        return (dex.superclass(place[1]) or OBJECT, *dex.interfaces(place[1]))

    def is_interface(self, descriptor: bytes) -> bool:
        """Whether it is an interface."""
        place = self.classes.get(descriptor)
        if place is None:
            return self.framework.is_interface(descriptor)
        return bool(self.images[place[0]].dex.class_access(place[1]) & INTERFACE)

    def ancestors(self, descriptor: bytes) -> list[bytes]:
        """Itself and everything it extends or implements, nearest first, each once."""
        found, queue = {descriptor: None}, [descriptor]
        for current in queue:
            for parent in self.supers(current):
                if parent not in found:
                    found[parent] = None
                    queue.append(parent)
        return queue

    def line(self, descriptor: bytes) -> Iterator[bytes]:
        """Itself and its superclasses inside the app, nearest first."""
        step: bytes | None = descriptor
        for _ in range(_DEPTH):
            if step is None or step not in self.classes:
                return
            yield step
            step = self.superclass(step)

    def is_a(self, descriptor: bytes, parent: bytes) -> bool:
        """Whether it is ``parent`` or extends or implements it."""
        return parent in (descriptor, OBJECT) or parent in self.ancestors(descriptor)

    @cached_property
    def _children(self) -> dict[bytes, list[bytes]]:
        found: dict[bytes, list[bytes]] = defaultdict(list)
        known: dict[tuple[int, int], bytes] = {}
        for descriptor, (image, row) in self.classes.items():
            dex = self.images[image].dex
            for kind in dex.super_numbers(row):
                name = known.get((image, kind))
                if name is None:
                    name = known[image, kind] = dex.type_bytes(kind)
                found[name].append(descriptor)
        return found

    def sizes(self, reached: Collection[int]) -> list[dict[int, int]]:
        """For each image the units of code of these methods, by the type number of their class."""
        found = []
        for image, base in zip(self.images, self.bases, strict=True):
            table = image.dex.methods
            rows = np.fromiter((base + row in reached for row in range(len(table.ids))), np.bool_, len(table.ids))
            kinds, units = image.dex.method_classes[table.ids[rows]], (table.end - table.first)[rows]
            names, place = np.unique(kinds, return_inverse=True)
            total = np.bincount(place, units, len(names)).astype(np.int64)
            found.append(dict(zip(names.tolist(), total.tolist(), strict=True)))
        return found

    def below(self, descriptor: bytes) -> tuple[bytes, ...]:
        """All classes of the app that are ``descriptor`` or extend or implement it (through other app classes)."""
        known = self._below.get(descriptor)
        if known is None:
            found = {descriptor: None}
            queue = [descriptor]
            for current in queue:
                for child in self._children.get(current, ()):
                    if child not in found:
                        found[child] = None
                        queue.append(child)
            known = self._below[descriptor] = tuple(name for name in queue if name in self.classes)
        return known

    # --- methods -----------------------------------------------------------------------------------------------

    def method(self, number: int) -> Method:
        """A method by number."""
        known = self._methods.get(number)
        if known is None:
            image = self.image_of(number)
            dex, row = self.images[image].dex, number - self.bases[image]
            cls, name, parameters, result = dex.method_parts(int(dex.methods.ids[row]))
            access = int(dex.methods.access[row])
            known = self._methods[number] = Method(number, image, row, cls, name, parameters, result, access)
        return known

    def body(self, number: int) -> decode.Body:
        """A method's blocks, decoded once for all who ask. Raises FormatError."""
        known = self._bodies.get(number)
        if known is None:
            image = self.image_of(number)
            known = self._bodies[number] = decode.body(self.images[image].dex, number - self.bases[image])
        return known

    def image_of(self, number: int) -> int:
        """Index of the image that holds a method."""
        image = len(self.bases) - 1
        while self.bases[image] > number:
            image -= 1
        return image

    def members(self, descriptor: bytes) -> dict[bytes, int]:
        """Methods with code that a class itself defines: signature → number."""
        known = self._members.get(descriptor)
        if known is None:
            known = self._members[descriptor] = self._defined(descriptor)
        return known

    def _defined(self, descriptor: bytes) -> dict[bytes, int]:
        place = self.classes.get(descriptor)
        if place is None:
            return {}
        order, classes = self._by_class[place[0]]
        wanted = self.images[place[0]].dex.find_type(descriptor)
        if wanted is None:
            return {}
        low, high = np.searchsorted(classes, (wanted, wanted + 1))
        numbers = [self.bases[place[0]] + row for row in order[low:high].tolist()]
        return {self.method(number).signature: number for number in numbers}

    @cached_property
    def _by_class(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each image: its method rows ordered by class, and the class of each."""
        found = []
        for image in self.images:
            cls = image.dex.method_classes[image.dex.methods.ids]
            order = np.argsort(cls, kind="stable")
            found.append((order, cls[order]))
        return found

    def naming(self, image: int, opcodes: range) -> tuple[Ints, Ints]:
        """Units of all instructions of these opcodes, and the number that stands behind each, found once."""
        known = self._naming.get((image, opcodes))
        if known is None:
            dex = self.images[image].dex
            at, last = dex.instructions, len(dex.units) - 1
            opcode = dex.units[at] & 0xFF
            at = at[(opcode >= opcodes.start) & (opcode < opcodes.stop)]
            low, high = (dex.units[np.minimum(at + n, last)].astype(np.int64) for n in (1, 2))
            value = np.where(dex.units[at] & 0xFF == _WIDE_STRING, low | high << 16, low)
            known = self._naming[image, opcodes] = (at, value)
        return known

    def find(self, descriptor: bytes, signature: bytes) -> int | None:
        """The method with code that this class defines or inherits, or None (external, abstract, native, absent)."""
        key = (descriptor, signature)
        if key not in self._found:
            self._found[key] = self._resolved(descriptor, signature)
        return self._found[key]

    def _resolved(self, descriptor: bytes, signature: bytes) -> int | None:
        for step in self.line(descriptor):
            number = self.members(step).get(signature)
            if number is not None:
                return number
        for parent in self.ancestors(descriptor):  # default methods of interfaces
            number = self.members(parent).get(signature)
            if number is not None:
                return number
        return None

    def targets(self, descriptor: bytes, signature: bytes) -> tuple[int, ...]:
        """Every method that a virtual call on this static type may enter, by the class hierarchy alone."""
        key = (descriptor, signature)
        known = self._targets.get(key)
        if known is None:
            numbers = [self.find(descriptor, signature)]
            numbers += [self.members(child).get(signature) for child in self.below(descriptor)]
            known = self._targets[key] = tuple(sorted({n for n in numbers if n is not None}))
        return known

    def external_origin(self, descriptor: bytes, signature: bytes) -> bytes | None:
        """The external class or interface whose method this one overrides or implements, or None."""
        for parent in self.ancestors(descriptor)[1:]:
            if parent not in self.classes and self.framework.declares(parent, signature):
                return parent
        return None

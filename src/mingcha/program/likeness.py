"""What renamed classes can be told by: which strings a class loads, and which classes name it.

Nothing here knows what the strings mean. Numbers that point outside their tables are passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingcha.formats import dalvik
from mingcha.formats.dex import Dex
from mingcha.formats.numbers import among, distinct

Ints = NDArray[np.int64]

_STRING, _STRING_JUMBO = 0x1A, 0x1B
_CALLS = among(np.arange(256), dalvik.INVOKES)
_FIELDS = among(np.arange(256), range(0x52, 0x6E))
_TYPES = among(np.arange(256), [0x1C, 0x1F, 0x20, 0x22])


def written(image: Dex, wanted: Iterable[bytes]) -> set[bytes]:
    """Those of the strings (modified UTF-8, without NUL) that stand in the image's string table."""
    start, end = image.string_span
    stored = _stored(frozenset(wanted))
    return {stored[raw] for raw in stored.keys() & set(image.data[start:end].split(b"\0"))}


@lru_cache(2)  # the same strings are looked for in every image
def _stored(wanted: frozenset[bytes]) -> dict[bytes, bytes]:
    """Strings as they stand in a file, with their length before them → the strings."""
    return {_length(string) + string: string for string in wanted}


def _length(string: bytes) -> bytes:
    """A string's length in UTF-16 units, as it stands before the string."""
    units = len(string) if string.isascii() else sum(byte & 0xC0 != 0x80 for byte in string)
    return bytes([units]) if units < 0x80 else bytes([units & 0x7F | 0x80, units >> 7])


def loaders(image: Dex, strings: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Descriptor of every class defined here whose code loads one of the strings, with the string, in order."""
    numbers = {number: string for string in strings if (number := image.find_string(string)) is not None}
    if not numbers:
        return
    at, units = image.instructions, image.units
    opcode = units[at] & 0xFF
    at, opcode = (column[(opcode == _STRING) | (opcode == _STRING_JUMBO)] for column in (at, opcode))
    high = np.where(opcode == _STRING_JUMBO, units[np.minimum(at + 2, len(units) - 1)], 0).astype(np.int64)
    loaded = units[at + 1] | high << 16
    here = among(loaded, numbers)
    own = _defined(image)
    for cls, number in sorted(set(zip(_callers(image, at[here]).tolist(), loaded[here].tolist(), strict=True))):
        if cls in own:
            yield own[cls], numbers[number]


def _defined(image: Dex) -> dict[int, bytes]:
    """Descriptors of the classes defined here by their type numbers."""
    return dict(zip(image.tables.classes[:, 0].tolist(), image.class_descriptors(), strict=True))


def _callers(image: Dex, at: Ints) -> Ints:
    """Type number of the class in whose code each of these instructions stands."""
    methods = image.methods
    return image.method_classes[methods.ids[np.searchsorted(methods.first, at, side="right") - 1]]


def users(images: Collection[Dex]) -> dict[bytes, set[bytes]]:
    """For every class defined in the images, the other classes whose code or head names it."""
    found: dict[bytes, set[bytes]] = {name: set() for image in images for name in image.class_descriptors()}
    for image in images:
        own = _defined(image)
        callers, targets = _mentions(image)
        named = {number: own.get(number) or image.type_bytes(number) for number in distinct(targets).tolist()}
        sets = {number: found[name] for number, name in named.items() if name in found}
        for cls, number in zip(callers.tolist(), targets.tolist(), strict=True):
            if number in sets and cls in own and cls != number:
                sets[number].add(own[cls])
        for row, name in enumerate(image.class_descriptors()):
            for above in (image.superclass(row), *image.interfaces(row)):
                if above in found and above != name:
                    found[above].add(name)
    return found


def _mentions(image: Dex) -> tuple[Ints, Ints]:
    """Pairs of type numbers: a class, and a class whose member or self its code names; each pair once."""
    at, units, tables = image.instructions, image.units, image.tables
    opcode = units[at] & 0xFF
    every: Any = np.arange(len(tables.types))
    pairs = []
    for chosen, classes in ((_CALLS, tables.methods["cls"]), (_FIELDS, tables.fields["cls"]), (_TYPES, every)):
        here = at[chosen[opcode]]
        number = units[here + 1].astype(np.int64)
        inside = number < len(classes)
        pairs.append(_callers(image, here[inside]) << 32 | classes[number[inside]].astype(np.int64))
    both = distinct(np.concatenate(pairs))
    both = both[both & 0xFFFFFFFF < len(tables.types)]
    return both >> 32, both & 0xFFFFFFFF

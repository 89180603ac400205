"""What renamed classes can be told by: which strings a class loads, and which classes name it.

Nothing here knows what the strings mean. Numbers that point outside their tables are passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mingcha.formats import dalvik
from mingcha.formats.dex import Dex

Ints = NDArray[np.int64]

_STRING, _STRING_JUMBO = 0x1A, 0x1B
_CALLS = np.isin(np.arange(256), list(dalvik.INVOKES))
_FIELDS = np.isin(np.arange(256), range(0x52, 0x6E))
_TYPES = np.isin(np.arange(256), [0x1C, 0x1F, 0x20, 0x22])


def written(image: Dex, wanted: Iterable[bytes]) -> set[bytes]:
    """Those of the strings (modified UTF-8, without NUL) that stand in the image's string table."""
    start, end = image.string_span
    stored = {_length(string) + string: string for string in wanted}
    return {stored[raw] for raw in stored.keys() & set(image.data[start:end].split(b"\0"))}


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
    here = np.isin(loaded, list(numbers))
    own = _defined(image)
    for cls, number in sorted(set(zip(_callers(image, at[here]), loaded[here].tolist(), strict=True))):
        if cls in own:
            yield own[cls], numbers[number]


def _defined(image: Dex) -> dict[int, bytes]:
    """Descriptors of the classes defined here by their type numbers."""
    return dict(zip(image.tables.classes[:, 0].tolist(), image.class_descriptors(), strict=True))


def _callers(image: Dex, at: Ints) -> list[int]:
    """Type number of the class in whose code each of these instructions stands."""
    methods = image.methods
    found: list[int] = image.method_classes[methods.ids[np.searchsorted(methods.first, at, side="right") - 1]].tolist()
    return found


def users(images: Collection[Dex]) -> dict[bytes, set[bytes]]:
    """For every class defined in the images, the other classes whose code or head names it."""
    found: dict[bytes, set[bytes]] = {name: set() for image in images for name in image.class_descriptors()}
    for image in images:
        own = _defined(image)
        named = {number: image.type_bytes(number) for number in _named(image)}
        for cls, number in _mentions(image):
            if cls in own and named[number] in found and own[cls] != named[number]:
                found[named[number]].add(own[cls])
        for row, name in enumerate(image.class_descriptors()):
            for above in (image.superclass(row), *image.interfaces(row)):
                if above in found:
                    found[above].add(name)
    return found


def _named(image: Dex) -> list[int]:
    return sorted({number for _, number in _mentions(image)})


def _mentions(image: Dex) -> list[tuple[int, int]]:
    """Pairs of type numbers: a class, and a class whose member or self its code names."""
    at, units, tables = image.instructions, image.units, image.tables
    opcode = units[at] & 0xFF
    every: Any = np.arange(len(tables.types))
    pairs = set[tuple[int, int]]()
    for chosen, classes in ((_CALLS, tables.methods["cls"]), (_FIELDS, tables.fields["cls"]), (_TYPES, every)):
        here = at[chosen[opcode]]
        number = units[here + 1].astype(np.int64)
        here, number = here[number < len(classes)], number[number < len(classes)]
        callers = np.asarray(_callers(image, here), np.int64)
        both = np.unique(callers << 32 | classes[number].astype(np.int64))
        pairs.update(zip((both >> 32).tolist(), (both & 0xFFFFFFFF).tolist(), strict=True))
    return sorted((cls, number) for cls, number in pairs if number < len(tables.types))

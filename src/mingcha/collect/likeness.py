"""Recognises SDKs whose classes were renamed by the strings they load, and says with what confidence.

Obfuscators rename classes and members; they leave alone what the code loads: names of preference files, keys, actions,
hosts, log tags, names of native libraries. The catalogue holds for some SDKs strings (*marks*) that other versions of it
load and no library or other SDK known to us does. One pass over the string tables tells which marks are there; only where
an SDK shows enough of them are the instructions asked which classes load them. Classes that bear a known name keep their
owner and count for nobody here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from mingcha.catalogue.load import Catalogue
from mingcha.collect.package import Code, Package, dotted
from mingcha.formats.dex import Dex, text
from mingcha.model.artefact import Place
from mingcha.model.sdk import Likeness

SURE = 0.8
"""Confidence from which an SDK counts as present and its classes as its own; below, it is possible."""
_WORTH_A_WORD = 0.3
"""Below this nothing is said: an SDK of the same vendor shows up to a twentieth of the marks."""
_ENOUGH_SHARE = 0.15
"""Share of the marks that leaves no doubt: versions years apart have more than twice as many in common."""
_FEW = 40
"""SDKs with fewer marks are judged as if they had so many."""
_DOUBT = 2.0
"""Marks that unrelated code shows by chance."""
_NEIGHBOURS = 3
_NEIGHBOUR_SHARE = 0.15
_CONST_STRING, _CONST_STRING_JUMBO = 0x1A, 0x1B


@dataclass(frozen=True, slots=True)
class Match:
    """An SDK that shows itself by its strings; ``classes`` are dotted names with the number of marks each loads."""

    sdk: str
    confidence: float
    marks: int
    learnt: int
    classes: Mapping[str, int]
    places: tuple[Place, ...]


def confidence(found: int, learnt: int) -> float:
    """How sure it is that code which loads ``found`` of an SDK's ``learnt`` marks is that SDK, from 0 to 1.

    Few marks are doubtful however large their share, and many are as long as they are a small share: then the code is more
    likely a part that the SDK has in common with something we do not know.
    """
    if not found:
        return 0.0
    return round(found / (found + _DOUBT) * min(1.0, found / max(learnt, _FEW) / _ENOUGH_SHARE), 2)


def matches(package: Package, tables: Catalogue) -> list[Match]:
    """SDKs that classes without a known name resemble, by id; looked for once."""
    return package.once("likeness", lambda: list(_matches(package, tables.likeness, _known_names(package, tables))))


def _known_names(package: Package, tables: Catalogue) -> Callable[[str], bool]:
    """Tells whether a dotted name lies in a package of the app, a library or an SDK that the catalogue names."""
    forms = ("package", "class")
    rows = (row for sdk in tables.sdks.values() for row in sdk.signatures if row.form in forms and not row.pattern)
    prefixes = {package.package_name, *tables.libraries, *(row.value for row in rows)}

    @cache
    def known(name: str) -> bool:
        return bool(name) and (name in prefixes or known(name.rpartition(".")[0]))

    return known


def renamed_owners(package: Package, tables: Catalogue) -> dict[str, tuple[str, float]]:
    """Renamed classes (dotted) of SDKs that are surely inside: SDK and confidence.

    A class belongs to the SDK if it loads two of its marks, or lies in a package of which a good part does; never where
    marks of several SDKs meet.
    """
    sure = [match for match in matches(package, tables) if match.confidence >= SURE]
    plain = _known_names(package, tables)
    claims = Counter(name for match in sure for name in match.classes)
    found: dict[str, tuple[str, float]] = {}
    packages = _packages(name for name in package.classes if not plain(name))
    for match in sure:
        alone = {name: count for name, count in match.classes.items() if claims[name] == 1}
        found.update((name, (match.sdk, match.confidence)) for name, count in alone.items() if count > 1)
        for neighbours in _own_packages(match, packages, claims):
            found.update((name, (match.sdk, match.confidence)) for name in neighbours if name not in found)
    return found


def _packages(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.rpartition(".")[0], []).append(name)
    return found


def _own_packages(match: Match, packages: Mapping[str, list[str]], claims: Counter[str]) -> Iterator[list[str]]:
    """Packages of which enough classes load this SDK's marks, and none loads another's."""
    here = Counter(name.rpartition(".")[0] for name in match.classes)
    for name, count in here.items():
        classes = packages.get(name, [])
        foreign = any(claims[cls] and (claims[cls] > 1 or cls not in match.classes) for cls in classes)
        if name and count >= _NEIGHBOURS and count >= _NEIGHBOUR_SHARE * len(classes) and not foreign:
            yield classes


# --- which marks are there, and who loads them ------------------------------------------------------------------------


def _matches(package: Package, rows: Mapping[str, Likeness], plain: Callable[[str], bool]) -> Iterator[Match]:
    if not rows or all(plain(name) for name in package.classes):
        return
    marks = {mark.encode(): row.id for row in rows.values() for mark in row.strings}
    tables = [(code, written(code.dex, marks)) for code in package.code]
    there = Counter(marks[mark] for mark in set().union(*(found for _, found in tables)))
    likely = {sdk for sdk, count in there.items() if confidence(count, len(rows[sdk].strings)) >= _WORTH_A_WORD}
    if not likely:
        return
    seen: dict[str, dict[str, set[bytes]]] = {sdk: {} for sdk in likely}
    first: dict[bytes, Place] = {}
    for code, found in tables:
        for name, mark in _loaded(code, [mark for mark in found if marks[mark] in likely], plain):
            seen[marks[mark]].setdefault(name, set()).add(mark)
            first.setdefault(mark, _place(package, code, mark))
    for sdk, classes in sorted(seen.items()):
        found_marks = set().union(*classes.values())
        sure = confidence(len(found_marks), len(rows[sdk].strings))
        if sure >= _WORTH_A_WORD:
            places = tuple(first[mark] for mark in sorted(found_marks))
            counts = {name: len(of_class) for name, of_class in sorted(classes.items())}
            yield Match(sdk, sure, len(found_marks), len(rows[sdk].strings), counts, places)


def _loaded(code: Code, marks: list[bytes], plain: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Dotted names of classes without a known name, with each of the marks they load."""
    for descriptor, mark in loaders(code.dex, marks):
        name = dotted(text(descriptor))
        if not plain(name):
            yield name, mark


def _place(package: Package, code: Code, mark: bytes) -> Place:
    index = code.dex.find_string(mark)
    return package.place(code.path, None if index is None else code.dex.string_place(index), text(mark))


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
    """Descriptor of every class whose code loads one of the strings, with the string."""
    numbers = {number: string for string in strings if (number := image.find_string(string)) is not None}
    if not numbers:
        return
    at, units = image.instructions, image.units
    chosen = np.zeros(image.string_count + 1, np.bool_)
    chosen[list(numbers)] = True
    opcode = units[at] & 0xFF
    at, opcode = (column[(opcode == _CONST_STRING) | (opcode == _CONST_STRING_JUMBO)] for column in (at, opcode))
    high = np.where(opcode == _CONST_STRING_JUMBO, units[np.minimum(at + 2, len(units) - 1)], 0).astype(np.int64)
    string = np.minimum(units[at + 1] | high << 16, image.string_count)
    at, string = at[chosen[string]], string[chosen[string]]
    methods = image.methods
    caller = methods.ids[np.searchsorted(methods.first, at, side="right") - 1]
    for cls, number in sorted(set(zip(image.method_classes[caller].tolist(), string.tolist(), strict=True))):
        yield image.type_bytes(cls), numbers[number]

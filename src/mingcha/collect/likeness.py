"""Recognises SDKs whose classes were renamed by the strings they load, and says with what confidence.

Obfuscators rename classes and members; they leave alone what the code loads: names of preference files, keys, actions,
hosts, log tags, names of native libraries. The catalogue holds for some SDKs strings (*marks*) that several versions of
it load and no library or other SDK known to us does. One look at the string tables tells which marks are there; only
where an SDK shows enough of them are the instructions asked which classes load them. Classes that bear a known name keep
their owner and count for nobody here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from mingcha.catalogue.load import Catalogue
from mingcha.collect.package import Code, Package, dotted
from mingcha.errors import FormatError
from mingcha.formats.dex import text
from mingcha.model.artefact import Place
from mingcha.model.sdk import Likeness
from mingcha.program.likeness import loaders, users, written

SURE = 0.8
"""Confidence from which an SDK counts as present and its classes as its own; below, it is possible."""
_WORTH_A_WORD = 0.3
"""Below this nothing is said: unrelated code shows up to a thirtieth of the marks."""
_ENOUGH_SHARE = 0.15
"""Share of the marks that leaves no doubt: versions years apart have about as many in common, mostly far more."""
_FEW, _MANY = 40, 200
"""SDKs with fewer or more marks are judged as if they had so many: a tenth of 40 is chance, a tenth of 400 is not."""
_DOUBT = 2.0
"""Marks that unrelated code shows by chance."""
_NEIGHBOURS, _NEIGHBOUR_SHARE = 3, 0.2
"""So many classes of a package, and such a share of them, must load marks for the others to go with them."""
_STEP = 0.9
"""What is left of the confidence for a class that only the SDK's classes name."""

Claim = tuple[str, float]
"""SDK and confidence."""
Known = Callable[[str], bool]
"""Whether a dotted name lies in a package of the app or a library, or in the namespace of a vendor of SDKs: it was not renamed."""


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
    share = found / min(max(learnt, _FEW), _MANY)
    return round(found / (found + _DOUBT) * min(1.0, share / _ENOUGH_SHARE), 2)


def matches(package: Package, tables: Catalogue) -> list[Match]:
    """SDKs that classes without a known name resemble, by id; looked for once."""
    return package.once("likeness", lambda: list(_matches(package, tables.likeness, _known_names(package, tables))))


def _known_names(package: Package, tables: Catalogue) -> Known:
    forms = ("package", "class")
    rows = (row for sdk in tables.sdks.values() for row in sdk.signatures if row.form in forms and not row.pattern)
    vendors = (".".join(row.value.split(".")[:2]) for row in rows)
    prefixes = {package.package_name, *tables.libraries, *vendors}

    @cache
    def known(name: str) -> bool:
        return bool(name) and (name in prefixes or known(name.rpartition(".")[0]))

    return known


# --- which marks are there, and who loads them ------------------------------------------------------------------------


def _matches(package: Package, rows: Mapping[str, Likeness], known: Known) -> Iterator[Match]:
    if not rows or all(known(name) for name in package.classes):
        return
    marks = {mark.encode(): row.id for row in rows.values() for mark in row.strings}
    there = [(code, written(code.dex, marks)) for code in package.code]
    counts = Counter(marks[mark] for mark in set[bytes]().union(*(found for _, found in there)))
    likely = {sdk for sdk, count in counts.items() if confidence(count, len(rows[sdk].strings)) >= _WORTH_A_WORD}
    seen: dict[str, dict[str, set[bytes]]] = {}
    first: dict[bytes, Code] = {}
    for code, found in there:
        for name, mark in _loaded(code, sorted(mark for mark in found if marks[mark] in likely), known):
            seen.setdefault(marks[mark], {}).setdefault(name, set()).add(mark)
            first.setdefault(mark, code)
    for sdk, classes in sorted(seen.items()):
        yield from _match(package, rows[sdk], classes, first)


def _loaded(code: Code, marks: list[bytes], known: Known) -> list[tuple[str, bytes]]:
    """Dotted names of classes without a known name, with each of the marks they load."""
    try:
        loading = [(dotted(text(descriptor)), mark) for descriptor, mark in loaders(code.dex, marks)]
    except FormatError:
        return []  # the collectors that read more of this image say so; nothing is told by likeness in it
    return [(name, mark) for name, mark in loading if not known(name)]


def _match(
    package: Package, row: Likeness, classes: Mapping[str, set[bytes]], first: Mapping[bytes, Code]
) -> Iterator[Match]:
    """The SDK, if what its row's marks say is worth a word."""
    found = sorted(set[bytes]().union(*classes.values()))
    sure = confidence(len(found), len(row.strings))
    if sure >= _WORTH_A_WORD:
        counts = {name: len(loaded) for name, loaded in sorted(classes.items())}
        places = tuple(_place(package, first[mark], mark) for mark in found)
        yield Match(row.id, sure, len(found), len(row.strings), counts, places)


def _place(package: Package, code: Code, mark: bytes) -> Place:
    index = code.dex.find_string(mark)
    return package.place(code.path, None if index is None else code.dex.string_place(index), text(mark))


# --- whose the classes are --------------------------------------------------------------------------------------------


def renamed_owners(package: Package, tables: Catalogue) -> dict[str, Claim]:
    """Renamed classes (dotted) of SDKs that are surely inside: SDK and confidence.

    A class belongs to the SDK if it loads two of its marks, or lies in a package of which a good part does, never where
    marks of several SDKs meet; or if nobody but the SDK's classes names it, with less confidence at each step.
    """
    sure = [match for match in matches(package, tables) if match.confidence >= SURE]
    if not sure:
        return {}
    known = _known_names(package, tables)
    claims = Counter(name for match in sure for name in match.classes)
    packages = _packages(name for name in package.classes if not known(name))
    found: dict[str, Claim] = {}
    for match in sure:
        claim = match.sdk, match.confidence
        found.update((name, claim) for name, count in match.classes.items() if count > 1 and claims[name] == 1)
        for neighbours in _own_packages(match, packages, claims):
            found.update((name, claim) for name in neighbours if name not in found)
    return _with_inner(package, found, known)


def _packages(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name.rpartition(".")[0], []).append(name)
    return found


def _own_packages(match: Match, packages: Mapping[str, list[str]], claims: Counter[str]) -> Iterator[list[str]]:
    """Packages of which enough classes load this SDK's marks, and none loads another's.

    A package with most classes of the app is none: obfuscators put everything into one.
    """
    here = Counter(name.rpartition(".")[0] for name in match.classes)
    everything = sum(map(len, packages.values()))
    for name, count in here.items():
        classes = packages[name]
        foreign = any(claims[cls] > (cls in match.classes) for cls in classes)
        enough = count >= max(_NEIGHBOURS, _NEIGHBOUR_SHARE * len(classes))
        if name and enough and 2 * len(classes) <= everything and not foreign:
            yield classes


def _with_inner(package: Package, claimed: Mapping[str, Claim], known: Known) -> dict[str, Claim]:
    """With the classes that only one SDK's classes name, and those that only these name, while that is sure."""
    found = dict(claimed)
    named = users([code.dex for code in package.code])
    name_of = {raw: dotted(text(raw)) for raw in named}
    waiting = {name_of[raw]: by for raw, by in named.items() if by and not known(name_of[raw])}
    fresh: Mapping[str, Claim] = found
    while fresh:
        asked = ((name, by) for name, by in waiting.items() if name not in found)
        fresh = {name: claim for name, by in asked if (claim := _inherited(found.get(name_of[user]) for user in by))}
        found |= fresh
    return found


def _inherited(owners: Iterable[Claim | None]) -> Claim | None:
    """The SDK that all are, at the confidence of the least sure less a tenth, if that is still sure."""
    sdk, lowest = "", 1.0
    for owner in owners:
        if owner is None or sdk not in ("", owner[0]):
            return None
        sdk, lowest = owner[0], min(lowest, owner[1])
    less = round(lowest * _STEP, 2)
    return (sdk, less) if less >= SURE else None

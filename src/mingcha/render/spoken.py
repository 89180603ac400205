"""The sentences of a policy that speak of one type of information and one party, by how much they say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mingcha.model.artefact import Place
from mingcha.render.reading import Reading


@dataclass(frozen=True, slots=True)
class Spoken:
    """Facts of each weight, the nearest first.

    ``own`` names the type itself, a narrower one, or a wider one that leaves little open; ``wide`` only a general term for it,
    or one before a list of other types; ``permission`` only the permission that opens it. ``denied`` says of it,
    ``all_denied`` of personal information as such, that it is not collected; ``unused`` that it is not used.
    """

    own: tuple[Any, ...] = ()
    wide: tuple[Any, ...] = ()
    permission: tuple[Any, ...] = ()
    denied: tuple[Any, ...] = ()
    all_denied: tuple[Any, ...] = ()
    unused: tuple[Any, ...] = ()

    @property
    def affirmed(self) -> Any | None:
        """The sentence that says the most of its being taken."""
        return next(iter((*self.own, *self.permission, *self.wide)), None)

    @property
    def disclaimed(self) -> Any | None:
        """The sentence that says the most of its not being taken."""
        return next(iter((*self.denied, *self.unused, *self.all_denied)), None)


def spoken(reading: Reading, information: str, party: str | None) -> Spoken:
    """What is said of one type and one party."""
    by_permission = list(_by_permission(reading, information)) if party == "app" else []
    places = {fact.place for fact in by_permission}
    named = _named(reading, party)
    related = [
        f
        for f in named
        if _speaks_of(reading, f.information, information) and not _listed_out(reading, f, information, named)
    ]
    own, wide, permission = [], [], []
    for fact in sorted(related, key=lambda fact: (fact.information != information, not fact.clear)):
        if not fact.clear and _asks(fact, places):
            permission.append(fact)
        elif reading.catalogue.is_a(fact.information, information) or _names_all(reading, fact, information, named):
            own.append(fact)
        else:
            wide.append(fact)
    denials = [fact for fact in _denials(reading, party) if reading.catalogue.is_a(information, fact.information)]
    denials.sort(key=lambda fact: fact.information != information)
    return Spoken(
        own=tuple(own),
        wide=tuple(wide),
        permission=(*permission, *by_permission),
        denied=tuple(fact for fact in denials if not _is_root(reading, fact.information)),
        all_denied=tuple(fact for fact in denials if _is_root(reading, fact.information)),
        unused=tuple(f for f in _negated(reading, party, "use") if reading.catalogue.is_a(f.information, information)),
    )


def _names_all(reading: Reading, fact: Any, information: str, named: list[Any]) -> bool:
    """Whether a wider type means all below it: it does not where its sentence lists some, "device information (IMEI)"."""
    below = [other for other in named if other.place == fact.place and other.information != fact.information]
    if any(reading.catalogue.is_a(other.information, fact.information) for other in below):
        return False
    row = reading.catalogue.information.get(fact.information)
    return bool(row and row.whole) or (bool(fact.clear) and not _is_akin(reading, fact.information, information))


_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_OPEN = re.compile(
    r"等|例如|比如|诸如|[（(:：，,、]如|包括但不限于|such as|e\.g\.|etc|includ|for example", re.IGNORECASE
)


def _listed_out(reading: Reading, fact: Any, information: str, named: list[Any]) -> bool:
    """Whether a wider term is followed by a closed list of what it means that has not this type: "device information (IMEI, model)"."""
    if fact.clear or reading.catalogue.is_a(fact.information, information):
        return False
    quote = fact.place.quote
    if not _BRACKET.search(quote) or _OPEN.search(quote) or len(quote) > CUT:
        return False
    return any(
        other.place == fact.place
        and other.information != fact.information
        and reading.catalogue.is_a(other.information, fact.information)
        for other in named
    )


CUT = 190
"""A quote of more characters may be cut, and a list in it may go on."""


def _is_akin(reading: Reading, named: str, taken: str) -> bool:
    row = reading.catalogue.information.get(taken)
    return row is not None and named in row.akin


def permission_sentences(reading: Reading, permission: str) -> list[Any]:
    """The sentences that say the app asks for a permission, those with a purpose first."""
    facts = [fact for fact in reading.all("PermissionNamedInPolicy") if fact.permission == permission]
    stated = [f for f in reading.all("PolicyStatement") if f.permission == permission and not f.negated]
    return sorted([*facts, *stated], key=lambda fact: not fact.purpose)


def _by_permission(reading: Reading, information: str) -> Iterator[Any]:
    """The sentences that name a permission which opens this type, as the table of permissions shows them."""
    for permission, opens in _opening(reading).items():
        if information in opens:
            yield from permission_sentences(reading, permission)


def _opening(reading: Reading) -> dict[str, tuple[str, ...]]:
    """What each permission opens that the app declares."""
    return {fact.permission: fact.information or () for fact in reading.all("PermissionDeclared")}


def _asks(fact: Any, places: set[Place]) -> bool:
    """Whether a type is only named because a permission opens it."""
    return bool(getattr(fact, "permission", None)) or fact.place in places


def _named(reading: Reading, party: str | None) -> list[Any]:
    """Statements and names of the party that are not denied."""
    facts = [*reading.all("PolicyStatement"), *reading.all("InformationNamedInPolicy")]
    return [fact for fact in facts if fact.party == party and not getattr(fact, "negated", False)]


def _speaks_of(reading: Reading, named: str, taken: str) -> bool:
    if _is_root(reading, named) and named != taken:
        return False  # "personal information" as such names nothing
    return (
        reading.catalogue.is_a(taken, named) or reading.catalogue.is_a(named, taken) or _is_akin(reading, named, taken)
    )


def _denials(reading: Reading, party: str | None) -> list[Any]:
    """Flat denials of collecting, as facts of their own or as statements."""
    facts = [fact for fact in reading.all("PolicyDenial") if fact.action == "collect" and fact.party == party]
    return [*facts, *_negated(reading, party, "collect")]


def _negated(reading: Reading, party: str | None, does: str) -> list[Any]:
    facts = [fact for fact in reading.all("PolicyStatement") if fact.does == does and fact.party == party]
    return [fact for fact in facts if fact.negated and not fact.condition]


def _is_root(reading: Reading, information: str) -> bool:
    row = reading.catalogue.information.get(information)
    return row is not None and row.parent is None

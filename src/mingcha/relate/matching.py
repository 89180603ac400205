"""What the policy says against what the app does, in PoliCheck's five outcomes, for each information and party.

A term that the policy defines for itself names what its definition lists: "device information", defined as IMEI and MAC
address, names the IMEI clearly (PoliGraph's local definitions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Case
from mingcha.model.fact import (
    Fact,
    InformationNamedInPolicy,
    InformationTaken,
    PolicyDefinition,
    PolicyDenial,
    SaidAgainstDone,
)
from mingcha.model.factbase import FactBase
from mingcha.model.words import SaidOutcome

_EVERYTHING = "generic.pi"
"""The words "personal information" alone name nothing."""
Defined = Mapping[str, list[PolicyDefinition]]
"""Type of information → the policy's own definitions of a term for that type."""


def said_against_done(base: FactBase, _: Case, tables: Catalogue, __: FactBase | None) -> Iterator[Fact]:
    """PoliCheck's outcome for each information and party taken; none where the policy's silence proves nothing."""
    defined = _definitions(base, tables)
    for fact in base.of_kind("InformationTaken"):
        if isinstance(fact, InformationTaken) and fact.information and fact.party:
            outcome, sources = _outcome(fact, base, tables, defined)
            if outcome is not None:
                yield SaidAgainstDone(
                    place=fact.place,
                    sources=(fact.id, *sources),
                    information=fact.information,
                    party=fact.party,
                    outcome=outcome,
                    grade=fact.grade,
                )


def _definitions(base: FactBase, tables: Catalogue) -> Defined:
    found: dict[str, list[PolicyDefinition]] = {}
    for fact in base.of_kind("PolicyDefinition"):
        if isinstance(fact, PolicyDefinition):
            term = fact.term.lower()
            for kind in {kind for terms in tables.terms.values() for kind, *_ in terms.named(term)}:
                found.setdefault(kind, []).append(fact)
    return found


def _outcome(
    fact: InformationTaken, base: FactBase, tables: Catalogue, defined: Defined
) -> tuple[SaidOutcome | None, tuple[str, ...]]:
    """The outcome as far as it can no longer change: of a policy not wholly read only "clear" and "ambiguous" are certain."""
    information = fact.information or ""
    named = [n for n in _of_party(base, InformationNamedInPolicy, fact) if _speaks_of(n, information, tables)]
    denied = [d for d in _of_party(base, PolicyDenial, fact) if d.action == "collect" and d.party == fact.party]
    denied = [d for d in denied if tables.is_a(information, d.information)]
    certain = [n for n in named if n.party == fact.party]
    defining = [d for n in certain for d in defined.get(n.information, ()) if information in d.information]
    sources = tuple(dict.fromkeys(item.id for item in (*named, *denied, *defining)))
    clear = bool(defining) or any(n.clear and n.information == information for n in certain)
    if denied and certain:
        return "ambiguous", sources
    if clear and not denied:
        return "clear", sources
    if not base.is_complete("InformationNamedInPolicy", {"party": fact.party}) or len(certain) < len(named):
        return None, ()
    return ("incorrect" if denied else "vague" if named else "omitted"), sources


N = TypeVar("N", InformationNamedInPolicy, PolicyDenial)


def _of_party(base: FactBase, kind: type[N], fact: InformationTaken) -> list[N]:
    """Statements about the party that takes; those about a party nobody knows may be about it too."""
    said = [item for item in base.of_kind(kind.__name__) if isinstance(item, kind)]
    return [item for item in said if item.party in (fact.party, None)]


def _speaks_of(named: InformationNamedInPolicy, information: str, tables: Catalogue) -> bool:
    """Whether a statement names the information itself, a wider or a narrower type (but more than "personal information")."""
    wider = named.information != _EVERYTHING and tables.is_a(information, named.information)
    return wider or tables.is_a(named.information, information)

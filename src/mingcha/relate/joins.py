"""The joins: what is taken, said against done, what a type needs, what changed since an older report.

Every join takes the base and the case and yields findings of its own kind. A gap over a source is a gap over what is
joined from it; coverage passes on only where every source is covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import (
    AppDeclared,
    Fact,
    InformationFlow,
    InformationNamedInPolicy,
    InformationRead,
    InformationSent,
    InformationTaken,
    NecessaryInformation,
    PermissionDeclared,
    PolicyDenial,
    SaidAgainstDone,
    SdkPresent,
    SensitiveCall,
    VersionChange,
)
from mingcha.model.factbase import Covered, FactBase, Gap, Where
from mingcha.model.words import Grade, SaidOutcome
from mingcha.relate.receivers import with_receivers

Finding = Fact | Covered | Gap
Join = Callable[[FactBase, Case, Catalogue, "FactBase | None"], Iterable[Finding]]

_EVERYTHING = "generic.pi"
"""The words "personal information" alone name nothing."""
_MOST_SOURCES = 50


def relate(base: FactBase, case: Case, tables: Catalogue, previous: FactBase | None = None) -> FactBase:
    """The base with receivers filled in and every join's facts, coverage and gaps added. ``previous`` is an older report's."""
    base = with_receivers(base, tables)
    for join in JOINS:
        base = _extended(base, list(join(base, case, tables, previous)))
    return base


def _extended(base: FactBase, found: list[Finding]) -> FactBase:
    return FactBase.of(
        [*base.facts, *(item for item in found if isinstance(item, Fact))],
        [*base.covered, *(item for item in found if isinstance(item, Covered))],
        [*base.gaps, *(item for item in found if isinstance(item, Gap))],
    )


# --- what is taken -------------------------------------------------------------------------------------------------

_SOURCES: dict[str, Grade] = {
    "SensitiveCall": "potential", "InformationFlow": "potential",
    "InformationRead": "observed", "InformationSent": "transmitted",
}  # fmt: skip


def taken(base: FactBase, _: Case, __: Catalogue, ___: FactBase | None) -> Iterator[Finding]:
    """One fact for each information, grade, phase and party, whatever number of sites or events showed it."""
    groups: dict[InformationTaken, list[Fact]] = {}
    for kind in _SOURCES:
        for fact in base.of_kind(kind):
            if (said := _taken_by(fact)) is not None:
                groups.setdefault(said, []).append(fact)
    unknown = [f for f in base.of_kind("InformationRead") if isinstance(f, InformationRead) and f.outcome is None]
    if unknown:  # a read whose outcome nobody knows may have taken something
        yield Gap(
            collector="relate",
            reason="partial",
            hides=("InformationTaken",),
            code="relate.outcome_unknown",
            values={"count": str(len(unknown))},
            where={"grade": "observed"},
        )
    for said, facts in groups.items():
        sources = tuple(sorted(fact.id for fact in facts)[:_MOST_SOURCES])
        yield msgspec.structs.replace(said, place=facts[0].place, sources=sources)
    yield from _passed_on(base)


_NOWHERE = Place(sha256="")


def _taken_by(fact: Fact) -> InformationTaken | None:
    """What one source shows to be taken, place left open.

    Nothing is taken by an attempt that got nothing, nor by code that nothing leads to; a flow to nobody known tells no more
    than the call that it comes from.
    """
    match fact:
        case SensitiveCall(reach="unreached"):
            return None
        case SensitiveCall(information=i, owner=owner):
            return InformationTaken(place=_NOWHERE, information=i, grade="potential", actor=owner, party=owner)
        case InformationFlow(information=i, owner=owner, receiver=str(receiver), implicit=False):
            return InformationTaken(place=_NOWHERE, information=i, grade="potential", actor=owner, party=receiver)
        case InformationRead(information=i, outcome="value", phase=phase, actor=actor):
            return InformationTaken(
                place=_NOWHERE, information=i, grade="observed", phase=phase, actor=actor, party=actor
            )
        case InformationSent(information=i, receiver=receiver, phase=phase):
            return InformationTaken(place=_NOWHERE, information=i, grade="transmitted", phase=phase, party=receiver)
    return None


def _passed_on(base: FactBase) -> Iterator[Finding]:
    """Coverage of a grade where every kind that shows it is covered; each gap over such a kind."""
    whole = {covered.kind for covered in base.covered if not covered.where}
    for grade in dict.fromkeys(_SOURCES.values()):
        if all(kind in whole for kind, shows in _SOURCES.items() if shows == grade):
            where: Where = {"grade": grade}
            yield Covered(kind="InformationTaken", where=where, collector="relate")
    for gap in base.gaps:
        for kind in set(gap.hides) & set(_SOURCES):
            yield msgspec.structs.replace(gap, hides=("InformationTaken",), where={"grade": _SOURCES[kind]})


# --- said against done -----------------------------------------------------------------------------------------------


def said_against_done(base: FactBase, _: Case, tables: Catalogue, __: FactBase | None) -> Iterator[Finding]:
    """PoliCheck's outcome for each information and party taken; none where the policy's silence proves nothing."""
    for fact in base.of_kind("InformationTaken"):
        if isinstance(fact, InformationTaken) and fact.information and fact.party:
            outcome, sources = _outcome(fact, base, tables)
            if outcome is not None:
                yield SaidAgainstDone(
                    place=fact.place,
                    sources=(fact.id, *sources),
                    information=fact.information,
                    party=fact.party,
                    outcome=outcome,
                    grade=fact.grade,
                )


def _outcome(fact: InformationTaken, base: FactBase, tables: Catalogue) -> tuple[SaidOutcome | None, tuple[str, ...]]:
    """The outcome as far as it can no longer change: of a policy not wholly read only "clear" and "ambiguous" are certain."""
    information = fact.information or ""
    named = [n for n in _of_party(base, InformationNamedInPolicy, fact) if _speaks_of(n, information, tables)]
    denied = [d for d in _of_party(base, PolicyDenial, fact) if d.action == "collect" and d.party == fact.party]
    denied = [d for d in denied if tables.is_a(information, d.information)]
    sources = tuple(item.id for item in (*named, *denied))
    certain = [n for n in named if n.party == fact.party]
    clear = any(n.clear and n.information == information for n in certain)
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


# --- what a type needs -----------------------------------------------------------------------------------------------

NO_TYPE = 0
"""Confirmed type of an app that is none of the 39: npi-2021 calls nothing necessary for it."""


def necessary(_: FactBase, case: Case, tables: Catalogue, __: FactBase | None) -> Iterator[Finding]:
    """What npi-2021 calls necessary for the confirmed type, with all that lies below it; complete once it is confirmed."""
    if case.type == NO_TYPE:
        yield Covered(kind="NecessaryInformation", collector="relate")
        return
    row = tables.app_types.get(case.type) if case.type else None
    if row is None:
        yield Gap(collector="relate", reason="missing", hides=("NecessaryInformation",), code="missing.type")
        return
    digest = case.artefacts[0].sha256 if case.artefacts else ""
    place = Place(sha256=digest, path="npi-2021", unit="entry", at=row.number)
    needed = [i for i in tables.information if any(tables.is_a(i, parent) for parent in row.necessary)]
    for information in needed:
        yield NecessaryInformation(place=place, type=row.number, information=information)
    yield Covered(kind="NecessaryInformation", collector="relate")


# --- what changed ----------------------------------------------------------------------------------------------------


def changes(base: FactBase, _: Case, __: Catalogue, previous: FactBase | None) -> Iterator[Finding]:
    """What this version has that the previous report has not, and the other way round."""
    if previous is None:
        yield Gap(collector="relate", reason="missing", hides=("VersionChange",), code="missing.previous")
        return
    if _package(previous) != _package(base):
        yield Gap(collector="relate", reason="partial", hides=("VersionChange",), code="relate.previous_of_another_app")
        return
    old, new = _traits(previous), _traits(base)
    for (what, value), fact in new.items():
        if (what, value) not in old:
            yield _change(fact, what, value, "added", fact.place)
    somewhere = next((fact.place for fact in base.facts), Place(sha256=""))
    for what, value in old.keys() - new.keys():
        yield _change(None, what, value, "removed", somewhere)
    complete = {c.kind for c in base.covered if not c.where} & {c.kind for c in previous.covered if not c.where}
    if "PermissionDeclared" in complete:
        yield Covered(kind="VersionChange", where={"what": "permission"}, collector="relate")


def _package(base: FactBase) -> str | None:
    return next((fact.package for fact in base.facts if isinstance(fact, AppDeclared)), None)


def _change(fact: Fact | None, what: str, value: str, change: str, place: Place) -> VersionChange:
    said = {"what": what, "value": value, "change": change, "place": place, "sources": (fact.id,) if fact else ()}
    return msgspec.convert(msgspec.to_builtins({**said, "kind": "VersionChange"}), VersionChange)


def _traits(base: FactBase) -> dict[tuple[str, str], Fact]:
    """The features of a version that the clauses compare, by what they are."""
    found: dict[tuple[str, str], Fact] = {}
    for fact in base.facts:
        if isinstance(fact, PermissionDeclared):
            found.setdefault(("permission", fact.permission), fact)
        elif isinstance(fact, SdkPresent) and not fact.possible:
            found.setdefault(("sdk", fact.sdk), fact)
        elif isinstance(fact, AppDeclared) and fact.target_sdk is not None:
            found.setdefault(("target_sdk", str(fact.target_sdk)), fact)
        elif isinstance(fact, InformationTaken) and fact.information:
            found.setdefault(("information", fact.information), fact)
    return found


JOINS: tuple[Join, ...] = (taken, said_against_done, necessary, changes)

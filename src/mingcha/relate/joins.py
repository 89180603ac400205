"""The joins in their order; here what is taken and what a type needs, the others each in a module of their own.

Every join takes the base and the case and yields findings of its own kind. A gap over a source is a gap over what is
joined from it; coverage passes on only where every source is covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import (
    Fact,
    InformationFlow,
    InformationRead,
    InformationSent,
    InformationTaken,
    NecessaryInformation,
    SensitiveCall,
)
from mingcha.model.factbase import Covered, FactBase, Gap, Where
from mingcha.model.words import Grade
from mingcha.relate.absence import provisions_absent
from mingcha.relate.matching import said_against_done
from mingcha.relate.openings import with_passed_on
from mingcha.relate.overdeclared import foreign_names, said_not_done
from mingcha.relate.receivers import with_receivers
from mingcha.relate.refusals import with_necessity
from mingcha.relate.versions import changes
from mingcha.relate.walks import with_whole_walks

Finding = Fact | Covered | Gap
Join = Callable[[FactBase, Case, Catalogue, "FactBase | None"], Iterable[Finding]]

_MOST_SOURCES = 50


def relate(base: FactBase, case: Case, tables: Catalogue, previous: FactBase | None = None) -> FactBase:
    """The base with receivers and what is necessary filled in, and every join's facts, coverage and gaps added. ``previous`` is an older report's."""
    base = with_passed_on(with_whole_walks(with_necessity(with_receivers(base, tables), case, tables)))
    for join in JOINS:
        base = base.with_findings(join(base, case, tables, previous))
    return base


# --- what is taken -------------------------------------------------------------------------------------------------

_SOURCES: dict[str, Grade] = {
    "SensitiveCall": "potential", "InformationFlow": "potential",
    "InformationRead": "observed", "InformationSent": "transmitted",
}  # fmt: skip


def taken(base: FactBase, _: Case, tables: Catalogue, __: FactBase | None) -> Iterator[Finding]:
    """One fact for each information, grade, phase and party, whatever number of sites or events showed it."""
    groups: dict[InformationTaken, list[Fact]] = {}
    for kind in _SOURCES:
        for fact in base.of_kind(kind):
            if (said := _taken_by(fact)) is not None and not _describes_only(said, tables):
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
    than the call that it comes from. A value that only looks like one, or that another app of the device may have sent, is
    shown and accuses nobody.
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
        case InformationSent(confidence="probable" | "possible") | InformationSent(tie=None):
            return None
        case InformationSent(information=i, receiver=receiver, phase=phase):
            return InformationTaken(place=_NOWHERE, information=i, grade="transmitted", phase=phase, party=receiver)
    return None


def _describes_only(said: InformationTaken, tables: Catalogue) -> bool:
    """Whether what was seen at run time tells what kind of device it is, which by itself is nobody's personal information."""
    row = tables.information.get(said.information or "")
    return row is not None and row.describes and said.grade in ("observed", "transmitted")


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


JOINS: tuple[Join, ...] = (
    taken, said_against_done, said_not_done, foreign_names, provisions_absent, necessary, changes,
)  # fmt: skip

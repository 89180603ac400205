"""Joins over facts written by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mingcha.catalogue.load import load
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import (
    Fact,
    InformationNamedInPolicy,
    InformationRead,
    InformationSent,
    InformationTaken,
    NecessaryInformation,
    PermissionDeclared,
    PolicyDenial,
    SaidAgainstDone,
    SensitiveCall,
    VersionChange,
)
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.relate.joins import relate

TABLES = load()
PLACE = Place(sha256="0")


def call(information: str | None, owner: str | None, at: int) -> Fact:
    place = Place(sha256="0", path="classes.dex", at=at)
    return SensitiveCall(place=place, interface="i", information=information, owner=owner, caller="c", callee="d")


def joined(kind: type[Fact], facts: list[Fact], **more: Any) -> list[Any]:
    base = relate(
        FactBase.of(facts, more.pop("covered", ()), more.pop("gaps", ())), more.pop("case", Case()), TABLES, **more
    )
    return [fact for fact in base.facts if isinstance(fact, kind)]


def test_calls_become_one_potential_taking_for_each_party() -> None:
    """However many call sites, one information by one owner is one fact, of grade potential and no phase."""
    found = joined(InformationTaken, [call("dev.imei", "app", n) for n in range(3)] + [call("dev.imei", "bugly", 9)])
    assert {(f.party, f.grade, f.phase, len(f.sources)) for f in found} == {
        ("app", "potential", None, 3), ("bugly", "potential", None, 1),
    }  # fmt: skip


def test_an_attempt_is_no_taking() -> None:
    """A read that threw or gave a zeroed value took nothing; one that gave a value was observed."""
    reads: list[Fact] = [
        InformationRead(place=PLACE, information="dev.imei", outcome=outcome, phase="P1", actor="app")  # type: ignore[arg-type]
        for outcome in ("exception", "zeroed", None)
    ]
    assert joined(InformationTaken, reads) == []
    value = InformationRead(place=PLACE, information="dev.mac", outcome="value", phase="P1", actor="app")
    assert [(f.grade, f.phase) for f in joined(InformationTaken, [value])] == [("observed", "P1")]


def test_grades_never_mix() -> None:
    """The same information in code and in traffic stays two facts of two grades."""
    facts: list[Fact] = [
        call("dev.oaid", "app", 1),
        InformationSent(place=PLACE, information="dev.oaid", host="h", receiver="app"),
    ]
    assert {f.grade for f in joined(InformationTaken, facts)} == {"potential", "transmitted"}


def test_gaps_and_coverage_go_along() -> None:
    """A gap over calls is a gap over potential takings alone; coverage passes on the same way."""
    gap = Gap(collector="c", reason="protected", hides=("SensitiveCall",), code="x")
    code = [Covered(kind="SensitiveCall"), Covered(kind="InformationFlow")]
    base = relate(FactBase.of([], code, [gap]), Case(), TABLES)
    assert not base.is_complete("InformationTaken", {"grade": "potential"})
    base = relate(FactBase.of([], code), Case(), TABLES)
    assert base.is_complete("InformationTaken", {"grade": "potential"})
    assert not base.is_complete("InformationTaken", {"grade": "observed"})


@pytest.mark.parametrize("kind", ["SensitiveCall", "InformationFlow"])
def test_coverage_passes_on_only_where_every_source_is_covered(kind: str) -> None:
    """Calls without flows, or flows without calls, do not make what code can take complete."""
    base = relate(FactBase.of([], [Covered(kind=kind)]), Case(), TABLES)
    assert not base.is_complete("InformationTaken", {"grade": "potential"})


def test_code_that_nothing_leads_to_takes_nothing() -> None:
    """A call in dead code is no potential taking; one whose way is not known is."""
    dead = msgspec.structs.replace(call("dev.imei", "app", 1), reach="unreached")
    assert joined(InformationTaken, [dead]) == []
    assert [f.party for f in joined(InformationTaken, [dead, call("dev.imei", "bugly", 2)])] == ["bugly"]


def named(information: str, *, clear: bool = True, party: str = "app") -> Fact:
    return InformationNamedInPolicy(place=PLACE, information=information, clear=clear, party=party)


@pytest.mark.parametrize(
    ("said", "covered", "outcome"),
    [
        ([named("dev.imei")], True, "clear"),
        ([named("dev.id", clear=False)], True, "vague"),
        ([named("dev.imei", party="bugly")], True, "omitted"),
        ([PolicyDenial(place=PLACE, information="dev.id")], True, "incorrect"),
        ([PolicyDenial(place=PLACE, information="dev.imei"), named("dev.imei")], True, "ambiguous"),
        ([named("contacts.book")], True, "omitted"),
        ([named("contacts.book")], False, None),
    ],
)
def test_said_against_done(said: list[Fact], covered: bool, outcome: str | None) -> None:
    """PoliCheck's five outcomes, party by party; a policy that was not wholly read omits nothing."""
    whole = [Covered(kind="InformationNamedInPolicy")] if covered else []
    found = joined(SaidAgainstDone, [call("dev.imei", "app", 1), *said], covered=whole)
    assert [f.outcome for f in found] == ([outcome] if outcome else [])


def test_necessary_information_needs_a_confirmed_type() -> None:
    """Type 1 needs locations and all that lies below; type 38 needs nothing, and that is known; no type is not known."""
    navigation = joined(NecessaryInformation, [], case=Case(type=1))
    assert {"loc", "loc.precise"} <= {f.information for f in navigation}
    base = relate(FactBase.of([]), Case(type=38), TABLES)
    assert base.of_kind("NecessaryInformation") == []
    assert base.is_complete("NecessaryInformation", {})
    assert not relate(FactBase.of([]), Case(), TABLES).is_complete("NecessaryInformation", {})


def test_changes_are_told_against_an_older_report() -> None:
    """What is new is added, what went is removed; without an older report nothing is claimed."""
    old = FactBase.of(
        [PermissionDeclared(place=PLACE, permission="a"), PermissionDeclared(place=PLACE, permission="b")]
    )
    new: list[Fact] = [PermissionDeclared(place=PLACE, permission="b"), PermissionDeclared(place=PLACE, permission="c")]
    assert {(f.value, f.change) for f in joined(VersionChange, new, previous=old)} == {("a", "removed"), ("c", "added")}
    assert joined(VersionChange, new) == []

"""Which potential evidence points at what an undetermined clause waits for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mingcha.model.verdict import Trace, Verdict
from mingcha.render.leads import leads
from mingcha.render.reading import Reading
from tests.unit.render import sample


def found(kind: str, where: dict[str, Any], *facts: Any) -> list[str]:
    """The ids of facts that are leads for a clause that waits for this kind."""
    reading = Reading(sample.report(facts, ()), sample.catalogue(), "operator", "en")
    waiting = Trace(word="seen", answer="unknown", kind=kind, where=where)
    trace = Trace(word="any", answer="unknown", parts=(waiting,))
    made = leads(reading, Verdict(clause="x/1", outcome="not determined", trace=trace))
    places = {fact.id: fact.place.at for fact in reading.report.facts}
    return [str(places[lead.evidence.id]) for lead in made]


def call(at: int, reach: str, information: str = "dev.imei") -> Any:
    return sample.call(at, information, f"La/B{at};->c()V", sample.PHONE, "app", reach)


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ({}, ["1", "2", "3"]),
        ({"phase": "P1"}, ["1", "2"]),
        ({"phase": {"in": ["P1", "P2"]}}, ["1", "2"]),
        ({"phase": {"not_in": ["P1"]}}, []),
        ({"phase": "P5"}, []),
    ],
)
def test_reach_decides_which_calls_point(phase: dict[str, Any], expected: list[str]) -> None:
    """Start-up code comes first and is all, with unknown reach, that foreshadows the first phase; gated and dead code never points."""
    calls = [
        call(1, "startup"),
        call(2, "unknown"),
        call(3, "user-act"),
        call(4, "consent-gated"),
        call(5, "unreached"),
    ]
    assert found("InformationTaken", phase, *calls) == expected


def test_moments_of_the_start_in_order() -> None:
    """Of what can run at the start, what Android enters first comes first."""
    late, early = (
        msgspec.structs.replace(call(at, "startup", information), order=order)
        for at, information, order in ((1, "dev.imei", 3), (2, "dev.imsi", 1))
    )
    assert found("InformationTaken", {}, late, early) == ["2", "1"]


def test_only_the_information_asked_for_points() -> None:
    """A test on the type of information holds for leads too, up the taxonomy."""
    calls = [call(1, "startup", "dev.imei"), call(2, "startup", "loc.precise")]
    assert found("InformationTaken", {"information": "loc.precise"}, *calls) == ["2"]
    assert found("InformationTaken", {"information": {"is_a": "dev"}}, *calls) == ["1"]


def test_a_joined_fact_yields_to_its_source() -> None:
    """What a call and the fact joined from it say is told once, at the call."""
    source = sample.report((call(1, "startup"),), ()).facts[0]
    joined = sample.fact("InformationTaken", 1, information="dev.imei", grade="potential", party="app")
    joined = msgspec.structs.replace(joined, sources=(source.id,))
    assert found("InformationTaken", {}, source, joined) == ["1"]


def test_permissions_point_only_where_no_phase_is_asked() -> None:
    """A permission in the manifest points at one that may be open, but says nothing about when."""
    asked = sample.fact(
        "PermissionDeclared", 7, permission="android.permission.READ_CONTACTS", information=["contacts.book"]
    )
    plain = sample.fact("PermissionDeclared", 8, permission="android.permission.VIBRATE")
    assert found("PermissionGranted", {}, asked, plain) == ["7"]
    assert found("PermissionGranted", {"phase": "P1"}, asked, plain) == []


def test_only_what_leaves_the_app_points_at_sending() -> None:
    """A flow to the network or an SDK is a lead for what may be sent; one to a log or a file is not."""
    flows = [
        sample.leak(at, "dev.imei", "app", channel)
        for at, channel in ((1, "network"), (2, "log"), (3, "file"), (4, "sdk"))
    ]
    assert found("InformationSent", {"receiver": {"not_in": ["app"]}}, *flows) == ["1", "4"]


def test_what_goes_to_the_app_itself_does_not_point_at_sharing() -> None:
    """A flow to the app's own server is no lead where somebody else must receive it."""
    own = sample.leak(1, "dev.imei", "app", "network", receiver="app")
    assert found("InformationSent", {"receiver": {"not_in": ["app"]}}, own) == []


def near(at: int, provision: str) -> Any:
    return sample.said("ProvisionNear", at, "我们将尽快答复您", provision=provision)


@pytest.mark.parametrize("kind", ["ProvisionStated", "ProvisionAbsent"])
def test_sentences_near_a_provision_point_at_it(kind: str) -> None:
    """A clause that waits for a provision shows the sentences that may be it, and those of no other provision."""
    facts = (near(2, "reply_deadline"), near(3, "deletion"))
    assert found(kind, {"provision": "reply_deadline", "number": {">": 15}}, *facts) == ["2"]
    assert found(kind, {"provision": {"in": ["access", "deletion"]}}, *facts) == ["3"]
    assert found(kind, {}, *facts) == []


def test_a_near_sentence_is_told_as_such_and_linked() -> None:
    """It is said that the reader did not find the provision, and the sentence leads to its place in the text."""
    paragraph = sample.said("PolicyParagraph", 2, "我们将尽快答复您", text="我们将尽快答复您。")
    report = sample.report((paragraph, near(2, "reply_deadline")), ())
    reading = Reading(report, sample.catalogue(), "operator", "zh", marked=True)
    waiting = Trace(word="seen", answer="unknown", kind="ProvisionStated", where={"provision": "reply_deadline"})
    (lead,) = leads(reading, Verdict(clause="x/1", outcome="not determined", trace=waiting))
    assert lead.sentence.startswith("机器没有读出")
    assert (lead.evidence.spot.quote, lead.evidence.spot.anchor) == ("我们将尽快答复您", "p1-2")


def carried(*facts: Any) -> list[int | None]:
    """The places of leads among facts that the verdict carries itself."""
    reading = Reading(sample.report(facts, ()), sample.catalogue(), "operator", "en")
    ids = tuple(fact.id for fact in reading.report.facts)
    made = leads(
        reading,
        Verdict(clause="x/1", outcome="not determined", evidence=ids, trace=Trace(word="any", answer="unknown")),
    )
    places = {fact.id: fact.place.at for fact in reading.report.facts}
    return [places[lead.evidence.id] for lead in made]


def test_a_denial_that_nothing_contradicts_is_no_lead() -> None:
    """What a policy says is not taken points at nothing, unless evidence speaks of the same type."""
    denial = sample.said("PolicyDenial", 3, "我们不收集IMEI。", information="dev.imei")
    assert carried(denial) == []
    assert carried(denial, call(1, "startup", "loc.precise")) == [1]
    assert sorted(map(str, carried(denial, call(1, "startup", "dev.imei")))) == ["1", "3"]

"""Every place in a report leads to the bytes it names."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

import mingcha
from mingcha.formats import axml, dalvik, page
from mingcha.formats.dex import Dex
from mingcha.model.fact import Fact, PermissionDeclared, SensitiveCall
from mingcha.model.report import Report

DEMO = Path(__file__).parent.parent.parent / "demo"
FILES = ("flashlight.apk", "policy.html", "answers.yaml")


@pytest.fixture(scope="module")
def report() -> Report:
    apk, policy, answers = (DEMO / name for name in FILES)
    return mingcha.inspect(mingcha.open_case([apk], policy=[policy], answers=answers, type=38), strict=True)


@pytest.fixture(scope="module")
def members() -> dict[str, bytes]:
    with zipfile.ZipFile(DEMO / "flashlight.apk") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


DIGESTS = {hashlib.sha256((DEMO / name).read_bytes()).hexdigest(): name for name in FILES}


def of(report: Report, name: str) -> list[Fact]:
    """Facts that stand in one artefact."""
    return [fact for fact in report.facts if DIGESTS.get(fact.place.sha256) == name]


def test_every_fact_stands_in_an_artefact_of_the_case(report: Report) -> None:
    """The digest of a place is that of a file handed in, and its quote is short."""
    assert report.facts
    for fact in report.facts:
        assert fact.place.sha256 in DIGESTS
        assert len(fact.place.quote) <= 200


def test_places_in_the_app_lie_inside_their_member(report: Report, members: dict[str, bytes]) -> None:
    """The path is a member of the APK and the byte lies inside it."""
    found = of(report, "flashlight.apk")
    assert len(found) > 30
    for fact in found:
        path, at = fact.place.path, fact.place.at
        if fact.place.unit == "byte" and path:
            assert path in members, fact
            assert at is None or 0 <= at < len(members[path]), fact


def test_call_sites_are_the_call(report: Report, members: dict[str, bytes]) -> None:
    """At the byte of a call site stands an invoke (or field read) of the very callee, inside the very caller."""
    dex = Dex(members["classes.dex"])
    calls = [fact for fact in report.facts if isinstance(fact, SensitiveCall)]
    assert len(calls) >= 8
    for fact in calls:
        unit = (fact.place.at or 0) // 2
        opcode, index = int(dex.units[unit]) & 0xFF, int(dex.units[unit + 1])
        named = dex.method_name(index) if opcode in dalvik.INVOKES else dex.field_name(index)
        assert named == fact.callee
        row = int((dex.methods.first <= unit).sum()) - 1
        assert dex.methods.first[row] <= unit < dex.methods.end[row]
        assert dex.method_name(int(dex.methods.ids[row])) == fact.caller


def test_permissions_are_at_their_element(report: Report, members: dict[str, bytes]) -> None:
    """At the byte of a permission its element starts."""
    elements = {e.offset: e for e in axml.parse(members["AndroidManifest.xml"]).iter()}
    found = [fact for fact in report.facts if isinstance(fact, PermissionDeclared)]
    assert len(found) >= 6
    for fact in found:
        assert elements[fact.place.at or 0].attr("name") == fact.permission


def test_hosts_and_texts_stand_where_they_say(report: Report, members: dict[str, bytes]) -> None:
    """At the byte of a host name its letters stand."""
    hosts = [fact for fact in report.facts if type(fact).__name__ == "HostNamed"]
    assert hosts
    for fact in hosts:
        at = fact.place.at or 0
        host = fact.host.encode()  # type: ignore[attr-defined]
        assert members[fact.place.path][at : at + len(host)].lower() == host


def test_sentences_stand_in_their_paragraph(report: Report) -> None:
    """A quote from the policy is found in the paragraph whose number it carries."""
    document = page.read((DEMO / "policy.html").read_bytes(), "policy.html")
    texts = {p.number: "".join((p.text + "".join(p.row or ())).split()) for p in document.paragraphs}
    found = [fact for fact in of(report, "policy.html") if type(fact).__name__ != "PolicyDocument"]
    assert len(found) > 20
    for fact in found:
        quote = "".join(fact.place.quote.rstrip("…").split())
        near = "".join(texts.get((fact.place.at or 0) + n, "") for n in (0, 1))
        assert quote in near, fact


def test_traces_name_facts_that_exist(report: Report) -> None:
    """Every fact that a verdict names is in the report."""
    known = report.base.by_id
    for verdict in report.verdicts:
        assert set(verdict.evidence) <= set(known)
    for fact in report.facts:
        assert set(fact.sources) <= set(known)

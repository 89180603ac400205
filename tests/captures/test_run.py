"""A run folder made of real captures, from the files to the report."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest
import yaml

from mingcha.catalogue.load import load
from mingcha.inspection import inspect, open_case
from mingcha.model.fact_observed import InformationSent, PlainTransport
from mingcha.model.report import Report, encode
from mingcha.render import render
from tests.build.hartraffic import PACKAGE, value_of
from tests.captures.conftest import Captured
from tests.captures.sends import PLAIN, profile

TABLES = load()


@pytest.fixture(scope="module")
def report(client: Captured, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What Mingcha says of the client's session: both files of the proxy, as a tester hands them in."""
    folder = tmp_path_factory.mktemp("run")
    note = {"ahead": 0.0, "error": 0.1, "only_app": True}
    record = {
        "run": "real", "package": PACKAGE, "by": "rig", "start": "clean", "device": {"model": "Made 1", "system": "14", "offset": "+08:00"},
        "profile": "profile.yaml", "files": {"flows.mitm": note, "capture.har": note},
    }  # fmt: skip
    folder.joinpath("run.yaml").write_text(yaml.safe_dump(record), "utf-8")
    folder.joinpath("profile.yaml").write_text(yaml.safe_dump(profile(client.plan.values), allow_unicode=True), "utf-8")
    for name in ("flows.mitm", "capture.har"):
        folder.joinpath(name).write_bytes(client.folder.joinpath(name).read_bytes())
    return inspect(open_case([], runs=[folder]), TABLES, strict=True)


def sent(report: Report) -> list[InformationSent]:
    """The planted sendings of the report."""
    return [fact for fact in report.facts if isinstance(fact, InformationSent) and fact.confidence == "planted"]


def digest(client: Captured, name: str) -> str:
    """The digest by which facts name a file."""
    return hashlib.sha256(client.folder.joinpath(name).read_bytes()).hexdigest()


def test_facts_are_what_was_sent(client: Captured, report: Report) -> None:
    """Each file gives one count for each kind of information and host, as the plan has it, tied to the app by the capture."""
    for name in ("flows.mitm", "capture.har"):
        sha256 = digest(client, name)
        told = {(f.information, f.host) for f in sent(report) if f.place.sha256 == sha256}
        wanted = {(s.planted, s.host) for s in client.plan.sends if s.planted and name not in s.lost}
        assert told == wanted
    assert {fact.tie for fact in sent(report)} == {"capture"}


def test_only_plain_text_is_told_as_plain(client: Captured, report: Report) -> None:
    """The three sends without TLS are facts of their own, and no other one is."""
    told = {(f.information, f.host) for f in report.facts if isinstance(f, PlainTransport)}
    assert told == {(s.planted, PLAIN) for s in client.plan.sends if s.plain}
    assert told


def test_times_are_those_of_the_session(client: Captured, report: Report) -> None:
    """Both tools' clocks are read, seconds since 1970 and local time with its zone: every sending lies within the session."""
    first, last = (client.folder.joinpath(name).stat().st_mtime for name in ("plan.json", "tools.json"))
    for fact in sent(report):
        assert fact.time is not None
        assert first - 1 <= datetime.fromisoformat(fact.time).timestamp() <= last + 1


def test_losses_are_gaps(report: Report) -> None:
    """The bodies that the proxy's HAR left out are a gap of that file; without screens nothing is before or after a consent."""
    gaps = {(gap.code, gap.values.get("file"), gap.values.get("count")) for gap in report.gaps}
    assert ("run.not_searched", "capture.har", "2") in gaps
    assert not any(code == "run.not_searched" and file == "flows.mitm" for code, file, _ in gaps)
    assert not any(code in ("run.cut", "run.no_decoder", "run.unreadable") for code, _, _ in gaps)
    assert {fact.phase for fact in sent(report)} == {None}


def test_no_value_leaves(client: Captured, report: Report) -> None:
    """None of the ten values stands in the facts or in a report, as it was planted or as it was sent."""
    texts = [render(report, TABLES, reader, form, "zh") for reader, form in (("operator", "html"), ("operator", "csv"), ("regulator", "text"), ("public", "html"))]  # type: ignore[arg-type]  # fmt: skip
    everything = b"\n".join([encode(report), *(t if isinstance(t, bytes) else t.encode() for t in texts)]).lower()
    for kind in client.plan.values:
        value = value_of(client.plan.values, kind)
        for shape in (value, value[::-1], value.replace(":", ""), hashlib.md5(value.encode()).hexdigest(), value.encode().hex()):  # fmt: skip
            assert shape.lower().encode() not in everything

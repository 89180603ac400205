"""Runs as facts: reads and sendings on the device's clock, phases only where clocks are related, no value in any of it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from mingcha.catalogue.load import load
from mingcha.collect.run.moments import moment_of
from mingcha.collect.run.record import Note, RunRecord, read_record
from mingcha.errors import MingchaError, RecordError, UsageError
from mingcha.inspection import collect_facts, inspect, open_case
from mingcha.model.fact import Fact, InformationRead, InformationSent, RunRecorded
from mingcha.model.report import FactsFile, encode
from mingcha.render import render
from tests.build.hartraffic import ENCODINGS, PACKAGE
from tests.build.runs import MadeRun, made, write

TABLES = load()


def facts_of(run: MadeRun, folder: Path) -> FactsFile:
    """The facts of a run that is written as a folder."""
    write(run, folder)
    return collect_facts(open_case([], runs=[folder]), TABLES, strict=True)


def of(facts: FactsFile, kind: str) -> list[Any]:
    """Facts of a kind."""
    return list(facts.base.of_kind(kind))


def changed(run: MadeRun, /, **record: Any) -> MadeRun:
    """The run with another record."""
    given = {**yaml.safe_load(run.files["run.yaml"]), **record}
    return MadeRun({**run.files, "run.yaml": yaml.safe_dump(given).encode()}, run.truth, run.values)


# --- reads and sendings


def test_every_read_is_told_once(tmp_path: Path) -> None:
    """The log's calls become reads with their outcome and actor; the counts are those of the truth."""
    run = made(3)
    found = of(facts_of(run, tmp_path / "r"), "InformationRead")
    told = {(f.information, f.outcome, f.actor): 0 for f in found}
    for fact in found:
        told[fact.information, fact.outcome, fact.actor] += fact.count
    wanted: dict[Any, int] = {}
    for one in run.truth.reads:
        wanted[one.what, one.outcome, one.actor] = wanted.get((one.what, one.outcome, one.actor), 0) + 1
    assert told == wanted
    assert wanted


def test_every_planted_value_is_found(tmp_path: Path) -> None:
    """Over five runs each transmission of a planted value is found with its kind and host, and nothing else is "planted"."""
    for seed in range(5):
        run = made(seed)
        found = {
            (f.information, f.host)
            for f in of(facts_of(run, tmp_path / str(seed)), "InformationSent")
            if f.confidence == "planted"
        }
        assert found == {(one.tag, happened.host) for one, happened in run.truth.sent}
        assert found


def test_nothing_planted_nothing_found(tmp_path: Path) -> None:
    """A run without values gives no read, no planted sending and no breach."""
    run = made(11, planted=False)
    write(run, tmp_path / "r")
    report = inspect(open_case([], runs=[tmp_path / "r"]), TABLES, strict=True)
    assert not [f for f in report.facts if isinstance(f, InformationRead)]
    assert not [f for f in report.facts if isinstance(f, InformationSent) and f.confidence == "planted"]
    assert not [v for v in report.verdicts if v.outcome == "breached"]


def test_times_are_on_the_devices_clock(tmp_path: Path) -> None:
    """A capture whose clock is an hour ahead is told on the device's clock; without a word on its clock no time is told."""
    run = changed(made(3), files={"capture.har": {"ahead": 3600.0, "only_app": True}})
    with_word = of(facts_of(run, tmp_path / "a"), "InformationSent")
    without = of(facts_of(changed(run, files={"capture.har": {}}), tmp_path / "b"), "InformationSent")
    assert all(f.time is not None for f in with_word)
    assert {f.time for f in without} == {None}
    assert {f.phase for f in without} == {None}


def test_a_capture_of_the_whole_device_ties_nothing_to_the_app(tmp_path: Path) -> None:
    """Without ``only_app`` a sending is tied only where the app's name stands beside the value."""
    run = changed(made(3), files={"capture.har": {"ahead": 0.0}})
    assert {f.tie for f in of(facts_of(run, tmp_path / "r"), "InformationSent")} <= {None, "package"}
    alone = changed(made(3), files={"capture.har": {"ahead": 0.0, "only_app": True}})
    assert {f.tie for f in of(facts_of(alone, tmp_path / "s"), "InformationSent")} == {"capture"}


def test_an_idle_capture_is_taken_off(tmp_path: Path) -> None:
    """What the idle phone sends to the same host anyway is not told again."""
    run = made(3)
    files = {**run.files, "idle.har": run.files["capture.har"]}
    noted = changed(MadeRun(files, run.truth, run.values), files={"idle.har": {"role": "baseline"}})
    assert of(facts_of(noted, tmp_path / "r"), "InformationSent") == []


# --- no value leaves


def test_thirty_planted_values_are_in_no_output(tmp_path: Path) -> None:
    """Of thirty values, sent and read, none stands in facts or in any report, as it is or hashed."""
    runs = [made(seed, requests=80) for seed in (3, 4, 5)]
    values = [value for run in runs for listed in run.values.values() for value in listed]
    assert len(values) >= 30
    for number, run in enumerate(runs):
        write(changed(run, run=f"made-{number}"), tmp_path / str(number))
    report = inspect(open_case([], runs=[tmp_path / str(n) for n in range(3)]), TABLES, strict=True)
    texts = [
        render(report, TABLES, reader, form, "zh")
        for reader in ("operator", "regulator", "public")
        for form in ("text", "html", "json", "csv", "sarif")
    ]  # type: ignore[arg-type]
    everything = b"\n".join([encode(report), *texts]).lower()
    for value in values:
        shapes = [
            encoder(random.Random(1), value)
            for name, encoder in ENCODINGS.items()
            if name in ("raw", "md5(raw)", "sha1(raw)", "sha256(raw)", "base64(raw)")
        ]
        for shape in [value, *filter(None, shapes)]:
            assert shape.lower().encode() not in everything


# --- records and damage


def test_a_record_says_who_and_how(tmp_path: Path) -> None:
    """The record's words stand in one fact."""
    (recorded,) = of(facts_of(made(3), tmp_path / "r"), "RunRecorded")
    assert isinstance(recorded, RunRecorded)
    assert (recorded.run, recorded.by, recorded.device) == ("made", "maker", "Made 1")
    assert set(recorded.recorders) == {"runtime", "screens", "traffic"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"run: a b", "run.yaml"),
        (b"run: ok\nstart: fresh", "start"),
        (b"run: ok\nfiles: {a: {ahead: soon}}", "ahead"),
        (b"run: ok\nunknown: 1", "unknown"),
        (b": [", "not YAML"),
        (b"- 1", "run.yaml"),
        (b"\xff\xfe\x00", "not YAML"),
        (b"run: ok\ndevice: {offset: '8'}", "offset"),
    ],
)
def test_a_bad_record_is_told_in_one_line(text: bytes, says: str) -> None:
    """Each mistake in run.yaml is named."""
    with pytest.raises(RecordError, match=says) as told:
        read_record(text)
    assert "\n" not in str(told.value)


def test_a_folder_without_a_record_says_what_to_write(tmp_path: Path) -> None:
    """The error shows an example; a file is no folder; the same run twice is refused."""
    with pytest.raises(UsageError, match=r"run\.yaml, for example"):
        open_case([], runs=[tmp_path])
    with pytest.raises(UsageError, match="is a folder"):
        open_case([], runs=[Path(__file__)])
    write(made(3), tmp_path / "r")
    write(made(4), tmp_path / "s")
    for other in ("r", "s"):
        with pytest.raises(UsageError, match="one name"):
            open_case([], runs=[tmp_path / "r", tmp_path / other])


@pytest.mark.parametrize("name", ["capture.har", "hook.jsonl", "screens/steps.jsonl", "screens/0001.xml"])
def test_cut_files_end_in_gaps(tmp_path: Path, name: str) -> None:
    """A file cut anywhere, or full of rubbish, gives facts and gaps and no exception."""
    run = made(3)
    whole = run.files[name]
    for number, data in enumerate((whole[: len(whole) // 2], whole[:40], b"", b"\0" * 99, b"{" * 5000, whole[::-1])):
        broken = MadeRun({**run.files, name: data}, run.truth, run.values)
        facts = facts_of(broken, tmp_path / str(number))
        assert facts.gaps


def test_a_profile_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing profile is an error that names it."""
    with pytest.raises(MingchaError, match=r"other\.yaml"):
        facts_of(changed(made(3), profile="other.yaml"), tmp_path / "r")


# --- moments


@pytest.mark.parametrize(
    ("text", "offset", "ahead", "time", "error"),
    [
        ("2026-01-05T10:00:05.120+08:00", None, 0, "2026-01-05T10:00:05.120+08:00", 0.001),
        ("2026-01-05T02:00:05Z", None, 0, "2026-01-05T02:00:05.000+00:00", 1),
        ("2026-01-05 10:00:05,5", "+08:00", 2, "2026-01-05T10:00:03.500+08:00", 0.1),
        ("1767578405.25", "+08:00", 0, "2026-01-05T10:00:05.250+08:00", 0.001),
        ("1767578405", None, 0, "2026-01-05T02:00:05.000+00:00", 1),
        ("1767578405250", "+08:00", 0, "2026-01-05T10:00:05.250+08:00", 0.001),
    ],
)
def test_moments(text: str, offset: str | None, ahead: float, time: str, error: float) -> None:
    """Times of several forms on one clock, each with how coarse it is."""
    found = moment_of(text, offset, Note(ahead=ahead), related=False)
    assert found is not None
    assert found.time == datetime.fromisoformat(time)
    assert found.error == timedelta(seconds=error)
    assert offset is None or found.text.endswith(offset)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-05T10:00:00+08:00", "2026-01-05T10:00:00", "999999999999999"])
def test_no_moments(text: str) -> None:
    """No time, no such day, no zone: no moment; and none of a clock that nothing relates."""
    assert moment_of(text, None, Note(ahead=0), related=False) is None
    assert moment_of("2026-01-05T10:00:05+08:00", None, Note(), related=False) is None
    assert moment_of("2026-01-05T10:00:05+08:00", None, Note(), related=True) is not None


def test_package_is_the_makers() -> None:
    """The made runs are about one package, as their records say."""
    record = read_record(made(1).files["run.yaml"])
    assert isinstance(record, RunRecord)
    assert record.package == PACKAGE
    assert issubclass(InformationRead, Fact)


def test_a_run_of_another_app_is_refused(tmp_path: Path) -> None:
    """What was recorded of one app or version does not count for another."""
    demo = Path(__file__).parents[4] / "demo" / "flashlight.apk"
    write(made(3), tmp_path / "other")
    with pytest.raises(UsageError, match=r"recorded of com\.example\.tested, this is cn\.mingcha\.demo\.flashlight"):
        collect_facts(open_case([demo], runs=[tmp_path / "other"]), TABLES)
    write(changed(made(3), package="cn.mingcha.demo.flashlight", version_code=1), tmp_path / "older")
    with pytest.raises(UsageError, match="recorded of 1, this is"):
        collect_facts(open_case([demo], runs=[tmp_path / "older"]), TABLES)

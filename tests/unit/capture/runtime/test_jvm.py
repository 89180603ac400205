"""The built agent for real: in a Java VM with stubs of Android's classes, before and after a consent."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from mingcha.capture.runtime import watching
from mingcha.capture.runtime.recorder import Recorded, record_runtime
from mingcha.catalogue.load import load
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.importing import import_runtime
from mingcha.errors import UsageError
from mingcha.model.event import Actor, Event, Imported
from tests.unit.capture.runtime import jvm
from tests.unit.capture.runtime.jvm import FOLDER, PACKAGE, RAW, recorded_app

LOADED = 2000


class Walk(NamedTuple):
    """What the app said it did, and what the recording says."""

    truth: list[list[str]]
    consent: int
    log: bytes
    read: Imported
    recorded: Recorded
    told: float
    passed_over: float

    @property
    def calls(self) -> list[Event]:
        """The recorded calls but those of the measurement."""
        every = [event for event in self.read.events if event.kind == "call"]
        return [event for event in every if not event.stack[0].startswith("com.example.app.Main.load:")]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, loudly: Callable[[str], None]) -> Walk:
    """Reads, a consent, the same reads; then calls as fast as they go; then the end of the app."""
    session = recorded_app(tmp_path_factory.mktemp("walk"), loudly)
    app = session.app
    try:
        before = app.do("read")
        time.sleep(0.1)  # so that the same call before and after is not one that was told twice
        (consent,) = app.do("consent")
        time.sleep(0.1)
        after = app.do("read")
        costs = app.microseconds("load", LOADED), app.microseconds("idle", LOADED)
        session.until(b"Main.load:", 3 * LOADED)
        session.until(b'"kind":"alive"', 3)
    finally:
        app.kill()
    recorded = session.wait()
    log = session.out.read_bytes()
    ground = Ground(tables=load(), sha256="0" * 64, package=PACKAGE)
    return Walk([*before, *after], int(consent[1]), log, import_runtime(log, ground), recorded, *costs)


def owner(actor: Actor) -> str:
    return actor.id or actor.kind


def test_each_call_once(walk: Walk) -> None:
    """28 calls before the consent and 28 after it: each is told once, in order, with owner, outcome and thread."""
    told = [
        [owner(event.actor), f"{event.operation.cls}.{event.operation.method}", event.outcome, event.thread]
        for event in walk.calls
    ]
    assert told == [line[2:] for line in walk.truth]
    assert len(told) == 56
    assert len({called for _, called, *_ in told}) >= 20
    assert {event.count for event in walk.calls} == {1}


def test_the_consent_parts_them(walk: Walk) -> None:
    """By the device's clock every call said to be before the consent is before it, every other after it."""
    moments = [datetime.fromisoformat(event.clock.time or "").timestamp() * 1000 for event in walk.calls]
    assert [("before" if moment <= walk.consent else "after") for moment in moments] == [line[1] for line in walk.truth]


def test_every_call_is_a_row_of_the_catalogue(walk: Walk) -> None:
    """Arguments decide as the catalogue says: the identifier, the contacts and the other app are told as what they are."""
    assert all(event.interfaces for event in walk.calls)
    half = walk.calls[:28]
    given = {event.interfaces[0] for event in half}
    assert {
        "Settings.Secure.getString/android_id",
        "ContentResolver.query/contacts",
        "PackageManager.getPackageInfo/other_app",
        "MediaDrm.getPropertyByteArray/device_id",
    } <= given


def test_failed_reads_are_attempts(walk: Walk) -> None:
    """A call that threw, gave null, nothing or a placeholder is an attempt; the exception's class is told, its words are not."""
    grades = {f"{event.operation.method} {event.outcome}": event.grade for event in walk.calls}
    assert grades["getImei denied"] == grades["getMacAddress zeroed"] == grades["getSubscriberId null"] == "attempt"
    assert grades["startRecording exception"] == grades["getLine1Number empty"] == "attempt"
    assert grades["getDeviceId value"] == "observed"
    refused = next(event for event in walk.calls if event.operation.method == "getImei")
    assert refused.remarks == ("threw: java.lang.SecurityException",)
    assert b"no business" not in walk.log


def test_no_value_is_written(walk: Walk) -> None:
    """None of the values given or passed stands in the log; a planted one is told by its tag, another by length and hash."""
    found = [raw for raw in RAW if raw.encode() in walk.log]
    assert found == []
    by_method = {event.operation.method: event.result for event in walk.calls}
    imei, card = by_method["getDeviceId"], by_method["getSimSerialNumber"]
    assert imei
    assert card
    assert (imei.tag, imei.length, card.tag, card.length) == ("dev.imei", 15, None, 20)
    assert None is not card.hash != imei.hash


def test_silence_means_something(walk: Walk) -> None:
    """The log says what was hooked and what was not, lives each second, lost nothing and has an end."""
    assert walk.read.remarks == ()
    hooked = walk.read.hooked or ()
    assert {"android.telephony.TelephonyManager.getImei", "java.io.FileInputStream.<init>"} <= set(hooked)
    assert "android.telephony.TelephonyManager.getMeid" in walk.recorded.missing
    alive = [event.clock.time or "" for event in walk.read.events if event.kind == "alive"]
    apart = [datetime.fromisoformat(b) - datetime.fromisoformat(a) for a, b in pairwise(alive)]
    assert len(alive) >= 3
    assert max(gap.total_seconds() for gap in apart) < watching.SILENT
    assert (walk.recorded.ended, walk.recorded.lost) == ("process-terminated", 0)


def test_what_is_not_there_is_a_gap(walk: Walk) -> None:
    """An overload that this device does not have, and a method whose body is elsewhere, are lines of their own."""
    gaps = [event.remarks for event in walk.read.events if event.state == "gap"]
    assert ("gap: overload_missing", "of: android.hardware.SensorManager.getDefaultSensor") in gaps
    assert all(any("gap: " in remark for remark in remarks) for remarks in gaps)


def test_overhead(walk: Walk, loudly: Callable[[str], None]) -> None:
    """A recorded call costs the app less than two milliseconds even on a busy machine, and none is lost; the figures are printed."""
    loudly(
        f"runtime agent: {walk.told:.0f} µs for a call that is recorded, {walk.passed_over:.0f} µs for one that is passed over"
    )
    assert 0 < walk.told < 2000
    assert 0 < walk.passed_over < 2000
    assert sum(b"Main.load:" in line for line in walk.log.splitlines()) == 3 * LOADED
    assert b"Main.idle:" not in walk.log


def test_code_that_comes_later(tmp_path: Path, loudly: Callable[[str], None]) -> None:
    """A class that a plug-in's own loader brings in while the app runs is found, told as hooked from then on, and recorded."""
    session = recorded_app(tmp_path, loudly)
    name = "com.igexin.sdk.PushManager.initialize"
    try:
        session.app.do(f"plugin {FOLDER}")
        session.until(b'"kind":"hooked"')
        session.app.do(f"plugin {FOLDER}")
        session.until(b'"kind":"call"')
    finally:
        session.app.kill()
    recorded = session.wait()
    lines = [msgspec.json.decode(line) for line in session.out.read_bytes().splitlines()]
    assert [line["hooked"] for line in lines if line["kind"] == "hooked"] == [[name]]
    assert name in recorded.missing
    assert [f"{line['class']}.{line['method']}" for line in lines if line["kind"] == "call"] == [name]


def test_many_threads_and_a_full_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loudly: Callable[[str], None]
) -> None:
    """Eight threads at once: each call is told once, on its thread; when too many wait, every one that is not told is counted."""
    monkeypatch.setattr(watching, "QUEUE", 300)
    session = recorded_app(tmp_path, loudly)
    try:
        session.app.do("storm 8 10")
        session.until(b"Main.lambda$storm$", 160)
        session.app.do("load 5000")
        session.until(b'"kind":"alive"', 2 + session.out.read_bytes().count(b'"kind":"alive"'))
    finally:
        session.app.kill()
    recorded = session.wait()
    lines = [msgspec.json.decode(line) for line in session.out.read_bytes().splitlines()]
    calls = [line for line in lines if line["kind"] == "call"]
    stormy = Counter((line["thread"], line["method"], line["outcome"]) for line in calls if line["thread"] != "main")
    assert stormy == {
        (f"storm-{thread}", method, outcome): 10
        for thread in range(8)
        for method, outcome in (("getDeviceId", "value"), ("getImei", "denied"))
    }
    assert len({line["seq"] for line in calls}) == len(calls)
    assert 0 < recorded.lost == 5160 - len(calls)
    read = import_runtime(session.out.read_bytes(), Ground(tables=load(), sha256="0" * 64, package=PACKAGE))
    assert "calls_lost" in read.remarks


def test_a_recording_ends_in_time(tmp_path: Path, loudly: Callable[[str], None]) -> None:
    """After its seconds a recording takes what is left, writes its end and says what it came to."""
    session = recorded_app(tmp_path, loudly, seconds=1)
    try:
        session.app.do("read")
        recorded = session.wait()
    finally:
        session.app.kill()
    lines = [msgspec.json.decode(line) for line in session.out.read_bytes().splitlines()]
    assert (recorded.ended, recorded.calls, recorded.processes) == ("time", 28, (PACKAGE,))
    assert (lines[-1]["kind"], lines[-1]["reason"], lines[-1]["calls"]) == ("end", "time", 28)


def test_stalled_then_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loudly: Callable[[str], None]) -> None:
    """A process that stops is a gap and a word to the tester; one that is killed ends the log, and the log can be read."""
    monkeypatch.setattr(watching, "SILENT", 2.5)
    session = recorded_app(tmp_path, loudly)
    try:
        session.app.do("read")
        session.until(b'"kind":"alive"')
        os.kill(session.app.pid, signal.SIGSTOP)
        session.until(b'"reason":"stalled"')
        session.app.kill()
        recorded = session.wait()
    finally:
        session.app.kill()
    lines = [msgspec.json.decode(line) for line in session.out.read_bytes().splitlines()]
    assert [line["reason"] for line in lines if line["kind"] == "gap" and line["reason"] == "stalled"] == ["stalled"]
    assert (lines[-1]["kind"], lines[-1]["reason"], recorded.ended) == ("end", *["process-terminated"] * 2)
    assert any("silent" in text for text in session.progress)
    read = import_runtime(session.out.read_bytes(), Ground(tables=load(), sha256="0" * 64, package=PACKAGE))
    assert "stalled" in read.remarks


def test_a_process_without_java(tmp_path: Path) -> None:
    """A process that runs no Java, and one that is not there, are refused in one line."""
    pytest.importorskip("frida")
    other = subprocess.Popen(["sleep", "30"])
    try:
        with pytest.raises(UsageError, match=r"there is no Java in it|may not be attached"):
            record_runtime(PACKAGE, tmp_path / "a", device="local", pid=other.pid, seconds=1)
    finally:
        other.kill()
        other.wait()
    with pytest.raises(UsageError, match=r"process 4194303 .*unable to find process"):
        record_runtime(PACKAGE, tmp_path / "b", device="local", pid=4194303, seconds=1)


def test_a_skip_is_loud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no Java VM can be recorded, these tests skip and the reason stands where the run is watched."""
    monkeypatch.setattr(jvm, "javas", list)
    said: list[str] = []
    with pytest.raises(pytest.skip.Exception, match="no Java is installed"):
        jvm.recorded_app(tmp_path, said.append)
    assert said
    assert said[0].startswith("THE RUNTIME AGENT WAS NOT TESTED: no Java is installed")

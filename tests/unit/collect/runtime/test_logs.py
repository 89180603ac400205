"""Our agent's log and MobSF's become calls with outcome and owner; silence counts only beside signs of life."""

from __future__ import annotations

import json

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.runtime.agent import import_agent
from mingcha.collect.runtime.ground import Ground, sealing
from mingcha.collect.runtime.importing import import_runtime
from mingcha.collect.runtime.mobsf import import_mobsf
from mingcha.errors import FormatError
from mingcha.formats.hooklog import read_agent, read_mobsf
from mingcha.model.event import Imported

GROUND = Ground(
    tables=load(),
    sha256="0" * 64,
    package="com.example.app",
    seal=sealing(b"k", {"9774d56d682e549c": "dev.android_id"}),
)
PHONE, SECURE = "android.telephony.TelephonyManager", "android.provider.Settings$Secure"


def agent(*records: dict[str, object]) -> Imported:
    lines = [{"v": 1, "kind": "call", "t": "2026-01-01T10:00:00.120+08:00", **record} for record in records]
    return import_agent(read_agent("\n".join(map(json.dumps, lines)).encode() + b"\n"), GROUND)


def mobsf(*calls: dict[str, object]) -> Imported:
    made = [{"name": "Device Info", "class": PHONE, "method": "getDeviceId", "arguments": [], **call} for call in calls]
    return import_mobsf(read_mobsf("".join(json.dumps(call) + "," for call in made).encode()), GROUND)


def test_a_call_of_ours() -> None:
    """Time with offset, process, thread, arguments by kind, outcome, sealed result, owner and row of the catalogue."""
    (event,) = agent(
        {"class": SECURE, "method": "getString", "process": "com.example.app:push", "pid": 7, "thread": "main",
         "args": [{"k": "object"}, {"k": "text", "n": 10, "c": "android_id"}], "outcome": "value",
         "result": {"k": "text", "s": "9774d56d682e549c"}, "stack": ["cn.jpush.android.a.b:3", "com.example.app.Main.run:4"]}
    ).events  # fmt: skip
    assert (event.clock.time, event.process, event.pid, event.thread) == (
        "2026-01-01T10:00:00.120+08:00",
        "com.example.app:push",
        7,
        "main",
    )
    assert (event.interfaces, event.outcome, event.grade) == (
        ("Settings.Secure.getString/android_id",),
        "value",
        "observed",
    )
    assert (event.result.kind, event.result.length, event.result.tag, len(event.result.hash)) == (
        "text",
        16,
        "dev.android_id",
        16,
    )
    assert (event.actor.id, event.actor.asked_by) == ("jpush", "app")


@pytest.mark.parametrize(
    ("outcome", "grade"),
    [
        ("value", "observed"),
        ("unknown", None),
        *((o, "attempt") for o in ("empty", "null", "zeroed", "exception", "denied")),
    ],
)
def test_grades(outcome: str, grade: str | None) -> None:
    """Only a value that was given is an observed read; every failure is an attempt, and what is not told is neither."""
    assert agent({"class": PHONE, "method": "getImei", "outcome": outcome}).events[0].grade == grade


def test_signs_of_life() -> None:
    """What is hooked, signs of life, an end that is missing and lost calls are all told."""
    whole = agent(
        {"kind": "start", "hooked": [f"{PHONE}.getImei", "<b>"]}, {"kind": "alive", "calls": 0}, {"kind": "end"}
    )
    assert (whole.hooked, whole.remarks) == ((f"{PHONE}.getImei",), ())
    assert [(event.kind, event.state) for event in whole.events] == [
        ("mark", "start"),
        ("alive", "alive"),
        ("mark", "end"),
    ]
    broken = agent({"class": PHONE, "method": "getImei"}, {"kind": "end", "lost": 3})
    assert (broken.hooked, broken.remarks, broken.events[-1].remarks) == (
        None,
        ("calls_lost", "no_sign_of_life"),
        ("lost: 3",),
    )
    assert agent({"kind": "alive"}).remarks == ("no_end_record",)


def test_what_a_recorder_tells_of_itself() -> None:
    """What it cannot watch and when it heard nothing are marks with their reason, and silence is not told as silence then."""
    done = agent(
        {"kind": "start", "hooked": [f"{PHONE}.getImei", "java.io.FileInputStream.<init>", "490154203237518.<init>"]},
        {"kind": "gap", "class": PHONE, "method": "getMeid", "reason": "overload_missing"},
        {"kind": "gap", "reason": "stalled"}, {"kind": "gap", "reason": "say 490154203237518"}, {"kind": "alive", "failed": 1}, {"kind": "end"},
    )  # fmt: skip
    assert done.hooked == (f"{PHONE}.getImei", "java.io.FileInputStream.<init>")
    assert done.remarks == ("stalled", "calls_not_told")
    assert [event.remarks for event in done.events[1:4]] == [
        ("gap: overload_missing", f"of: {PHONE}.getMeid"),
        ("gap: stalled",),
        (),
    ]


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("dev.imei", "dev.imei"), ("basic.phone#2", "basic.phone#2"), ("490154203237518", None), ("x.imei", None)],
)
def test_a_tag_is_of_the_catalogue(tag: str, kept: str | None) -> None:
    """The recorder's word for which planted value it saw is kept if it names a type of information; any other could be a value."""
    (event,) = agent(
        {"class": PHONE, "method": "getImei", "result": {"k": "text", "n": 15, "h": "00112233", "p": tag}}
    ).events
    assert event.result is not None
    assert (event.result.tag, event.result.hash) == (kept, "00112233")


def test_doubled_calls_are_one() -> None:
    """Two forms of a method within 50 ms from one frame, thread and outcome are one call; another thread's is another."""
    call = {"class": PHONE, "method": "getImei", "pid": 1, "thread": "main", "stack": ["com.example.app.A.b:1"]}
    later = {**call, "t": "2026-01-01T10:00:00.160+08:00", "args": [{"k": "integer"}]}
    done = agent(call, later, {**later, "thread": "t2"}, {**later, "stack": ["com.example.app.A.b:2"]})
    assert [event.count for event in done.events] == [2, 1, 1]
    assert done.accounted == {"events": 3, "repeats": 1}


def test_other_settings_are_not_the_identifier() -> None:
    """An argument that passed no test of the catalogue is another call; one that the log leaves out stays open."""
    other, untold = agent(
        {"class": SECURE, "method": "getString", "args": [{"k": "object"}, {"k": "text", "n": 4}]},
        {"class": SECURE, "method": "getString"},
    ).events
    assert (other.information, other.remarks) == ((), ("not_in_catalogue",))
    assert untold.remarks[0].startswith("arguments_not_recorded")


def test_overloads_by_descriptor() -> None:
    """A descriptor that the row of the catalogue does not have is another method."""
    hit, miss = agent(
        {"class": PHONE, "method": "getPrimaryImei", "descriptor": "()Ljava/lang/String;"},
        {"class": PHONE, "method": "getPrimaryImei", "descriptor": "(I)V"},
    ).events
    assert (hit.information, miss.information) == (("dev.imei",), ())


def test_mobsf_results() -> None:
    """What it leaves out of identifiers is no value; a placeholder is none either; a method without a result stays open."""
    value, absent, zeroed, start = mobsf(
        {"result": "490154203237518", "calledFrom": "com.umeng.analytics.a.b(SourceFile:1)"}, {},
        {"class": "android.net.wifi.WifiInfo", "method": "getMacAddress", "result": "02:00:00:00:00:00"},
        {"class": "android.media.MediaRecorder", "method": "start"},
    ).events  # fmt: skip
    assert (value.outcome, value.actor.id, value.result.length) == ("value", "umeng-analytics", 15)
    assert (absent.outcome, zeroed.outcome, start.outcome) == ("null", "zeroed", "unknown")
    assert {event.clock.time for event in (value, absent)} == {None}


def test_mobsf_keeps_every_call() -> None:
    """Without times nothing is put together: two equal calls are two."""
    done = mobsf({}, {}, {"class": "javax.crypto.Cipher", "method": "doFinal", "arguments": [[1, 2, 3]]})
    assert (len(done.events), done.accounted, done.remarks) == (3, {"events": 3}, ("no_times",))
    assert done.events[2].operation.args[0].kind == "list"


@pytest.mark.parametrize("thread", ["OkHttp https://x.cn/?imei=490154203237518", "t 1", "pool-1-13800138000", ""])
def test_names_of_threads_can_carry_values(thread: str) -> None:
    """A thread whose name is more than a name has none."""
    assert agent({"class": PHONE, "method": "getImei", "thread": thread}).events[0].thread is None


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"{}", b"a,b\nc,d\n", b"Packages:\n  Package [a.b] (1):\n    userId=1\n", bytes(50)]
)
def test_no_known_tool(data: bytes) -> None:
    """A file of no known tool is refused."""
    with pytest.raises(FormatError):
        import_runtime(data, GROUND)

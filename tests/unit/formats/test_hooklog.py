"""Our own log and MobSF's are read entry by entry; a broken one costs itself alone."""

from __future__ import annotations

import json
import random
import time

import msgspec
import pytest

from mingcha.errors import FormatError
from mingcha.formats.hooklog import LONGEST, read_agent, read_mobsf
from tests.fuzz.mutate import mutated

T = "2026-01-01T10:00:00.120+08:00"
RECORDS = [
    {"v": 1, "kind": "start", "t": T, "agent": "mingcha 0.2", "package": "com.example.app", "hooked": ["a.B.c"], "missing": ["a.B.d"]},
    {"v": 1, "kind": "call", "t": T, "seq": 1, "process": "com.example.app", "pid": 9, "thread": "main", "class": "a.B", "method": "c",
     "descriptor": "()V", "args": [{"k": "text", "n": 10, "c": "android_id", "h": "0011223344556677"}], "outcome": "value",
     "result": {"k": "text", "s": "secret"}, "stack": ["com.example.Main.run:12"], "later": True},
    {"v": 1, "kind": "alive", "t": T, "pid": 9, "calls": 1, "lost": 0},
    {"v": 1, "kind": "end", "t": T, "pid": 9, "calls": 1, "lost": 2},
]  # fmt: skip
CALL = {"name": "Device Info", "class": "a.B", "method": "c", "arguments": [{"name": "x", "class": "y"}, None, 3], "result": "v",
        "calledFrom": "x.Y.z(Y.java:3)", "returnValue": "v"}  # fmt: skip


def agent(*records: object) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def mobsf(*calls: object) -> bytes:
    return "".join(json.dumps(call) + "," for call in calls).encode()


def test_agent_records() -> None:
    """Every field of the four kinds of line is read; a field of a later agent is passed over."""
    log = read_agent(agent(*RECORDS))
    start, call, alive, end = (record for _, record in log.records)
    assert (start.agent, start.hooked, start.missing) == ("mingcha 0.2", ("a.B.c",), ("a.B.d",))
    assert (call.cls, call.method, call.descriptor, call.outcome, call.stack) == (
        "a.B",
        "c",
        "()V",
        "value",
        ("com.example.Main.run:12",),
    )
    assert (call.args[0].passed, call.args[0].length, call.result and call.result.text) == ("android_id", 10, "secret")
    assert (alive.calls, end.lost, log.lines, log.partial) == (1, 2, 4, False)


def test_agent_lines_of_a_recording() -> None:
    """Both clocks, what the recorder says of itself, later hooks, gaps with their reason, and the tag of a planted value."""
    log = read_agent(agent(
        {**RECORDS[0], "m": 5, "version": "0.1.0", "catalogue": "ab" * 32, "device": "Pixel 6; Android 13; arm64", "host": T},
        {"v": 1, "kind": "hooked", "t": T, "hooked": ["a.B.<init>"]},
        {"v": 1, "kind": "gap", "t": T, "class": "a.B", "method": "c", "descriptor": "(I)V", "reason": "overload_missing"},
        {**RECORDS[1], "tid": 31, "result": {"k": "text", "n": 3, "h": "0011223344556677", "p": "dev.imei"}},
        {"v": 1, "kind": "alive", "t": T, "calls": 1, "lost": 0, "failed": 2},
    ))  # fmt: skip
    start, later, gap, call, alive = (record for _, record in log.records)
    assert (start.m, start.version, start.catalogue, start.device, start.host) == (5, "0.1.0", "ab" * 32, "Pixel 6; Android 13; arm64", T)  # fmt: skip
    assert (later.hooked, gap.reason, gap.cls, gap.method, gap.descriptor) == (("a.B.<init>",), "overload_missing", "a.B", "c", "(I)V")  # fmt: skip
    assert (call.tid, call.result and call.result.tag, alive.failed) == (31, "dev.imei", 2)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"v":2,"kind":"call","t":""}', '{"v":1,"kind":"other","t":""}', '{"v":1,"kind":"call","t":"","pid":-1}',
             "[" * 100000, '{"v":1,"kind":"call","t":"","result":{"h":"<script>"}}', '{"v":1,"kind":"call","t":"\\ud800"}x', "é" * LONGEST]
)  # fmt: skip
def test_a_broken_line_costs_itself(line: str) -> None:
    """A line that is no record is numbered, the others are read, and the log says that it is not whole."""
    log = read_agent(agent(RECORDS[0]) + line.encode() + b"\n\n" + agent(RECORDS[2]))
    assert ([number for number, _ in log.records], log.unreadable, log.empty, log.partial) == ([0, 3], (1,), 1, True)


def test_cut_off() -> None:
    """A log whose recorder was killed inside a line keeps all before it."""
    log = read_agent(agent(*RECORDS)[:-20])
    assert ([number for number, _ in log.records], log.unreadable, log.partial) == ([0, 1, 2], (3,), True)


def test_mobsf_entries() -> None:
    """Objects in a row with commas behind them are read, in whatever objects their arguments are."""
    log = read_mobsf(mobsf(CALL, {**CALL, "name": 'br{ace\\""', "result": None}, CALL))
    assert [(number, call.cls, call.method, call.result) for number, call in log.calls] == [
        (0, "a.B", "c", "v"),
        (1, "a.B", "c", None),
        (2, "a.B", "c", "v"),
    ]
    assert (log.calls[0][1].arguments, log.calls[0][1].caller) == (
        [{"name": "x", "class": "y"}, None, 3],
        "x.Y.z(Y.java:3)",
    )
    assert (log.entries, log.unreadable, log.partial) == (3, (), False)


@pytest.mark.parametrize("wrap", ["[{}]", "{}\n", "\n{}", "[\n{}\n]\n"])
def test_mobsf_wrapped(wrap: str) -> None:
    """The same entries made into a list, or one in each line, are the same."""
    entries = ",\n".join(json.dumps(call, indent=1) for call in (CALL, CALL))
    assert len(read_mobsf(wrap.format(entries).encode()).calls) == 2


def test_mobsf_truncated() -> None:
    """An entry that was cut off is numbered, whether it is the last or another session follows it."""
    log = read_mobsf(mobsf(CALL)[:-30] + mobsf(CALL, CALL)[:-40])
    assert ([number for number, _ in log.calls], log.unreadable, log.partial) == ([1], (0, 2), True)


def test_mobsf_in_bounded_time() -> None:
    """Many openings and no end are refused within seconds: each entry is looked at once."""
    begin = time.monotonic()
    with pytest.raises(FormatError):
        read_mobsf(b'{"name":"x","class"' * 200_000)
    with pytest.raises(FormatError):
        read_mobsf(b'{"name":"x","class":[' + b"[" * 3_000_000)
    assert time.monotonic() - begin < 4


@pytest.mark.parametrize("read", [read_agent, read_mobsf])
@pytest.mark.parametrize("data", [b"", b"\n", b"hello", b"[]", bytes(99)])
def test_refused(read: object, data: bytes) -> None:
    """A text without an entry is refused."""
    with pytest.raises(FormatError):
        read(data)  # type: ignore[operator]


def test_damage() -> None:
    """Damaged logs end in entries or in a FormatError."""
    ends = set()
    for number in range(200):
        for read, data in ((read_agent, agent(*RECORDS)), (read_mobsf, mobsf(CALL, CALL, CALL))):
            try:
                msgspec.json.encode(
                    read(mutated(data, random.Random(number), [b'{"name":', b'"class"', b'"v":1'])).partial
                )
            except FormatError as error:
                ends.add(str(error).count("\n"))
    assert ends <= {0}

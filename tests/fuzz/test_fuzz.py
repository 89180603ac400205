"""Three hundred damaged files of each format, in the same way as the ten thousand of ``make fuzz``; and the fuzzer itself."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mingcha.errors import FormatError
from tests.fuzz import fuzz, hostile, seeds, targets
from tests.fuzz.mutate import altered, code_damaged, mutated

ROOT = Path(__file__).parent.parent.parent


COUNTS = {"run": 60}
"""Formats of which one file is a whole folder."""


@pytest.mark.parametrize("form", seeds.FORMATS)
def test_damaged_files(form: str) -> None:
    """No damage leads to anything but a report or a one-line error, within 5 s and 500 MB each."""
    count = COUNTS.get(form, 300)
    command = [sys.executable, "-m", "tests.fuzz.fuzz", "--count", str(count), "--seed", "1", "--format", form]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{form:9} {count:6} files: " in done.stdout


# --- the damage ------------------------------------------------------------------------------------------------------


def test_same_number_same_bytes() -> None:
    """An input is reproduced by format, seed and index; another seed gives another."""
    made = [fuzz.given("dex", 7, index) for index in range(20)]
    assert [fuzz.given("dex", 7, index) for index in range(20)] == made
    assert [fuzz.given("dex", 8, index) for index in range(20)] != made


@pytest.mark.parametrize("tokens", [(), (b"<p>", "中".encode())])
def test_damage_is_damage(tokens: tuple[bytes, ...]) -> None:
    """Nine of ten copies differ from the original, whatever its length, and none grows without bound."""
    for data in (b"x", bytes(range(256)) * 8):
        copies = [mutated(data, random.Random(n), tokens) for n in range(200)]
        assert sum(copy != data for copy in copies) >= 180
        assert max(map(len, copies)) < 1 << 20


def test_altered_record_stays_json() -> None:
    """Values are exchanged, left out and doubled; the result can still be written as JSON."""
    record = {"format": 1, "facts": [{"kind": "x", "at": 3}, {"kind": "y", "at": None}], "case": {"type": 38}}
    copies = [altered(json.loads(json.dumps(record)), random.Random(n)) for n in range(200)]
    assert sum(copy != record for copy in copies) >= 180
    assert all(json.dumps(copy) for copy in copies)


def test_real_files_are_used_where_given(tmp_path: Path) -> None:
    """Files of the right kind below the folder are seeds too, alone or from inside small archives; others are not."""
    whole = seeds.made("apk")[0].whole()
    tmp_path.joinpath("app.bin").write_bytes(whole)
    tmp_path.joinpath("note.txt").write_bytes(b"text")
    assert [len(seeds.real(form, tmp_path)) for form in ("apk", "dex", "text", "facts", "pdf")] == [1, 1, 1, 0, 0]
    assert seeds.real("dex", tmp_path)[0].data == seeds.made("apk")[0].members["classes.dex"]


def test_damaged_code_keeps_its_tables() -> None:
    """Only instructions change: the file keeps its length, and every byte outside the methods."""
    data, spans = bytes(range(256)) * 4, [(16, 64), (300, 302), (500, 700)]
    inside = {at for first, end in spans for at in range(first, end)}
    copies = [code_damaged(data, spans, random.Random(n)) for n in range(200)]
    assert sum(copy != data for copy in copies) >= 180
    for copy in copies:
        assert len(copy) == len(data)
        assert {at for at in range(len(data)) if copy[at] != data[at]} <= inside


# --- programs made to cost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", hostile.PROGRAMS)
def test_hostile_programs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small program made to cost much is read within 5 s and 500 MB, and without a traceback."""
    if not targets.CATALOGUE:
        targets.prepare()
    data = hostile.PROGRAMS[name]()
    assert ended(monkeypatch, lambda _: targets.code(data, implicit=False)).failure == ""


# --- the watch -------------------------------------------------------------------------------------------------------


def ended(monkeypatch: pytest.MonkeyPatch, work: object) -> fuzz.Ended:
    """How an input ends whose target is ``work``."""
    monkeypatch.setitem(targets.TARGETS, "dex", work)
    (found,) = fuzz.endings("dex", 1, [5], 1, None)
    assert found.index == 5
    return found


def raising(error: BaseException) -> object:
    def work(_: bytes) -> str:
        raise error

    return work


def test_what_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A result, or a one-line error that the format may give, is no failure."""
    assert (ended(monkeypatch, lambda _: "read").outcome, ended(monkeypatch, lambda _: "read").failure) == ("read", "")
    assert ended(monkeypatch, raising(FormatError("no DEX", 5))).failure == ""


@pytest.mark.parametrize(
    ("error", "told"),
    [(KeyError("x"), "KeyError: 'x'"), (FormatError("two\nlines"), "not one line"), (FormatError(""), "not one line"),
     (RecursionError("deep"), "RecursionError"), (MemoryError(), "MemoryError"), (SystemExit(0), "SystemExit"), (UnicodeDecodeError("utf-8", b"", 0, 1, "x"), "Unicode")],
)  # fmt: skip
def test_what_fails(monkeypatch: pytest.MonkeyPatch, error: BaseException, told: str) -> None:
    """Anything else that leaves is a failure with its traceback."""
    assert told in ended(monkeypatch, raising(error)).failure


def test_too_slow_too_large_or_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An input that works too long, takes too much memory or kills its process is told, and ends."""

    def forever(_: bytes) -> str:
        while True:
            pass

    with monkeypatch.context() as shortly:
        shortly.setattr(fuzz, "SECONDS", 0.3)
        begin = time.monotonic()
        assert "SIGPROF" in ended(monkeypatch, forever).failure
        assert time.monotonic() - begin < 10

    def large(_: bytes) -> str:
        return str(len(bytearray(600 << 20))) and "read"

    assert ended(monkeypatch, large).outcome == "too large"

    def gone(_: bytes) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return "read"

    assert "SIGKILL" in ended(monkeypatch, gone).failure


def test_failures_of_one_kind_are_told_once() -> None:
    """A hundred failures at one line are one line of the output, with their number."""
    trace = "Traceback\n  File a, line 1\n    x\nKeyError: {}"
    failures = [fuzz.Ended(n, "failed", trace.format(n), 0, 0) for n in range(100)]
    assert [
        (failure.index, count)
        for failure, count in fuzz._different([*failures, fuzz.Ended(100, "killed", "600 MB", 0, 0)])
    ] == [(0, 100), (100, 1)]

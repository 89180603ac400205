"""Every form in which Android prints its operations gives the same accesses; lines that claim one and cannot be read are told."""

from __future__ import annotations

import random

import pytest

from mingcha.errors import FormatError
from mingcha.formats.appops import milliseconds, read_appops
from tests.fuzz.mutate import mutated

TEN = """Current AppOps Service state:
  Settings:
    top_state_settle_time=+30s0ms

  Op mode watchers:
    Op COARSE_LOCATION:
      #0: ModeCallback{b8f1a14 watchinguid=-1 flags=0x1 from uid=1000 pid=4098}

  Uid u0a123:
    state=cch
      COARSE_LOCATION: mode=ignore
    Package com.example.app:
      READ_CONTACTS (allow):
          Access: [bg-tpd] 2024-03-07 18:05:34.325 (-22d4h22m19s762ms) proxy[uid=0, pkg=null]
      CAMERA (allow / switch RECORD_AUDIO=ignore):
          Access: [top-s] 2024-03-29 23:03:03.763 (-24m50s324ms) duration=+33ms
          Reject: [cch-s]2024-03-29 18:48:02.923 (-4h39m51s164ms)
      TOAST_WINDOW (allow):
"""
ELEVEN = TEN.replace("          Access: [bg-tpd]", "        com.example.tag=[\n          Access: [bg-tpd]").replace(
    "          Access: [top-s]", "        null=[\n          Access: [top-s]"
) + (
    "        null=[\n          Access: [top-s] 2024-03-29 23:10:00.000 (-27s668ms) duration=+27s670ms\n"
    "          Running start at: +27s669ms\n          startNesting=2\n        ]\n"
)
EIGHT = """Current AppOps Service state:
  Uid u0a123:
      COARSE_LOCATION: mode=1
    Package com.example.app:
      READ_CONTACTS: mode=0; time=+22d4h22m19s762ms ago
      CAMERA: mode=0; time=+24m50s324ms ago; rejectTime=+4h39m51s164ms ago; duration=+33ms
      RECORD_AUDIO: mode=0; time=+3s0ms ago (running)
      TOAST_WINDOW: mode=3
"""
GET = """Uid mode: COARSE_LOCATION: ignore
READ_CONTACTS: allow; time=+22d4h22m19s762ms ago
CAMERA: allow; time=+24m50s324ms ago; rejectTime=+4h39m51s164ms ago; duration=+33ms
TOAST_WINDOW: default
"""


def short(text: str) -> list[tuple[object, ...]]:
    return [
        (a.op, a.rejected, a.state, a.ago, a.duration, a.tag, a.running) for a in read_appops(text.encode()).accesses
    ]


def test_android_10() -> None:
    """Dated lines give operation, state, caller and time; modes of the user id and of the app are kept apart."""
    dump = read_appops(TEN.encode())
    assert short(TEN) == [
        ("READ_CONTACTS", False, "bg", 1916539762, None, None, False),
        ("CAMERA", False, "top", 1490324, 33, None, False),
        ("CAMERA", True, "cch", 16791164, None, None, False),
    ]
    assert [(a.package, a.uid, a.when, a.caller, a.proxied) for a in dump.accesses] == [
        ("com.example.app", "u0a123", "2024-03-07 18:05:34.325", "tpd", True),
        ("com.example.app", "u0a123", "2024-03-29 23:03:03.763", "s", False),
        ("com.example.app", "u0a123", "2024-03-29 18:48:02.923", "s", False),
    ]
    assert [(m.op, m.mode, m.package) for m in dump.modes] == [
        ("COARSE_LOCATION", "ignore", None),
        ("READ_CONTACTS", "allow", "com.example.app"),
        ("CAMERA", "allow", "com.example.app"),
        ("TOAST_WINDOW", "allow", "com.example.app"),
    ]
    assert (dump.form, dump.lines, dump.unreadable, dump.partial) == ("dump", 18, (), False)


def test_android_11() -> None:
    """Attribution tags belong to the accesses below them, and an operation that still runs is one more."""
    assert short(ELEVEN) == [
        ("READ_CONTACTS", False, "bg", 1916539762, None, "com.example.tag", False),
        ("CAMERA", False, "top", 1490324, 33, None, False),
        ("CAMERA", True, "cch", 16791164, None, None, False),
        ("TOAST_WINDOW", False, "top", 27668, 27670, None, False),
        ("TOAST_WINDOW", False, "top", 27669, 27669, None, True),
    ]


@pytest.mark.parametrize(("text", "package"), [(EIGHT, "com.example.app"), (GET, None)])
def test_one_line_each(text: str, package: str | None) -> None:
    """Android 8 and ``cmd appops get`` tell times relative to the dump; the latter does not say which app it is about."""
    dump = read_appops(text.encode())
    told = [(a.op, a.rejected, a.ago, a.duration) for a in dump.accesses if a.op != "RECORD_AUDIO"]
    assert told == [
        ("READ_CONTACTS", False, 1916539762, None),
        ("CAMERA", False, 1490324, 33),
        ("CAMERA", True, 16791164, None),
    ]
    assert {a.package for a in dump.accesses} == {package}
    assert ("COARSE_LOCATION", "ignore", None) in [(m.op, m.mode, m.package) for m in dump.modes]
    assert [a.running for a in dump.accesses if a.op == "RECORD_AUDIO"] == [True] * (package is not None)


def test_never() -> None:
    """Where there was no access Android prints the time since 1970: that is no access, and the mode beside it still counts."""
    text = b"CAMERA: allow; time=+20166d8h20m24s861ms ago; rejectTime=+5s0ms ago\nREAD_SMS: deny; rejectTime=+20166d8h20m24s861ms ago\n"
    dump = read_appops(text)
    assert [(a.op, a.rejected, a.ago) for a in dump.accesses] == [("CAMERA", True, 5000)]
    assert [(m.op, m.mode) for m in dump.modes] == [("CAMERA", "allow"), ("READ_SMS", "deny")]


def test_android_9() -> None:
    """Each state has a line of its own, of which only the first says what it is."""
    text = (
        "  Uid u0a1:\n    Package a.b:\n      CAMERA (allow): \n"
        "          Access: top = 2018-12-10 10:01:11.123 (-1d2h0m0s0ms)\n                  bg = 2018-12-10 10:02:11.123 (-1d1h59m0s0ms)\n"
        "          Reject: cch = 2018-12-09 10:02:11.123 (-2d1h59m0s0ms)\n"
    )
    assert [(s[1], s[2], s[3]) for s in short(text)] == [
        (False, "top", 93600000), (False, "bg", 93540000), (True, "cch", 179940000),
    ]  # fmt: skip


def test_part_of_a_whole_dumpsys() -> None:
    """Of a dump of all services only the part of appops is read; line numbers stay those of the file."""
    text = f"DUMP OF SERVICE activity:\n  Package x.y:\nDUMP OF SERVICE appops:\n{TEN}DUMP OF SERVICE package:\n      CAMERA (allow):\n"
    dump = read_appops(text.encode())
    assert (len(dump.accesses), dump.accesses[0].line, dump.lines) == (3, 16, 18)


@pytest.mark.parametrize(
    "line", ["          Access: [bg-s] yesterday", "          Access: [bg] 2024-03-07", "          Reject: nonsense"]
)
def test_unknown_forms_are_told(line: str) -> None:
    """A line that claims an access and cannot be read is numbered, not passed over."""
    text = TEN.replace("      TOAST_WINDOW (allow):", f"      TOAST_WINDOW (allow):\n{line}")
    assert read_appops(text.encode()).unreadable == (18,)


def test_access_without_an_app() -> None:
    """An access above the first app is nobody's, and told as unreadable."""
    dump = read_appops(b"  Uid u0a1:\n          Access: [bg-s] 2026-09-13 21:36:06.258 (-1h0m)\n    Package a.b:\n")
    assert (dump.accesses, dump.unreadable) == ((), (1,))


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("+1d2h3m4s5ms", 93784005), ("-24m50s324ms", -1490324), ("+33ms", 33), ("+8h9m", 29340000), ("", None), ("+", None),
     ("1x", None), ("+5s0ms", 5000)],
)  # fmt: skip
def test_durations(text: str, value: int | None) -> None:
    """Android's way to write a duration is a number of milliseconds; anything else is none."""
    assert milliseconds(text) == value


def test_cut_off_and_encodings() -> None:
    """A dump redirected by PowerShell is read; one that ends inside a line says so."""
    assert len(read_appops(TEN.encode("utf-16")).accesses) == 3
    cut = TEN[: TEN.index("18:48:02")]
    dump = read_appops(cut.encode())
    assert (len(dump.accesses), dump.partial) == (2, True)


@pytest.mark.parametrize(
    "data", [b"", b"hello\nworld", b"Error: no such package", b"  CAMERA: allow\n", b"STATUS: good\n", bytes(100)]
)
def test_refused(data: bytes) -> None:
    """A text that is no dump is refused."""
    with pytest.raises(FormatError):
        read_appops(data)


def test_no_operations() -> None:
    """An app of which nothing was ever noted is an answer, not an error."""
    assert read_appops(b"No operations.\n").accesses == ()


def test_damage() -> None:
    """Damaged dumps end in accesses or in a FormatError."""
    ends = set()
    for number in range(200):
        try:
            read_appops(mutated(ELEVEN.encode(), random.Random(number), [b"Access: [", b" (-1h", b"Package x:"]))
        except FormatError as error:
            ends.add(str(error).count("\n"))
    assert ends <= {0}

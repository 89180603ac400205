"""Steps of a walk are read line by line; what cannot be used is counted."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.errors import FormatError
from mingcha.formats.steps import StepAct, read_steps

LINE = {
    "time": "2026-01-02T03:04:05.678+08:00", "dump": "0001.xml", "picture": "0001.png", "package": "example.app",
    "activity": ".Main", "act": {"kind": "tap", "at": [10, 20], "on": [0, 0, 30, 40]},
}  # fmt: skip


def _lines(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def test_a_line() -> None:
    """Everything that a line says arrives."""
    (step,) = read_steps(_lines(LINE)).steps
    assert (step.line, step.time, step.dump, step.picture) == (0, LINE["time"], "0001.xml", "0001.png")
    assert (step.package, step.activity) == ("example.app", ".Main")
    assert step.act == StepAct("tap", (10, 20), (0, 0, 30, 40))


def test_act_of_its_own_time() -> None:
    """An act may say when it was done."""
    act = {"kind": "back", "time": "2026-01-02T03:04:05Z"}
    (step,) = read_steps(_lines({**LINE, "act": act})).steps
    assert step.act == StepAct("back", None, None, "2026-01-02T03:04:05Z")


def test_nobody_knows() -> None:
    """An act that is null is not known, and nothing is counted as lost."""
    found = read_steps(_lines({"time": LINE["time"], "act": None}))
    assert (found.steps[0].act, found.damaged, found.partial) == (None, 0, False)


def test_lines_that_are_none() -> None:
    """Truncated lines, other objects and blank lines are left out and counted."""
    data = _lines(LINE, {"a": 1}, [1]) + b"\n" + json.dumps(LINE).encode()[:-20] + b"\n"
    found = read_steps(data)
    assert (len(found.steps), found.unreadable, found.empty, found.lines) == (1, (1, 2, 4), 1, 5)
    assert found.partial


@pytest.mark.parametrize(
    "row",
    [
        {"time": "yesterday"}, {"dump": "../../etc/passwd"}, {"dump": 5}, {"act": {"kind": "dance"}}, {"act": "tap"},
        {"act": {"kind": "tap", "at": [1]}}, {"act": {"kind": "tap", "on": [1, 2, 3, "x"]}}, {"picture": "a/b.png"},
        {"act": {"kind": "tap", "at": [1e99, 2]}},
    ],
)  # fmt: skip
def test_fields_that_cannot_be_used(row: dict[str, object]) -> None:
    """A field that holds something else is null and counted; a file's name never leads out of the folder."""
    found = read_steps(_lines({**LINE, **row}))
    assert found.damaged == 1
    assert found.partial
    name = next(iter(row))
    assert name == "act" or getattr(found.steps[0], name) is None


@pytest.mark.parametrize("data", [b"", b"\n\n", b"[]", b"{}", b"\xff\xfe", b'{"a":1}', b"x" * 100_000])
def test_no_steps(data: bytes) -> None:
    """A file without any step is refused."""
    with pytest.raises(FormatError):
        read_steps(data)


def test_too_large() -> None:
    """More lines than any walk has are refused."""
    with pytest.raises(FormatError, match="lines"):
        read_steps(b'{"act":null}\n' * 20_001)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200))
def test_any_bytes(noise: bytes, at: int) -> None:
    """Whatever stands in the middle, every line is accounted for or the file refused."""
    data = _lines(LINE, LINE)
    try:
        found = read_steps(data[:at] + noise + data[at:])
    except FormatError:
        return
    assert len(found.steps) + len(found.unreadable) + found.empty == found.lines

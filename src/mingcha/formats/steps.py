"""A walk through an app as it was recorded: ``steps.jsonl``, one object for each moment of the screen.

    {"time": "2026-01-02T03:04:05.678+08:00", "dump": "0001.xml", "picture": "0001.png",
     "package": "example.app", "activity": ".MainActivity", "act": {"kind": "tap", "at": [x, y], "on": [l, t, r, b]}}

``act`` is what was done on the *previous* screen and led to this one; null where nobody knows. It may have a ``time`` of its
own. A field that does not hold
what it should is null, and counted; a line that is no object is counted and left out, so that nothing disappears silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast, get_args

import msgspec

from mingcha.errors import FormatError
from mingcha.formats.uidump import Box
from mingcha.model.words import ActKind

LARGEST = 16 << 20
STEPS = 20_000
LONGEST = 1 << 16
_KINDS = frozenset(get_args(ActKind))
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")
_NAME = re.compile(r"[^/\\\x00-\x1f]{1,128}")
_FAR = 1 << 20
_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class StepAct:
    """What was done: ``at`` the point in pixels (``to``: where a swipe ended), ``on`` the bounds of what was touched, ``time`` when; null where not known."""

    kind: ActKind
    at: tuple[int, int] | None = None
    on: Box | None = None
    time: str | None = None
    to: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One moment: ``line`` of the file (from 0), names of the dump and the picture, and the act that led here."""

    line: int
    time: str | None = None
    dump: str | None = None
    picture: str | None = None
    package: str | None = None
    activity: str | None = None
    act: StepAct | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps in order; ``unreadable`` are lines that are none, ``damaged`` fields that were left out, ``empty`` lines."""

    lines: int
    steps: tuple[Step, ...]
    unreadable: tuple[int, ...] = ()
    damaged: int = 0
    empty: int = 0

    @property
    def partial(self) -> bool:
        """Whether anything of the file is missing from ``steps``."""
        return bool(self.unreadable or self.damaged)


def read_steps(data: bytes) -> Steps:
    """Read ``steps.jsonl``. Raises FormatError if no line of it is a step or it is too large."""
    if len(data) > LARGEST:
        raise FormatError(f"steps of more than {LARGEST >> 20} MB")
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    lines = lines if lines[-1].strip() else lines[:-1]
    if len(lines) > STEPS:
        raise FormatError(f"steps of more than {STEPS} lines")
    found: list[Step] = []
    unreadable: list[int] = []
    damaged = empty = 0
    for number, line in enumerate(lines):
        row = _object(line)
        if not line.strip():
            empty += 1
        elif row is None:
            unreadable.append(number)
        else:
            step, lost = _step(number, row)
            found.append(step)
            damaged += lost
    if not found:
        raise FormatError("no step of a walk in it")
    return Steps(len(lines), tuple(found), tuple(unreadable), damaged, empty)


def _object(line: bytes) -> dict[str, Any] | None:
    """The line as an object that looks like a step, or None."""
    if len(line) > LONGEST:
        return None
    try:
        row = _decode(line)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and row.keys() & {"time", "dump", "picture", "package", "act"} else None


def _step(number: int, row: dict[str, Any]) -> tuple[Step, int]:
    """The step, and how many of its fields were given but cannot be used."""
    texts = {
        "time": _matching(row.get("time"), _TIME),
        "dump": _matching(row.get("dump"), _NAME),
        "picture": _matching(row.get("picture"), _NAME),
        "package": _matching(row.get("package"), _NAME),
        "activity": _matching(row.get("activity"), re.compile(r"[^\x00-\x1f]{1,256}")),
    }
    act, bad = _act(row.get("act"))
    lost = sum(row.get(name) is not None and value is None for name, value in texts.items())
    return Step(line=number, act=act, **texts), lost + bad


def _act(row: Any) -> tuple[StepAct | None, int]:
    if row is None:
        return None, 0
    if not isinstance(row, dict) or row.get("kind") not in _KINDS:
        return None, 1
    at, on, to = _numbers(row.get("at"), 2), _numbers(row.get("on"), 4), _numbers(row.get("to"), 2)
    time = _matching(row.get("time"), _TIME)
    given = {"at": at, "on": on, "to": to, "time": time}
    lost = sum(row.get(name) is not None and value is None for name, value in given.items())
    points = cast("tuple[tuple[int, int] | None, tuple[int, int] | None]", (at, to))
    return StepAct(row["kind"], points[0], cast("Box | None", on), time, points[1]), lost


def _numbers(value: Any, count: int) -> tuple[int, ...] | None:
    if not isinstance(value, list) or len(value) != count:
        return None
    if not all(isinstance(part, int | float) and not isinstance(part, bool) and abs(part) < _FAR for part in value):
        return None
    return tuple(int(part) for part in value)


def _matching(value: Any, pattern: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None

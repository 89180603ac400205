"""Lines of logcat about permissions: the app opens the system's dialog, the dialog comes up, the person answers.

The forms of logcat (brief, time, threadtime, long, with year or zone, and Android Studio's two) are all read; every other
line is counted and passed over. Which permission was asked for stands only in the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mingcha.errors import FormatError
from mingcha.formats.logtext import read_text

_DATE = r"(?P<when>(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3,6}(?: [+-]\d{4})?)"
_HEADS = tuple(
    re.compile(head)
    for head in (
        rf"{_DATE}\s+(?:u?\w{{0,12}}\s+)?(?P<pid>\d{{1,7}})\s+\d{{1,7}} [VDIWEFA] (?P<tag>.{{1,60}}?)\s*: (?P<text>.*)",
        rf"{_DATE} [VDIWEFA]/(?P<tag>.{{1,60}}?)\s*\(\s*(?P<pid>\d{{1,7}})\): (?P<text>.*)",
        rf"{_DATE} (?P<pid>\d{{1,7}})-\d{{1,7}}/\S{{1,255}} [VDIWEFA]/(?P<tag>.{{1,60}}?): (?P<text>.*)",
        rf"{_DATE}\s+(?P<pid>\d{{1,7}})-\d{{1,7}}\s+(?P<tag>\S{{1,60}})\s+\S{{1,255}}\s+[VDIWEFA]  (?P<text>.*)",
        r"[VDIWEFA]/(?P<tag>.{1,60}?)\s*\(\s*(?P<pid>\d{1,7})\): (?P<text>.*)",
    )
)
_LONG = re.compile(rf"\[ ?{_DATE}\s+(?P<pid>\d{{1,7}}):\s*\w{{1,9}} [VDIWEFA]/(?P<tag>.{{1,60}}?)\s*\]")
_START = re.compile(
    r"START u(?P<user>\d+) \{act=android\.content\.pm\.action\.REQUEST_PERMISSIONS(?:_FOR_OTHER)? .*\}"
    r"(?: with \w+)? from uid (?P<uid>\d{1,9})(?: \((?P<package>[\w.]{1,255})\))?"
)
_SHOWN = re.compile(r"Displayed (?P<owner>[\w.]{1,255})/[\w.]*GrantPermissionsActivity\b")
_ANSWER = re.compile(
    r"(?:Location button p|P)ermission grant result requestId=(?P<request>-?\d{1,20}) callingUid=(?P<uid>\d{1,9}) "
    r"callingPackage=(?P<package>[\w.]{1,255}) permission=(?P<permission>[\w.]{1,255})"
    r"(?: isImplicit=(?P<implicit>true|false))? result=(?P<result>\d{1,3})"
)
_HINTS = ("REQUEST_PERMISSIONS", "GrantPermissionsActivity", "ermission grant result")
_LEAD = " ,;\t\ufeff"


@dataclass(frozen=True, slots=True)
class PermissionLine:
    """One line about a permission. ``result`` is Android's number of the answer; null fields are not told."""

    line: int
    step: Literal["asked", "shown", "answered"]
    when: str | None
    pid: int | None
    uid: str | None = None
    package: str | None = None
    permission: str | None = None
    result: int | None = None
    implicit: bool | None = None


@dataclass(frozen=True, slots=True)
class PermissionLog:
    """The lines found. ``unreadable`` name a permission dialog in a form that is not known; ``others`` are about something else."""

    lines: int
    found: tuple[PermissionLine, ...]
    unreadable: tuple[int, ...]
    others: int
    partial: bool


def read_permissionlog(data: bytes) -> PermissionLog:
    """Read a logcat. Raises FormatError if no line has the form of any."""
    text = read_text(data)
    found: list[PermissionLine] = []
    unreadable: list[int] = []
    known, others, head = False, 0, None
    for number, raw in enumerate(text.lines):
        line = raw.strip(_LEAD)[:4000]
        long = _LONG.fullmatch(line) if line.startswith("[") else None
        head = long or (head if line else None)
        told = any(hint in line for hint in _HINTS)
        match = _headed(line) if not long and (told or not known) else None
        known |= bool(long or match)
        message = match["text"] if match else line
        read = _message(number, message, match or head) if told else None
        if read:
            found.append(read)
        elif told and (match or head) and _claims(message):
            unreadable.append(number)
        else:
            others += 1
    if not known:
        raise FormatError("no line of logcat in it")
    cut = text.cut and bool(unreadable) and unreadable[-1] == len(text.lines) - 1
    return PermissionLog(len(text.lines), tuple(found), tuple(unreadable), others, text.damaged or cut)


def _headed(line: str) -> re.Match[str] | None:
    return next((found for head in _HEADS if (found := head.fullmatch(line))), None)


def _claims(message: str) -> bool:
    """Whether a message is one of the three, as far as its first words go."""
    start = message.startswith(("START u", "Displayed ")) and any(hint in message for hint in _HINTS[:2])
    return start or "ermission grant result requestId=" in message


def _message(number: int, text: str, head: re.Match[str] | None) -> PermissionLine | None:
    if head is None:
        return None
    parts = head.groupdict()
    when, pid = parts.get("when"), int(parts["pid"])
    if found := _START.match(text):
        return PermissionLine(number, "asked", when, pid, found["uid"], found["package"])
    if _SHOWN.match(text):
        return PermissionLine(number, "shown", when, pid)
    if found := _ANSWER.match(text):
        implicit = None if found["implicit"] is None else found["implicit"] == "true"
        result = int(found["result"])
        return PermissionLine(
            number, "answered", when, pid, found["uid"], found["package"], found["permission"], result, implicit
        )
    return None

"""What ``dumpsys appops`` and ``cmd appops get`` print: which operation the system noted for which app, when, in which state.

Forms: one line for each operation with times relative to the dump (Android 8, and ``cmd appops get`` of every version); dated
lines by process state (9, 10); the same inside attribution tags (11 and later). Android keeps the last access and the last
rejection for each operation, state and kind of caller, so the number of lines says nothing about how often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mingcha.errors import FormatError
from mingcha.formats.logtext import read_text, section

_UID = re.compile(r"\s*Uid (\w{1,20}):")
_PACKAGE = re.compile(r"\s*Package ([\w.]{1,255}):")
_OP = re.compile(r"\s*([A-Z][A-Z0-9_]{1,79}) \((\w{1,20})(?: / switch [A-Z0-9_]+=\w+)?\):\s*")
_SHORT = re.compile(r"\s*(Uid mode: )?([A-Z][A-Z0-9_]{1,79}): (?:mode=)?(\w{1,20})((?:;.*| \(running\))?)\s*")
_TAG = re.compile(r"\s*(\S{1,255})=\[")
_DATED = re.compile(
    r"\s*(Access|Reject): \[([a-z]{1,10})(?:-([a-z|]{1,12}))?\] ?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) \(([^)]{1,40})\)(.*)"
)
_PIE = re.compile(
    r"\s*(?:(Access|Reject): )?([a-z]{2,10}) = (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})?) \(([^)]{1,40})\)(.*)"
)
_CLAIMS = re.compile(r"\s*(?:Access|Reject): ")
_RUNNING = re.compile(r"\s*Running start at: ([+-]?\w{1,40})")
_STEPS = re.compile(r"([+-]?)(?:(\d{1,7})d)?(?:(\d{1,3})h)?(?:(\d{1,3})m(?!s))?(?:(\d{1,3})s)?(?:(\d{1,4})ms)?")
_UNITS = (86_400_000, 3_600_000, 60_000, 1000, 1)
_MODES = {"0": "allow", "1": "ignore", "2": "deny", "3": "default", "4": "foreground"}
_WORDS = frozenset((*_MODES.values(), "ask"))
_NEVER = 15 * 365 * 86_400_000
"""An access so long ago is none: Android 11 and later print the time since 1970 where there was no access (or rejection)."""
_NONE = "No operations."


@dataclass(frozen=True, slots=True)
class Access:
    """An access or a rejection. ``when`` is the dump's own date, ``ago`` and ``duration`` are milliseconds; null is not told."""

    line: int
    op: str
    rejected: bool
    package: str | None = None
    uid: str | None = None
    mode: str | None = None
    tag: str | None = None
    state: str | None = None
    caller: str | None = None
    when: str | None = None
    ago: int | None = None
    duration: int | None = None
    running: bool = False
    proxied: bool = False


@dataclass(frozen=True, slots=True)
class Mode:
    """Whether an operation is allowed, for an app or for all apps of a user id (``package`` null)."""

    line: int
    op: str
    mode: str
    package: str | None = None
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class AppOps:
    """Everything of one dump. ``unreadable`` are lines that claim an access in a form that is not known."""

    form: Literal["dump", "get"]
    lines: int
    accesses: tuple[Access, ...]
    modes: tuple[Mode, ...]
    unreadable: tuple[int, ...]
    partial: bool


def read_appops(data: bytes) -> AppOps:
    """Read either form. Raises FormatError for a text that is neither."""
    text = read_text(data)
    first, last = section(text, "appops")
    reader = _Reader()
    for number in range(first, last):
        reader.line(number, text.lines[number])
    if not reader.known:
        raise FormatError("neither dumpsys appops nor cmd appops get")
    unreadable, partial = reader.unreadable, text.damaged
    if text.cut and last == len(text.lines) and reader.cut_at(last - 1):
        partial = True
    return AppOps(
        "dump" if reader.dump else "get",
        last - first,
        tuple(reader.accesses),
        tuple(reader.modes),
        tuple(unreadable),
        partial,
    )


class _Reader:
    """Where in the dump we are: user id, package, operation, attribution tag."""

    def __init__(self) -> None:
        self.accesses: list[Access] = []
        self.modes: list[Mode] = []
        self.unreadable: list[int] = []
        self.dump = self.known = False
        self._uid: str | None = None
        self._package: str | None = None
        self._op: str | None = None
        self._mode: str | None = None
        self._tag: str | None = None
        self._rejected = False

    def line(self, number: int, line: str) -> None:
        """Take one line; what is none of ours (settings, watchers, restrictions) passes."""
        if found := _UID.fullmatch(line):
            self._uid, self._package, self._op, self.dump, self.known = found[1], None, None, True, True
        elif found := _PACKAGE.fullmatch(line):
            self._package, self._op, self.dump, self.known = found[1], None, True, True
        elif found := _OP.fullmatch(line):
            self._op, self._mode, self._tag = found[1], found[2], None
            self._put_mode(number, found[1], found[2])
        elif (found := _DATED.fullmatch(line)) or (self._op and (found := _PIE.fullmatch(line))):
            self._dated(number, found)
        elif _CLAIMS.match(line):
            self.unreadable.append(number)
        elif found := _RUNNING.fullmatch(line):
            self._run(number, found[1])
        elif found := _TAG.fullmatch(line):
            self._tag = None if found[1] == "null" else found[1]
        elif found := _SHORT.fullmatch(line):
            self._short(number, found)
        elif line.strip() == _NONE:
            self.known = True

    def cut_at(self, number: int) -> bool:
        """Whether a text that ends in the middle of this line lost something there."""
        kept = (*(access.line for access in self.accesses), *(mode.line for mode in self.modes))
        return number in self.unreadable or number not in kept

    def _put_mode(self, number: int, op: str, mode: str) -> None:
        self.modes.append(Mode(number, op, _MODES.get(mode, mode), self._package, self._uid))

    def _dated(self, number: int, found: re.Match[str]) -> None:
        """A line with a date; in Android 9 the lines after the first leave the word out."""
        if self._op is None or self._package is None:
            self.unreadable.append(number)
            return
        word, state, *middle, when, ago, rest = found.groups()
        self._rejected = word == "Reject" if word else self._rejected
        duration = re.search(r"duration=(\S{1,40})", rest)
        gone = milliseconds(ago)
        self.accesses.append(
            Access(
                number, self._op, self._rejected, self._package, self._uid, self._mode, self._tag, state,
                middle[0] if middle else None, when, None if gone is None else -gone,
                milliseconds(duration[1]) if duration else None, running=False, proxied="proxy[" in rest,
            )
        )  # fmt: skip

    def _run(self, number: int, since: str) -> None:
        """An operation that still runs: it belongs to the access above it, or stands alone."""
        last = self.accesses[-1] if self.accesses else None
        if self._op is None or self._package is None:
            self.unreadable.append(number)
            return
        gone = milliseconds(since)
        same = last is not None and (last.op, last.package, last.tag) == (self._op, self._package, self._tag)
        state = last.state if last is not None and same else None
        ago = None if gone is None else abs(gone)
        self.accesses.append(
            Access(
                number,
                self._op,
                False,
                self._package,
                self._uid,
                self._mode,
                self._tag,
                state,
                None,
                None,
                ago,
                ago,
                True,
            )
        )

    def _short(self, number: int, found: re.Match[str]) -> None:
        """One line for an operation, with times relative to the dump. Of a user id it has no times."""
        whole, op, mode, rest = found.groups()
        if not self.dump and (found.string[0].isspace() or mode not in _WORDS):
            return  # some other report has lines like that
        if self._package is None and self.dump and not whole:
            self._put_mode(number, op, mode)
            return
        self.known = True
        self.modes.append(Mode(number, op, _MODES.get(mode, mode), None if whole else self._package, self._uid))
        self.accesses += self._relative(number, op, _MODES.get(mode, mode), rest)

    def _relative(self, number: int, op: str, mode: str, rest: str) -> Iterator[Access]:
        told = dict(re.findall(r"; (time|rejectTime|duration)=([+-]?\w{1,40})", rest))
        running = rest.rstrip().endswith("(running)")
        for word, rejected in (("time", False), ("rejectTime", True)):
            if word not in told and not (running and not rejected):
                continue
            duration = milliseconds(told["duration"]) if "duration" in told and not rejected else None
            ago = milliseconds(told[word]) if word in told else None
            if ago is not None and ago >= _NEVER:
                continue
            yield Access(
                number, op, rejected, self._package, self._uid, mode, ago=ago, duration=duration,
                running=running and not rejected,
            )  # fmt: skip


def milliseconds(text: str) -> int | None:
    """Android's ``+1d2h3m4s5ms`` as a number; null for anything else."""
    if text == "0":
        return 0
    found = _STEPS.fullmatch(text)
    if found is None or not any(found.groups()[1:]):
        return None
    total = sum(int(part or 0) * unit for part, unit in zip(found.groups()[1:], _UNITS, strict=True))
    return -total if found[1] == "-" else total

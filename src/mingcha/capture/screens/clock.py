"""The device's clock as this machine sees it: between which bounds it lies, measured by many short questions."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import NamedTuple

from mingcha.capture.screens.adb import Device
from mingcha.errors import UsageError

ROUNDS = 9
_TIME = re.compile(r"(\d{9,11})(?:\.(\d{1,9}))?")
_UPTIME = re.compile(r"Uptime: (\d{1,15}) Realtime: \d+")
_WALL = 1e9
"""Stamps of events above this are no time since the phone was started but its clock."""


class Bounds(NamedTuple):
    """Something in seconds that lies between ``low`` and ``high``."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The best guess."""
        return (self.low + self.high) / 2

    @property
    def error(self) -> float:
        """How far the guess may be off."""
        return (self.high - self.low) / 2

    def around(self, other: Bounds | None) -> Bounds:
        """What holds both."""
        return self if other is None else Bounds(min(self.low, other.low), max(self.high, other.high))

    def __and__(self, other: Bounds) -> Bounds | None:
        """What both allow; null where they exclude each other."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Bounds(low, high) if low <= high else None


class Clock:
    """Times of the device from this machine's monotonic clock, and from the stamps of its touches."""

    def __init__(self, device: Device, offset: str | None) -> None:
        self._device = device
        self._zone = dt.datetime.strptime(offset or "+00:00", "%z").tzinfo
        self.since, self.steady = self._measured(), True
        self._stamps = self._stamped()

    def now(self) -> float:
        """The device's time now, in seconds since 1970."""
        return self.at(time.monotonic())

    def earliest(self) -> float:
        """The earliest that the device's clock can show now."""
        return time.monotonic() + self.since.low

    def at(self, moment: float) -> float:
        """The device's time at a moment of this machine's monotonic clock."""
        return moment + self.since.middle

    def of_stamp(self, stamp: float) -> float | None:
        """The device's time of an event, the earliest it can have been; null where stamps cannot be related to it."""
        if stamp > _WALL:
            return stamp
        return stamp + self._stamps.low if self._stamps else None

    def text(self, seconds: float) -> str:
        """A time of the device as it is written down."""
        return dt.datetime.fromtimestamp(seconds, self._zone).isoformat("T", "milliseconds")

    def ahead(self) -> Bounds:
        """How many seconds this machine's clock is ahead of the device's."""
        here = dt.datetime.now(dt.UTC).timestamp() - time.monotonic()  # noqa: TID251  # two clocks are compared
        return Bounds(here - self.since.high, here - self.since.low)

    def again(self) -> None:
        """Measure once more; bounds widen over both, and a clock that was set meanwhile is told by ``steady``."""
        later = self._measured()
        self.steady = (self.since & Bounds(later.low - 0.5, later.high + 0.5)) is not None
        self.since = self.since.around(later)

    def _measured(self) -> Bounds:
        """The device's time less ours: it read its clock between question and answer, whatever each took."""
        found: Bounds | None = None
        for _ in range(ROUNDS):
            before = time.monotonic()
            said = self._device.text("date +%s.%N", seconds=10)
            after = time.monotonic()
            read = _seconds(said)
            if read is not None:
                one = Bounds(read.low - after, read.high - before)
                found = one if found is None else (found & one or one)
        if found is None:
            raise UsageError("the phone does not tell its time (`adb shell date +%s`)")
        return found

    def _stamped(self) -> Bounds | None:
        """The device's time less that of its events, which count from its start and stand still while it sleeps."""
        said = self._device.text("date +%s.%N; dumpsys gfxinfo com.android.systemui | grep -m1 Uptime; date +%s.%N")
        first, _, rest = said.partition("\n")
        up, before, after = _UPTIME.search(rest), _seconds(first), _seconds(rest.strip().rpartition("\n")[2])
        if up is None or before is None or after is None:
            return None
        return Bounds(before.low - int(up[1]) / 1000 - 0.001, after.high - int(up[1]) / 1000)


def _seconds(text: str) -> Bounds | None:
    """Between which seconds a clock was read; an old ``date`` knows whole ones only."""
    found = _TIME.match(text.strip())
    if found is None:
        return None
    whole = int(found[1])
    if not found[2]:
        return Bounds(whole, whole + 1)
    exact = whole + int(found[2]) / 10 ** len(found[2])
    return Bounds(exact, exact)

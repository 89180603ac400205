"""Counting forward: so many days, days worked, months or hours after a beginning, without the days of a suspension."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec import Struct

from mingcha.casework.clocks import Told
from mingcha.casework.shanghai import SHANGHAI
from mingcha.casework.working import WorkCalendar

_YEAR = 12
Gap = tuple[int, int | None]
"""First and last day of a time that is not counted; without a last one it has not ended."""


class Suspension(Struct, frozen=True, kw_only=True):
    """Days from the first to the last, both included, that are not counted; no last day while it goes on."""

    first: date
    reason: Told
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


class Days(Protocol):
    """A way to count days."""

    def nth(self, after: int, number: int) -> int:
        """The so-manieth counted day after a day."""

    def count(self, after: int, until: int) -> int:
        """How many days count after one day up to and with another."""


class EveryDay:
    """Days of the calendar: all count."""

    def nth(self, after: int, number: int) -> int:
        """So many days later."""
        return after + number

    def count(self, after: int, until: int) -> int:
        """The days between."""
        return until - after


def midnight(day: int) -> datetime:
    """When a day begins in Shanghai, which is 24:00 of the day before."""
    return datetime.combine(date.fromordinal(day), datetime.min.time(), SHANGHAI)


def merged(suspensions: Iterable[Suspension]) -> tuple[Gap, ...]:
    """The days not counted as runs that neither overlap nor touch, in order."""
    gaps: list[Gap] = []
    for one in sorted(suspensions, key=lambda one: one.first):
        first, last = one.first.toordinal(), one.last.toordinal() if one.last else None
        before = gaps[-1] if gaps else None
        if before is None or (before[1] is not None and before[1] + 1 < first):
            gaps.append((first, last))
        elif before[1] is not None:
            gaps[-1] = before[0], None if last is None else max(before[1], last)
    return tuple(gaps)


def advance(days: Days, start: int, number: int, gaps: Sequence[Gap]) -> int | None:
    """The last of so many counted days after ``start``; None where a suspension that has not ended stops the count."""
    for first, last in gaps:
        if last is not None and last <= start:
            continue
        if days.nth(start, number) < first:
            break
        number -= days.count(start, max(start, first - 1))
        if last is None:
            return None
        start = last
    return days.nth(start, number)


def advance_hours(start: datetime, number: int, gaps: Sequence[Gap]) -> datetime | None:
    """The instant so many hours later; None where a suspension that has not ended stops the count."""
    left = timedelta(hours=number)
    for first, last in gaps:
        if last is not None and midnight(last + 1) <= start:
            continue
        if start + left <= midnight(first):
            break
        left -= max(midnight(first) - start, timedelta(0))
        if last is None:
            return None
        start = midnight(last + 1)
    return start + left


def months_later(start: int, number: int) -> int:
    """The same day so many months later, or the last of that month where it has none (Civil Code 202)."""
    day = date.fromordinal(start)
    year, month = divmod(day.year * _YEAR + day.month - 1 + number, _YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])).toordinal()


def next_worked(calendar: WorkCalendar, day: int, gaps: Sequence[Gap]) -> int | None:
    """The day itself if it is worked, else the next one that is (Civil Code 203), outside of suspensions."""
    while True:
        day = calendar.nth(day - 1, 1)
        gap = next((gap for gap in gaps if gap[0] <= day and (gap[1] is None or day <= gap[1])), None)
        if gap is None:
            return day
        if gap[1] is None:
            return None
        day = gap[1] + 1

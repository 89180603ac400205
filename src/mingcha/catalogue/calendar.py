"""China's working days as published for each year, and whether a promised time is longer than fifteen of them.

How many working days a number of calendar days holds depends on the day it begins. So a promise in calendar days is over the
limit only if it is so from every day of the calendar, and within it only if it is so from every day; else nobody can say.
"Every day" are the days since 2019: the limit is of November of that year, so nobody ever promised anything against it before,
and the years before had other holidays. They are in the table for deadlines (casework/working.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

LIMIT = 15
"""Working days that a promise may not exceed (idm-2019, items 6.3 and 6.5)."""
SINCE = date(2019, 1, 1)
"""Promises are measured from this day on: the year of the Method that sets the limit."""
_FILE = Path(__file__).with_name("calendar.yaml")
_DAY = timedelta(days=1)
_WEEKEND = 5
_LONGEST, _SHORTEST = 31, 28
_HOURS = 24


class Year(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One year of the calendar: days off, Saturdays and Sundays that are worked, and where that is said."""

    year: int
    notices: tuple[str, ...]
    label: str
    holidays: tuple[str, ...]
    make_up: tuple[date, ...]
    note: str | None = None

    def days_off(self) -> Iterator[date]:
        """The days off, runs written out."""
        for run in self.holidays:
            first, _, last = run.partition("..")
            day, end = date.fromisoformat(first), date.fromisoformat(last or first)
            while day <= end:
                yield day
                day += _DAY


@cache
def years() -> tuple[Year, ...]:
    """The calendar as shipped."""
    return msgspec.yaml.decode(_FILE.read_bytes(), type=tuple[Year, ...])


@cache
def _worked() -> tuple[date, tuple[int, ...]]:
    """The first day of the calendar, and how many working days there are before each day from it on."""
    off = {day for year in years() for day in year.days_off()}
    on = {day for year in years() for day in year.make_up}
    first, last = date(years()[0].year, 1, 1), date(years()[-1].year, 12, 31)
    passed = [0]
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        works = day in on or (day.weekday() < _WEEKEND and day not in off)
        passed.append(passed[-1] + works)
    return first, tuple(passed)


def is_worked(day: date) -> bool:
    """Whether a day of the calendar is a working day."""
    first, passed = _worked()
    at = (day - first).days
    return passed[at + 1] > passed[at]


@cache
def working_days(number: int) -> tuple[int, int]:
    """The fewest and the most working days among so many days after any day since 2019, that day not counted."""
    first, counted = _worked()
    passed = counted[(SINCE - first).days :]
    windows = [later - earlier for earlier, later in zip(passed[1:], passed[1 + number :], strict=False)]
    return min(windows, default=0), max(windows, default=number)


def over_limit(number: int, unit: str) -> bool | None:
    """Whether a promised time is longer than fifteen working days, whenever it begins; null where that depends on the day."""
    if unit == "working day":
        return number > LIMIT
    days = {"calendar day": (number, number), "month": (_SHORTEST * number, _LONGEST * number)}.get(unit)
    if unit == "hour":
        days = number // _HOURS, -(-number // _HOURS)
    if days is None:
        return None
    if working_days(days[0])[0] > LIMIT:
        return True
    return False if working_days(days[1])[1] <= LIMIT else None

"""Days of work and of rest as numbers that can be counted at once, also beyond the last year the State Council has published.

A year without a table is reckoned with Saturdays, Sundays and the public holidays of fixed date as days of rest, and nothing that
touches it is certain. The last week of the last published year is not certain either: the notice for a new year has often
changed it (31 December 2005, 30 December 2006, 29 December 2007, 31 December 2011, 29 December 2018).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate, pairwise
from operator import itemgetter

from mingcha.catalogue.calendar import Year, years
from mingcha.errors import UsageError

_AHEAD = 5
"""Years reckoned beyond the last table, for what runs long."""
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Public holidays of fixed date under the Measures on Public Holidays as amended in 2024; the others follow the moon."""
_CERTAIN = (12, 24)
_WEEK, _SATURDAY = 7, 5
_END = itemgetter(1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days as ordinals: how many were worked before each, which were worked, runs of holidays, days made up.

    ``certain`` is the last day that no later notice is expected to change.
    """

    first: int
    last: int
    certain: int
    passed: tuple[int, ...]
    worked: tuple[int, ...]
    runs: tuple[tuple[int, int], ...]
    made_up: tuple[int, ...]

    @classmethod
    def of(cls, tables: Sequence[Year]) -> WorkCalendar:
        """The calendar of these years. Raises UsageError for none, or for years that do not follow each other."""
        if not tables or any(later.year != year.year + 1 for year, later in pairwise(tables)):
            raise UsageError("a calendar needs years that follow each other")
        begin, final = tables[0].year, tables[-1].year
        off = {day.toordinal() for table in tables for day in table.days_off()}
        on = {day.toordinal() for table in tables for day in table.make_up}
        assumed = {date(final + n, *day).toordinal() for n in range(1, _AHEAD + 1) for day in _FIXED}
        first, last = date(begin, 1, 1).toordinal(), date(final + _AHEAD, 12, 31).toordinal()
        works = [
            day in on or (_weekday(day) < _SATURDAY and day not in off and day not in assumed)
            for day in range(first, last + 1)
        ]
        worked = tuple(first + at for at, work in enumerate(works) if work)
        passed = tuple(accumulate(works, initial=0))
        return cls(
            first, last, date(final, *_CERTAIN).toordinal(), passed, worked, tuple(_runs(off)), tuple(sorted(on))
        )

    def is_worked(self, day: int) -> bool:
        """Whether the day is worked. Raises UsageError outside the calendar."""
        at = self._at(day)
        return self.passed[at + 1] > self.passed[at]

    def nth(self, after: int, number: int) -> int:
        """The so-manieth day worked after a day (itself not counted). Raises UsageError beyond the calendar."""
        at = self.passed[self._at(after) + 1] + number - 1
        if at >= len(self.worked):
            raise UsageError("the deadline lies beyond the calendar")
        return self.worked[at]

    def count(self, after: int, until: int) -> int:
        """How many days are worked after one day up to and with another."""
        return self.passed[self._at(until) + 1] - self.passed[self._at(after) + 1]

    def holidays(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Runs of holidays of the tables between two days, cut to them; runs without a weekday change nothing and are left out."""
        for start, end in self.runs[bisect_left(self.runs, first, key=_END) :]:
            if start > last:
                return
            cut = max(start, first), min(end, last)
            if any(_weekday(day) < _SATURDAY for day in range(cut[0], cut[1] + 1)):
                yield cut

    def make_up(self, first: int, last: int) -> tuple[int, ...]:
        """Saturdays and Sundays between two days that are worked."""
        return self.made_up[bisect_left(self.made_up, first) : bisect_right(self.made_up, last)]

    def _at(self, day: int) -> int:
        if not self.first <= day <= self.last:
            raise UsageError(f"{date.fromordinal(day).isoformat()} lies outside the calendar")
        return day - self.first


@cache
def shipped() -> WorkCalendar:
    """The calendar of the tables Mingcha ships."""
    return WorkCalendar.of(years())


def _weekday(day: int) -> int:
    return (day - 1) % _WEEK  # 1 January of the year 1, the ordinal 1, was a Monday


def _runs(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    start = end = None
    for day in sorted(days):
        if start is None or end is None:
            start = day
        elif day != end + 1:
            yield start, end
            start = day
        end = day
    if start is not None and end is not None:
        yield start, end

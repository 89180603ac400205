"""What holds of every deadline, tried on many: order, addition, rest, and agreement with counting day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mingcha.casework.counting import Suspension, merged
from mingcha.casework.deadlines import Deadline, Extension, reckon
from mingcha.casework.shanghai import SHANGHAI
from mingcha.casework.working import shipped
from mingcha.catalogue.calendar import is_worked
from tests.unit.casework.clockwork import WORDS, rule

QUICK = settings(max_examples=150, deadline=None, derandomize=True)
DAY = timedelta(days=1)
starts = st.dates(date(2004, 1, 1), date(2025, 6, 30))
lengths = st.integers(1, 90)
units = st.sampled_from(["working", "calendar", "months"])
gaps = st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 15)), max_size=3)


def after(unit: str, length: int, start: date, suspensions: list[Suspension] | None = None) -> Deadline:
    """The deadline so much after a day; of months only a few."""
    return reckon(rule(unit, min(length, 6) if unit == "months" else length), start, shipped(), suspensions or [])


def pauses(start: date, drawn: list[tuple[int, int]]) -> list[Suspension]:
    """Suspensions near a day."""
    return [Suspension(first=start + at * DAY, last=start + (at + more) * DAY, reason=WORDS) for at, more in drawn]


def slowly(unit: str, length: int, start: date, suspensions: list[Suspension]) -> date:
    """The last day by going through the days one by one, with the table that the policy reader uses."""

    def paused(day: date) -> bool:
        return any(one.covers(day) for one in suspensions)

    day, left = start, length
    while left:
        day += DAY
        left -= not paused(day) and (unit == "calendar" or is_worked(day))
    while unit == "calendar" and (paused(day) or not is_worked(day)):
        day += DAY
    return day


@QUICK
@given(units, lengths, starts, st.integers(0, 40))
def test_a_later_start_is_never_due_earlier(unit: str, length: int, start: date, more: int) -> None:
    """Monotone in the start."""
    assert after(unit, length, start).due <= after(unit, length, start + more * DAY).due


@QUICK
@given(units, lengths, st.integers(0, 30), starts)
def test_a_longer_time_is_never_due_earlier(unit: str, length: int, more: int, start: date) -> None:
    """Monotone in the length."""
    assert after(unit, length, start).due <= after(unit, length + more, start).due


@QUICK
@given(lengths, lengths, starts)
def test_working_days_add_up(first: int, second: int, start: date) -> None:
    """Some and some more from where those ended is all of them at once, also as an extension."""
    whole = after("working", first + second, start)
    assert after("working", second, after("working", first, start).last_day).due == whole.due
    longer = reckon(rule("working", first), start, shipped(), (), [Extension(length=second, reason=WORDS)])
    assert longer.due == whole.due


@QUICK
@given(units, lengths, starts, gaps)
def test_nothing_is_due_on_a_day_of_rest_or_while_suspended(
    unit: str, length: int, start: date, drawn: list[tuple[int, int]]
) -> None:
    """The last day is worked and belongs to no suspension, whatever the unit of days."""
    suspensions = pauses(start, drawn)
    last = after(unit, length, start, suspensions).last_day
    assert is_worked(last)
    assert not any(one.covers(last) for one in suspensions)


@QUICK
@given(st.sampled_from(["working", "calendar"]), lengths, starts, gaps)
def test_the_quick_count_is_the_slow_one(unit: str, length: int, start: date, drawn: list[tuple[int, int]]) -> None:
    """The engine's numbers are those of going through the days one by one, with and without suspensions."""
    suspensions = pauses(start, drawn)
    assert after(unit, length, start, suspensions).last_day == slowly(unit, length, start, suspensions)


@QUICK
@given(lengths, starts)
def test_rolling_forward_skips_rest_only(length: int, start: date) -> None:
    """Between the counted last day and the one that holds there is no day of work; without the rule nothing moves."""
    plain = reckon(rule("calendar", length, roll=False), start, shipped()).last_day
    last = after("calendar", length, start).last_day
    assert plain == start + length * DAY
    assert not any(is_worked(plain + n * DAY) for n in range((last - plain).days))


@QUICK
@given(st.datetimes(datetime(2004, 1, 2), datetime(2025, 6, 30)), st.integers(1, 500))
def test_hours_are_exact(start: datetime, length: int) -> None:
    """So many hours later to the second, holidays or not, and never provisional."""
    begun = start.replace(tzinfo=SHANGHAI)
    deadline = reckon(rule("hours", length), begun, shipped())
    assert deadline.due == begun + timedelta(hours=length)
    assert not deadline.provisional


@QUICK
@given(st.integers(1, 200), starts, gaps)
def test_hours_wait_for_the_whole_suspension(length: int, start: date, drawn: list[tuple[int, int]]) -> None:
    """From beginning to end there are as many hours outside of suspensions as the clock has."""
    suspensions = pauses(start, drawn)
    begun = datetime.combine(start, datetime.min.time(), SHANGHAI) + timedelta(hours=7)
    due = reckon(rule("hours", length), begun, shipped(), suspensions).due
    hours = (begun + timedelta(hours=n) for n in range(int((due - begun) / timedelta(hours=1))))
    assert sum(not any(one.covers(hour.date()) for one in suspensions) for hour in hours) == length


@QUICK
@given(units, lengths, starts, gaps)
def test_a_suspension_only_ever_delays(unit: str, length: int, start: date, drawn: list[tuple[int, int]]) -> None:
    """With suspensions it is due on the same day or later, however they overlap."""
    assert after(unit, length, start, pauses(start, drawn)).due >= after(unit, length, start).due


@QUICK
@given(starts, gaps)
def test_merged_suspensions_cover_the_same_days(start: date, drawn: list[tuple[int, int]]) -> None:
    """Runs in order that do not touch, and not a day more or less than the suspensions they were made of."""
    suspensions = pauses(start, drawn)
    runs = merged(suspensions)
    covered = {day for first, last in runs for day in range(first, last + 1)}
    near = range(start.toordinal() - 10, start.toordinal() + 100)
    assert covered == {day for day in near if any(one.covers(date.fromordinal(day)) for one in suspensions)}
    assert all(one[1] + 1 < two[0] for one, two in pairwise(runs))


@QUICK
@given(units, lengths, st.dates(date(2026, 6, 1), date(2027, 6, 1)))
def test_what_lies_beyond_the_certain_days_is_provisional(unit: str, length: int, start: date) -> None:
    """Provisional exactly if the last day comes after 24 December of the last published year."""
    assume(start.year < 2028)
    deadline = after(unit, length, start)
    assert deadline.provisional is (deadline.last_day > date(2026, 12, 24))

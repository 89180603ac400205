"""Days worked as numbers: what is found between two days, and what is assumed where no table reaches."""

from __future__ import annotations

from datetime import date

import pytest

from mingcha.casework.deadlines import reckon
from mingcha.casework.working import WorkCalendar, shipped
from mingcha.errors import UsageError
from tests.unit.casework.clockwork import rule


def holidays(first: date, last: date) -> list[tuple[date, date]]:
    """Runs of holidays between two days."""
    runs = shipped().holidays(first.toordinal(), last.toordinal())
    return [(date.fromordinal(start), date.fromordinal(end)) for start, end in runs]


def test_runs_of_holidays_are_cut_to_what_was_asked() -> None:
    """First and last day belong to it; a run is cut at either end; one over the turn of the year is one run."""
    assert holidays(date(2026, 10, 7), date(2026, 10, 31)) == [(date(2026, 10, 7), date(2026, 10, 7))]
    assert holidays(date(2026, 9, 1), date(2026, 10, 1)) == [
        (date(2026, 9, 25), date(2026, 9, 27)),
        (date(2026, 10, 1), date(2026, 10, 1)),
    ]
    assert holidays(date(2018, 12, 1), date(2019, 1, 31)) == [(date(2018, 12, 30), date(2019, 1, 1))]
    assert holidays(date(2026, 10, 8), date(2026, 12, 31)) == []


def test_a_weekend_within_a_run_is_no_holiday_by_itself() -> None:
    """Saturday and Sunday of a run, without its weekdays, are rest anyway."""
    assert holidays(date(2026, 6, 20), date(2026, 6, 30)) == []


def test_made_up_days_include_first_and_last() -> None:
    """A last day that is a worked Saturday is named as one."""
    first, last = date(2025, 9, 28).toordinal(), date(2025, 10, 11).toordinal()
    assert shipped().make_up(first, last) == (first, last)
    assert "Sat 11 Oct is a working day; due 11 Oct 2025" in reckon(
        rule("working", 6), date(2025, 9, 26), shipped()
    ).told("en")


def test_a_year_without_table_rests_on_weekends_and_fixed_holidays() -> None:
    """2027: New Year, 1 and 2 May, 1 to 3 October and weekends; Spring Festival, which follows the moon, is not known."""
    worked = [
        day
        for day in range(date(2027, 1, 1).toordinal(), date(2027, 12, 31).toordinal() + 1)
        if shipped().is_worked(day)
    ]
    rest = {date(2027, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
    assert not rest & {date.fromordinal(day) for day in worked}
    assert len(worked) == 261 - sum(day.weekday() < 5 for day in rest)
    assert shipped().is_worked(date(2027, 2, 8).toordinal())


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2032, 1, 1)])
def test_beyond_the_calendar_is_an_error(day: date) -> None:
    """No answer rather than a guess."""
    with pytest.raises(UsageError, match=day.isoformat()):
        shipped().is_worked(day.toordinal())


def test_weekdays_are_those_of_the_calendar_in_a_year_without_holidays() -> None:
    """Monday to Friday, whatever the year begins with."""
    from mingcha.catalogue.calendar import Year

    bare = WorkCalendar.of([Year(year=2026, notices=("none",), label="D", holidays=(), make_up=())])
    days = range(date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1)
    assert all(bare.is_worked(day) == (date.fromordinal(day).weekday() < 5) for day in days)

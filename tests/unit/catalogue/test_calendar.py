"""The calendar of working days is that of the notices, and says of a promised time only what holds from every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mingcha.catalogue import calendar
from mingcha.catalogue.calendar import is_worked, over_limit, working_days, years


def days(first: str, number: int) -> list[date]:
    """So many days after one, that day not counted."""
    return [date.fromisoformat(first) + timedelta(n) for n in range(1, number + 1)]


def test_years_follow_each_other_and_were_all_read() -> None:
    """2004 to 2026 without a hole, each with its notice; all but 2005 were read in the Chinese text of the notice."""
    assert [year.year for year in years()] == list(range(2004, 2027))
    assert all(year.notices for year in years())
    assert {year.year: year.label for year in years() if year.label != "V"} == {2005: "VE"}


def test_days_are_of_their_year_and_make_up_days_are_weekends() -> None:
    """No date stands under the wrong year; only Saturdays and Sundays can be worked in exchange; none is both."""
    for year in years():
        off = set(year.days_off())
        assert {day.year for day in (*off, *year.make_up)} == {year.year}
        assert all(day.weekday() >= 5 for day in year.make_up)
        assert off.isdisjoint(year.make_up)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2004-05-08", True), ("2005-12-31", True), ("2007-12-31", False), ("2008-04-04", False), ("2015-09-04", False), ("2015-09-06", True),
        ("2018-12-29", True), ("2018-12-31", False), ("2019-05-01", False), ("2019-05-02", False), ("2019-05-05", True), ("2020-01-19", True), ("2020-01-31", False),
        ("2020-02-01", False), ("2020-02-03", True), ("2022-10-08", True), ("2024-02-09", True), ("2025-10-08", False),
        ("2026-02-14", True), ("2026-02-23", False), ("2026-11-21", False), ("2026-11-20", True),
    ],
)  # fmt: skip
def test_single_days(day: str, worked: bool) -> None:
    """Days read off the notices: holidays, the longer Spring Festival of 2020, make-up days, a plain weekend and weekday."""
    assert is_worked(date.fromisoformat(day)) is worked


def test_a_window_counted_by_hand() -> None:
    """After 27 January 2025 (a Monday): Spring Festival to 4 February, then 5-7, Saturday the 8th and 10-14: nine in 18 days."""
    assert sum(map(is_worked, days("2025-01-27", 18))) == 9
    # after 13 February 2026: Saturday the 14th, 24-28 February (the 28th made up), 2-6, 9-13 March: sixteen in thirty days
    assert sum(map(is_worked, days("2026-02-13", 30))) == 16


def test_the_fewest_working_days_in_thirty_are_those_of_2020() -> None:
    """After 23 January 2020 work began on 3 February: three weeks of five, and the thirtieth day is a Saturday."""
    assert sum(map(is_worked, days("2020-01-23", 30))) == 15
    assert working_days(30)[0] == 15


def test_the_fewest_and_the_most_agree_with_counting() -> None:
    """The quick count is that of going through every day since 2019, the year of the Method that sets the limit."""
    first, last = date(2019, 1, 1), date(2026, 12, 31)
    for number in (7, 21, 30):
        starts = [first + timedelta(n) for n in range((last - first).days + 1 - number)]
        counted = [sum(map(is_worked, days(start.isoformat(), number))) for start in starts]
        assert working_days(number) == (min(counted), max(counted))


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        (15, "working day", False), (16, "working day", True), (15, "calendar day", False), (17, "calendar day", False),
        (21, "calendar day", None), (30, "calendar day", None), (31, "calendar day", None), (32, "calendar day", True),
        (60, "calendar day", True), (48, "hour", False), (1, "month", None), (2, "month", True), (1, "year", None),
    ],
)  # fmt: skip
def test_over_the_limit_only_from_every_day(number: int, unit: str, expected: bool | None) -> None:
    """True and false hold whenever the time begins; what depends on the day, or has no known unit, is neither."""
    assert over_limit(number, unit) is expected


def test_limit_is_that_of_the_method() -> None:
    """Fifteen working days (idm-2019, items 6.3 and 6.5)."""
    assert calendar.LIMIT == 15


def test_years_before_the_method_say_nothing_about_promises() -> None:
    """After 11 January 2004 ten days in a row were worked; since 2019, from which on promises are measured, at most nine."""
    assert sum(map(is_worked, days("2004-01-11", 10))) == 10
    assert working_days(10)[1] == 9

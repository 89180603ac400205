"""Clock times of a run: what is no moment is none, and an axis has a few round ticks whatever its length."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.render.clocktime import MOST_TICKS, clock, moment, offset, ticks

EAST = timezone(timedelta(hours=8))
TEN = datetime(2026, 1, 5, 10, 0, 7, 300_000, tzinfo=EAST)


@pytest.mark.parametrize(
    "text", [None, "", "later", "2026-01-05T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_what_is_no_moment_is_none(text: str | None) -> None:
    """A time that is missing, unreadable, without offset or at the edge of the calendar is not guessed."""
    assert moment(text) is None


def test_a_moment_keeps_its_clock() -> None:
    """The time is told on the clock it was written with, seconds cut and not rounded up."""
    read = moment("2026-01-05T10:00:07.999+08:00")
    assert read is not None
    assert (clock(read), clock(read, dated=True), offset(read.tzinfo, read)) == ("10:00:07", "01-05 10:00:07", "+08:00")


def told(seconds: float) -> list[str]:
    return [text for _, text in ticks(TEN, TEN + timedelta(seconds=seconds))]


def test_ticks_are_round() -> None:
    """Seconds for a short run, minutes for a longer one; every third day, counted from 1970, for one of weeks."""
    assert told(3) == ["10:00:08", "10:00:09", "10:00:10"]
    assert told(119)[:2] == ["10:00:15", "10:00:30"]
    assert told(600) == ["10:02", "10:04", "10:06", "10:08", "10:10"]
    assert told(80_000)[:2] == ["12:00", "15:00"]
    assert told(3 * 86_400)[:2] == ["01-05 12:00", "01-06 00:00"]
    assert told(20 * 86_400)[:2] == ["2026-01-07", "2026-01-10"]


@given(st.floats(0, 2e11), st.integers(-14 * 60, 14 * 60))
def test_no_axis_has_more_than_nine_ticks(seconds: float, minutes: int) -> None:
    """However long the run and whatever its zone, the ticks are few, in order and inside."""
    first = datetime(2000, 5, 6, 7, 8, 9, tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    last = first + timedelta(seconds=seconds)
    found = [time for time, _ in ticks(first, last)]
    assert len(found) <= MOST_TICKS + 1
    assert found == sorted(set(found))
    assert all(first <= time <= last for time in found)

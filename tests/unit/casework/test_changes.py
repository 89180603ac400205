"""A new calendar moves deadlines only in the open, and never those a served document names."""

from __future__ import annotations

from datetime import date

import pytest

from mingcha.casework.changes import recompute
from mingcha.casework.deadlines import Deadline, cancel, meet, reckon, serve, state
from mingcha.casework.working import WorkCalendar, shipped
from mingcha.catalogue.calendar import Year, years
from tests.unit.casework.clockwork import at, rule

NEXT = Year(
    year=2027, notices=("made up for this test",), label="D", holidays=("2027-01-01..2027-01-03", "2027-01-06..2027-01-07"), make_up=(date(2027, 1, 9),)
)  # fmt: skip
LATER = WorkCalendar.of((*years(), NEXT))


def before_and_after(start: date, length: int) -> tuple[Deadline, Deadline]:
    """The same deadline without and with a table for 2027."""
    return tuple(reckon(rule("working", length), start, calendar) for calendar in (shipped(), LATER))


def test_nothing_changes_where_the_calendar_says_the_same() -> None:
    """Reckoned twice with one calendar there is nothing to record."""
    old, new = before_and_after(date(2026, 9, 28), 15)
    assert recompute(old, new) is None


def test_a_published_calendar_confirms_what_it_does_not_move() -> None:
    """The same day, now certain: that is recorded too."""
    old, new = before_and_after(date(2026, 12, 22), 7)
    change = recompute(old, new)
    assert change.kind == "confirmed"
    assert change.old_due == change.new_due
    assert not change.deadline.provisional
    assert change.lines[0].zh == "放假安排已公布，届满日不变：2026年12月31日24时届满"


def test_what_was_served_stays_served_when_it_is_confirmed() -> None:
    """The document keeps its day; and a table that is taken back makes the day uncertain again, which is recorded too."""
    old, new = before_and_after(date(2026, 12, 22), 7)
    assert recompute(serve(old), new).deadline.served == date(2026, 12, 31)
    back = recompute(new, old)
    assert back.kind == "unconfirmed"
    assert back.lines[0].zh == "届满日不变但尚未确定：2026年12月31日24时届满"


def test_a_published_calendar_moves_what_was_not_served_and_says_so() -> None:
    """From 6 to 8 January, with both days and the new reckoning in the record."""
    old, new = before_and_after(date(2026, 12, 22), 10)
    change = recompute(old, new)
    assert change.kind == "moved"
    assert change.deadline.last_day == date(2027, 1, 8)
    assert (
        change.lines[0].en
        == "reckoned anew: was due 6 Jan 2027, 24:00 Beijing time, now due 8 Jan 2027, 24:00 Beijing time"
    )
    assert "6–7 Jan 2027 are holidays" in [line.en for line in change.lines]


def test_a_served_text_wins_and_the_difference_is_shown_once() -> None:
    """The day of the document stands, the other is told and kept beside it, and not told again."""
    old, new = before_and_after(date(2026, 12, 22), 10)
    change = recompute(serve(old), new)
    assert change.kind == "kept"
    assert change.deadline.due == old.due
    assert change.deadline.reckoned == new.due
    assert change.lines[0].zh.startswith(
        "以已送达的文书为准：2027年1月6日24时届满；按现行放假安排推算为：2027年1月8日24时届满"
    )
    assert recompute(change.deadline, new) is None
    assert state(change.deadline, at("2027-01-07 12:00")) == "missed"


@pytest.mark.parametrize(
    "settle", [lambda one: cancel(one, at("2026-12-25 10:00")), lambda one: serve(meet(one, at("2026-12-25 10:00")))]
)
def test_what_is_settled_stays(settle) -> None:
    """A cancelled deadline, or one met by a day that holds, is not touched again."""
    old, new = before_and_after(date(2026, 12, 22), 10)
    assert recompute(settle(old), new) is None


def test_what_was_done_before_the_calendar_was_known_is_judged_by_it() -> None:
    """Done on 7 January: open as long as the deadline was provisional, in time by the new calendar."""
    old, new = before_and_after(date(2026, 12, 22), 10)
    done = meet(old, at("2027-01-07 10:00"))
    change = recompute(done, new)
    assert state(done, at("2027-02-01 10:00")) == "met"
    assert change.deadline.met_at == done.met_at
    assert state(change.deadline, at("2027-02-01 10:00")) == "met"


def test_the_end_of_a_suspension_gives_a_due_date_again() -> None:
    """From no date to a date is a change like any other."""
    old, new = before_and_after(date(2026, 9, 28), 15)
    nowhere = Deadline(rule=old.rule, unit=old.unit, start=old.start, lines=old.lines)
    change = recompute(nowhere, new)
    assert (change.kind, change.old_due, change.new_due) == ("moved", None, new.due)
    assert change.lines[0].zh == "重新计算：原届满日未定，现2026年10月23日24时届满"

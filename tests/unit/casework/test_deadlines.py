"""How deadlines are told and how they stand: nobody is late who is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import process_time

import msgspec
import pytest
from msgspec.structs import replace

from mingcha.casework.clocks import Told, clock
from mingcha.casework.counting import Suspension
from mingcha.casework.deadlines import (
    Deadline,
    Extension,
    cancel,
    elapsed,
    meet,
    reckon,
    remaining,
    serve,
    state,
)
from mingcha.casework.shanghai import SHANGHAI
from mingcha.casework.wording import ends
from mingcha.casework.working import WorkCalendar, shipped
from mingcha.catalogue.calendar import years
from mingcha.errors import UsageError
from tests.unit.casework.clockwork import WORDS, at, rule


def order(start: date = date(2026, 9, 28), **more: tuple) -> Deadline:
    """The fifteen working days of the example of the plan."""
    return reckon(rule("working", 15), start, shipped(), **more)


def test_the_reckoning_is_told_in_words() -> None:
    """Holidays and made-up days on the way are named, in English and Chinese."""
    deadline = order()
    assert deadline.told("en") == (
        "15 working days after 28 Sep 2026; 1–7 Oct are holidays; Sat 10 Oct is a working day; due 23 Oct 2026, 24:00 Beijing time"
    )
    assert (
        deadline.told("zh")
        == "自2026年9月28日的次日起算15个工作日；10月1日至7日放假；10月10日（星期六）上班；2026年10月23日24时届满。"
    )


def test_a_day_of_rest_that_moves_the_end_is_told() -> None:
    """Fifteen days from 18 September 2026 end in the National Day week, so they end after it."""
    deadline = reckon(rule("calendar", 15), date(2026, 9, 18), shipped())
    assert "the last day, Sat 3 Oct 2026, is a day of rest: it moves to Thu 8 Oct" in deadline.told("en")
    assert "末日2026年10月3日（星期六）是休息日，顺延至10月8日（星期四）" in deadline.told("zh")


def test_suspensions_and_extensions_are_told_with_their_reasons() -> None:
    """Whoever reads the line knows which days were left out, what was granted, and why."""
    pause = Suspension(
        first=date(2026, 10, 12), last=date(2026, 10, 14), reason=Told(zh="等待鉴定", en="waiting for the test")
    )
    more = Extension(length=5, reason=Told(zh="发版周期", en="release cycle"))
    told = order(suspensions=(pause,), extensions=(more,))
    assert "10月12日至14日中止，不计入：等待鉴定；延长5个工作日：发版周期" in told.told("zh")
    assert "12–14 Oct not counted: waiting for the test; extended by 5 working days: release cycle" in told.told("en")


def test_a_due_moment_kept_in_another_zone_is_told_in_that_of_beijing() -> None:
    """Databases give times back in UTC; the last day stays that of Beijing."""
    kept = replace(order(), due=order().due.astimezone(UTC))
    assert kept.last_day == date(2026, 10, 23)
    assert ends(kept.due).zh == "2026年10月23日24时届满"


def test_the_end_is_the_midnight_after_the_last_day() -> None:
    """Due is 24:00 in Beijing, an instant; the last day is the day before it."""
    assert order().due == datetime(2026, 10, 23, 16, tzinfo=at("2026-01-01").tzinfo) + timedelta(hours=8)
    assert order().last_day == date(2026, 10, 23)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-10-23 23:59:59.999999", "running"),
        ("2026-10-24 00:00", "running"),
        ("2026-10-24 00:00:00.000001", "missed"),
    ],
)
def test_late_begins_after_the_last_instant(now: str, expected: str) -> None:
    """At 24:00 sharp it is still in time, a moment later it is not."""
    assert state(order(), at(now)) == expected


def test_what_was_done_in_time_is_met_and_what_was_done_late_is_missed() -> None:
    """Done at the last instant counts, done after it does not, whenever one looks."""
    later = at("2027-06-01 08:00")
    assert state(meet(order(), at("2026-10-24 00:00")), later) == "met"
    assert state(meet(order(), at("2026-10-24 00:01")), later) == "missed"
    assert state(cancel(order(), at("2026-10-01 00:00")), later) == "cancelled"


def test_a_provisional_deadline_is_never_missed_until_it_is_served() -> None:
    """Without the holidays of 2027 nobody can be called late, unless a document named the day."""
    deadline = order(date(2026, 12, 22))
    long_after = at("2027-03-01 00:00")
    assert deadline.provisional
    assert "2027年放假安排尚未公布" in deadline.told("zh")
    assert state(deadline, long_after) == "running"
    assert state(meet(deadline, long_after), long_after) == "met"
    assert state(serve(deadline), long_after) == "missed"


def test_timely_has_no_end_and_nobody_misses_it() -> None:
    """Where the law sets no number, days are told and no due date."""
    deadline = reckon(clock("complaint-handling", date(2026, 5, 6), "cac"), date(2026, 5, 6), shipped())
    assert (deadline.due, deadline.last_day, deadline.provisional) == (None, None, False)
    assert state(deadline, at("2030-01-01 00:00")) == "running"
    assert remaining(deadline, at("2030-01-01 00:00")) is None
    assert elapsed(deadline, at("2026-05-16 09:00")) == 10
    assert elapsed(meet(deadline, at("2026-05-08 09:00")), at("2026-05-16 09:00")) == 2
    assert "法律只要求及时，未定天数" in deadline.told("zh")


def test_a_time_of_waiting_is_over_and_never_missed() -> None:
    """After the ban on listing again nobody is late."""
    deadline = reckon(rule("working", 5, waits=True), date(2026, 9, 14), shipped())
    assert state(deadline, at("2026-09-20 12:00")) == "running"
    assert state(deadline, at("2026-09-30 12:00")) == "met"


def test_a_row_that_kept_only_the_due_moment_is_judged_alike() -> None:
    """A ban that is over, a date that may move and a late answer are told apart without the whole reckoning."""
    over = at("2026-10-25 09:00")
    kept = Deadline(rule="test", unit="working", start=date(2026, 9, 28), lines=(), due=order().due)
    assert state(kept, over) == "missed"
    assert state(meet(kept, at("2026-10-23 09:00")), over) == "met"
    assert state(meet(kept, over), over) == "missed"
    assert state(meet(replace(kept, waits=True), over), over) == "met"
    assert state(replace(kept, provisional=True), over) == "running"
    assert state(serve(replace(kept, provisional=True)), over) == "missed"
    assert state(replace(kept, due=None), over) == "running"


def test_an_open_suspension_stops_the_clock() -> None:
    """While it goes on there is no due date and nobody is late; before it began the clock ran."""
    pause = Suspension(first=date(2026, 10, 12), reason=WORDS)
    deadline = order(suspensions=(pause,))
    assert deadline.due is None
    assert "中止期间届满日未定" in deadline.told("zh")
    assert state(deadline, at("2026-10-09 12:00")) == "running"
    assert state(deadline, at("2027-10-09 12:00")) == "suspended"


def test_hours_that_end_when_a_suspension_begins_have_ended() -> None:
    """Ten hours from two in the afternoon end at midnight, before the suspension of the next day."""
    pause = Suspension(first=date(2026, 5, 7), reason=WORDS)
    assert reckon(rule("hours", 10), at("2026-05-06 14:00"), shipped(), [pause]).due == at("2026-05-07 00:00")
    assert reckon(rule("hours", 11), at("2026-05-06 14:00"), shipped(), [pause]).due is None


def test_days_that_need_no_calendar_are_certain() -> None:
    """Plain days that do not roll forward end when they end, whatever the holidays of 2027."""
    assert not reckon(rule("calendar", 30, roll=False), date(2026, 12, 22), shipped()).provisional
    assert reckon(rule("calendar", 30), date(2026, 12, 22), shipped()).provisional


def test_a_time_of_waiting_is_not_over_while_its_end_may_move() -> None:
    """Nobody may act on a day that is not certain."""
    deadline = reckon(rule("working", 10, waits=True), date(2026, 12, 22), shipped())
    assert state(deadline, at("2027-02-01 00:00")) == "running"
    assert state(serve(deadline), at("2027-02-01 00:00")) == "met"


def test_a_suspension_after_the_end_changes_nothing() -> None:
    """Who was late before it was late."""
    deadline = order(suspensions=(Suspension(first=date(2026, 11, 2), reason=WORDS),))
    assert deadline.due == order().due
    assert state(deadline, at("2026-11-03 12:00")) == "missed"


def test_what_is_left() -> None:
    """Time left, below zero once it is over; nothing once it is settled."""
    noon = at("2026-10-22 12:00")
    assert remaining(order(), noon) == timedelta(hours=36)
    assert remaining(order(), at("2026-10-24 12:00")) == timedelta(hours=-12)
    assert remaining(meet(order(), noon), noon) is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: reckon(rule("hours", 5), date(2026, 5, 1), shipped()),
        lambda: reckon(rule("working", 5), datetime(2026, 5, 1, 10), shipped()),
        lambda: reckon(rule("working", 5), date(2003, 12, 31), shipped()),
        lambda: reckon(rule("working", 5), date(2031, 12, 30), shipped()),
        lambda: reckon(clock("hearing-request", date(2026, 5, 1)), date(2026, 5, 1), shipped(), [Suspension(first=date(2026, 5, 2), reason=WORDS)]),
        lambda: reckon(clock("hearing-request", date(2026, 5, 1)), date(2026, 5, 1), shipped(), (), [Extension(length=1, reason=WORDS)]),
        lambda: order(suspensions=(Suspension(first=date(2026, 10, 2), last=date(2026, 10, 1), reason=WORDS),)),
        lambda: order(extensions=(Extension(length=0, reason=WORDS),)),
        lambda: state(order(), datetime(2026, 5, 1, 10)),
        lambda: serve(reckon(rule("none", None), date(2026, 5, 1), shipped())),
        lambda: WorkCalendar.of(()),
        lambda: WorkCalendar.of((years()[0], years()[2])),
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_is_refused(wrong) -> None:
    """No guess for a missing time, zone, table or power to suspend."""
    with pytest.raises(UsageError):
        wrong()


def test_a_deadline_survives_being_written_down() -> None:
    """As JSON and back it is the same, with suspensions and instants."""
    pause = Suspension(first=date(2026, 10, 12), last=date(2026, 10, 14), reason=WORDS)
    deadline = serve(meet(order(suspensions=(pause,)), at("2026-10-20 10:00")))
    assert msgspec.json.decode(msgspec.json.encode(deadline), type=Deadline) == deadline


def test_ten_thousand_are_reckoned_in_well_under_a_second() -> None:
    """With words, over three years of starts (L5)."""
    calendar, fifteen = shipped(), rule("working", 15)
    begun = process_time()
    found = [reckon(fifteen, date(2023, 1, 1) + timedelta(n % 1000), calendar) for n in range(10_000)]
    assert process_time() - begun < 1
    assert len({deadline.last_day for deadline in found}) > 600


def test_a_holiday_is_named_as_far_as_it_was_met() -> None:
    """A start within a holiday names only the days after it, and a weekend within a run is no news."""
    told = reckon(rule("working", 1), date(2026, 10, 5), shipped()).told("en")
    assert "6–7 Oct are holidays" in told
    assert "holiday" not in reckon(rule("working", 3), date(2026, 6, 20), shipped()).told("en")


def test_the_year_is_said_where_it_changes_and_the_time_where_it_is_no_midnight() -> None:
    """A run into another year names it; half an hour past midnight is no 24:00."""
    assert "12月30日至2019年1月1日放假" in reckon(rule("working", 1), date(2018, 12, 29), shipped()).told("zh")
    assert reckon(rule("hours", 10), at("2026-05-06 14:30"), shipped()).told("zh").endswith("2026年5月7日00:30届满。")
    assert reckon(rule("hours", 10), at("2026-05-06 14:00"), shipped()).told("zh").endswith("2026年5月6日24时届满。")


def test_a_length_of_one_is_told_in_the_singular() -> None:
    """English keeps its grammar; a run over the turn of the year names both years' days."""
    told = reckon(rule("working", 1), date(2018, 12, 29), shipped()).told("en")
    assert told.startswith("1 working day after 29 Dec 2018; 30 Dec – 1 Jan 2019 are holidays")
    assert (
        reckon(replace(rule("hours", 1), length=1), at("2026-05-01 10:00"), shipped()).told("zh")
        == "自2026年5月1日10:00起1小时；2026年5月1日11:00届满。"
    )
    assert SHANGHAI.utcoffset(None) == timedelta(hours=8)

"""Reminders come once, one a recipient, and name the cases they are about."""

from __future__ import annotations

from datetime import date, timedelta
from time import process_time

from mingcha.casework.counting import Suspension
from mingcha.casework.deadlines import Deadline, cancel, meet, reckon
from mingcha.casework.reminders import Reminder, Watch, group_reminders
from mingcha.casework.working import shipped
from tests.unit.casework.clockwork import WORDS, at, rule

NOW = at("2026-10-22 09:00")


def due(start: str, *, length: int = 5, waits: bool = False) -> Deadline:
    """So many working days after a day."""
    return reckon(rule("working", length, waits=waits), date.fromisoformat(start), shipped())


def remind(*watched: tuple[str, str, Deadline], sent: frozenset[str] = frozenset()) -> tuple[Reminder, ...]:
    """The reminders of the morning of 22 October 2026, from recipients, cases and deadlines."""
    watches = [Watch(recipient=recipient, case=case, deadline=deadline) for recipient, case, deadline in watched]
    return group_reminders(watches, NOW, sent=sent)


def test_one_reminder_a_recipient_lists_the_cases_the_late_first() -> None:
    """Three deadlines of one operator make one reminder; another recipient gets another."""
    found = remind(
        ("甲公司", "案-3", due("2026-10-16")), ("甲公司", "案-1", due("2026-10-15")), ("甲公司", "案-2", due("2026-10-13")),
        ("承办人", "案-2", due("2026-10-13")),
    )  # fmt: skip
    assert [(one.recipient, one.cases) for one in found] == [
        ("承办人", ("案-2",)),
        ("甲公司", ("案-2", "案-1", "案-3")),
    ]
    assert [entry.stage for entry in found[1].entries] == ["missed", "last-day", "soon"]
    assert [line.zh for line in found[1].lines] == [
        "案-2：已逾期，2026年10月20日", "案-1：最后一日，2026年10月22日", "案-3：即将届满，2026年10月23日",
    ]  # fmt: skip


def test_what_is_far_done_cancelled_or_suspended_is_not_mentioned() -> None:
    """No reminder for what nobody has to do now."""
    pause = Suspension(first=date(2026, 10, 19), reason=WORDS)
    suspended = reckon(rule("working", 5), date(2026, 10, 15), shipped(), [pause])
    timely = reckon(rule("none", None), date(2026, 10, 15), shipped())
    late = due("2026-10-13")
    assert (
        remind(
            ("甲", "1", due("2026-10-22")),
            ("甲", "2", meet(late, NOW)),
            ("甲", "3", cancel(late, NOW)),
            ("甲", "4", suspended),
            ("甲", "5", timely),
        )
        == ()
    )


def test_nobody_is_urged_while_the_clock_stands_still() -> None:
    """Suspended on the 19th and 20th and due on the 21st: no reminder on the 20th, one on the 21st."""
    pause = Suspension(first=date(2026, 10, 19), last=date(2026, 10, 20), reason=WORDS)
    watch = Watch(recipient="甲", case="1", deadline=reckon(rule("working", 2), date(2026, 10, 15), shipped(), [pause]))
    assert watch.deadline.last_day == date(2026, 10, 21)
    assert group_reminders([watch], at("2026-10-20 09:00")) == ()
    assert [entry.stage for entry in group_reminders([watch], at("2026-10-21 09:00"))[0].entries] == ["last-day"]


def test_the_same_stage_is_told_once() -> None:
    """A key that was sent is left out; the next stage of the same deadline has another key."""
    watched = ("甲", "1", due("2026-10-15"))
    key = remind(watched)[0].entries[0].key
    assert remind(watched, sent=frozenset({key})) == ()
    later = group_reminders([Watch(recipient="甲", case="1", deadline=watched[2])], NOW + timedelta(days=2), sent={key})
    assert [entry.stage for entry in later[0].entries] == ["missed"]


def test_the_end_of_a_time_of_waiting_is_told_and_its_nearness_is_not() -> None:
    """Nobody has to hurry for a ban to end, but it is good to know when it has."""
    assert [entry.stage for entry in remind(("平台", "1", due("2026-10-13", waits=True)))[0].entries] == ["over"]
    assert remind(("平台", "1", due("2026-10-16", waits=True))) == ()


def test_a_provisional_day_is_called_so_and_never_overdue() -> None:
    """A deadline that may move is due soon at the worst."""
    watch = Watch(recipient="甲", case="1", deadline=due("2026-12-22"))
    found = group_reminders([watch], at("2026-12-29 09:00"))
    assert found[0].lines[0].zh == "1：最后一日，2026年12月29日（暂定）"
    assert found[0].lines[0].en == "1: last day, 29 Dec 2026 (provisional)"
    assert [entry.stage for entry in group_reminders([watch], at("2027-02-01 09:00"))[0].entries] == ["last-day"]


def test_ten_thousand_deadlines_due_at_once_are_grouped_quickly() -> None:
    """Each of a hundred recipients gets one reminder with a hundred cases (L5)."""
    deadline = due("2026-10-13")
    watches = [Watch(recipient=f"r{n % 100:02}", case=f"c{n:05}", deadline=deadline) for n in range(10_000)]
    begun = process_time()
    found = group_reminders(watches, NOW)
    assert process_time() - begun < 1
    assert [len(one.cases) for one in found] == [100] * 100

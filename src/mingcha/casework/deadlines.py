"""When something must be done: reckoned from a clock and a beginning, told in words, judged against a given time. No clock of its own.

``due`` is 24:00 of the last day, written as 00:00 of the next: an instant, so that no second before it is lost, and so that hours
and days compare alike. What is done at that very instant is in time.

The worst fault here is to call somebody late who is not. So a deadline that needs a calendar nobody has published yet is
provisional and never missed, "timely" without a number is never missed, and the date of a served document stands until a new one is served.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mingcha.casework import wording
from mingcha.casework.clocks import Clock, Told, Unit
from mingcha.casework.counting import (
    EveryDay,
    Gap,
    Suspension,
    advance,
    advance_hours,
    merged,
    midnight,
    months_later,
    next_worked,
)
from mingcha.casework.shanghai import day_of, in_shanghai
from mingcha.casework.working import WorkCalendar
from mingcha.errors import UsageError

State = Literal["running", "suspended", "met", "missed", "cancelled"]
_EVERY = EveryDay()


class Extension(Struct, frozen=True, kw_only=True):
    """So much more of the clock's own unit, counted from the end of what there was."""

    length: int
    reason: Told


class Deadline(Struct, frozen=True, kw_only=True):
    """One deadline as reckoned; ``due`` is None where nothing is ever due or a suspension goes on.

    ``served``: the last day as a served document says it. ``reckoned``: when it would be due by the present calendar, where that differs.
    """

    rule: str
    unit: Unit
    start: date
    lines: tuple[Told, ...]
    due: datetime | None = None
    provisional: bool = False
    waits: bool = False
    suspensions: tuple[Suspension, ...] = ()
    served: date | None = None
    reckoned: datetime | None = None
    met_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def last_day(self) -> date | None:
        """The day at whose end, or on which, it is due."""
        return day_of(self.due - timedelta(microseconds=1)) if self.due else None

    @property
    def firm(self) -> bool:
        """Whether the date holds: it was served, or no calendar that it needs is missing."""
        return self.served is not None or not self.provisional

    def told(self, language: str) -> str:
        """The reckoning in words, ``zh`` or ``en``."""
        return wording.text(self.lines, language)


def reckon(
    rule: Clock,
    start: datetime | date,
    calendar: WorkCalendar,
    suspensions: Sequence[Suspension] = (),
    extensions: Sequence[Extension] = (),
) -> Deadline:
    """The deadline a clock gives. Raises UsageError for what the clock does not know, and for a start it cannot count from."""
    _allowed(rule, suspensions, extensions)
    day, at = _begin(rule, start)
    told = _opening(rule, day, at, suspensions, extensions)
    blank = Deadline(
        rule=rule.id, unit=rule.unit, start=day, lines=told, waits=rule.waits, suspensions=tuple(suspensions)
    )
    if rule.length is None:
        return blank
    numbers, gaps = (rule.length, *(more.length for more in extensions)), merged(suspensions)
    if at is not None:
        due = advance_hours(at, sum(numbers), gaps)
        return replace(blank, due=due, lines=(*told, _end(due)))
    last, met = _last_day(rule, day.toordinal(), numbers, gaps, calendar)
    due = midnight(last + 1) if last is not None else None
    unsure = last is not None and last > calendar.certain and (rule.unit == "working" or rule.roll_forward)
    warned = (wording.provisional(date.fromordinal(calendar.certain).year + 1),) if unsure else ()
    return replace(blank, due=due, provisional=unsure, lines=(*told, *met, *warned, _end(due)))


def _opening(
    rule: Clock, day: date, at: datetime | None, suspensions: Sequence[Suspension], extensions: Sequence[Extension]
) -> tuple[Told, ...]:
    """How the reckoning begins, and what was granted."""
    return (
        wording.begins(rule, day, at),
        *(wording.suspended(one.first, one.last, day, one.reason) for one in suspensions),
        *(wording.extended(more.length, rule.unit, more.reason) for more in extensions),
    )


def _allowed(rule: Clock, suspensions: Sequence[Suspension], extensions: Sequence[Extension]) -> None:
    if suspensions and not rule.may_suspend:
        raise UsageError(f"clock {rule.id!r} cannot be suspended")
    if extensions and not rule.may_extend:
        raise UsageError(f"clock {rule.id!r} cannot be extended")
    if any(one.last and one.last < one.first for one in suspensions) or any(more.length < 1 for more in extensions):
        raise UsageError("a suspension ends after it begins, an extension is at least 1")


def _begin(rule: Clock, start: datetime | date) -> tuple[date, datetime | None]:
    """The day in Shanghai on which it begins, and for hours the instant."""
    if isinstance(start, datetime):
        local = in_shanghai(start)
        return local.date(), local if rule.unit == "hours" else None
    if rule.unit == "hours":
        raise UsageError(f"clock {rule.id!r} runs in hours: it begins at a time, not on a day")
    return start, None


def _last_day(
    rule: Clock, start: int, numbers: Sequence[int], gaps: Sequence[Gap], calendar: WorkCalendar
) -> tuple[int | None, list[Told]]:
    """The last day, and what the count met: a day of rest that moved it, holidays among working days."""
    met: list[Told] = []
    at = start
    for number in numbers:
        nominal = _nominal(rule.unit, at, number, gaps, calendar)
        last = next_worked(calendar, nominal, gaps) if nominal is not None and rule.roll_forward else nominal
        if nominal is None or last is None:
            return None, met
        if last != nominal:
            met.append(wording.rolled(date.fromordinal(nominal), date.fromordinal(last)))
        at = last
    if rule.unit == "working":
        met += wording.days_between(calendar, date.fromordinal(start), date.fromordinal(at))
    return at, met


def _nominal(unit: Unit, start: int, number: int, gaps: Sequence[Gap], calendar: WorkCalendar) -> int | None:
    """The last day before any rolling."""
    if unit == "working":
        return advance(calendar, start, number, gaps)
    return advance(_EVERY, start, months_later(start, number) - start if unit == "months" else number, gaps)


def _end(due: datetime | None) -> Told:
    if due is None:
        return Told(
            zh="中止期间届满日未定，恢复后重新计算", en="no due date while suspended: reckoned anew when it ends"
        )
    return wording.ends(due)


def state(deadline: Deadline, now: datetime) -> State:
    """How it stands at a given time. A time of waiting that is over counts as met: there is nobody to miss it."""
    local = in_shanghai(now)
    if deadline.cancelled_at:
        return "cancelled"
    done = deadline.met_at
    if deadline.due is not None and (done or local) > deadline.due:
        return _over(deadline, done=done is not None)
    if done:
        return "met"
    return "suspended" if any(one.covers(local.date()) for one in deadline.suspensions) else "running"


def _over(deadline: Deadline, *, done: bool) -> State:
    """What it is once its time is past: nobody misses a time of waiting, or a date that may still move."""
    if deadline.waits:
        return "met" if done or deadline.firm else "running"
    if deadline.firm:
        return "missed"
    return "met" if done else "running"


def remaining(deadline: Deadline, now: datetime) -> timedelta | None:
    """How long is left, negative once it is over; None where nothing is due or the matter is settled."""
    if deadline.due is None or state(deadline, now) in {"met", "cancelled"}:
        return None
    return deadline.due - in_shanghai(now)


def elapsed(deadline: Deadline, now: datetime) -> int:
    """Days since it began, for what the law only wants "timely"."""
    end = min(time for time in (now, deadline.met_at, deadline.cancelled_at) if time)
    return max(0, (day_of(end) - deadline.start).days)


def serve(deadline: Deadline) -> Deadline:
    """The deadline once a document that names its last day was served: that day then stands. Raises UsageError without one."""
    if deadline.last_day is None:
        raise UsageError("a document cannot name a last day that is not known")
    return replace(deadline, served=deadline.last_day)


def meet(deadline: Deadline, at: datetime) -> Deadline:
    """The deadline once what it asked for was done."""
    return replace(deadline, met_at=in_shanghai(at))


def cancel(deadline: Deadline, at: datetime) -> Deadline:
    """The deadline once it no longer matters."""
    return replace(deadline, cancelled_at=in_shanghai(at))

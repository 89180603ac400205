"""Between the rows of deadlines and the engine that reckons them (`casework.deadlines`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mingcha.casework.clocks import Clock, Told, clock, with_length
from mingcha.casework.deadlines import Extension, State, reckon, standing
from mingcha.casework.working import shipped
from mingcha.service.models import Deadline
from mingcha.service.text import Text

_EXTENDED = Told(zh="经批准延期", en="extension granted")


def reckoned(
    name: str, start: datetime, length: int | None = None, body: str | None = None, extended: int = 0
) -> dict[str, Any]:
    """Columns of a deadline: length, unit, due, whether provisional, and the reckoning in both languages."""
    rule = clock(name, start, body)
    if length is not None and rule.set_by_order:
        rule = with_length(rule, length)
    more = (Extension(length=extended, reason=_EXTENDED),) if extended else ()
    made = reckon(rule, start, shipped(), extensions=more)
    lines = [{"zh": line.zh, "en": line.en} for line in made.lines]
    return {
        "length": rule.length,
        "unit": rule.unit,
        "due": made.due,
        "provisional": made.provisional,
        "reckoning": lines,
        "extended": extended,
    }


def extended(row: Deadline, days: int) -> None:
    """Reckon a running deadline anew with so much more; what was reckoned before stays in the event that extends it."""
    for name, value in reckoned(row.clock, row.started, row.length, _body(row), row.extended + days).items():
        setattr(row, name, value)
    row.save()


def state(row: Deadline, now: datetime, met_at: datetime | None = None) -> State:
    """How a running clock stands: what only waits, and what is provisional, is never missed."""
    return standing(_rule(row), row.due, now, provisional=row.provisional, met_at=met_at)


def name_of(row: Deadline) -> Text:
    """The clock's name."""
    told = _rule(row).name
    return Text(told.zh, told.en)


def basis_of(row: Deadline) -> Text:
    """What the length rests on: the article that was read, or "set by this order"."""
    told = _rule(row).citation
    return Text(told.zh, told.en)


def _rule(row: Deadline) -> Clock:
    return clock(row.clock, row.started, _body(row))


def _body(row: Deadline) -> str:
    holder = row.case or row.complaint
    return holder.authority.receives if holder is not None else ""

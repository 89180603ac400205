"""Between the rows of deadlines and the engine that reckons them (`casework.deadlines`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from mingcha.casework.changes import recompute
from mingcha.casework.clocks import Clock, Told, clock, with_length
from mingcha.casework.deadlines import Deadline as Reckoned
from mingcha.casework.deadlines import Extension, State, reckon
from mingcha.casework.deadlines import state as stands
from mingcha.casework.shanghai import day_of
from mingcha.casework.working import shipped
from mingcha.service.models import Deadline
from mingcha.service.text import Text

_EXTENDED = Told(zh="经批准延期", en="extension granted")


def reckoned(
    name: str, start: datetime, length: int | None = None, body: str | None = None, extended: int = 0
) -> dict[str, Any]:
    """Columns of a deadline: length, unit, due, whether provisional, and the reckoning in both languages."""
    rule = _set(clock(name, start, body), length)
    made = _made(rule, start, extended)
    return {
        "length": rule.length,
        "unit": rule.unit,
        "due": made.due,
        "provisional": made.provisional,
        "reckoning": _said(made.lines),
        "extended": extended,
    }


def _set(rule: Clock, length: int | None) -> Clock:
    """The clock with the length that an order set, where an order may."""
    return with_length(rule, length) if length is not None and rule.set_by_order else rule


def _made(rule: Clock, start: datetime, extended: int) -> Reckoned:
    more = (Extension(length=extended, reason=_EXTENDED),) if extended else ()
    return reckon(rule, start, shipped(), extensions=more)


def _said(lines: Iterable[Told]) -> list[dict[str, str]]:
    return [{"zh": line.zh, "en": line.en} for line in lines]


def extended(row: Deadline, days: int) -> None:
    """Reckon a running deadline anew with so much more; what was reckoned before stays in the event that extends it."""
    for name, value in reckoned(row.clock, row.started, row.length, _body(row), row.extended + days).items():
        setattr(row, name, value)
    row.save()


def renewed(row: Deadline) -> dict[str, str] | None:
    """Reckon a running deadline by the present calendar, and say what changed; None, and nothing written, where nothing did."""
    change = recompute(kept(row), _made(_set(_rule(row), row.length), row.started, row.extended))
    if change is None:
        return None
    row.due, row.provisional = change.new_due, change.deadline.provisional
    row.reckoning = _said(change.lines)
    row.save(update_fields=["due", "provisional", "reckoning"])
    moments = {"from": change.old_due, "to": change.new_due}
    told = {name: moment.isoformat() if moment else "" for name, moment in moments.items()}
    return {"clock": row.clock, "change": change.kind, **told}


def kept(row: Deadline) -> Reckoned:
    """A row as the engine knows deadlines."""
    rule, start = _rule(row), day_of(row.started)
    return Reckoned(
        rule=rule.id, unit=rule.unit, start=start, lines=(), due=row.due, provisional=row.provisional, waits=rule.waits
    )


def state(row: Deadline, now: datetime, met_at: datetime | None = None) -> State:
    """How a running clock stands: what only waits, and what is provisional, is never missed."""
    return stands(replace(kept(row), met_at=met_at), now)


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

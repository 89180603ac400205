"""Clocks that an act starts and stops, reckoned by `casework.deadlines`, with the reckoning kept in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mingcha.casework.ladder import Act
from mingcha.service import terms
from mingcha.service.models import Case, Complaint, Deadline


def turn(thing: Case | Complaint, rule: Act, at: datetime, body: Mapping[str, Any]) -> None:
    """Stop and start what the ladder names for this act; ``body["days"]`` is the length that an order set itself."""
    for clock in rule.stops:
        stop(thing, clock, at)
    for clock in rule.starts:
        start(thing, clock, at, body.get("days"))


def running(thing: Case | Complaint, clock: str | None = None) -> Any:
    """The running clocks of a thing."""
    found = thing.deadlines.filter(state="running")
    return found if clock is None else found.filter(clock=clock)


def stop(thing: Case | Complaint, clock: str, at: datetime) -> None:
    """End a clock: met when in time, missed when not; what only waits, or is provisional, is never missed."""
    for row in running(thing, clock).select_for_update(of=("self",)):
        row.state = terms.state(row, at, met_at=at)
        row.ended = at
        row.save(update_fields=["state", "ended"])


def cancel(thing: Case | Complaint, clock: str, at: datetime) -> None:
    """End a clock that no longer matters: neither met nor missed."""
    running(thing, clock).update(state="cancelled", ended=at)


def start(thing: Case | Complaint, clock: str, at: datetime, length: int | None = None) -> Deadline:
    """Begin a clock now."""
    due = terms.reckoned(clock, at, length, thing.authority.receives)
    holder = {"case": thing} if isinstance(thing, Case) else {"complaint": thing}
    return Deadline.objects.create(clock=clock, started=at, **holder, **due)

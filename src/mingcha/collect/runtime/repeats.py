"""Rows that are one call: recorders hook a method and the one it calls, and write both down."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mingcha.collect.runtime.clocks import apart
from mingcha.model.event import Clock, Event

WITHIN = 50
"""Milliseconds."""


def collapsed(events: Iterable[Event]) -> list[Event]:
    """Calls of one interface from one frame within 50 ms as one event with their number.

    Fifty from the first of them: a loop that reads every 40 ms is no single read. Only a clock fine enough can show that:
    rows of a recorder that writes whole seconds all stay.
    """
    kept: list[Event] = []
    last: dict[tuple[object, ...], int] = {}
    for event in events:
        key = _key(event)
        index = last.get(key, -1)
        if event.kind == "call" and index >= 0 and _near(kept[index].clock, event.clock):
            same = kept[index]
            kept[index] = msgspec.structs.replace(same, count=same.count + event.count, last=event.clock)
        else:
            last[key] = len(kept)
            kept.append(event)
    return kept


def _near(one: Clock, other: Clock) -> bool:
    gone = apart(one, other)
    return gone is not None and abs(gone) <= WITHIN


def _key(event: Event) -> tuple[object, ...]:
    """What makes two rows the same: rows that the catalogue does not know must agree in their arguments as well."""
    head = event.actor.frame or event.stack[:1]
    what = event.interfaces or (event.operation.cls, event.operation.method, event.operation.args)
    return event.kind, event.process, event.pid, event.thread, what, head, event.outcome

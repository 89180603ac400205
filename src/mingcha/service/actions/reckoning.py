"""Deadlines that waited for the calendar of a new year, reckoned anew once an upgrade has brought it: every change is an event.

The calendar comes with the program, so `migrate`, which every upgrade runs, calls `renew` (`apps.py`).
"""

from __future__ import annotations

from typing import Any

from mingcha.service import terms
from mingcha.service.actions import clocks
from mingcha.service.actions.acting import ENGINE, Body, Doing, Nothing, Refused, perform, verb
from mingcha.service.models import Case, Complaint, Deadline
from mingcha.service.text import Text


@verb("case", "reckon", Nothing)
@verb("complaint", "reckon", Nothing)
@verb("report", "reckon", Nothing)
def reckon(_: Doing, thing: Case | Complaint, data: Nothing) -> Body:
    """Its provisional deadlines by the present calendar: which day each was, which it is."""
    rows: Any = clocks.running(thing).filter(provisional=True)
    changed = [told for row in rows.select_for_update(of=("self",)) if (told := terms.renewed(row)) is not None]
    if not changed:
        raise Refused(Text("期限没有变化。", "No deadline changes."))
    return {"changed": changed}


def renew() -> int:
    """Reckon everything anew that is provisional; gives how many cases and complaints changed."""
    rows = Deadline.objects.filter(state="running", provisional=True).select_related("case", "complaint")
    things = {thing.key: thing for row in rows if (thing := row.case or row.complaint) is not None}
    return sum(_renewed(thing) for thing in things.values())


def _renewed(thing: Case | Complaint) -> bool:
    try:
        perform(thing.process, "reckon", ENGINE, thing)
    except Refused:
        return False
    return True

"""MobSF's API monitor: calls in their order, without times, threads or more of the stack than one frame."""

from __future__ import annotations

from typing import Any

from mingcha.collect.runtime.calls import Calls, imported
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.interfaces import Match, of_values
from mingcha.collect.runtime.stacks import frames
from mingcha.collect.runtime.values import outcome, seen
from mingcha.formats.hooklog import MobsfCall, MobsfLog
from mingcha.model.event import Event, Imported, Outcome

TOOL = "MobSF"
NO_TIMES = "no_times"


def import_mobsf(log: MobsfLog, ground: Ground) -> Imported:
    """The calls of a monitor. Without times nothing can be put together, and no phase be told."""
    calls = Calls(ground, TOOL)
    events = [_event(calls, entry, call) for entry, call in log.calls]
    return imported(TOOL, events, {"unreadable": len(log.unreadable)}, partial=log.partial, remarks=(NO_TIMES,))


def _event(calls: Calls, entry: int, call: MobsfCall) -> Event:
    values = tuple(call.arguments)
    match = calls.match(call.cls, call.method, None, of_values(values))
    given = call.result if call.result is not None else call.returned
    return calls.event(
        entry,
        call.cls,
        call.method,
        values=values,
        stack=frames((call.caller or "",)),
        outcome=_outcome(given, match),
        result=None if given is None else seen(given, calls.ground.seal),
    )


def _outcome(given: Any, match: Match) -> Outcome:
    """It leaves out null, empty, zero and false alike, and the results of methods that have none."""
    if given is not None:
        return outcome(given)
    return "null" if match.carried else "unknown"

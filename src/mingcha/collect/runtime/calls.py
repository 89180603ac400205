"""The events that recorders' rows become: what all importers of method calls have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.interfaces import Interfaces, Match, Test, of_values
from mingcha.collect.runtime.repeats import collapsed
from mingcha.collect.runtime.stacks import SEGMENT, Stacks
from mingcha.collect.runtime.values import grade, seen
from mingcha.model.event import Clock, Event, Imported, Operation, Outcome, Seen

_NUMBER = r"(?!.*(?:\d{8}|[0-9a-fA-F]{12}))"
"""No name has so long a number in it; a phone number or an identifier that came into the wrong column has."""
_CLASS = re.compile(rf"{_NUMBER}(?:{SEGMENT}\.){{1,40}}{SEGMENT}")
METHOD = re.compile(rf"{_NUMBER}(?:{SEGMENT}|<init>|<clinit>)")
DESCRIPTOR = re.compile(rf"{_NUMBER}\([\w/$;\[\-]{{0,2000}}\)\[{{0,8}}[\w/$;\-]{{1,300}}")
PROCESS = re.compile(rf"{_NUMBER}[A-Za-z]\w*(?:\.\w{{1,100}}){{1,20}}(?::[\w.]{{1,100}})?")
THREAD = re.compile(rf"{_NUMBER}[A-Za-z][\w.\-#$]{{0,60}}")
"""Threads of HTTP libraries carry the address they are busy with; such names are not kept."""
PERHAPS = "arguments_not_recorded"
OTHER = "not_in_catalogue"


class Calls:
    """Makes events of one file's rows."""

    def __init__(self, ground: Ground, tool: str) -> None:
        self.ground = ground
        self._tool = tool
        self._interfaces = Interfaces(ground.tables)
        self.stacks = Stacks(ground)

    def match(self, cls: str | None, method: str, descriptor: str | None, test: Test) -> Match:
        """The rows of the catalogue that a call is."""
        return self._interfaces.match(cls, method, descriptor, test)

    def _unplanted(self, name: str | None) -> str | None:
        """A name that is one of the tester's own values is no name."""
        return None if name is None or self.ground.seal(name)[1] else name

    def event(
        self,
        entry: int,
        cls: str | None,
        method: str,
        *,
        clock: Clock = Clock(),  # noqa: B008  # frozen
        values: tuple[Any, ...] | None = None,
        test: Test | None = None,
        args: tuple[Seen, ...] | None = None,
        descriptor: str | None = None,
        stack: tuple[str, ...] = (),
        outcome: Outcome = "unknown",
        result: Seen | None = None,
        process: str | None = None,
        pid: int | None = None,
        thread: str | None = None,
        count: int = 1,
        remarks: tuple[str, ...] = (),
    ) -> Event:
        """One call. ``values`` are its arguments, which are tested and sealed; or ``test`` and ``args`` stand for them."""
        cls = named(_CLASS, cls)
        method = self._unplanted(named(METHOD, method)) or ""
        match = self.match(cls, method, descriptor, test or of_values(values))
        if args is None:
            args = tuple(seen(value, self.ground.seal) for value in values or ())
        return Event(
            kind="call",
            place=self.ground.place(entry, f"{cls}.{method}" if cls else method),
            tool=self._tool,
            clock=clock,
            operation=Operation(cls=cls, method=method, descriptor=named(DESCRIPTOR, descriptor), args=args),
            package=self.ground.package,
            process=named(PROCESS, process),
            pid=pid,
            thread=self._unplanted(named(THREAD, thread)),
            outcome=outcome,
            grade=grade(outcome),
            result=result,
            interfaces=tuple(row.id for row in match.rows),
            information=match.information,
            event=match.event,
            actor=self.stacks.actor(stack),
            stack=stack,
            count=count,
            remarks=remarks + _doubt(match),
        )


def _doubt(match: Match) -> tuple[str, ...]:
    if match.rows:
        return ()
    return (f"{PERHAPS}: {', '.join(row.id for row in match.perhaps)}",) if match.perhaps else (OTHER,)


def named(form: re.Pattern[str], name: str | None) -> str | None:
    """A name that has the form of one, otherwise null: columns of a log can hold anything."""
    return name if name and form.fullmatch(name) else None


def class_name(name: str | None) -> str | None:
    """A full name of a class (or of its method), null for any other text."""
    return named(_CLASS, name)


def imported(
    tool: str,
    events: Iterable[Event],
    accounted: dict[str, int],
    *,
    rows: int | None = None,
    hooked: tuple[str, ...] | None = None,
    partial: bool = False,
    remarks: tuple[str, ...] = (),
) -> Imported:
    """What was read, repeated rows put together; ``accounted`` holds the rows that became no event.

    ``rows`` is how many rows the events stand in, where a row may hold two.
    """
    every = list(events)
    kept = collapsed(every)
    told = {"events": len(kept) if rows is None else rows, "repeats": len(every) - len(kept), **accounted}
    told = {name: count for name, count in told.items() if count}
    return Imported(
        tool=tool,
        rows=sum(told.values()),
        accounted=told,
        events=tuple(kept),
        hooked=hooked,
        partial=partial,
        remarks=remarks,
    )

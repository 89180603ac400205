"""Our own agent's log: calls, and the signs of life that make its silence mean something."""

from __future__ import annotations

from collections import Counter

from mingcha.collect.runtime.calls import METHOD, Calls, class_name, imported, named
from mingcha.collect.runtime.clocks import clock
from mingcha.collect.runtime.ground import Ground
from mingcha.collect.runtime.interfaces import of_passed
from mingcha.collect.runtime.stacks import frames
from mingcha.collect.runtime.values import seen_text
from mingcha.formats.hooklog import AgentLog, AgentRecord, AgentValue
from mingcha.model.event import Event, Imported, Seen

TOOL = "mingcha"
LOST, NO_END, SILENT, STALLED, FAILED = "calls_lost", "no_end_record", "no_sign_of_life", "stalled", "calls_not_told"
FAULT = "agent_fault"
_NEW = ".<init>"


def import_agent(log: AgentLog, ground: Ground) -> Imported:
    """The calls and signs of life of a log."""
    calls = Calls(ground, TOOL)
    events = [_event(calls, entry, record) for entry, record in log.records]
    kinds = Counter(record.kind for _, record in log.records)
    starts = [record for _, record in log.records if record.kind == "start"]
    told = [record.hooked for record in starts if record.hooked is not None]
    hooked = tuple(sorted({name for names in told for name in names if _watched(name)})) if told else None
    remarks = [name for name, holds in (
        (LOST, any(record.lost for _, record in log.records)), (NO_END, not kinds["end"]), (SILENT, not kinds["alive"]),
        (STALLED, any(record.reason == STALLED for _, record in log.records)), (FAILED, any(record.failed or record.reason == FAULT for _, record in log.records)),
    ) if holds]  # fmt: skip
    accounted = {"unreadable": len(log.unreadable), "empty": log.empty}
    return imported(TOOL, events, accounted, hooked=hooked, partial=log.partial, remarks=tuple(remarks))


def _watched(name: str) -> bool:
    """Whether this is class.method, or a class's constructor."""
    return class_name(name.removesuffix(_NEW)) is not None


def _event(calls: Calls, entry: int, record: AgentRecord) -> Event:
    time = clock(record.t)
    if record.kind != "call":
        return Event(
            kind="alive" if record.kind == "alive" else "mark", place=calls.ground.place(entry, record.kind), tool=TOOL, clock=time, package=calls.ground.package,
            pid=record.pid, state=record.kind, remarks=_remarks(record),
        )  # fmt: skip
    error = class_name(record.error)
    return calls.event(
        entry,
        record.cls,
        record.method,
        clock=time,
        test=of_passed(tuple(arg.passed for arg in record.args)),
        args=tuple(_seen(arg, calls.ground) for arg in record.args),
        descriptor=record.descriptor,
        stack=frames(record.stack),
        outcome=record.outcome,
        result=_seen(record.result, calls.ground) if record.result else None,
        process=record.process,
        pid=record.pid,
        thread=record.thread,
        remarks=(f"threw: {error}",) if error else (),
    )


def _remarks(record: AgentRecord) -> tuple[str, ...]:
    """What a line that is no call tells besides its kind; reasons are words of our agent's, anything else is not kept."""
    gap = f"gap: {record.reason}" if record.kind == "gap" and (record.reason or "").replace("_", "").isalpha() else None
    cls = class_name(record.cls)
    where = f"of: {cls}.{record.method}" if gap and cls and named(METHOD, record.method) else None
    return tuple(filter(None, (f"lost: {record.lost}" if record.lost else None, gap, where)))


def _seen(value: AgentValue, ground: Ground) -> Seen:
    """A value that the log carries as text is sealed and forgotten here."""
    if value.text is None:
        known = (value.tag or "").partition("#")[0] in ground.tables.information  # anything else could be a value
        return Seen(kind=value.kind, length=value.length, hash=value.hash, tag=value.tag if known else None)
    sealed = seen_text(value.text, ground.seal)
    return Seen(kind=value.kind, length=sealed.length, hash=sealed.hash, tag=sealed.tag)

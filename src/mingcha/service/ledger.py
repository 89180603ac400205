"""The only writer of states: one act, one event in the chain, one new state, in one transaction.

Whoever calls holds a transaction open and has locked the thing's row; the end of the chain is locked here, last, and always in this order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from msgspec import to_builtins

from mingcha.casework.chain import Link, link
from mingcha.casework.ladder import ladder
from mingcha.service import projections
from mingcha.service.clock import SHANGHAI
from mingcha.service.models import Event, Head
from mingcha.service.models.thing import Thing


def record(thing: Thing, act: str, actor: str, at: datetime, body: Mapping[str, Any] | None = None) -> Event:
    """Write the act into the chain and the new state into the thing. Raises UsageError where its ladder does not allow the act.

    ``body`` holds no personal value, only commitments to them: the chain is never erased.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is written in the transaction of what it tells")
    state = thing.ladder.after(act, thing.state or None)
    head = Head.objects.select_for_update().get(pk=1)
    time = at.astimezone(SHANGHAI).isoformat()
    made = link(_last(head), time=time, actor=actor, act=act, object=thing.key, body=to_builtins(dict(body or {})))
    event = Event.objects.create(
        seq=made.seq, time=made.time, actor=actor, process=thing.process, thing=thing.pk, act=act, body=made.body,
        previous=made.previous, hash=made.hash,
    )  # fmt: skip
    Head.objects.filter(pk=1).update(count=made.seq, hash=made.hash)
    if thing.state != state:
        thing.state = state
        thing.save(update_fields=["state"])
    projections.changed(thing, made.seq)
    return event


def _last(head: Head) -> Link | None:
    """The last link as far as the next one needs it: its number and its hash."""
    if head.count == 0:
        return None
    return Link(seq=head.count, hash=head.hash, time="", actor="", act="", object="", body={}, previous="")


def events_of(thing: Thing) -> list[Event]:
    """All that was done to it, oldest first."""
    return list(Event.objects.filter(process=thing.process, thing=thing.pk))


def links(after: int = 0) -> Iterator[Link]:
    """The chain as it stands in the database, for checking."""
    return map(_link, Event.objects.filter(seq__gt=after).iterator(chunk_size=5000))


def links_of(process: str, thing: int) -> Iterator[Link]:
    """The links of one thing."""
    return map(_link, Event.objects.filter(process=process, thing=thing))


def _link(row: Event) -> Link:
    return Link(
        seq=row.seq, time=row.time, actor=row.actor, act=row.act, object=f"{row.process}:{row.thing}", body=row.body,
        previous=row.previous, hash=row.hash,
    )  # fmt: skip


def replayed() -> dict[tuple[str, int], str]:
    """The state of everything, made again from the events alone."""
    acts: dict[tuple[str, int], list[str]] = defaultdict(list)
    for process, thing, act in Event.objects.values_list("process", "thing", "act").iterator(chunk_size=5000):
        acts[process, thing].append(act)
    return {key: ladder(key[0]).fold(done) or "" for key, done in acts.items()}

"""The chain of events: each link holds the hash of the one before, so that no link can be changed, taken out, put in or moved unseen.

Cutting off the end, or writing everything anew, is not visible in a chain alone: that is what checkpoints are for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal

from msgspec import Struct

from mingcha.casework.canonical import DEPTH, canonical
from mingcha.errors import UsageError

GENESIS = hashlib.sha256(b"mingcha chain 1\n").hexdigest()
"""What the first link holds as the hash of the one before."""

What = Literal[
    "altered", "unlinked", "missing", "reordered", "inserted",
    "cut", "forked", "signature", "key-unknown", "key-out-of-time",
]  # fmt: skip
"""altered: the content is not what the link's hash is of. unlinked: made after another link than the one that stands before it.
missing: no link with this number. reordered: stands behind a later one. inserted: a second link with this number, or one below 1.
The rest comes from checkpoints. cut: links it counts are gone. forked: the links it counts were others. signature, key-unknown,
key-out-of-time: the checkpoint itself is not to be believed."""

_DEPTH = DEPTH - 8  # what is linked today must fit into the lines of a package
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+08:00")


class Link(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event: the ``seq``-th, when, who, which act, on what, with what; and the hashes that hold it in its place."""

    seq: int
    time: str
    actor: str
    act: str
    object: str
    body: dict[str, Any]
    previous: str
    hash: str


class Fault(Struct, frozen=True, kw_only=True, order=True):
    """What is wrong at which link; ``until`` is the last one where it is a run of them."""

    seq: int
    what: What
    until: int | None = None


def link(
    previous: Link | None, *, time: str, actor: str, act: str, object: str, body: dict[str, Any]  # noqa: A002
) -> Link:  # fmt: skip
    """The link that follows (None: the first). Personal values go into ``body`` only as commitments. Raises UsageError."""
    if not all((actor, act, object)):
        raise UsageError("an event needs an actor, an act and an object")
    seq, before = (previous.seq + 1, previous.hash) if previous else (1, GENESIS)
    content = _content(seq, checked_time(time), actor, act, object, body, before)
    return Link(
        seq=seq, time=time, actor=actor, act=act, object=object, body=body, previous=before, hash=_digest(content)
    )


def checked_time(text: str) -> str:
    """A moment as the chain writes it, in China's time. Raises UsageError."""
    try:
        if _TIME.fullmatch(text):
            dt.datetime.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise UsageError(f"{text!r}: a moment of the chain is written 2026-11-22T18:34:00+08:00")


def digest(one: Link) -> str:
    """The hash that the link's content must have. Raises UsageError."""
    return _digest(_content(one.seq, one.time, one.actor, one.act, one.object, one.body, one.previous))


def _content(*values: Any) -> dict[str, Any]:
    return dict(zip(("seq", "time", "actor", "act", "object", "body", "previous"), values, strict=True))


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(b"mingcha link 1\n" + canonical(content, _DEPTH)).hexdigest()


def intact(one: Link) -> bool:
    """Whether the link's content is what its hash is of."""
    try:
        return digest(one) == one.hash
    except UsageError:
        return False  # what cannot be written down was never linked


def check(links: Sequence[Link], after: Link | None = None) -> list[Fault]:
    """Everything that is wrong with the links, in the order of their numbers; ``after`` is the last link checked before."""
    start, before = (after.seq + 1, after.hash) if after else (1, GENESIS)
    known = {(one.seq, one.hash) for one in links} | {(start - 1, before)}
    numbers = {seq for seq, _ in known}
    found = [*_missing(sorted(seq for seq in numbers if seq >= start - 1)), *_misplaced(links, start)]
    for one in links:
        if not intact(one):
            found.append(Fault(seq=one.seq, what="altered"))
        # By number, not by neighbour: a moved link must not make its old neighbours look wrong as well.
        if one.seq >= start and one.seq - 1 in numbers and (one.seq - 1, one.previous) not in known:
            found.append(Fault(seq=one.seq, what="unlinked"))
    return sorted(found, key=lambda fault: (fault.seq, fault.what))


def _missing(numbers: Sequence[int]) -> Iterator[Fault]:
    for one, following in pairwise(numbers):
        if following > one + 1:
            yield Fault(seq=one + 1, what="missing", until=following - 1)


def _misplaced(links: Sequence[Link], start: int) -> Iterator[Fault]:
    seen: set[int] = set()
    reached = start - 1
    for one in links:
        if one.seq in seen or one.seq < start:
            yield Fault(seq=one.seq, what="inserted")
        elif one.seq < reached:
            yield Fault(seq=one.seq, what="reordered")
        seen.add(one.seq)
        reached = max(reached, one.seq)

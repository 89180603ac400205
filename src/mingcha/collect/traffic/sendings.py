"""What reading a capture gives: single transmissions, what could not be looked into, and what an idle phone sends anyway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Confidence = Literal["planted", "probable", "possible"]


@dataclass(frozen=True, slots=True)
class Sending:
    """One value that left the device, at one place of one exchange.

    ``tag`` names the planted value, or is null; then ``kind``, ``length`` and ``digest`` are all that is told of it.
    ``variant`` says in which shape it went, ``trail`` by which way it was found, ``plain`` that nothing hid it on its way.
    """

    information: str
    confidence: Confidence
    index: int
    started: str
    host: str
    plain: bool
    trail: str
    offset: int
    variant: str
    kind: str
    length: int
    digest: str
    tag: str | None = None
    named: bool = False
    """Whether the same exchange names the app by its package."""


class Contact(NamedTuple):
    """One exchange with a host: when, whether in plain text, and whether its content could not be looked into."""

    entry: int
    started: str
    host: str
    plain: bool
    opaque: bool


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the idle phone sends: planted values by host, and digests of everything else that looked personal."""

    planted: frozenset[tuple[str, str]] = frozenset()
    digests: frozenset[str] = frozenset()


@dataclass(slots=True)
class Traffic:
    """A capture's result; the counts say what could not be looked into, so that silence is not taken for absence."""

    sendings: list[Sending] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    exchanges: int = 0
    hosts: Counter[str] = field(default_factory=Counter)
    plain_hosts: Counter[str] = field(default_factory=Counter)
    opaque: Counter[str] = field(default_factory=Counter)
    omitted: int = 0
    cut: int = 0
    missing: set[str] = field(default_factory=set)
    dropped: int = 0


def baseline_of(traffic: Traffic) -> Baseline:
    """What a capture of the idle phone lets a later one ignore."""
    return Baseline(
        frozenset((one.tag, one.host) for one in traffic.sendings if one.tag),
        frozenset(one.digest for one in traffic.sendings if not one.tag),
    )


def once(found: Iterable[Sending]) -> Iterator[Sending]:
    """The first of those that say the same."""
    seen = set()
    for one in sorted(found, key=lambda one: (one.trail, one.offset, one.information, one.variant)):
        shape = (one.information, one.tag, one.digest, one.variant, one.trail)
        if shape not in seen:
            seen.add(shape)
            yield one

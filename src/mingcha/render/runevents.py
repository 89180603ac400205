"""What happened in a run, in words: phases, screens, acts, and reads and sends put together by who, what and phase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal

from mingcha.model.fact import ActMade, RunRecorded, ScreenSeen
from mingcha.model.words import Phase
from mingcha.render.clocktime import moment
from mingcha.render.picture import sensitive
from mingcha.render.reading import Reading
from mingcha.render.timelineview import Look, Who

EARLY: tuple[Phase | None, ...] = ("P0", "P1", "P2")
"""Phases in which nobody has agreed."""
NAMES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Deed:
    """Reads of one type by one party, sends to one host, or one permission asked for: in one phase, with one outcome."""

    kind: Literal["read", "sent", "asked"]
    start: datetime
    end: datetime
    count: int
    who: Who
    what: tuple[str, ...]
    party: str
    host: str
    look: Look
    result: str
    phase: Phase | None
    weighty: bool
    plain: int = 0
    """How many of the sends went in plain text."""

    @property
    def lane(self) -> tuple[str, ...]:
        """What shares a lane: reads of one type by one party, everything sent to one host, all permissions asked for."""
        if self.kind == "read":
            return "read", *self.what, self.party
        return ("sent", self.host) if self.kind == "sent" else ("asked",)

    @property
    def early(self) -> bool:
        """Whether it is known that nobody had agreed yet."""
        return self.phase in EARLY


@dataclass(frozen=True, slots=True)
class Act:
    """An act with its moment, or the moments of the screens between which it was made."""

    fact: ActMade
    start: datetime
    end: datetime

    @property
    def choice(self) -> str:
        """The choice about the policy that the act made: agree, refuse or withdraw; else empty."""
        fact = self.fact
        decided = fact.choice in ("agree", "refuse") and fact.about == "policy"
        return fact.choice or "" if decided or fact.choice == "withdraw" else ""


@dataclass(frozen=True)
class Run:
    """Everything told of one run that has a time, in order; ``untimed`` counts what has none.

    Facts name their run and nothing else: of several ``records`` with one name nobody can say to which a fact belongs.
    """

    name: str
    records: tuple[RunRecorded, ...]
    spans: tuple[tuple[datetime, datetime, Phase], ...]
    screens: tuple[tuple[datetime, ScreenSeen], ...]
    acts: tuple[Act, ...]
    deeds: tuple[Deed, ...]
    untimed: int

    @cached_property
    def first(self) -> datetime | None:
        """The earliest moment."""
        return min(self._moments, default=None)

    @cached_property
    def last(self) -> datetime | None:
        """The latest moment."""
        return max(self._moments, default=None)

    @property
    def _moments(self) -> Iterator[datetime]:
        told = (text for record in self.records for text in (record.first, record.last))
        yield from (time for text in told if (time := moment(text)))
        yield from (time for one in self.spans for time in one[:2])
        yield from (time for time, _ in self.screens)
        yield from (time for act in self.acts for time in (act.start, act.end))
        yield from (time for deed in self.deeds for time in (deed.start, deed.end))

    @property
    def record(self) -> RunRecorded | None:
        """The record of the run, if there is one."""
        return self.records[0] if self.records else None

    @property
    def mixed(self) -> bool:
        """Whether these are several runs of one name."""
        return len(self.records) > 1

    @property
    def decided(self) -> Act | None:
        """The first act that agreed to the policy or refused it."""
        return next((act for act in self.acts if act.choice in ("agree", "refuse")), None)


def runs(reading: Reading) -> tuple[Run, ...]:
    """The runs of the case by their beginning; facts that name no run belong to none."""
    kinds = ("RunRecorded", "PhaseSpan", "ScreenSeen", "ActMade", "InformationRead", "InformationSent",
             "PermissionRequested", "PlainTransport")  # fmt: skip
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: {kind: [] for kind in kinds})
    for kind in kinds:
        for fact in reading.all(kind):
            if fact.run:
                found[fact.run][kind].append(fact)
    made = [_run(reading, name, facts) for name, facts in found.items()]
    return tuple(sorted(made, key=lambda run: (run.first is None, run.first and run.first.timestamp(), run.name)))


def _run(reading: Reading, name: str, facts: dict[str, list[Any]]) -> Run:
    screens = sorted(
        ((time, one) for one in facts["ScreenSeen"] if (time := moment(one.time))), key=lambda s: (s[0], s[1].number)
    )
    spans = ((moment(one.start), moment(one.end), one.phase) for one in facts["PhaseSpan"])
    acts = [act for one in facts["ActMade"] if (act := _act(one, screens))]
    parts = [*_reads(reading, facts), *_sends(reading, facts), *_requests(reading, facts)]
    timed = [deed for start, deed in parts if start]
    return Run(
        name=name,
        records=tuple(facts["RunRecorded"]),
        spans=tuple(sorted((a, b, phase) for a, b, phase in spans if a and b and a <= b)),
        screens=tuple(screens),
        acts=tuple(sorted(acts, key=lambda act: (act.start, act.fact.number))),
        deeds=tuple(
            sorted(
                _together(timed, reading.words.labels["semicolon"]), key=lambda deed: (deed.start, deed.lane, deed.look)
            )
        ),
        untimed=sum(deed.count for start, deed in parts if not start),
    )


def _act(fact: ActMade, screens: Sequence[tuple[datetime, ScreenSeen]]) -> Act | None:
    """An act at its own moment, or between the screen it was made on and the next."""
    if time := moment(fact.time):
        return Act(fact, time, time)
    before = next((at for at, one in reversed(screens) if one.number <= fact.number), None)
    after = next((at for at, one in screens if one.number > fact.number), None)
    return Act(fact, before, after) if before and after and before <= after else None


# --- reads and sends -----------------------------------------------------------------------------------------------

_UNTIMED = datetime.min.replace(tzinfo=UTC)
Found = Iterator[tuple[datetime | None, Deed]]


def who_is(party: str | None) -> Who:
    """Whose deed it is: the app's own, an SDK's, or nobody knows whose."""
    return "unknown" if party is None else "app" if party == "app" else "sdk"


def _reads(reading: Reading, facts: dict[str, list[Any]]) -> Found:
    unknown = reading.words.labels["tl_value_unknown"]
    for fact in facts["InformationRead"]:
        start = moment(fact.time)
        yield (
            start,
            Deed(
                kind="read",
                start=start or _UNTIMED,
                end=_end(fact, start),
                count=fact.count,
                who=who_is(fact.actor),
                what=(reading.information(fact.information),),
                party=reading.party(fact.actor),
                host="",
                look="solid" if fact.outcome == "value" else "dashed" if fact.outcome is None else "hollow",
                result=(fact.outcome and reading.words.value("outcome", fact.outcome, "InformationRead")) or unknown,
                phase=fact.phase,
                weighty=sensitive(reading, fact.information),
            ),
        )


def _sends(reading: Reading, facts: dict[str, list[Any]]) -> Found:
    plain = {_sending(one) for one in facts["PlainTransport"]}
    for fact in facts["InformationSent"]:
        start = moment(fact.time)
        told = (reading.value(field, getattr(fact, field), "InformationSent") for field in ("confidence", "tie"))
        yield (
            start,
            Deed(
                kind="sent",
                start=start or _UNTIMED,
                end=_end(fact, start),
                count=fact.count,
                who=who_is(fact.receiver),
                what=(reading.information(fact.information),),
                party=reading.party(fact.receiver) if fact.receiver else "",
                host=fact.host,
                look="hollow" if fact.confidence != "planted" else "dashed" if fact.tie is None else "solid",
                result=reading.joined(filter(None, told)),
                phase=fact.phase,
                weighty=sensitive(reading, fact.information),
                plain=fact.count if fact.confidence == "planted" and _sending(fact) in plain else 0,
            ),
        )


def _sending(fact: Any) -> tuple[Any, ...]:
    """What tells that a fact of plain transport is about this sending."""
    return fact.place, fact.information, fact.host, fact.phase, fact.time, fact.count


def _requests(reading: Reading, facts: dict[str, list[Any]]) -> Found:
    for fact in facts["PermissionRequested"]:
        start = moment(fact.time)
        told = reading.permission(fact.permission)
        time = start or _UNTIMED
        yield start, Deed("asked", time, time, 1, "app", (told,), "", "", "solid", "", fact.phase, False)


def _end(fact: Any, start: datetime | None) -> datetime:
    end = moment(fact.last)
    return max(start, end) if start and end else start or _UNTIMED


def _together(deeds: Iterable[Deed], between: str) -> Iterator[Deed]:
    """One deed for what differs only in interface, encoding or, of sends to one host, in the type of information."""
    groups: dict[tuple[Any, ...], list[Deed]] = defaultdict(list)
    for deed in deeds:
        only = (deed.what,) if deed.kind == "asked" else ()
        groups[deed.lane, only, deed.party, deed.look, deed.phase].append(deed)
    for (*_, phase), some in groups.items():
        some.sort(key=lambda deed: (deed.start, deed.what))
        first = some[0]
        yield Deed(
            kind=first.kind,
            start=min(deed.start for deed in some),
            end=max(deed.end for deed in some),
            count=sum(deed.count for deed in some),
            who=first.who,
            what=tuple(dict.fromkeys(what for deed in some for what in deed.what)),
            party=first.party,
            host=first.host,
            look=first.look,
            result=between.join(dict.fromkeys(deed.result for deed in some if deed.result)),
            phase=phase,
            weighty=any(deed.weighty for deed in some),
            plain=sum(deed.plain for deed in some),
        )

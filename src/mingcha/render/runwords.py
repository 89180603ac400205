"""One run in words: its clock, its phases, what was done in it, and the same as moments in a row and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from mingcha.model.fact import ScreenSeen
from mingcha.render.clocktime import clock, offset
from mingcha.render.reading import Reading
from mingcha.render.runevents import NAMES_SHOWN, Act, Deed, Run
from mingcha.render.tables import ROWS_SHOWN
from mingcha.render.view import Table

MOMENTS = 24
MARKED = frozenset({"home", "start", "stop", "install", "clear"})
"""Acts that tell where the app is, whatever they decide."""


class Moment(NamedTuple):
    """One thing in a row of them; the lower the rank, the more it tells."""

    rank: int
    start: datetime
    told: str


class Teller:
    """Tells one run to one reader."""

    def __init__(self, reading: Reading, run: Run, number: int) -> None:
        self.reading = reading
        self.run = run
        self.number = number
        self.public = reading.reader == "public"
        self._zone = run.first.tzinfo if run.first else None
        span = run.last - run.first if run.first and run.last else timedelta()
        self._dated = span >= timedelta(days=1)

    # --- words

    def say(self, sentence: str, **blanks: object) -> str:
        """One of our sentences about runs."""
        return self.reading.words.say(f"tl_{sentence}", **blanks)

    def label(self, name: str) -> str:
        """One of our labels about runs."""
        return self.reading.words.labels[f"tl_{name}"]

    def offset(self, time: datetime) -> str:
        """The run's offset from UTC."""
        return offset(self._zone, time)

    def clock(self, time: datetime) -> str:
        """A moment on the run's clock."""
        return clock(time.astimezone(self._zone), self._dated)

    def times(self, start: datetime, end: datetime) -> str:
        """From when to when, or when."""
        one, other = self.clock(start), self.clock(end)
        return one if one == other else f"{one}–{other}"

    def phase(self, phase: str | None) -> str:
        """A phase in a word or two."""
        return self.reading.words.values["tl_phase"][phase]

    def screen(self, fact: ScreenSeen) -> str:
        """What a screen was taken for."""
        return self.reading.words.value("screen", fact.screen, "ScreenSeen") or ""

    # --- what happened

    def taken_early(self, deed: Deed) -> bool:
        """Whether information was obtained or sent while nobody had agreed."""
        return deed.early and deed.look == "solid" and deed.kind != "asked"

    def told(self, deed: Deed) -> bool:
        """Whether the reader is told of it: the public of what was taken before anybody agreed."""
        return not self.public or self.taken_early(deed)

    def chosen(self, act: Act) -> str:
        """The choice that a line through all lanes stands for, with its time."""
        return self.say(f"rule_{act.choice}", time=self.times(act.start, act.end))

    def acted(self, act: Act, *, brief: bool = False) -> str:
        """An act: what was done, what that decided, and about what."""
        words, fact = self.reading.words, act.fact
        done = words.value("act", fact.act, "ActMade") or fact.act
        choice = words.value("choice", fact.choice, "ActMade") if fact.choice else ""
        if brief:
            return choice or done
        about = self.label("policy") if fact.about == "policy" else self.reading.permission(fact.about or "")
        return self.say("act", act=done, choice=choice, about=about)

    def brief(self, deed: Deed) -> str:
        """The types of information that were sent, or the permissions asked for; the first of them by name."""
        more = len(deed.what) - NAMES_SHOWN
        names = self.reading.joined(deed.what[:NAMES_SHOWN])
        return names + (self.say("and", count=more) if more > 0 else "")

    def deed(self, deed: Deed) -> str:
        """A read, a send or a request, with its outcome and phase."""
        return self.say(
            f"deed_{deed.kind}",
            what=self.reading.joined(deed.what),
            party=deed.party,
            host=deed.host,
            result=deed.result if deed.look != "solid" else "",
            count=deed.count if deed.count > 1 else "",
            plain=self.plain(deed),
            phase=self.phase(deed.phase),
        )

    def plain(self, deed: Deed) -> str:
        """That all or some of the sends went in plain text."""
        if 0 < deed.plain < deed.count:
            return self.say("plain_some", count=deed.plain)
        return self.label("plain_long") if deed.plain else ""

    def screens_changed(self) -> Iterator[tuple[datetime, ScreenSeen]]:
        """The screens that are of another kind than the one before."""
        before: str | None = ""
        for time, fact in self.run.screens:
            if fact.screen != before:
                yield time, fact
            before = fact.screen

    # --- in a row

    def moments(self) -> tuple[tuple[str, ...], str]:
        """The most telling moments in the order of time, and how many others there are."""
        found = sorted((*self._acts(), *self._deeds()), key=lambda one: (one.rank, one.start))
        left = len(found) - MOMENTS
        shown = sorted(found[:MOMENTS], key=lambda one: one.start)
        return tuple(one.told for one in shown), self.say("more_moments", count=left) if left > 0 else ""

    def _acts(self) -> Iterator[Moment]:
        for act in self.run.acts:
            if act.choice or (not self.public and (act.fact.choice or act.fact.act in MARKED)):
                yield Moment(0 if act.choice else 2, act.start, f"{self.times(act.start, act.end)} {self.acted(act)}")

    def _deeds(self) -> Iterator[Moment]:
        for deed in filter(self.told, self.run.deeds):
            rank = 1 if self.taken_early(deed) else 2 if deed.look == "solid" or deed.plain else 3
            yield Moment(rank, deed.start, f"{self.times(deed.start, deed.end)} {self.deed(deed)}")

    # --- as a table

    def table(self) -> Table:
        """Everything that is drawn, row by row, for those who do not see the picture."""
        rows = sorted(self._rows(), key=lambda row: row[0])
        heads = tuple(self.label(f"c_{name}") for name in ("time", "event", "what", "party", "result", "phase"))
        left = len(rows) - ROWS_SHOWN
        note = self.reading.words.say("more_rows_cut", count=left) if left > 0 else ""
        kept = tuple(cells for _, cells in rows[:ROWS_SHOWN])
        return Table(f"timeline_{self.number}", self.say("table", run=self.run.name), heads, kept, note)

    def _rows(self) -> Iterator[tuple[datetime, tuple[str, ...]]]:
        for deed in self.run.deeds:
            yield deed.start, self._cells(deed)
        for act in self.run.acts:
            if act.fact.act != "none":
                yield act.start, self._event(self.times(act.start, act.end), "act", self.acted(act))
        for time, fact in self.screens_changed():
            yield time, self._event(self.clock(time), "screen", self.screen(fact))
        for start, end, phase in self.run.spans:
            yield start, self._event(self.times(start, end), "phase", self.phase(phase))

    def _event(self, times: str, kind: str, told: str) -> tuple[str, ...]:
        return times, self.label(f"event_{kind}"), told, "", "", ""

    def _cells(self, deed: Deed) -> tuple[str, ...]:
        party = self.reading.bracketed(deed.party) if deed.host and deed.party else deed.party
        return (
            self.times(deed.start, deed.end),
            self.label(f"event_{deed.kind}"),
            self.reading.joined(deed.what),
            " ".join(filter(None, (deed.host, party))),
            " ".join(filter(None, (deed.result, self.plain(deed), f"×{deed.count}"))),
            self.phase(deed.phase),
        )

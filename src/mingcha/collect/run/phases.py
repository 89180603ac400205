"""The phases of a run, from what stood on the screen and what was done there, never from a tester's key press.

P0 not started, P1 no choice made, P2 refused, P3 agreed and in front, P5 in the background, P6 nobody touches it, P7 after
withdrawal, logging out or closing the account, P8 stopped and started by itself. P4, a named function in use, needs a word
that no screen says.

An accusation hangs on P1 and P2, so their spans end early: with any touch that may have been a choice, and with any screen
that came up nobody knows how. Whoever refuses what is asked later (a new policy, a function's own) takes nothing back of what
he agreed to before: P2 begins only where nothing can have been agreed to yet. Where the screens do not tell, there is no span.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from mingcha.collect.run.moments import Moment
from mingcha.model.words import ActKind, Choice, Phase, ScreenKind

QUIET = timedelta(seconds=60)
"""How long nobody must touch the screen until it counts as idle."""
_NO_AGREEMENT: frozenset[Choice | None] = frozenset({"grant", "deny", "open"})
"""Choices of a touch that give no agreement to the policy, whatever else they do."""
_LEAVES: frozenset[Choice | None] = frozenset({"withdraw", "log out", "cancel account"})
_TOLD_ANYWAY: frozenset[ActKind | None] = frozenset({"home", "stop", "install", "clear"})


class Seen(NamedTuple):
    """One screen of a run: when, what, whether it is the app's own window, and the act that led to it.

    ``act`` is null where nobody knows what led to it. ``done`` is when the act was made; where only the screens before and
    after it are known, null. ``same`` says that the screen did not change since the one before.
    """

    at: datetime
    screen: ScreenKind | None = None
    own: bool | None = None
    act: ActKind | None = None
    choice: Choice | None = None
    about: str | None = None
    done: datetime | None = None
    same: bool = False


class Span(NamedTuple):
    """From ``start`` on and before ``end`` the phase holds."""

    start: datetime
    end: datetime
    phase: Phase


class Phases:
    """The spans of a run, to ask for moments."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = tuple(spans)
        self._starts = [span.start for span in spans]

    def at(self, moment: Moment | None) -> Phase | None:
        """The phase at a moment; null where none is known or the moment's error reaches into another."""
        if moment is None:
            return None
        index = bisect_right(self._starts, moment.time - moment.error) - 1
        if index < 0:
            return None
        span = self.spans[index]
        return span.phase if moment.time + moment.error < span.end else None

    def minutes(self, phase: Phase) -> float:
        """How long the phase held, all spans together."""
        return sum((s.end - s.start).total_seconds() for s in self.spans if s.phase == phase) / 60


def phases_of(seen: Sequence[Seen], *, start: Literal["clean", "used"] | None, complete: bool) -> Phases:
    """The spans between the first screen and the last; ``seen`` is in order of time.

    ``complete``: every touch is among the acts. Otherwise what was not decided by an act that we know may have been decided by one
    that we do not, and only a question that still stands on the screen shows that nobody has answered it.
    """
    if any(later.at < earlier.at for earlier, later in pairwise(seen)):
        return Phases(())  # a clock that went back orders nothing
    changes = list(_changes(seen if complete else [_doubted(one) for one in seen], start))
    ends = [at for at, _ in changes[1:]] + [one.at for one in seen[-1:]]
    return Phases([Span(at, end, phase) for (at, phase), end in zip(changes, ends, strict=False) if phase and end > at])


def _doubted(one: Seen) -> Seen:
    """An act that decides nothing as unknown: others may have been made beside it. What leaves the app is told anyway."""
    decides = one.choice is not None and one.choice not in _NO_AGREEMENT
    return one if decides or one.act in _TOLD_ANYWAY else one._replace(act=None, choice=None)


def _changes(seen: Sequence[Seen], start: Literal["clean", "used"] | None) -> Iterator[tuple[datetime, Phase | None]]:
    """Moments at which the phase becomes another, or stops being known."""
    state = _State("P0" if start == "clean" else None)
    before: datetime | None = None
    for one in seen:
        yield from state.by(one, before or one.at)
        before = one.at


class _State:
    """What was chosen so far, and whether the app is in front."""

    def __init__(self, chosen: Phase | None) -> None:
        self._chosen = chosen
        self._never_agreed = chosen == "P0"
        self._away: Phase | None = None
        self._told: Phase | None = None

    @property
    def _phase(self) -> Phase | None:
        return self._away or self._chosen

    def by(self, one: Seen, before: datetime) -> Iterator[tuple[datetime, Phase | None]]:
        """The changes that one screen and the act before it bring; the act lies between ``before`` and the screen."""
        earliest, latest = (one.done, one.done) if one.done and before <= one.done <= one.at else (before, one.at)
        if self._phase == "P3" and one.act is not None and earliest - before > QUIET:
            yield before + QUIET, "P6"
            yield earliest, "P3"
        self._chosen = self._after(one)
        self._away = self._behind(one)
        if self._phase != self._told:
            yield (
                earliest,
                "P1" if self._phase == "P1" else None,
            )  # not started or no choice made: both are before consent
            yield latest, self._phase
        self._told = self._phase

    def _after(self, one: Seen) -> Phase | None:
        """What was chosen, once the act is made."""
        self._never_agreed = self._still_never_agreed(one)
        if one.act in ("install", "clear"):
            return "P0"
        if one.choice in _LEAVES:
            return "P7"
        if one.choice == "agree" and one.about == "policy":
            return "P3"
        if one.choice == "refuse" and one.about == "policy":
            return "P2" if self._never_agreed else None
        if self._chosen in ("P0", "P1", "P2") and self._may_have_chosen(one):
            return None
        return self._first(one) if self._chosen == "P0" else self._chosen

    def _still_never_agreed(self, one: Seen) -> bool:
        """Whether nothing can have been agreed to yet, or all of it was taken back: then a refusal refuses everything."""
        if one.act in ("install", "clear") or one.choice == "withdraw":
            return True
        unseen = one.act is None and not one.same and one.screen != "consent" and self._chosen != "P0"
        agreed = one.choice == "undecided" or (one.choice == "agree" and one.about in ("policy", None))
        return self._never_agreed and not (agreed or unseen)

    def _first(self, one: Seen) -> Phase | None:
        """After the first window of a clean start; one that nobody knows the way to may come after a choice."""
        if one.act == "start" or (one.own and one.screen == "consent"):
            return "P1"
        return None if one.own is not False and one.act is None else "P0"

    def _may_have_chosen(self, one: Seen) -> bool:
        """Whether the act may have agreed to the policy; of the first window `_first` asks, for it may come without any."""
        if one.choice is not None:
            return one.choice not in _NO_AGREEMENT
        if one.act is None and self._chosen != "P0":
            return not (one.same or (one.screen == "consent" and self._chosen == "P1"))
        return one.act == "tap"

    def _behind(self, one: Seen) -> Phase | None:
        """In the background or stopped, of an app that was agreed to."""
        if self._chosen != "P3" or one.own:
            return None
        if one.act == "stop":
            return "P8"
        return "P5" if one.act == "home" and self._away is None else self._away

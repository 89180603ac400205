"""The clocks of casework: how long each runs, in what unit, and what says so; data in `catalogue/casework/clocks.yaml`.

A number that no law in force fixes is never cited as law: its text is "set by this order", whatever the default comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from mingcha.casework.shanghai import day_of
from mingcha.errors import CatalogueError, UsageError

_FILE = Path(__file__).parents[1] / "catalogue" / "casework" / "clocks.yaml"
Unit = Literal["working", "calendar", "months", "hours", "none"]
Status = Literal["V", "VE", "R", "draft", "D"]
READ: Status = "V"
"""The one status that may be cited: the text was read."""


class Told(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same words in both languages."""

    zh: str
    en: str

    def say(self, language: str) -> str:
        """The words in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en


SET_BY_ORDER = Told(zh="本文书自定", en="set by this order")


class Clock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clock; ``body`` limits it to complaints that this body received, ``effective`` is "first..last" or "first..".

    ``waits``: the time must pass before somebody may act, nobody misses it. ``set_by_order``: no law in force fixes the number.
    """

    id: str
    name: Told
    starts: Told
    who: Literal["authority", "operator", "platform", "person"]
    unit: Unit
    basis: Told
    status: Status
    effective: str
    length: int | None = None
    body: str | None = None
    from_: Literal["next-day", "instant"] = msgspec.field(default="next-day", name="from")
    roll_forward: bool = False
    waits: bool = False
    may_suspend: bool = False
    may_extend: bool = False
    set_by_order: bool = False

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day on which the clock was or is in force."""
        first, _, last = self.effective.partition("..")
        return date.fromisoformat(first), date.fromisoformat(last) if last else date.max

    @property
    def cites_law(self) -> bool:
        """Whether a document may name the basis: the text was read and fixes the number."""
        return self.status == READ and not self.set_by_order

    @property
    def citation(self) -> Told:
        """What a document says the number rests on: the article, or that this order sets it."""
        return self.basis if self.cites_law else SET_BY_ORDER


@cache
def clocks() -> tuple[Clock, ...]:
    """All clocks as shipped. Raises CatalogueError naming each record that contradicts itself or another."""
    found = msgspec.yaml.decode(_FILE.read_bytes(), type=tuple[Clock, ...])
    problems = [f"{_FILE.name}: {problem}" for problem in (*_problems(found), *_overlaps(found))]
    if problems:
        raise CatalogueError(problems)
    return found


def clock(identity: str, on: date | datetime, body: str | None = None) -> Clock:
    """The clock in force on a day of Shanghai: that of the receiving body if it has its own, else the general one.

    Raises UsageError for none, and for a time without a zone.
    """
    day = day_of(on)
    named = [one for one in clocks() if one.id == identity]
    for wanted in dict.fromkeys((body, None)):
        for one in named:
            if one.body == wanted and one.period[0] <= day <= one.period[1]:
                return one
    known = "unknown" if not named else f"not in force on {day.isoformat()}"
    raise UsageError(f"clock {identity!r} is {known}")


def in_force(on: date) -> tuple[Clock, ...]:
    """All clocks in force on a day, general ones and those of single bodies, in the order of the file."""
    return tuple(one for one in clocks() if one.period[0] <= on <= one.period[1])


def with_length(one: Clock, length: int) -> Clock:
    """The clock with the length an order sets. Raises UsageError where law fixes the number."""
    if not one.set_by_order:
        raise UsageError(f"clock {one.id!r}: {one.basis.en} fixes the number, no order can set it")
    if length < 1:
        raise UsageError(f"clock {one.id!r}: a length is at least 1")
    return msgspec.structs.replace(one, length=length)


def _problems(found: Sequence[Clock]) -> Iterator[str]:
    for one in found:
        if (one.length is None) != (one.unit == "none"):
            yield f"{one.id}: a length and a unit that counts go together"
        if one.status != READ and not one.set_by_order:
            yield f"{one.id}: status {one.status} cannot be law, so the order must set it"
        if (one.unit == "hours") != (one.from_ == "instant"):
            yield f"{one.id}: hours run from an instant, days from the next day"
        if one.roll_forward and one.unit not in {"calendar", "months"}:
            yield f"{one.id}: only calendar days and months roll forward"
        if one.period[0] > one.period[1]:
            yield f"{one.id}: ends before it begins"


def _overlaps(found: Sequence[Clock]) -> Iterator[str]:
    ordered = sorted(found, key=lambda one: (one.id, one.body or "", one.effective))
    for earlier, later in pairwise(ordered):
        if (earlier.id, earlier.body) == (later.id, later.body) and earlier.period[1] >= later.period[0]:
            yield f"{later.id}: two records are in force on {later.period[0].isoformat()}"

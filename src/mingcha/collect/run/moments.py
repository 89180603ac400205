"""Times of several machines on one clock, that of the device, each with what is not known about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from mingcha.collect.run.record import Note

_EPOCH = re.compile(r"(\d{9,11})(?:\.(\d{1,9}))?|(\d{12,14})").fullmatch
"""Seconds since 1970, or milliseconds, as PCAPdroid wrote before 2023-12."""
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
).fullmatch


class Moment(NamedTuple):
    """A time on the device's clock; the truth lies within ``error`` on either side."""

    time: datetime
    error: timedelta

    @property
    def text(self) -> str:
        """ISO 8601 with milliseconds and offset."""
        return written(self.time)


def written(time: datetime) -> str:
    """ISO 8601 with milliseconds and offset."""
    return time.isoformat("T", "milliseconds")


def first_and_last(moments: Iterable[Moment | None]) -> tuple[str | None, str | None]:
    """The first and the last of the moments that are known, as texts."""
    known = sorted((moment.time, moment.text) for moment in moments if moment is not None)
    return (known[0][1], known[-1][1]) if known else (None, None)


def moment_of(text: str, offset: str | None, note: Note, *, related: bool, step: int | None = None) -> Moment | None:
    """A tool's time on the device's clock; null where the tool's time, its zone or its clock is not known.

    ``related``: the tool runs on the device, so its clock needs no word; otherwise ``note.ahead`` must be given. ``step``
    is how fine the tool writes, in milliseconds, where its text does not show it.
    """
    if note.ahead is None and not related:
        return None
    read = _read(text.strip(), offset)
    if read is None:
        return None
    time, fine = read
    coarse = timedelta(milliseconds=max(step or 0, fine))
    try:
        return Moment(time - timedelta(seconds=note.ahead or 0), timedelta(seconds=note.error) + coarse)
    except OverflowError:
        return None


def _read(text: str, offset: str | None) -> tuple[datetime, int] | None:
    """A moment in the device's zone where that is known, and how many milliseconds the text is coarse."""
    if epoch := _EPOCH(text):
        seconds = float(text) if epoch[1] else int(text) / 1000
        return datetime.fromtimestamp(seconds, _zone(offset or "+00:00")), 1000 if epoch[1] and not epoch[2] else 1
    found = _ISO(text)
    if found is None or not (found[3] or offset):
        return None
    part = (found[2] or "")[:6]
    try:
        local = datetime.fromisoformat(found[1]) + timedelta(microseconds=int(part.ljust(6, "0")))
        moment = local.replace(tzinfo=_zone(found[3] or offset or ""))
        return moment.astimezone(_zone(offset)) if offset else moment, 10 ** max(0, 3 - len(part))
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> tzinfo | None:
    return datetime.strptime(text.upper().replace("Z", "+00:00"), "%z").tzinfo

"""Moments of a run on its own clock: reading them out of facts, writing them, and where an axis has its ticks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
"""Seconds between two ticks that a person counts in."""
MOST_TICKS = 8
_DAY = 86_400
_START = datetime(1970, 1, 1, tzinfo=UTC)


def moment(text: str | None) -> datetime | None:
    """A time of a fact; null where it is none, or has no offset, or lies at the edge of the calendar."""
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return read if read.tzinfo and 1970 <= read.year <= 9000 else None


def clock(time: datetime, dated: bool = False) -> str:
    """Hours, minutes, seconds; with month and day where a run spans several."""
    return time.strftime("%m-%d %H:%M:%S" if dated else "%H:%M:%S")


def offset(zone: tzinfo | None, time: datetime) -> str:
    """The offset from UTC as ``+08:00``."""
    return time.astimezone(zone).isoformat()[-6:] if zone else ""


def ticks(first: datetime, last: datetime) -> Iterator[tuple[datetime, str]]:
    """Round moments between two, at most nine, each as its clock says it."""
    span = (last - first).total_seconds()
    step = next((s for s in STEPS if span / s <= MOST_TICKS), 0) or _days(span)
    zone = first.utcoffset() or timedelta()
    local = (first - _START + zone) // timedelta(seconds=1)
    at = first.replace(microsecond=0) + timedelta(seconds=-local % step)
    form = "%H:%M:%S" if step < 60 else "%H:%M" if span < _DAY else "%m-%d %H:%M" if step < _DAY else "%Y-%m-%d"
    while at <= last:
        if at >= first:
            yield at, at.strftime(form)
        at += timedelta(seconds=step)


def _days(span: float) -> int:
    """A step of whole days, so large that few fit in."""
    return _DAY * (int(span / MOST_TICKS / _DAY) + 1)

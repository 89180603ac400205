"""The one time zone of legal clocks, and which day an instant belongs to in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from mingcha.errors import UsageError

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: there has been no summer time since 1991, and bare machines lack zone data."""


def in_shanghai(time: datetime) -> datetime:
    """An instant as Shanghai's clocks show it. Raises UsageError for a time without a zone."""
    if time.tzinfo is None:
        raise UsageError("a time without a zone is no instant")
    return time.astimezone(SHANGHAI)


def day_of(time: date | datetime) -> date:
    """The day in Shanghai of an instant, or the day itself."""
    return in_shanghai(time).date() if isinstance(time, datetime) else time

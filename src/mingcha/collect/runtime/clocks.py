"""Times as the tools write them, turned into ISO 8601; what cannot be told stays null."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from mingcha.model.event import Clock

_TIME = re.compile(
    r"(?:(?P<year>\d{4})[-/])?(?P<month>\d{1,2})[-/](?P<day>\d{1,2})[ T]+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,6}))?)?"
    r"(?:\s*(?P<zone>Z|[+-]\d{2}:?\d{2}))?"
)


def clock(text: str, year: int | None = None, offset: str | None = None, months: int = 0) -> Clock:
    """The clock of a written time; ``months`` is added to a month that the tool counts wrongly."""
    text = text.strip()
    found = _TIME.fullmatch(text)
    if found is None:
        return Clock()  # what is no time may be anything: it is not kept
    moment = _moment(found, year, months)
    step = _step(found)
    if moment is None:
        return Clock(told=text, step=step)
    local = moment.isoformat("T", "milliseconds")
    zone = _zone(found["zone"]) or offset
    return Clock(time=local + zone if zone else None, local=local, told=text, step=step)


def _step(found: re.Match[str]) -> int:
    if found["part"]:
        return (100, 10, 1, 1, 1, 1)[len(found["part"]) - 1]
    return 1000 if found["second"] else 60_000


def _moment(found: re.Match[str], year: int | None, months: int) -> datetime | None:
    written = int(found["year"]) if found["year"] else year
    if written is None:
        return None
    part = int((found["part"] or "0").ljust(6, "0"))
    try:
        return datetime(  # noqa: DTZ001  # the device's own time; its offset is told apart
            written, int(found["month"]) + months, int(found["day"]), int(found["hour"]), int(found["minute"]),
            int(found["second"] or 0), part,
        )  # fmt: skip
    except ValueError:
        return None


def _zone(text: str | None) -> str | None:
    if text is None:
        return None
    if text == "Z":
        return "+00:00"
    return text if ":" in text else f"{text[:3]}:{text[3:]}"


def before(dumped: str, gone: int) -> Clock:
    """The time ``gone`` milliseconds before a moment given as ISO 8601 with offset."""
    try:
        moment = datetime.fromisoformat(dumped) - timedelta(milliseconds=gone)
    except (ValueError, OverflowError):
        return Clock()
    text = moment.isoformat("T", "milliseconds")
    return Clock(time=text if moment.tzinfo else None, local=text[:23], step=1)


def apart(one: Clock, other: Clock) -> float | None:
    """Milliseconds from one clock to another of the same tool; null if either is not told or too coarse to say."""
    if not (one.local and other.local) or max(one.step or 60_000, other.step or 60_000) > FINE:
        return None
    return (datetime.fromisoformat(other.local) - datetime.fromisoformat(one.local)) / timedelta(milliseconds=1)


FINE = 50
"""A clock that ticks more rarely than this cannot show that two rows are one call."""

"""Clocks and times for tests of deadlines."""

from __future__ import annotations

from datetime import datetime

from mingcha.casework.clocks import Clock, Told, Unit
from mingcha.casework.shanghai import SHANGHAI

WORDS = Told(zh="测试", en="test")


def rule(unit: Unit, length: int | None, *, roll: bool = True, waits: bool = False) -> Clock:
    """A clock that knows suspension and extension; calendar days and months roll forward unless told not to."""
    return Clock(
        id="test", name=WORDS, starts=WORDS, who="operator", basis=WORDS, status="V", effective="2004-01-01..", unit=unit, length=length,
        from_="instant" if unit == "hours" else "next-day", roll_forward=roll and unit in {"calendar", "months"}, waits=waits,
        may_suspend=True, may_extend=True,
    )  # fmt: skip


def at(text: str) -> datetime:
    """A time of Beijing such as 2026-10-23 23:59."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)

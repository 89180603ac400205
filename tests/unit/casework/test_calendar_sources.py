"""The calendar is that of two independent libraries over 2004-2026, but for listed days that a notice settles."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from mingcha.casework.working import shipped
from mingcha.catalogue.calendar import is_worked, years

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
SETTLED = {"chinese_calendar": {date(2005, 12, 31): "国办发明电〔2005〕35号"}, "holidays": {}}
"""Days on which a library differs from the table, with the notice that settles each."""
DOCUMENT = Path(__file__).parents[3] / "docs" / "calendar.md"


def days() -> list[date]:
    """Every day of the comparison."""
    return [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]


def library(name: str):
    """Whether a day is worked, by a library; skips where it is not installed."""
    module = pytest.importorskip(
        name, reason=f"{name} IS NOT INSTALLED: the calendar is not compared with it (pip install -e '.[dev]')"
    )
    if name == "holidays":
        return module.country_holidays("CN", years=range(FIRST.year, LAST.year + 1)).is_working_day
    return module.is_workday


@pytest.mark.parametrize("name", SETTLED)
def test_the_table_is_that_of_the_library_but_for_settled_days(name: str) -> None:
    """All 8,401 days agree but those listed."""
    worked = library(name)
    assert len(days()) == 8401
    assert [day for day in days() if worked(day) != is_worked(day)] == sorted(SETTLED[name])


def test_each_settled_day_has_its_notice_in_the_table_and_in_the_document() -> None:
    """The notice is one of its year's, and the document for readers names day and notice."""
    told = DOCUMENT.read_text(encoding="utf-8")
    notices = {year.year: year.notices for year in years()}
    for day, notice in ((day, notice) for found in SETTLED.values() for day, notice in found.items()):
        assert notice in notices[day.year]
        assert day.isoformat() in told
        assert notice in told


def test_the_document_names_every_notice() -> None:
    """Whoever reads the document finds each notice the table rests on."""
    told = DOCUMENT.read_text(encoding="utf-8")
    assert [notice for year in years() for notice in year.notices if notice not in told] == []


def test_both_readers_of_the_table_agree() -> None:
    """The calendar of deadlines and that of the policy reader are the same on every day."""
    calendar = shipped()
    assert all(calendar.is_worked(day.toordinal()) == is_worked(day) for day in days())

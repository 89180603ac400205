"""Numbers of cases and documents: one series per kind and year, none twice, none left out."""

from __future__ import annotations

from django.conf import settings

from mingcha.service.clock import now
from mingcha.service.models import Counter

SERIES = {
    "complaint": "投", "report": "举", "lead": "线", "case": "案",
    "order": "责改", "notice": "通报", "removal": "下架", "restoration": "恢复",
}  # fmt: skip
"""The sign of each series. Real authorities' signs are theirs: an office sets its own; the demonstration's begin with 演示."""


def next_number(series: str) -> str:
    """The next number, inside the caller's transaction: a number is used only if what it numbers is written."""
    year = now().year
    Counter.objects.get_or_create(series=series, year=year)
    row = Counter.objects.select_for_update().get(series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{_prefix()}{SERIES[series]}〔{year}〕{row.last:05d}号"


def _prefix() -> str:
    return "演示" if settings.CONFIGURATION.demo else ""

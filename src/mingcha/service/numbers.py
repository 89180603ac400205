"""Numbers of cases and documents: one series per kind and year, none twice, none left out."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from mingcha.service.clock import now
from mingcha.service.models import Head

SERIES = {
    "complaint": "投", "report": "举", "lead": "线", "case": "案",
    "order": "责改", "notice": "通报", "removal": "下架", "restoration": "恢复",
}  # fmt: skip
"""The sign of each series. Real authorities' signs are theirs: an office sets its own; the demonstration's begin with 演示."""


def next_number(series: str) -> str:
    """The next number, inside the caller's transaction: a number is used only if what it numbers is written.

    The end of the chain is locked before the counter. An act may write an event first and number later, or the other way round: were both
    orders possible, two acts could wait for each other.
    """
    year = now().year
    Head.objects.select_for_update().get(pk=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO service_counter (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = service_counter.last + 1 RETURNING last",
            [series, year],
        )
        (last,) = cursor.fetchone()
    return f"{_prefix()}{SERIES[series]}〔{year}〕{last:05d}号"


def _prefix() -> str:
    return "演示" if settings.CONFIGURATION.demo else ""

"""The legal clock. Actions get the time from here and from nowhere else; only a test setting can move it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every legal term is reckoned in this time zone."""


def now() -> datetime:
    """The moment, in Shanghai. In mode `test` a file may shift it (`configuration.py` refuses the file in any other mode)."""
    moment = datetime.now(UTC).astimezone(SHANGHAI)  # noqa: TID251  # the one clock of the service
    shift = settings.CONFIGURATION.clock
    if shift is None or not shift.exists():
        return moment
    return moment + timedelta(seconds=float(shift.read_text() or 0))

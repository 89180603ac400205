"""What browser tests need; where it is missing they say so and are skipped."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.people import BROWSERS
from tests.service import postgres


def _lacking() -> str | None:
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed (pip install 'mingcha[dev]')"
    if not any(Path(path).exists() for path in BROWSERS):
        return "no Chromium is installed (as root: apt-get install chromium)"
    return None


@pytest.fixture
def chromium() -> Iterator[object]:
    """A browser, or a loud skip; closed after each test, because it keeps an event loop running that others cannot run beside."""
    why = _lacking()
    if why is not None:
        print(f"\n*** SKIPPED: {why} ***")
        pytest.skip(why)
    from tests.browser.people import browser

    with browser() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for SQLite, the URL of an empty database for PostgreSQL."""
    if request.param == "sqlite":
        yield None
        return
    why = postgres.why_not()
    if why:
        pytest.skip(why)
    with postgres.cluster() as made:
        yield made.database(f"story{os.getpid()}")

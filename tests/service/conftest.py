"""The service in a process: an empty database, a data folder of its own, a clock that can be moved."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service import postgres

FOLDER = Path(tempfile.mkdtemp(prefix="mingcha-service-"))
atexit.register(shutil.rmtree, FOLDER, True)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "mingcha.service.settings",
    "MINGCHA_MODE": "test",
    "MINGCHA_DATA": str(FOLDER),
    "MINGCHA_DATABASE_URL": os.environ.get("MINGCHA_TEST_DATABASE_URL", f"sqlite:///{FOLDER / 'db.sqlite3'}"),
    "MINGCHA_TEST_CLOCK": str(FOLDER / "clock"),
}


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Cluster]:
    """One throw-away PostgreSQL for all tests of this process; without it they are skipped aloud."""
    why = postgres.why_not()
    if why:
        pytest.skip(why)
    with postgres.cluster() as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def django_ready() -> None:
    """Django is set up in each process, whichever test comes first there."""
    import django

    django.setup()


@pytest.fixture(scope="session")
def tables(django_ready: None) -> Iterator[None]:
    """All tables, once for each process of tests."""
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False, aliases=["default"], parallel=0)
    yield
    teardown_databases(made, verbosity=0)


@pytest.fixture
def db(tables: None) -> Iterator[None]:
    """What a test writes is gone after it."""
    from django.db import transaction

    from mingcha.service.shelf import shelf

    (FOLDER / "clock").unlink(missing_ok=True)
    (FOLDER / "keys" / "public.json").unlink(missing_ok=True)  # made again at the moment of the test's clock
    shelf.cache_clear()
    block = transaction.atomic()
    block.__enter__()
    yield
    transaction.set_rollback(True)
    block.__exit__(None, None, None)


@pytest.fixture
def clock(db: None) -> Clock:
    """The legal clock, movable."""
    return Clock()


class Clock:
    """Moves the legal clock by the file that mode `test` allows."""

    def set(self, moment: str) -> None:
        """To this time in Shanghai."""
        from datetime import UTC, datetime

        from mingcha.service.clock import SHANGHAI

        wanted = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        (FOLDER / "clock").write_text(str((wanted - datetime.now(UTC)).total_seconds()))

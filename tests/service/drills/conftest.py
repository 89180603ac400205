"""Databases for the drills, a SQLite file and PostgreSQL where it is installed, and a way to run a drill in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service import postgres

ROOT = Path(__file__).parents[3]
Drill = Callable[..., dict[str, Any]]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'mingcha.sqlite3'}"
    made: postgres.Cluster = request.getfixturevalue("server")
    return made.database(f"d{abs(hash(request.node.nodeid)):x}")


def environment(database: str, folder: Path, mode: str = "test") -> dict[str, str]:
    """What an installation of its own is told."""
    given = {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "mingcha.service.settings",
        "MINGCHA_MODE": mode,
        "MINGCHA_DATA": str(folder / "data"),
        "MINGCHA_DATABASE_URL": database,
        "TMPDIR": str(folder),
    }
    clock = {"MINGCHA_TEST_CLOCK": str(folder / "clock")} if mode == "test" else {}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MINGCHA_TEST")}
    return kept | given | clock


@pytest.fixture
def drill(database: str, tmp_path: Path) -> Iterator[Drill]:
    """Run a module of this folder on the database, and give what it printed as JSON."""

    def ran(module: str, *arguments: str, mode: str = "test", timeout: float = 60) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.service.drills.{module}", *arguments],
            env=environment(database, tmp_path, mode), cwd=tmp_path, capture_output=True, text=True, timeout=timeout,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    yield ran
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


@pytest.fixture
def office(clock: Any) -> Any:
    """The demonstration's people on Monday 2 March 2026, in this process; their passwords are hashed cheaply."""
    from django.conf import settings
    from django.test import override_settings

    from tests.service.test_story import Office

    settings.STATIC_ROOT.mkdir(exist_ok=True)
    (settings.DATA / "keys" / "public.json").unlink(missing_ok=True)  # its first key signs from the day of this test
    clock.set("2026-03-02T09:00")
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        return Office()

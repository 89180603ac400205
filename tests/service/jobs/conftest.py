"""Databases for the job tests: a SQLite file, and PostgreSQL where it is installed. Each test gets an empty one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service import postgres

ROOT = Path(__file__).parents[3]
Run = Callable[..., str]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'db.sqlite3'}"
    made: postgres.Cluster = request.getfixturevalue("server")
    return made.database(f"t{abs(hash(request.node.nodeid)):x}")


@pytest.fixture
def run(database: str, tmp_path: Path) -> Run:
    """Run a module of these tests on the database, in a process of its own, and give what it printed."""

    def ran(module: str, *arguments: str, timeout: float = 60) -> str:
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.service.jobs.settings",
            "MINGCHA_DATABASE_URL": database,
            "DRILL_FOLDER": str(tmp_path),
            "TMPDIR": str(tmp_path),
        }
        done = subprocess.run(
            [sys.executable, "-m", f"tests.service.jobs.{module}", *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return ran

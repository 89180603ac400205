"""K4: a crash of the database server under load is over within ten seconds of its return, and gives no decision number twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.service import postgres
from tests.service.drills.conftest import environment


def _restarted(server: postgres.Cluster, folder: Path, cases: int, mode: str) -> tuple[dict[str, Any], float]:
    """What the approvers met, and how long the server was away."""
    database = server.database(f"k4{mode}{cases}")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.service.drills.restarted_database", "--cases", str(cases)],
        env=environment(database, folder, "demo"), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as drill:  # fmt: skip
        assert drill.stdout is not None
        assert drill.stdout.readline() == "now\n", drill.stderr.read() if drill.stderr else ""
        began = time.monotonic()
        server.stop(mode)
        server.start()
        away = time.monotonic() - began
        told, errors = drill.communicate(timeout=150)
        assert drill.returncode == 0, errors[-3000:]
    return json.loads(told.splitlines()[-1]), away


def check(found: dict[str, Any], cases: int, away: float) -> None:
    """All signed, each number once, nothing half done, and work went on soon after the server was back."""
    assert (found["signed"], found["numbers"], found["different"]) == (cases, cases, cases)
    assert found["faults"] == []
    assert found["longest_gap"] - away <= 10


@pytest.mark.parametrize(
    ("mode", "cases"),
    [
        ("immediate", 60),
        pytest.param("fast", 400, marks=pytest.mark.long),
        pytest.param("immediate", 400, marks=pytest.mark.long),
    ],
)
def test_decisions_outlive_a_restart_of_the_database_server(
    server: postgres.Cluster, tmp_path: Path, mode: str, cases: int
) -> None:
    """Orders are signed over HTTP while the server crashes or is restarted: within 10 s of its return they go on; every order has one number."""
    found, away = _restarted(server, tmp_path, cases, mode)
    check(found, cases, away)

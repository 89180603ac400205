"""Jobs from the asking to the end, on both databases; `scenarios.py` says one sentence of each."""

from __future__ import annotations

import json

import pytest

from tests.service.jobs.conftest import Run


def check(told: str, count: int) -> None:
    """That many scenarios ran, and none found anything wrong."""
    found = [json.loads(line) for line in told.splitlines()]
    assert [name for name, wrong, _ in found if wrong] == [], "\n".join(wrong for _, wrong, _ in found)
    assert len(found) == count


def test_every_quick_scenario_holds(run: Run) -> None:
    """Asking, fencing, giving up, cancelling and each way to end hold on this database."""
    check(run("scenarios", "quick"), 8)


@pytest.mark.long
def test_every_slow_scenario_holds(run: Run) -> None:
    """A real inspection, a restored backup, workers that leave or come too late and their keeper: all hold on this database."""
    check(run("scenarios", "slow", timeout=180), 5)

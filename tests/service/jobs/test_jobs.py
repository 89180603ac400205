"""Jobs from the asking to the end, on both databases; `scenarios.py` says one sentence of each."""

from __future__ import annotations

import json

from tests.service.jobs.conftest import Run

NAMES = 13


def test_every_scenario_holds(run: Run) -> None:
    """All scenarios of outbox, fence, cancelling, ending and leaving hold on this database."""
    told = [json.loads(line) for line in run("scenarios").splitlines()]
    assert [name for name, wrong, _ in told if wrong] == [], "\n".join(wrong for _, wrong, _ in told)
    assert len(told) == NAMES

"""K1 and K2: workers are killed and stopped, and each job still has exactly one accepted result."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.service import postgres
from tests.service.jobs.conftest import Run

QUICK = ("--timeout", "2", "--beat", "0.2")


def check_each_once(found: dict[str, Any], jobs: int) -> None:
    """Every job is done, with one accepted result and all its steps."""
    assert found["states"] == {"done": jobs}
    assert found["accepted_per_job"] == {"1": jobs}
    assert found["all_steps_in_results"]


def check_k1(found: dict[str, Any], jobs: int, kills: int) -> None:
    """The figures of K1."""
    check_each_once(found, jobs)
    assert found["kills"] == kills
    assert found["kills_that_hit_a_job"] > 0
    assert found["most_repeated_by_one_kill"] <= 1
    assert found["repeated_steps"] <= kills
    assert found["takeover_max_s"] <= found["limit_s"]
    assert set(found["exit_codes"]) <= {0, 75}  # on a busy machine one may fall silent for longer than the timeout


def check_k2(found: dict[str, Any]) -> None:
    """The figures of K2: the stopped worker tried to store, and was refused."""
    check_each_once(found, 1)
    assert (found["refused"], found["accepted_after"], found["accepted_by_second"]) == (1, 0, 1)
    assert found["exit_code_of_the_stopped"] == 75


def test_killed_workers_lose_no_job(run: Run) -> None:
    """K1 in short: ten jobs, two kills, one accepted result each, at most one step repeated by a kill."""
    check_k1(
        json.loads(
            run("drill", "k1", "--jobs", "10", "--kills", "2", "--period", "2", "--seconds", "0.12", "--busy", *QUICK)
        ),
        10,
        2,
    )


def test_a_stopped_worker_is_fenced_off(run: Run) -> None:
    """K2: a worker stopped past its timeout is refused when it goes on, and leaves to be started anew."""
    check_k2(json.loads(run("drill", "k2", *QUICK)))


@pytest.mark.long
def test_jobs_outlive_a_crash_of_the_database_server(
    server: postgres.Cluster, run: Run, database: str, tmp_path: Path
) -> None:
    """K4, the jobs' part: the server dies under load and is back; jobs go on within 10 s, each has one result."""
    if database.startswith("sqlite"):
        pytest.skip("there is no server to restart")

    def restart() -> None:
        while not list(tmp_path.glob("*/log")):  # the first job has begun
            time.sleep(0.1)
        time.sleep(1.5)
        server.stop("immediate")
        server.start()

    with ThreadPoolExecutor(1) as beside:
        crash = beside.submit(restart)
        found = json.loads(run("drill", "k1", "--jobs", "20", "--kills", "0", "--spread", "7", *QUICK, timeout=120))
        crash.result()
    check_each_once(found, 20)
    assert set(found["exit_codes"]) <= {0, 75}
    assert 0.3 < found["longest_silence_s"] <= 10


@pytest.mark.long
@pytest.mark.parametrize("seen", [[], ["--far"]], ids=["near", "far"])
def test_twenty_kills_over_two_hundred_jobs(run: Run, seen: list[str]) -> None:
    """K1 in full: 200 jobs of 6 steps, a random worker of two killed every 5 s, 20 times; on one machine, and as if on two."""
    check_k1(
        json.loads(run("drill", "k1", "--jobs", "200", "--kills", "20", "--period", "5", *seen, timeout=300)), 200, 20
    )


@pytest.mark.long
def test_a_stopped_worker_is_fenced_off_at_the_usual_timeout(run: Run) -> None:
    """K2 at a timeout of 3 s."""
    check_k2(json.loads(run("drill", "k2")))

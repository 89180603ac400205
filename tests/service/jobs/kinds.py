"""Kinds of job that the drills run: six steps that leave a line in a file when they begin and when they end."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from django.db import connection

from mingcha.service.jobs import child
from mingcha.service.jobs.fence import Failed, Fenced, current
from mingcha.service.jobs.registry import Step, Values, job
from mingcha.service.models.jobs import Job

STEPS = 6


def tell(payload: Values, *words: object) -> None:
    """One line, written at once and whole, with the moment."""
    line = " ".join(str(word) for word in (*words, f"{time.time():.3f}")) + "\n"
    handle = os.open(payload["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line.encode())
    os.close(handle)


def _step(number: int) -> Step:
    def run(payload: Values, state: Values) -> Values:
        taken = current()
        tell(payload, "begin", taken.key, number, os.getpid(), taken.fence)
        time.sleep(payload["seconds"])
        if number == STEPS - 2:
            _accept(payload)
        tell(payload, "end", taken.key, number, os.getpid(), taken.fence)
        return {"did": [*state.get("did", []), number]}

    return Step(f"step{number}", run, f"第 {number + 1} 步")


def _accept(payload: Values) -> None:
    """Store the result in a table of its own, under the fence; a repeated step finds it there."""
    taken = current()
    try:
        with taken.accepted(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accepted (job, fence) SELECT %s, %s WHERE NOT EXISTS (SELECT 1 FROM accepted WHERE job = %s)",
                [taken.key, taken.fence, taken.key],
            )
    except Fenced:
        tell(payload, "refused", taken.key, os.getpid(), taken.fence)
        raise
    tell(payload, "accepted", taken.key, os.getpid(), taken.fence)


def _ended(job: Job) -> None:
    """What a kind does at the end: here a line in the file."""
    if "log" in job.payload:
        tell(job.payload, "ended", job.key, job.state)


@job("drill", ended=_ended)
def drill() -> list[Step]:
    """Six equal steps; the last but one stores a result."""
    return [_step(number) for number in range(STEPS)]


def _fails(job: Job) -> None:
    raise KeyError(job.key)


@job("broken", ended=_fails)
def broken() -> list[Step]:
    """A defect."""
    return [Step("divide", lambda _payload, _state: {"x": 1 // 0})]


def _fail(_payload: Values, _state: Values) -> Values:
    raise Failed("refused", "an archive with two members of one name")


@job("refused", ended=_ended)
def refused() -> list[Step]:
    """A failure that is told to the reader."""
    return [Step("look", _fail)]


def _inspect(payload: Values, _state: Values) -> Values:
    """A real inspection in a child; its report is kept under its digest."""
    outcome = child.run(
        "tests.service.jobs.targets:inspected", payload["given"], child.Limits(wall=60), current().go_on
    )
    if outcome.kind != "done":
        raise Failed(outcome.kind, outcome.detail)
    Path(payload["report"]).write_bytes(outcome.data)
    return {"report": hashlib.sha256(outcome.data).hexdigest()}


@job("inspection")
def inspection() -> tuple[Step, ...]:
    """One step, which is long."""
    return (Step("inspect", _inspect, "检测中"),)

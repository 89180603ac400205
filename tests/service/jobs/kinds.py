"""Kinds of job that the drills run: six steps that leave a line in a file when they begin and when they end."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from pathlib import Path

from django.db import connection

from mingcha.errors import FormatError
from mingcha.service.jobs import child, inspecting
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


@job("drill")
def drill() -> list[Step]:
    """Six equal steps; the last but one stores a result."""
    return [_step(number) for number in range(STEPS)]


@job("broken")
def broken() -> list[Step]:
    """A defect."""
    return [Step("divide", lambda _payload, _state: {"x": 1 // 0})]


def _fail(_payload: Values, _state: Values) -> Values:
    raise Failed("refused", "an archive with two members of one name")


@job("refused")
def refused() -> list[Step]:
    """A failure that is told to the reader."""
    return [Step("look", _fail)]


def keep(data: bytes, kind: str) -> str:
    """A store of evidence as small as can be."""
    ref = hashlib.sha256(data).hexdigest()
    path_of(ref).write_bytes(data)
    return ref


def path_of(ref: str) -> Path:
    return Path(tempfile.gettempdir()) / ref


def _check(path: Path) -> None:
    if path.read_bytes()[:4] not in (b"PK\x03\x04", b"<!do", b"<!DO", b"<htm"):
        raise FormatError("neither an APK nor a page")


def _store(job: Job, payload: Values, state: Values) -> Values:
    return {"stored_for": job.key}


def _finish(job: Job, payload: Values, state: Values) -> Values:
    return {"report": state["report"], "stored_for": state["stored_for"]}


@job("inspection")
def inspection() -> tuple[Step, ...]:
    """A real inspection around a folder."""
    return inspecting.steps(
        inspecting.Parts(
            fetch=lambda payload: payload["given"],
            check=_check,
            path_of=path_of,
            keep=keep,
            store=_store,
            finish=_finish,
            limits=child.Limits(wall=60),
        )
    )

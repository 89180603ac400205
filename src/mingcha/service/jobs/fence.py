"""Taking a job up and writing about it: every write carries the fence token of its taking up, and an older one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from mingcha.service.jobs.ending import MESSAGE, close
from mingcha.service.jobs.registry import UnknownKind, steps_of
from mingcha.service.models.jobs import OPEN, Job, JobWorker, State


class Fenced(Exception):  # noqa: N818  # a state of affairs, like Cancelled
    """Another has taken the job up, because we were given up for lost: nothing of ours may be written."""


class Cancelled(Exception):  # noqa: N818
    """A person asked the job to stop."""


class Failed(Exception):  # noqa: N818
    """The job cannot be done, and a reader is told why; nothing is wrong with the worker."""

    def __init__(self, outcome: str, detail: str = "") -> None:
        super().__init__(detail or outcome)
        self.outcome = outcome

    def as_values(self) -> dict[str, str]:
        """As the job's result keeps it."""
        return {"outcome": self.outcome, "detail": str(self)}


class WorkerGone(Exception):  # noqa: N818
    """We were given up for lost, and take nothing up."""


@dataclass(frozen=True)
class Taken:
    """A job in the hands of one worker, with the token of this taking up."""

    pk: int
    key: str
    kind: str
    fence: int

    def write(self, **fields: Any) -> None:
        """Change fields of the job. Raises Fenced when a later taking up holds it, or it has ended."""
        mine = Job.objects.filter(pk=self.pk, fence=self.fence, state=State.DOING)
        if not mine.update(heartbeat=Now(), **fields):
            raise Fenced(self.key)

    @contextmanager
    def accepted(self) -> Iterator[Job]:
        """A transaction for results kept elsewhere: it commits only while this taking up holds the job. Raises Fenced."""
        with transaction.atomic():
            held = Job.objects.select_for_update().filter(pk=self.pk, fence=self.fence, state=State.DOING).first()
            if held is None:
                raise Fenced(self.key)
            yield held

    def say(self, message: str) -> None:
        """Tell the reader of the job's page what is being done."""
        self.write(message=message[:MESSAGE])

    def go_on(self) -> None:
        """Raises Cancelled when a person asked the job to stop, Fenced when it is no longer ours.

        While the database is away nobody can ask, and long work is not thrown away for that.
        """
        asked = Job.objects.filter(pk=self.pk, fence=self.fence, state=State.DOING)
        try:
            wanted = asked.values_list("cancel_requested", flat=True).first()
        except (OperationalError, InterfaceError):
            connection.close()
            return
        if wanted is None:
            raise Fenced(self.key)
        if wanted:
            raise Cancelled(self.key)

    def end(self, state: State, *, result: Any = None, message: str = "") -> None:
        """Write the one accepted result. Raises Fenced."""
        with self.accepted() as job:
            close(job, state, result=result, message=message)


_current: ContextVar[Taken] = ContextVar("taken")


def current() -> Taken:
    """The job whose step is running. Raises LookupError outside a step."""
    return _current.get()


@contextmanager
def holding(taken: Taken) -> Iterator[None]:
    """Make a job the current one."""
    token = _current.set(taken)
    try:
        yield
    finally:
        _current.reset(token)


def take(key: str, worker: str, *, attempts: int) -> Taken | None:
    """Take a job up under a new fence; None when it has ended. Raises WorkerGone.

    The worker's own row is locked meanwhile: either it is given up before, and takes nothing, or after, and whoever
    takes the job up next gets the higher fence.
    """
    with transaction.atomic():
        if not JobWorker.objects.select_for_update().filter(name=worker, gone=None).exists():
            raise WorkerGone(worker)
        job = Job.objects.select_for_update().filter(key=key, state__in=OPEN).first()
        return None if job is None else _taken(job, worker, attempts)


def _taken(job: Job, worker: str, attempts: int) -> Taken | None:
    """The same, of a locked row. A job that brings its workers down is given up after some attempts."""
    if job.cancel_requested:
        close(job, State.CANCELLED)
        return None
    if job.attempts >= attempts:
        close(job, State.FAILED, message=f"given up after {attempts} attempts")
        return None
    Job.objects.filter(pk=job.pk).update(
        state=State.DOING,
        fence=F("fence") + 1,
        attempts=F("attempts") + 1,
        worker=worker,
        started=job.started or Now(),
        heartbeat=Now(),
        steps_total=_count(job.kind),
    )
    return Taken(job.pk, job.key, job.kind, job.fence + 1)


def _count(kind: str) -> int:
    try:
        return len(steps_of(kind))
    except UnknownKind:
        return 0

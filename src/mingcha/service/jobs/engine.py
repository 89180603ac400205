"""The engine is DBOS: it keeps which steps of a job are done, and gives a vanished worker's jobs to a live one.

DBOS knows nothing of who lives; that is `lives.py`. Two of its traits shape this file: it never hands over by itself the
work of a worker that does not come back, and its public way to do so (resume) does not ask who holds the work, so it is
called under the lock of the lost worker's row.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from django.db import connection, connections, transaction
from django.db.models.functions import Now

from mingcha.service.jobs.ending import close
from mingcha.service.jobs.fence import Cancelled, Failed, Fenced, Taken, WorkerGone, holding, take
from mingcha.service.jobs.patience import patiently
from mingcha.service.jobs.registry import Step, UnknownKind, Values, steps_of
from mingcha.service.jobs.terms import Terms
from mingcha.service.models.jobs import OPEN, Job, JobWorker, Outbox, State

QUEUE = "jobs"
HANDED_ON = "jobs-handed-on"
"""Jobs of lost workers; each worker keeps a place for one of them, so that they never wait behind long jobs."""
VERSION = "1"
"""One for all releases: DBOS gives work only to workers of its own version, and an upgrade must strand nothing that waits.

A job in hand whose steps were changed by the upgrade fails, and can be asked for again."""
BATCH = 50
ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
log = logging.getLogger(__name__)


class _This:
    """The worker that this process is; DBOS too is one to a process."""

    name = ""
    terms = Terms()


def launch(name: str, terms: Terms) -> None:
    """Start taking up jobs in threads of this process."""
    _This.name, _This.terms = name, terms
    url = system_url(connection.settings_dict)
    if url.startswith("sqlite"):
        _write_ahead(url)
    config: DBOSConfig = {
        "name": "mingcha",
        "system_database_url": url,
        "executor_id": name,
        "application_version": VERSION,
        "serializer": DBOSPortableJSONSerializer(),  # the default is pickle: whoever writes the database would run code
        "sys_db_pool_size": 4 + terms.slots,
        "log_level": "WARNING",
        "enable_otlp": False,
    }
    DBOS(config=config)
    DBOS.launch()
    for queue, places in ((QUEUE, terms.slots), (HANDED_ON, 1)):
        DBOS.register_queue(
            queue, worker_concurrency=places, polling_interval_sec=terms.poll, on_conflict="always_update"
        )


def stop(seconds: float) -> None:
    """Take nothing up any more, and wait so long for what runs; what is cut short is resumed elsewhere."""
    DBOS.destroy(workflow_completion_timeout_sec=int(seconds))


def system_url(settings: dict[str, Any]) -> str:
    """Where the engine keeps its own tables: a schema of the same PostgreSQL database, or a file beside the SQLite one.

    A second file, because this side writes to the engine while it holds Django's one write lock.
    """
    name = str(settings["NAME"])
    if settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{Path(name).with_suffix('.jobs.sqlite3')}"
    return sa.URL.create(
        "postgresql+psycopg",
        username=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=int(settings["PORT"]) if settings["PORT"] else None,
        database=name,
    ).render_as_string(hide_password=False)


def _write_ahead(url: str) -> None:
    """Readers and one writer at a time do not wait for each other; the file remembers it."""
    engine = sa.create_engine(url)
    with engine.connect() as opened:
        opened.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()


def dispatch() -> int:
    """Hand waiting outbox rows to the engine. A key handed over twice is one job, so a crash in between does no harm."""
    keys = list(Outbox.objects.filter(dispatched=None).order_by("id").values_list("key", flat=True)[:BATCH])
    for key in keys:
        _hand_over(key)
    Outbox.objects.filter(key__in=keys, dispatched=None).update(dispatched=Now())
    return len(keys)


def _hand_over(key: str) -> None:
    with SetWorkflowID(key):
        DBOS.enqueue_workflow(QUEUE, run_job, key)


def reconcile() -> None:
    """Hand over again what the engine does not know, as after restoring a backup; end what it ended without our knowing."""
    open_keys = list(Job.objects.filter(state__in=OPEN).values_list("key", flat=True))
    waiting = set(Outbox.objects.filter(key__in=open_keys, dispatched=None).values_list("key", flat=True))
    known = {
        row.workflow_id: row.status
        for batch in _batches([key for key in open_keys if key not in waiting])
        for row in DBOS.list_workflows(workflow_ids=batch, load_input=False, load_output=False)
    }
    for key in open_keys:
        if key not in waiting and key not in known:
            _hand_over(key)
        elif known.get(key) in ENDED:
            _close_ended(key)


def _batches(keys: list[str]) -> Iterable[list[str]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _close_ended(key: str) -> None:
    """Unless it ended just now, after we had asked for the open ones."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(key=key, state__in=OPEN).first()
        if job is not None:
            log.error("job %s was given up by the engine", key)
            close(job, State.FAILED, message="the engine gave the job up")


def recover(dead: Iterable[str]) -> int:
    """Give the running jobs of workers that are gone to whoever is free."""
    names = list(dead)
    held = (
        DBOS.list_workflows(
            status="PENDING", executor_id=names, queue_name=[QUEUE, HANDED_ON], load_input=False, load_output=False
        )
        if names
        else []
    )
    return sum(_resume(name) for name in sorted({str(row.executor_id) for row in held}))


def _resume(name: str) -> int:
    """One recoverer at a time for one lost worker: resume does not ask who holds the work."""
    with transaction.atomic():
        if not JobWorker.objects.select_for_update().filter(name=name).exclude(gone=None).exists():
            return 0
        held = DBOS.list_workflows(status="PENDING", executor_id=name, load_input=False, load_output=False)
        for row in held:
            log.warning("job %s of lost worker %s is handed on", row.workflow_id, name)
            DBOS.resume_workflow(row.workflow_id, queue_name=HANDED_ON)
        return len(held)


@DBOS.workflow(name="job", max_recovery_attempts=None)
def run_job(key: str) -> None:
    """One taking up of a job, from its first step that is not recorded to its end."""
    try:
        taken = patiently(lambda: take(key, _This.name, attempts=_This.terms.attempts))
        if taken is not None:
            _run(taken)
    except WorkerGone:
        log.warning("%s was given up and leaves job %s alone", _This.name, key)
        threading.Event().wait()  # until the process ends: whatever left here the engine would take for the job's end
    finally:
        connections.close_all()


def _run(taken: Taken) -> None:
    """All steps, then the one end of the job, whatever it is."""
    try:
        state = _steps(taken)
    except Cancelled:
        end = partial(taken.end, State.CANCELLED)
    except Failed as failed:
        end = partial(taken.end, State.FAILED, result=failed.as_values(), message=str(failed))
    else:
        end = partial(taken.end, State.DONE, result=state)
    patiently(end)


def _steps(taken: Taken) -> Values:
    payload = patiently(lambda: Job.objects.values_list("payload", flat=True).get(pk=taken.pk))
    state: Values = {}
    for number, step in enumerate(_known(taken.kind)):
        told = DBOS.run_step({"name": step.name}, _told, taken, number, step, payload, state)
        if "cancelled" in told:
            raise Cancelled(taken.key)
        if "failed" in told:
            raise Failed(**told["failed"])
        state = told["state"]
    return state


def _known(kind: str) -> Sequence[Step]:
    try:
        return steps_of(kind)
    except UnknownKind:
        raise Failed("unknown", f"no steps are known for {kind}") from None


def _told(taken: Taken, number: int, step: Step, payload: Values, state: Values) -> Values:
    """How a step ended, as the engine records it: from a record, an exception would not come back as what it was."""
    try:
        return {"state": _step(taken, number, step, payload, state)}
    except Cancelled:
        return {"cancelled": True}
    except Failed as failed:
        return {"failed": failed.as_values()}
    except Fenced:
        raise
    except Exception as defect:  # a defect of ours ends this job, named as one, and not the worker
        log.exception("job %s failed", taken.key)
        return {"failed": {"outcome": "defect", "detail": type(defect).__name__}}


def _step(taken: Taken, number: int, step: Step, payload: Values, state: Values) -> Values:
    """One step, run here and now; DBOS calls it only when no result of it is recorded."""

    def once() -> Values:
        taken.go_on()
        taken.write(step=number, message=step.label)
        with holding(taken):
            return step.run(payload, state)

    done = patiently(once)
    patiently(lambda: taken.write(step=number + 1))
    return done

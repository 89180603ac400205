"""Asking for a job, in the transaction of the event that causes it; asking it to stop; asking again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from mingcha.service.jobs.ending import close
from mingcha.service.models.jobs import OPEN, Job, Outbox, State


def enqueue(kind: str, payload: dict[str, Any], key: str) -> Job:
    """The job of this key, made with its outbox row unless it is there already.

    Call it inside the transaction that writes the event: both stand or neither does.
    """
    with transaction.atomic():
        made, new = Job.objects.get_or_create(key=key, defaults={"kind": kind, "payload": payload})
        if new:
            Outbox.objects.create(key=key, kind=kind, payload=payload)
    return made


def cancel(job: Job) -> bool:
    """Ask a job to stop: at once when nobody has taken it up, else within a second. False when it had ended."""
    with transaction.atomic():
        held = Job.objects.select_for_update().filter(pk=job.pk, state__in=OPEN).first()
        if held is None:
            return False
        Job.objects.filter(pk=job.pk).update(cancel_requested=True)
        if held.state == State.TODO:
            close(held, State.CANCELLED)
        return True


def again(job: Job) -> Job:
    """A new job with the payload of one that failed or was cancelled; asked twice, it is the same new job."""
    if job.state in (*OPEN, State.DONE):
        return job
    stem, _, turn = job.key.partition("~")
    return enqueue(job.kind, job.payload, f"{stem}~{int(turn or 1) + 1}")

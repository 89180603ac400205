"""The end of a job, whatever it is: written once, together with what its kind does at the end."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from mingcha.service.jobs.registry import ended_of
from mingcha.service.models.jobs import Job, State

MESSAGE = 300
log = logging.getLogger(__name__)


def close(job: Job, state: State, *, result: Any = None, message: str = "") -> None:
    """End a job whose row the caller holds locked, in the caller's transaction."""
    Job.objects.filter(pk=job.pk).update(
        state=state, result=result, message=message[:MESSAGE], finished=Now(), heartbeat=Now()
    )
    job.refresh_from_db()
    told = ended_of(job.kind)
    if told is None:
        return
    try:
        with transaction.atomic():
            told(job)
    except DatabaseError:
        raise
    except Exception:  # a defect there must not keep the job from ending
        log.exception("job %s ended, and what its kind does then failed", job.key)

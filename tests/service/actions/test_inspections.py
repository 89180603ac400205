"""A job that ends without a result takes its task along."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.actions.matter import Matter


def closed(matter: Matter, acts: tuple[str, ...], state: str, message: str) -> Any:
    """A task of these acts, after its job was closed so."""
    from mingcha.service import clock, inspections  # noqa: F401  # its kind of job is registered
    from mingcha.service.jobs.ending import close
    from mingcha.service.models import Job, Task
    from mingcha.service.models.jobs import State

    task = Task.objects.create(
        case=matter.case, subject=matter.case.subject, version=matter.version(), purpose="first", planned=clock.now()
    )
    matter.record(task, *acts)
    job = Job.objects.create(key=f"task-{task.pk}", kind="inspection", payload={"task": task.pk})
    close(job, State(state), message=message)
    task.refresh_from_db()
    return task


@pytest.mark.parametrize(("message", "said"), [("too big: 3 GB", "too big: 3 GB"), ("", "failed")])
def test_a_task_fails_with_its_job_and_says_why(message: str, said: str) -> None:
    """State, reason and time stand on the task, and the engine's event gives the reason, also where the job left none."""
    from mingcha.service.ledger import events_of

    task = closed(Matter(), ("plan", "start"), "failed", message)
    assert (task.state, task.message) == ("failed", said)
    assert task.ended_at is not None
    event = events_of(task)[-1]
    assert (event.actor, event.act, event.body) == ("engine", "fail", {"why": said})


def test_a_cancelled_or_finished_task_is_left_alone() -> None:
    """Its own end came first."""
    matter = Matter()
    assert closed(matter, ("plan", "start", "cancel"), "cancelled", "").state == "cancelled"
    assert closed(matter, ("plan", "start", "finish"), "failed", "late").state == "done"

"""How far an inspection is."""

from __future__ import annotations

from django.db.models import Q

from mingcha.service.models import Job, Task


def job_of(task: Task | None) -> Job | None:
    """The job of a task, the newest where it was begun again. (Keys are task-7, task-7~2 …: `actions/tasks.py`.)"""
    if task is None:
        return None
    own = Q(key=f"task-{task.pk}") | Q(key__startswith=f"task-{task.pk}~")
    return Job.objects.filter(own).order_by("-pk").first()

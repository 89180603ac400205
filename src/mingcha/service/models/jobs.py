"""What the pages show of work under way, and what the engine needs to hand it on: jobs, their outbox, their workers."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class State(models.TextChoices):
    """Where a job stands; the last three are final."""

    TODO = "todo", "待处理"
    DOING = "doing", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


OPEN = (State.TODO, State.DOING)


class Job(models.Model):
    """One piece of work; ``key`` is also the name under which the engine knows it."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TODO)
    step = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    fence = models.PositiveIntegerField(default=0)
    """Raised by each taking up; a write with a lower one comes from a worker that was given up for lost."""
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    result = models.JSONField(null=True, blank=True)
    created = models.DateTimeField(db_default=Now())
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    heartbeat = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        """Pages list the open ones, oldest first."""

        app_label = "service"
        indexes = (models.Index(fields=["state", "created"], name="job_state_created"),)

    def __str__(self) -> str:
        """For logs and the shell."""
        return f"{self.kind} {self.key} ({self.state})"


class Outbox(models.Model):
    """A job to be handed to the engine, written in the transaction of the event that causes it."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    created = models.DateTimeField(db_default=Now())
    dispatched = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The waiting ones are looked for several times a second."""

        app_label = "service"
        indexes = (models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(dispatched__isnull=True)),)

    def __str__(self) -> str:
        """For logs and the shell."""
        return self.key


class JobWorker(models.Model):
    """One process that runs jobs; never reused: a process started again is another worker."""

    name = models.CharField(max_length=80, primary_key=True)
    host = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    started = models.DateTimeField(db_default=Now())
    heartbeat = models.DateTimeField(db_default=Now())
    gone = models.DateTimeField(null=True, blank=True)
    """Set when it left or was given up; it may take nothing up from then on."""

    class Meta:
        """No index: there are few."""

        app_label = "service"

    def __str__(self) -> str:
        """For logs and the shell."""
        return self.name

"""Who lives: each worker's heartbeat, and the giving up of those that have fallen silent. The clock is the database's."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.db.models import Q
from django.db.models.functions import Now

from mingcha.service.models.jobs import Job, JobWorker, State

KEPT = timedelta(days=1)


def arrive(name: str, host: str, pid: int) -> None:
    """A new worker, under a name that nobody had."""
    JobWorker.objects.create(name=name, host=host, pid=pid)


def beat(name: str) -> bool:
    """A sign of life of the worker and of its jobs; False when it was given up meanwhile."""
    if not JobWorker.objects.filter(name=name, gone=None).update(heartbeat=Now()):
        return False
    Job.objects.filter(worker=name, state=State.DOING).update(heartbeat=Now())
    return True


def leave(name: str) -> None:
    """The worker goes of its own accord; what it held is free at once."""
    JobWorker.objects.filter(name=name, gone=None).update(gone=Now())


def give_up(timeout: float, near: str = "") -> list[str]:
    """Mark the silent as gone, and name all that went of late: one may have taken something up after it was given up.

    Of those on the host ``near``, which is ours, we see ourselves that their process is no more, without waiting.
    """
    silent = Now() - timedelta(seconds=timeout)
    JobWorker.objects.filter(gone=None, heartbeat__lt=silent).update(gone=Now())
    beside = JobWorker.objects.filter(gone=None, host=near).values_list("name", "pid") if near else ()
    ended = [name for name, pid in beside if not _runs(pid)]
    if ended:
        JobWorker.objects.filter(name__in=ended, gone=None).update(gone=Now())
    return gone()


def this_host() -> str:
    """Where numbers of processes mean the same: a machine, since it was started, and a space of such numbers on it."""
    started, space = "", ""
    with suppress(OSError):
        started = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = os.readlink("/proc/self/ns/pid")
    return f"{os.uname().nodename[:100]} {started} {space}"


def _runs(pid: int) -> bool:
    """Whether there is such a process; one that ended and that nobody has waited for is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return not Path("/proc/self/stat").exists()  # where there is no /proc, only silence tells
    except OSError:
        return True


def gone() -> list[str]:
    """All that went of late."""
    return list(JobWorker.objects.exclude(gone=None).values_list("name", flat=True))


def forget() -> None:
    """Drop workers that went long ago and hold nothing."""
    holding = Job.objects.filter(state=State.DOING).values("worker")
    JobWorker.objects.filter(~Q(name__in=holding), gone__lt=Now() - KEPT).delete()

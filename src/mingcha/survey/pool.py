"""A pool of kept processes in which a death or a hang costs one task.

Pebble keeps the processes; a worker that dies fails its own task alone, one that takes too long is killed, and either is replaced.
It may miss whose a death was within the first milliseconds of a task: that task then ends as too slow, or is known when it is tried again.
A death may be another's doing (somebody's kill, a machine short of memory): a task is tried once more before it counts as its fault.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Callable, Collection, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, InvalidStateError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from mingcha.errors import UsageError

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

TRIES = 2
_TASKS = 500
"""After so many tasks a process is replaced, so that what it leaks stays small."""
_AHEAD = 4
"""Tasks handed out for each process: enough that none waits, few enough that Ctrl-C is quick."""
_TICK = 2.0
"""Seconds after which a broken pool's silence counts as its end."""
_DIE_WITH_PARENT = 1
Found = TypeVar("Found")
Task = TypeVar("Task", bound=tuple[Any, ...])


class Bounds(NamedTuple):
    """How many processes, the bytes each may hold, and the seconds a task may take (None: no end)."""

    jobs: int
    memory: int
    timeout: float | None = None


def each(
    work: Callable[..., Found], tasks: Iterable[Task], bounds: Bounds
) -> Generator[tuple[Task, ProcessFuture[Found]], None, None]:
    """Do the work for each task (its arguments), and give each with its future as it ends. Closing stops the processes."""
    pool, waiting = pool_of(bounds), iter(tasks)
    under_way: dict[ProcessFuture[Found], tuple[Task, int]] = {}
    try:
        while True:
            for task in islice(waiting, bounds.jobs * _AHEAD - len(under_way)):
                pool = whole(pool, bounds)
                under_way[scheduled(pool, work, task, bounds)] = task, 1
            if not under_way:
                return
            for future in ended(pool, under_way.keys()):
                task, tries = under_way.pop(future)
                if tries < TRIES and died(future):
                    pool = whole(pool, bounds)
                    under_way[scheduled(pool, work, task, bounds)] = task, tries + 1
                else:
                    yield task, future
    finally:
        pool.stop()
        pool.join()


def pool_of(bounds: Bounds) -> ProcessPool:
    """Processes that begin anew (nothing of this one's threads or locks in them), each bound to so much memory."""
    try:
        from pebble import ProcessPool
    except ImportError as error:
        raise UsageError("surveys need more packages: pip install 'mingcha[survey]'") from error
    return ProcessPool(bounds.jobs, _TASKS, _bound, (bounds.memory, os.getpid()), get_context("spawn"))


def whole(pool: ProcessPool, bounds: Bounds) -> ProcessPool:
    """The pool; another where it broke: Pebble gives a whole pool up when a process dies that had nothing to do."""
    if pool.active:
        return pool
    pool.stop()
    pool.join()
    return pool_of(bounds)


def scheduled(
    pool: ProcessPool, work: Callable[..., Found], task: tuple[Any, ...], bounds: Bounds
) -> ProcessFuture[Found]:
    """Hand a task to the pool."""
    return pool.schedule(work, task, timeout=bounds.timeout)


def ended(pool: ProcessPool, under_way: Collection[ProcessFuture[Found]]) -> list[ProcessFuture[Found]]:
    """Wait for any of them to end, and give those that did: all of them where the pool broke, which may forget some."""
    while True:
        whole_before = pool.active
        done = wait(under_way, _TICK, FIRST_COMPLETED).done
        if done:
            return [future for future in under_way if future in done]
        if not whole_before:
            for future in under_way:
                _give_up(future)


def _give_up(future: ProcessFuture[Any]) -> None:
    with suppress(InvalidStateError):
        future.set_exception(BrokenProcessPool("forgotten by a pool that broke"))


def died(future: ProcessFuture[Any]) -> bool:
    """Whether the task's process ended under it."""
    from pebble import ProcessExpired

    return isinstance(future.exception(), (ProcessExpired, BrokenProcessPool))


def _bound(memory: int, parent: int) -> None:
    """Bind a new process: its memory; it leaves Ctrl-C to its parent and does not outlive it."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if hasattr(ctypes.CDLL(None), "prctl"):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent and os.getppid() == 1:
        os._exit(1)

"""The local engine: a pool of kept processes in which a death, a hang or a bomb costs one app.

Pebble keeps the processes; a worker that dies fails its own task alone, one that takes too long is killed, and either is replaced.
It may miss whose a death was within the first milliseconds of a task: that app then ends as too slow, or is known when it is tried again.
A death may be another's doing (somebody's kill, a machine short of memory): an app is tried once more before it counts as its fault.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, InvalidStateError, wait
from concurrent.futures import TimeoutError as LateError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from mingcha.errors import UsageError
from mingcha.model.factbase import Reason
from mingcha.survey.examine import examine, refuse
from mingcha.survey.rows import Item, Plan, Told

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

Work = Callable[[Item, Plan, str], Told]
TRIES = 2
_TASKS = 500
"""After so many apps a process is replaced, so that what it leaks stays small."""
_AHEAD = 4
"""Items handed out for each process: enough that none waits, few enough that Ctrl-C is quick."""
_TICK = 2.0
"""Seconds after which a broken pool's silence counts as its end."""
_DIE_WITH_PARENT = 1
_log = logging.getLogger(__name__)


def run(items: Iterable[Item], plan: Plan, url: str, jobs: int, work: Work = examine) -> Iterator[Told]:
    """Examine the items on this machine and tell of each as it ends. Closing the iterator stops the processes."""
    pool, waiting = pool_of(jobs, plan), iter(items)
    under_way: dict[ProcessFuture[Told], tuple[Item, int]] = {}
    try:
        while True:
            for item in islice(waiting, jobs * _AHEAD - len(under_way)):
                pool = whole(pool, jobs, plan)
                under_way[scheduled(pool, item, plan, url, work)] = item, 1
            if not under_way:
                return
            for future in ended(pool, under_way.keys()):
                item, tries = under_way.pop(future)
                if tries < TRIES and died(future):
                    pool = whole(pool, jobs, plan)
                    under_way[scheduled(pool, item, plan, url, work)] = item, tries + 1
                else:
                    yield told(item, future, plan, url)
    finally:
        pool.stop()
        pool.join()


def pool_of(jobs: int, plan: Plan) -> ProcessPool:
    """Processes that begin anew (nothing of this one's threads or locks in them), each bound to so much memory."""
    try:
        from pebble import ProcessPool
    except ImportError as error:
        raise UsageError("surveys need more packages: pip install 'mingcha[survey]'") from error
    return ProcessPool(jobs, _TASKS, _bound, (plan.memory, os.getpid()), get_context("spawn"))


def whole(pool: ProcessPool, jobs: int, plan: Plan) -> ProcessPool:
    """The pool; another where it broke: Pebble gives a whole pool up when a process dies that had nothing to do."""
    if pool.active:
        return pool
    pool.stop()
    pool.join()
    return pool_of(jobs, plan)


def scheduled(pool: ProcessPool, item: Item, plan: Plan, url: str, work: Work = examine) -> ProcessFuture[Told]:
    """Hand an item to the pool."""
    return pool.schedule(work, (item, plan, url), timeout=plan.timeout)


def ended(pool: ProcessPool, under_way: Collection[ProcessFuture[Told]]) -> list[ProcessFuture[Told]]:
    """Wait for any of them to end, and give those that did: all of them where the pool broke, which may forget some."""
    while True:
        whole_before = pool.active
        done = wait(under_way, _TICK, FIRST_COMPLETED).done
        if done:
            return [future for future in under_way if future in done]
        if not whole_before:
            for future in under_way:
                _give_up(future)


def _give_up(future: ProcessFuture[Told]) -> None:
    with suppress(InvalidStateError):
        future.set_exception(BrokenProcessPool("forgotten by a pool that broke"))


def died(future: ProcessFuture[Told]) -> bool:
    """Whether the item's process ended under it."""
    from pebble import ProcessExpired

    return isinstance(future.exception(), (ProcessExpired, BrokenProcessPool))


def told(item: Item, future: ProcessFuture[Told], plan: Plan, url: str) -> Told:
    """What became of it: where its process died, hung or failed, that is kept as a gap. Raises UsageError where nothing can be kept."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, UsageError) or not isinstance(error, Exception):
        raise error
    reason, why = _reason(error, plan)
    return refuse(item, plan, url, reason, why)


def _reason(error: Exception, plan: Plan) -> tuple[Reason, str]:
    from pebble import ProcessExpired

    if isinstance(error, LateError):
        return "too slow", f"more than {plan.timeout:g} s"
    if isinstance(error, MemoryError):
        return "too big", f"more than {plan.memory >> 20} MiB"
    if isinstance(error, ProcessExpired):
        return "defect", f"its process ended with status {error.exitcode}"
    why = f"{type(error).__name__}: {error}".splitlines()[0]
    if isinstance(error, OSError):
        return "unreadable", why
    _log.error("defect in a survey's process", exc_info=error)
    return "defect", why


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

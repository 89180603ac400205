"""The local engine: a pool of kept processes in which a death, a hang or a bomb costs one app.

Pebble keeps the processes; a worker that dies fails its own task alone, one that takes too long is killed, and either is replaced.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import TimeoutError as LateError
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from mingcha.errors import UsageError
from mingcha.model.factbase import Reason
from mingcha.survey.examine import examine, refuse
from mingcha.survey.rows import Item, Plan, Told

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

_TASKS = 500
"""After so many apps a process is replaced, so that what it leaks stays small."""
_AHEAD = 4
"""Items handed out for each process: enough that none waits, few enough that Ctrl-C is quick."""
_DIE_WITH_PARENT = 1


def run(items: Iterable[Item], plan: Plan, url: str, jobs: int) -> Iterator[Told]:
    """Examine the items on this machine and tell of each as it ends. Closing the iterator stops the processes."""
    pool = pool_of(jobs, plan)
    under_way: deque[tuple[Item, ProcessFuture[Told]]] = deque()
    try:
        for item in items:
            under_way.append((item, scheduled(pool, item, plan, url)))
            if len(under_way) >= jobs * _AHEAD:
                yield _ended(*_next(under_way), plan, url)
        while under_way:
            yield _ended(*_next(under_way), plan, url)
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


def scheduled(pool: ProcessPool, item: Item, plan: Plan, url: str) -> ProcessFuture[Told]:
    """Hand an item to the pool."""
    return pool.schedule(examine, (item, plan, url), timeout=plan.timeout)


def told(item: Item, future: ProcessFuture[Told], plan: Plan, url: str) -> Told:
    """What became of it: where its process died or hung, that is kept as a gap."""
    from pebble import ProcessExpired

    reason: Reason = "defect"
    try:
        return future.result()
    except LateError:
        reason, why = "too slow", f"more than {plan.timeout:g} s"
    except MemoryError:
        reason, why = "too big", f"more than {plan.memory >> 20} MiB"
    except ProcessExpired as error:
        why = f"its process ended with status {error.exitcode}"
    return refuse(item, plan, url, reason, why)


def _next(under_way: deque[tuple[Item, Any]]) -> tuple[Item, Any]:
    """The oldest that has ended, else the oldest: one slow app keeps nobody else from being told of."""
    done = next((at for at, (_, future) in enumerate(under_way) if future.done()), 0)
    found = under_way[done]
    del under_way[done]
    return found


def _ended(item: Item, future: ProcessFuture[Told], plan: Plan, url: str) -> Told:
    return told(item, future, plan, url)


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

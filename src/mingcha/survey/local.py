"""The local engine: examinations in a pool of kept processes (`pool`) in which a death, a hang or a bomb costs one app."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as LateError
from typing import TYPE_CHECKING

from mingcha.errors import UsageError
from mingcha.model.factbase import Reason
from mingcha.survey.examine import examine, refuse
from mingcha.survey.pool import Bounds, each
from mingcha.survey.rows import Item, Plan, Told

if TYPE_CHECKING:
    from pebble import ProcessFuture

Work = Callable[[Item, Plan, str], Told]
_log = logging.getLogger(__name__)


def run(items: Iterable[Item], plan: Plan, url: str, jobs: int, work: Work = examine) -> Iterator[Told]:
    """Examine the items on this machine and tell of each as it ends. Closing the iterator stops the processes."""
    running = each(work, ((item, plan, url) for item in items), bounds(jobs, plan))
    try:
        for (item, *_), future in running:
            yield told(item, future, plan, url)
    finally:
        running.close()


def bounds(jobs: int, plan: Plan) -> Bounds:
    """What a survey's plan allows each process."""
    return Bounds(jobs, plan.memory, plan.timeout)


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

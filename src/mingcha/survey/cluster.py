"""The cluster engine: items go to the workers of an existing Dask scheduler; rows go from them straight into the dataset.

In each worker a pool like the local engine's stands between Dask and the app, so that a bad app costs itself alone. A worker that is killed
costs its apps of the moment another try elsewhere; that is Dask's own doing.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from mingcha import __version__
from mingcha.catalogue.load import load
from mingcha.errors import UsageError
from mingcha.survey.examine import examine, refuse
from mingcha.survey.local import Work, bounds, told
from mingcha.survey.pool import TRIES, died, ended, pool_of, scheduled, whole
from mingcha.survey.rows import Item, Plan, Told

if TYPE_CHECKING:
    from pebble import ProcessPool

_AHEAD = 2
"""Items handed out for each place: one under way and one ready. What waits behind a long app waits for it."""
_TRIES = 5
_WAIT = 30
_LOOK = 5
"""Seconds between looks at how many workers there are: they come and go."""


def run(items: Iterable[Item], plan: Plan, url: str, address: str, work: Work = examine) -> Iterator[Told]:
    """Examine the items on the cluster and tell of each as it ends. Raises UsageError where no scheduler answers, or none any longer."""
    client = _client(address)
    from dask.distributed import CancelledError, as_completed

    waiting, under_way, places = iter(items), dict[str, Item](), _Places(client)
    try:
        done = as_completed()
        _hand_out(client, done, under_way, islice(waiting, places.now() * _AHEAD), (plan, url, work))
        for future in done:
            yield _told(future, under_way.pop(future.key), plan, url)
            more = max(places.now() * _AHEAD - len(under_way), 0)
            _hand_out(client, done, under_way, islice(waiting, more), (plan, url, work))
    except (CancelledError, OSError) as error:
        raise UsageError(f"{address}: the Dask scheduler is gone; run the same again to go on ({error})") from error
    finally:
        client.close()


def _client(address: str) -> Any:
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise UsageError("the cluster engine needs more packages: pip install 'mingcha[survey]'") from error
    try:
        client = Client(address, timeout=_WAIT)
        client.wait_for_workers(1, timeout=_WAIT)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"{address}: no Dask scheduler with workers answers: {error}") from error
    return client


class _Places:
    """How many apps the cluster examines at once."""

    def __init__(self, client: Any) -> None:
        self._client, self._looked, self._found = client, 0.0, 0

    def now(self) -> int:
        """So many, or as many as a few seconds ago; one where all workers are away just now."""
        if not self._found or time.monotonic() - self._looked > _LOOK:
            self._found = sum(self._client.nthreads().values()) or 1
            self._looked = time.monotonic()
        return self._found


def _hand_out(
    client: Any, done: Any, under_way: dict[str, Item], some: Iterable[Item], how: tuple[Plan, str, Work]
) -> None:
    for item in some:
        future = client.submit(isolated, item, *how, pure=False, retries=_TRIES)
        under_way[future.key] = item
        done.add(future)


def _told(future: Any, item: Item, plan: Plan, url: str) -> Told:
    """What became of an item; one under which worker after worker died counts as its own fault."""
    from dask.distributed import KilledWorker

    try:
        found: Told = future.result()
    except KilledWorker as error:
        return refuse(item, plan, url, "defect", str(error).splitlines()[0])
    return found


_kept: dict[int, ProcessPool] = {}
"""The pool of this worker for each bound of memory."""
_making = threading.Lock()


def isolated(item: Item, plan: Plan, url: str, work: Work = examine) -> Told:
    """One item in a process of the worker's own pool."""
    for _ in range(TRIES):
        pool = _pool(plan)
        future = scheduled(pool, work, (item, plan, url), bounds(1, plan))
        ended(pool, [future])
        if not died(future):
            break
    return told(item, future, plan, url)


def _pool(plan: Plan) -> ProcessPool:
    """The pool of this worker: as many processes as it has threads. Raises UsageError where the worker would judge otherwise than the plan."""
    from dask.distributed import get_worker

    places = get_worker().state.nthreads
    with _making:
        if plan.memory not in _kept:
            _same(plan)
            # Dask marks its workers as processes that may have no children; ours end with them (`pool._bound`).
            multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
            _kept[plan.memory] = pool_of(bounds(places, plan))
        _kept[plan.memory] = whole(_kept[plan.memory], bounds(places, plan))
        return _kept[plan.memory]


def _same(plan: Plan) -> None:
    """Rows are kept under the plan's version and catalogue, so they must have been made by these. Raises UsageError."""
    found = (__version__, load().digest)
    if found != (plan.tool, plan.catalogue):
        raise UsageError(
            f"a worker has Mingcha {found[0]} with catalogue {found[1][:12]}, the survey {plan.tool} with {plan.catalogue[:12]}:"
            " install the same on all machines"
        )

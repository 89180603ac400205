"""The cluster engine: items go to the workers of an existing Dask scheduler; rows go from them straight into the dataset.

In each worker a pool like the local engine's stands between Dask and the app, so that a bad app costs itself alone. A worker that is killed
costs its apps of the moment another try elsewhere; that is Dask's own doing.
"""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from mingcha.errors import UsageError
from mingcha.survey.local import pool_of, scheduled, told
from mingcha.survey.rows import Item, Plan, Told

if TYPE_CHECKING:
    from pebble import ProcessPool

_AHEAD = 4
_TRIES = 5
_WAIT = 30


def run(items: Iterable[Item], plan: Plan, url: str, address: str) -> Iterator[Told]:
    """Examine the items on the cluster and tell of each as it ends. Raises UsageError where no scheduler answers."""
    client = _client(address)
    from dask.distributed import as_completed

    waiting = iter(items)
    try:
        ended = as_completed()
        for item in _some(waiting, _places(client) * _AHEAD):
            ended.add(_submitted(client, item, plan, url))
        for future in ended:
            yield future.result()
            for item in _some(waiting, 1):
                ended.add(_submitted(client, item, plan, url))
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


def _places(client: Any) -> int:
    return sum(client.nthreads().values()) or 1


def _some(waiting: Iterator[Item], most: int) -> Iterator[Item]:
    for _, item in zip(range(most), waiting, strict=False):
        yield item


def _submitted(client: Any, item: Item, plan: Plan, url: str) -> Any:
    return client.submit(isolated, item, plan, url, pure=False, retries=_TRIES)


_kept: list[ProcessPool] = []
_making = threading.Lock()


def isolated(item: Item, plan: Plan, url: str) -> Told:
    """One item in a process of the worker's own pool."""
    return told(item, scheduled(_pool(plan), item, plan, url), plan, url)


def _pool(plan: Plan) -> ProcessPool:
    """The pool of this worker: as many processes as it has threads."""
    with _making:
        if not _kept:
            from dask.distributed import get_worker

            # Dask marks its workers as processes that may have no children; ours end with them (`local._bound`).
            multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
            _kept.append(pool_of(get_worker().state.nthreads, plan))
        return _kept[0]

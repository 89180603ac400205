"""The cluster engine on this machine: the same rows as the local engine, and nothing lost when a worker is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mingcha.errors import UsageError
from mingcha.survey import cluster, local, running
from mingcha.survey.rows import Item, Plan, Told
from tests.build import surveys

distributed = pytest.importorskip("distributed", reason="no Dask: pip install 'mingcha[survey]'")
pytest.importorskip("pebble", reason="no pebble: pip install 'mingcha[survey]'")
pytestmark = pytest.mark.filterwarnings("default")  # Dask warns of its own doings at the end
TABLES = ("apps", "facts", "verdicts", "gaps", "traces")


@pytest.fixture
def address() -> Iterator[str]:
    """A scheduler with two worker processes of one thread each, on this machine alone."""
    made = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, memory_limit=0
    )
    with made:
        yield made.scheduler_address


def engine(address: str) -> Callable[[Iterable[Item], Plan, str], Iterator[Told]]:
    """The cluster engine at an address."""
    return lambda items, plan, url: cluster.run(items, plan, url, address)


def workers(address: str) -> list[int]:
    """The cluster's worker processes."""
    with distributed.Client(address) as client:
        found: dict[str, int] = client.run(os.getpid)
    return list(found.values())


def test_the_same_rows_as_the_local_engine(tmp_path: Path, address: str) -> None:
    """Every row of every table but the items' times is the same, the gaps of what cannot be read among them."""
    items = surveys.apps(tmp_path, ["a", "b", "c", "d"], [surveys.POLICY])
    items.append(Item(name="gone", app=str(tmp_path / "gone.apk")))
    ours, theirs = str(tmp_path / "local"), str(tmp_path / "cluster")
    one = running.run(items, surveys.plan(), ours, lambda *given: local.run(*given, 1))
    other = running.run(items, surveys.plan(), theirs, engine(address))
    assert one.outcomes == other.outcomes == {"done": 4, "known": 0, "failed": 1}
    for table in TABLES:
        assert surveys.rows(ours, table) == surveys.rows(theirs, table), table
    assert {row[4] for row in surveys.rows(theirs, "verdicts")} > {"not determined"}


def test_a_killed_worker_loses_nothing(tmp_path: Path, address: str) -> None:
    """kill -9 of a worker and of the process in it while they work: every app is there once, and no gap says otherwise."""
    items = surveys.apps(tmp_path, [f"app-{number}" for number in range(16)])
    url, victims = str(tmp_path / "ds"), workers(address)

    def disturbed(items: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
        for number, told in enumerate(engine(address)(items, plan, url)):
            if number == 2:
                os.kill(victims[0], signal.SIGKILL)
            yield told

    account = running.run(items, surveys.plan(), url, disturbed)
    assert account.outcomes["failed"] == 0
    assert account.count == 16
    assert sorted(row[1] for row in surveys.rows(url, "items")) == sorted(item.name for item in items)
    assert len(surveys.rows(url, "apps")) == 16
    assert victims[0] not in workers(address)


def test_other_versions_do_not_mix(tmp_path: Path, address: str) -> None:
    """A worker whose catalogue is not the survey's examines nothing under its name: the survey ends and says what to do."""
    plan: Any = msgspec.structs.replace(surveys.plan(), catalogue="0" * 64)
    with pytest.raises(UsageError, match="install the same on all machines"):
        running.run(surveys.apps(tmp_path, ["a"]), plan, str(tmp_path / "ds"), engine(address))


def test_no_scheduler_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address at which nothing answers is said to be one."""
    monkeypatch.setattr(cluster, "_WAIT", 1)
    with pytest.raises(UsageError, match="no Dask scheduler"):
        next(cluster.run(surveys.apps(tmp_path, ["a"]), surveys.plan(), str(tmp_path / "ds"), "tcp://127.0.0.1:9"))

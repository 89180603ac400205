"""Surveys of real apps: the engines give the same verdicts, a killed worker loses nothing, and a second worker is worth its core.

    python -m tests.bench.survey FOLDER [--apps N] [--timed N] [--seed 7] [--only abc] [--flows deep] [--scratch DIR] [--keep]

(a) `mingcha survey run` over the folder (or N apps of it, by seed) with the local engine's two processes, then with a Dask cluster of two
worker processes on this machine: verdict rows byte for byte the same; an app may differ only with a gap "too slow" or "too big" (listed;
at most 1 %). The flows' own "too slow" counts steps, not seconds, and differs nowhere.
(b) kill -9 in the middle, of a process of the local engine, of one inside a Dask worker, and of the worker: every app is there, with the
same verdicts, and at most one app was begun twice for each kill.
(c) Apps a second and core, peak memory; the speed-up from one to two workers over the speed-up of two plain processes, each with half of
the same apps, started together, in the same run: at least 0.9 for both engines.
Exit 1 when a bar is missed. The datasets stand under a folder of their own and are removed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec
import psutil

from mingcha.catalogue.load import load
from mingcha.survey import cluster, local, running
from mingcha.survey.examine import plan_of
from mingcha.survey.rows import Item, Plan, Told
from mingcha.survey.tables import connect
from tests.bench.inspection import dex_bytes
from tests.build import surveys

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
EXCUSED = ("too slow", "too big")
MOST_EXCUSED, LEAST_SPEEDUP = 0.01, 0.9
HERE = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
_PLAIN = """
import sys, time
import msgspec
from mingcha.survey.examine import examine
from mingcha.survey.rows import Item, Plan
items, plan = msgspec.json.decode(sys.stdin.buffer.read(), type=tuple[list[Item], Plan])
for item in items:
    examine(item, plan, sys.argv[1])
"""


@dataclass
class Took:
    """Wall seconds of a run, and the most its processes held together, and the largest alone, in MiB."""

    seconds: float
    together: float
    largest: float


class Watch:
    """Samples the memory of processes and everything below them while something runs."""

    def __init__(self, roots: Iterable[int]) -> None:
        self._roots, self._end = list(roots), threading.Event()
        self.together = self.largest = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.5):
            held = [_rss(one) for root in self._roots for one in _tree(root)]
            self.together = max(self.together, sum(held) / 2**20)
            self.largest = max(self.largest, max(held, default=0) / 2**20)


def _tree(root: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(root)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


# --- running -----------------------------------------------------------------------------------------------------------------


@contextmanager
def dask(workers: int, scratch: Path) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and so many workers of one process and one thread each, on loopback: its address and the processes started."""
    told = scratch / f"scheduler-{time.monotonic_ns()}.json"
    quiet = {"env": HERE, "cwd": scratch, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = [
        BIN / "dask",
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        told,
    ]
    started = [subprocess.Popen(scheduler, **quiet)]
    try:
        while not told.exists() or not told.read_text().rstrip().endswith("}"):
            time.sleep(0.05)
        address = msgspec.json.decode(told.read_bytes())["address"]
        worker = [
            BIN / "dask",
            "worker",
            address,
            "--host",
            "127.0.0.1",
            "--nthreads",
            "1",
            "--no-dashboard",
            "--memory-limit",
            "0",
        ]
        started += [subprocess.Popen(worker, **quiet) for _ in range(workers)]
        _await(address, workers)
        yield address, [one.pid for one in started]
    finally:
        for one in reversed(started):
            one.terminate()
        for one in started:
            one.wait(20)


def _await(address: str, workers: int) -> None:
    from dask.distributed import Client

    with Client(address) as client:
        client.wait_for_workers(workers, timeout=60)


def survey(listed: Path, dataset: Path, flows: str, *engine: object, beside: Iterable[int] = ()) -> Took:
    """`mingcha survey run` over a list."""
    command = [BIN / "mingcha", "survey", "run", listed, "-o", dataset, "--flows", flows, *engine]
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], env=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with Watch([process.pid, *beside]) as watch:
        out, err = process.communicate()
    if process.returncode:
        sys.exit(f"{command}: {process.returncode}\n{err}")
    print(f"    {out.strip().rpartition(' → ')[0]}")
    return Took(time.perf_counter() - began, watch.together, watch.largest)


def plain(halves: list[list[Item]], dataset: Path, plan: Plan) -> float:
    """The wall seconds of plain processes started together, each examining its share one after another."""
    began = time.perf_counter()
    started = []
    for number, items in enumerate(halves):
        process = subprocess.Popen(
            [sys.executable, "-c", _PLAIN, f"{dataset}-{number}"], env=HERE, stdin=subprocess.PIPE
        )
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode((items, plan)))
        process.stdin.close()
        started.append(process)
    ended = [process.wait() for process in started]
    if any(ended):
        sys.exit("a plain process failed")
    return time.perf_counter() - began


def written(items: Iterable[Item], path: Path) -> Path:
    """The items as a list for the command."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["app"])
        rows.writerows([item.app] for item in items)
    return path


# --- (a) the same verdicts -----------------------------------------------------------------------------------------------------


def same(ours: Path, theirs: Path) -> list[str]:
    """What differs between two datasets of the same apps. Every app is compared; only one that ran out of time or room may differ."""
    missed = []
    bounded = excused_in(ours) | excused_in(theirs)
    for table in ("verdicts", "facts", "gaps", "traces"):
        one, other = _per_app(ours, table), _per_app(theirs, table)
        differ = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
        excused = differ & bounded.keys()
        print(
            f"    {table}: {len(one.keys() | other.keys())} apps compared, {len(differ)} differ; digest {_digest(one)[:16]}"
        )
        if table == "verdicts":
            print(
                f"    of {len(bounded)} apps with a gap too slow or too big {len(excused)} differ: {_listed(bounded, excused)}"
            )
            missed += [f"verdicts of {len(differ - excused)} apps differ"] if differ - excused else []
            missed += ["more than 1 % excused"] if len(excused) > MOST_EXCUSED * len(one) else []
    return missed


def _listed(names: dict[str, str], keys: Iterable[str]) -> str:
    return ", ".join(sorted(names[key] for key in keys)) or "none"


def excused_in(dataset: Path) -> dict[str, str]:
    """Artefacts with a gap that depends on time or memory, and their names."""
    query = (
        "SELECT DISTINCT artefact, name FROM gaps JOIN apps USING (key) JOIN items USING (key) WHERE reason IN (?, ?)"
    )
    with connect(str(dataset)) as made:
        return dict(made.execute(query, list(EXCUSED)).fetchall())


def _per_app(dataset: Path, table: str) -> dict[str, bytes]:
    """The digest of each app's rows of a table, by artefact."""
    found: dict[str, list[bytes]] = {}
    with connect(str(dataset)) as made:
        query = f"SELECT artefact, {table}.* FROM {table} JOIN apps USING (key) ORDER BY ALL"
        cursor = made.execute(query)
        while rows := cursor.fetchmany(4000):
            for artefact, *row in rows:
                found.setdefault(artefact, []).append(msgspec.json.encode(row))
    return {artefact: hashlib.sha256(b"\n".join(rows)).digest() for artefact, rows in found.items()}


def _digest(per_app: dict[str, bytes]) -> str:
    return hashlib.sha256(b"".join(per_app[key] for key in sorted(per_app))).hexdigest()


# --- (b) a killed worker -------------------------------------------------------------------------------------------------------


def killed(items: list[Item], plan: Plan, scratch: Path, reference: dict[str, bytes] | None) -> list[str]:
    """Kill a process in the middle, each way once."""
    missed = []

    def pool(given: Iterable[Item], how: Plan, url: str) -> Iterator[Told]:
        return local.run(given, how, url, 2, surveys.noting)

    missed += _one_kill(
        "a process of the local engine", items, plan, scratch / "kill-local", pool, os.getpid, reference
    )
    for what, inner in (("a process in a Dask worker", True), ("a Dask worker", False)):
        with dask(2, scratch) as (address, _):

            def remote(given: Iterable[Item], how: Plan, url: str, address: str = address) -> Iterator[Told]:
                return cluster.run(given, how, url, address, surveys.noting)

            root = _workers(address)[0]
            where = scratch / f"kill-dask-{inner}"
            missed += _one_kill(
                what, items, plan, where, remote, (lambda r=root: r) if inner else None, reference, root
            )
    return missed


def _one_kill(
    what: str,
    items: list[Item],
    plan: Plan,
    url: Path,
    engine: Callable[[Iterable[Item], Plan, str], Iterator[Told]],
    above: Callable[[], int] | None,
    reference: dict[str, bytes] | None,
    itself: int = 0,
) -> list[str]:
    """Kill once a third is told of: a busy process below ``above``, else ``itself``."""

    def disturbed(given: Iterable[Item], how: Plan, where: str) -> Iterator[Told]:
        for number, told in enumerate(engine(given, how, where)):
            if number == len(items) // 3:
                os.kill(_busy(above()) if above else itself, signal.SIGKILL)
            yield told

    account = running.run(items, plan, str(url), disturbed)
    begun = Counter(path.name.partition("#")[0] for path in Path(f"{url}-calls").iterdir())
    twice = [name for name, count in begun.items() if count > 1]
    verdicts = _per_app(url, "verdicts")
    lost = [item.name for item in items if os.path.basename(item.app) not in begun]
    wanted = len({hashlib.sha256(Path(item.app).read_bytes()).digest() for item in items})
    wrong = [
        key
        for key, digest in verdicts.items()
        if reference and reference.get(key) != digest and key not in excused_in(url)
    ]
    print(
        f"    {what}: {account.count} told of ({account.outcomes}), {len(verdicts)} examined, begun twice: {', '.join(twice) or 'none'};"
        f" {len(wrong)} verdicts differ" + ("" if reference else " (nothing to compare with)")
    )
    bad = account.count != len(items) or len(verdicts) != wanted or lost or wrong or len(twice) > 1
    gone = [problem for problem in account.problems if "defect" in problem]
    return [f"kill of {what}"] if bad or gone or max(begun.values()) > 2 else []


def _busy(root: int) -> int:
    """The process below this one, started to examine apps, that has worked most lately."""
    below = [one for one in psutil.Process(root).children() if any("spawn_main" in part for part in one.cmdline())]
    for one in below:
        one.cpu_percent()
    time.sleep(0.2)
    return max(below, key=lambda one: one.cpu_percent()).pid


def _workers(address: str) -> list[int]:
    from dask.distributed import Client

    with Client(address) as client:
        return list(client.run(os.getpid).values())


# --- (c) what a second worker is worth -----------------------------------------------------------------------------------------


def speedups(items: list[Item], plan: Plan, scratch: Path, rounds: int) -> list[str]:
    """From one to two: plain processes, the local engine, Dask; the best time of each over some rounds."""
    listed = written(items, scratch / "timed.csv")
    found: dict[str, list[float]] = {}
    for number in range(rounds):
        for workers in (1, 2):
            where = scratch / f"timed-{number}-{workers}"
            found.setdefault(f"plain {workers}", []).append(plain(_halves(items, workers), where, plan))
            took = survey(listed, Path(f"{where}-local"), _option(plan), "--jobs", workers)
            found.setdefault(f"local {workers}", []).append(took.seconds)
            with dask(workers, scratch) as (address, _):
                took = survey(listed, Path(f"{where}-dask"), _option(plan), "--engine", address.replace("tcp", "dask"))
                found.setdefault(f"dask {workers}", []).append(took.seconds)
    best = {name: min(times) for name, times in found.items()}
    for name, times in found.items():
        print(f"    {name}: {', '.join(f'{one:.1f}' for one in times)} s")
    bar = best["plain 1"] / best["plain 2"]
    print(f"    two plain processes are {bar:.2f} times as fast as one")
    missed = []
    for engine in ("local", "dask"):
        ratio = best[f"{engine} 1"] / best[f"{engine} 2"]
        print(
            f"    {engine}: two workers are {ratio:.2f} times as fast as one: {ratio / bar:.2f} of the plain speed-up"
        )
        missed += [] if ratio >= LEAST_SPEEDUP * bar else [f"speed-up of {engine}"]
    return missed


def _halves(items: list[Item], count: int) -> list[list[Item]]:
    """Shares of much the same size in bytes of code: the largest first, each to whoever has least."""
    shares: list[tuple[int, list[Item]]] = [(0, []) for _ in range(count)]
    for item in sorted(items, key=lambda one: -dex_bytes(Path(one.app))):
        at = min(range(count), key=lambda number: shares[number][0])
        shares[at] = (shares[at][0] + dex_bytes(Path(item.app)), [*shares[at][1], item])
    return [share for _, share in shares]


def _option(plan: Plan) -> str:
    return "none" if plan.flows == "nothing" else plan.flows


# --- all of it -----------------------------------------------------------------------------------------------------------------


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--apps", type=int, help="so many of the folder's apps, by seed; default: all")
    options.add_argument("--timed", type=int, default=80, help="apps of (c)")
    options.add_argument("--killed", type=int, default=30, help="apps of (b)")
    options.add_argument("--rounds", type=int, default=2, help="rounds of (c)")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--only", default="abc")
    options.add_argument("--flows", default="deep", choices=["values", "deep", "implicit", "none"])
    options.add_argument(
        "--local", type=Path, help="a finished dataset of the local engine over the same apps, not to be made again"
    )
    options.add_argument("--scratch", type=Path, help="where the datasets are made")
    options.add_argument("--keep", action="store_true", help="leave the datasets there")
    asked = options.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="mingcha-survey-bench-", dir=asked.scratch))
    try:
        missed = _parts(asked, scratch)
    finally:
        if not asked.keep:
            shutil.rmtree(scratch, ignore_errors=True)
    print("missed: " + (", ".join(missed) or "nothing"))
    return 1 if missed else 0


def _parts(asked: argparse.Namespace, scratch: Path) -> list[str]:
    paths = sorted(
        asked.folder.rglob("*.apk"), key=lambda path: hashlib.sha256(f"{asked.seed} {path.name}".encode()).digest()
    )
    every = [Item(name=str(path), app=str(path)) for path in paths[: asked.apps]]
    sizes = [dex_bytes(Path(item.app)) for item in every]
    print(
        f"{len(every)} apps, {sum(size > 1_000_000 for size in sizes)} of them over 1 MB of DEX, {sum(sizes) / 1e6:.0f} MB of DEX;"
        f" load {os.getloadavg()[0]:.1f}; flows {asked.flows}"
    )
    plan = plan_of(load(), (), "nothing" if asked.flows == "none" else asked.flows, 2 << 30, 300)
    missed: list[str] = []
    reference = None
    if "a" in asked.only:
        missed += _engines(asked, every, sum(sizes) / 1e6, scratch)
        reference = _per_app(asked.local or scratch / "local", "verdicts")
    if "b" in asked.only:
        print(f"(b) kill -9 in the middle of {asked.killed} apps; load {os.getloadavg()[0]:.1f}", flush=True)
        missed += killed(every[: asked.killed], plan, scratch, reference)
    if "c" in asked.only:
        print(
            f"(c) from one worker to two, {asked.timed} apps, {asked.rounds} rounds; load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        missed += speedups(every[: asked.timed], plan, scratch, asked.rounds)
    return missed


def _engines(asked: argparse.Namespace, every: list[Item], megabytes: float, scratch: Path) -> list[str]:
    print(f"(a) two engines, two processes each; load {os.getloadavg()[0]:.1f}", flush=True)
    listed = written(every, scratch / "every.csv")
    ours, theirs = asked.local or scratch / "local", scratch / "dask"
    if not asked.local:
        _say("local", survey(listed, ours, asked.flows, "--jobs", 2), len(every), megabytes)
    with dask(2, scratch) as (address, started):
        took = survey(listed, theirs, asked.flows, "--engine", address.replace("tcp", "dask"), beside=started)
    _say("dask", took, len(every), megabytes)
    return same(ours, theirs)


def _say(engine: str, took: Took, count: int, megabytes: float) -> None:
    print(
        f"    {engine}: {took.seconds:.1f} s, {count / took.seconds / 2:.2f} apps and {megabytes / took.seconds / 2:.2f} MB of DEX a second"
        f" and core; memory at most {took.together:.0f} MiB together, {took.largest:.0f} MiB in one process; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())

"""A survey at the size of a store: apps made from real fact sets, judged again, indexed and asked, with times, memory and sizes.

python -m tests.bench.survey_million --from DATASET [--from DATASET …] --to DATASET [--apps 1000000] [--seed 7] [--judge 100000]
                                     [--only make|judge|index|ask|sizes] [--jobs 2] [--fresh]

What is there is gone on with: parts that exist are not made again. ``--judge`` takes the first parts that hold so many apps; their
verdicts then stand in the dataset. ``--fresh`` drops the judgements that an earlier run of this program made. Rates are printed
by the clock and by processor time: where the machine does other work meanwhile the clock tells of that work too.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import msgspec

from mingcha.survey import asking, index, judging
from mingcha.survey.dataset import Dataset, Judgement
from mingcha.survey.rows import TABLES
from mingcha.survey.tables import connect
from tests.bench.survey_made import LEFT, PART, Wanted, make

RATE, ANSWER, MEMORY, SIZE = 139, 5.0, 4096, 40.0
"""The bars: apps judged a second on two cores, seconds for an answer, MiB, GB for a million apps."""


def made(given: argparse.Namespace) -> Iterator[str]:
    """Make what is not there."""
    began, before = time.perf_counter(), _parts(given.to)
    wanted = Wanted(tuple(given.source), given.to, given.apps, given.seed)
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as both:
        done = list(both.map(partial(_make, wanted, given.jobs), range(given.jobs)))
    fresh, seconds = _parts(given.to) - before, time.perf_counter() - began
    yield f"made: {_apps(given.to)} of {given.apps} apps are there, {fresh} parts of {PART} made now in {seconds:.0f} s"
    if not all(done):
        yield f"  stopped: less than {LEFT >> 30} GiB of the disk are free"


def _make(wanted: Wanted, shares: int, share: int) -> bool:
    """One process's share of the parts; whether it came to the end."""
    count = 0
    for count in make(wanted, share, shares):
        if count % (20 * PART) == 0:
            print(f"  {count} apps", file=sys.stderr, flush=True)
    return count == wanted.apps


# --- judging again -----------------------------------------------------------------------------------------------------------


def judged(given: argparse.Namespace) -> Iterator[str]:
    """Judge the first parts for real, in a dataset that shares their files."""
    if given.fresh:
        for folder in ("judgements", "verdicts"):
            shutil.rmtree(os.path.join(given.to, folder), ignore_errors=True)
    few = _linked(given.to, given.judge)
    apps = _apps(few)
    began, cpu = time.perf_counter(), _children().ru_utime + _children().ru_stime
    found = judging.judge_again(few, (), given.jobs)
    seconds, cpu = time.perf_counter() - began, _children().ru_utime + _children().ru_stime - cpu
    yield f"judged again: {apps} apps, {given.jobs} processes, {seconds:.0f} s by the clock: {apps / seconds:.0f} apps/s (bar {RATE})"
    yield f"  processor time {cpu:.0f} s: {1000 * cpu / apps:.2f} ms an app, {2 * apps / cpu:.0f} apps/s on two cores that do nothing else"
    yield f"  peak of one process {_children().ru_maxrss / 1024:.0f} MiB; load of the machine {os.getloadavg()[0]:.1f}"
    yield from _outcomes(few)
    _taken_over(given.to, few, found)


def _linked(url: str, apps: int) -> str:
    """A dataset beside it with the first parts, their files shared."""
    few, whole = f"{url.rstrip('/')}-judged", Dataset(url)
    shutil.rmtree(few, ignore_errors=True)
    dataset = Dataset(few)
    dataset.begin(whole.plan)
    os.symlink(os.path.abspath(whole.path("tables")), dataset.path("tables"))
    for part in whole.parts():
        if apps > 0:
            dataset.write(msgspec.json.encode(part), "parts", f"{part.number:06d}.json")
        apps -= len(part.keys)
    return few


def _outcomes(url: str) -> Iterator[str]:
    with connect(url) as real:
        rows = real.execute("SELECT outcome, count(*) FROM verdicts GROUP BY ALL ORDER BY ALL").fetchall()
    yield "  verdicts: " + ", ".join(f"{count} {outcome}" for outcome, count in rows)


def _taken_over(url: str, few: str, found: Judgement) -> None:
    """The judgement as one of the whole dataset."""
    whole = Dataset(url)
    number = 1 + max((one.number for one in whole.judgements()), default=0)
    folder = f"verdicts/{number:06d}"
    shutil.copytree(os.path.join(few, f"verdicts/{found.number:06d}"), whole.path(folder), dirs_exist_ok=True)
    moved = msgspec.structs.replace(
        found,
        number=number,
        verdicts={part: f"{folder}/{os.path.basename(file)}" for part, file in found.verdicts.items()},
        traces={part: f"{folder}/{os.path.basename(file)}" for part, file in found.traces.items()},
    )
    whole.write(msgspec.json.encode(moved), "judgements", f"{number:06d}.json")


# --- index and questions -----------------------------------------------------------------------------------------------------


def indexed(given: argparse.Namespace) -> Iterator[str]:
    """Build the index in a process of its own."""
    took, seconds, peak = _apart(partial(_build, given.to))
    yield f"index: {seconds:.0f} s, peak {peak:.0f} MiB (bar {MEMORY}), {os.path.getsize(index.place(given.to)) / 1e9:.2f} GB"
    slowest = sorted(took.items(), key=lambda one: -one[1])[:6]
    yield "  slowest: " + ", ".join(f"{name} {one:.1f} s" for name, one in slowest)


def _build(url: str) -> dict[str, float]:
    return index.build(url, lambda said: print(f"  {said}", file=sys.stderr, flush=True))


def asked(given: argparse.Namespace) -> Iterator[str]:
    """Ask every ready question, each once, in one process of its own."""
    rows, _, peak = _apart(partial(_answers, given.to))
    for name, seconds, count in sorted(rows, key=lambda row: -row[1]):
        yield f"  {name}: {seconds:.2f} s, {count} rows{'' if seconds < ANSWER else f'  OVER {ANSWER:.0f} s'}"
    yield f"questions: {len(rows)}, slowest {max(row[1] for row in rows):.2f} s (bar {ANSWER:.0f}), peak {peak:.0f} MiB (bar {MEMORY})"


def _answers(url: str) -> list[tuple[str, float, int]]:
    with index.opened(url) as there:
        rows = there.execute(
            "SELECT package FROM app JOIN sketch USING (app) ORDER BY app LIMIT 1 OFFSET 123"
        ).fetchall()
        app = str(rows[0][0])
    found = []
    for name, question in asking.ready().items():
        missing = {one.name: app for one in question.parameters if one.default is None}
        began = time.perf_counter()
        answer = asking.ask(url, name, missing)
        found.append((name, time.perf_counter() - began, len(answer.rows)))
    return found


# --- sizes -------------------------------------------------------------------------------------------------------------------


def sized(given: argparse.Namespace) -> Iterator[str]:
    """Bytes of each table, of an app, of all; for a million apps where there are fewer."""
    dataset = Dataset(given.to)
    apps = _apps(given.to)
    sizes = {
        name: _below(dataset.path(name)) for name in (*(f"tables/{table}" for table in TABLES), "parts", "verdicts")
    }
    if os.path.exists(index.place(given.to)):
        sizes["index"] = os.path.getsize(index.place(given.to))
    for name, size in sizes.items():
        yield f"  {name}: {size / 1e9:.3f} GB, {size / apps:.0f} bytes an app"
    whole = sum(sizes.values())
    yield f"size: {whole / 1e9:.2f} GB for {apps} apps, {whole / apps:.0f} bytes an app, {whole / apps / 1000:.1f} GB for a million (bar {SIZE:.0f})"


def _below(folder: str) -> int:
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)


# --- -------------------------------------------------------------------------------------------------------------------------


def _apart(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What a process of its own makes, the seconds, and the most memory it held in MiB."""
    began = time.perf_counter()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        result = one.submit(work).result()
        seconds = time.perf_counter() - began
        return result, seconds, one.submit(_held).result()


def _held() -> float:
    """The most memory this process has held since it began, not what its parent held before."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


def _children() -> resource.struct_rusage:
    return resource.getrusage(resource.RUSAGE_CHILDREN)


def _parts(url: str) -> int:
    return len(Dataset(url).listed("parts"))


def _apps(url: str) -> int:
    return sum(len(part.keys) for part in Dataset(url).parts())


STEPS: dict[str, Callable[[argparse.Namespace], Iterator[str]]] = {
    "make": made, "judge": judged, "index": indexed, "ask": asked, "sizes": sized,
}  # fmt: skip


def main() -> int:
    """Do the steps and print what they say."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--from", dest="source", action="append", default=[])
    words.add_argument("--to", required=True)
    words.add_argument("--apps", type=int, default=1_000_000)
    words.add_argument("--seed", type=int, default=7)
    words.add_argument("--judge", type=int, default=100_000)
    words.add_argument("--jobs", type=int, default=2)
    words.add_argument("--fresh", action="store_true")
    words.add_argument("--only", choices=STEPS)
    given = words.parse_args()
    if given.only is None:  # each step in a process of its own, so that the memory of one is not that of another
        again = [sys.executable, "-m", "tests.bench.survey_million", *sys.argv[1:], "--only"]
        return max(subprocess.call([*again, step]) for step in STEPS)
    for line in STEPS[given.only](given):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Damaged files of every format, each in a forked process of its own, under limits of time and memory.

    python -m tests.fuzz.fuzz --count 10000 --seed 7 [--format dex …] [--jobs 2] [--corpus DIR]
    python -m tests.fuzz.fuzz --seed 7 --format dex --index 123 [--save FILE]      one input again, its traceback shown

An input fails if anything but a one-line error of ours leaves, if a report has a gap of reason "defect", or if it takes
more than 5 s of processor time or 500 MB. Prints one line for each format; exit 1 on any failure.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import traceback
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz import seeds, targets

SECONDS = 5.0
MEGABYTES = 500
_WALL = 60
_ADDRESS_SPACE = 8 << 30
"""Room for what libraries reserve and never touch; what is used is measured."""


@dataclass(frozen=True)
class Ended:
    """How one input ended: ``failure`` is empty where all is well."""

    index: int
    outcome: str
    failure: str
    seconds: float
    megabytes: float


@dataclass
class Tally:
    """What is told of one format."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: Ended | None = None
    largest: Ended | None = None
    failures: list[Ended] = field(default_factory=list)

    def add(self, ended: Ended) -> None:
        self.outcomes[ended.outcome] += 1
        self.slowest = max(filter(None, (self.slowest, ended)), key=lambda e: e.seconds)
        self.largest = max(filter(None, (self.largest, ended)), key=lambda e: e.megabytes)
        if ended.failure:
            self.failures.append(ended)


_FRESH = 100 * 1024
"""Kilobytes that a process of its own has in memory with catalogue and targets loaded, at most (81 MB measured)."""


def given(form: str, seed: int, index: int, corpus: Path | None = None) -> bytes:
    """The input of this number: always the same bytes for the same format, seed and index."""
    chance = random.Random(f"{form} {seed} {index}")
    choices = [*seeds.made(form), *(_real(form, corpus) if corpus else ())]
    return chance.choice(choices).damaged(chance)


_KEPT: dict[tuple[str, Path], list[seeds.Seed]] = {}


def _real(form: str, corpus: Path) -> list[seeds.Seed]:
    if (form, corpus) not in _KEPT:
        _KEPT[form, corpus] = seeds.real(form, corpus)
    return _KEPT[form, corpus]


# --- one input in its own process ------------------------------------------------------------------------------------


def _start(form: str, seed: int, index: int, corpus: Path | None) -> tuple[int, int, int]:
    """Index, process and pipe of a child at work."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return index, child, reading
    os.close(reading)
    own = _resident()
    said = _worked(form, seed, index, corpus)
    os.write(writing, f"{own}\n{said}".encode("utf-8", "backslashreplace")[:60000])
    os._exit(0)


def _resident() -> int:
    """Kilobytes of this process in memory now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def _worked(form: str, seed: int, index: int, corpus: Path | None) -> str:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    signal.alarm(_WALL)
    data = given(form, seed, index, corpus)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return f"{targets.run(form, data)}\n"
    except BaseException:  # noqa: BLE001  # whatever leaves is what we look for
        return "failed\n" + traceback.format_exc()


def _finish(index: int, child: int, reading: int) -> Ended:
    with os.fdopen(reading, "rb") as pipe:
        own, outcome, failure = (*pipe.read().decode("utf-8", "replace").split("\n", 2), "", "", "")[:3]
    _, status, usage = os.wait4(child, 0)
    # A child starts with fewer pages than a fresh process would have: what it added counts, on top of what a fresh one has. A runner of
    # many tests holds much else, which is not the reader's.
    megabytes = (usage.ru_maxrss - int(own or 0) + min(_resident(), _FRESH)) / 1024
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        outcome, failure = "killed", f"{name} (more than {SECONDS:g} s)" if name == "SIGPROF" else f"killed by {name}"
    elif not failure and megabytes > MEGABYTES:
        outcome, failure = "too large", f"{megabytes:.0f} MB"
    return Ended(index, outcome, failure.strip(), usage.ru_utime + usage.ru_stime, megabytes)


def endings(form: str, seed: int, indices: Sequence[int], jobs: int, corpus: Path | None) -> Iterator[Ended]:
    """How each input ended, in order; ``jobs`` children at a time."""
    running: deque[tuple[int, int, int]] = deque()
    for index in indices:
        running.append(_start(form, seed, index, corpus))
        if len(running) >= jobs:
            yield _finish(*running.popleft())
    while running:
        yield _finish(*running.popleft())


# --- the command -----------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.fuzz")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--format", action="append", choices=seeds.FORMATS, dest="formats")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--index", type=int, help="only this input, in this process")
    parser.add_argument("--save", type=Path, help="with --index: write the input to a file")
    options = parser.parse_args(arguments)
    targets.prepare()
    forms = options.formats or seeds.FORMATS
    if options.index is not None:
        return _again(forms[0], options)
    return int(any([_format(form, options) for form in forms]))  # noqa: C419  # all of them, not up to the first failure


def _again(form: str, options: argparse.Namespace) -> int:
    data = given(form, options.seed, options.index, options.corpus)
    if options.save:
        options.save.write_bytes(data)
    print(targets.run(form, data))
    return 0


def _format(form: str, options: argparse.Namespace) -> bool:
    """Run one format and print its line; True on any failure."""
    for number, whole in enumerate(seeds.made(form)):  # also loads libraries once, before the fork
        outcome = targets.run(form, whole.whole())
        if not outcome.startswith(("read", "report")):
            raise targets.Defect(f"seed {number} of {form} is not valid: {outcome}")
    tally = Tally()
    for ended in endings(form, options.seed, range(options.count), options.jobs, options.corpus):
        tally.add(ended)
    outcomes = ", ".join(f"{name} {count}" for name, count in sorted(tally.outcomes.items()))
    slow, large = tally.slowest, tally.largest
    measured = (
        f"slowest {slow.seconds:.2f} s (#{slow.index}), largest {large.megabytes:.0f} MB (#{large.index})"
        if slow and large
        else ""
    )
    print(f"{form:9} {options.count:6} files: {outcomes}; {measured}; failures {len(tally.failures)}", flush=True)
    for failure, count in _different(tally.failures):
        where = f" --corpus {options.corpus}" if options.corpus else ""
        print(f"  {count} like --format {form} --seed {options.seed} --index {failure.index}{where}:")
        print("    " + "\n    ".join(failure.failure.split("\n")[-6:]), flush=True)
    return bool(tally.failures)


def _different(failures: Sequence[Ended]) -> list[tuple[Ended, int]]:
    """One failure of each kind, told by where and how it was raised, and how many there are."""
    kinds: dict[str, list[Ended]] = {}
    for failure in failures:
        lines = failure.failure.split("\n")
        place = next((line for line in reversed(lines) if line.startswith("  File")), "")
        kinds.setdefault(place + lines[-1].partition(":")[0], []).append(failure)
    return [(group[0], len(group)) for group in kinds.values()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

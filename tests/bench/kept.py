"""Examination against androguard's analysis and exodus-core's tracker scan where a process is kept for many apps, as in a survey.

    python -m tests.bench.kept DIR [--big N --seed N] [--rounds N]

Each tool works on the same apps in one process, after one app that is not counted, so that neither its start nor its tables
count. The tools take turns, and of several rounds the least time of each app counts, for other work on the machine only
ever adds. Prints sums, by the clock and of the processor, and their ratios. Exit 1 when a bar is missed: without
flows 20 times androguard and once exodus-core, with flows 10 times androguard (processor time). "All flows" is what a survey follows
unless it is told otherwise (`--flows deep`), "flows" what `mingcha inspect` does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import peers
from tests.bench.inspection import HERE, chosen, dex_bytes

FIRST = HERE.parents[1] / "demo" / "flashlight.apk"
"""The app with which every process warms up."""
_BARS = (
    ("mingcha", "androguard", 20),
    ("mingcha", "exodus-core", 1),
    ("with flows", "androguard", 10),
    ("with all flows", "androguard", 10),
)


def commands() -> dict[str, list[str]]:
    """How each tool is started; the apps follow."""
    own = [sys.executable, "-m", "tests.bench.own_kept"]
    androguard, exodus = peers.python_of("venv", peers.ANDROGUARD), peers.python_of("venv-exodus", peers.EXODUS)
    return {
        "mingcha": [*own, "nothing"],
        "with flows": [*own, "values"],
        "with all flows": [*own, "deep"],
        "androguard": [str(androguard), str(HERE / "peer_androguard.py")],
        "exodus-core": [str(exodus), str(HERE / "peer_exodus.py"), str(peers.signatures())],
    }


def took(command: Sequence[str], apks: Sequence[Path]) -> list[tuple[float, float]]:
    """Seconds of each app, by the clock and of the processor."""
    done = subprocess.run(
        [*command, str(FIRST), *map(str, apks)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if len(lines) != len(apks) + 1:
        raise SystemExit(f"{command[0]}: {len(lines) - 1} of {len(apks)} apps")
    return [(line["seconds"], line["cpu"]) for line in lines[1:]]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--big", type=int, help="so many apps over 1 MB of DEX")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--rounds", type=int, default=2)
    asked = options.parse_args()
    apks, least = chosen(asked.folder, asked.big, asked.seed), {}
    print(f"{len(apks)} apps, {sum(map(dex_bytes, apks)) / 1e6:.0f} MB of DEX; load {os.getloadavg()[0]:.1f}")
    for number in range(1, asked.rounds + 1):
        for tool, command in commands().items():
            now = took(command, apks)
            before = least.get(tool, now)
            least[tool] = [(min(a[0], b[0]), min(a[1], b[1])) for a, b in zip(before, now, strict=True)]
            clock, cpu = (sum(column) for column in zip(*least[tool], strict=True))
            print(
                f"round {number}  {tool:12} {clock:7.2f} s, processor {cpu:7.2f} s; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    return _told({tool: sum(cpu for _, cpu in rows) for tool, rows in least.items()})


def _told(cpu: Mapping[str, float]) -> int:
    """Print the ratios; how many bars are missed."""
    missed = 0
    for own, peer, bar in _BARS:
        ratio = cpu[peer] / cpu[own]
        missed += ratio < bar
        print(f"{peer} / {own}: {ratio:.1f} (bar {bar}){'' if ratio >= bar else '  missed'}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())

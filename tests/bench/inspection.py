"""Whole inspection against androguard's full analysis and exodus-core's tracker scan, as fresh processes.

    python -m tests.bench.inspection DIR [--no-peers] [--runs N] [--flows] [--big N --seed N] [--cache FILE]

Prints for each app the seconds and peak MiB (children included) of each tool, then the sums and their ratios, the first
run ever (cold caches), the ratio of reading to inflate-plus-one-pass, and growth from 1 to 16 MB of DEX. Exit 1 when a
bar is missed: without flows at least 20 times androguard's analysis and once exodus-core's scan; with ``--flows``, which inspects once
more with flows, at least 10 times androguard's. ``--big`` takes so many of the folder's apps over 1 MB of DEX, by seed. ``--cache`` keeps
what the peers took by file and version, with the load of the machine at the time, in a file outside the repository.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.bench import peers

HERE = Path(__file__).parent
WARM = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of every run: all tools may keep their compiled modules, as an ordinary installation does."""
SMALL = 4_000_000
"""Bytes of DEX below which an app counts as small."""
BIG = 1_000_000
"""Bytes of DEX above which an app counts among the big ones."""
_INSPECT = (str(Path(sys.executable).with_name("mingcha")), "inspect")
_WITHOUT_FLOWS = (*_INSPECT, "--flows", "none")


@dataclass(frozen=True)
class Cost:
    """Wall seconds, peak resident MiB and processor seconds of a process and its children, and the machine's load when it began."""

    seconds: float
    mib: float
    cpu: float = 0
    load: float = 0


def measured(command: list[object], runs: int, environment: dict[str, str] | None = None) -> Cost:
    """Median seconds and largest peak over some runs of a command."""
    costs = [_once([str(part) for part in command], environment) for _ in range(runs)]
    medians = [statistics.median(column) for column in zip(*((c.seconds, c.cpu) for c in costs), strict=True)]
    return Cost(medians[0], max(c.mib for c in costs), medians[1])


def _once(command: list[str], environment: dict[str, str] | None) -> Cost:
    """Run under a child of ours, so that its peak (and its children's) is known apart from earlier ones."""
    code = (
        "import resource,subprocess,sys,time;t=time.perf_counter();"
        "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL).returncode;"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(time.perf_counter()-t,u.ru_maxrss/1024,u.ru_utime+u.ru_stime,r)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=True, env=environment or WARM
    )
    seconds, mib, cpu, status = done.stdout.split()
    if int(status) not in (0, 1):
        print(f"exit {status}: {' '.join(command)}", file=sys.stderr)
    return Cost(float(seconds), float(mib), float(cpu))


def dex_bytes(apk: Path) -> int:
    """Bytes of the DEX files Android loads by itself."""
    with zipfile.ZipFile(apk) as archive:
        return sum(
            i.file_size for i in archive.infolist() if i.filename.startswith("classes") and i.filename.endswith(".dex")
        )


def floor(apks: list[Path]) -> tuple[float, float, float]:
    """Seconds to inflate all DEX, to pass once over every instruction, and for our reading (inflate, tables, decode)."""
    from mingcha.formats import dalvik, dex
    from mingcha.formats.zipped import Archive

    inflate = one_pass = reading = 0.0
    for apk in apks:
        data = apk.read_bytes()
        with zipfile.ZipFile(apk) as archive:
            names = [n for n in archive.namelist() if n.startswith("classes") and n.endswith(".dex")]
            start = time.perf_counter()
            contents = [archive.read(name) for name in names]
            inflate += time.perf_counter() - start
        images = [dex.Dex(content) for content in contents]
        tables = [image.methods for image in images]
        start = time.perf_counter()
        for image, methods in zip(images, tables, strict=True):
            dalvik.starts(image.units, methods.first, methods.end)
        one_pass += time.perf_counter() - start
        start = time.perf_counter()
        opened = Archive(data)
        for name in names:
            image = dex.Dex(opened.read(name))
            image.class_descriptors()
            image.instructions.sum()
        reading += time.perf_counter() - start
    return inflate, one_pass, reading


class Cache:
    """What peers took, by tool, its version and the file's digest; a file of JSON that grows, or nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, dict[str, float]] = json.loads(path.read_bytes()) if path and path.exists() else {}

    def cost(self, tool: str, apk: Path, measure: Callable[[], Cost]) -> Cost:
        key = f"{tool} {hashlib.sha256(apk.read_bytes()).hexdigest()}"
        if key not in self._known:
            load = os.getloadavg()[0]
            found = measure()
            self._known[key] = {"seconds": found.seconds, "mib": found.mib, "cpu": found.cpu, "load": round(load, 2)}
            if self._path is not None:
                self._path.write_text(json.dumps(self._known, indent=1, sort_keys=True))
        kept = self._known[key]
        return Cost(kept["seconds"], kept["mib"], kept["cpu"], kept["load"])


def chosen(folder: Path, big: int | None, seed: int) -> list[Path]:
    """The folder's apps, or so many of its big ones by seed, the smallest first."""
    apks = sorted(folder.glob("*.apk"))
    if big is not None:
        apks.sort(key=lambda apk: hashlib.sha256(f"{seed} {apk.name}".encode()).digest())
        apks = list(islice((apk for apk in apks if dex_bytes(apk) > BIG), big))
    return sorted(apks, key=dex_bytes)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--no-peers", action="store_true")
    options.add_argument("--only-peers", action="store_true", help="fill the cache and end")
    options.add_argument("--runs", type=int, default=1)
    options.add_argument("--flows", action="store_true", help="inspect with flows as well")
    options.add_argument("--big", type=int, help="so many apps over 1 MB of DEX")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--cache", type=Path, help="a file for what the peers took, outside the repository")
    asked = options.parse_args()
    apks = chosen(asked.folder, asked.big, asked.seed)
    cache = Cache(asked.cache)
    print(
        f"{len(apks)} apps, {sum(dex_bytes(apk) > BIG for apk in apks)} over 1 MB of DEX; load {os.getloadavg()[0]:.1f}"
    )
    if asked.only_peers:
        for apk in apks:
            print(f"{apk.name:60} {[round(cost.seconds, 2) for cost in _peers(apk, asked, cache)]}", flush=True)
        return 0
    with tempfile.TemporaryDirectory() as empty:
        nothing_kept = {**WARM, "MINGCHA_CACHE": empty, "PYTHONPYCACHEPREFIX": empty}
        cold = _once([*_WITHOUT_FLOWS, str(apks[0])], nothing_kept)
    print(f"first run ever, cold caches: {cold.seconds:.2f} s, {cold.mib:.0f} MiB  ({apks[0].name})")
    rows = [_row(apk, asked, cache) for apk in apks]
    return _verdict(rows, cold, asked)


@dataclass(frozen=True)
class Row:
    """What one app took."""

    apk: Path
    ours: Cost
    flows: Cost
    androguard: Cost
    exodus: Cost


def _peers(apk: Path, asked: argparse.Namespace, cache: Cache) -> tuple[Cost, Cost]:
    def androguard() -> Cost:
        python = peers.python_of("venv", peers.ANDROGUARD)
        return measured([python, HERE / "peer_androguard.py", apk], asked.runs)

    def exodus() -> Cost:
        python = peers.python_of("venv-exodus", peers.EXODUS)
        return measured([python, HERE / "peer_exodus.py", peers.signatures(), apk], asked.runs)

    return cache.cost(peers.ANDROGUARD[0], apk, androguard), cache.cost(peers.EXODUS[0], apk, exodus)


def _row(apk: Path, asked: argparse.Namespace, cache: Cache) -> Row:
    ours = measured([*_WITHOUT_FLOWS, apk], max(asked.runs, 3))
    flows = measured([*_INSPECT, apk], asked.runs) if asked.flows else Cost(0, 0)
    androguard, exodus = (Cost(0, 0), Cost(0, 0)) if asked.no_peers else _peers(apk, asked, cache)
    print(
        f"{apk.name[:60]:60} {dex_bytes(apk) / 1e6:6.2f} MB  mingcha {ours.seconds:5.2f} s {ours.mib:5.0f} MiB"
        f"{f', with flows {flows.seconds:6.2f} s {flows.mib:5.0f} MiB' if asked.flows else ''}   "
        f"androguard {androguard.seconds:6.2f} s {androguard.mib:5.0f} MiB   "
        f"exodus {exodus.seconds:5.2f} s {exodus.mib:5.0f} MiB", flush=True,
    )  # fmt: skip
    return Row(apk, ours, flows, androguard, exodus)


def _verdict(rows: list[Row], cold: Cost, asked: argparse.Namespace) -> int:
    missed = [] if cold.seconds < 30 else ["cold start"]
    missed += _sums(rows, asked)
    for row in rows:
        big, own = dex_bytes(row.apk) > SMALL, row.ours
        if big and not asked.no_peers and (own.mib >= row.androguard.mib or own.mib > 1.5 * row.exodus.mib):
            missed.append(f"memory of {row.apk.name}")
        if not big and (own.seconds >= 1 or own.mib >= 250):
            missed.append(f"small app {row.apk.name}")
    missed += _reading([row.apk for row in rows], rows)
    print("missed: " + (", ".join(missed) or "nothing"))
    return 1 if missed else 0


def _sums(rows: list[Row], asked: argparse.Namespace) -> list[str]:
    """Sums of time and the bars on their ratios."""
    ours, flows, androguard, exodus = (
        sum(getattr(row, name).seconds for row in rows) for name in ("ours", "flows", "androguard", "exodus")
    )
    print(
        f"sum: mingcha {ours:.1f} s, with flows {flows:.1f} s, androguard {androguard:.1f} s, exodus-core {exodus:.1f} s"
    )
    if asked.no_peers:
        return []
    loads = [cost.load for row in rows for cost in (row.androguard, row.exodus)]
    print(f"ratios: androguard / mingcha {androguard / ours:.1f}, exodus-core / mingcha {exodus / ours:.2f}")
    own, theirs = (sum(getattr(row, name).cpu for row in rows) for name in ("ours", "androguard"))
    print(
        f"processor seconds, which other work on the machine touches less: mingcha {own:.1f}, androguard {theirs:.1f}: {theirs / own:.1f}"
    )
    print(f"load when the peers ran: {min(loads):.1f} to {max(loads):.1f}; now {os.getloadavg()[0]:.1f}")
    missed = ["20 times androguard"] if androguard < 20 * ours else []
    missed += ["exodus-core"] if exodus < ours else []
    if asked.flows:
        print(f"with flows: androguard / mingcha {androguard / flows:.1f}, exodus-core / mingcha {exodus / flows:.2f}")
        missed += ["10 times androguard with flows"] if androguard < 10 * flows else []
    return missed


def _reading(apks: list[Path], rows: list[Row]) -> list[str]:
    floor(apks[:3])  # warm up
    inflate, one_pass, reading = floor(apks)
    total = sum(map(dex_bytes, apks)) / 1e6
    print(
        f"reading: {reading:.2f} s for {total:.0f} MB of DEX ({total / reading:.0f} MB/s); floor: inflate {inflate:.2f} s + "
        f"one pass {one_pass:.2f} s; ratio {reading / (inflate + one_pass):.2f}"
    )
    big = [(dex_bytes(row.apk) / 1e6, row.ours.seconds) for row in rows if dex_bytes(row.apk) > BIG]
    if len(big) > 2:
        slope, start = statistics.linear_regression(*zip(*big, strict=True))
        worst = max(abs(seconds - start - slope * size) for size, seconds in big)
        print(f"growth: {start:.2f} s + {slope * 1000:.0f} ms per MB of DEX; largest deviation {worst:.2f} s")
    return ["three times the floor"] if reading > 3 * (inflate + one_pass) else []


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())

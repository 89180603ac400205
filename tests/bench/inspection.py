"""Whole inspection against androguard's full analysis and exodus-core's tracker scan, as fresh processes.

    python tests/bench/inspection.py DIR [--no-peers] [--runs N]

Prints for each app the seconds and peak MiB (children included) of each tool, then the sums and their ratios, the first
run ever (cold caches), the ratio of reading to inflate-plus-one-pass, and growth from 1 to 16 MB of DEX. Exit 1 when a
bar of issue 2 is missed. That issue knew no flows: they are off here (``--flows none``); program.py measures them.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import peers

HERE = Path(__file__).parent
WARM = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of every run: all tools may keep their compiled modules, as an ordinary installation does."""
SMALL = 4_000_000
"""Bytes of DEX below which an app counts as small."""
_WITHOUT_FLOWS = (str(Path(sys.executable).with_name("mingcha")), "inspect", "--flows", "none")


@dataclass(frozen=True)
class Cost:
    """Wall seconds, peak resident MiB and processor seconds of a process and its children."""

    seconds: float
    mib: float
    cpu: float = 0


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


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--no-peers", action="store_true")
    options.add_argument("--runs", type=int, default=1)
    asked = options.parse_args()
    apks = sorted((a for a in asked.folder.glob("*.apk")), key=dex_bytes)
    with tempfile.TemporaryDirectory() as cache:
        nothing_kept = {**WARM, "MINGCHA_CACHE": cache, "PYTHONPYCACHEPREFIX": cache}
        cold = _once([*_WITHOUT_FLOWS, str(apks[0])], nothing_kept)
    print(f"first run ever, cold caches: {cold.seconds:.2f} s, {cold.mib:.0f} MiB  ({apks[0].name})")
    rows = [(apk, *_row(apk, asked)) for apk in apks]
    return _verdict(rows, apks, cold, peers_run=not asked.no_peers)


def _row(apk: Path, asked: argparse.Namespace) -> tuple[Cost, Cost, Cost]:
    ours = measured([*_WITHOUT_FLOWS, apk], max(asked.runs, 3))
    androguard = exodus = Cost(0, 0)
    if not asked.no_peers:
        python = peers.python_of("venv", peers.ANDROGUARD)
        androguard = measured([python, HERE / "peer_androguard.py", apk], asked.runs)
        python = peers.python_of("venv-exodus", peers.EXODUS)
        exodus = measured([python, HERE / "peer_exodus.py", apk, peers.signatures()], asked.runs)
    print(
        f"{apk.name:30} {dex_bytes(apk) / 1e6:6.2f} MB  mingcha {ours.seconds:5.2f} s {ours.mib:5.0f} MiB   "
        f"androguard {androguard.seconds:6.2f} s {androguard.mib:5.0f} MiB   "
        f"exodus {exodus.seconds:5.2f} s {exodus.mib:5.0f} MiB", flush=True,
    )  # fmt: skip
    return ours, androguard, exodus


def _verdict(rows: list[tuple[Path, Cost, Cost, Cost]], apks: list[Path], cold: Cost, *, peers_run: bool) -> int:
    ours, androguard, exodus = (
        sum(cost.seconds for cost in column) for column in zip(*(r[1:] for r in rows), strict=True)
    )
    missed = [] if cold.seconds < 30 else ["cold start"]
    print(f"sum: mingcha {ours:.1f} s, androguard {androguard:.1f} s, exodus-core {exodus:.1f} s")
    if peers_run:
        print(f"ratios: androguard / mingcha {androguard / ours:.1f}, exodus-core / mingcha {exodus / ours:.2f}")
        missed += ["20 times androguard"] if androguard < 20 * ours else []
        missed += ["exodus-core"] if exodus < ours else []
    for apk, own, andro, exo in rows:
        big = dex_bytes(apk) > SMALL
        if big and peers_run and (own.mib >= andro.mib or own.mib > 1.5 * exo.mib):
            missed.append(f"memory of {apk.name}")
        if not big and (own.seconds >= 1 or own.mib >= 250):
            missed.append(f"small app {apk.name}")
    missed += _reading(apks, rows)
    print("missed: " + (", ".join(missed) or "nothing"))
    return 1 if missed else 0


def _reading(apks: list[Path], rows: list[tuple[Path, Cost, Cost, Cost]]) -> list[str]:
    floor(apks[:3])  # warm up
    inflate, one_pass, reading = floor(apks)
    total = sum(map(dex_bytes, apks)) / 1e6
    print(
        f"reading: {reading:.2f} s for {total:.0f} MB of DEX ({total / reading:.0f} MB/s); floor: inflate {inflate:.2f} s + "
        f"one pass {one_pass:.2f} s; ratio {reading / (inflate + one_pass):.2f}"
    )
    big = [(dex_bytes(apk) / 1e6, own.seconds) for apk, own, *_ in rows if dex_bytes(apk) > 1_000_000]
    if len(big) > 2:
        slope, start = statistics.linear_regression(*zip(*big, strict=True))
        worst = max(abs(seconds - start - slope * size) for size, seconds in big)
        print(f"growth: {start:.2f} s + {slope * 1000:.0f} ms per MB of DEX; largest deviation {worst:.2f} s")
    return ["three times the floor"] if reading > 3 * (inflate + one_pass) else []


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())

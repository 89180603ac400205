"""What the program costs: whole inspections against androguard, growth up to 100 MB of DEX, and where the time goes.

    python -m tests.bench.program DIR [--no-peers] [--runs N] [--only apps growth stages] [--large APK]

``apps``: every app of DIR inspected as a fresh process, with flows and with ``--flows none``, against androguard's
analysis in the same run. ``growth``: seconds against MB of DEX, for the apps from 1 to 17 MB and for renamed copies of one
app (``--large``, in DIR) up to 100 MB. ``stages``: seconds in each stage, for a small, a middle and the largest app.
Other load stretches wall seconds; processor seconds (user and system, children included) stand beside them. Exit 1
when a bar of issue 3 is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.bench import peers
from tests.bench.inspection import HERE, WARM, Cost, dex_bytes, measured
from tests.build.enlarge import enlarged

TIMES, WITHOUT = 10, 20
"""Times faster than androguard: with flows (issue 3), without them (issue 2)."""
MIB = 1_500_000_000 / (1 << 20)
"""The memory that no inspection may need."""
SIZES = (0, 12, 25, 50, 100)
"""MB of DEX of the renamed copies; 0 is the app as it is."""
ABOVE = 1.5
"""The share of the line through the others that the largest program may cost."""


def mingcha(apk: Path, flows: str, runs: int) -> Cost:
    """A whole inspection as a fresh process."""
    return measured([Path(sys.executable).with_name("mingcha"), "inspect", "--flows", flows, apk], runs)


# --- every app ---------------------------------------------------------------------------------------------------------


def apps(apks: Sequence[Path], runs: int, *, peer: bool) -> list[str]:
    """Print the cost of every app; the bars that are missed."""
    rows = [_row(apk, runs, peer=peer) for apk in apks]
    sums = [(sum(c.seconds for c in column), sum(c.cpu for c in column)) for column in zip(*rows, strict=True)]
    names = ("with flows", "--flows none", "androguard")
    print("sum: " + ", ".join(f"{n} {s:.1f} s ({c:.1f} s CPU)" for n, (s, c) in zip(names, sums, strict=True)))
    most = max(cost.mib for row in rows for cost in row[:2])
    print(f"largest peak of ours: {most:.0f} MiB (bar {MIB:.0f})")
    missed = ["memory"] if most > MIB else []
    if peer:
        for name, (seconds, cpu), bar in zip(names, sums[:2], (TIMES, WITHOUT), strict=False):
            print(f"androguard / mingcha {name}: {sums[2][0] / seconds:.1f} (CPU {sums[2][1] / cpu:.1f}; bar {bar})")
            missed += [f"{bar} times androguard {name}"] if sums[2][0] < bar * seconds else []
    return missed


def _row(apk: Path, runs: int, *, peer: bool) -> tuple[Cost, Cost, Cost]:
    full, without = mingcha(apk, "values", runs), mingcha(apk, "none", runs)
    androguard = Cost(0, 0, 0)
    if peer:
        python = peers.python_of("venv", peers.ANDROGUARD)
        androguard = measured([python, HERE / "peer_androguard.py", apk], 1)
    print(
        f"{apk.name:30} {dex_bytes(apk) / 1e6:6.2f} MB  "
        + "   ".join(
            f"{name} {c.seconds:6.2f} s {c.cpu:6.2f} s CPU {c.mib:5.0f} MiB"
            for name, c in (("flows", full), ("none", without), ("androguard", androguard))
        ), flush=True,
    )  # fmt: skip
    return full, without, androguard


# --- growth ------------------------------------------------------------------------------------------------------------


def growth(apks: Sequence[Path], large: Path, runs: int) -> list[str]:
    """Print seconds per MB, and lines through them; the bars that are missed."""
    missed = []
    real = [_point(apk.name, apk, runs) for apk in apks if 1 <= dex_bytes(apk) / 1e6]
    _line("apps from 1 MB on", [(size, cost.cpu) for size, cost in real])
    with tempfile.TemporaryDirectory() as folder:
        made = [_point(f"{large.stem} x", path, runs) for path in _copies(large, Path(folder))]
    *smaller, (size, largest) = made
    start, slope = _line(f"copies of {large.stem}", [(mb, cost.cpu) for mb, cost in smaller])
    expected = start + slope * size
    print(
        f"{size:.0f} MB: {largest.cpu:.2f} s CPU, {largest.cpu / expected:.2f} times the line ({expected:.2f} s; "
        f"bar {ABOVE}); {largest.mib:.0f} MiB (bar {MIB:.0f})"
    )
    missed += ["growth"] if largest.cpu > ABOVE * expected else []
    return missed + (["memory of the largest program"] if largest.mib > MIB else [])


def _copies(apk: Path, folder: Path) -> list[Path]:
    found = []
    for size in SIZES:
        found.append(folder / f"{size}.apk")
        found[-1].write_bytes(enlarged(apk.read_bytes(), size) if size else apk.read_bytes())
    return found


def _point(name: str, apk: Path, runs: int) -> tuple[float, Cost]:
    size, cost = dex_bytes(apk) / 1e6, mingcha(apk, "values", runs)
    print(f"{name:30} {size:6.2f} MB {cost.seconds:6.2f} s {cost.cpu:6.2f} s CPU {cost.cpu / size * 1000:6.0f} ms per MB "
          f"{cost.mib:5.0f} MiB", flush=True)  # fmt: skip
    return size, cost


def _line(name: str, points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Print and give the line through the points: seconds at no code, and seconds per MB."""
    slope, start = statistics.linear_regression(*zip(*points, strict=True))
    worst = max(abs(seconds - start - slope * size) for size, seconds in points)
    print(f"{name}: {start:.2f} s + {slope * 1000:.0f} ms per MB of DEX (CPU); largest deviation {worst:.2f} s")
    return start, slope


# --- stages ------------------------------------------------------------------------------------------------------------


def stages(apks: Sequence[Path]) -> None:
    """Print the seconds of each stage for three apps, the best of three fresh processes each, and for all, once each."""
    table = {}
    for apk in (apks[len(apks) // 4], apks[len(apks) // 2], apks[-1]):
        tries = [_stages_of(apk) for _ in range(3)]
        table[f"{apk.stem} ({dex_bytes(apk) / 1e6:.1f} MB)"] = {name: min(t[name] for t in tries) for name in tries[0]}
    every = [_stages_of(apk) for apk in apks]
    table[f"all {len(apks)}"] = {name: sum(found.get(name, 0) for found in every) for name in every[-1]}
    print(f"{'stage':20}" + "".join(f"{name:>24}" for name in table))
    for stage in next(iter(table.values())):
        print(f"{stage:20}" + "".join(f"{seconds[stage]:22.3f} s" for seconds in table.values()))
    print(f"{'sum':20}" + "".join(f"{sum(seconds.values()):22.3f} s" for seconds in table.values()))


def _stages_of(apk: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.program", str(apk), "--inside"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=WARM)
    return {str(name): float(seconds) for name, seconds in json.loads(done.stdout).items()}


def inside(apk: Path) -> dict[str, float]:
    """Seconds of each stage in this process: what is shared is made, and counted, before the first that asks for it."""
    import gc

    gc.set_threshold(200_000, 50, 50)  # as the command line does
    spent: defaultdict[str, float] = defaultdict(float)
    now, stage = [time.perf_counter()], ["start-up, catalogue"]

    def turn(name: str) -> None:
        """The stage that ran until now ends, and this one begins."""
        spent[stage[0]] += time.perf_counter() - now[0]
        now[0], stage[0] = time.perf_counter(), name

    from mingcha.catalogue.load import load
    from mingcha.collect.collectors import Subject, collect
    from mingcha.collect.package import Package
    from mingcha.collect.protection import hides_calls
    from mingcha.collect.sdks import inside as sdks_inside
    from mingcha.collect.surroundings import surroundings_of
    from mingcha.collect.whole import program_of, reach_of
    from mingcha.inspection import judge_facts
    from mingcha.model.artefact import Artefact, Case
    from mingcha.model.fact import Fact
    from mingcha.model.factbase import Covered, FactBase, Gap
    from mingcha.model.report import FORMAT, FactsFile, Tool
    from mingcha.relate.joins import relate
    from mingcha.render import render

    tables = load()
    turn("open, DEX")
    data = apk.read_bytes()
    artefact = Artefact(sha256=hashlib.sha256(data).hexdigest(), kind="apk", name=apk.name, size=len(data))
    package = Package(artefact, data)
    for code in package.code:
        code.dex.instructions.sum()
    turn("classes, members")
    program_of(package)
    turn("sdks, likeness")
    sdks_inside(package, tables)
    turn("protection")
    hides_calls(package, tables)
    turn("manifest, layouts")
    surroundings_of(package)
    turn("graph, reach")
    reach_of(package, tables)
    found = collect([Subject(artefact, lambda: package)], tables, progress=turn)
    turn("relate, judge")
    kinds = [[item for item in found if isinstance(item, kind)] for kind in (Fact, Covered, Gap)]
    case = Case(artefacts=(artefact,))
    base = relate(FactBase.of(*kinds), case, tables, None)  # type: ignore[arg-type]
    tool = Tool(name="mingcha", version="0", catalogue=tables.digest)
    report = judge_facts(
        FactsFile(format=FORMAT, tool=tool, case=case, facts=base.facts, covered=base.covered, gaps=base.gaps), tables
    )
    turn("render")
    render(report, tables, "operator", "text", "zh")
    turn("end")
    return dict(spent)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--no-peers", action="store_true")
    options.add_argument("--runs", type=int, default=1)
    options.add_argument(
        "--only", nargs="+", choices=["apps", "growth", "stages"], default=["apps", "growth", "stages"]
    )
    options.add_argument("--large", default="androidproject.apk", help="the app whose renamed copies are measured")
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.inside:
        print(json.dumps(inside(asked.folder)))
        return 0
    print(f"load before: {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    apks = sorted(asked.folder.glob("*.apk"), key=dex_bytes)
    missed = apps(apks, asked.runs, peer=not asked.no_peers) if "apps" in asked.only else []
    missed += growth(apks, asked.folder / asked.large, asked.runs) if "growth" in asked.only else []
    if "stages" in asked.only:
        stages(apks)
    print(f"load after: {os.getloadavg()[0]:.1f}")
    print("missed: " + (", ".join(missed) or "nothing"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

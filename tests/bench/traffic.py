"""Time, memory and recall of reading a large capture: 50,000 requests, a profile of 100 values, one process.

python -m tests.bench.traffic [FILE]   # a HAR that tests.build.hartraffic wrote, kept for the next run; by default a new one
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.inspection import Cost
from tests.bench.inspection import measured as measured_command
from tests.build.hartraffic import PACKAGE, write_large

ENTRIES, SEED = 50_000, 11
MOST_SECONDS, MOST_MIB = 60, 500e6 / (1 << 20)
_CHILD = """
import json, mmap, sys, time
began = time.perf_counter()
from mingcha.catalogue.load import load
from mingcha.collect.traffic.matcher import Matcher
from mingcha.collect.traffic.profile import profile_of
from mingcha.collect.traffic.reading import read_traffic
from mingcha.collect.traffic.sealing import Seal
from mingcha.formats.har import Har
path, given = sys.argv[1], json.load(sys.stdin)
matcher = Matcher(profile_of(given, load().information))
ready = time.perf_counter()
with open(path, "rb") as file:
    data = file.read() if sys.argv[2] == "bytes" else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
har = Har(data)
traffic = read_traffic(har, matcher, Seal(b"a key of this case"))
done = time.perf_counter()
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps({"start": ready - began, "read": done - ready, "cpu": time.process_time(), "peak": int(status["VmHWM"].split()[0]) / 1024,
    "patterns": matcher.patterns, "exchanges": traffic.exchanges, "partial": har.reading.partial,
    "found": [[one.index, one.tag] for one in traffic.sendings]}))
"""


def measured(path: Path, given: dict[str, object], how: str) -> dict[str, object]:
    """One run in a process of its own."""
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path), how],
        input=json.dumps(given), text=True, capture_output=True, check=True,
    )  # fmt: skip
    result: dict[str, object] = json.loads(child.stdout)
    return result


def whole(path: Path, profile: dict[str, object]) -> Cost:
    """The capture in the folder of a run, collected by the command line."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, Path(folder, "capture.har"))
        Path(folder, "profile.yaml").write_text(json.dumps(profile), "utf-8")
        record = {"run": "large", "package": PACKAGE, "profile": "profile.yaml", "files": {"capture.har": {"ahead": 0}}}
        Path(folder, "run.yaml").write_text(json.dumps(record), "utf-8")
        command = [
            Path(sys.executable).with_name("mingcha"),
            "collect",
            "--run",
            folder,
            "-o",
            Path(folder, "facts.out"),
        ]
        return measured_command(command, 1)


def main() -> None:
    """Write the file where it is not there, read it both ways, print the figures."""
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(), "large.har")
    notes = given.with_suffix(".truth.json")
    if not notes.exists():
        values, planted = write_large(given, ENTRIES, SEED)
        notes.write_text(json.dumps({"values": values, "planted": [[one.index, one.tag] for one in planted]}), "utf-8")
    truth = json.loads(notes.read_text("utf-8"))
    profile = {"package": PACKAGE, "values": truth["values"]}
    print(f"{os.path.getsize(given) / 1e6:.0f} MB, {sum(map(len, truth['values'].values()))} values")
    for how in ("bytes", "mmap"):
        run = measured(given, profile, how)
        found, wanted = {tuple(one) for one in run["found"]}, {tuple(one) for one in truth["planted"]}  # type: ignore[attr-defined]
        false = sum(1 for one in found if one[1] and one not in wanted)
        print(
            f"{how}: {run['exchanges']} requests in {run['read']:.1f} s (start {run['start']:.1f} s, processor time {run['cpu']:.1f} s in all), peak {run['peak']:.0f} MiB, "
            f"{run['patterns']} variants; recall {len(found & wanted)} of {len(wanted)}, false {false}"
        )
    cost = whole(given, profile)
    print(
        f"mingcha collect --run: {cost.seconds:.1f} s ({cost.cpu:.1f} s CPU), peak {cost.mib:.0f} MiB (bars: {MOST_SECONDS} s, {MOST_MIB:.0f} MiB)"
    )
    sys.exit(cost.seconds > MOST_SECONDS or cost.mib > MOST_MIB)


if __name__ == "__main__":
    main()

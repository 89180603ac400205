"""Time and memory of reading a policy: 30,000 characters of a CAPP-130 original, start, peak memory, ten at once.

python -m tests.bench.policy_speed [FILE]   # a long policy; by default the longest of ../shared/data/capp130
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

CHARACTERS = 30_000
_ORIGINALS = Path(__file__).parents[3] / "shared" / "data" / "capp130"
_CHILD = """
import sys, time
began = time.perf_counter()
from mingcha.catalogue.load import load
from mingcha.collect.policy import collector as policy
from mingcha.collect.policy.model import model_of
from mingcha.model.artefact import Artefact
tables, _ = load(), model_of("zh")
ready = time.perf_counter()
data = sys.stdin.buffer.read()
opened = policy.opened(Artefact(sha256="0" * 64, kind="policy", name="policy.txt", size=len(data)), data)
count = sum(1 for _ in policy.collect(opened.artefact, opened.document, tables))
first = time.perf_counter()
opened = policy.opened(opened.artefact, data)
count = sum(1 for _ in policy.collect(opened.artefact, opened.document, tables))
again = time.perf_counter()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(ready - began, first - ready, again - first, int(peak) / 1024, count)
"""


def longest(folder: Path) -> str:
    """The longest policy of a folder, repeated or cut to the length that is measured."""
    texts = sorted((file.read_text("utf-8", "replace") for file in folder.rglob("*.txt")), key=len)
    if not texts:
        raise SystemExit(f"{folder}: no .txt policies")
    return (texts[-1] * (CHARACTERS // len(texts[-1]) + 1))[:CHARACTERS]


def alone(text: str, runs: int = 5) -> Iterator[str]:
    """Medians over fresh processes."""
    rows = [
        [
            float(n)
            for n in subprocess.run(
                [sys.executable, "-c", _CHILD], input=text.encode(), capture_output=True, check=True
            ).stdout.split()
        ]
        for _ in range(runs)
    ]
    start, first, again, peak, count = (median(column) for column in zip(*rows, strict=True))
    yield f"start, catalogue and model loaded: {start:.2f} s; {len(text)} characters: first {first:.3f} s, again {again:.3f} s"
    yield f"peak memory {peak:.0f} MiB; {count:.0f} findings"


def at_once(text: str, policies: int = 10) -> str:
    """Ten policies in one process by ten threads: how often the model was loaded, and the time for one of them."""
    from mingcha.catalogue.load import load
    from mingcha.collect.policy import collector as policy
    from mingcha.collect.policy import model as policy_model
    from mingcha.model.artefact import Artefact

    tables = load()
    began = time.perf_counter()
    with ThreadPoolExecutor(policies) as pool:
        artefact = Artefact(sha256="0" * 64, kind="policy", name="policy.txt", size=len(text))
        opened = [policy.opened(artefact, text.encode()) for _ in range(policies)]
        counts = set(pool.map(lambda one: sum(1 for _ in policy.collect(one.artefact, one.document, tables)), opened))
    took = time.perf_counter() - began
    loads = policy_model._kept.cache_info().misses
    return f"{policies} at once: {took / policies:.3f} s each, model loaded {loads} time(s), equal results: {len(counts) == 1}"


if __name__ == "__main__":
    policy_text = Path(sys.argv[1]).read_text("utf-8") if len(sys.argv) > 1 else longest(_ORIGINALS)
    print(*alone(policy_text), at_once(policy_text), sep="\n")

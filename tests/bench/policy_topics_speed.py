"""Time and memory of the topics of 30,000 characters, each measured in fresh processes, model loading included in the start.

Times are those of one core (user and system), from the start of the interpreter, so that other work on the machine counts little.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

CHARACTERS, RUNS = 30_000, 5
_FILLER = (
    "我们会收集您的设备信息，用于向您推荐您可能感兴趣的内容。您可以在设置中关闭该功能，关闭后我们将不再处理上述信息。\n"
)
_CHILD = """
import sys, time
from mingcha.collect.policy.model import model_of
from mingcha.collect.policy.text import plain, sentences_of
from mingcha.collect.policy.topics import topics
language = sys.argv[1]
model_of(language)
ready = time.process_time()
lines = [plain(s) for line in sys.stdin.buffer.read().decode().splitlines() for s in sentences_of(line)]
cut = time.process_time()
topics(lines, language=language)
first = time.process_time()
topics(lines, language=language)
again = time.process_time()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(ready, first - cut, again - first, int(peak) / 1024, len(lines))
"""


def figures(capp130: Path | None) -> Iterator[str]:
    """A line for each language; the Chinese text is the start of CAPP-130 where it is at hand."""
    chinese = _real(capp130) if capp130 else _FILLER
    for language, text in (("zh", chinese), ("en", "We may share your device information with our partners.\n")):
        data = (text * (CHARACTERS // len(text) + 1))[:CHARACTERS].encode()
        start, first, again, peak, count = (median(column) for column in zip(*_runs(language, data), strict=True))
        yield (
            f"topics, {language}: start with model {start:.2f} s; {CHARACTERS} characters, {count:.0f} sentences: "
            f"first {1000 * first:.0f} ms, again {1000 * again:.0f} ms; peak memory {peak:.0f} MiB"
        )


def _real(folder: Path) -> str:
    return "\n".join(file.read_text("utf-8", "replace") for file in sorted((folder / "original").glob("*.txt"))[:9])


def _runs(language: str, data: bytes) -> Iterator[list[float]]:
    for _ in range(RUNS):
        done = subprocess.run([sys.executable, "-c", _CHILD, language], input=data, capture_output=True, check=True)
        yield [float(number) for number in done.stdout.split()]

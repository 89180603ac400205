"""Topics of English policies across corpora: segments of OPP-115, read by the model that was trained on APPSI-139.

OPP-115 (web sites, other annotators) is for measuring only. ``python -m tests.bench.policy_opp115 DIR`` runs it alone.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from mingcha.collect.policy.text import plain, sentences_of
from mingcha.collect.policy.topics import topics
from tests.bench.policy_information import prf

OPP = {
    "First Party Collection/Use": {"collection", "use", "permission"},
    "Third Party Sharing/Collection": {"sharing"},
    "User Choice/Control": {"rights"},
    "User Access, Edit and Deletion": {"rights"},
    "Data Retention": {"storage"},
    "Data Security": {"security"},
    "Policy Change": {"revision"},
}
"""Categories that have a topic of ours; choice and access are one."""
OPP_NAMES = (
    frozenset({"collection", "use", "permission"}),
    *(frozenset({n}) for n in ("sharing", "rights", "storage", "security", "revision")),
)


def figures(folder: Path) -> Iterator[str]:
    """Segments of OPP-115 by the shipped English model: a segment has the topics of its sentences."""
    counts = {kinds: Counter() for kinds in OPP_NAMES}
    for file in sorted((folder / "datasets/consolidation/threshold-0.5-overlap-similarity").glob("*.csv")):
        text = (folder / "datasets/sanitized_policies" / f"{file.stem}.html").read_text("utf-8", "replace")
        segments = [re.sub(r"<[^>]+>", " ", segment) for segment in text.split("|||")]
        gold: dict[int, set[str]] = defaultdict(set)
        with file.open(encoding="utf-8", errors="replace", newline="") as rows:
            for row in csv.reader(rows):
                gold[int(row[4])] |= OPP.get(row[5], set())
        for n, segment in enumerate(segments):
            lines = [plain(sentence) for sentence in sentences_of(segment)]
            said = frozenset().union(*topics(lines, language="en").of)
            for kinds, count in counts.items():
                count.update([(bool(kinds & gold[n]), bool(kinds & said))])
    total = sum(counts.values(), Counter())
    yield "OPP-115 segments, trained on APPSI-139: " + _of(total)
    yield from (f"  {'/'.join(sorted(kinds))}: {_of(count)}" for kinds, count in counts.items())


def _of(count: Counter) -> str:
    return prf(count[True, True], count[False, True], count[True, False])


if __name__ == "__main__":
    print(*figures(Path(sys.argv[1])), sep="\n")

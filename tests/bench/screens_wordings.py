"""Count the wordings that the reader of screens reads: `python -m tests.bench.screens_wordings [--list wordings_fifth.yaml] [--misses]`.

The rows of tests/unit/collect/screens/wordings*.yaml were written before the rules were mended and the rules then mended by them: the
figures say how much was mended, not how well unseen screens are read.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

from tests.unit.collect.screens.wordings import LISTS, holds, rows


def main() -> None:
    """Print, for each rule, how many rows are read and how many neighbours are spared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", nargs="*", choices=LISTS, default=LISTS)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    wrong: dict[str, list[str]] = defaultdict(list)
    for rule, side, row in rows(*given.list):
        innocent = side in ("innocent", "accused")
        at = 2 if innocent else 0
        right = holds(rule, row) != innocent
        counts[rule][at] += right
        counts[rule][at + 1] += 1
        if not right:
            wrong[rule].append(f"    {'extra ' if innocent else 'missed'} {row}")
    counts["all"] = [sum(row[n] for row in counts.values()) for n in range(4)]
    for rule, (read, of, spared, neighbours) in counts.items():
        print(f"{rule:18} read {read:3} of {of:3}   neighbours spared {spared:3} of {neighbours:3}")
        if given.misses:
            print(*wrong[rule], sep="\n")


if __name__ == "__main__":
    main()

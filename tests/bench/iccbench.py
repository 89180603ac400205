"""Data flows of ICC-Bench's apps against the truth in iccbench_truth.yaml.

    python -m tests.bench.iccbench DIR [--app NAME] [--jobs N]

DIR has the 24 APKs of ICC-Bench in folders by category. Prints a line for each category, a line for each app with a
difference, both measures (see leaks.py), and last the precision and recall of the per-app count. Exit 1 when recall is
below the bar of issue 3, or something in Mingcha broke.
"""

from __future__ import annotations

import sys

from tests.bench.droidbench import table
from tests.bench.flows import asked, detail, results
from tests.bench.leaks import by_pairs, difference

RECALL = 0.75
"""The bar of issue 3."""


def main() -> int:
    given = asked(__doc__, "iccbench_truth.yaml")
    found = list(results(given.folder, given.apps, given.jobs))
    if given.detail:
        for result in found:
            detail(result)
        return 0
    tally = table(found, peer=False)
    print()
    for line in filter(None, map(difference, found)):
        print(line)
    exact = by_pairs(found)
    print(
        f"\nexact pairs: {exact.leaks} in the code, true {exact.true}, false {exact.false}, missed {exact.missed}: {exact}"
    )
    print(f"reported, real and not counted by the benchmark: {sum(len(result.uncounted) for result in found)}")
    print(f"per app count: leaks {tally.leaks}, true {tally.true}, false {tally.false}, missed {tally.missed}")
    print(tally)
    return int(tally.recall < RECALL or any(result.defects for result in found))


if __name__ == "__main__":
    sys.exit(main())

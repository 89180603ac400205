"""Data flows of DroidBench's apps against the truth in droidbench_truth.yaml, beside FlowDroid.

    python -m tests.bench.droidbench DIR [--app NAME] [--jobs N]

DIR has the APKs of DroidBench's branch develop in folders by category. Prints a line for each category, a line for each
app with a difference, both measures (see leaks.py), and last the precision and recall of the per-app count over the 174
apps of FlowDroid's suite. Exit 1 when these are below the bar of issue 3, or something in Mingcha broke.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.bench.flows import asked, detail, results
from tests.bench.leaks import Result, Tally, by_count, by_pairs, difference, ours

PRECISION, RECALL = 0.92, 0.88
"""The bar of issue 3, over FlowDroid's suite."""


def flowdroid(result: Result) -> tuple[int, int]:
    """Counted by the truth, and reported by FlowDroid as its suite records it."""
    return result.app.used, result.app.flowdroid or 0


def table(found: Sequence[Result], *, peer: bool) -> Tally:
    """Print a line for each category and the sum, FlowDroid's numbers beside where its suite has them."""
    print(f"{'category':28} apps leaks  true false missed" + ("   FlowDroid: true false missed" if peer else ""))
    for category in dict.fromkeys(result.app.category for result in found):
        _row(category, [result for result in found if result.app.category == category], peer=peer)
    return _row("all", found, peer=peer)


def _row(name: str, found: Sequence[Result], *, peer: bool) -> Tally:
    mine, theirs = by_count(found, ours), by_count(found, flowdroid)
    line = f"{name:28} {mine.apps:4} {mine.leaks:5} {mine.true:5} {mine.false:5} {mine.missed:6}"
    print(line + (f"              {theirs.true:4} {theirs.false:5} {theirs.missed:6}" if peer else ""))
    return mine


def summary(found: Sequence[Result]) -> Tally:
    """Print everything about all apps; the tally that the bar is about."""
    suite = [result for result in found if result.app.test is not None]
    others = [result for result in found if result.app.test is None]
    tally = table(suite, peer=True)
    print("\nwithout a test in FlowDroid's suite")
    table(others, peer=False)
    print()
    for line in filter(None, map(difference, found)):
        print(line)
    exact = by_pairs(suite)
    print(
        f"\nexact pairs: {exact.leaks} in the code, true {exact.true}, false {exact.false}, missed {exact.missed}: {exact}"
    )
    print(f"reported, real and not counted by the benchmark: {sum(len(result.uncounted) for result in suite)}")
    print(f"FlowDroid by the same count: {by_count(suite, flowdroid)}")
    print(f"per app count: leaks {tally.leaks}, true {tally.true}, false {tally.false}, missed {tally.missed}")
    return tally


def main() -> int:
    given = asked(__doc__, "droidbench_truth.yaml")
    found = list(results(given.folder, given.apps, given.jobs))
    if given.detail:
        for result in found:
            detail(result)
        return 0
    tally = summary(found)
    print(tally)
    return int(tally.precision < PRECISION or tally.recall < RECALL or any(result.defects for result in found))


if __name__ == "__main__":
    sys.exit(main())

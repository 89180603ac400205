"""The truth files say what their heads say, and reported flows are counted against them as described."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.bench.droidbench import flowdroid
from tests.bench.leaks import (
    Alternative,
    App,
    Leak,
    Pair,
    Result,
    Spot,
    by_count,
    by_pairs,
    compared,
    difference,
    ours,
    truth,
)

GETTER, PARAMETER = "La/Place;->latitude()D", "La/A;->onPlace(La/Place;)V"


def spot(line: int, app: str = "") -> Spot:
    return Spot(app, "A.java", line)


def leak(sources: list[int], sink: int) -> Leak:
    return Leak(tuple(Alternative(spot(line), "a.B.c") for line in sources), (Alternative(spot(sink), "a.B.d"),))


def app(used: int, leaks: list[Leak], uncounted: list[Leak] | None = None) -> App:
    return App(
        "Some/App1", used, used, 0, implicit=False, companions=(), leaks=tuple(leaks), uncounted=tuple(uncounted or ())
    )


def test_the_truth_of_droidbench_is_whole() -> None:
    """190 apps, 174 of them in FlowDroid's suite; the number used is the comment's, else the test's; disputes have a note."""
    rows = yaml.safe_load(Path(__file__).with_name("droidbench_truth.yaml").read_text(encoding="utf-8"))["apps"]
    disputed = set()
    for name, row in rows.items():
        counts = row["counts"]
        assert counts["used"] == counts.get("comment", counts.get("test"))
        assert counts["read"] == len(row["leaks"])
        if counts.get("comment", counts["used"]) != counts.get("test", counts["used"]):
            disputed.add(name)
        assert ("note" in row) >= (name in disputed or counts["read"] != counts["used"] or "comment" not in counts)
        assert set(row.get("with", ())) <= set(rows)
    assert len(rows) == 190
    assert len(disputed) == 17


def test_flowdroid_is_what_its_suite_records() -> None:
    """Over the 174 apps of its suite FlowDroid finds 134 of 174 leaks with 18 false, and seven apps have implicit flows on."""
    suite = [Result(one) for one in truth("droidbench_truth.yaml").values() if one.test is not None]
    tally = by_count(suite, flowdroid)
    assert (tally.apps, tally.leaks, tally.true, tally.false) == (174, 174, 134, 18)
    assert str(tally) == "precision 0.88 recall 0.77"
    assert sum(result.app.implicit for result in suite) == 7


def test_the_truth_of_icc_bench_is_whole() -> None:
    """24 apps with 33 leaks, and as many were read from the code."""
    apps = truth("iccbench_truth.yaml").values()
    assert (len(apps), sum(one.used for one in apps), sum(len(one.leaks) for one in apps)) == (24, 33, 33)


def test_what_is_reported_is_true_false_missed_or_not_counted() -> None:
    """Each reported pair goes to one leak or to none; a leak that nothing fits is missed; what does not count is left out."""
    known = app(3, [leak([1], 5), leak([2], 6), leak([3], 7)], [leak([1], 8)])
    reported = [Pair(spot(1), spot(5)), Pair(spot(2), spot(5)), Pair(spot(2), spot(6)), Pair(spot(1), spot(8))]
    result = compared(known, reported)
    assert result.found == known.leaks[:2]
    assert result.missed == known.leaks[2:]
    assert result.wrong == (Pair(spot(2), spot(5)),)
    assert result.uncounted == (Pair(spot(1), spot(8)),)
    assert result.reported == 3
    assert (by_count([result], ours).true, by_count([result], ours).missed) == (3, 0)
    exact = by_pairs([result])
    assert (exact.true, exact.false, exact.missed) == (2, 1, 1)
    assert difference(result) == "Some/App1; false A.java:2 -> A.java:5; missed A.java:3 -> A.java:7"


def test_one_leak_seen_at_two_sources_counts_once() -> None:
    """Getter and object of one value are one leak; where the truth counts both of two values, each takes its own."""
    assert compared(app(1, [leak([1, 2], 5)]), [Pair(spot(1), spot(5)), Pair(spot(2), spot(5))]).reported == 1
    both = app(2, [leak([1, 3], 5), leak([2, 3], 5)])
    assert compared(both, [Pair(spot(3), spot(5))]).reported == 1
    assert not compared(both, [Pair(spot(1), spot(5)), Pair(spot(2), spot(5))]).missed


@pytest.mark.parametrize(("called", "reported"), [(PARAMETER, 1), (GETTER, 0)])
def test_a_parameter_is_told_from_the_first_statement(called: str, reported: int) -> None:
    """A callback's parameter lies at the line of its first statement, but only what names the callback is meant."""
    way = Leak((Alternative(spot(1), "parameter of onPlace"),), (Alternative(spot(5), "a.B.d"),))
    assert len(compared(app(1, [way]), [Pair(spot(1), spot(5), called)]).found) == reported


def test_what_lies_in_the_other_app_alone_is_counted_there() -> None:
    """In a case of two apps a flow inside the other one says nothing about this one; one that arrives there does."""
    arriving = Leak((Alternative(spot(1), "a.B.c"),), (Alternative(spot(5, "Other"), "a.B.d"),))
    known = app(1, [arriving])
    result = compared(known, [Pair(spot(1, "Other"), spot(5, "Other")), Pair(spot(1), spot(5, "Other"))])
    assert (result.found, result.wrong, len(result.uncounted)) == ((arriving,), (), 1)
    assert str(result.found[0]) == "A.java:1 -> Other/A.java:5"


def test_a_way_through_native_code_is_never_found() -> None:
    """An end outside the bytecode has no place that could be reported, so the leak stays missed."""
    result = compared(app(1, [Leak((), (Alternative(spot(5), "a.B.d"),))]), [Pair(spot(1), spot(5))])
    assert (len(result.missed), len(result.wrong)) == (1, 1)

"""Small programs from their DEX to the facts, one mechanism each, with what leaks and what does not side by side.

The programs and what is expected of them stand in ``tests/data/flows`` (`flowcase.py` explains the YAML).
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.unit.program import flowcase

WAYS = ("collected", "everything")
WRONG = {
    "Keys.keptUnderItself": "keys of maps are not kept",
    "Recursion.clean": "where recursion is cut, what went in is taken to come back",
    "Recursion.linked": "where recursion is cut, what is inside objects is lost",
}
"""Methods where the engine is known not to be right yet, and why; an entry that became right fails."""
OUTWARD = {
    "Bound$Incoming.handleMessage": "missed: the service's answer to a binding",
    "Broadcasts$InCode.onReceive": "missed: a receiver registered in code",
    "Files.read": "missed: what a file gives back",
    "Files.reread": "missed: what a file gives back",
    "Results.onActivityResult": "missed: what an activity answers",
    "Saved.created": "missed: saved state",
    "Saved.onRestoreInstanceState": "missed: saved state",
    "Interfaces.fixed": "false: which implementation a parameter holds",
    "Order.onCreate": "false: an object's fields outlive it",
    "Order.onPause": "false: an object's fields outlive it",
    "Order.onResume": "false: what was overwritten in another callback",
    "Statics.early": "false: an initialiser that ran before",
}
"""Methods where following information outward, as in large programs, is coarser than whole lives."""


def methods(*ways: str, wrong: Mapping[str, str] = WRONG) -> list[object]:
    found: list[object] = []
    for name in flowcase.NAMES:
        for way in ways:
            if way != "implicit" or "implicit" in flowcase.told(name):
                for method in flowcase.expected(name, way):
                    marks = [pytest.mark.xfail(strict=True, reason=wrong[method])] if method in wrong else []
                    found.append(pytest.param(name, method, way, id=f"{method}-{way}", marks=marks))
    return found


@pytest.mark.parametrize(("name", "method", "way"), methods(*WAYS))
def test_what_leaves(name: str, method: str, way: str) -> None:
    """From each method exactly what is written beside the source leaves, whether all code is read or only what leads to information."""
    assert flowcase.found(name, way).get(method, []) == flowcase.expected(name, way)[method]


@pytest.mark.parametrize(("name", "method", "way"), methods("outward", wrong=WRONG | OUTWARD))
def test_what_leaves_a_large_program(name: str, method: str, way: str) -> None:
    """Followed outward from where it enters, information leaves where it does when whole lives are run, but for what is listed."""
    assert flowcase.found(name, way).get(method, []) == flowcase.expected(name, way)[method]


@pytest.mark.parametrize(("name", "method", "way"), methods("implicit"))
def test_what_is_decided(name: str, method: str, way: str) -> None:
    """With implicit flows followed, what was decided by information leaves as well and is marked; nothing else changes."""
    assert flowcase.found(name, way).get(method, []) == flowcase.expected(name, way)[method]


@pytest.mark.parametrize("way", [*WAYS, "outward"])
@pytest.mark.parametrize("name", flowcase.NAMES)
def test_nothing_leaves_elsewhere(name: str, way: str) -> None:
    """No flow ends in a method of which nothing is written."""
    assert set(flowcase.found(name, way)) <= set(flowcase.expected(name, way))


def test_steps_lead_from_source_to_sink() -> None:
    """A path begins with the call that gives the information and ends with the one that takes it, each at its place."""
    facts = [fact for name in flowcase.NAMES for fact in flowcase.collected(flowcase.apk(name))]
    assert len(facts) > 100
    for fact in facts:
        first, last = fact.steps[0], fact.steps[-1]
        assert (first.does, first.place, first.place.quote) == ("reads", fact.source_place, fact.source)
        assert (last.does, last.place, last.place.quote) == ("sends", fact.place, fact.sink)
        assert all(one.place.at is not None and one.place.path == "classes.dex" for one in fact.steps)


def test_every_wrong_one_is_there() -> None:
    """The list of what is not right yet names methods that exist."""
    known = {method for name in flowcase.NAMES for method in flowcase.expected(name, "collected")}
    assert {*WRONG, *OUTWARD} <= known


def test_path_is_told_step_by_step() -> None:
    """A value that is hashed, encoded and kept in a field is followed through each of these steps in order."""
    (fact,) = [f for f in flowcase.collected(flowcase.apk("Changed")) if f.transforms == ("md5", "base64")]
    assert [step.does for step in fact.steps] == ["reads", "hashes", "encodes", "sends"]
    (kept,) = [f for f in flowcase.collected(flowcase.apk("Fields")) if "accessors" in f.steps[-1].method]
    assert [step.does for step in kept.steps] == ["reads", "passes", "writes", "reads", "returns", "sends"]

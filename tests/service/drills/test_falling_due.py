"""L5: when thousands of clocks run out at the same midnight, each case moves on once, and each handler gets one message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.drills.conftest import Drill


def check(found: dict[str, Any], count: int, people: int) -> None:
    """Every case once, nothing left over, one message a recipient with all of his cases in it."""
    assert (found["missed_once"], found["missed_again"], found["left_running"]) == (count, 0, 0)
    assert found["proposed"] == count
    assert {name for name, done in found["second"].items() if done} <= {"read"}, "only pages are still drawn anew"
    assert (found["recipients"], found["messages"], found["told"], found["mails"]) == (people, people, count, people)
    assert found["problems"] == []


def test_each_case_moves_on_once_and_each_handler_hears_once(drill: Drill) -> None:
    """Three hundred cases of five handlers: one event each, five messages; the next tick adds nothing; states equal their events."""
    check(drill("falling_due", "--count", "300", "--people", "5"), 300, 5)


@pytest.mark.long
def test_ten_thousand_deadlines_are_done_within_a_minute(drill: Drill) -> None:
    """L5 in full: 10,000 cases at one midnight within 60 s."""
    found = drill("falling_due", "--count", "10000", timeout=900)
    check(found, 10_000, 20)
    assert found["seconds"] <= 60

"""L2: many complaints at once; and that no two acts wait for each other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.drills.conftest import Drill


def check(found: dict[str, Any]) -> int:
    """No error, nothing lost: what was accepted is there once, with identity, clock and event, and nothing else is."""
    accepted: int = found["told"]["accepted"]
    assert found["told"] == {"accepted": accepted}
    assert [found[name] for name in ("complaints", "numbers", "identities", "clocks", "events")] == [accepted] * 5
    assert found["problems"] == []
    return accepted


def test_no_accepted_complaint_is_lost(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen connections send for three seconds through the form: every one that is accepted is in the database, whole, and no error."""
    monkeypatch.setenv("MINGCHA_TLS", "yes")
    assert check(drill("complaining", "--seconds", "3", "--people", "1500", mode="demo", timeout=120)) > 10


@pytest.mark.long
def test_a_minute_of_complaints(drill: Drill, monkeypatch: pytest.MonkeyPatch) -> None:
    """L2 in full: 60 s, 16 connections, at least 150 a second, no error, none lost."""
    monkeypatch.setenv("MINGCHA_TLS", "yes")
    found = drill("complaining", "--seconds", "60", mode="demo", timeout=400)
    check(found)
    assert found["left"] > 0, "there were people enough"
    assert found["per_second"] >= 150


def test_acts_that_lock_in_opposite_orders_do_not_block_each_other(drill: Drill) -> None:
    """One act that writes an event and then gives a number, and one that does the reverse, both get through."""
    found = drill("locking", mode="demo")
    assert [one[-4:] for one in found["met"]] == ["001号", "002号"]
    assert found["problems"] == []

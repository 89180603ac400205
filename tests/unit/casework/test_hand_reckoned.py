"""Deadlines reckoned on paper against the notices come out of the engine."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from mingcha.casework.counting import Suspension
from mingcha.casework.deadlines import Deadline, Extension, reckon
from mingcha.casework.shanghai import SHANGHAI
from mingcha.casework.working import shipped
from tests.unit.casework.clockwork import WORDS, rule

CASES = yaml.safe_load(Path(__file__).with_name("hand_reckoned.yaml").read_text(encoding="utf-8"))


def engine(case: dict) -> Deadline:
    """What the engine makes of a case."""
    start = case["start"] if isinstance(case["start"], date) else datetime.fromisoformat(case["start"])
    first, last = case.get("not_counted", (None, None))
    suspensions = [Suspension(first=first, last=last, reason=WORDS)] if first else []
    extensions = [Extension(length=case["longer"], reason=WORDS)] if "longer" in case else []
    return reckon(rule(case["unit"], case["length"]), start, shipped(), suspensions, extensions)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['length']}-{case['unit']}-{case['start']}")
def test_paper_and_engine_agree(case: dict) -> None:
    """The last day, the instant it ends, and whether it is certain are those of the paper."""
    deadline = engine(case)
    until = datetime.fromisoformat(case["until"]) if "until" in case else None
    midnight = datetime.combine(case["last"] + timedelta(days=1), datetime.min.time(), SHANGHAI)
    assert (deadline.last_day, deadline.due) == (case["last"], until or midnight)
    assert deadline.provisional is case.get("provisional", False)


def test_the_paper_is_long_enough_and_shows_its_steps() -> None:
    """At least thirty cases, each with its count and the notice it was read from."""
    assert len(CASES) >= 30
    assert all(case["steps"] and case["notice"] for case in CASES)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["unit"] in {"calendar", "months"}], ids=lambda case: str(case["start"])
)
def test_a_day_of_rest_moves_the_last_day_and_is_told(case: dict) -> None:
    """The reckoning says from which day it moved, and says nothing of moving where it did not."""
    told = engine(case).told("zh")
    moved = case.get("moves_from")
    assert ("顺延" in told) is (moved is not None)
    if moved:
        assert f"末日{moved.year}年{moved.month}月{moved.day}日" in told

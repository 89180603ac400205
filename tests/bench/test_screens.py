"""The half of the rendered screens that rules may be made with is read as well as the issue asks: 0.95 for each rule."""

import pytest

from mingcha.collect.screens import ocr
from tests.bench import screen_walks, screens

BAR = 0.95


def _below(scores: dict[str, screens.Score]) -> list[str]:
    return [
        line
        for rule, score in scores.items()
        if min(score.precision, score.recall) < BAR
        for line in (rule, *score.misses())
    ]


def test_from_the_tree() -> None:
    """Every rule holds the bar where the tree alone is read."""
    scores = screens.measure("dev", "tree")
    assert len(scores) > 25
    assert _below(scores) == []


def test_walks() -> None:
    """Nothing false is said of a walk, and nothing but what needs the picture is missed, without reading any picture's text."""
    scores = screen_walks.measure("dev", ocr=False)
    assert [row for score in scores.values() for row in score.extra] == []
    assert _below({rule: score for rule, score in scores.items() if rule != "purposes"}) == []


@pytest.mark.long
def test_from_the_picture_alone() -> None:
    """Every rule holds the bar where only the picture is read."""
    if not ocr.is_there():
        pytest.skip("the engine (extra ocr) is not installed: reading pictures is not measured here")
    assert _below(screens.measure("dev", "picture")) == []

"""Where touches are missing from a record, nothing that hangs on their order accuses."""

from __future__ import annotations

from typing import Any

import pytest

from mingcha.collect.run.untold import doubted
from mingcha.model.artefact import Place
from mingcha.model.fact import (
    ConsentControl,
    ConsentPrompt,
    Fact,
    PermissionRequested,
    RefusalOutcome,
    RepeatedAsking,
    RequestBurst,
    StepsTo,
    ThirdPartyOpened,
)
from mingcha.model.factbase import Covered

HERE = Place(sha256="0")
NOT_SHOWN = ConsentPrompt(place=HERE, shown=False)
ASKED = RepeatedAsking(place=HERE, about="policy", hours=1, times=3)
TICKED = ConsentControl(place=HERE, control="checkbox", checked=True)
BURST = RequestBurst(place=HERE, count=2, exit_on_refusal=True)
LEFT = RefusalOutcome(place=HERE, refused="policy", outcome="exit")
UNTOLD = PermissionRequested(place=HERE, permission="p", purpose_shown=False)
GIVEN = ThirdPartyOpened(place=HERE, name="a.b", consent=False)
ACCUSING: list[Any] = [NOT_SHOWN, Covered(kind="ConsentPrompt"), ASKED, TICKED, BURST, LEFT, UNTOLD, GIVEN]


@pytest.mark.parametrize("found", ACCUSING, ids=lambda one: type(one).__name__)
def test_a_whole_record_is_left_as_it_is(found: Any) -> None:
    """With every touch and every way known nothing is changed."""
    assert doubted(found, touches=True, ways=True, began=True) is found


@pytest.mark.parametrize(
    ("found", "field"),
    [(TICKED, "checked"), (BURST, "exit_on_refusal"), (LEFT, "outcome"), (UNTOLD, "purpose_shown"), (GIVEN, "consent")],
)
def test_what_hangs_on_the_order_is_left_open(found: Fact, field: str) -> None:
    """Without every touch the telling field is null, and all others stay."""
    kept = doubted(found, touches=False, ways=True, began=True)
    assert isinstance(kept, type(found))
    assert getattr(kept, field) is None
    assert kept.place == found.place


@pytest.mark.parametrize("found", [NOT_SHOWN, Covered(kind="ConsentPrompt"), ASKED])
def test_what_has_no_field_to_leave_open_is_not_told(found: Any) -> None:
    """That nothing was shown, that all was seen, and how often was asked need every touch."""
    assert doubted(found, touches=False, ways=True, began=True) is None


def test_a_screen_that_came_up_nobody_knows_how_hides_a_prompt() -> None:
    """Between two screens of which nobody knows the way a dialog may have come and gone; how often was asked is known by itself."""
    assert doubted(NOT_SHOWN, touches=True, ways=False, began=True) is None
    assert doubted(ASKED, touches=True, ways=False, began=True) is ASKED


@pytest.mark.parametrize(
    "found",
    [ConsentPrompt(place=HERE, shown=True), StepsTo(place=HERE, target="policy", taps=4, found=True), Covered(kind="X"),
     RefusalOutcome(place=HERE, refused="policy", outcome="works")],
)  # fmt: skip
def test_what_was_seen_was_seen(found: Any) -> None:
    """What excuses, and what one screen shows by itself, holds in any record."""
    assert doubted(found, touches=False, ways=False, began=False) is found


def test_an_app_that_was_running_had_its_first_screens_before() -> None:
    """Where the record begins later than the app, nothing is told of its first screens; what came later is."""
    assert doubted(NOT_SHOWN, touches=True, ways=True, began=False) is None
    kept = doubted(TICKED, touches=True, ways=True, began=False)
    assert isinstance(kept, ConsentControl)
    assert kept.checked is None
    assert doubted(BURST, touches=True, ways=True, began=False) is BURST

"""What one walk proved to be nowhere is not hidden by another that did not pass it."""

from __future__ import annotations

from mingcha.model.artefact import Place
from mingcha.model.fact import StepsTo
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.relate.walks import with_whole_walks

HERE = Place(sha256="0")
NOWHERE = StepsTo(place=HERE, target="policy", found=False)
WHOLE = Covered(kind="StepsTo", where={"target": "policy"}, collector="screens")
POLICY, SWITCH = {"target": "policy"}, {"target": "personalisation_switch"}


def gap(code: str) -> Gap:
    """Another walk's gap."""
    return Gap(collector="screens", reason="partial", hides=("StepsTo", "ScreenText"), code=code)


def test_a_partial_walk_beside_a_whole_one() -> None:
    """Of what the whole walk covers the other hides nothing; of everything else it hides what it hid."""
    base = with_whole_walks(FactBase.of([NOWHERE], [WHOLE], [gap("screens.one_walk")]))
    assert base.is_complete("StepsTo", POLICY)
    assert not base.is_complete("StepsTo", SWITCH)
    assert base.hiding("StepsTo", SWITCH)
    assert base.hiding("ScreenText", {})


def test_screens_that_nobody_could_read_stay_a_gap() -> None:
    """The other walk may show the way on a screen that could not be read."""
    base = with_whole_walks(FactBase.of([NOWHERE], [WHOLE], [gap("screens.unread")]))
    assert not base.is_complete("StepsTo", POLICY)


def test_without_a_whole_walk_nothing_changes() -> None:
    """A person's coverage is another matter, and a partial walk stays one."""
    said = Covered(kind="StepsTo", where={"target": "policy"}, collector="answers")
    base = FactBase.of([], [said], [gap("screens.one_walk")])
    assert with_whole_walks(base) is base


def test_what_another_walk_found_is_not_nowhere() -> None:
    """A walk that reached it, by however long a way, disproves the one that said it had been everywhere."""
    reached = StepsTo(place=HERE, target="policy", taps=6, found=True)
    base = with_whole_walks(FactBase.of([NOWHERE, reached], [WHOLE], [gap("screens.one_walk")]))
    assert not base.is_complete("StepsTo", {**POLICY, "taps": {"<=": 4}})
    assert base.hiding("StepsTo", POLICY)

"""What was refused is necessary or not by the list of the confirmed type, and otherwise nobody knows."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import RefusalOutcome
from mingcha.model.factbase import FactBase
from mingcha.relate.joins import relate

TABLES = load()
MAP, TOOL, NONE = 1, 38, 0
_ANDROID = "android.permission."


def necessary(refused: str, type_: int | None, told: bool | None = None, on: str | None = None) -> bool | None:
    """What the join says of a refusal after which the app ended."""
    fact = RefusalOutcome(place=Place(sha256="0"), refused=refused, outcome="exit", necessary=told)
    base = relate(FactBase.of([fact]), Case(type=type_, conduct_date=on), TABLES)
    (found,) = base.of_kind("RefusalOutcome")
    assert isinstance(found, RefusalOutcome)
    return found.necessary


@pytest.mark.parametrize(
    ("refused", "type_", "expected"),
    [
        (_ANDROID + "READ_CONTACTS", TOOL, False),
        (_ANDROID + "READ_SMS", MAP, False),
        (_ANDROID + "ACCESS_FINE_LOCATION", MAP, True),
        (_ANDROID + "ACCESS_COARSE_LOCATION", MAP, True),
    ],
)
def test_the_list_decides(refused: str, type_: int, expected: bool) -> None:
    """Named by the list, or below what it names: necessary; not named and good for nothing else: not."""
    assert necessary(refused, type_) is expected


@pytest.mark.parametrize(
    ("refused", "type_"),
    [
        (_ANDROID + "READ_CONTACTS", None),
        (_ANDROID + "READ_CONTACTS", NONE),
        (_ANDROID + "CAMERA", TOOL),
        (_ANDROID + "RECORD_AUDIO", TOOL),
        (_ANDROID + "ACCESS_FINE_LOCATION", TOOL),
        (_ANDROID + "POST_NOTIFICATIONS", TOOL),
        (_ANDROID + "NOT_IN_THE_CATALOGUE", TOOL),
        ("policy", TOOL),
    ],
)
def test_the_list_decides_nothing(refused: str, type_: int | None) -> None:
    """Without a listed type, of a permission with another use, of one that opens nothing, and of the policy nobody knows."""
    assert necessary(refused, type_) is None


def test_what_a_person_said_stays() -> None:
    """A person's judgement is not changed by the list."""
    assert necessary(_ANDROID + "READ_CONTACTS", TOOL, told=True) is True
    assert necessary(_ANDROID + "ACCESS_FINE_LOCATION", MAP, told=False) is False


@pytest.mark.parametrize(("on", "expected"), [("2021-04-30", None), ("2021-05-01", False), (None, False)])
def test_before_the_list_was_in_force_it_decides_nothing(on: str | None, expected: bool | None) -> None:
    """What was done in April 2021 is not measured by a list of May."""
    assert necessary(_ANDROID + "READ_CONTACTS", TOOL, on=on) is expected

"""Hand-written examples of a clause turned into the values that ``judge`` takes."""

from __future__ import annotations

from typing import Any

import msgspec

from mingcha.judge.evaluate import IsA, judge
from mingcha.model.artefact import Case, Place
from mingcha.model.clause import Clause, Example
from mingcha.model.fact import KINDS, AnyFact, Fact
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.verdict import PersonAnswer, Verdict

PLACE = msgspec.to_builtins(Place(sha256="0" * 64, path="example"))


def fact(row: dict[str, Any]) -> Fact:
    """A fact from an example's row; unknown kinds and fields are refused."""
    unknown = set(row) - {"kind", *KINDS[row["kind"]].__struct_fields__}
    if unknown:
        raise ValueError(f"{row['kind']} has no field {sorted(unknown)}")
    return msgspec.convert(_placed(row), AnyFact)


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    """The row with a place wherever one is asked for: examples say what is seen, not where."""
    places = {name: PLACE for name in KINDS[row["kind"]].__struct_fields__ if name in ("place", "source_place")}
    steps = {"steps": [{"place": PLACE, **step} for step in row["steps"]]} if "steps" in row else {}
    return {**places, **row, **steps}


def base_of(example: Example) -> FactBase:
    """The fact base an example describes."""
    covered = [Covered(kind=c) if isinstance(c, str) else msgspec.convert(c, Covered) for c in example.covered]
    gaps = [msgspec.convert({"collector": "test", "reason": "partial", "code": "test", **g}, Gap) for g in example.gaps]
    return FactBase.of([fact(row) for row in example.facts], covered, gaps)


def verdict(clause: Clause, example: Example, is_a: IsA) -> Verdict:
    """What the clause says of the example."""
    answers = tuple(msgspec.convert({"clause": clause.id, **a}, PersonAnswer) for a in example.answers)
    case = msgspec.convert(example.case, Case)
    return judge([clause], base_of(example), case, answers, is_a)[0]

"""What one walk proved to be nowhere in the app, another walk that did not pass it does not hide again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import msgspec

from mingcha.model.fact_observed import Target
from mingcha.model.factbase import FactBase, Gap

_ONE_WALK = "screens.one_walk"
"""The gap of a walk that it saw what it passed and no more; gaps over screens that nobody could read stay."""


def with_whole_walks(base: FactBase) -> FactBase:
    """The base with the gaps of partial walks narrowed to what no whole walk covers: ways, and texts of the policy."""
    covered = [one for one in base.covered if one.collector == "screens"]
    whole = {str(one.where["target"]) for one in covered if one.kind == "StepsTo" and "target" in one.where}
    texts = any(one.kind == "ScreenText" for one in covered)
    if not whole and not texts:
        return base
    gaps = [left for gap in base.gaps for left in _narrowed(gap, whole, texts=texts)]
    return FactBase.of(base.facts, base.covered, gaps)


def _narrowed(gap: Gap, whole: set[str], *, texts: bool) -> Iterator[Gap]:
    proved = {*(["StepsTo"] if whole else []), *(["ScreenText"] if texts else [])}
    if gap.code != _ONE_WALK or not proved & {*gap.hides}:
        yield gap
        return
    others = tuple(kind for kind in gap.hides if kind not in proved)
    if others:
        yield msgspec.structs.replace(gap, hides=others)
    told = gap.where.get("target")
    for target in get_args(Target) if told is None else (told,):
        if "StepsTo" in gap.hides and whole and target not in whole:
            yield msgspec.structs.replace(gap, hides=("StepsTo",), where={"target": target})

"""What one walk proved to be nowhere in the app, another walk that did not pass it does not hide again.

A walk that did pass it disproves the first: then nothing is proved of that target, by any walk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mingcha.model.fact import StepsTo
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.proved import narrowed

_ONE_WALK = "screens.one_walk"
"""The gap of a walk that it saw what it passed and no more; gaps over screens that nobody could read stay."""


def with_whole_walks(base: FactBase) -> FactBase:
    """The base without disproved coverage, and with the gaps of partial walks narrowed to what no whole walk covers."""
    found = {fact.target for fact in base.facts if isinstance(fact, StepsTo) and fact.found}
    covered = [one for one in base.covered if _proves_nowhere(one) not in found]
    whole = {target for one in covered if (target := _proves_nowhere(one)) is not None}
    texts = any(one.kind == "ScreenText" and one.collector == "screens" for one in covered)
    gaps = list(_gaps(base.gaps, whole, texts=texts))
    return base if [covered, gaps] == [[*base.covered], [*base.gaps]] else FactBase.of(base.facts, covered, gaps)


def _proves_nowhere(covered: Covered) -> str | None:
    """The target that a whole walk looked for everywhere."""
    by_walk = covered.collector == "screens" and covered.kind == "StepsTo" and "target" in covered.where
    return str(covered.where["target"]) if by_walk else None


def _gaps(gaps: Iterable[Gap], whole: set[str], *, texts: bool) -> Iterator[Gap]:
    for gap in gaps:
        yield from narrowed(gap, whole, texts=texts) if gap.code == _ONE_WALK else [gap]

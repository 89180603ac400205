"""What a walk that was everywhere in an app proves, and what is left of a gap over it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import get_args

import msgspec

from mingcha.model.fact_observed import Target
from mingcha.model.factbase import Gap

TARGETS: tuple[Target, ...] = get_args(Target)


def narrowed(gap: Gap, nowhere: Collection[str], *, texts: bool) -> Iterator[Gap]:
    """A gap as one over the rest alone: the targets that are not ``nowhere``, and with ``texts`` no texts of the policy."""
    proved = {*(["StepsTo"] if nowhere else []), *(["ScreenText"] if texts else [])}
    others = tuple(kind for kind in gap.hides if kind not in proved)
    if others:
        yield msgspec.structs.replace(gap, hides=others)
    told = gap.where.get("target")
    for target in TARGETS if told is None else (told,):
        if nowhere and "StepsTo" in gap.hides and target not in nowhere:
            yield msgspec.structs.replace(gap, hides=("StepsTo",), where={**gap.where, "target": target})

"""What a new reckoning changes in a deadline: never in silence, and never what a served document says."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mingcha.casework.clocks import Told
from mingcha.casework.deadlines import Deadline
from mingcha.casework.wording import ends

_UNKNOWN = Told(zh="届满日未定", en="no due date")


class Change(Struct, frozen=True, kw_only=True):
    """What to record: ``deadline`` is the one that holds from now on, ``lines`` say what changed and why.

    confirmed: same day, no longer provisional; unconfirmed: the other way round. moved: another day. kept: another day by the present calendar, but a document was served.
    """

    kind: Literal["confirmed", "unconfirmed", "moved", "kept"]
    old_due: datetime | None
    new_due: datetime | None
    deadline: Deadline
    lines: tuple[Told, ...]


def recompute(old: Deadline, new: Deadline) -> Change | None:
    """The change from a deadline as kept to the same one reckoned anew; None where there is nothing to record.

    What was cancelled, or met by a date that holds, is settled and stays. An extension is no new reckoning but a new document.
    """
    if old.cancelled_at or (old.met_at and old.firm):
        return None
    if old.due == new.due:
        return None if old.provisional == new.provisional else _confirmed(old, new)
    if old.served is None:
        return _moved(old, new)
    return None if old.reckoned == new.due else _kept(old, new)


def _confirmed(old: Deadline, new: Deadline) -> Change:
    deadline = replace(_carried(old, new), served=old.served)
    said = _due(new)
    if new.provisional:
        line = Told(zh=f"届满日不变但尚未确定：{said.zh}", en=f"same day, not yet certain: {said.en}")
    else:
        line = Told(
            zh=f"放假安排已公布，届满日不变：{said.zh}", en=f"the holidays are published, the day stays: {said.en}"
        )
    kind: Literal["confirmed", "unconfirmed"] = "unconfirmed" if new.provisional else "confirmed"
    return Change(kind=kind, old_due=old.due, new_due=new.due, deadline=deadline, lines=(line, *new.lines))


def _moved(old: Deadline, new: Deadline) -> Change:
    before, after = _due(old), _due(new)
    line = Told(zh=f"重新计算：原{before.zh}，现{after.zh}", en=f"reckoned anew: was {before.en}, now {after.en}")
    return Change(kind="moved", old_due=old.due, new_due=new.due, deadline=_carried(old, new), lines=(line, *new.lines))


def _kept(old: Deadline, new: Deadline) -> Change:
    before, after = _due(old), _due(new)
    line = Told(
        zh=f"以已送达的文书为准：{before.zh}；按现行放假安排推算为：{after.zh}",
        en=f"the served document stands: {before.en}; by the present calendar it would be: {after.en}",
    )
    deadline = replace(old, reckoned=new.due)
    return Change(kind="kept", old_due=old.due, new_due=new.due, deadline=deadline, lines=(line, *new.lines))


def _carried(old: Deadline, new: Deadline) -> Deadline:
    """The new reckoning with what has happened so far."""
    return replace(new, met_at=old.met_at, cancelled_at=old.cancelled_at)


def _due(deadline: Deadline) -> Told:
    return ends(deadline.due) if deadline.due else _UNKNOWN

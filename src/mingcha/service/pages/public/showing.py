"""What may be said in public about an app: one place decides, for pages, feeds and the API.

A finding is shown when a person confirmed it; or when it is suspected or denied, the operator was told, and the time to answer is over. A case
is public once its ladder did something public, or one of its findings is shown. A report belongs to a public case, or was asked for by anybody;
what an operator checked for itself is nobody's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from mingcha.casework.ladder import ladder
from mingcha.service import clock, terms

CONFIRMED = frozenset({"confirmed", "rectified", "not-rectified"})
"""States that only a confirmed finding comes to."""
WAITING = frozenset({"suspected", "disputed"})
PUBLIC_STATES = frozenset(act.to for act in ladder("case").acts.values() if act.public and act.to)
"""Where a public act leads: the case is no secret from then on."""
PUBLIC_ACTS = tuple(name for name, act in ladder("case").acts.items() if act.public)
_OFFICIAL = ("first", "re-inspection")


def answer_ends(notified: datetime) -> datetime | None:
    """When the time to answer is over; None while the calendar it needs is not certain."""
    return _answer_ends(notified.astimezone(clock.SHANGHAI).date())


@lru_cache(maxsize=1024)
def _answer_ends(day: date) -> datetime | None:
    start = datetime(day.year, day.month, day.day, tzinfo=clock.SHANGHAI)
    made = terms.reckoned("findings-answer", start)
    return None if made["provisional"] else made["due"]


def is_shown(finding: Any, now: datetime) -> bool:
    """Whether the public learns of a finding."""
    if finding.state in CONFIRMED:
        return True
    if finding.state not in WAITING or finding.notified is None:
        return False
    ends = answer_ends(finding.notified)
    return ends is not None and now > ends


def is_public(case: int | None, state: str | None, findings: Iterable[Any]) -> bool:
    """Whether the public learns of a case; ``findings`` are those that are shown."""
    return case is not None and (state in PUBLIC_STATES or any(one.case_id == case for one in findings))


def is_open(task: Any, cases: set[int]) -> bool:
    """Whether the public sees the result of an inspection; ``cases`` are the public ones."""
    if task.case_id is None:
        return bool(task.purpose == "request" and task.state == "done")
    return task.purpose in _OFFICIAL and task.state == "reviewed" and task.case_id in cases

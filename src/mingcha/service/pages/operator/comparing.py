"""Which reports on its app an operator may see beside each other, and what changed between two of them."""

from __future__ import annotations

from dataclasses import dataclass

from mingcha.service import clock
from mingcha.service.actions.acting import Doer
from mingcha.service.models import Event, Subject, Task
from mingcha.service.pages import comparing
from mingcha.service.pages.comparing import Values
from mingcha.service.pages.desk import reach as desk
from mingcha.service.pages.operator import reach
from mingcha.service.text import Text

_SETTLED = ("pass", "pass-while-removed", "return", "fail", "fail-after-warning")


@dataclass(frozen=True)
class Choice:
    """One report. ``clauses`` are those of whose verdict the operator was told; None: it is its own report, and it knows all."""

    report: int
    sha256: str
    label: str
    clauses: frozenset[str] | None


def choices(doer: Doer, subject: Subject) -> list[Choice]:
    """Its own self-checks; the first inspection of a case once it was told of findings; a re-inspection once it was decided on. Oldest first."""
    own = [
        one
        for check in reach.selfchecks(doer).filter(subject=subject, operator__in=desk.operators(doer))
        for one in reach.tasks(check)
    ]
    rows = [_choice(one, Text("自查", "self-check"), None) for one in own if one.report is not None]
    for case in desk.within(doer, "case").filter(subject=subject):
        told = frozenset(desk.within(doer, "finding").filter(case=case).values_list("clause", flat=True))
        decided = Event.objects.filter(process="case", thing=case.pk, act__in=_SETTLED).count()
        repeated = list(
            case.tasks.filter(purpose="re-inspection", state="reviewed", report__isnull=False).order_by("pk")
        )[:decided]
        first = list(case.tasks.filter(purpose="first", state="reviewed", report__isnull=False))
        rows += [
            _choice(one, Text(f"{case.number} 首次检测", f"{case.number} first inspection"), told) for one in first
        ]
        rows += [_choice(one, Text(f"{case.number} 复测", f"{case.number} re-inspection"), told) for one in repeated]
    return sorted(rows, key=lambda one: one.report)


def _choice(task: Task, what: Text, clauses: frozenset[str] | None) -> Choice:
    report = task.report
    assert report is not None
    made = report.made.astimezone(clock.SHANGHAI)
    return Choice(report.pk, report.sha256, f"{what} · {task.version} · {made:%Y-%m-%d %H:%M}", clauses)


def compared(old: Choice, new: Choice) -> list[Values]:
    """What changed, as far as the operator was told of it."""
    told = [one.clauses for one in (old, new) if one.clauses is not None]
    parts, _ = comparing.compared(old.sha256, new.sha256, lambda clause: all(clause in clauses for clauses in told))
    return parts

"""Which reports on its app an operator may see beside each other, and what changed between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from mingcha.catalogue.load import load
from mingcha.judge import findings
from mingcha.model.report import Report, decode_report
from mingcha.render.comparison import comparison_text
from mingcha.service import clock
from mingcha.service.actions.acting import Doer
from mingcha.service.models import Event, Subject, Task
from mingcha.service.pages.desk import reach as desk
from mingcha.service.pages.operator import reach
from mingcha.service.shelf import shelf
from mingcha.service.text import Text, english

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


def compared(old: Choice, new: Choice) -> list[dict[str, Any]]:
    """Headings with their lines: verdicts that changed, as far as the operator was told of them, then facts."""
    before, after = stored(old.sha256), stored(new.sha256)
    changes = findings.compare(before, after)
    known = [one.clauses for one in (old, new) if one.clauses is not None]
    shown = tuple(row for row in changes.verdicts if all(row[0] in clauses for clauses in known))
    text = comparison_text(replace(changes, verdicts=shown), before, after, load(), "en" if english() else "zh")
    parts: list[dict[str, Any]] = []
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(" ") and parts:
            parts[-1]["lines"].append(line.strip().removeprefix("- "))
        else:
            parts.append({"head": line, "lines": []})
    return parts


def stored(sha256: str) -> Report:
    """A report by its hash."""
    with shelf().open(sha256) as stream:
        return decode_report(stream.read())

"""What the public page of an app says, as plain values: the page draws them, the API and the feeds tell the same.

Four queries at most, one for each kind of row; whatever may not be shown is left out here, so that no template can show it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F, TextField
from django.db.models.functions import Cast

from mingcha.casework.ladder import ladder
from mingcha.render.legible import legible
from mingcha.service import clock
from mingcha.service.models import Document, Event, Finding, Report, Subject, Task
from mingcha.service.pages.public import drawing, showing
from mingcha.service.pages.public.history import history
from mingcha.service.pages.public.status import Standing, status

Values = dict[str, Any]
_INSPECTIONS = 12
_TASK = (
    "pk", "purpose", "state", "case_id", "case__number", "case__state", "case__authority__name", "case__authority__name_en",
    "report_id", "report__made", "report__tool", "report__sha256", "report__face", "version__name", "version__code", "version__channel",
    "subject_id", "subject__kind", "subject__name", "subject__package", "subject__state", "subject__operator__name",
)  # fmt: skip
_FINDING = ("pk", "case_id", "clause", "sentence", "state", "notified", "answer", "answered")
_PAPER = ("number", "kind", "case_id", "issued", "served", "published", "withdrawn", "withdrawal_reason")
_EVENT = ("time", "thing", "act", "body")


def subjects() -> Any:
    """Every subject; all are public by their name."""
    return Subject.objects.select_related("operator").only("kind", "name", "package", "state", "operator__name")


def app_page(pk: int, now: datetime | None = None) -> Values | None:
    """Everything the page of one subject says; None where there is none."""
    tasks = _inspected(pk)
    if tasks:
        return _page(_identity(tasks[0]), tasks, shown_findings(pk, now or clock.now()))
    subject = subjects().filter(pk=pk).first()
    return None if subject is None else _page(identity(subject), [], [])


def _page(named: Values, inspected: list[Any], findings: list[Any]) -> Values:
    tasks = _public(inspected, findings)
    cases = {task.case_id: _case(task) for task in tasks if task.case_id is not None}
    told = history(_events(cases), _documents(cases), cases)
    chief = next((one for one in tasks if one.case_id is not None), tasks[0] if tasks else None)
    face = _face(chief) if chief else {}
    return {
        **named,
        "status": status(Standing(list(cases.values()), findings, chief, told)),
        "inspections": [_inspection(task, face["methods"] if task is chief else []) for task in tasks],
        "tally": face["tally"] if chief and chief.case_id is None else None,
        "findings": [_finding(one, cases) for one in findings],
        "history": told,
        "cases": list(cases.values()),
        "report": _report(chief, face, findings) if chief else None,
        "parts": face.get("parts"),
    }


def identity(subject: Subject) -> Values:
    """Which subject it is; names came from anywhere, and are made harmless to the eye."""
    return named(
        subject.pk,
        subject.kind,
        subject.name,
        subject.package,
        subject.operator.name if subject.operator else "",
        subject.state,
    )


def _identity(task: Any) -> Values:
    return named(
        task.subject_id,
        task.subject__kind,
        task.subject__name,
        task.subject__package,
        task.subject__operator__name or "",
        task.subject__state,
    )


def named(pk: int, kind: str, name: str, package: str, operator: str, state: str) -> Values:
    """Which subject it is, from the columns of its row."""
    return {
        "id": pk,
        "kind": kind,
        "name": legible(name),
        "package": legible(package),
        "operator": legible(operator),
        "claimed": state == "claimed",
    }


def said(report: int) -> Values:
    """What a public report says in both languages, for programs; the page has it drawn already."""
    card: Values = msgspec.json.decode(
        Report.objects.values_list(Cast("card", TextField()), flat=True).get(pk=report)
    )  # Django's decoder takes 1 ms
    return {"files": drawing.files(card), **{lang: drawing.said(card, lang) for lang in card["pages"]}}


# --- rows ------------------------------------------------------------------------------------------------------------


def shown_findings(subject: int, now: datetime) -> list[Any]:
    """The findings the public may see, newest case first, by clause."""
    rows = Finding.objects.filter(subject=subject, case__isnull=False, state__in=showing.CONFIRMED | showing.WAITING)
    ordered = rows.order_by("-case_id", "clause", "pk").values_list(*_FINDING, named=True)
    return [one for one in ordered if showing.is_shown(one, now)]


def _inspected(subject: int) -> list[Any]:
    """The inspections that have a result, newest first, with all that the page says of them and of the subject.

    Those of cases come before those that anybody may ask for: a flood of requests must not push a case from the page.
    """
    rows = Task.objects.filter(subject=subject, report__isnull=False, purpose__in=("first", "re-inspection", "request"))
    chosen = rows.order_by(F("case").desc(nulls_last=True), "-pk").values_list(*_TASK, named=True)[:_INSPECTIONS]
    return sorted(chosen, key=lambda task: -task.pk)


def _public(inspected: list[Any], findings: list[Any]) -> list[Any]:
    """Those that the public may see."""
    public = {task.case_id for task in inspected if showing.is_public(task.case_id, task.case__state, findings)}
    return [task for task in inspected if showing.is_open(task, public)]


def _events(cases: dict[int, Values]) -> list[Any]:
    rows = Event.objects.filter(process="case", thing__in=list(cases), act__in=showing.PUBLIC_ACTS)
    return list(rows.values_list(*_EVENT, named=True)) if cases else []


def _documents(cases: dict[int, Values]) -> list[Any]:
    rows = Document.objects.filter(case__in=list(cases), number__isnull=False)
    return list(rows.values_list(*_PAPER, named=True)) if cases else []


def _face(task: Any) -> Values:
    """The drawn parts of a report; drawn now where it came before there were any."""
    face: Values = task.report__face
    return face or drawing.face(Report.objects.values_list("card", flat=True).get(pk=task.report_id))


# --- values ----------------------------------------------------------------------------------------------------------


def _case(task: Any) -> Values:
    name = task.case__authority__name
    return {
        "id": task.case_id,
        "number": task.case__number,
        "state": task.case__state,
        "word": _word("case", task.case__state),
        "authority": pair(name, task.case__authority__name_en or name),
    }


def _inspection(task: Any, methods: list[Values]) -> Values:
    code = task.version__code
    return {
        "report": task.report_id,
        "when": day(task.report__made),
        "version": legible(task.version__name or (str(code) if code is not None else "—")),
        "channel": legible(task.version__channel or ""),
        "by": _by(task),
        "official": task.case_id is not None,
        "purpose": task.purpose,
        "methods": methods,
        "tool": task.report__tool,
        "sha256": task.report__sha256,
    }


def _by(task: Any) -> Values:
    if task.case_id is None:
        return pair(
            "应公众申请，由系统检测，没有经任何人核实", "by the machine, asked for by the public; confirmed by nobody"
        )
    name, english = task.case__authority__name, task.case__authority__name_en or task.case__authority__name
    again = pair("复测：", "re-inspection: ") if task.purpose == "re-inspection" else pair("", "")
    return pair(f"{again['zh']}{name}，两名执法人员", f"{again['en']}{english}, two inspectors")


def _finding(one: Any, cases: dict[int, Values]) -> Values:
    held = one.state in showing.WAITING
    return {
        "id": one.pk,
        "clause": one.clause,
        "number": one.clause.partition("/")[2] or one.clause,
        "case": cases[one.case_id]["number"] if one.case_id in cases else "",
        "sentence": {lang: legible(one.sentence[lang]) for lang in ("zh", "en")},
        "state": one.state,
        "word": pair("疑似", "suspected") if held else _word("finding", one.state),
        "disputed": one.state == "disputed",
        "suspected": held,
        "notified": day(one.notified),
        "answer": legible(one.answer),
        "answered": day(one.answered),
    }


def _report(chief: Any, face: Values, findings: list[Any]) -> Values:
    """The whole report may be had only when every breach in it is a finding that a person confirmed."""
    confirmed = {one.clause for one in findings if one.state in showing.CONFIRMED}
    return {"id": chief.report_id, "sha256": chief.report__sha256, "whole": set(face["breached"]) <= confirmed}


def _word(process: str, state: str) -> Values:
    named = ladder(process).states[state]
    return pair(named.zh, named.en)


def pair(zh: str, en: str) -> Values:
    """The same words in both languages."""
    return {"zh": zh, "en": en}


def day(moment: datetime | None) -> str:
    """A day in Shanghai, as ISO; empty for none."""
    return "" if moment is None else moment.astimezone(clock.SHANGHAI).date().isoformat()

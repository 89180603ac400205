"""What the public page of an app says, as plain values: the page draws them, the API and the feeds tell the same.

Six queries at most, one for each kind of row; whatever may not be shown is left out here, so that no template can show it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mingcha.render.legible import legible
from mingcha.service import clock
from mingcha.service.models import Case, Document, Event, Finding, Report, Subject, Task
from mingcha.service.pages.public import showing
from mingcha.service.pages.public.history import history
from mingcha.service.pages.public.status import Standing, status

Values = dict[str, Any]
_METHODS = {
    "apk": ("安装包静态分析", "static analysis of the package"),
    "policy": ("隐私政策文本阅读", "reading of the privacy policy"),
    "answers": ("检测人员的问答记录", "questions answered by a person"),
    "run": ("实机运行记录", "a recorded run on a device"),
}
_INSPECTIONS = 30


def subjects() -> Any:
    """Every subject; all are public by their name."""
    return Subject.objects.select_related("operator")


def app_page(pk: int, now: datetime | None = None) -> Values | None:
    """Everything the page of one subject says; None where there is none."""
    subject = subjects().filter(pk=pk).first()
    return None if subject is None else _page(subject, now or clock.now())


def _page(subject: Subject, now: datetime) -> Values:
    findings = shown_findings(subject, now)
    tasks = public_tasks(subject, findings)
    cases = {task.case_id: task.case for task in tasks if task.case is not None}
    told = history(_events(cases), _documents(cases), cases)
    chief = next((one for one in tasks if one.case_id is not None), tasks[0] if tasks else None)
    card = Report.objects.filter(pk=chief.report_id).values_list("card", flat=True).get() if chief else None
    return {
        **identity(subject),
        "status": status(Standing(list(cases.values()), findings, chief, told)),
        "inspections": [_inspection(task, card if task is chief else None) for task in tasks],
        "said": _said(card, confirmed=bool(chief and chief.case_id)),
        "findings": [_finding(one, cases) for one in findings],
        "history": told,
        "cases": [{"id": case.pk, "number": case.number, "state": _state(case)} for case in cases.values()],
        "files": card["artefacts"] if card else [],
        "report": _download(chief, card, findings),
    }


def identity(subject: Subject) -> Values:
    """Which subject it is; names came from anywhere, and are made harmless to the eye."""
    return {
        "id": subject.pk,
        "kind": subject.kind,
        "name": legible(subject.name),
        "package": legible(subject.package),
        "operator": legible(subject.operator.name) if subject.operator else "",
        "claimed": subject.state == "claimed",
    }


# --- rows ------------------------------------------------------------------------------------------------------------


def shown_findings(subject: Subject, now: datetime) -> list[Finding]:
    """The findings the public may see, by case and clause; what a later inspection of the case found again is told once."""
    rows = Finding.objects.filter(subject=subject, case__isnull=False, state__in=showing.CONFIRMED | showing.WAITING)
    return [one for one in rows.order_by("-case", "clause", "pk") if showing.is_shown(one, now)]


def public_tasks(subject: Subject, findings: list[Finding]) -> list[Task]:
    """The inspections the public may see, newest first."""
    rows = (
        Task.objects.filter(subject=subject, report__isnull=False, purpose__in=("first", "re-inspection", "request"))
        .select_related("case__authority", "report", "version")
        .defer("report__card")
        .order_by("-pk")[:_INSPECTIONS]
    )
    found = list(rows)
    public = {task.case_id for task in found if task.case is not None and showing.is_public(task.case, findings)}
    return [task for task in found if showing.is_open(task, public)]


def _events(cases: dict[int, Case]) -> list[Event]:
    if not cases:
        return []
    return list(Event.objects.filter(process="case", thing__in=list(cases), act__in=showing.PUBLIC_ACTS))


def _documents(cases: dict[int, Case]) -> list[Document]:
    if not cases:
        return []
    return list(Document.objects.filter(case__in=list(cases), number__isnull=False).defer("data", "signature"))


# --- values ----------------------------------------------------------------------------------------------------------


def _inspection(task: Task, card: Values | None) -> Values:
    version, report = task.version, task.report
    assert version is not None
    assert report is not None
    return {
        "report": report.pk,
        "when": day(report.made),
        "version": legible(str(version)),
        "channel": legible(version.channel),
        "by": _by(task),
        "official": task.case_id is not None,
        "purpose": task.purpose,
        "methods": [pair(*_METHODS[kind]) for kind in _kinds(card)],
        "tool": report.tool,
        "sha256": report.sha256,
    }


def _kinds(card: Values | None) -> list[str]:
    kinds = {one["kind"] for one in card["artefacts"]} if card else set()
    return [kind for kind in _METHODS if kind in kinds]


def _by(task: Task) -> Values:
    if task.case is None:
        return pair("应公众申请，由系统检测，未经任何人核实", "by the machine, asked for by the public; confirmed by nobody")
    name = task.case.authority
    again = pair("复测：", "re-inspection: ") if task.purpose == "re-inspection" else pair("", "")
    return pair(f"{again['zh']}{name.name}，两名执法人员", f"{again['en']}{name.name_en or name.name}, two inspectors")


def _said(card: Values | None, *, confirmed: bool) -> Values | None:
    """What the report says, without verdicts: those are findings, or counts that nobody confirmed."""
    if card is None:
        return None
    return {lang: _told(page, counts=not confirmed) for lang, page in card["pages"].items()}


_LEFT_OUT = {"asked": 1, "who": 1}
"""Tables whose last column compares with the policy: that is a finding, and shown when it is one."""


def _told(page: Values, *, counts: bool) -> Values:
    tables = {}
    for name, table in page["tables"].items():
        cut = _LEFT_OUT.get(name, 0) if len(table["columns"]) > 2 else 0
        keep = len(table["columns"]) - cut
        tables[name] = {**table, "columns": table["columns"][:keep], "rows": [row[:keep] for row in table["rows"]]}
    return {
        "tables": tables,
        "policy": page.get("policy", []),
        "unchecked": page["unchecked"],
        "gaps": list(dict.fromkeys(page["gaps"])),
        "tally": page["tally"] if counts else [],
    }


def _finding(one: Finding, cases: dict[int, Case]) -> Values:
    held = one.state in showing.WAITING
    return {
        "id": one.pk,
        "clause": one.clause,
        "number": one.clause.partition("/")[2] or one.clause,
        "case": cases[one.case_id].number if one.case_id in cases else "",
        "sentence": {lang: legible(text) for lang, text in one.sentence.items()},
        "state": one.state,
        "word": pair("疑似", "suspected") if held else _state(one),
        "disputed": one.state == "disputed",
        "suspected": held,
        "places": len(one.evidence),
        "notified": day(one.notified),
        "answer": legible(one.answer),
        "answered": day(one.answered),
    }


def _download(chief: Task | None, card: Values | None, findings: list[Finding]) -> Values | None:
    """The whole report may be had only when every verdict of breach in it is a finding that a person confirmed."""
    if chief is None or card is None or chief.report is None:
        return None
    confirmed = {one.clause for one in findings if one.state in showing.CONFIRMED}
    breached = {clause for clause, outcome in card["outcomes"].items() if outcome == "breached"}
    return {"id": chief.report_id, "sha256": chief.report.sha256, "whole": breached <= confirmed}


def _state(thing: Case | Finding) -> Values:
    said = thing.state_name
    return pair(said.zh, said.en)


def pair(zh: str, en: str) -> Values:
    """The same words in both languages."""
    return {"zh": zh, "en": en}


def day(moment: datetime | None) -> str:
    """A day in Shanghai, as ISO; empty for none."""
    return "" if moment is None else moment.astimezone(clock.SHANGHAI).date().isoformat()

"""Self-checks: begun with a version of one's own, item by item, questions answered, signed, filed. Whose it is, `reach.selfchecks` says."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingcha.catalogue.load import load
from mingcha.model.clause import Language
from mingcha.render.build import view
from mingcha.service import clock
from mingcha.service.actions.acting import open_acts, perform
from mingcha.service.actions.selfchecks import hashes
from mingcha.service.models import Authority, SelfCheck, Version
from mingcha.service.pages import handing_out, reports
from mingcha.service.pages.desk.reach import operators
from mingcha.service.pages.desk.things import history
from mingcha.service.pages.doing import form, shown
from mingcha.service.pages.operator import asking, reach
from mingcha.service.pages.progress import job_of
from mingcha.service.pages.reports import stored
from mingcha.service.pages.request import doer_of, language
from mingcha.service.pages.uploading import taking
from mingcha.service.text import Text

_SIMPLE = {"inspect": Text("已重新下达检测。", "It is being inspected again."), "sign": Text("已签署。", "Signed."), "file": Text("已提交监管部门。", "Filed to the authority."),
           "return": Text("已退回。", "Returned."), "accept": Text("已接收。", "Accepted."), "attach": Text("已记录。", "On file.")}  # fmt: skip
_DATA = {
    "sign": ("name", "signer_role"),
    "file": ("authority",),
    "return": ("reason",),
    "accept": ("text",),
    "attach": ("clause", "text"),
}
"""Which fields of its form an act takes."""


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a version in for oneself, and have it inspected."""
    subject = reach.found(reach.subjects(doer_of(request)), pk)

    def page(problem: Text | None) -> HttpResponse:
        values = {"subject": subject, "files": taking.fields(request, taking.VERSION)}
        return shown(request, "operator/begin.html", values, problem)

    told = Text("已提交，正在检测。", "Handed in; it is being inspected.")
    return form(request, page, lambda: _begun(request, subject), told)


def _begun(request: HttpRequest, subject: Any) -> str:
    """The address of the self-check."""
    doer = doer_of(request)
    rows = taking.kept(request, doer, taking.NAMES, "operator")
    given = {name: row.pk for name, row in rows.items()}
    perform("subject", "deposit", doer, subject, given | {"name": request.POST.get("name", "").strip()})
    version = reach.versions(doer, subject).order_by("-pk")[0].pk
    return reverse("operator-selfcheck", args=[perform("selfcheck", "begin", doer, None, {"version": version}).pk])


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole self-check."""
    return _shown(request, _found(request, pk), None)


def _found(request: HttpRequest, pk: int) -> SelfCheck:
    return reach.found(reach.selfchecks(doer_of(request)), pk)  # type: ignore[no-any-return]


def _shown(request: HttpRequest, check: SelfCheck, problem: Text | None) -> HttpResponse:
    doer, task = doer_of(request), check.task
    version = Version.every.select_related("sample", "policy", "answers").get(pk=check.version_id)
    items = _told(check, version)
    page = {
        "thing": check, "version": version, "task": task, "job": job_of(task), "own": check.operator_id in operators(doer),
        "items": items, "tally": _tally(items), "breached": [row for row in items if row["outcome"] == "breached"],
        "questions": len(asking.questions(check, language())) if items else 0, "files": taking.fields(request, (taking.PROOF,)),
        "acts": {one.act for one in open_acts(doer, check)}, "history": history(check), "today": clock.now().date(),
        "authorities": Authority.objects.order_by("pk"), "signed": check.statement is not None and check.statement["hashes"] == hashes(check),
    }  # fmt: skip
    return shown(request, "operator/selfcheck.html", page, problem)


def _told(check: SelfCheck, version: Version) -> list[dict[str, Any]]:
    """The items of the newest report, each with what the operator says and shows to it."""
    report = check.task.report if check.task is not None else None
    if report is None:
        return []
    entries = defaultdict(list)
    for one in check.entries.select_related("evidence"):
        entries[one.clause].append(one)
    return [
        row | {"entries": entries.get(row["id"], []), "places": [reach.named(one, version) for one in row["places"]]}
        for row in _items(report.sha256, language())
    ]


@lru_cache(maxsize=32)
def _items(sha256: str, lang: Language) -> tuple[dict[str, Any], ...]:
    """Every item as the operator's report tells it: what came out, what to fix and how, what would decide it."""
    made = view(stored(sha256), load(), "operator", lang)
    rows = sorted(
        made.rows, key=lambda row: (row.id.partition("/")[0], [int(one) for one in re.findall(r"\d+", row.number)])
    )
    return tuple(
        {
            "id": row.id, "mark": asking.anchor(row.id), "number": row.number, "title": row.title, "category": row.category, "outcome": row.outcome, "word": row.outcome_word,
            "finding": row.finding, "remedy": row.remedy, "decide_by": row.decide_by, "missing": row.missing, "places": [one.place for one in row.evidence][:5],
        }
        for row in rows
    )  # fmt: skip


def _tally(items: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    words = {row["outcome"]: row["word"] for row in items}
    order = ("breached", "not determined", "met", "not applicable")
    return [(name, words[name], sum(row["outcome"] == name for row in items)) for name in order if name in words]


def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One deed of the self-check's own forms."""
    check = _found(request, pk)
    possible = {one.act for one in open_acts(doer_of(request), check)} & _SIMPLE.keys()
    if request.method != "POST" or act not in possible:
        raise Http404
    anchor = "#" + asking.anchor(request.POST.get("clause", "")) if act == "attach" else ""
    own_page = reverse("operator-selfcheck", args=[pk])

    def page(problem: Text | None) -> HttpResponse:
        check.refresh_from_db()
        return _shown(request, check, problem)

    to = reverse("operator-filed") if act == "return" else own_page + anchor
    return form(request, page, lambda: _done(request, check, act), _SIMPLE[act], to)


def _done(request: HttpRequest, check: SelfCheck, act: str) -> None:
    doer = doer_of(request)
    data: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in _DATA.get(act, ())}
    if act == "attach":
        data |= {name: row.pk for name, row in taking.kept(request, doer, ("evidence",), "self-check").items()}
    perform("selfcheck", act, doer, check, data)


def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions that the report asks; the answers are kept, and the version is inspected again with them."""
    check = _found(request, pk)
    possible = {one.act for one in open_acts(doer_of(request), check)}
    if check.task is None or check.task.report is None or "answer" not in possible:
        raise Http404
    rows = asking.questions(check, language())

    def page(problem: Text | None) -> HttpResponse:
        values = {"thing": check, "rows": asking.refilled(rows, request.POST)}
        return shown(request, "operator/questions.html", values, problem)

    return form(
        request,
        page,
        lambda: _answered(request, check, rows),
        Text("答案已保存，正在重新检测。", "Your answers are kept; it is being inspected again."),
        to=reverse("operator-selfcheck", args=[pk]),
    )


def _answered(request: HttpRequest, check: SelfCheck, rows: list[asking.Asked]) -> None:
    doer = doer_of(request)
    given = {
        "rows": asking.given(rows, request.POST),
        "name": request.POST.get("name", ""),
        "signer_role": request.POST.get("signer_role", ""),
    }
    perform("selfcheck", "answer", doer, check, given)
    perform("selfcheck", "inspect", doer, check)


def report(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The whole report, as operators read it."""
    check = _found(request, pk)
    if check.task is None or check.task.report is None or form not in reports.FORMS:
        raise Http404
    return reports.page(check.task.report.sha256, "operator", form, "" if form == "html" else f"self-check-{pk}")


def file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of the self-check; reading it by the authority is an event."""
    check, doer = _found(request, pk), doer_of(request)
    row = reach.file(check, file)
    own = check.operator_id in operators(doer)
    return handing_out.own(row) if own else handing_out.read(row, doer, f"selfcheck:{pk}")


def filed(request: HttpRequest) -> HttpResponse:
    """What operators filed to the authority of who looks."""
    rows = reach.selfchecks(doer_of(request)).filter(state__in=reach.FILED)
    return render(request, "operator/filed.html", {"rows": rows.order_by("-filed")[:200]})

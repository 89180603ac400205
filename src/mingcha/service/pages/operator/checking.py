"""Self-checks: begun with a version of one's own, item by item, questions answered, signed, filed. Whose it is, `reach.selfchecks` says."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal, cast

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from mingcha.catalogue.load import load
from mingcha.model.clause import Language
from mingcha.render import render as rendered
from mingcha.render.build import view
from mingcha.service import clock, ledger
from mingcha.service.actions.acting import open_acts, perform
from mingcha.service.actions.selfchecks import hashes
from mingcha.service.models import Authority, SelfCheck, Version
from mingcha.service.models.jobs import Job
from mingcha.service.pages.desk.reach import operators
from mingcha.service.pages.desk.things import history
from mingcha.service.pages.operator import asking, reach
from mingcha.service.pages.operator.comparing import stored
from mingcha.service.pages.operator.doing import kept, tried
from mingcha.service.pages.operator.reach import doer_of
from mingcha.service.shelf import shelf
from mingcha.service.text import Text, english

_FILES = ("sample", "policy", "answers")
_FORMS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}
_OWN_STYLES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
_SIMPLE = {"inspect": Text("已重新下达检测。", "It is being inspected again."), "sign": Text("已签署。", "Signed."), "file": Text("已提交监管部门。", "Filed to the authority."),
           "return": Text("已退回。", "Returned."), "accept": Text("已接收。", "Accepted."), "attach": Text("已记录。", "On file.")}  # fmt: skip
_SENT = ("name", "signer_role", "authority", "reason", "clause", "text")


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a version in for oneself, and have it inspected."""
    doer = doer_of(request)
    subject = reach.found(reach.subjects(doer), pk)
    problem = None
    if request.method == "POST":
        made: list[Any] = []
        problem = tried(
            request,
            lambda: made.append(_begun(request, subject)),
            Text("已提交，正在检测。", "Handed in; it is being inspected."),
        )
        if problem is None:
            return redirect("operator-selfcheck", pk=made[0].pk)
    return render(
        request, "operator/begin.html", {"subject": subject, "problem": problem}, status=422 if problem else 200
    )


def _begun(request: HttpRequest, subject: Any) -> Any:
    doer = doer_of(request)
    rows = kept(request, _FILES)
    given = {name: row.pk for name, row in rows.items()}
    perform("subject", "deposit", doer, subject, given | {"name": request.POST.get("name", "").strip()})
    return perform("selfcheck", "begin", doer, None, {"version": reach.versions(doer, subject).order_by("-pk")[0].pk})


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole self-check."""
    return _shown(request, _found(request, pk), None)


def _found(request: HttpRequest, pk: int) -> SelfCheck:
    return reach.found(reach.selfchecks(doer_of(request)), pk)  # type: ignore[no-any-return]


def _shown(request: HttpRequest, check: SelfCheck, problem: Text | None) -> HttpResponse:
    doer, task = doer_of(request), check.task
    lang: Language = "en" if english() else "zh"
    report = task.report if task is not None else None
    acts = {one.act for one in open_acts(doer, check)}
    entries: dict[str, list[Any]] = {}
    for one in check.entries.select_related("evidence"):
        entries.setdefault(one.clause, []).append(one)
    version = Version.every.select_related("sample", "policy", "answers").get(pk=check.version_id)
    known = _items(report.sha256, lang) if report else ()
    items = [
        row | {"entries": entries.get(row["id"], []), "places": [reach.named(one, version) for one in row["places"]]}
        for row in known
    ]
    page = {
        "thing": check, "task": task, "job": Job.objects.filter(key__startswith="task-", payload__task=task.pk).order_by("-pk").first() if task else None,
        "items": items, "tally": _tally(items), "breached": [row for row in items if row["outcome"] == "breached"], "acts": acts, "own": check.operator_id in operators(doer), "problem": problem,
        "authorities": Authority.objects.order_by("pk"), "signed": check.statement is not None and check.statement["hashes"] == hashes(check),
        "questions": len(asking.questions(check, lang)) if report else 0, "history": history(check), "sent": request.POST,
        "today": clock.now().date(), "version": version,
    }  # fmt: skip
    return render(request, "operator/selfcheck.html", page, status=422 if problem else 200)


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
    if (
        request.method != "POST"
        or act not in _SIMPLE
        or act not in {one.act for one in open_acts(doer_of(request), check)}
    ):
        raise Http404
    problem = tried(request, lambda: _done(request, check, act), _SIMPLE[act])
    if problem is not None:
        check.refresh_from_db()
        return _shown(request, check, problem)
    anchor = "#" + asking.anchor(request.POST.get("clause", "")) if act == "attach" else ""
    gone = act == "return"
    return redirect("operator-filed" if gone else f"{request.path.rpartition('do/')[0]}{anchor}")


def _done(request: HttpRequest, check: SelfCheck, act: str) -> None:
    wanted = {
        "sign": ("name", "signer_role"),
        "file": ("authority",),
        "return": ("reason",),
        "accept": ("text",),
        "attach": ("clause", "text"),
    }
    data: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in wanted.get(act, ())}
    if act == "attach":
        data |= {name: row.pk for name, row in kept(request, ("evidence",), "self-check").items()}
    perform("selfcheck", act, doer_of(request), check, data)


def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions that the report asks; the answers are kept, and the version is inspected again with them."""
    check = _found(request, pk)
    doer = doer_of(request)
    if check.task is None or check.task.report is None or "answer" not in {one.act for one in open_acts(doer, check)}:
        raise Http404
    rows = asking.questions(check, "en" if english() else "zh")
    problem = None
    if request.method == "POST":
        problem = tried(
            request,
            lambda: _answered(request, check, rows),
            Text("答案已保存，正在重新检测。", "Your answers are kept; it is being inspected again."),
        )
        if problem is None:
            return redirect("operator-selfcheck", pk=pk)
    page = {"thing": check, "rows": asking.refilled(rows, request.POST), "problem": problem, "sent": request.POST}
    return render(request, "operator/questions.html", page, status=422 if problem else 200)


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
    if check.task is None or check.task.report is None or form not in _FORMS:
        raise Http404
    kind = cast("Literal['html', 'pdf', 'json']", form)
    page = HttpResponse(
        rendered(stored(check.task.report.sha256), load(), "operator", kind, "en" if english() else "zh"),
        content_type=_FORMS[form],
    )
    page.headers["Content-Security-Policy"] = _OWN_STYLES
    page.headers["Cache-Control"] = "no-store"
    if form != "html":
        page.headers["Content-Disposition"] = f'attachment; filename="self-check-{pk}.{form}"'
    return page


def file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of the self-check; reading it by the authority is an event."""
    check = _found(request, pk)
    row = reach.file(check, file)
    doer = doer_of(request)
    if check.operator_id not in operators(doer):
        with transaction.atomic():
            ledger.record(row, "read", doer.name, clock.now(), {"why": f"selfcheck:{pk}"})
    page = FileResponse(shelf().open(row.sha256), content_type="application/octet-stream")
    page.headers["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    return page


def filed(request: HttpRequest) -> HttpResponse:
    """What operators filed to the authority of who looks."""
    rows = reach.selfchecks(doer_of(request)).filter(state__in=reach.FILED)
    return render(request, "operator/filed.html", {"rows": rows.order_by("-filed")[:200]})

"""What an operator was told and ordered: the case as it sees it, findings and complaints answered, rectification filed, reports compared."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mingcha.service.actions.acting import open_acts, perform
from mingcha.service.actions.complaints import CATEGORIES
from mingcha.service.models import Case, Version
from mingcha.service.pages.desk import reach as desk
from mingcha.service.pages.desk.lists import told
from mingcha.service.pages.operator import comparing, reach
from mingcha.service.pages.operator.doing import kept, tried
from mingcha.service.pages.operator.reach import doer_of
from mingcha.service.text import Text

FILING = ("file-rectification", "file-while-removed")
_FILES = ("sample", "policy", "answers")
_DUE = ("confirmed", "not-rectified")


def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The case: papers, clocks, findings with their answers, what was filed, what may be done now."""
    doer = doer_of(request)
    thing: Case = desk.one(doer, "case", pk)
    acts = [one for one in open_acts(doer, thing) if one.act not in FILING]
    page = {
        "thing": thing, "acts": acts, "files": _filing(request, thing), "clocks": [told(row) for row in thing.deadlines.order_by("pk")],
        "findings": desk.within(doer, "finding").filter(case=thing).order_by("clause"),
        "documents": desk.within(doer, "document").filter(case=thing).order_by("pk"),
        "filings": thing.filings.select_related("version").order_by("pk"),
        "comparable": len(comparing.choices(doer, thing.subject)) > 1,
    }  # fmt: skip
    return render(request, "operator/case.html", page)


def _filing(request: HttpRequest, thing: Case) -> str | None:
    """The act by which rectification is filed now."""
    return next((one.act for one in open_acts(doer_of(request), thing) if one.act in FILING), None)


def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding with its places, and the answer: an explanation, or a denial."""
    doer = doer_of(request)
    thing = desk.one(doer, "finding", pk)
    acts = {one.act for one in open_acts(doer, thing)} & {"answer", "dispute"}
    problem = None
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in acts:
            raise Http404
        said = {"text" if act == "answer" else "reason": request.POST.get("text", "")}
        problem = tried(
            request,
            lambda: perform("finding", act, doer, thing, said),
            Text("您的说明已记录在案。", "Your statement is on file."),
        )
        if problem is None:
            return redirect("operator-finding", pk=pk)
    version = thing.task.version
    proofs = [one | {"place": reach.named(one.get("place", ""), version)} for one in thing.evidence]
    page = {"thing": thing, "proofs": proofs, "may": acts, "problem": problem, "sent": request.POST}
    return render(request, "operator/finding.html", page, status=422 if problem else 200)


def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """A complaint that was passed on: what it is about, without who complains, and the answer to it."""
    doer = doer_of(request)
    thing = desk.one(doer, "complaint", pk)
    may = any(one.act == "answer" for one in open_acts(doer, thing))
    problem = None
    if request.method == "POST":
        problem = tried(
            request,
            lambda: perform("complaint", "answer", doer, thing, {"text": request.POST.get("text", "")}),
            Text("答复已提交。", "Your answer is on file."),
        )
        if problem is None:
            return redirect("operator-complaint", pk=pk)
    clocks = [told(row) for row in thing.deadlines.filter(clock="operator-answer")]
    page = {
        "thing": thing,
        "may": may,
        "clocks": clocks,
        "category": CATEGORIES.get(thing.category),
        "problem": problem,
        "sent": request.POST,
    }
    return render(request, "operator/complaint.html", page, status=422 if problem else 200)


def rectify(request: HttpRequest, pk: int) -> HttpResponse:
    """File the rectification: what was changed for each finding, and the new version."""
    doer = doer_of(request)
    thing: Case = desk.one(doer, "case", pk)
    act = _filing(request, thing)
    if act is None:
        raise Http404
    problem = None
    if request.method == "POST":
        problem = tried(
            request,
            lambda: _filed(request, thing, act),
            Text("整改报告已提交，等待复测。", "Filed: the new version will be inspected again."),
        )
        if problem is None:
            return redirect("operator-case", pk=pk)
    rows = [
        (one, request.POST.get(f"answers:{one.clause}", ""))
        for one in thing.findings.filter(state__in=_DUE).order_by("clause")
    ]
    own = reach.versions(doer, thing.subject).order_by("-pk")
    page = {
        "thing": thing,
        "rows": rows,
        "own": own,
        "problem": problem,
        "chosen": request.POST.get("version", ""),
        "clocks": [told(row) for row in thing.deadlines.filter(state="running")],
    }
    return render(request, "operator/rectify.html", page, status=422 if problem else 200)


def _filed(request: HttpRequest, thing: Case, act: str) -> None:
    """Hand over one of the operator's own versions, or what came with the form, and file it: all or nothing."""
    doer, chosen = doer_of(request), request.POST.get("version", "")
    if chosen.isdigit():
        perform("subject", "disclose", doer, thing.subject, {"version": int(chosen)})
    else:
        rows = kept(request, _FILES)
        perform("subject", "deposit", doer, thing.subject, {name: row.pk for name, row in rows.items()})
        deposited = reach.versions(doer, thing.subject).order_by("-pk")[0]
        perform("subject", "disclose", doer, thing.subject, {"version": deposited.pk})
    version = Version.objects.filter(subject=thing.subject).order_by("-pk")[0]
    said = {name.partition(":")[2]: str(text) for name, text in request.POST.items() if name.startswith("answers:")}
    perform("case", act, doer, thing, {"version": version.pk, "answers": said})


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two reports on one of the operator's apps beside each other."""
    doer = doer_of(request)
    subject: Any = reach.found(reach.subjects(doer), pk)
    rows = comparing.choices(doer, subject)
    known = {str(one.report): one for one in rows}
    old, new = known.get(request.GET.get("a", "")), known.get(request.GET.get("b", ""))
    if old is None and new is None and len(rows) > 1 and "a" not in request.GET:
        old, new = rows[-2], rows[-1]
    page = {
        "subject": subject,
        "choices": rows,
        "old": old,
        "new": new,
        "parts": comparing.compared(old, new) if old and new else None,
    }
    return render(request, "operator/compare.html", page)

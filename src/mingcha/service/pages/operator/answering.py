"""What an operator was told and ordered: the case as it sees it, findings and complaints answered, rectification filed, reports compared."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingcha.service.actions.acting import open_acts, perform
from mingcha.service.actions.complaints import CATEGORIES
from mingcha.service.models import Case, Version
from mingcha.service.pages.desk import reach as desk
from mingcha.service.pages.desk.lists import told
from mingcha.service.pages.doing import form, shown
from mingcha.service.pages.operator import comparing, reach
from mingcha.service.pages.request import doer_of, number
from mingcha.service.pages.uploading.taking import ANSWERS, NAMES, POLICY, SAMPLE, fields, kept
from mingcha.service.text import Text

FILING = ("file-rectification", "file-while-removed")
_SAID = {"answer": "text", "dispute": "reason"}
"""What the words of a statement are called in the data of its act."""
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
    acts = {one.act for one in open_acts(doer, thing)} & _SAID.keys()
    act = request.POST.get("act", "")
    if request.method == "POST" and act not in acts:
        raise Http404

    def page(problem: Text | None) -> HttpResponse:
        version = thing.task.version
        proofs = [one | {"place": reach.named(one.get("place", ""), version)} for one in thing.evidence]
        return shown(request, "operator/finding.html", {"thing": thing, "proofs": proofs, "may": acts}, problem)

    return form(
        request,
        page,
        lambda: perform("finding", act, doer, thing, {_SAID[act]: request.POST.get("text", "")}),
        Text("您的说明已记录在案。", "Your statement is on file."),
        to=request.path,
    )


def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """A complaint that was passed on: what it is about, without who complains, and the answer to it."""
    doer = doer_of(request)
    thing = desk.one(doer, "complaint", pk)

    def page(problem: Text | None) -> HttpResponse:
        values = {
            "thing": thing, "may": any(one.act == "answer" for one in open_acts(doer, thing)),
            "clocks": [told(row) for row in thing.deadlines.filter(clock="operator-answer")], "category": CATEGORIES.get(thing.category),
        }  # fmt: skip
        return shown(request, "operator/complaint.html", values, problem)

    return form(
        request,
        page,
        lambda: perform("complaint", "answer", doer, thing, {"text": request.POST.get("text", "")}),
        Text("答复已提交。", "Your answer is on file."),
        to=request.path,
    )


def rectify(request: HttpRequest, pk: int) -> HttpResponse:
    """File the rectification: what was changed for each finding, and the new version."""
    thing: Case = desk.one(doer_of(request), "case", pk)
    act = _filing(request, thing)
    if act is None:
        raise Http404
    return form(
        request,
        lambda problem: shown(request, "operator/rectify.html", _filling(request, thing), problem),
        lambda: _filed(request, thing, act),
        Text("整改报告已提交，等待复测。", "Filed: the new version will be inspected again."),
        to=reverse("operator-case", args=[pk]),
    )


def _filling(request: HttpRequest, thing: Case) -> dict[str, Any]:
    """The form as it was filled in so far."""
    due = thing.findings.filter(state__in=_DUE).order_by("clause")
    return {
        "thing": thing,
        "rows": [(one, request.POST.get(f"answers:{one.clause}", "")) for one in due],
        "own": reach.versions(doer_of(request), thing.subject).order_by("-pk"),
        "chosen": request.POST.get("version", ""),
        "clocks": [told(row) for row in thing.deadlines.filter(state="running")],
        "files": fields(request, (SAMPLE, POLICY, ANSWERS)),
    }


def _filed(request: HttpRequest, thing: Case, act: str) -> None:
    """Hand over one of the operator's own versions, or what came with the form, and file it: all or nothing."""
    doer, chosen = doer_of(request), number(request.POST.get("version"))
    if chosen is not None:
        perform("subject", "disclose", doer, thing.subject, {"version": chosen})
    else:
        rows = kept(request, doer, NAMES, "operator")
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

"""Pages of one thing each: what it is, what was done, what may be done now."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha.casework.ladder import ladder
from mingcha.service import ledger, papers, vault
from mingcha.service.actions.acting import Doer, by_right, may
from mingcha.service.actions.complaints import CATEGORIES, identity_of
from mingcha.service.models import Account, Attachment, Case, Complaint, Evidence, Message, Task, Version
from mingcha.service.models.thing import Thing
from mingcha.service.pages import handing_out, reports
from mingcha.service.pages.desk import reach
from mingcha.service.pages.desk.lists import told
from mingcha.service.pages.progress import job_of
from mingcha.service.pages.request import doer_of, language
from mingcha.service.roles import Role
from mingcha.service.shelf import shelf
from mingcha.service.text import Text


def _common(doer: Doer, thing: Thing) -> dict[str, Any]:
    return {
        "thing": thing,
        "acts": reach.acts(doer, thing),
        "history": history(thing),
        "staff": bool(reach.bodies(doer)),
    }


def history(thing: Thing) -> list[dict[str, Any]]:
    """What was done to it, in words, newest last."""
    rows = ledger.events_of(thing)
    numbers = {int(row.actor.partition(":")[2]) for row in rows if row.actor.startswith("account:")}
    names = {f"account:{one.pk}": str(one) for one in Account.objects.filter(pk__in=numbers)}
    plain = {"engine": Text("系统", "engine"), "visitor": Text("公众", "visitor")}
    acts = thing.ladder.acts
    return [
        {"event": row, "when": row.time[:16].replace("T", " "), "what": Text(acts[row.act].zh, acts[row.act].en), "who": names.get(row.actor) or str(plain.get(row.actor, Text("投诉举报人", "complainant")))}
        for row in rows
    ]  # fmt: skip


def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """A complaint or report, without the identity: reading that is an act of its own."""
    doer = doer_of(request)
    thing: Complaint | None = (reach.within(doer, "complaint") | reach.within(doer, "report")).filter(pk=pk).first()
    if thing is None:
        raise Http404
    page = _common(doer, thing) | {
        "category": CATEGORIES.get(thing.category),
        "clocks": [told(row) for row in thing.deadlines.all()],
    }
    if Role.COMPLAINT_OFFICER in doer.roles:
        page["messages_"] = [{"message": one, "text": _unsealed(one)} for one in thing.messages.order_by("pk")]
        page |= {"officer": True, "identity": _identity(request, thing)}
    return render(request, "desk/complaint.html", page)


def _unsealed(message: Message) -> str:
    return str(vault.unseal(message.sealed)) if message.sealed is not None else ""


def _identity(request: HttpRequest, thing: Complaint) -> dict[str, str] | None:
    """Shown only right after this person gave a reason for reading it (the last event of the complaint is his)."""
    last = ledger.events_of(thing)[-1]
    doer = doer_of(request)
    return identity_of(thing) if last.act == "open-identity" and last.actor == doer.name and doer.strong else None


def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead, and the complaints and reports in it."""
    doer = doer_of(request)
    thing = reach.one(doer, "lead", pk)
    return render(
        request,
        "desk/lead.html",
        _common(doer, thing)
        | {"complaints": thing.complaints.order_by("pk"), "case": Case.objects.filter(lead=thing).first()},
    )


def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case: its people see the file, its operator what it was told, a store what was ordered."""
    doer = doer_of(request)
    thing = reach.one(doer, "case", pk)
    page = _common(doer, thing) | {"clocks": [told(row) for row in thing.deadlines.order_by("pk")]}
    page |= {
        "findings": reach.within(doer, "finding").filter(case=thing).order_by("clause"),
        "documents": reach.within(doer, "document").filter(case=thing).order_by("pk"),
        "tasks": reach.within(doer, "task").filter(case=thing).order_by("pk"),
        "filings": thing.filings.order_by("pk") if page["staff"] or thing.operator_id in reach.operators(doer) else [],
        "versions": thing.subject.versions.all() if page["staff"] else [],
        "listings": thing.subject.listings.select_related("platform"),
        "seats": thing.seats.select_related("account") if page["staff"] else [],
        "can_plan": Role.HANDLER in doer.roles and thing.state in ("under-inspection", "re-inspection", "removed"),
        "can_hand_in": by_right(doer, ladder("subject").acts["add-version"], thing.subject),
        "can_export": may(doer, ladder("evidence").acts["export"], thing),
    }
    if not page["staff"]:
        page["history"] = [row for row in page["history"] if thing.ladder.acts[row["event"].act].public]
        if thing.operator_id not in reach.operators(doer):
            page["history"] = [{**row, "event": {"time": row["event"].time}, "who": ""} for row in page["history"]]
    return render(request, "desk/case.html", page)


def task(request: HttpRequest, pk: int) -> HttpResponse:
    """An inspection: how far it is, and what came out."""
    doer = doer_of(request)
    thing: Task = reach.one(doer, "task", pk)
    card = thing.report.card["pages"][language()] if thing.report else None
    return render(
        request,
        "desk/task.html",
        _common(doer, thing) | {"job": job_of(thing), "card": card, "findings": thing.findings.order_by("clause")},
    )


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole report of an inspection, as the inspector reads it; a page without script, under its own policy."""
    doer = doer_of(request)
    thing: Task = reach.one(doer, "task", pk)
    if thing.report is None:
        raise Http404
    return reports.page(thing.report.sha256, "regulator", "html")


def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding with its evidence."""
    doer = doer_of(request)
    thing = reach.one(doer, "finding", pk)
    return render(request, "desk/finding.html", _common(doer, thing))


def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document, previewed: the same data that is printed."""
    doer = doer_of(request)
    thing = reach.one(doer, "document", pk)
    return render(
        request, "desk/document.html", _common(doer, thing) | {"data": thing.data, "title": papers.TITLES[thing.kind]}
    )


def document_pdf(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Its print: the signed file, or a draft made now."""
    doer = doer_of(request)
    thing = reach.one(doer, "document", pk)
    if thing.pdf is not None:
        return FileResponse(
            shelf().open(thing.pdf.sha256), content_type="application/pdf", filename=f"{thing.number}.pdf"
        )
    return HttpResponse(papers.pdf(thing.kind, thing.data), content_type="application/pdf")


def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """A file of the authority's cases or complaints; reading it is an event."""
    doer = doer_of(request)
    return handing_out.read(_reachable(doer, pk), doer, "desk")


def _reachable(doer: Doer, pk: int) -> Evidence:
    """Files of cases he may see; of complaints the shared copies, for complaint officers the originals too. Raises Http404."""
    versions = Version.objects.filter(subject__in=reach.within(doer, "case").values("subject"))
    within = Q(complaint__in=reach.within(doer, "complaint")) | Q(complaint__in=reach.within(doer, "report"))
    pictures = Attachment.objects.filter(within)
    picture = Q(shared=pk) | (Q(original=pk) if Role.COMPLAINT_OFFICER in doer.roles else Q())
    file = Q(sample=pk) | Q(policy=pk) | Q(answers=pk)
    if not versions.filter(file).exists() and not pictures.filter(picture).exists():
        raise Http404
    return Evidence.objects.get(pk=pk)

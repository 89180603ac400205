"""Pages of one thing each: what it is, what was done, what may be done now."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from mingcha.casework.ladder import ladder
from mingcha.catalogue.load import load
from mingcha.model.report import decode_report
from mingcha.render import render as rendered
from mingcha.service import clock, ledger, papers, vault
from mingcha.service.actions import files
from mingcha.service.actions.acting import Doer, Doing, may, open_acts
from mingcha.service.actions.complaints import CATEGORIES
from mingcha.service.models import Account, Case, Complaint, Evidence, Message, Task
from mingcha.service.models.jobs import Job
from mingcha.service.models.thing import Thing
from mingcha.service.pages.desk import reach
from mingcha.service.pages.desk.lists import told
from mingcha.service.roles import Role
from mingcha.service.shelf import shelf
from mingcha.service.text import Text, english


def _common(doer: Doer, thing: Thing) -> dict[str, Any]:
    return {
        "thing": thing,
        "acts": list(open_acts(doer, thing)),
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
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing: Complaint | None = (reach.within(doer, "complaint") | reach.within(doer, "report")).filter(pk=pk).first()
    if thing is None:
        raise Http404
    page = _common(doer, thing) | {
        "category": CATEGORIES.get(thing.category),
        "clocks": [told(row) for row in thing.deadlines.all()],
    }
    if Role.COMPLAINT_OFFICER in doer.roles:
        page["messages_"] = [{"message": one, "text": _unsealed(one)} for one in thing.messages.order_by("pk")]
        page["identity"] = _identity(request, thing)
    return render(request, "desk/complaint.html", page)


def _unsealed(message: Message) -> str:
    return str(vault.unseal(message.sealed)) if message.sealed is not None else ""


def _identity(request: HttpRequest, thing: Complaint) -> dict[str, str] | None:
    """Shown only right after this person gave a reason for reading it (the last event of the complaint is his)."""
    from mingcha.service.actions.complaints import identity_of

    last = ledger.events_of(thing)[-1]
    doer: Doer = request.doer  # type: ignore[attr-defined]
    return identity_of(thing) if last.act == "open-identity" and last.actor == doer.name and doer.strong else None


def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead, and the complaints and reports in it."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing = reach.one(doer, "lead", pk)
    return render(
        request,
        "desk/lead.html",
        _common(doer, thing)
        | {"complaints": thing.complaints.order_by("pk"), "case": Case.objects.filter(lead=thing).first()},
    )


def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case: its people see the file, its operator what it was told, a store what was ordered."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
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
    }
    if not page["staff"]:
        page["history"] = [row for row in page["history"] if thing.ladder.acts[row["event"].act].public]
        if thing.operator_id not in reach.operators(doer):
            page["history"] = [{**row, "event": {"time": row["event"].time}, "who": ""} for row in page["history"]]
    return render(request, "desk/case.html", page)


def task(request: HttpRequest, pk: int) -> HttpResponse:
    """An inspection: how far it is, and what came out."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing: Task = reach.one(doer, "task", pk)
    job = Job.objects.filter(key__startswith=f"task-{thing.pk}").order_by("-pk").first()
    card = thing.report.card["pages"]["en" if english() else "zh"] if thing.report else None
    return render(
        request,
        "desk/task.html",
        _common(doer, thing) | {"job": job, "card": card, "findings": thing.findings.order_by("clause")},
    )


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole report of an inspection, as the inspector reads it; a page without script, under its own policy."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing: Task = reach.one(doer, "task", pk)
    if thing.report is None:
        raise Http404
    with shelf().open(thing.report.sha256) as stream:
        found = decode_report(stream.read())
    page = HttpResponse(rendered(found, load(), "regulator", "html", "en" if english() else "zh"))
    page.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'"
    )
    return page


def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding with its evidence."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing = reach.one(doer, "finding", pk)
    return render(request, "desk/finding.html", _common(doer, thing))


def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document, previewed: the same data that is printed."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing = reach.one(doer, "document", pk)
    return render(
        request, "desk/document.html", _common(doer, thing) | {"data": thing.data, "title": papers.TITLES[thing.kind]}
    )


def document_pdf(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Its print: the signed file, or a draft made now."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing = reach.one(doer, "document", pk)
    if thing.pdf is not None:
        return FileResponse(
            shelf().open(thing.pdf.sha256), content_type="application/pdf", filename=f"{thing.number}.pdf"
        )
    return HttpResponse(papers.pdf(thing.kind, thing.data), content_type="application/pdf")


def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of the authority's cases or complaints; reading it is an event."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    row = _reachable(doer, pk)
    if not may(doer, ladder("evidence").acts["read"], row):
        raise Http404
    with transaction.atomic():
        data = files.read(Doing(doer, clock.now(), "read"), row, "desk")
    page = HttpResponse(data, content_type="application/octet-stream")
    page.headers["Content-Disposition"] = content_disposition_header(True, row.name) or "attachment"
    return page


def _reachable(doer: Doer, pk: int) -> Evidence:
    """Files of cases he may see; of complaints the shared copies, for complaint officers the originals too."""
    from django.db.models import Q

    cases, complaints = reach.within(doer, "case"), (*reach.within(doer, "complaint"), *reach.within(doer, "report"))
    subjects = [one.subject_id for one in cases]
    versions = Q(pk__in=_files(subjects))
    shared = Q(pk__in=[one.shared_id for thing in complaints for one in thing.attachments.all()])
    own = (
        Q(pk__in=[one.original_id for thing in complaints for one in thing.attachments.all()])
        if Role.COMPLAINT_OFFICER in doer.roles
        else Q(pk__in=())
    )
    found = Evidence.objects.filter(pk=pk).filter(versions | shared | own).first()
    if found is None:
        raise Http404
    return found


def _files(subjects: list[int]) -> list[int]:
    from mingcha.service.models import Version

    rows = Version.objects.filter(subject__in=subjects).values_list("sample", "policy", "answers")
    return [number for row in rows for number in row if number]

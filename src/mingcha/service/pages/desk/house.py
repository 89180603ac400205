"""The house itself: accounts and roles for administrators, the log for auditors, the file of a case as a package."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from mingcha.casework.ladder import ladder
from mingcha.service import clock, commands, packages
from mingcha.service.actions.acting import Doing, may
from mingcha.service.models import Account, Case, Event
from mingcha.service.pages.desk import reach
from mingcha.service.pages.request import doer_of

_PAGE = 100


def accounts(request: HttpRequest) -> HttpResponse:
    """Every account with its roles."""
    doer = doer_of(request)
    rows = reach.within(doer, "account").prefetch_related("grants").order_by("username")
    return render(request, "desk/accounts.html", {"page": Paginator(rows, _PAGE).get_page(request.GET.get("page"))})


def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its roles and what may be done with it."""
    doer = doer_of(request)
    thing: Account = reach.one(doer, "account", pk)
    held = thing.grants.select_related("authority", "operator", "platform").order_by("pk")
    return render(request, "desk/account.html", {"thing": thing, "grants": held, "acts": reach.acts(doer, thing)})


def log(request: HttpRequest) -> HttpResponse:
    """The chain of events, newest first; with `?check` everything is checked anew, which takes a while."""
    page = Paginator(Event.objects.order_by("-seq"), _PAGE).get_page(request.GET.get("page"))
    found = list(commands.problems()) if "check" in request.GET else None
    return render(request, "desk/log.html", {"page": page, "found": found})


def package(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole file of a case, to be checked offline with `mingcha verify`; each piece that leaves is an event."""
    doer = doer_of(request)
    case: Case = reach.one(doer, "case", pk)
    if not may(doer, ladder("evidence").acts["export"], case):
        raise Http404
    with transaction.atomic():
        doing = Doing(doer, clock.now(), "export")
        for row in packages.evidence_of(case):
            doing.record(row, "export", case=case.number)
    made = HttpResponse(packages.of_case(case), content_type="application/zip")
    made.headers["Content-Disposition"] = content_disposition_header(True, f"{case.number}.zip") or "attachment"
    return made

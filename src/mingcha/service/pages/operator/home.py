"""The operator's own page: apps, what it was ordered, what it is asked, its self-checks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha.service.models import Deadline, Subject
from mingcha.service.pages.desk import reach as desk
from mingcha.service.pages.desk.lists import told
from mingcha.service.pages.operator import reach
from mingcha.service.pages.request import doer_of
from mingcha.service.roles import Role

_LISTED = 50
_ANSWERABLE = ("suspected", "confirmed", "not-rectified")


def home(request: HttpRequest) -> HttpResponse:
    """What waits comes first."""
    doer = doer_of(request)
    cases = desk.within(doer, "case").select_related("subject", "authority").order_by("-pk")[:_LISTED]
    open_cases = [one for one in cases if not one.ended]
    clocks = (
        Deadline.objects.filter(state="running", case__in=[one.pk for one in open_cases])
        .select_related("case__authority")
        .order_by("due")
    )
    findings = (
        desk.within(doer, "finding")
        .filter(state__in=_ANSWERABLE, answered=None)
        .select_related("case", "subject")
        .order_by("case", "clause")
    )
    page = {
        "owner": Role.OPERATOR_OWNER in doer.roles,
        "operators": sorted({str(one.operator) for one in doer.grants if one.operator}),
        "apps": [_app(one) for one in reach.subjects(doer).order_by("name")[:_LISTED]],
        "cases": cases, "clocks": [told(row) for row in clocks], "findings": findings[:_LISTED],
        "complaints": desk.within(doer, "complaint").filter(state="forwarded").order_by("pk")[:_LISTED],
        "selfchecks": reach.selfchecks(doer).order_by("-pk")[:_LISTED],
        "claims": reach.claims(doer).filter(state__in=("asked", "proved")).order_by("-pk")[:_LISTED],
    }  # fmt: skip
    return render(request, "operator/home.html", page)


def _app(subject: Subject) -> dict[str, Any]:
    newest = subject.versions.first()
    return {"subject": subject, "newest": newest, "stores": list(subject.listings.select_related("platform"))}

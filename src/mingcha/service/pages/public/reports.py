"""The whole report of the inspection that an app's page rests on, for downloading; only where all of it was confirmed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from mingcha.service.pages import reports
from mingcha.service.pages.public.app import found

_FORMS = ("html", "pdf")


def report(request: HttpRequest, pk: int, report: int, form: str) -> HttpResponse:
    """The report as the public reads it, as a file."""
    told = found(pk)["report"]
    if form not in _FORMS or told is None or told["id"] != report or not told["whole"]:
        raise Http404
    return reports.page(told["sha256"], "public", form, f"mingcha-{pk}-{report}")

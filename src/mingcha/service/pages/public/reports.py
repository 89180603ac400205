"""The whole report of the inspection that an app's page rests on, for downloading; only where all of it was confirmed."""

from __future__ import annotations

from typing import Literal, cast

from django.http import Http404, HttpRequest, HttpResponse

from mingcha.catalogue.load import load
from mingcha.model.report import Report, decode_report
from mingcha.render import render as rendered
from mingcha.service.pages.public.app import found
from mingcha.service.shelf import shelf
from mingcha.service.text import english

_KINDS = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


def report(request: HttpRequest, pk: int, report: int, form: str) -> HttpResponse:
    """The report as the public reads it, as a file: it brings its own styles, which our pages do not allow."""
    page = found(pk)
    if form not in _KINDS or page["report"] is None or page["report"]["id"] != report or not page["report"]["whole"]:
        raise Http404
    data = rendered(
        stored(page["report"]["sha256"]),
        load(),
        "public",
        cast("Literal['html', 'pdf']", form),
        "en" if english() else "zh",
    )
    answer = HttpResponse(data, content_type=_KINDS[form])
    answer["Content-Disposition"] = f'attachment; filename="mingcha-{pk}-{report}.{form}"'
    return answer


def stored(sha256: str) -> Report:
    """A report by its hash."""
    with shelf().open(sha256) as stream:
        return decode_report(stream.read())

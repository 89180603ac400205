"""The page of one app, and the same as JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mingcha.service.pages.public import reading
from mingcha.service.text import english


def app(request: HttpRequest, pk: int) -> HttpResponse:
    """The page in eight parts."""
    page = found(pk)
    said = page["said"]["en" if english() else "zh"] if page["said"] else None
    return render(request, "public/app.html", {"page": page, "said": said, "compared": _compared(page)})


def as_json(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page says, for programs."""
    answer = JsonResponse(found(pk), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="mingcha-{pk}.json"'
    return answer


def found(pk: int) -> reading.Values:
    """The values of the page. Raises Http404."""
    page = reading.app_page(pk)
    if page is None:
        raise Http404
    return page


def _compared(page: reading.Values) -> tuple[int, int] | None:
    """The two newest inspections, older first, for the link that compares them."""
    reports = list(dict.fromkeys(one["report"] for one in page["inspections"]))
    return (reports[1], reports[0]) if len(reports) > 1 else None

"""The page of one app, and the same as JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from mingcha.service import projections
from mingcha.service.pages.public import reading
from mingcha.service.text import english


def app(request: HttpRequest, pk: int) -> HttpResponse:
    """The page in eight parts."""
    page = found(pk)
    lang = "en" if english() else "zh"
    parts = page["parts"][lang] if page["parts"] else {}
    drawn = {name: mark_safe(html) for name, html in parts.items()}  # noqa: S308  # made by our own templates (drawing.py)
    context = {
        "page": page,
        "parts": drawn,
        "tally": page["tally"][lang] if page["tally"] else (),
        "compared": _compared(page),
    }
    return render(request, "public/app.html", context)


def as_json(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page says, for programs."""
    answer = JsonResponse(values(found(pk)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="mingcha-{pk}.json"'
    return answer


def values(page: reading.Values) -> reading.Values:
    """The values of a page as a program wants them: what the report says as data instead of drawn."""
    report = page["report"]
    return {
        **{key: value for key, value in page.items() if key != "parts"},
        "said": reading.said(report["id"]) if report else None,
    }


def found(pk: int) -> reading.Values:
    """The values of the page. Raises Http404."""
    page = projections.page(pk)
    if page is None:
        raise Http404
    return page


def _compared(page: reading.Values) -> tuple[int, int] | None:
    """The two newest inspections, older first, for the link that compares them."""
    reports = list(dict.fromkeys(one["report"] for one in page["inspections"]))
    return (reports[1], reports[0]) if len(reports) > 1 else None

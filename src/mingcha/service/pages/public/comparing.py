"""Two inspected versions of one app beside each other."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha.service.pages.comparing import compared
from mingcha.service.pages.public.app import found
from mingcha.service.pages.public.reading import Values


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What appeared and what went; verdicts only where a finding that may be shown speaks of the clause."""
    page = found(pk)
    choices = {str(one["report"]): one for one in reversed(page["inspections"])}
    old, new = choices.get(request.GET.get("a", "")), choices.get(request.GET.get("b", ""))
    context: Values = {"page": page, "choices": list(choices.values()), "old": old, "new": new}
    if old is not None and new is not None:
        told = {one["clause"] for one in page["findings"]}
        context["parts"], context["held_back"] = compared(old["sha256"], new["sha256"], told.__contains__)
    elif "a" in request.GET or "b" in request.GET:
        raise Http404
    return render(request, "public/compare.html", context)

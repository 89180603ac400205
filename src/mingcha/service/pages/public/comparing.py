"""Two inspected versions of one app beside each other."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from msgspec.structs import replace

from mingcha.catalogue.load import load
from mingcha.judge import findings
from mingcha.model.report import Comparison
from mingcha.render.comparison import comparison_text
from mingcha.service.pages.public.app import found
from mingcha.service.pages.public.reading import Values
from mingcha.service.pages.public.reports import stored
from mingcha.service.text import english


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What appeared and what went; verdicts only where a finding that may be shown speaks of the clause."""
    page = found(pk)
    choices = {str(one["report"]): one for one in reversed(page["inspections"])}
    old, new = choices.get(request.GET.get("a", "")), choices.get(request.GET.get("b", ""))
    context: Values = {"page": page, "choices": list(choices.values()), "old": old, "new": new}
    if old is not None and new is not None:
        context |= _compared(page, old, new)
    elif "a" in request.GET or "b" in request.GET:
        raise Http404
    return render(request, "public/compare.html", context)


def _compared(page: Values, old: Values, new: Values) -> Values:
    before, after = stored(old["sha256"]), stored(new["sha256"])
    changes = findings.compare(before, after)
    shown = _allowed(changes, {one["clause"] for one in page["findings"]})
    text = comparison_text(shown, before, after, load(), "en" if english() else "zh")
    return {"parts": _parts(text), "held_back": len(changes.verdicts) - len(shown.verdicts)}


def _allowed(changes: Comparison, clauses: set[str]) -> Comparison:
    """Without the machine's verdicts on clauses of which nothing may be said yet."""
    return replace(changes, verdicts=tuple(one for one in changes.verdicts if one[0] in clauses))


def _parts(text: str) -> list[Values]:
    """The text as headings with their lines."""
    parts: list[Values] = []
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(" ") and parts:
            parts[-1]["lines"].append(line.strip().removeprefix("- "))
        else:
            parts.append({"head": line, "lines": []})
    return parts

"""The first page: the look-up, and the latest notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha.render.legible import legible
from mingcha.service import clock, search
from mingcha.service.models import Subject
from mingcha.service.pages.public import house, notices, reading
from mingcha.service.pages.request import number

PAGE = 20
_LAST_PAGE = 50


def home(request: HttpRequest) -> HttpResponse:
    """Without a question: how many apps, and what was published last; with one: what was found."""
    asked = request.GET.get("q", "").strip()
    if not asked:
        context = {"count": Subject.objects.count(), "notices": notices.latest(5), "notice_news": _notice_news()}
        return render(request, "public/home.html", context)
    return render(request, "public/found.html", _found(asked, _page(request.GET.get("page"))))


def _notice_news() -> str:
    """The day on which the privacy notice changed, for as long as that is news."""
    days = (clock.now().date() - house.updated()).days
    return house.updated().isoformat() if 0 <= days < house.NEWS_DAYS else ""


def _found(asked: str, page: int) -> dict[str, object]:
    first = (page - 1) * PAGE
    rows = search.lines(asked, first, PAGE + 1)
    return {
        "asked": legible(asked[: search.LONGEST]),
        "cut": len(asked) > search.LONGEST,
        "rows": [reading.named(*row) for row in rows[:PAGE]],
        "page": page,
        "more": page + 1 if len(rows) > PAGE and page < _LAST_PAGE else None,
        "earlier": page - 1,
    }


def _page(text: str | None) -> int:
    return min(number(text) or 1, _LAST_PAGE)

"""Published notices: the list, and one with what it says of each finding."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha.render.legible import all_legible, legible
from mingcha.service.models import Document
from mingcha.service.pages.public.reading import day

_SHOWN = 50


def published() -> Any:
    """Every notice that was published, also those withdrawn since, newest first."""
    return (
        Document.objects.filter(kind="notice", published__isnull=False)
        .select_related("case__subject__operator", "case__authority")
        .order_by("-published", "-pk")
    )


def latest(count: int) -> list[dict[str, Any]]:
    """The last notices as lines."""
    return [line(one) for one in published().defer("data", "signature")[:count]]


def line(one: Document) -> dict[str, Any]:
    """A notice as one line of a list."""
    subject = one.case.subject
    return {
        "id": one.pk,
        "number": one.number,
        "app": subject.pk,
        "name": legible(subject.name),
        "operator": legible(subject.operator.name) if subject.operator else "",
        "authority": {"zh": one.case.authority.name, "en": one.case.authority.name_en or one.case.authority.name},
        "published": day(one.published),
        "withdrawn": day(one.withdrawn),
        "reason": legible(one.withdrawal_reason),
    }


def notices(request: HttpRequest) -> HttpResponse:
    """The list."""
    return render(request, "public/notices.html", {"notices": latest(_SHOWN)})


def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice."""
    return render(request, "public/notice.html", {"notice": told(pk)})


def told(pk: int) -> dict[str, Any]:
    """One notice with its text and the hash of its file; a withdrawn one says why, and no longer what it said. Raises Http404."""
    one = published().filter(pk=pk).first()
    if one is None:
        raise Http404
    return {
        **line(one),
        "said": None if one.withdrawn else all_legible(one.data),
        "sha256": one.pdf.sha256 if one.pdf else "",
    }

"""Names that deceive the eye (N1): marks of HTML, direction and no width in the name of an app come harmless out of every page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.access import survey

HOSTILE = "支付\u202e宝\u200b<script>alert(1)</script>\u2066x\ufeff\"'><img src=x onerror=alert(1)>"
UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\ufeff\u2028"
_LIVE = ("<script>alert", "<img src=x", "onerror=alert(1)>")


@pytest.fixture
def named(made: Any) -> Any:
    """App, operator, package, version, channel and complaint of side A with such a name."""
    from mingcha.service import search
    from mingcha.service.models import Complaint, Document, Operator, Subject, Version

    Subject.objects.filter(pk=made.a.subject.pk).update(name=HOSTILE, package=HOSTILE)
    Operator.objects.filter(pk=made.a.operator.pk).update(name=HOSTILE)
    Version.every.filter(subject=made.a.subject).update(name=HOSTILE[:40], channel=HOSTILE)
    Complaint.objects.filter(subject=made.a.subject).update(subject_name=HOSTILE, version=HOSTILE[:60], channel=HOSTILE)
    for paper in Document.objects.filter(case__subject=made.a.subject):
        paper.data = {**paper.data, "subject": HOSTILE, "operator": HOSTILE, "version": HOSTILE}
        paper.save()
    search.index(Subject.objects.get(pk=made.a.subject.pk))
    return made


@pytest.mark.parametrize("doer", ["visitor", "complainant-a", "officer-a", "handler-a", "owner-a", "clerk-a"])
def test_no_answer_carries_a_name_that_deceives(named: Any, doer: str) -> None:
    """Every route that speaks of the app, to everybody who may see it: no live markup in HTML, no unseen character in pages, feeds, files and API."""
    from django.urls import reverse

    browser = survey.client(named, doer)
    found, spoken = [], 0
    for route in survey.routes():
        if route.name.startswith(("account_", "mfa_")):
            continue
        for _, arguments in survey.places(route, named):
            address = reverse(route.name, kwargs=arguments)
            answer = browser.get(address)
            kind = answer.headers.get("Content-Type", "")
            if not kind.startswith(("text/", "application/json", "application/atom")):
                answer.close()
                continue
            body = survey._text(answer)
            spoken += "支付" in body
            live = [mark for mark in _LIVE if mark in body and "json" not in kind]
            unseen = [f"{ord(mark):04x}" for mark in UNSEEN if mark in body]
            if live or unseen:
                found.append((route.name, live, unseen))
    assert spoken > 5, "the name does stand on pages"
    assert found == []


def test_looking_up_finds_it_and_shows_it_harmless(named: Any) -> None:
    """Two characters of the name find the app by page and by API; what is shown says that something was hidden there."""
    browser = survey.client(named, "visitor")
    page = browser.get("/", {"q": "支付"}).content.decode()
    told = browser.get("/api/v1/apps", {"q": "支付"}).json()["results"]
    assert [one["id"] for one in told] == [named.a.subject.pk]
    for text in (page, told[0]["name"]):
        assert "支付" in text
        assert not set(UNSEEN) & set(text)
    assert "<script>alert" not in page

"""Every public page: both languages, no session, no foreign content, and as many queries as written down."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.service.public.conftest import CLAUSES, Site

COUNTS = Path(__file__).parent / "query_counts.json"


@pytest.fixture
def paths(site: Site) -> dict[str, str]:
    """Each page by name, over an app with a case, findings, two inspections and a notice."""
    subject, plain, bare = (
        site.subject(),
        site.subject("示例日历", "cn.example.calendar"),
        site.subject("示例地图", "cn.example.map"),
    )
    case = site.case(subject, "publicly-warned")
    first = site.task(subject, case=case)
    site.task(subject, "re-inspection", case=case, version="2.0.0")
    site.task(plain, "request", state="done")
    for clause in CLAUSES:
        site.finding(first, clause, "confirmed", notified="2026-09-01T09:00")
    paper = site.paper(case, published="2026-09-10T10:00")
    site.event(case, "publish", "2026-09-10T10:00", document=paper.number, days=5)
    reports = sorted(task.report_id for task in subject.tasks.all())
    return {
        "home": "/", "found": "/?q=示例", "nothing found": "/?q=不存在的应用",
        "app": f"/app/{subject.pk}/", "app asked for": f"/app/{plain.pk}/", "app not inspected": f"/app/{bare.pk}/", "app json": f"/app/{subject.pk}/page.json",
        "compare": f"/app/{subject.pk}/compare/?a={reports[0]}&b={reports[1]}", "ask": "/inspect/", "ask app": f"/app/{subject.pk}/inspect/",
        "follow": f"/app/{subject.pk}/follow/", "feed app": f"/app/{subject.pk}/feed/", "feed case": f"/case/{case.pk}/feed/", "feed notices": "/notices/feed/",
        "notices": "/notices/", "notice": f"/notices/{paper.pk}/", "verify": "/verify/", "document": f"/verify/{paper.number}/",
        "calculator": "/calculator/?clock=rectification&start=2026-09-28", "privacy": "/privacy/", "about": "/about/",
    }  # fmt: skip


def test_as_many_queries_as_written_down(site: Site, paths: dict[str, str]) -> None:
    """The number of queries of each page is the committed one (MINGCHA_WRITE_COUNTS=1 writes it anew)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = {}
    for name, path in paths.items():
        site.text(path)
        with CaptureQueriesContext(connection) as queries:
            site.text(path)
        counted[name] = len(queries)
    if os.environ.get("MINGCHA_WRITE_COUNTS"):
        COUNTS.write_text(json.dumps(counted, indent=2) + "\n")
    assert counted == json.loads(COUNTS.read_text())
    assert counted["app"] <= 6


def test_each_page_in_both_languages(site: Site, paths: dict[str, str]) -> None:
    """Each page says its language, that this is a demonstration, loads nothing from elsewhere and leaves no session behind."""
    for name, path in paths.items():
        for prefix, lang, words in (
            ("", "zh-Hans", "演示，无法律效力"),
            ("/en", "en", "Demonstration, without legal effect"),
        ):
            answer = site.browser.get(prefix + path)
            page = answer.content.decode()
            assert answer.status_code == 200, path
            assert "sessionid" not in answer.cookies, name
            if "html" not in answer["Content-Type"]:
                continue
            assert f'<html lang="{lang}">' in page
            assert words in page
            assert page.count("<h1") == 1, name
            assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page), name
            assert " style=" not in page
            assert not re.findall(r"<script(?![^>]* src=)", page), name
            assert "{%" not in page
            assert "{{" not in page


def test_english_pages_speak_english(site: Site, paths: dict[str, str]) -> None:
    """Apart from names, quotations and the link to the other language an English page holds no Chinese."""
    for name in ("home", "nothing found", "ask", "verify", "calculator", "about", "notices", "app not inspected"):
        page = site.text("/en" + paths[name])
        kept = re.sub(r'<a lang="zh-Hans".*?</a>|示例\S*|演示\S*|不存在的应用|App违法违规\S*', "", page)
        assert not re.findall(r"[\u4e00-\u9fff]{2,}", kept), (name, re.findall(r"[\u4e00-\u9fff]{2,}", kept))


def test_every_label_has_its_field_and_back(site: Site, paths: dict[str, str]) -> None:
    """Each field that can be seen has a label, each link to a field leads to one, and no id stands twice."""
    for name, path in paths.items():
        page = site.text(path)
        if not page.startswith("<!doctype html>"):
            continue
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), name
        fields = [tag for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", page) if 'type="hidden"' not in tag]
        for tag in fields:
            found = re.search(r'id="([^"]+)"', tag)
            assert found is not None, (name, tag)
            assert f'for="{found[1]}"' in page, (name, tag)
        for target in re.findall(r'(?:href="#|aria-describedby="|aria-labelledby=")([^"]+)"', page):
            assert target in ids, (name, target)

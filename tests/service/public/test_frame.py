"""What stands around every page: the way to the other language, and that this is a demonstration."""

from __future__ import annotations

import pytest
from django.http import HttpRequest

from tests.service.public.conftest import Site, work


def test_the_other_language_asks_the_same(site: Site) -> None:
    """The link to the other language keeps the question, escaped; where nothing was asked it is the bare address."""
    site.subject()
    assert 'href="/en/?q=%E6%89%8B&amp;page=1"' in site.text("/?q=%E6%89%8B&page=1")
    assert 'href="/?q=%22%3E"' in site.text("/en/?q=%22%3E")
    assert 'href="/en/about/"' in site.text("/about/")


@pytest.mark.parametrize(
    ("path", "status"), [("/verify/?number=a%00b", 404), ("/verify/a%00b/", 404), ("/?q=a%00b", 200), ("/track/?number=%00", 200), ("/complain/?app=%00", 200),
                         ("/calculator/?clock=%00&start=%00", 200), ("/inspect/%00/", 404), ("/follow/%00/", 404), ("/api/v1/apps?q=%00", 200), ("/api/v1/verify/%00", 404)],
)  # fmt: skip
def test_a_character_no_database_takes_breaks_nothing(site: Site, path: str, status: int) -> None:
    """NUL in an address finds nothing; PostgreSQL would refuse the very question."""
    site.text(path, status)


def test_nor_does_it_in_a_form(site: Site, easy: None) -> None:
    """NUL in what somebody wishes for is left out of it."""
    from mingcha.service.models import Subject

    answer = site.browser.post("/inspect/", {"name": "示\0例", "package": "cn.\0x", **work("inspect")})
    assert answer.status_code == 200
    assert Subject.objects.get(package="cn.x").name == "示例"


@pytest.mark.parametrize("path", ["/app/999999/", "/verify/none/", "/follow/x/"])
def test_pages_of_errors_say_what_this_is(site: Site, path: str) -> None:
    """Also a page that says what went wrong says that it is a demonstration."""
    assert "演示，无法律效力" in site.text(path, 404)


def test_the_page_of_the_last_resort_says_it_too(db: None) -> None:
    """The page that stands on nothing but itself, once an authority is configured no more."""
    from dataclasses import replace

    from django.conf import settings
    from django.test import override_settings

    from mingcha.service.pages import errors

    assert "演示，无法律效力" in errors.broken(HttpRequest()).content.decode()
    with override_settings(CONFIGURATION=replace(settings.CONFIGURATION, authority="某市某局")):
        assert "演示" not in errors.broken(HttpRequest()).content.decode()


def test_a_whole_report_says_it_too(site: Site, inspected: bytes) -> None:
    """A report that the service gives out as a page says that it is a demonstration, in the page's language, and is drawn once."""
    import io

    from django.utils import translation

    from mingcha.service.pages import reports
    from mingcha.service.shelf import shelf

    digest = shelf().keep(io.BytesIO(inspected)).sha256
    reports._drawn.cache_clear()
    for language, words in (("zh-hans", "演示，无法律效力"), ("en", "Demonstration, without legal effect")):
        with translation.override(language):
            for _ in range(2):
                page = reports.page(digest, "public", "html", "x")
                assert page.content.decode().count(words) == 1
                assert page["Content-Disposition"] == 'attachment; filename="x.html"'
    assert reports._drawn.cache_info().hits == 2


@pytest.mark.parametrize(("path", "word"), [("/inspect/", "页面已过期"), ("/en/inspect/", "The page is too old")])
def test_a_form_from_nowhere_is_refused_in_words(site: Site, path: str, word: str) -> None:
    """A form without our token (a cookie that ended, another site's page) gets our page with what to do, in the page's language."""
    from django.test import Client

    answer = Client(SERVER_NAME="localhost", enforce_csrf_checks=True).post(path, {"name": "示例"})
    assert answer.status_code == 403
    assert word in answer.content.decode()

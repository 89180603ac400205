"""Looking apps up by two characters, by package and by developer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.public.conftest import Site


@pytest.fixture
def shelves(site: Site) -> Site:
    """Some apps with names that share characters."""
    site.subject("天气通", "cn.example.weather")
    site.subject("我的天气", "cn.other.rain")
    site.subject("气象天书", "cn.example.stars")
    site.subject("Camera Ｐｒｏ", "cn.example.camera")
    site.subject("记\u200b账\u202e本", "cn.example.ledger")
    return site


def names(text: str) -> list[str]:
    """What a look-up finds, in order."""
    from mingcha.service import search

    return [row.name for row in search.find(text)[:20]]


def test_two_characters_find_names_that_begin_so_first(shelves: Site) -> None:
    """Two Chinese characters find the names that hold them as a pair, those that begin with them first."""
    assert names("天气") == ["天气通", "我的天气"]


def test_one_character_finds_beginnings(shelves: Site) -> None:
    """A single character finds what begins with it."""
    assert set(names("天")) == {"天气通"}


def test_package_and_developer(shelves: Site) -> None:
    """Packages and operators are found, whole and in part."""
    assert names("cn.example.weather") == ["天气通"]
    assert names("other.rain") == ["我的天气"]
    assert len(names("示例运营者")) == 5


def test_width_case_and_unseen_characters(shelves: Site) -> None:
    """Width, case, spaces and characters nobody sees make no difference, in names and in questions."""
    assert names("camera pro") == ["Camera Ｐｒｏ"]
    assert names("ＣＡＭＥＲＡ") == ["Camera Ｐｒｏ"]
    assert names("记账本") == ["记\u200b账\u202e本"]
    assert names("天\u200b气通") == ["天气通"]


def test_a_developer_that_changed_is_found_anew(shelves: Site) -> None:
    """Writing the index again forgets what no longer holds."""
    from mingcha.service import search
    from mingcha.service.models import Subject

    row = Subject.objects.get(package="cn.other.rain")
    row.name = "雨量计"
    row.save()
    search.index(row)
    assert names("我的天气") == []
    assert names("雨量计") == ["雨量计"]


@pytest.mark.parametrize(
    "asked",
    [
        "' OR 1=1 --",
        "%",
        "_",
        "天气%' UNION SELECT",
        "\\",
        "<script>alert(1)</script>",
        "\u202e天\u200b气",
        "天" * 200,
        "\x00ab",
        "🙂🙂",
    ],
)
def test_hostile_questions(shelves: Site, asked: str) -> None:
    """No text breaks the look-up, runs as SQL or HTML, or finds more than it asks for."""
    answer = shelves.browser.get("/", {"q": asked})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert not {"\u202e", "\u200b"} & set(page)
    assert page.count('<li class="card">') <= 2


def test_long_questions_are_cut_and_say_so(shelves: Site) -> None:
    """Of more than sixty characters the first sixty are used, and the page says so."""
    page = shelves.text("/?q=" + "天气通" * 40)
    assert "只使用了前 60 个字符" in page
    assert "Only the first 60" in shelves.text("/en/?q=" + "天气通" * 40)


def test_nothing_found_says_what_to_do(shelves: Site) -> None:
    """An empty answer names what was asked and leads to the request for an inspection."""
    page = shelves.text("/?q=不存在的应用")
    assert "没有找到“不存在的应用”" in page
    assert 'href="/inspect/"' in page
    assert "Nothing found for" in shelves.text("/en/?q=不存在的应用")


def test_pages_of_results(site: Site) -> None:
    """More than a page of results can be leafed through, each once, and no number in the address breaks it."""
    for at in range(45):
        site.subject(f"番茄{at:02d}", f"cn.example.t{at}")
    seen: list[Any] = []
    for page in (1, 2, 3):
        seen += site.text(f"/?q=番茄&page={page}").split('<li class="card">')[1:]
    assert len(seen) == len(set(seen)) == 45
    assert 'rel="next"' not in site.text("/?q=番茄&page=3")
    for odd in ("-1", "0", "999999999", "x", "²", ""):
        assert site.browser.get("/", {"q": "番茄", "page": odd}).status_code == 200

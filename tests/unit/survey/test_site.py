"""The report of a survey as pages: what each reader sees, and that it needs nothing but the folder."""

from __future__ import annotations

import itertools
import posixpath
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("duckdb")

from mingcha.errors import UsageError
from mingcha.survey import site
from tests.build.countedsurvey import counted, key

NAMES = ("cn.example", "应用a", "甲", "own.example", *(key(name) for name in ("a1", "a2", "filea1")))


class Page(HTMLParser):
    """The parts of a page that the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, dict[str, str]]:
    folder = tmp_path_factory.mktemp("sites")
    dataset = counted(folder / "dataset", labels={"a2": "<script>alert(1)</script>"})
    found = {}
    for reader in ("public", "regulator"):
        count = site.write(dataset, reader, str(folder / reader), lambda _: None)
        files = [path for path in (folder / reader).rglob("*") if path.is_file()]
        found[reader] = {path.relative_to(folder / reader).as_posix(): path.read_text("utf-8") for path in files}
        assert count == sum(path.endswith(".html") for path in found[reader])
    return found


def _pages(files: dict[str, str]) -> dict[str, Page]:
    return {path: Page(text) for path, text in files.items() if path.endswith(".html")}


def test_public_names_no_app(reports: dict[str, dict[str, str]]) -> None:
    """No package, name, developer or digest of an app stands anywhere, and no row of fewer than five apps by category."""
    for path, text in reports["public"].items():
        assert not [name for name in NAMES if name in text], path
    assert not [path for path in reports["public"] if path.startswith(("apps/", "en/apps/"))]
    assert "工具" not in reports["public"]["questions/before-consent.html"]
    assert "3行没有列出" in reports["public"]["questions/before-consent.html"]
    assert "工具" not in reports["public"]["data/before-consent.csv"]
    assert "工具" in reports["regulator"]["questions/before-consent.html"]
    assert "questions/copied-policies.html" not in reports["public"]
    assert "a.example" not in reports["public"]["questions/hosts.html"]
    assert "a.example" in reports["regulator"]["questions/hosts.html"]


def test_regulator_sees_leads(reports: dict[str, dict[str, str]]) -> None:
    """The clause lists its suspected apps and no others, each with a page that shows the fact and says that it is a lead."""
    clause = reports["regulator"]["clauses/idm-2019_3.1.html"]
    assert [name for name in ("a1", "a2", "a3", "a4", "a5", "a6", "a7") if f"cn.example.{name}<" in clause] == [
        "a1",
        "a2",
        "a7",
    ]
    app = reports["regulator"][f"apps/{key('a1')[:16]}.html"]
    assert "这一页是线索，不是结论" in app
    assert "classes.dex" in app
    assert "腾讯 Bugly" in app
    assert "共5个" in reports["regulator"]["apps/index.html"]


def test_every_page_warns(reports: dict[str, dict[str, str]]) -> None:
    """Every page says that a machine read it and nobody confirmed it; outcomes never stand without "not determined"."""
    for reader in reports.values():
        for path, text in reader.items():
            if path.endswith(".html"):
                assert ("confirmed by nobody" if path.startswith("en/") else "未经人工核实") in text, path
                if "/clauses/" in path or "clause-outcomes" in path:
                    assert ("ot determined" if path.startswith("en/") else "未能判定") in text, path


def test_nothing_from_elsewhere(reports: dict[str, dict[str, str]]) -> None:
    """Links lead to files of the folder, nothing is fetched, no script runs, and a hostile name stays text."""
    for reader in reports.values():
        for path, page in _pages(reader).items():
            assert not page.all("script"), path
            assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)], path
            assert not [attrs for _, attrs in page.tags if "src" in attrs], path
            for attrs in (*page.all("a"), *page.all("link")):
                target = urlsplit(attrs["href"] or "")
                assert (target.scheme, target.netloc) == ("", ""), path
                if target.path:
                    assert (
                        posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target.path))) in reader
                    ), (path, target.path)
        assert not re.search(r"url\((?!#)|@import|https?:", reader["style.css"])
    assert "&lt;script&gt;alert(1)" in reports["regulator"]["clauses/idm-2019_3.1.html"]


def test_both_languages_and_structure(reports: dict[str, dict[str, str]]) -> None:
    """Each page has its other language, one first heading, headings without a jump, unique ids, and tables with headers."""
    for reader in reports.values():
        pages = _pages(reader)
        zh = {path for path in pages if not path.startswith("en/")}
        assert {path.removeprefix("en/") for path in pages if path.startswith("en/")} == zh
        for path, page in pages.items():
            levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
            assert levels.count(1) == 1, path
            assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path
            ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
            assert len(ids) == len(set(ids)), path
            assert page.all("html")[0]["lang"] == ("en" if path.startswith("en/") else "zh-Hans")
            assert all(attrs.get("scope") in ("col", "row") for attrs in page.all("th")), path
            assert all(attrs.get("role") == "img" and attrs["aria-labelledby"] for attrs in page.all("svg")), path


def test_no_mixing_of_reports(tmp_path) -> None:
    """A folder that holds something is refused, and so is a reader nobody knows."""
    dataset = counted(tmp_path / "dataset", runs=1)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "index.html").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        site.write(dataset, "public", str(tmp_path / "old"), lambda _: None)
    with pytest.raises(UsageError, match="public or regulator"):
        site.write(dataset, "operator", str(tmp_path / "new"), lambda _: None)
    assert not (tmp_path / "new").exists()

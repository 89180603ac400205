"""The browser only renders: what its pages ask for is fetched by us, checked and counted, or refused."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mingcha.capture import browser
from mingcha.capture.fetching import NO_TEXT_IN_BROWSER, fetch_policy
from mingcha.capture.records import holds_policy
from mingcha.errors import UsageError
from tests.unit.capture.conftest import Web, moved, page

START = "http://policy.test/p"
TEXT = "我们非常重视您的个人信息和隐私保护。" * 20
SHELL = "<!doctype html><html><body><div id=app></div></body></html>"


class FakeError(Exception):
    """What the driver raises."""


class FakeRoute:
    """One request of a page, and what became of it."""

    def __init__(
        self, url: str, kind: str, method: str = "GET", body: bytes = b"", *, navigation: bool = False
    ) -> None:
        self.request = SimpleNamespace(
            url=url, resource_type=kind, method=method, post_data_buffer=body, headers={"x-page": "1", "Cookie": "stale=1"},
            is_navigation_request=lambda: navigation, frame=SimpleNamespace(parent_frame=None),
        )  # fmt: skip
        self.outcome: dict[str, Any] = {}

    def fulfill(self, **given: Any) -> None:
        self.outcome = given

    def abort(self, why: str) -> None:
        self.outcome = {"abort": why}


class FakeChromium:
    """A browser whose page makes the requests that a test gives it and ends with the text that a test gives it."""

    executable_path = "/nonexistent"

    def __init__(self, script: Callable[[Callable[..., FakeRoute]], tuple[str, str]]) -> None:
        self.script = script
        self.options: dict[str, Any] = {}
        self.closed: list[str] = []

    def launch(self, **options: Any) -> Any:
        self.options = options
        return SimpleNamespace(new_context=self.context, close=lambda: self.closed.append("browser"))

    def context(self, **options: Any) -> Any:
        self.options |= options
        handlers: list[Any] = []
        shown = SimpleNamespace(url="", wait_for_load_state=lambda *_, **__: None)

        def request(*given: Any, **more: Any) -> FakeRoute:
            route = FakeRoute(*given, **more)
            handlers[0](route)
            return route

        def goto(url: str, **_: Any) -> None:
            request(url, "document", navigation=True)
            shown.url, text = self.script(request)
            shown.content = lambda: text

        shown.goto = goto
        return SimpleNamespace(
            new_page=lambda: shown, route=lambda _, handler: handlers.append(handler), route_web_socket=lambda *_: None,
            cookies=lambda _: [{"name": "a", "value": "1"}], close=lambda: self.closed.append("context"),
        )  # fmt: skip


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> FakeChromium:
    """The driver with a browser made for the test."""
    made = FakeChromium(lambda request: (START, f"<html><body>{TEXT}</body></html>"))
    driver: Any = ModuleType("playwright.sync_api")

    class Running:
        def __enter__(self) -> Any:
            return SimpleNamespace(chromium=made)

        def __exit__(self, *_: object) -> None:
            made.closed.append("driver")

    driver.Error, driver.sync_playwright = FakeError, Running
    monkeypatch.setitem(sys.modules, "playwright", ModuleType("playwright"))
    monkeypatch.setitem(sys.modules, "playwright.sync_api", driver)
    return made


def fetch(web: Web, manners: Any, folder: Path) -> Any:
    return fetch_policy(START, folder / "out", browser=True, resolve=web.resolve, manners=manners)


def test_the_rendered_page_is_kept(web: Web, manners: Any, tmp_path: Path, chromium: FakeChromium) -> None:
    """What the browser shows is kept and marked so; the browser resolves no name, keeps its sandbox and is closed."""
    web["policy.test/p"] = page(SHELL)
    (one,) = fetch(web, manners, tmp_path)
    assert (one.by, one.status, one.final_url) == ("browser", 200, START)
    assert TEXT in (tmp_path / "out" / "main.html").read_text("utf-8")
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in chromium.options["args"]
    assert chromium.options["chromium_sandbox"] is True
    assert (chromium.options["service_workers"], chromium.options["accept_downloads"]) == ("block", False)
    assert chromium.closed == ["context", "browser", "driver"]
    assert web.asked.count("policy.test/p") == 1
    assert holds_policy([one])


def test_parts_of_a_page_meet_the_guard(web: Web, manners: Any, tmp_path: Path, chromium: FakeChromium) -> None:
    """Scripts and data are fetched with the page's own cookies; private addresses, files and pictures are refused."""
    web["policy.test/p"] = page(SHELL)
    web["policy.test/a.js"] = moved("/b.js")
    web["policy.test/b.js"] = page("1", "text/javascript", "200 OK", "Set-Cookie: a=1", "Set-Cookie: b=2")
    web["policy.test/api"] = page("{}", "application/json")
    web["policy.test/away"] = moved("http://other.test/x")
    web["policy.test/in"] = moved("http://10.0.0.1/")
    web["policy.test/round"] = moved("/round")
    web["other.test/x"] = page("x", "text/plain")
    seen: dict[str, FakeRoute] = {}

    def script(request: Callable[..., FakeRoute]) -> tuple[str, str]:
        seen["script"] = request("http://policy.test/a.js", "script")
        seen["post"] = request("http://policy.test/api", "fetch", "POST", b"q=1")
        seen["away"] = request("http://policy.test/away", "fetch")
        for url in ("http://127.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://policy.test/in", "file:///etc/passwd",
                    "http://policy.test:22/", "http://policy.test/round"):  # fmt: skip
            assert request(url, "fetch").outcome == {"abort": "accessdenied"}, url
        assert request("http://policy.test/big", "fetch", "POST", b"x" * 70_000).outcome == {"abort": "accessdenied"}
        assert request("http://policy.test/a.png", "image").outcome == {"abort": "blockedbyclient"}
        assert request("http://policy.test/x", "fetch", "DELETE").outcome == {"abort": "blockedbyclient"}
        return START, f"<html><body>{TEXT}</body></html>"

    chromium.script = script
    fetch(web, manners, tmp_path)
    assert seen["script"].outcome["body"] == b"1"
    assert seen["script"].outcome["headers"]["set-cookie"] == "a=1\nb=2"
    post = next(request for request in web.requests if request.startswith(b"POST"))
    assert b"cookie: a=1" in post
    assert b"stale" not in post
    assert b"x-page: 1" in post
    away = next(request for request in web.requests if b"other.test" in request)
    assert b"cookie" not in away.lower()
    assert b"x-page" not in away


def test_a_page_that_leads_on(web: Web, manners: Any, tmp_path: Path, chromium: FakeChromium) -> None:
    """A page that a script leads on to is asked like a document: by robots.txt, and redirects keep its address right."""
    web["policy.test/p"] = page(SHELL, "text/html", "412 Precondition Failed")
    web["policy.test/robots.txt"] = page("User-agent: *\nDisallow: /no\n", "text/plain")
    web["policy.test/old"] = moved("/new")
    web["policy.test/new"] = page(f"<html>{TEXT}</html>")

    def script(request: Callable[..., FakeRoute]) -> tuple[str, str]:
        assert request("http://policy.test/no", "document", navigation=True).outcome == {"abort": "accessdenied"}
        first = request("http://policy.test/old", "document", navigation=True)
        assert b'location.replace("http://policy.test/new")' in first.outcome["body"]
        second = request("http://policy.test/new", "document", navigation=True)
        return "http://policy.test/new", second.outcome["body"].decode()

    chromium.script = script
    (one,) = fetch(web, manners, tmp_path)
    assert (one.final_url, one.status) == ("http://policy.test/new", 200)
    assert web.asked.count("policy.test/new") == 1


def test_a_page_has_so_many_parts(web: Web, manners: Any, tmp_path: Path, chromium: FakeChromium, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A page that never stops asking is answered so often and no more."""
    web["policy.test/p"] = page(SHELL)
    monkeypatch.setattr(browser, "PART_LIMIT", 3)

    def script(request: Callable[..., FakeRoute]) -> tuple[str, str]:
        outcomes = [request(f"http://policy.test/{n}", "fetch").outcome for n in range(5)]
        assert [outcome.get("abort") for outcome in outcomes] == [None, None, None, "accessdenied", "accessdenied"]
        return START, f"<html><body>{TEXT}</body></html>"

    chromium.script = script
    fetch(web, manners, tmp_path)


def test_what_a_browser_cannot_show(web: Web, manners: Any, tmp_path: Path, chromium: FakeChromium) -> None:
    """No text in a browser either, a page that grows without end, one that fails and one that leaves the web are told."""
    web["policy.test/p"] = page(SHELL)
    chromium.script = lambda _: (START, SHELL)
    assert [one.note for one in fetch(web, manners, tmp_path)] == [NO_TEXT_IN_BROWSER]
    chromium.script = lambda _: (START, "x" * 300_000)
    with pytest.raises(Exception, match="a page of more than"):
        fetch(web, manners, tmp_path / "b")
    chromium.script = lambda _: ("chrome-error://chromewebdata/", "x")
    with pytest.raises(UsageError, match="begins with https"):
        fetch(web, manners, tmp_path / "c")

    def failing(_: Any) -> tuple[str, str]:
        raise FakeError("Timeout 30000ms\nlog")

    chromium.script = failing
    with pytest.raises(UsageError, match=r"the browser did not show it .Timeout 30000ms.$"):
        fetch(web, manners, tmp_path / "d")


def test_a_browser_that_does_not_start(web: Web, manners: Any, tmp_path: Path, chromium: FakeChromium, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Without a browser program one line says what to run, and nothing is asked."""

    def failing(**_: Any) -> Any:
        raise FakeError("Executable doesn't exist\nmore")

    monkeypatch.setattr(chromium, "launch", failing)
    with pytest.raises(UsageError, match="playwright install chromium") as told:
        fetch(web, manners, tmp_path)
    assert "\n" not in str(told.value)
    assert web.asked == []


def test_a_pdf_needs_no_browser(web: Web, manners: Any, tmp_path: Path, chromium: FakeChromium) -> None:
    """What is no page is kept as it came."""
    web["policy.test/p"] = page(b"%PDF-1.7 x", "application/pdf")
    (one,) = fetch(web, dataclasses.replace(manners), tmp_path)
    assert (one.by, one.file) == ("http", "main.pdf")

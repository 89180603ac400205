"""A real browser for pages that scripts write: it renders, and every connection is still ours.

The browser may resolve no name and so connect to nobody; each request of a page is answered with what ``Visitor`` fetched, by
the same checks and limits as a document. Pictures, fonts, sounds and sockets hold no text and are left out.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from mingcha import __version__
from mingcha.capture.addresses import Url, joined, parse_url
from mingcha.capture.visits import REDIRECTS, Render, Rendered, Visit, Visitor
from mingcha.capture.wire import Answer, Question
from mingcha.errors import LimitError, MingchaError, UsageError

MISSING = "--browser needs a package that is not installed: run `pip install 'mingcha[capture]'`, then `playwright install chromium`"
PART_LIMIT = 300
TOTAL_LIMIT = 96 * 1024 * 1024
"""Requests of one page, and bytes of all their answers."""

LOAD_MILLISECONDS = 30_000
SETTLE_MILLISECONDS = 8_000
_POST_LIMIT = 64 * 1024
_LEFT_OUT = frozenset({"image", "media", "font", "texttrack", "eventsource", "websocket", "manifest", "ping"})
_ARGUMENTS = ("--host-resolver-rules=MAP * ~NOTFOUND", "--dns-prefetch-disable", "--disable-background-networking")
_AGENT = f"Mozilla/5.0 (compatible; Mingcha/{__version__}; privacy policy inspection)"
_INSTALLED = ("chromium", "chromium-browser", "google-chrome")
_NOT_PASSED = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})


@contextmanager
def rendering() -> Iterator[Render]:
    """A browser for as long as it is needed. Raises UsageError if there is none."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise UsageError(MISSING) from None
    with sync_playwright() as playwright:
        try:
            browser = _launched(playwright.chromium)
        except Error as error:
            raise UsageError(
                f"--browser: Chromium does not start ({_first_line(error)}); run `playwright install chromium`, and not as root"
            ) from None
        try:
            yield partial(_rendered, browser, Error)
        finally:
            browser.close()


def _launched(chromium: Any) -> Any:
    """Playwright's own Chromium, else the system's; always in its sandbox, for the pages are anybody's."""
    own = chromium.executable_path
    path = own if own and shutil.which(own) else next(filter(None, map(shutil.which, _INSTALLED)), None)
    return chromium.launch(executable_path=path, chromium_sandbox=True, args=list(_ARGUMENTS))


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _rendered(browser: Any, failure: type[Exception], visit: Visit, visitor: Visitor) -> Rendered:
    context = browser.new_context(
        user_agent=_AGENT, locale="zh-CN", service_workers="block", accept_downloads=False, permissions=[]
    )
    try:
        page = context.new_page()
        parts = Parts(visit, visitor, context)
        context.route("**/*", parts.answer)
        context.route_web_socket("**/*", lambda socket: socket.close())
        page.goto(parts.start, wait_until="load", timeout=LOAD_MILLISECONDS)
        with suppress(failure):  # a page that never rests is taken as it stands
            page.wait_for_load_state("networkidle", timeout=SETTLE_MILLISECONDS)
        body = page.content().encode("utf-8", "replace")
        if len(body) > visitor.manners.size:
            raise LimitError(f"{visit.asked}: a page of more than {visitor.manners.size // 1024} KiB")
        return str(parse_url(page.url)), parts.status, body
    except failure as error:
        raise UsageError(f"{visit.asked}: the browser did not show it ({_first_line(error)})") from None
    finally:
        context.close()


class Parts:
    """Answers the requests of one page, one after the other."""

    def __init__(self, visit: Visit, visitor: Visitor, context: Any) -> None:
        self.start = str(visit.final) + (f"#{visit.asked.fragment}" if visit.asked.fragment else "")
        self.status = visit.answer.status
        self._ready: dict[str, Answer] = {str(visit.final): visit.answer}
        self._visitor = visitor
        self._context = context
        self._count = 0
        self._bytes = 0

    def answer(self, route: Any) -> None:
        """Fulfil a request, or refuse it."""
        request = route.request
        if request.resource_type in _LEFT_OUT or request.method not in ("GET", "POST"):
            route.abort("blockedbyclient")
            return
        try:
            answer = self._answer(request, parse_url(request.url).without_fragment())
        except MingchaError:  # the page goes without this part, as it would behind a firewall
            route.abort("accessdenied")
            return
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self.status = answer.status
        route.fulfill(status=answer.status, headers=_headers(answer), body=answer.body)

    def _answer(self, request: Any, url: Url) -> Answer:
        ready = self._ready.pop(str(url), None) if request.method == "GET" else None
        if ready is not None:
            return ready
        self._count += 1
        if self._count > PART_LIMIT or self._bytes > TOTAL_LIMIT:
            raise LimitError(f"a page of more than {PART_LIMIT} parts or {TOTAL_LIMIT} bytes")
        answer = self._document(request, url) if request.is_navigation_request() else self._part(request, url)
        self._bytes += len(answer.body)
        return answer

    def _document(self, request: Any, url: Url) -> Answer:
        """A page that the page leads on to: asked like any document, by robots.txt and with a pause."""
        visit = self._visitor.visit(url, self._asking(request, url))
        if visit.final == url:
            return visit.answer
        self._ready[str(visit.final)] = visit.answer
        onward = f"<script>location.replace({json.dumps(str(visit.final))})</script>"  # so that its address is right
        return Answer(200, (("content-type", "text/html"),), onward.encode())

    def _part(self, request: Any, url: Url) -> Answer:
        """A script, a style or data, through redirects."""
        body = request.post_data_buffer or b""
        if len(body) > _POST_LIMIT:
            raise LimitError(f"a request of more than {_POST_LIMIT} bytes")
        question = Question(url, request.method, self._asking(request, url), body)
        for _ in range(self._visitor.manners.redirects + 1):
            answer = self._visitor.pass_on(question)
            target = answer.header("location")
            if answer.status not in REDIRECTS or not target:
                return answer
            onward = joined(question.url, target).without_fragment()
            same = onward.origin == url.origin  # what a page says to one site is not said to another
            question = Question(onward, "GET", self._asking(request, onward) if same else None)
        raise LimitError(f"{url}: too many redirects")

    def _asking(self, request: Any, url: Url) -> Mapping[str, str]:
        """The headers of a request, and the cookies that belong to its address."""
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in self._context.cookies([str(url)]))
        kept = {k: v for k, v in request.headers.items() if k.lower() != "cookie"}
        return {**kept, **({"cookie": cookies} if cookies else {})}


def _headers(answer: Answer) -> dict[str, str]:
    """Headers by name; a browser's driver takes several cookies one a line."""
    found: dict[str, str] = {}
    for name, value in answer.headers:
        if name not in _NOT_PASSED:
            between = "\n" if name == "set-cookie" else ", "
            found[name] = f"{found[name]}{between}{value}" if name in found else value
    return found

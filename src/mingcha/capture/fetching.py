"""A privacy policy and the lists it links, fetched into a folder: ``mingcha policy fetch``."""

from __future__ import annotations

import hashlib
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from mingcha.capture import links
from mingcha.capture.addresses import Resolve, Url, joined, parse_url, public
from mingcha.capture.links import Link, Page, Role
from mingcha.capture.records import LEAST_TEXT, Fetched, Led, Record, Redirect, empty_folder, write_record, write_whole
from mingcha.capture.visits import Manners, Progress, Render, Visitor
from mingcha.errors import FormatError, MingchaError, UsageError
from mingcha.formats import page

NO_TEXT = "the page holds no text; try --browser"
NO_TEXT_IN_BROWSER = "the page holds no text, in a browser neither; save it by hand as PDF or text"
_BLOCKED = frozenset({401, 403, 405, 406, 412, 418, 429, 503, 521})


def fetch_policy(
    url: str,
    folder: Path,
    *,
    browser: bool = False,
    ignore_robots: bool = False,
    limit: int = 8,
    progress: Progress = str,
    resolve: Resolve = public,
    manners: Manners | None = None,
) -> list[Fetched]:
    """Save a policy and the lists and rules that it links, at most ``limit`` documents, and ``fetched.json``.

    The folder must be new or empty. What a link led to and did not come is told in its ``problem``; if the policy itself does
    not come, nothing is kept and UsageError or LimitError says why. ``resolve`` turns a name into the checked addresses that are
    connected to; another one than ``public`` is for tests with servers of their own.
    """
    if limit < 1:
        raise UsageError("at least one document must be allowed")
    start = parse_url(url)
    visitor = Visitor(manners or Manners(), resolve, ignore_robots, progress)
    with _rendering(browser=browser) as render:
        work = _Fetching(empty_folder(folder), start, visitor, limit, render)
        return work.run()


def _rendering(*, browser: bool) -> AbstractContextManager[Render | None]:
    if not browser:
        return nullcontext()
    from mingcha.capture.browser import rendering

    return rendering()


@dataclass(frozen=True, slots=True)
class _Wanted:
    url: Url
    role: Role
    led: Led | None = None
    depth: int = 0


@dataclass
class _Fetching:
    """One policy on its way into one folder."""

    folder: Path
    start: Url
    visitor: Visitor
    limit: int
    render: Render | None
    documents: list[Fetched] = field(default_factory=list)
    _queue: deque[_Wanted] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)

    def run(self) -> list[Fetched]:
        self._want(_Wanted(self.start, "main"))
        while self._queue:
            wanted = self._queue.popleft()
            try:
                done = self._fetched(wanted)
            except MingchaError as error:
                if not self.documents:
                    raise  # the policy itself
                done = Fetched(role=wanted.role, url=str(wanted.url), led=wanted.led, problem=str(error))
            self.documents.append(done)
            self._keep_record()
        return self.documents

    def _keep_record(self) -> None:
        robots = "ignored" if self.visitor.ignore_robots else "respected"
        write_record(self.folder, Record(url=str(self.start), robots=robots, documents=tuple(self.documents)))  # type: ignore[arg-type]

    def _want(self, wanted: _Wanted) -> None:
        key = self._key(wanted.url)
        if key not in self._seen:
            self._seen.add(key)
            self._queue.append(wanted)

    def _key(self, url: Url) -> str:
        """What makes two addresses one document; a browser may show another one behind ``#/``."""
        routed = self.render is not None and url.fragment.startswith(("/", "!"))
        return str(url if routed else url.without_fragment())

    # --- one document ---

    def _fetched(self, wanted: _Wanted) -> Fetched:
        if len(self.documents) >= self.limit:
            raise UsageError(f"not fetched: there are already {self.limit} documents (see --limit)")
        visit = self.visitor.visit(wanted.url)
        self._seen.add(self._key(visit.final))
        final, status, body = str(visit.final), visit.answer.status, visit.answer.body
        rendered = self.render is not None and page.kind_of(body) == "html"
        if self.render is not None and rendered:
            final, status, body = self.render(visit, self.visitor)
        _arrived(visit.asked, status, body)
        content, unread = _content(body, final)
        name, known = self._named(wanted.role, body, final)
        if not known:
            write_whole(self.folder / name, body)
        self._follow(wanted, content, final, name)
        return Fetched(
            role=wanted.role,
            url=str(wanted.url),
            final_url=final,
            redirects=tuple(Redirect(str(hop.url), hop.status) for hop in visit.hops),
            at=visit.at,
            status=status,
            content_type=visit.answer.header("content-type")[:200] or None,
            content_encoding=visit.answer.header("content-encoding")[:40] or None,
            by="browser" if rendered else "http",
            file=name,
            size=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
            characters=None if unread else content.characters,
            led=wanted.led,
            note=unread or self._note(content, known=known),
        )

    def _note(self, content: Page, *, known: bool) -> str | None:
        if content.characters < LEAST_TEXT:
            if any(content.frames()):
                return "the page itself holds no text; what it shows in a frame or leads on to is fetched too"
            return NO_TEXT if self.render is None else NO_TEXT_IN_BROWSER
        return "the same bytes as a document before" if known else None

    def _named(self, role: Role, body: bytes, final: str) -> tuple[str, bool]:
        """The file of these bytes, and whether it is there already. Names come from us, never from the site."""
        digest = hashlib.sha256(body).hexdigest()
        for before in self.documents:
            if before.sha256 == digest and before.file is not None:
                return before.file, True
        count = sum(before.role == role and before.file is not None for before in self.documents)
        return f"{role}{f'-{count + 1}' if count else ''}.{_suffix(body, final)}", False

    # --- where it leads ---

    def _follow(self, wanted: _Wanted, content: Page, final: str, name: str) -> None:
        base = parse_url(final)
        if content.characters < LEAST_TEXT:
            for link in content.frames():
                self._lead(link, wanted.role, wanted, base, content.base, name)
        for link, role in content.named():
            self._lead(link, role, wanted, base, content.base, name)

    def _lead(self, link: Link, role: Role, wanted: _Wanted, page_url: Url, base: str, name: str) -> None:
        try:
            target = joined(joined(page_url, base) if base else page_url, link.reference)
        except UsageError:
            return  # mailto:, javascript: and the like lead to no document
        deeper = wanted.depth + (link.kind == "link")
        if deeper > _DEPTH or (wanted.depth and link.kind == "link" and target.host != page_url.host):
            return
        shown = "" if links.text_decides(link) else link.before
        led = Led(page=name, kind=link.kind, text=link.text[:200], before=shown)
        self._want(_Wanted(target, role, led, deeper))


_DEPTH = 2
"""Links away from the policy. From a list only pages of the same host are asked: its rows name other firms' policies."""


def _content(body: bytes, final: str) -> tuple[Page, str | None]:
    """What a document holds, or why that cannot be told; it is kept either way."""
    try:
        return links.read(body, urlsplit(final).path), None
    except FormatError as error:
        return Page(0), f"Mingcha cannot read it: {error}"


def _arrived(asked: Url, status: int, body: bytes) -> None:
    """Raises UsageError unless a document came."""
    if status in _BLOCKED:
        raise UsageError(
            f"{asked} answered {status}: the site turns away programs; try --browser, or save the page yourself"
        )
    if status != 200:
        raise UsageError(f"{asked} answered {status}: check the address in a browser")
    if not body.strip():
        raise UsageError(f"{asked}: the answer is empty; try --browser")


def _suffix(body: bytes, final: str) -> str:
    kind = page.kind_of(body)
    if kind == "text":
        return "md" if urlsplit(final).path.lower().endswith((".md", ".markdown")) else "txt"
    return kind or "bin"

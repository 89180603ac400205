"""Asking for documents as a guest: one at a time, with pauses, by robots.txt, every redirect checked like a first address."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mingcha.capture import robots
from mingcha.capture.addresses import Resolve, Url, joined, public
from mingcha.capture.wire import Answer, Question, ask
from mingcha.errors import LimitError, MingchaError, UsageError
from mingcha.formats.page import SIZE_LIMIT

AGENT = "mingcha"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
Progress = Callable[[str], object]


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)  # noqa: TID251  # evidence says when it was taken


@dataclass(frozen=True, slots=True)
class Manners:
    """How a guest behaves: seconds between requests, for one and for all; bytes of one document; redirects in a row."""

    delay: float = 1.0
    seconds: float = 60.0
    total: float = 600.0
    size: int = SIZE_LIMIT
    redirects: int = 5
    sleep: Callable[[float], object] = time.sleep
    now: Callable[[], dt.datetime] = _now


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect: the address that gave it, and how."""

    url: Url
    status: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A document that was asked for, and what came back from where in the end."""

    asked: Url
    final: Url
    hops: tuple[Hop, ...]
    answer: Answer
    at: str


@dataclass
class Visitor:
    """Makes visits; remembers when it last asked and what each site's robots.txt says."""

    manners: Manners = field(default_factory=Manners)
    resolve: Resolve = public
    ignore_robots: bool = False
    progress: Progress = str
    _robots: dict[str, robots.Robots] = field(default_factory=dict)
    _last: float | None = None
    _start: float = field(default_factory=time.monotonic)

    def visit(self, url: Url, headers: Mapping[str, str] | None = None) -> Visit:
        """Ask for a document, through redirects. Raises MingchaError for what may not be asked or did not come."""
        return self._walk(url, headers, heed=not self.ignore_robots)

    def pass_on(self, question: Question) -> Answer:
        """Ask for a part of a page in a browser: checked and bounded like a document, but without a pause."""
        return self._ask(question)

    def _walk(self, url: Url, headers: Mapping[str, str] | None = None, *, heed: bool) -> Visit:
        hops: list[Hop] = []
        at, seen = url.without_fragment(), set[Url]()
        while True:
            if at in seen:
                raise UsageError(f"{url}: redirects in a circle")
            seen.add(at)
            own = headers if at.origin == url.origin else None  # cookies are not carried to another site
            answer = self._guest(at, own, heed=heed)
            when = self.manners.now().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            target = answer.header("location")
            if answer.status not in REDIRECTS or not target:
                return Visit(url, at, tuple(hops), answer, when)
            hops.append(Hop(at, answer.status))
            if len(hops) > self.manners.redirects:
                raise LimitError(f"{url}: more than {self.manners.redirects} redirects")
            at = _target(at, target).without_fragment()

    def _guest(self, url: Url, headers: Mapping[str, str] | None, *, heed: bool) -> Answer:
        delay = self.manners.delay
        if heed:
            rules = self._rules(url)
            delay = max(delay, rules.delay)
            if not rules.allows(url.path):
                raise UsageError(
                    f"{url}: robots.txt of {url.host} asks not to fetch this; save the page yourself, or use "
                    "--ignore-robots if the site is your own"
                )
        self._pause(delay)
        self.progress(f"fetching {url}")
        return self._ask(Question(url, headers=headers))

    def _pause(self, delay: float) -> None:
        """Wait until ``delay`` after the request before."""
        if self._last is not None:
            self.manners.sleep(max(0.0, self._last + delay - time.monotonic()))
        self._last = time.monotonic()

    def _ask(self, question: Question) -> Answer:
        left = self._start + self.manners.total - time.monotonic()
        if left <= 0:
            raise LimitError(
                f"{question.url.host}: the time for the whole policy ({self.manners.total:g} s) is used up"
            )
        endpoints = self.resolve(question.url)
        answer = ask(question, endpoints, seconds=min(self.manners.seconds, left), size=self.manners.size)
        self._last = time.monotonic()
        return answer

    def _rules(self, url: Url) -> robots.Robots:
        if url.origin not in self._robots:
            self._robots[url.origin] = self._read_rules(Url(url.scheme, url.host, url.port, "/robots.txt"))
        return self._robots[url.origin]

    def _read_rules(self, url: Url) -> robots.Robots:
        """What robots.txt says. One that is not there forbids nothing; one that cannot be had forbids all (RFC 9309)."""
        try:
            answer = self._walk(url, heed=False).answer
        except LimitError as error:
            raise LimitError(
                f"{error}; without robots.txt nothing of {url.host} is fetched, see --ignore-robots"
            ) from None
        if answer.status >= 500 or answer.status == 429:
            raise UsageError(
                f"{url} answered {answer.status}: it is not known what {url.host} asks of robots, so nothing is fetched; try "
                "later, or use --ignore-robots if the site is your own"
            )
        return robots.read(answer.body, AGENT) if answer.status == 200 else robots.Robots()


def _target(at: Url, reference: str) -> Url:
    try:
        return joined(at, reference)
    except MingchaError as error:
        raise UsageError(f"{at} redirects to an address that is not asked: {error}") from None


Rendered = tuple[str, int, bytes]
"""Where a browser ended, with which status, and the page as it then stood."""
Render = Callable[[Visit, Visitor], Rendered]

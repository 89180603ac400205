"""Headers of every answer, and nothing in it that misleads the eye: nothing is loaded from elsewhere, nothing runs inline, nobody frames us."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mingcha.render.legible import named

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

_MISLEADS = re.compile(rb"\xe2\x80[\x8b\x8e\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf")
"""In UTF-8: what has no width or turns the line around. No page of ours has any."""
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def plain(answer: HttpResponse) -> None:
    """Names of apps come from anywhere and stand on every page: characters nobody sees are named there, like ``[U+202E]``, whoever forgot to."""
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith(("text/html", "application/atom")):
        return
    if _MISLEADS.search(answer.content):
        answer.content = _UNSEEN.sub(named, answer.content.decode(answer.charset)).encode(answer.charset)


class Headers:
    """Adds what Django's own middleware does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        answer = self._next(request)
        plain(answer)
        answer.headers.setdefault("Content-Security-Policy", POLICY)
        answer.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        return answer

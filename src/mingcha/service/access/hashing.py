"""One password at a time in each process: hashing is made to be slow, and must not take the machine from those who only look something up.

Whoever comes while another password is being hashed is asked to try again in a second. Passkeys cost nothing and are always let through.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mingcha.service.text import Text

_BUSY = Text(
    "登录人数较多，请稍候再试，或使用通行密钥登录。",
    "Many are signing in: try again in a moment, or sign in with a passkey.",
)


class OneAtATime:
    """Answers 503 at once where it would otherwise hash two passwords side by side."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response
        self._free = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not _hashes(request):
            return self._next(request)
        if not self._free.acquire(blocking=False):
            return HttpResponse(
                f"{_BUSY.zh}\n{_BUSY.en}\n",
                status=503,
                content_type="text/plain; charset=utf-8",
                headers={"Retry-After": "1"},
            )
        try:
            return self._next(request)
        finally:
            self._free.release()


def _hashes(request: HttpRequest) -> bool:
    path = request.path.removeprefix("/en")
    return request.method == "POST" and path.startswith("/accounts/") and not path.startswith("/accounts/2fa/")

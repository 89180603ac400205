"""What was filled in so far, kept between the pages of the form: encrypted in the session, gone when it is sent or after an hour."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from mingcha.errors import RecordError
from mingcha.service import vault

_KEY = "complaint-draft"


def read(request: HttpRequest) -> dict[str, Any]:
    """The draft; empty where there is none."""
    sealed = request.session.get(_KEY)
    if sealed is None:
        return {}
    try:
        return dict(vault.unseal(sealed.encode()))
    except RecordError:
        return {}


def add(request: HttpRequest, **fields: Any) -> None:
    """Keep some more."""
    request.session[_KEY] = vault.seal({**read(request), **fields}).decode()
    request.session.set_expiry(3600)


def drop(request: HttpRequest) -> None:
    """Forget it."""
    request.session.pop(_KEY, None)

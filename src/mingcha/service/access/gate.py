"""At the door of every page: who is it, and is the route open to him."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from mingcha.service.access.rules import ANYBODY, RULES
from mingcha.service.actions.acting import VISITOR, Doer, doer_of
from mingcha.service.roles import Role

CODE = "complaint"
"""Key of the session that holds the complaint whose query code was shown."""
_ALLAUTH = ("account_", "mfa_")
_API = "api:"


class Gate:
    """Puts ``doer`` on the request and refuses routes that are not his."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self._next(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """None: come in. Signed-out people are sent to sign in, others get 403."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith(_API):
            from mingcha.service.api.door import enter

            return enter(request, RULES.get(name), who)
        rule = RULES.get(name)
        doer = _by_code(request) if rule is not None and rule.code else who(request)
        request.doer = doer  # type: ignore[attr-defined]
        if name.startswith(_ALLAUTH):
            return None
        if rule is not None and (rule is ANYBODY or rule.lets(doer.roles, code=doer.complaint is not None)):
            return None
        if doer.account is None and rule is not None and not rule.code:
            return redirect(f"{resolve_url('account_login')}?next={request.path}")
        raise PermissionDenied


def who(request: HttpRequest) -> Doer:
    """Who asks. Pages for anybody never touch the session of somebody who has none."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return VISITOR
    complaint = request.session.get(CODE)
    if not request.user.is_authenticated:
        return VISITOR if complaint is None else _person(complaint)
    from allauth.mfa.utils import is_mfa_enabled

    demanded = settings.SECOND_FACTOR
    return doer_of(
        request.user,
        strong=not demanded or _just_shown(request),
        second_factor=not demanded or is_mfa_enabled(request.user),
    )


def _by_code(request: HttpRequest) -> Doer:
    """On the pages of a complaint only the code counts: whoever is signed in beside it stays unnamed there."""
    complaint = request.session.get(CODE)
    return VISITOR if complaint is None else _person(complaint)


def _person(complaint: int) -> Doer:
    return Doer(f"complainant:{complaint}", roles=frozenset({Role.VISITOR, Role.COMPLAINANT}), complaint=complaint)


def _just_shown(request: HttpRequest) -> bool:
    """Whether a second factor was shown within the time of the settings."""
    shown = [
        one.get("at", 0)
        for one in request.session.get("account_authentication_methods", ())
        if one.get("method") == "mfa"
    ]
    return bool(shown) and time.time() - max(shown) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT  # noqa: TID251  # allauth's clock, not the law's

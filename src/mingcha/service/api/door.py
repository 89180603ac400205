"""At the door of the API: who asks, by session or by token, and whether the route is open to him. `access.gate` calls it for every route here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.utils import check_csrf

from mingcha.service import clock
from mingcha.service.access.rules import Rule
from mingcha.service.actions.acting import VISITOR, Doer, doer_of
from mingcha.service.actions.tokens import digest, living
from mingcha.service.api.answers import SIGN_IN, no
from mingcha.service.text import Text

NAMESPACE = "api"
_SCHEME = "Bearer "
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_MINUTE = timedelta(minutes=1)


def enter(request: HttpRequest, rule: Rule | None, who: Callable[[HttpRequest], Doer]) -> HttpResponse | None:
    """None: come in, with ``doer`` on the request.

    A token stands for itself: where one is sent, no session counts. Without one, whatever changes something needs the token against forged
    requests like any form: django-ninja exempts its views from Django's own check.
    """
    given = request.headers.get("Authorization", "")
    doer = _holder(given.removeprefix(_SCHEME)) if given.startswith(_SCHEME) else who(request)
    if doer is None:
        return no(401, Text("令牌无效或已过期。", "The token is not valid, or no longer."))
    if not given.startswith(_SCHEME) and request.method not in _SAFE and check_csrf(request) is not None:
        return no(403, Text("缺少或错误的 CSRF 令牌。", "The CSRF token is missing or wrong."))
    request.doer = doer  # type: ignore[attr-defined]
    if rule is not None and rule.lets(doer.roles, code=doer.complaint is not None):
        return None
    if doer.account is None and doer.complaint is None and rule is not None:
        return no(401, SIGN_IN)
    return no(403, Text("没有权限。", "Not allowed."))


def _holder(secret: str) -> Doer | None:
    """Whose token it is; never with a fresh second factor, and with roles that need one only where the account has one."""
    from allauth.mfa.utils import is_mfa_enabled

    now = clock.now()
    found = living(now).filter(digest=digest(secret), account__is_active=True).select_related("account").first()
    if found is None:
        return None
    if found.used is None or now - found.used >= _MINUTE:
        type(found).objects.filter(pk=found.pk).update(used=now)
    doer = doer_of(found.account, second_factor=not settings.SECOND_FACTOR or is_mfa_enabled(found.account))
    return None if doer is VISITOR else doer

"""One's own API tokens: made with a fresh second factor, shown once, ended at any time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from mingcha.service import vault
from mingcha.service.actions.acting import perform
from mingcha.service.api.issuing import issued, living_of
from mingcha.service.pages.doing import form, second_factor, shown
from mingcha.service.pages.request import doer_of, number
from mingcha.service.text import Text

_ONCE = "token"
_DAYS = 90


def tokens(request: HttpRequest) -> HttpResponse:
    """The list; one token more, whose secret the next page shows and no other; one less."""
    revoking = request.POST.get("act") == "revoke"
    if request.method == "POST" and not revoking and (first := second_factor(request, request.path)) is not None:
        return first
    deed, told = (
        (_revoked, Text("令牌已吊销。", "The token is revoked."))
        if revoking
        else (_issued, Text("令牌已创建。", "The token is made."))
    )
    return form(request, lambda problem: _listed(request, problem), lambda: deed(request), told, to=request.path)


def _listed(request: HttpRequest, problem: Text | None) -> HttpResponse:
    sealed = request.session.pop(_ONCE, None)
    secret = vault.unseal(sealed.encode())["secret"] if sealed else ""
    values = {"tokens": living_of(doer_of(request)), "secret": secret, "days": request.POST.get("days", _DAYS)}
    page = shown(request, "desk/tokens.html", values, problem)
    page.headers["Cache-Control"] = "no-store"
    return page


def _issued(request: HttpRequest) -> None:
    data = {name: request.POST.get(name, "").strip() for name in ("name", "days")}
    request.session[_ONCE] = vault.seal({"secret": issued(doer_of(request), data)}).decode()


def _revoked(request: HttpRequest) -> None:
    doer, token = doer_of(request), number(request.POST.get("token"))
    if token is None:
        raise Http404
    perform("account", "revoke-token", doer, doer.account, {"token": token})

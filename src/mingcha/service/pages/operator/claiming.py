"""Opening an account, claiming an app, proving the claim by the app's signing key; and deciding on claims."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse

from mingcha.service import clock, search
from mingcha.service.access import effort
from mingcha.service.actions.acting import VISITOR, open_acts, perform
from mingcha.service.actions.operators import challenge as text_of
from mingcha.service.actions.operators import signers
from mingcha.service.models import Claim, Operator, Subject
from mingcha.service.pages.operator import reach
from mingcha.service.pages.operator.doing import kept, tried
from mingcha.service.pages.operator.reach import doer_of, signed_in
from mingcha.service.roles import Role
from mingcha.service.text import Text

_OPENED = ("username", "password", "title", "email")
_FOUND = 10
_LISTED = 50


def open_account(request: HttpRequest) -> HttpResponse:
    """An account without any role: it can do nothing but claim."""
    if doer_of(request).account is not None:
        return redirect("operator-claims")
    problem = None
    if request.method == "POST":
        problem = tried(
            request,
            lambda: _opened(request),
            Text("账户已开通，请登录后认领应用。", "Your account is open: sign in and claim your app."),
        )
        if problem is None:
            return redirect(f"{resolve_url('account_login')}?next={reverse('operator-claims')}")
    page = {"problem": problem, "sent": request.POST, "challenge": effort.challenge("account")}
    return render(request, "operator/open.html", page, status=422 if problem else 200)


def _opened(request: HttpRequest) -> None:
    effort.shown(request, "account")
    perform(
        "account",
        "create",
        VISITOR,
        None,
        {name: request.POST.get(name, "").strip() for name in _OPENED} | {"password": request.POST.get("password", "")},
    )


@signed_in
def claims(request: HttpRequest) -> HttpResponseBase:
    """The claims that concern who looks, and a search for an app to claim."""
    wanted = request.GET.get("q", "").strip()
    apps = list(search.find(wanted)[:_FOUND]) if wanted else []
    page = {
        "claims": reach.claims(doer_of(request)).order_by("-pk")[:_LISTED],
        "wanted": wanted,
        "apps": [one for one in apps if one.kind == "app"],
    }
    return render(request, "operator/claims.html", page)


@signed_in
def ask(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Claim one app."""
    subject = reach.found(Subject.objects.filter(kind="app").select_related("operator"), pk)
    doer = doer_of(request)
    owned = Operator.objects.filter(pk__in=[one.operator_id for one in doer.grants if one.role == Role.OPERATOR_OWNER])
    problem = None
    if request.method == "POST":
        made: list[Any] = []
        problem = tried(
            request,
            lambda: made.append(perform("claim", "ask", doer, None, _asked(request, subject))),
            Text("已提出认领申请。", "Your claim is on file."),
        )
        if problem is None:
            return redirect("operator-claim", pk=made[0].pk)
    page = {"subject": subject, "owned": owned, "problem": problem, "sent": request.POST}
    return render(request, "operator/ask.html", page, status=422 if problem else 200)


def _asked(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    sent = {name: request.POST.get(name, "").strip() for name in ("name", "credit_code", "note")}
    operator = request.POST.get("operator", "")
    return sent | {"subject": subject.pk} | ({"operator": int(operator)} if operator.isdigit() else {})


@signed_in
def claim(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A claim: its challenge and how to sign it for the claimant; the decision for whom it is to decide."""
    one: Claim = reach.found(reach.claims(doer_of(request)), pk)
    return _claim(request, one, None)


def _claim(request: HttpRequest, one: Claim, problem: Text | None) -> HttpResponse:
    doer = doer_of(request)
    own = doer.account is not None and doer.account.pk == one.account_id
    decide = [verb for verb in open_acts(doer, one) if verb.act in ("confirm", "refuse")] if not own else []
    page = {
        "claim": one, "own": own, "decide": decide, "problem": problem, "live": one.used is None and clock.now() <= one.expires,
        "text": text_of(one).decode(), "known": sorted(signers(one.subject)), "signer": one.signer,
    }  # fmt: skip
    return render(request, "operator/claim.html", page, status=422 if problem else 200)


@signed_in
def challenge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The text to be signed, byte for byte."""
    one = _own(request, pk)
    page = HttpResponse(text_of(one), content_type="application/octet-stream")
    page.headers["Content-Disposition"] = 'attachment; filename="challenge.txt"'
    page.headers["Cache-Control"] = "no-store"
    return page


@signed_in
def prove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The signed challenge comes back; or a new challenge is wanted."""
    one, doer = _own(request, pk), doer_of(request)
    if request.method != "POST":
        return redirect("operator-claim", pk=pk)
    if request.POST.get("renew"):
        problem = tried(
            request, lambda: perform("claim", "renew", doer, one), Text("验证文本已更换。", "Here is a new challenge.")
        )
    else:
        problem = tried(request, lambda: _proved(request, one), Text("签名已通过验证。", "The signature verifies."))
    one.refresh_from_db()
    return redirect("operator-claim", pk=pk) if problem is None else _claim(request, one, problem)


def _proved(request: HttpRequest, one: Claim) -> None:
    rows = kept(request, ("signature", "certificate"), "claim")
    perform("claim", "prove", doer_of(request), one, {name: row.pk for name, row in rows.items()})


def _own(request: HttpRequest, pk: int) -> Claim:
    """A claim of one's own: nobody else gets its challenge. Raises Http404."""
    return reach.found(Claim.objects.filter(account=doer_of(request).account), pk)  # type: ignore[no-any-return]


@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Confirm or refuse a claim."""
    one, doer = reach.found(reach.claims(doer_of(request)), pk), doer_of(request)
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in ("confirm", "refuse"):
        raise Http404
    if act == "confirm" and not doer.strong:
        return redirect(f"{reverse('mfa_reauthenticate')}?next={reverse('operator-claim', args=[pk])}")
    data = {"proof" if act == "confirm" else "reason": request.POST.get("reason", "")}
    problem = tried(request, lambda: perform("claim", act, doer, one, data), Text("已办理。", "Done."))
    return redirect("operator-claim", pk=pk) if problem is None else _claim(request, one, problem)

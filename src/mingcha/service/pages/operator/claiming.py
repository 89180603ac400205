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
from mingcha.service.pages.doing import form, second_factor, shown
from mingcha.service.pages.operator import reach
from mingcha.service.pages.operator.reach import signed_in
from mingcha.service.pages.request import doer_of, number
from mingcha.service.pages.uploading.taking import kept
from mingcha.service.text import Text

_OPENED = ("username", "title", "email")
_WHY = {"confirm": "proof", "refuse": "reason"}
"""What the words of a decision are called in the data of its act."""
_FOUND = 10
_LISTED = 50


def open_account(request: HttpRequest) -> HttpResponse:
    """An account without any role: it can do nothing but claim."""
    if doer_of(request).account is not None:
        return redirect("operator-claims")
    return form(
        request,
        lambda problem: shown(request, "operator/open.html", {"challenge": effort.challenge("account")}, problem),
        lambda: _opened(request),
        Text("账户已开通，请登录后认领应用。", "Your account is open: sign in and claim your app."),
        to=f"{resolve_url('account_login')}?next={reverse('operator-claims')}",
    )


def _opened(request: HttpRequest) -> None:
    effort.shown(request, "account")
    data = {name: request.POST.get(name, "").strip() for name in _OPENED}
    perform("account", "create", VISITOR, None, data | {"password": request.POST.get("password", "")})


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

    def page(problem: Text | None) -> HttpResponse:
        owned = Operator.objects.filter(pk__in=reach.owned(doer_of(request)))
        return shown(request, "operator/ask.html", {"subject": subject, "owned": owned}, problem)

    return form(request, page, lambda: _asked(request, subject), Text("已提出认领申请。", "Your claim is on file."))


def _asked(request: HttpRequest, subject: Subject) -> str:
    """The address of the claim."""
    data: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in ("name", "credit_code", "note")}
    operator = number(request.POST.get("operator"))
    data |= {"subject": subject.pk} | ({} if operator is None else {"operator": operator})
    return reverse("operator-claim", args=[perform("claim", "ask", doer_of(request), None, data).pk])


@signed_in
def claim(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A claim: its challenge and how to sign it for the claimant; the decision for whom it is to decide."""
    one: Claim = reach.found(reach.claims(doer_of(request)), pk)
    return _claim(request, one, None)


def _claim(request: HttpRequest, one: Claim, problem: Text | None) -> HttpResponse:
    doer = doer_of(request)
    own = doer.account is not None and doer.account.pk == one.account_id
    decide = [verb for verb in open_acts(doer, one) if verb.act in _WHY] if not own else []
    page = {
        "claim": one, "own": own, "decide": decide, "live": one.used is None and clock.now() <= one.expires,
        "text": text_of(one).decode(), "known": sorted(signers(one.subject)), "signer": one.signer,
    }  # fmt: skip
    return shown(request, "operator/claim.html", page, problem)


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
    renewing = bool(request.POST.get("renew"))
    told = (
        Text("验证文本已更换。", "Here is a new challenge.")
        if renewing
        else Text("签名已通过验证。", "The signature verifies.")
    )

    def page(problem: Text | None) -> HttpResponse:
        one.refresh_from_db()
        return _claim(request, one, problem)

    return form(
        request,
        page,
        lambda: perform("claim", "renew", doer, one) if renewing else _proved(request, one),
        told,
        to=reverse("operator-claim", args=[pk]),
    )


def _proved(request: HttpRequest, one: Claim) -> None:
    rows = kept(request, doer_of(request), ("signature", "certificate"), "claim")
    perform("claim", "prove", doer_of(request), one, {name: row.pk for name, row in rows.items()})


def _own(request: HttpRequest, pk: int) -> Claim:
    """A claim of one's own: nobody else gets its challenge. Raises Http404."""
    return reach.found(Claim.objects.filter(account=doer_of(request).account), pk)  # type: ignore[no-any-return]


@signed_in
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Confirm or refuse a claim."""
    one, doer = reach.found(reach.claims(doer_of(request)), pk), doer_of(request)
    act = request.POST.get("act", "")
    if request.method != "POST" or act not in _WHY:
        raise Http404
    address = reverse("operator-claim", args=[pk])
    if act == "confirm" and (first := second_factor(request, address)) is not None:
        return first
    return form(
        request,
        lambda problem: _claim(request, one, problem),
        lambda: perform("claim", act, doer, one, {_WHY[act]: request.POST.get("reason", "")}),
        Text("已办理。", "Done."),
        to=address,
    )

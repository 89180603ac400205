"""What every form does: the deed, all or nothing; why it was not done; where to go then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingcha.service.actions.acting import Forbidden, Refused
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.pages.request import doer_of
from mingcha.service.pages.uploading.taking import forget
from mingcha.service.text import Text

REFUSALS = (Refused, IntakeError)
Page = Callable[[Text | None], HttpResponse]
"""Draws a page, with why its form was refused."""


def why(refused: Refused | IntakeError) -> Text:
    """A refusal in words."""
    return Text(refused.zh, refused.en) if isinstance(refused, IntakeError) else refused.text


def tried(request: HttpRequest, deed: Callable[[], object], told: Text) -> Text | None:
    """Do it, all or nothing; None and a message where it was done, else why it was not. Raises Http404 for whom it is not."""
    try:
        with transaction.atomic():
            deed()
    except Forbidden as refused:
        if doer_of(request).account is None:
            raise Http404 from None
        return refused.text
    except REFUSALS as refused:
        return why(refused)
    except IntegrityError:  # a number that is nobody's shows when all is to be committed
        return Text("所指的对象不存在。", "Something that is referred to is not there.")
    forget(request)
    messages.success(request, str(told))
    return None


def form(request: HttpRequest, page: Page, deed: Callable[[], object], told: Text, to: str = "") -> HttpResponse:
    """A page with a form. Sent, it is done: a redirect (``to``, or what the deed gives back), or the page again with why it was not."""
    if request.method != "POST":
        return page(None)
    done: list[object] = []
    problem = tried(request, lambda: done.append(deed()), told)
    return redirect(to or str(done[0])) if problem is None else page(problem)


def shown(
    request: HttpRequest, template: str, values: dict[str, Any], problem: Text | None, status: int = 422
) -> HttpResponse:
    """A page with a form: as it was filled in and why it was refused, if it was."""
    page = {**values, "problem": problem, "sent": request.POST}
    return render(request, template, page, status=status if problem else 200)


def second_factor(request: HttpRequest, then: str) -> HttpResponse | None:
    """To the second factor (to set one up, where there is none); None for whoever just showed it."""
    from allauth.mfa.utils import is_mfa_enabled

    doer = doer_of(request)
    if doer.strong:
        return None
    if doer.account is None or not is_mfa_enabled(doer.account):
        messages.info(
            request, str(Text("请先设置通行密钥或动态口令。", "Set up a passkey or an authenticator app first."))
        )
        return redirect("mfa_index")
    return redirect(f"{reverse('mfa_reauthenticate')}?next={then}")

"""One page for every verb: its form, and the doing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from mingcha.service import clock
from mingcha.service.actions import files
from mingcha.service.actions.acting import VERBS, Doer, Doing, Forbidden, Refused, Verb, by_right, perform
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.models import Case, Complaint
from mingcha.service.models.thing import Thing
from mingcha.service.pages import forms
from mingcha.service.pages.desk import reach
from mingcha.service.text import Text

_BEGUN = {"lead": "leads", "task": "tasks", "subject": "desk", "account": "desk"}


def act(request: HttpRequest, process: str, pk: int, verb: str) -> HttpResponse:
    """Do something with a thing: the form, then the deed."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    thing = reach.one(doer, process, pk)
    return _page(request, _verb(process, verb), thing, doer)


def begin(request: HttpRequest, process: str, verb: str) -> HttpResponse:
    """Begin a thing."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    about = request.GET.get("case", "")
    context = reach.one(doer, "case", int(about)) if about.isdigit() else None
    return _page(request, _verb(process, verb), None, doer, context)


def _verb(process: str, verb: str) -> Verb:
    found = VERBS.get((process, verb))
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Verb, thing: Thing | None, doer: Doer, context: Thing | None = None
) -> HttpResponse:
    if not by_right(doer, found.rule, thing):
        raise Http404
    if found.rule.strong and not doer.strong:
        return redirect(f"{reverse('mfa_reauthenticate')}?next={request.path}")
    problem = None
    if request.method == "POST":
        try:
            done = perform(found.process, found.act, doer, thing, forms.data(found, request.POST))
        except Refused as refused:
            problem = refused.text
        else:
            messages.success(request, found.rule.en if request.path.startswith("/en/") else found.rule.zh)
            return redirect(where(done, found))
    about = thing or context
    shown = forms.fields(found, about, doer, request.POST if request.method == "POST" else request.GET)
    back = where(about, found) if about is not None else reverse("desk")
    page = {"verb": found, "thing": about, "fields": shown, "problem": problem, "back": back}
    return render(request, "desk/act.html", page, status=422 if problem else 200)


def where(thing: Thing, found: Verb) -> str:
    """The page on which a thing is shown."""
    if found.act == "file" and found.process == "lead":
        case = Case.objects.filter(lead=thing.pk).first()
        if case is not None:
            return reverse("case", args=[case.pk])
    if isinstance(thing, Complaint):
        return reverse("complaint", args=[thing.pk])
    if thing.process in ("lead", "case", "task", "finding", "document", "account"):
        return reverse(thing.process, args=[thing.pk])
    return reverse(_BEGUN.get(thing.process, "desk"))


def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the files of a version in for a case: package, policy, a person's answers."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    case: Case = reach.one(doer, "case", pk)
    problem = None
    if request.method == "POST":
        try:
            handed_in(doer, case.subject, request.FILES, request.POST.get("channel", ""))
            return redirect("case", pk=case.pk)
        except Forbidden:
            raise Http404 from None
        except Refused as refused:
            problem = refused.text
        except IntakeError as refused:
            problem = Text(refused.zh, refused.en)
    return render(request, "desk/handover.html", {"case": case, "problem": problem}, status=422 if problem else 200)


def handed_in(doer: Doer, subject: Any, given: Any, channel: str) -> None:
    """Keep what was sent and make a version of it, all or nothing. Raises Refused, IntakeError."""
    with transaction.atomic():
        doing = Doing(doer, clock.now(), "receive")
        kept = {
            name: files.keep(doing, given[name], given[name].name, name)
            for name in ("sample", "policy", "answers")
            if name in given
        }
        perform(
            "subject", "add-version", doer, subject, {name: row.pk for name, row in kept.items()} | {"channel": channel}
        )

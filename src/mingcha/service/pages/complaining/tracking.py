"""Following one's own complaint by number and query code: states, clocks, messages, review, the whole of it as a package."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from mingcha.service import ledger, packages, vault
from mingcha.service.access import limits
from mingcha.service.access.gate import CODE
from mingcha.service.actions.acting import VERBS, open_acts, perform
from mingcha.service.actions.complaints import CATEGORIES
from mingcha.service.intake import codes
from mingcha.service.models import Case, Complaint
from mingcha.service.pages import forms
from mingcha.service.pages.desk.lists import told
from mingcha.service.pages.doing import form, shown
from mingcha.service.pages.request import doer_of
from mingcha.service.text import Text

TRIES = 10
_HOUR = 3600
_UNSEEN = frozenset({"open-identity"})
_WRONG = Text("编号或查询码不对，或尝试过多。", "Number or code is wrong, or there were too many tries.")


def track(request: HttpRequest) -> HttpResponse:
    """Number and code; the same answer, whichever of them is wrong."""
    problem = None
    if request.method == "POST":
        found = _found(request)
        if found is not None:
            request.session.cycle_key()
            request.session[CODE] = found.pk
            return redirect("mine")
        problem = _WRONG
    number = (request.POST.get("number") or request.GET.get("number", "")).strip()
    return shown(request, "complaining/track.html", {"number": number}, problem)


def _found(request: HttpRequest) -> Complaint | None:
    if not limits.allowed(request, "code", TRIES, _HOUR):
        return None
    pepper = settings.CONFIGURATION.secret("codes").encode()
    code = codes.normalise(request.POST.get("code", "")) or ""
    row = Complaint.objects.filter(code=codes.stored(code, pepper)).first()
    return row if row is not None and row.number == request.POST.get("number", "").strip() else None


def _mine(request: HttpRequest) -> Complaint:
    doer = doer_of(request)
    found = Complaint.objects.filter(pk=doer.complaint or 0).select_related("subject", "lead", "authority").first()
    if found is None:
        raise Http404
    return found


def mine(request: HttpRequest) -> HttpResponse:
    """The complaint as its writer sees it."""
    doer = doer_of(request)
    thing = _mine(request)
    acts = list(open_acts(doer, thing))
    page = {
        "thing": thing,
        "category": CATEGORIES.get(thing.category),
        "acts": acts,
        "steps": _steps(thing),
        "clocks": [told(row) for row in thing.deadlines.order_by("pk")],
        "messages_": [
            {"mine": one.from_person, "sent": one.sent, "text": _plain(one.sealed)}
            for one in thing.messages.order_by("pk")
        ],
        **_case(thing),
    }
    return render(request, "complaining/mine.html", page)


def _case(thing: Complaint) -> dict[str, Any]:
    """The case it led to, and the day of what was last done in it."""
    case = Case.objects.filter(lead=thing.lead).first() if thing.lead else None
    return {} if case is None else {"case": case, "moved": ledger.events_of(case)[-1].time[:10]}


def _plain(sealed: Any) -> str:
    return str(vault.unseal(sealed)) if sealed is not None else ""


def _steps(thing: Complaint) -> list[dict[str, Any]]:
    acts = thing.ladder.acts
    rows = [row for row in ledger.events_of(thing) if row.act not in _UNSEEN]
    return [
        {
            "what": Text(acts[row.act].zh, acts[row.act].en),
            "time": row.time[:16].replace("T", " "),
            "reason": row.body.get("reason", ""),
            "channel": row.body.get("channel", ""),
        }
        for row in rows
    ]


def act(request: HttpRequest, verb: str) -> HttpResponse:
    """What the writer may do: add, write, withdraw, rate, ask for review."""
    doer = doer_of(request)
    thing = _mine(request)
    found = VERBS.get((thing.process, verb))
    if found is None or found not in list(open_acts(doer, thing)):
        raise Http404

    def page(problem: Text | None) -> HttpResponse:
        fields = forms.fields(found, thing, doer, request.POST if request.method == "POST" else None)
        return shown(request, "desk/act.html", {"verb": found, "fields": fields, "back": reverse("mine")}, problem)

    return form(
        request,
        page,
        lambda: perform(thing.process, verb, doer, thing, forms.data(found, request.POST)),
        Text(found.rule.zh, found.rule.en),
        to=reverse("mine"),
    )


def package(request: HttpRequest) -> HttpResponse:
    """The whole of one's own complaint, to keep and to check offline."""
    thing = _mine(request)
    made = HttpResponse(packages.of_complaint(thing), content_type="application/zip")
    made.headers["Content-Disposition"] = content_disposition_header(True, f"{thing.number}.zip") or "attachment"
    return made


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the code on this device."""
    request.session.flush()
    return redirect("track")

"""One page for every verb: its form, and the doing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from mingcha.casework.ladder import ladder
from mingcha.service.access.rules import RULES
from mingcha.service.actions.acting import VERBS, Doer, Refused, Verb, by_right, perform
from mingcha.service.models import Case, Complaint
from mingcha.service.models.thing import Thing
from mingcha.service.pages import forms
from mingcha.service.pages.desk import reach
from mingcha.service.pages.doing import form, second_factor, shown
from mingcha.service.pages.request import doer_of, number
from mingcha.service.pages.uploading import taking
from mingcha.service.text import Text

_PAGES = ("complaint", "lead", "case", "task", "finding", "document", "account")
"""Processes with a page of their own name."""


def act(request: HttpRequest, process: str, pk: int, verb: str) -> HttpResponse:
    """Do something with a thing: the form, then the deed."""
    doer = doer_of(request)
    thing = reach.one(doer, process, pk)
    return _page(request, _verb(process, verb), thing, doer)


def begin(request: HttpRequest, process: str, verb: str) -> HttpResponse:
    """Begin a thing."""
    doer = doer_of(request)
    about = number(request.GET.get("case"))
    context = None if about is None else reach.one(doer, "case", about)
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
    if found.rule.strong and request.method != "POST" and (first := second_factor(request, request.path)) is not None:
        return first  # one that has aged while somebody wrote is refused by the act, and what he wrote stays
    about = thing or context

    def page(problem: Text | None) -> HttpResponse:
        fields = forms.fields(found, about, doer, request.POST if request.method == "POST" else request.GET)
        values = {
            "verb": found, "thing": about, "kind": ladder(found.process).name, "fields": fields,
            "back": reverse("desk") if about is None else where(about, found, doer), "asked": request.GET.get(forms.FIND, ""),
            "stale": found.rule.strong and not doer.strong, "find": forms.FIND if any(one.name == "subject" for one in fields) else "",
        }  # fmt: skip
        return shown(request, "desk/act.html", values, problem)

    def deed() -> str:
        return where(perform(found.process, found.act, doer, thing, forms.data(found, request.POST)), found, doer)

    return form(request, page, deed, Text(found.rule.zh, found.rule.en))


def where(thing: Thing, found: Verb, doer: Doer) -> str:
    """The page on which a thing is shown to whom did it."""
    if found.act == "file" and found.process == "lead":
        case = Case.objects.filter(lead=thing.pk).first()
        if case is not None:
            return reverse("case", args=[case.pk])
    name = "complaint" if isinstance(thing, Complaint) else thing.process
    open_to_him = name in _PAGES and RULES[name].lets(doer.roles, code=False)
    return reverse(name, args=[thing.pk]) if open_to_him else reverse("desk")


def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the files of a version in for a case: package, policy, a person's answers."""
    doer = doer_of(request)
    case: Case = reach.one(doer, "case", pk)
    if not by_right(doer, ladder("subject").acts["add-version"], case.subject):
        raise Http404

    def page(problem: Text | None) -> HttpResponse:
        values = {"case": case, "files": taking.fields(request, taking.VERSION)}
        return shown(request, "desk/handover.html", values, problem)

    told = Text("已封存并登记版本。", "Sealed, and the version is on record.")
    return form(request, page, lambda: _handed_in(request, doer, case), told, to=reverse("case", args=[pk]))


def _handed_in(request: HttpRequest, doer: Doer, case: Case) -> None:
    """Keep what was sent and make a version of it."""
    numbers = {name: row.pk for name, row in taking.kept(request, doer, taking.NAMES).items()}
    if "sample" not in numbers:
        raise Refused(Text("请选择安装包。", "Choose the package."))
    perform("subject", "add-version", doer, case.subject, numbers | {"channel": request.POST.get("channel", "")})

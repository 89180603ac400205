"""Lists of the desk: what waits for me, and everything of my authority."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url

from mingcha.casework.ladder import ladder
from mingcha.service import clock, terms
from mingcha.service.actions.acting import VERBS, Doer, by_right
from mingcha.service.models import Deadline
from mingcha.service.models.thing import Thing
from mingcha.service.pages.desk import reach
from mingcha.service.pages.request import doer_of
from mingcha.service.roles import OPERATOR, Role
from mingcha.service.text import Text

_PAGE = 50
_QUEUES = ("complaint", "report", "lead", "case", "task", "finding", "document")
_SHOWN = 30
_MINOR = frozenset(
    {"note", "attach", "write", "recuse", "assign", "join", "merge", "open-identity", "withdraw", "make-lead", "answer"}
)
"""Acts that are always possible: a thing does not wait for anybody because of them."""


def _waiting(doer: Doer, process: str) -> list[str]:
    """The states in which somebody of his roles has something to do."""
    rules = ladder(process)
    acts = [name for name, rule in rules.acts.items() if name not in _MINOR and doer.roles & set(rule.who)]
    return [
        name for name, state in rules.states.items() if not state.ends and any(rules.may(act, name) for act in acts)
    ]


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the one who looks, and which clocks run; operators, and accounts without a role, have a page of their own."""
    doer = doer_of(request)
    if doer.account is None:
        return redirect(f"{resolve_url('account_login')}?next={request.path}")
    if not doer.roles - OPERATOR - {Role.VISITOR}:
        return redirect(_elsewhere(request, doer))
    waiting = [
        (thing, acts)
        for process in _QUEUES
        for thing in reach.within(doer, process).filter(state__in=_waiting(doer, process)).order_by("pk")[:_SHOWN]
        if (acts := _due(doer, thing))
    ]
    page = {"waiting": waiting, "clocks": _clocks(doer), "staff": bool(reach.bodies(doer)), "most": _SHOWN}
    return render(request, "desk/desk.html", page)


def _elsewhere(request: HttpRequest, doer: Doer) -> str:
    """Where those go for whom nothing waits here. A role that counts only with a second factor leads to setting one up."""
    if doer.roles & OPERATOR:
        return "operator"
    if doer.account is None or not doer.account.grants.filter(ended=None).exists():
        return "operator-claims"
    messages.info(
        request,
        str(
            Text(
                "您的职责须先设置通行密钥或动态口令才能使用。",
                "Your role works once you set up a passkey or an authenticator app.",
            )
        ),
    )
    return "mfa_index"


def _due(doer: Doer, thing: Thing) -> list[Any]:
    return [verb for verb in reach.acts(doer, thing) if verb.act not in _MINOR]


def _clocks(doer: Doer) -> list[dict[str, Any]]:
    """Running clocks of what he may see, the soonest first."""
    cases, complaints = (
        reach.within(doer, "case").values("pk"),
        [*reach.within(doer, "complaint").values_list("pk", flat=True)],
    )
    rows = Deadline.objects.filter(state="running", case__in=cases) | Deadline.objects.filter(
        state="running", complaint__in=complaints
    )
    return [
        told(row) for row in rows.select_related("case__authority", "complaint__authority").order_by("due")[:_SHOWN]
    ]


def told(row: Deadline) -> dict[str, Any]:
    """A clock in words: late only where a number of law or order was missed, never where the law says "timely"."""
    now = clock.now()
    late = row.state == "running" and terms.state(row, now) == "missed"
    return {
        "row": row,
        "name": terms.name_of(row),
        "basis": terms.basis_of(row),
        "elapsed": (now - row.started).days,
        "late": late,
        "state": _STATES["late" if late else row.state],
        "last_day": None if row.due is None else (row.due - _MOMENT).astimezone(clock.SHANGHAI).date(),
    }


_STATES = {
    "running": Text("进行中", "running"), "late": Text("已届满", "over"), "met": Text("按期", "met"), "missed": Text("逾期", "missed"),
    "suspended": Text("中止", "suspended"), "cancelled": Text("取消", "cancelled"),
}  # fmt: skip
_MOMENT = timedelta(microseconds=1)


def _listed(request: HttpRequest, title: Text, *processes: str, new: tuple[tuple[str, str], ...] = ()) -> HttpResponse:
    """Everything of some processes, by state; what may be begun here."""
    doer, state = doer_of(request), request.GET.get("state", "")
    words = {name: Text(one.zh, one.en) for process in processes for name, one in ladder(process).states.items()}
    rows = reach.within(doer, processes[0])
    for process in processes[1:]:
        rows |= reach.within(doer, process)
    there = {*rows.values_list("state", flat=True)}
    chosen = rows.filter(state=state) if state in there else rows
    context = {
        "title": title,
        "page": Paginator(chosen.order_by("-pk"), _PAGE).get_page(request.GET.get("page")),
        "states": [(name, text) for name, text in words.items() if name in there],
        "state": state if state in there else "",
        "more": f"&state={state}" if state in there else "",
        "new": [one for one in new if by_right(doer, VERBS[one].rule, None)],
    }
    return render(request, "desk/list.html", context)


def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints and reports."""
    return _listed(request, Text("投诉举报", "Complaints and reports"), "complaint", "report")


def leads(request: HttpRequest) -> HttpResponse:
    """Leads."""
    return _listed(request, Text("线索", "Leads"), "lead", new=(("lead", "open"), ("subject", "register")))


def cases(request: HttpRequest) -> HttpResponse:
    """Cases."""
    return _listed(request, Text("案件", "Cases"), "case")


def tasks(request: HttpRequest) -> HttpResponse:
    """Inspections."""
    return _listed(request, Text("检测任务", "Inspections"), "task")

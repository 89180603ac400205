"""Lists of the desk: what waits for me, and everything of my authority."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url

from mingcha.casework.ladder import ladder
from mingcha.service import clock, terms
from mingcha.service.actions.acting import Doer, open_acts
from mingcha.service.models import Deadline
from mingcha.service.models.thing import Thing
from mingcha.service.pages.desk import reach
from mingcha.service.roles import OPERATOR, Role
from mingcha.service.text import Text

_PAGE = 50
_QUEUES = ("complaint", "report", "lead", "case", "task", "finding", "document")
_SHOWN = 30
_MINOR = frozenset(
    {"note", "attach", "write", "recuse", "assign", "join", "merge", "open-identity", "withdraw", "make-lead", "answer"}
)
"""Acts that are always possible: a thing does not wait for anybody because of them."""


def _ending(process: str) -> list[str]:
    return [name for name, state in ladder(process).states.items() if state.ends]


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the one who looks, and which clocks run; operators, and accounts without a role, have a page of their own."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    if doer.account is None:
        return redirect(f"{resolve_url('account_login')}?next={request.path}")
    if not doer.roles - OPERATOR - {Role.VISITOR}:
        return redirect("operator")
    waiting = [
        (thing, acts)
        for process in _QUEUES
        for thing in reach.within(doer, process).exclude(state__in=_ending(process))[:_SHOWN]
        if (acts := _due(doer, thing))
    ]
    return render(request, "desk/desk.html", {"waiting": waiting, "clocks": _clocks(doer), "grants": doer.grants})


def _due(doer: Doer, thing: Thing) -> list[Any]:
    return [verb for verb in open_acts(doer, thing) if verb.act not in _MINOR]


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


def _listed(
    request: HttpRequest, title: Text, rows: QuerySet[Any], new: tuple[tuple[str, str], ...] = ()
) -> HttpResponse:
    state = request.GET.get("state", "")
    chosen = rows.filter(state=state) if state else rows
    page = Paginator(chosen.order_by("-pk"), _PAGE).get_page(request.GET.get("page"))
    states = sorted({*rows.values_list("state", flat=True)})
    return render(
        request, "desk/list.html", {"title": title, "page": page, "states": states, "state": state, "new": new}
    )


def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints and reports."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    return _listed(
        request,
        Text("投诉举报", "Complaints and reports"),
        reach.within(doer, "complaint") | reach.within(doer, "report"),
    )


def leads(request: HttpRequest) -> HttpResponse:
    """Leads."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    return _listed(
        request, Text("线索", "Leads"), reach.within(doer, "lead"), (("lead", "open"), ("subject", "register"))
    )


def cases(request: HttpRequest) -> HttpResponse:
    """Cases."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    return _listed(request, Text("案件", "Cases"), reach.within(doer, "case"))


def tasks(request: HttpRequest) -> HttpResponse:
    """Inspections."""
    doer: Doer = request.doer  # type: ignore[attr-defined]
    return _listed(request, Text("检测任务", "Inspections"), reach.within(doer, "task"))

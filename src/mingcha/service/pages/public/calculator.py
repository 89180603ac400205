"""When is it due: any clock of casework from any day, with the reckoning in words. Nothing is kept."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha.casework.clocks import Clock, clocks, with_length
from mingcha.casework.deadlines import Deadline, reckon
from mingcha.casework.working import shipped
from mingcha.errors import UsageError
from mingcha.service import clock
from mingcha.service.text import Text

_FIRST_YEAR, _LAST_YEAR = 2004, 2031
_LONGEST = 400
BODIES = {
    "": Text("一般规定", "general rule"),
    "samr": Text("市场监督管理部门", "market supervision"),
    "cac": Text("网信部门", "cyberspace administration"),
    "miit": Text("电信主管部门", "telecom administration"),
    "mps": Text("公安机关", "police"),
    "isc": Text("互联网协会投诉平台", "Internet Society's platform"),
}


class Wrong(Exception):  # noqa: N818  # a field that is filled in wrongly
    """Which field, and what to do."""

    def __init__(self, field: str, text: Text) -> None:
        super().__init__(text.en)
        self.field, self.text = field, text


def calculator(request: HttpRequest) -> HttpResponse:
    """The form, and the answer where something was asked."""
    today = clock.now().date()
    context: dict[str, Any] = {
        "clocks": choices(today),
        "given": {"clock": request.GET.get("clock", ""), "start": request.GET.get("start", today.isoformat()), "time": request.GET.get("time", "09:00"),
                  "length": request.GET.get("length", "")[:4]},
    }  # fmt: skip
    if "clock" in request.GET:
        try:
            context["answer"] = answer(request.GET.get("clock", ""), context["given"])
        except Wrong as wrong:
            context["wrong"] = {"field": wrong.field, "text": wrong.text}
    return render(request, "public/calculator.html", context)


def choices(on: date) -> list[dict[str, Any]]:
    """The clocks in force today, by key and name."""
    kept = (one for one in clocks() if one.period[0] <= on <= one.period[1])
    return [
        {
            "key": _key(one),
            "name": _pair(one.name),
            "body": BODIES.get(one.body or "", Text(one.body or "", one.body or "")) if one.body else None,
        }
        for one in kept
    ]


def _key(one: Clock) -> str:
    return f"{one.id}:{one.body}" if one.body else one.id


def answer(key: str, given: dict[str, str]) -> dict[str, Any]:
    """The due moment and how it was reckoned. Raises Wrong."""
    start = _start(given)
    rule = _rule(key, start.date())
    if given["length"] and rule.set_by_order:
        rule = with_length(rule, _length(given["length"]))
    try:
        made = reckon(rule, start, shipped())
    except UsageError as problem:
        raise Wrong("f-start", Text("超出日历范围，请选择较近的日期。", f"Beyond the calendar: {problem}.")) from None
    return {**_told(rule, made), "start": start.date().isoformat()}


def _told(rule: Clock, made: Deadline) -> dict[str, Any]:
    return {
        "name": _pair(rule.name),
        "starts": _pair(rule.starts),
        "basis": _pair(rule.citation),
        "by_order": rule.set_by_order,
        "last": made.last_day,
        "due": made.due,
        "hours": rule.unit == "hours",
        "provisional": made.provisional,
        "lines": [_pair(line) for line in made.lines],
    }


def _rule(key: str, on: date) -> Clock:
    """The clock of this key in force on the day."""
    for one in clocks():
        if _key(one) == key and one.period[0] <= on <= one.period[1]:
            return one
    raise Wrong(
        "f-clock",
        Text("请选择期限种类；有的期限在所选日期尚未或不再施行。", "Choose a clock that was in force on that day."),
    )


def _start(given: dict[str, str]) -> datetime:
    try:
        day = date.fromisoformat(given["start"])
        moment = time.fromisoformat(given["time"] or "00:00").replace(tzinfo=None)
    except ValueError:
        raise Wrong(
            "f-start", Text("请填写起算日期，例如 2026-11-22。", "Give the day, for instance 2026-11-22.")
        ) from None
    if not _FIRST_YEAR <= day.year < _LAST_YEAR:
        raise Wrong(
            "f-start",
            Text(
                f"请选择 {_FIRST_YEAR} 至 {_LAST_YEAR - 1} 年之间的日期。",
                f"Choose a day from {_FIRST_YEAR} to {_LAST_YEAR - 1}.",
            ),
        )
    return datetime.combine(day, moment, tzinfo=clock.SHANGHAI)


def _length(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _LONGEST):
        raise Wrong(
            "f-length", Text(f"请填写 1 至 {_LONGEST} 之间的整数。", f"Give a whole number from 1 to {_LONGEST}.")
        )
    return int(text)


def _pair(told: Any) -> dict[str, str]:
    return {"zh": told.zh, "en": told.en}

"""What anybody may read through the API: the very values of the public pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from mingcha.service import clock, search
from mingcha.service.actions.acting import Unreadable
from mingcha.service.pages.public import calculator, notices, reading, verifying
from mingcha.service.pages.public.app import found, values

router = Router(tags=["public"])
PAGE = 20
_LAST = 50
_NOTICES = 100


@router.get("/apps", url_name="apps", summary="查找应用 / Look an app up")
def apps(request: HttpRequest, q: str = "", page: int = 1) -> dict[str, Any]:
    """By name, package or operator; two characters are enough."""
    first = (min(max(page, 1), _LAST) - 1) * PAGE
    rows = list(search.find(q.strip())[first : first + PAGE + 1])
    return {
        "results": [reading.identity(row) for row in rows[:PAGE]],
        "page": first // PAGE + 1,
        "more": len(rows) > PAGE,
    }


@router.get("/apps/{int:number}", url_name="app", summary="应用页 / The page of an app")
def app(request: HttpRequest, number: int) -> dict[str, Any]:
    """What the page says: findings only when confirmed, or as suspected after the operator's time to answer."""
    return values(found(number))


@router.get("/notices", url_name="notices", summary="通报 / Public warnings")
def listed(request: HttpRequest) -> dict[str, Any]:
    """The newest, also those withdrawn since."""
    return {"results": notices.latest(_NOTICES)}


@router.get("/notices/{int:number}", url_name="notice", summary="一份通报 / One public warning")
def one_notice(request: HttpRequest, number: int) -> dict[str, Any]:
    """A withdrawn one says why, and no longer what it said."""
    return notices.told(number)


@router.get("/verify/{number}", url_name="verify", summary="核验文书 / Is this document genuine")
def verify(request: HttpRequest, number: str) -> dict[str, Any]:
    """State, hashes and signature, each checked anew."""
    paper = verifying.by_number(number)
    if paper is None:
        raise Http404
    told = verifying.values(paper)
    return {**told, "kind": pair(told["kind"])}


@router.get("/clocks", url_name="clocks", summary="期限种类 / Clocks")
def clocks(request: HttpRequest) -> dict[str, Any]:
    """Those in force today."""
    return {"results": [{**one, "body": pair(one["body"])} for one in calculator.choices(clock.now().date())]}


@router.get("/calculator", url_name="calculator", summary="期限计算 / When is it due")
def calculate(request: HttpRequest, key: str, start: str, time: str = "09:00", length: str = "") -> dict[str, Any]:
    """Reckoned in words; nothing is kept."""
    try:
        return calculator.answer(key, {"start": start, "time": time, "length": length[:4]})
    except calculator.Wrong as wrong:
        raise Unreadable(wrong.text) from None


def pair(text: Any) -> dict[str, str] | None:
    """A `Text` as JSON."""
    return None if text is None else {"zh": text.zh, "en": text.en}

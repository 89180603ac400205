"""Acts and one's own things through the API: the same verbs as on the pages, through the same reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Router, Status

from mingcha.service.actions.acting import VERBS, Doer, Forbidden, Unreadable, Verb, by_right, perform
from mingcha.service.api import telling
from mingcha.service.api.issuing import issued, living_of
from mingcha.service.models import Account, Complaint
from mingcha.service.models.thing import Thing
from mingcha.service.pages.desk import reach
from mingcha.service.pages.operator import reach as operators
from mingcha.service.pages.request import doer_of, plain
from mingcha.service.roles import NAMES, Role
from mingcha.service.text import Text

router = Router(tags=["acting"])
PAGE = 50
_LAST = 1000
_BODY = 1 << 20


@router.get("/me", url_name="me", summary="我是谁 / Who am I")
def me(request: HttpRequest) -> dict[str, Any]:
    """Name in the chain, roles and for whom, tokens, and whether a second factor was just shown."""
    doer = doer_of(request)
    grants = [
        {"id": one.pk, "role": one.role, "name": {"zh": NAMES[Role(one.role)].zh, "en": NAMES[Role(one.role)].en}, "authority": one.authority_id,
         "operator": one.operator_id, "platform": one.platform_id}
        for one in doer.grants
    ]  # fmt: skip
    return {
        "doer": doer.name,
        "id": doer.account.pk if doer.account else None,
        "grants": grants,
        "strong": doer.strong,
        "tokens": _tokens(doer),
    }


def _tokens(doer: Doer) -> list[dict[str, Any]]:
    if doer.account is None:
        return []
    return [
        {
            "id": one.pk,
            "name": one.name,
            "expires": one.expires.isoformat(),
            "used": one.used.isoformat() if one.used else None,
        }
        for one in living_of(doer)
    ]


@router.post("/tokens", url_name="tokens", summary="创建接口令牌 / Create an API token", response={201: dict[str, Any]})
def create_token(request: HttpRequest) -> Any:
    """Body: name, days. The secret is in this answer and nowhere else; we keep its hash. Needs a fresh second factor."""
    doer, data = doer_of(request), _body(request)
    if doer.account is None or not {"name", "days"} >= set(data):
        raise Unreadable(Text("请写明名称（name）和有效天数（days）。", "Give name and days."))
    secret = issued(doer, data)
    return Status(201, {"token": secret, "tokens": _tokens(doer)})


@router.get("/{process}", url_name="list", summary="我的事项 / My things of one kind")
def rows(request: HttpRequest, process: str, state: str = "", page: int = 1) -> dict[str, Any]:
    """Complaints, leads, cases … within one's reach, newest first."""
    doer = doer_of(request)
    found = _within(doer, process)
    found = (found.filter(state=plain(state)) if state else found).order_by("-pk")
    first = (min(max(page, 1), _LAST) - 1) * PAGE
    shown = list(found[first : first + PAGE + 1])
    return {
        "results": [telling.line(one, doer) for one in shown[:PAGE]],
        "page": first // PAGE + 1,
        "more": len(shown) > PAGE,
    }


@router.get("/{process}/{int:number}", url_name="one", summary="一件事项 / One thing")
def one(request: HttpRequest, process: str, number: int) -> dict[str, Any]:
    """With what may be done now, and what was done."""
    doer = doer_of(request)
    return telling.whole(thing(doer, process, number), doer)


@router.post("/{process}/{int:number}/{verb}", url_name="act", include_in_schema=False)
def act(request: HttpRequest, process: str, number: int, verb: str) -> dict[str, Any]:
    """Do something with a thing."""
    doer = doer_of(request)
    return _done(doer, _verb(process, verb), thing(doer, process, number), _body(request))


@router.post("/{process}/{verb}", url_name="begin", include_in_schema=False)
def begin(request: HttpRequest, process: str, verb: str) -> Any:
    """Begin a thing."""
    found = _verb(process, verb)
    if found.rule.from_:
        raise Http404
    return _done(doer_of(request), found, None, _body(request))


def _verb(process: str, verb: str) -> Verb:
    found = VERBS.get((process, verb))
    if found is None:
        raise Http404
    return found


def thing(doer: Doer, process: str, number: int) -> Thing:
    """A thing within reach: one's own complaint, one's own account (all accounts for who gives roles), or what the desk shows."""
    if doer.complaint is not None:
        found: Thing | None = Complaint.objects.filter(pk=doer.complaint, kind=process).filter(pk=number).first()
    elif process == "account":
        found = _account(doer, number)
    else:
        found = _within(doer, process).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _within(doer: Doer, process: str) -> QuerySet[Any]:
    """What the desk shows; claims and self-checks as the operator's pages do."""
    return _OWN[process](doer) if process in _OWN else reach.within(doer, process)


_OWN: dict[str, Callable[[Doer], QuerySet[Any]]] = {"claim": operators.claims, "selfcheck": operators.selfchecks}


def _account(doer: Doer, number: int) -> Account | None:
    gives = {Role.ADMIN, Role.OPERATOR_OWNER} & doer.roles
    own = doer.account is not None and doer.account.pk == number
    return Account.objects.filter(pk=number).first() if own or gives else None


def _done(doer: Doer, found: Verb, thing: Thing | None, data: dict[str, Any]) -> dict[str, Any]:
    if not by_right(doer, found.rule, thing):
        raise Forbidden(Text("您没有办理这项操作的权限。", "You may not do this."))
    return telling.line(perform(found.process, found.act, doer, thing, data), doer)


def _body(request: HttpRequest) -> dict[str, Any]:
    """The object that was sent; nothing is an empty one."""
    try:
        sent = request.body
        data = msgspec.json.decode(sent) if sent and len(sent) <= _BODY else {} if not sent else None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, RequestDataTooBig):
        data = None
    if not isinstance(data, dict):
        raise Unreadable(Text("请求内容须为不超过 1 MB 的 JSON 对象。", "Send a JSON object of at most 1 MB."))
    return data

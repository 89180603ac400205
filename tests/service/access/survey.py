"""Every route of the service asked by everybody for everything of side A: what was answered, and which secrets stood in the answer.

Routes come from Django's own table. A route with places in its address must stand in `PLACES`; one that does not stops the survey.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.service.access.world import STAFF, World

DOERS = (
    "visitor", "plain", "complainant-a", "complainant-b", *(f"{one}-a" for one in STAFF), "owner-a", "clerk-a", "store-a", "officer-b", "handler-b", "owner-b", "store-b",
    "auditor", "admin",
)  # fmt: skip
"""Who asks. ``-a`` belongs to the side whose things are asked for, ``-b`` to the other."""
FEW = ("visitor", "plain", "complainant-a", "handler-a", "owner-a", "owner-b")
ABSENT = 10**9


@dataclass(frozen=True)
class Route:
    """One route: its name, the names of the places in its address, its view."""

    name: str
    places: tuple[str, ...]
    view: Any


@dataclass
class Answer:
    """What one doer got from one place."""

    route: str
    place: str
    doer: str
    method: str
    answer: str
    body: str = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)


def routes() -> list[Route]:
    """All routes, from the resolver."""
    from django.urls import get_resolver

    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: Any, space: str, before: tuple[str, ...]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        names = tuple(sorted({*before, *one.pattern.converters, *one.pattern.regex.groupindex}))
        if hasattr(one, "url_patterns"):
            yield from _walk(one, space + (f"{one.namespace}:" if one.namespace else ""), names)
        else:
            yield Route(f"{space}{one.name}", names, one.callback)


# Which things of side A stand for a number in an address: by route. Each is asked for, and one that is not there.
THINGS: dict[str, tuple[str, ...]] = {
    "complaint": ("complaint-passed", "complaint-kept", "complaint-withdrawn", "complaint-whistle"),
    "lead": ("lead-secret",),
    "case": ("case-secret", "case-told", "case-known"),
    "handover": ("case-secret", "case-known"),
    "package": ("case-secret", "case-known"),
    "task": ("task-secret", "task-own"),
    "report": ("task-secret", "task-own"),
    "finding": ("finding-secret", "finding-told", "finding-known"),
    "document": ("document-unsigned", "document-unpublished", "document-draft", "document-order", "document-notice"),
    "document-pdf": ("document-unsigned", "document-unpublished", "document-order", "document-notice"),
    "evidence": ("sample-secret", "original-kept", "shared-kept", "sample-own", "proof-own"),
    "operator-ask": ("subject",),
    "operator-claim": ("claim",),
    "operator-challenge": ("claim",),
    "operator-prove": ("claim",),
    "operator-decide": ("claim",),
    "operator-begin": ("subject",),
    "operator-compare": ("subject",),
    "operator-selfcheck": ("selfcheck",),
    "operator-questions": ("selfcheck",),
    "operator-case": ("case-secret", "case-told", "case-known"),
    "operator-rectify": ("case-secret", "case-told", "case-known"),
    "operator-finding": ("finding-secret", "finding-told", "finding-known"),
    "operator-complaint": ("complaint-passed", "complaint-kept", "complaint-withdrawn", "complaint-whistle"),
    "app": ("subject",),
    "app-json": ("subject",),
    "api:app": ("subject",),
    "compare": ("subject",),
    "ask-app": ("subject",),
    "follow": ("subject",),
    "feed-app": ("subject",),
    "feed-case": ("case-secret", "case-told", "case-known"),
    "notice": ("document-unpublished", "document-notice"),
    "api:notice": ("document-unpublished", "document-notice"),
}
_PAPERS = ("document-unpublished", "document-order", "document-notice")
_PROCESSES = (
    "complaint",
    "report",
    "lead",
    "case",
    "task",
    "finding",
    "document",
    "subject",
    "claim",
    "selfcheck",
    "account",
    "evidence",
)
_API_THINGS = (
    "complaint-passed", "complaint-kept", "complaint-withdrawn", "complaint-whistle", "lead-secret", "case-secret", "case-told", "case-known", "task-secret", "task-own",
    "finding-secret", "finding-told", "finding-known", "document-unsigned", "document-unpublished", "document-order", "document-notice", "subject", "claim", "selfcheck",
    "sample-secret",
)  # fmt: skip


def places(route: Route, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and arguments of every place of a route. Raises KeyError for a route nobody described."""
    a = {**world.a.things, **world.a.people, "subject": world.a.subject}
    if not route.places:
        yield "", {}
    elif route.name in THINGS:
        (name,) = route.places
        yield from ((thing, {name: a[thing].pk}) for thing in THINGS[route.name])
        yield "absent", {name: ABSENT}
    else:
        yield from _SPECIAL[route.name](a)


def _api(a: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from ((thing, {"process": a[thing].process, "number": a[thing].pk}) for thing in _API_THINGS)
    yield "absent", {"process": "case", "number": ABSENT}


def _acts(a: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for thing, verb in (
        ("case-secret", "note"),
        ("case-known", "draft-removal"),
        ("complaint-kept", "forward"),
        ("complaint-kept", "open-identity"),
        ("document-unsigned", "return"),
    ):
        yield f"{thing} {verb}", {"process": a[thing].process, "pk": a[thing].pk, "verb": verb}


def _checks(a: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from (
        (f"selfcheck {act}", {"pk": a["selfcheck"].pk, "act": act})
        for act in ("sign", "file", "attach", "return", "accept")
    )


_KEY = "x" * 30
_SPECIAL: dict[str, Any] = {
    "api:one": _api,
    "api:list": lambda a: ((process, {"process": process}) for process in _PROCESSES),
    "api:act": lambda a: iter(
        [("case-secret note", {"process": "case", "number": a["case-secret"].pk, "verb": "note"})]
    ),
    "api:begin": lambda a: iter([("lead open", {"process": "lead", "verb": "open"})]),
    "api:verify": lambda a: ((one, {"number": a[one].number}) for one in _PAPERS),
    "verify-number": lambda a: ((one, {"number": a[one].number}) for one in _PAPERS),
    "verify-pdf": lambda a: ((one, {"number": a[one].number}) for one in _PAPERS),
    "act": _acts,
    "act-new": lambda a: (
        (f"{process} {verb}", {"process": process, "verb": verb})
        for process, verb in (
            ("lead", "open"),
            ("task", "plan"),
            ("subject", "register"),
            ("account", "create"),
            ("complaint", "receive"),
            ("report", "receive"),
        )
    ),
    "operator-do": _checks,
    "operator-report": lambda a: iter([("selfcheck", {"pk": a["selfcheck"].pk, "form": "html"})]),
    "operator-file": lambda a: iter([("selfcheck", {"pk": a["selfcheck"].pk, "file": a["proof-own"].pk})]),
    "app-report": lambda a: (
        (name, {"pk": a["subject"].pk, "report": a[name].report_id, "form": "html"})
        for name in ("task-secret", "task-known", "task-own")
    ),
    "account": lambda a: iter([("handler", {"pk": a["handler"].pk})]),
    "mine-act": lambda a: ((verb, {"verb": verb}) for verb in ("write", "withdraw", "open-identity", "accept")),
    "upload-put": lambda a: iter([("another's", {"key": _KEY})]),
    "upload-status": lambda a: iter([("another's", {"key": _KEY})]),
    "upload-finish": lambda a: iter([("another's", {"key": _KEY})]),
    "asked": lambda a: iter([("forged", {"key": _KEY})]),
    "follow-confirm": lambda a: iter([("forged", {"key": _KEY})]),
    "follow-end": lambda a: iter([("forged", {"key": _KEY})]),
    "account_confirm_email": lambda a: iter([("forged", {"key": _KEY})]),
    "account_reset_password_from_key": lambda a: iter([("forged", {"uidb36": "1", "key": "x-y"})]),
    "mfa_remove_webauthn": lambda a: iter([("absent", {"pk": ABSENT})]),
    "mfa_edit_webauthn": lambda a: iter([("absent", {"pk": ABSENT})]),
}


def client(world: World, doer: str) -> Any:
    """A browser in which this person signed in, a second factor just shown; or showed the code of a complaint."""
    from django.test import Client

    from mingcha.service.access.gate import CODE

    made = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    if doer == "visitor":
        return made
    who, _, letter = doer.partition("-")
    if who == "complainant":
        session = made.session
        session[CODE] = world.side(letter).things["complaint-kept"].pk
        session.save()
        made.cookies["sessionid"] = session.session_key
        return made
    made.force_login(world.account(doer))
    session = made.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session.save()
    return made


def asked(world: World, method: str = "GET") -> Iterator[Answer]:
    """Every answer. What an answer changed is undone."""
    from django.urls import reverse

    clients = {doer: client(world, doer) for doer in DOERS}
    for route in routes():
        for place, arguments in places(route, world):
            address = reverse(route.name, kwargs=arguments)
            for doer in _askers(route.name, place):
                yield _one(clients[doer], Answer(route.name, place, doer, method, "", ""), address)


def _askers(name: str, place: str) -> tuple[str, ...]:
    """Where everybody is let in, and for what is not there, a few stand for all."""
    from mingcha.service.access.rules import ANYBODY, RULES

    rule = RULES.get(name)
    open_to_all = rule is ANYBODY and not name.startswith("operator")
    return FEW if open_to_all or rule is None or place == "absent" else DOERS


def _one(browser: Any, answer: Answer, address: str) -> Answer:
    from django.db import transaction

    mark = transaction.savepoint()
    cookies = dict(browser.cookies)
    reply = (
        browser.get(address) if answer.method == "GET" else browser.post(address, "{}", content_type="application/json")
    )
    answer.answer, answer.body, answer.headers = _told(reply), _text(reply), dict(reply.headers)
    transaction.savepoint_rollback(mark)
    browser.cookies.clear()
    browser.cookies.update(cookies)
    return answer


def _told(reply: Any) -> str:
    place = reply.headers.get("Location", "")
    if reply.status_code == 302:
        return "sign-in" if place.startswith("/accounts/login") else "factor" if "reauthenticate" in place else "moved"
    return str(reply.status_code)


def _text(reply: Any) -> str:
    data = b"".join(reply.streaming_content) if reply.streaming else reply.content
    reply.close()
    text = data.decode("utf-8", "replace")
    return (
        text + json.dumps(json.loads(text), ensure_ascii=False)
        if "json" in reply.headers.get("Content-Type", "")
        else text
    )

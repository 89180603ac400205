"""Nobody gives more than he has, by any way in, and the last administrator and the last owner stay (A3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.access import survey
from tests.service.access.matrix import doer_of

ROLES = (
    "visitor", "complainant", "operator-clerk", "operator-owner", "inspector", "lab", "handler", "legal", "approver", "publisher", "complaint-officer", "platform", "outside",
    "auditor", "admin", "researcher", "scanner", "engine",
)  # fmt: skip


def _held(account: Any) -> list[tuple[str, Any, Any, Any]]:
    rows = account.grants.filter(ended=None).order_by("pk")
    return [(one.role, one.authority_id, one.operator_id, one.platform_id) for one in rows]


def _bodies(made: Any) -> list[dict[str, int]]:
    return [
        {key: row.pk}
        for side in (made.a, made.b)
        for key, row in (("authority", side.authority), ("operator", side.operator), ("platform", side.store))
    ] + [{}]


def _tries(made: Any) -> list[tuple[str, dict[str, Any]]]:
    return [("grant", {"role": role, **body}) for role in ROLES for body in _bodies(made)]


@pytest.mark.parametrize("name", [one for one in survey.DOERS if one != "admin"])
def test_nobody_but_an_owner_gives_anything_and_he_gives_clerks_of_his_own(made: Any, name: str) -> None:
    """A3: every role for every body, given by everybody to himself and to another through the action: an owner makes clerks of his own operator, nobody else anything."""
    from mingcha.service.actions.acting import Refused, perform

    doer = doer_of(made, name)
    other = made.account("plain")
    given = []
    for target in filter(None, (doer.account, other)):
        for verb, data in _tries(made):
            before = _held(target)
            try:
                perform("account", verb, doer, target, data)
            except Refused:
                assert _held(target) == before
            else:
                given.append((target.username, data["role"], data.get("operator")))
    own = made.side(name[-1]).operator.pk
    assert given == ([("plain", "operator-clerk", own)] if name.startswith("owner") else [])


@pytest.mark.parametrize("name", ["handler-a", "owner-a", "clerk-a", "admin", "plain", "visitor", "complainant-a"])
def test_no_way_in_gives_a_role_to_oneself(made: Any, name: str) -> None:
    """A3: the API by session, the page of acts and the form of sign-up end in the same refusal, whatever fields are sent along."""
    from mingcha.service.models import Account, Grant

    before = set(Grant.objects.values_list("pk", flat=True))
    browser = survey.client(made, name)
    doer = doer_of(made, name)
    number = doer.account.pk if doer.account else made.account("admin").pk
    for role, body in (
        ("admin", {}),
        ("approver", {"authority": made.a.authority.pk}),
        ("operator-owner", {"operator": made.b.operator.pk}),
    ):
        data = {"role": role, **body}
        assert browser.post(f"/api/v1/account/{number}/grant", data, content_type="application/json").status_code in (
            401,
            403,
            404,
            409,
        )
        assert browser.post(f"/desk/do/account/{number}/grant/", data).status_code in (302, 403, 404, 422)
    fields = {
        "username": "sneak",
        "password1": "a long secret 77",
        "password2": "a long secret 77",
        "is_superuser": "1",
        "is_staff": "1",
        "role": "admin",
        "grants": "1",
    }
    browser.post("/accounts/signup/", fields)
    made_up = Account.objects.filter(username="sneak").first()
    assert made_up is None or not (made_up.is_superuser or made_up.is_staff or made_up.grants.exists())
    assert set(Grant.objects.values_list("pk", flat=True)) == before


def test_an_administrator_keeps_duties_apart(made: Any) -> None:
    """A3: even he cannot put two duties that watch each other, or an office and a company, into one hand."""
    from mingcha.service.actions.acting import Refused, perform

    admin = doer_of(made, "admin")
    office, company = {"authority": made.a.authority.pk}, {"operator": made.a.operator.pk}
    for held, wanted in (
        ("handler-a", {"role": "approver", **office}),
        ("legal-a", {"role": "approver", **office}),
        ("handler-a", {"role": "auditor"}),
        ("handler-a", {"role": "admin"}),
        ("handler-a", {"role": "operator-owner", **company}),
        ("owner-a", {"role": "inspector", **office}),
        ("store-a", {"role": "operator-clerk", **company}),
        ("auditor", {"role": "complaint-officer", **office}),
    ):
        before = _held(made.account(held))
        with pytest.raises(Refused):
            perform("account", "grant", admin, made.account(held), wanted)
        assert _held(made.account(held)) == before


def test_the_last_administrator_and_the_last_owner_stay(made: Any) -> None:
    """A3: neither their own hand nor another's ends the last one; with a second one it goes."""
    from mingcha.service.actions.acting import Refused, perform
    from mingcha.service.models import Grant

    admin = doer_of(made, "admin")
    for name, role, body in (("admin", "admin", {}), ("owner-a", "operator-owner", {"operator": made.a.operator.pk})):
        row = Grant.objects.get(account=made.account(name), role=role)
        for doer in (admin, doer_of(made, "owner-a")):
            with pytest.raises(Refused):
                perform("account", "end-grant", doer, made.account(name), {"grant": row.pk, "reason": "x"})
        perform("account", "grant", admin, made.account("plain"), {"role": role, **body})
        perform("account", "end-grant", admin, made.account(name), {"grant": row.pk, "reason": "x"})
        row.refresh_from_db()
        assert row.ended is not None
        last = Grant.objects.get(account=made.account("plain"), role=role, ended=None)
        with pytest.raises(Refused):
            perform("account", "end-grant", admin, made.account("plain"), {"grant": last.pk, "reason": "x"})
        Grant.objects.filter(account=made.account("plain")).delete()


def test_an_ended_role_is_worth_nothing_at_once(made: Any) -> None:
    """A3: the session that was open when a role ended opens nothing more with the next request."""
    from mingcha.service import clock
    from mingcha.service.models import Grant

    browser = survey.client(made, "handler-a")
    assert browser.get("/desk/cases/").status_code == 200
    Grant.objects.filter(account=made.account("handler-a")).update(ended=clock.now())
    assert browser.get("/desk/cases/").status_code == 403
    case = made.a.things["case-secret"].pk
    assert browser.get(f"/api/v1/case/{case}").status_code == 403


def test_files_of_others_are_no_use_by_their_number(made: Any) -> None:
    """A3: naming the number of a file that somebody else handed in makes no version of it, no inspection, no picture of a complaint."""
    from mingcha.service.actions.acting import VISITOR, Refused, perform
    from mingcha.service.models import Task, Version

    secret = made.b.things["sample-secret"].pk
    foreign = [
        secret,
        made.b.things["sample-own"].pk,
        made.b.things["original-kept"].pk,
        made.b.things["shared-kept"].pk,
    ]
    before = Version.every.count(), Task.objects.count()
    for name in ("owner-a", "clerk-a", "handler-a", "inspector-a"):
        for number in foreign:
            with pytest.raises(Refused):
                perform("subject", "add-version", doer_of(made, name), made.a.subject, {"sample": number})
    for name in ("owner-a", "handler-a"):
        for what in ("version-secret", "version-own"):
            with pytest.raises(Refused):
                perform(
                    "task", "plan", doer_of(made, name), None, {"version": made.b.things[what].pk, "purpose": "request"}
                )
    picture = {
        "kind": "report",
        "code": "EEEE4444FFFF",
        "subject_name": "x",
        "category": "other",
        "narrative": "x",
        "authority": made.a.authority.pk,
    }
    for number in foreign:
        with pytest.raises(Refused):
            perform("report", "receive", VISITOR, None, {**picture, "pictures": [[number, number]]})
    assert (Version.every.count(), Task.objects.count()) == before

"""An owner lets clerks in and ends what he gave; nobody else does, and he gives nothing more."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/operator/clerks/"


def test_an_owner_adds_a_clerk_and_removes_him(firm: Any) -> None:
    """From the moment he is added the clerk sees the operator's page, and from his end no more; why he was removed is on record."""
    from mingcha.service.models import Event

    account, owner = firm.newcomer(), firm.browser("operator")
    clerk = firm.browser("newcomer")
    assert clerk.get("/operator/").status_code == 403
    sent = {"act": "add", "operator": firm.office.made.operator.pk, "username": "newcomer"}
    assert owner.post(PAGE, sent).status_code == 302
    assert "newcomer" in owner.get(PAGE).content.decode()
    assert clerk.get("/operator/").status_code == 200
    assert owner.post(PAGE, sent).status_code == 422, "once is enough"
    grant = account.grants.get(ended=None)
    assert owner.post(PAGE, {"act": "end", "grant": grant.pk, "reason": " "}).status_code == 422
    assert owner.post(PAGE, {"act": "end", "grant": grant.pk, "reason": "离职"}).status_code == 302
    assert clerk.get("/operator/").status_code == 403
    assert Event.objects.get(process="account", act="end-grant").body["reason"] == "离职"


def test_nobody_lets_people_into_anothers_operator(firm: Any) -> None:
    """A clerk has no such page; another's operator, another's clerk and an owner's own role are not there to be changed."""
    from mingcha.service.models import Grant

    firm.newcomer()
    assert firm.browser("clerk").get(PAGE).status_code == 403
    rival, operator = firm.browser("rival"), firm.office.made.operator.pk
    assert rival.post(PAGE, {"act": "add", "operator": operator, "username": "newcomer"}).status_code == 404
    for name in ("clerk", "operator"):
        grant = Grant.objects.get(account=firm.office.made.accounts[name])
        assert rival.post(PAGE, {"act": "end", "grant": grant.pk, "reason": "x"}).status_code == 404
    own = Grant.objects.get(account=firm.office.made.accounts["rival"])
    assert rival.post(PAGE, {"act": "end", "grant": own.pk, "reason": "x"}).status_code == 404
    assert "另一家" not in firm.browser("operator").get(PAGE).content.decode()


def test_an_officer_is_nobodys_clerk(firm: Any) -> None:
    """An account that works for an authority, and one that is not there, are refused in words."""
    owner, operator = firm.browser("operator"), firm.office.made.operator.pk
    for name, words in (("handler", "不得由同一人担任"), ("nobody-of-this-name", "没有这个用户名")):
        answer = owner.post(PAGE, {"act": "add", "operator": operator, "username": name})
        assert answer.status_code == 422
        assert words in answer.content.decode()

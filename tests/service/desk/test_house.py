"""What administrators, auditors and case handlers get from the house itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.test_story import Office

pytestmark = pytest.mark.usefixtures("db")


def client(office: Office, name: str) -> Any:
    """A browser in which somebody signed in with a second factor a moment ago."""
    import time

    from allauth.mfa.models import Authenticator
    from django.test import Client

    made = Client(SERVER_NAME="127.0.0.1")
    made.force_login(office.made.accounts[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    Authenticator.objects.get_or_create(
        user=office.made.accounts[name], type="totp", defaults={"data": {"secret": "x"}}
    )
    session = made.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    return made


def test_the_file_of_a_case_is_genuine_offline(clock: Any) -> None:
    """The package of a case with evidence and a signed order verifies with the published keys; its export is an event of each piece."""
    from mingcha.casework.verifying import verify
    from mingcha.service import seals
    from mingcha.service.models import Case, Document, Event, Lead

    clock.set("2026-03-02T09:00")
    office = Office()
    office.act(
        "handler",
        "lead",
        "open",
        None,
        subject=office.subject.pk,
        authority=office.made.authority.pk,
        source="media",
        summary="媒体曝光",
    )
    lead = Lead.objects.get()
    office.act("handler", "lead", "assign", lead, handler=office.made.accounts["handler"].pk)
    office.act("handler", "lead", "file", lead)
    case = Case.objects.get()
    office.inspect(
        case,
        office.version("handler", "flashlight.apk", "policy.html", "answers.yaml"),
        "first",
        "inspector1",
        "inspector2",
    )
    office.act("inspector1", "case", "record-result", case)
    office.act("inspector2", "finding", "confirm", case.findings.first(), reason="已核对")
    office.act("handler", "case", "draft-order", case, measures="请整改。", days=5)
    office.act("legal", "document", "review", Document.objects.get())
    office.act("approver", "case", "order", case)
    answer = client(office, "handler").get(f"/desk/cases/{case.pk}/package.zip")
    assert answer.status_code == 200
    found = verify(answer.content, seals.our_keys())
    assert found.verdict == "genuine", found.found
    assert Event.objects.filter(process="evidence", act="export").count() == 3
    altered = answer.content.replace("请整改".encode(), "请整攻".encode())
    assert altered == answer.content or verify(altered, seals.our_keys()).verdict == "altered"


def test_an_auditor_reads_the_log_and_checks_it() -> None:
    """The auditor sees every event and that nothing was changed behind the chain; after a change he sees where."""
    from mingcha.service.models import Event

    office = Office()
    page = client(office, "auditor").get("/desk/log/?check")
    assert page.status_code == 200
    assert "链、状态、证据一致" in page.content.decode()
    Event.objects.filter(seq=3).update(actor="account:999")
    assert "event 3" in client(office, "auditor").get("/desk/log/?check").content.decode()


def test_an_administrator_gives_a_role_and_nobody_else_sees_accounts() -> None:
    """An administrator opens an account's page and gives it a role there; a handler gets no page at all."""
    from mingcha.service.models import Account

    office = Office()
    boss = client(office, "admin")
    boss.post("/desk/do/account/create/", {"username": "neu", "password": "sehr-langes-wort-42", "title": "新人"})
    made = Account.objects.get(username="neu")
    answer = boss.post(f"/desk/do/account/{made.pk}/grant/", {"role": "handler", "authority": office.made.authority.pk})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert [one.role for one in made.grants.all()] == ["handler"]
    assert "新人" in boss.get("/desk/accounts/").content.decode()
    assert client(office, "handler").get("/desk/accounts/").status_code == 403


def test_who_is_signed_in_follows_his_own_complaint_unnamed() -> None:
    """The pages of a complaint open by its code beside any account, and what is written there is the complainant's, not the account's."""
    from mingcha.service.access.gate import CODE
    from mingcha.service.models import Event

    office = Office()
    made = office.act(
        "admin", "report", "receive", None, kind="report", code="K7MQ2XW9RTHB", subject_name="某应用", category="other", narrative="……",
        authority=office.made.authority.pk,
    )  # fmt: skip
    browser = client(office, "handler")
    session = browser.session
    session[CODE] = made.pk
    session.save()
    assert made.number in browser.get("/mine/").content.decode()
    browser.post("/mine/write/", {"text": "补充一点。"})
    assert Event.objects.filter(process="report", act="write").get().actor == f"complainant:{made.pk}"

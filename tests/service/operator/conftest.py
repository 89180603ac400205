"""An office with a case, an operator, and another operator who must see nothing of the first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[3] / "demo"
FIXED = ("flashlight-fixed.apk", "policy-fixed.html", "answers-fixed.yaml")
BROKEN = ("flashlight.apk", "policy.html", "answers.yaml")


class Firm:
    """People of an authority, two operators, and browsers to look with."""

    def __init__(self) -> None:
        from mingcha.service.actions.acting import Doer, perform
        from mingcha.service.models import Operator
        from mingcha.service.roles import Role
        from tests.service.test_story import Office

        self.office = Office()
        self.subject = self.office.subject
        made = self.office.made
        boss = self.office.doer("admin")
        self.rival_operator = Operator.objects.create(name="另一家运营者有限公司")
        for name, role, operator in (
            ("rival", Role.OPERATOR_OWNER, self.rival_operator),
            ("clerk", Role.OPERATOR_CLERK, made.operator),
        ):
            account = perform(
                "account", "create", Doer("engine"), None, {"username": name, "password": "long-enough-7781"}
            )
            made.accounts[name] = perform("account", "grant", boss, account, {"role": role, "operator": operator.pk})

    def browser(self, who: str | None = None) -> Any:
        """A browser, signed in."""
        from django.test import Client

        browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
        if who is not None:
            browser.force_login(
                self.office.made.accounts[who], backend="allauth.account.auth_backends.AuthenticationBackend"
            )
        return browser

    def newcomer(self, name: str = "newcomer") -> Any:
        """An account without any role."""
        from mingcha.service.actions.acting import VISITOR, perform

        made = perform("account", "create", VISITOR, None, {"username": name, "password": "long-enough-7781"})
        self.office.made.accounts[name] = made
        return made

    def case(self) -> Any:
        """A case in which the operator was told of confirmed findings, ordered, and served."""
        from mingcha.service.models import Document, Lead

        act, people = self.office.act, self.office.made.accounts
        act(
            "handler",
            "lead",
            "open",
            None,
            source="media",
            subject=self.subject.pk,
            authority=self.office.made.authority.pk,
            summary="报道",
        )
        lead = Lead.objects.get()
        act("officer", "lead", "assign", lead, handler=people["handler"].pk)
        act("handler", "lead", "file", lead)
        case = lead.case
        version = self.office.version("handler", *BROKEN)
        self.office.inspect(case, version, "first", "inspector1", "inspector2")
        act("inspector1", "case", "record-result", case)
        act("handler", "case", "notify-findings", case)
        for finding in case.findings.all():
            act("inspector2", "finding", "confirm", finding, reason="已核对证据")
        act("handler", "case", "draft-order", case, measures="请完成整改。", days=5)
        act("legal", "document", "review", Document.objects.get())
        act("approver", "case", "order", case)
        act("handler", "case", "serve-order", case, way="电子送达", receiver="operator")
        case.refresh_from_db()
        return case

    def check(self, files: tuple[str, str, str] = FIXED, *, run: bool = True) -> Any:
        """A self-check of the operator, begun by its page."""
        from mingcha.service.models import SelfCheck
        from tests.service.test_story import run_job

        answer = self.browser("operator").post(f"/operator/apps/{self.subject.pk}/check/", self.sent(files))
        assert answer.status_code == 302, answer.content.decode()
        check = SelfCheck.objects.latest("pk")
        if run:
            run_job(f"task-{check.task_id}")
            check.refresh_from_db()
        return check

    def sent(self, files: tuple[str, str, str] = FIXED) -> dict[str, Any]:
        """Files of a form."""
        return {kind: opened(name) for kind, name in zip(("sample", "policy", "answers"), files, strict=True)}


def opened(name: str) -> io.BytesIO:
    """A file of the demonstration as a browser sends it."""
    stream = io.BytesIO((DEMO / name).read_bytes())
    stream.name = name
    return stream


INSPECTED: dict[tuple[Any, ...], Any] = {}


def once(run: Any) -> Any:
    """The real child, but each set of files is inspected once for all tests of this folder."""

    def inspected(target: str, arguments: dict[str, Any], *rest: Any, **more: Any) -> Any:
        key = (target, *sorted((name, str(value)) for name, value in arguments.items()))
        key = tuple(str(one)[-80:] for one in key)  # files lie under their hash, whatever the folder
        if key not in INSPECTED:
            INSPECTED[key] = run(target, arguments, *rest, **more)
        return INSPECTED[key]

    return inspected


@pytest.fixture
def firm(clock: Any, monkeypatch: Any) -> Iterator[Firm]:
    """On a Monday morning; second factors are other tests' business, and so is the slowness of hashes of passwords."""
    from django.conf import settings
    from django.test import override_settings

    from mingcha.service.jobs import child

    monkeypatch.setattr(child, "run", once(child.run))
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    clock.set("2026-03-02T09:00")
    with override_settings(SECOND_FACTOR=False, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield Firm()

"""Self-checks: private until filed, by every address; item by item; answered, signed, filed, returned, accepted."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("db")


def deed(firm: Any, who: str, check: Any, act: str, **data: Any) -> Any:
    return firm.browser(who).post(f"/operator/checks/{check.pk}/do/{act}/", data)


def asked(check: Any) -> Any:
    """A question that the report asks, answered by yes or no."""
    from mingcha.service.pages.operator.asking import questions

    return next(row for row in questions(check, "zh") if not row.number and not row.value)


def test_a_check_tells_each_item_with_its_remedy_in_both_languages(firm: Any) -> None:
    """A version handed in is inspected, and its page lists every clause that was judged, with what to fix."""
    check = firm.check(("flashlight.apk", "policy.html", "answers.yaml"))
    outcomes = check.task.report.card["outcomes"]
    assert check.task.state == "done"
    assert "breached" in outcomes.values()
    for prefix, remedy in (("", "怎样整改"), ("/en", "How to fix it")):
        page = firm.browser("operator").get(f"{prefix}/operator/checks/{check.pk}/").content.decode()
        assert remedy in page
        assert page.count('<details class="card"') == len(outcomes)


def test_the_clerk_of_the_operator_sees_it_and_the_report_in_each_form(firm: Any) -> None:
    """Another account of the same operator opens the check, its report and its files; reading is not refused to those whose it is."""
    check = firm.check()
    clerk = firm.browser("clerk")
    assert clerk.get(f"/operator/checks/{check.pk}/").status_code == 200
    for form in ("html", "pdf", "json"):
        assert clerk.get(f"/operator/checks/{check.pk}/report.{form}").status_code == 200
    sample = clerk.get(f"/operator/checks/{check.pk}/files/{check.version.sample_id}/")
    assert b"".join(sample.streaming_content)[:2] == b"PK"


def test_answers_and_attachments_are_kept_and_signed_over(firm: Any) -> None:
    """Answers start another inspection, an entry is shown, the signature covers both, and a change takes it away again."""
    from mingcha.service.models import SelfCheck
    from tests.service.test_story import run_job

    check = firm.check(("flashlight.apk", "policy.html", "answers.yaml"))
    owner = firm.browser("operator")
    radio = asked(check)
    assert radio.ask in owner.get(f"/operator/checks/{check.pk}/questions/").content.decode()
    said = {"name": "李某", "signer_role": "合规负责人", radio.name: "yes", f"{radio.name}-proof": "截图1.png"}
    assert owner.post(f"/operator/checks/{check.pk}/questions/", said).status_code == 302
    check.refresh_from_db()
    assert next(row for row in check.answers if row["question"] == radio.question)["answer"] is True
    run_job(f"task-{check.task_id}")
    assert deed(firm, "operator", check, "attach", clause=radio.clause, text="已加同意按钮。").status_code == 302
    assert deed(firm, "operator", check, "sign", name="李某", signer_role="合规负责人").status_code == 302
    check = SelfCheck.objects.get()
    assert check.statement["date"] == "2026-03-02"
    assert check.statement["hashes"]["report"] == check.task.report.sha256
    assert deed(firm, "operator", check, "attach", clause=radio.clause, text="再补充。").status_code == 302
    assert SelfCheck.objects.get().statement is None
    assert deed(firm, "operator", check, "file", authority=firm.office.made.authority.pk).status_code == 422


def test_what_was_answered_reaches_the_report(firm: Any) -> None:
    """The report of the second inspection holds the answer with who gave it."""
    from mingcha.service.pages.reports import stored
    from tests.service.test_story import run_job

    check = firm.check(("flashlight.apk", "policy.html", "answers.yaml"))
    owner = firm.browser("operator")
    radio = asked(check)
    owner.post(f"/operator/checks/{check.pk}/questions/", {"name": "李某", radio.name: "no"})
    check.refresh_from_db()
    run_job(f"task-{check.task_id}")
    check.task.refresh_from_db()
    given = [
        one
        for one in stored(check.task.report.sha256).answers
        if one.question == radio.question and one.clause == radio.clause
    ]
    assert [(one.answer, one.who) for one in given] == [(False, "李某")]


def test_the_name_of_the_signer_is_not_in_the_chain(firm: Any) -> None:
    """The event of the signature holds hashes and a commitment that the statement opens, not the name."""
    import json

    from mingcha.casework.commitments import opens
    from mingcha.service import ledger

    check = firm.check()
    deed(firm, "operator", check, "sign", name="李小明", signer_role="合规负责人")
    check.refresh_from_db()
    body = ledger.events_of(check)[-1].body
    assert "李小明" not in json.dumps(body, ensure_ascii=False)
    assert opens(body["statement"]["commitment"], check.statement, bytes(check.salt))


def test_filed_it_is_the_authoritys_returned_the_operators_again(firm: Any) -> None:
    """Staff see it only while it is filed or accepted; a stranger operator never."""
    from mingcha.service.models import SelfCheck

    check = firm.check()
    address = f"/operator/checks/{check.pk}/"
    assert firm.browser("handler").get(address).status_code == 404
    deed(firm, "operator", check, "sign", name="李某", signer_role="合规负责人")
    assert deed(firm, "clerk", check, "file", authority=firm.office.made.authority.pk).status_code == 404
    assert deed(firm, "operator", check, "file", authority=firm.office.made.authority.pk).status_code == 302
    assert firm.browser("handler").get(address).status_code == 200
    assert "№" in firm.browser("handler").get("/operator/checks/").content.decode()
    assert firm.browser("rival").get(address).status_code == 404
    assert deed(firm, "handler", check, "return", reason="请补充佐证").status_code == 302
    assert firm.browser("handler").get(address).status_code == 404
    assert "请补充佐证" in firm.browser("operator").get(address).content.decode()
    deed(firm, "operator", check, "file", authority=firm.office.made.authority.pk)
    assert deed(firm, "handler", check, "accept").status_code == 302
    assert SelfCheck.objects.get().state == "accepted"
    assert deed(firm, "operator", check, "attach", clause="idm-2019/1.1", text="迟到的说明").status_code == 404


def test_another_operator_is_refused_every_deed(firm: Any) -> None:
    """The rival finds no page of the check and does nothing to it."""
    check = firm.check()
    rival = firm.browser("rival")
    for path in ("", "questions/", "report.html", "report.json", f"files/{check.version.sample_id}/"):
        assert rival.get(f"/operator/checks/{check.pk}/{path}").status_code == 404
    for act in ("inspect", "attach", "sign", "file", "return", "accept"):
        assert deed(firm, "rival", check, act, name="x", signer_role="x", clause="x", text="x").status_code == 404
    assert rival.get(f"/operator/apps/{firm.subject.pk}/check/").status_code == 404
    assert rival.get(f"/operator/apps/{firm.subject.pk}/compare/").status_code == 404


def test_nobody_makes_a_version_of_anothers_file(firm: Any) -> None:
    """Naming the number of a private file or version gets nobody anything: not the rival, not the staff."""
    from mingcha.service.actions.acting import Refused, perform
    from mingcha.service.models import Subject

    check = firm.check()
    sample, version = check.version.sample_id, check.version_id
    own = Subject.objects.create(
        name="对手应用", package="cn.example.rival", operator=firm.rival_operator, registered=check.begun
    )
    for process, act, who, thing, data in (
        ("subject", "add-version", "rival", own, {"sample": sample}),
        ("subject", "deposit", "rival", own, {"sample": sample}),
        ("subject", "add-version", "handler", firm.subject, {"sample": sample}),
        ("subject", "disclose", "rival", own, {"version": version}),
        ("selfcheck", "begin", "rival", None, {"version": version}),
        ("task", "plan", "rival", None, {"version": version, "purpose": "request"}),
        ("task", "plan", "handler", None, {"version": version, "purpose": "request"}),
    ):
        with pytest.raises(Refused):
            perform(process, act, firm.office.doer(who), thing, data)


MARKS = ("自查标记版本", "flashlight-fixed.apk")
"""Words that stand on every page of the private version and nowhere else."""


def test_an_unfiled_check_is_on_no_page_of_anybody_else(firm: Any) -> None:
    """Every address of the service, with every number that could mean the check, shows nobody else a word, hash or file of it."""
    from mingcha.service.models import SelfCheck

    firm.case()
    files = firm.sent() | {"name": MARKS[0]}
    firm.browser("operator").post(f"/operator/apps/{firm.subject.pk}/check/", files)
    from tests.service.test_story import run_job

    check = SelfCheck.objects.get()
    run_job(f"task-{check.task_id}")
    check.refresh_from_db()
    secret = secrets_of(check)
    addresses = sorted(set(every_address(numbers(check))))
    assert any(f"/operator/checks/{check.pk}/" in one for one in addresses)
    logging.disable(logging.CRITICAL)
    try:
        leaks = [
            (who, one)
            for who, browser in [(who, firm.browser(who)) for who in (None, "rival", every_staff(firm), "store1")]
            for one in addresses
            if leaked(browser.get(one), secret)
        ]
    finally:
        logging.disable(logging.NOTSET)
    assert leaks == []
    assert leaked(firm.browser("operator").get(f"/operator/checks/{check.pk}/"), secret), (
        "the marks are what the owner sees"
    )


def every_staff(firm: Any) -> str:
    """One officer with every role of the authority that reads: what he does not see, none of them sees."""
    from mingcha.service.actions.acting import perform
    from mingcha.service.roles import STAFF, Role

    people, boss = firm.office.made.accounts, firm.office.doer("admin")
    for role in sorted(STAFF - {Role.HANDLER, Role.APPROVER}):
        perform("account", "grant", boss, people["handler"], {"role": role, "authority": firm.office.made.authority.pk})
    return "handler"


def leaked(answer: Any, secret: tuple[bytes, ...]) -> bool:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return any(one in body for one in secret) or hashlib.sha256(body).hexdigest().encode() in secret


def secrets_of(check: Any) -> tuple[bytes, ...]:
    """Name and hashes of what only the private version has; `leaked` looks for the files themselves by these hashes."""
    version, report = check.version, check.task.report
    words = (*MARKS, version.sample.sha256, version.policy.sha256, report.sha256)
    return tuple(one.encode() for one in words)


def numbers(check: Any) -> list[int]:
    """Every number by which an address could mean something of the check, and small ones."""
    version, task = check.version, check.task
    return sorted(
        {
            check.pk,
            version.pk,
            task.pk,
            task.report_id,
            version.sample_id,
            version.policy_id,
            version.answers_id,
            check.subject_id,
        }
    )


def every_address(known: list[int]) -> Any:
    """Every address that takes numbers or none, with each of the numbers; words are tried with the commonest."""
    from django.urls import get_resolver

    words = {
        "act": "sign",
        "process": "task",
        "verb": "cancel",
        "form": "html",
        "key": "x",
        "number": "x",
        "identifier": "x",
    }
    for pattern, parameters in routes(get_resolver()):
        names = [name for name in parameters if name not in words]
        fixed = {name: words[name] for name in parameters if name in words}
        if any(name in ("uidb36", "key") for name in names) or pattern.startswith("accounts/"):
            continue
        for one in known if names else [0]:
            for other in known if len(names) > 1 else [0]:
                values = dict(zip(names, (one, other), strict=False)) | fixed
                yield "/" + pattern % values


def routes(resolver: Any) -> Any:
    """Each address as a pattern with its parameters."""
    for name in {key for key in resolver.reverse_dict if isinstance(key, str)}:
        for possibilities, _, _, _ in resolver.reverse_dict.getlist(name):
            for pattern, parameters in possibilities:
                yield pattern, parameters
    for prefix, inner in resolver.namespace_dict.values():
        for pattern, parameters in routes(inner):
            yield prefix + pattern, parameters


def test_files_of_a_filed_self_check_are_read_by_those_who_read_evidence(firm: Any) -> None:
    """A handler of the authority gets the package, which is an event; the publication officer, who reads no evidence, does not."""
    from mingcha.service.models import Event, SelfCheck

    check = firm.check(run=False)
    SelfCheck.objects.filter(pk=check.pk).update(state="filed", authority=firm.office.made.authority)
    address = f"/operator/checks/{check.pk}/files/{check.version.sample_id}/"
    assert firm.browser("publisher").get(address).status_code == 404
    answer = firm.browser("handler").get(address)
    assert answer.status_code == 200
    assert answer.getvalue()[:2] == b"PK"
    read = Event.objects.get(process="evidence", act="read")
    assert read.body["why"] == f"selfcheck:{check.pk}"

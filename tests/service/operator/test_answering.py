"""Findings and complaints answered, rectification filed with a new version, reports compared; others refused."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.service.operator.conftest import FIXED

pytestmark = pytest.mark.usefixtures("db")


def test_the_operators_page_shows_what_waits(firm: Any) -> None:
    """Case, clock with its reckoning and each finding stand on the page in both languages; a rival sees none of it."""
    case = firm.case()
    page = firm.browser("operator").get("/operator/").content.decode()
    assert case.number in page
    assert "2026-03-09 24:00" in page
    for finding in case.findings.all():
        assert f"/operator/findings/{finding.pk}/" in page
    assert "Findings that wait" in firm.browser("operator").get("/en/operator/").content.decode()
    assert case.number not in firm.browser("rival").get("/operator/").content.decode()


def test_a_finding_is_answered_or_denied(firm: Any) -> None:
    """The statement stands with the finding; a denial makes it disputed; an empty one is refused; a rival does neither."""
    case = firm.case()
    first, second = case.findings.order_by("pk")[:2]
    operator = firm.browser("operator")
    assert operator.post(f"/operator/findings/{first.pk}/", {"act": "answer", "text": " "}).status_code == 422
    assert (
        operator.post(f"/operator/findings/{first.pk}/", {"act": "answer", "text": "已在新版本改正。"}).status_code
        == 302
    )
    assert (
        operator.post(f"/operator/findings/{second.pk}/", {"act": "dispute", "text": "该信息未收集。"}).status_code
        == 302
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.answer, second.state) == ("已在新版本改正。", "disputed")
    rival = firm.browser("rival")
    assert rival.get(f"/operator/findings/{first.pk}/").status_code == 404
    assert rival.post(f"/operator/findings/{first.pk}/", {"act": "answer", "text": "x"}).status_code == 404


def test_a_finding_nobody_was_told_of_is_not_there(firm: Any) -> None:
    """What an inspector suspects is no business of the operator before it is notified."""
    case = firm.case()
    finding = case.findings.first()
    case.findings.filter(pk=finding.pk).update(notified=None)
    assert firm.browser("operator").get(f"/operator/findings/{finding.pk}/").status_code == 404


def rectified(case: Any, **more: Any) -> dict[str, Any]:
    """What the form of rectification sends: an answer for each finding."""
    clauses = case.findings.filter(state__in=("confirmed", "not-rectified")).values_list("clause", flat=True)
    return {f"answers:{clause}": "已改。" for clause in clauses} | more


def test_rectification_is_filed_with_new_files_all_or_nothing(firm: Any) -> None:
    """An answer that is missing leaves neither version nor filing; a whole filing stops the clock and moves the case."""
    from mingcha.service.models import Filing, Version

    case = firm.case()
    operator = firm.browser("operator")
    address = f"/operator/cases/{case.pk}/rectify/"
    assert operator.get(address).status_code == 200
    before = Version.every.count()
    incomplete = rectified(case)
    incomplete.popitem()
    assert operator.post(address, incomplete | firm.sent()).status_code == 422
    without = operator.post(address, rectified(case))
    assert without.status_code == 422
    assert "请先上传安装包" in without.content.decode()
    assert (Version.every.count(), Filing.objects.count()) == (before, 0)
    assert firm.browser("rival").post(address, rectified(case) | firm.sent()).status_code == 404
    assert operator.post(address, rectified(case) | firm.sent()).status_code == 302
    case.refresh_from_db()
    assert case.state == "re-inspection"
    assert case.deadlines.get(clock="rectification").state == "met"
    assert Filing.objects.get().version.withheld is None


def test_a_checked_version_is_handed_over_without_the_check(firm: Any) -> None:
    """Choosing a checked version gives the authority a copy of its files; the self-check and its version stay private."""
    from mingcha.service.models import Filing

    case = firm.case()
    check = firm.check()
    operator = firm.browser("operator")
    assert (
        operator.post(f"/operator/cases/{case.pk}/rectify/", rectified(case, version=check.version_id)).status_code
        == 302
    )
    filed = Filing.objects.get().version
    check.version.refresh_from_db()
    assert filed.pk != check.version_id
    assert (filed.sample_id, filed.withheld, check.version.withheld) == (check.version.sample_id, None, check.operator)
    assert firm.browser("handler").get(f"/operator/checks/{check.pk}/").status_code == 404


def test_an_extension_is_asked_for_by_the_owner(firm: Any) -> None:
    """The case's page leads the owner to the form of the desk, which takes the wish; a clerk is not led there."""
    case = firm.case()
    link = f"/desk/do/case/{case.pk}/ask-extension/"
    assert link in firm.browser("operator").get(f"/operator/cases/{case.pk}/").content.decode()
    assert link not in firm.browser("clerk").get(f"/operator/cases/{case.pk}/").content.decode()
    assert firm.browser("operator").post(link, {"days": "3", "reason": "需要排期"}).status_code == 302


def test_old_and_new_reports_are_compared_without_verdicts_nobody_told(firm: Any) -> None:
    """First inspection and self-check stand beside each other; a verdict on a clause of which the operator was not told is left out."""
    case = firm.case()
    firm.check()
    address = f"/operator/apps/{firm.subject.pk}/compare/"
    hidden = case.findings.order_by("clause").first()
    number = hidden.clause.partition("/")[2]
    page = firm.browser("operator").get(address).content.decode()
    lines = [line for line in page.splitlines() if "→" in line and f"<li>{number} " in line]
    assert lines, "the fixed app changes this verdict"
    case.findings.filter(pk=hidden.pk).update(notified=None)
    page = firm.browser("operator").get(address).content.decode()
    assert f"<li>{number} " not in page
    assert firm.browser("operator").get(f"/en{address}").status_code == 200
    assert firm.browser("operator").get(f"{address}?a=9999&b=1").context is None


def test_a_reinspection_is_compared_only_once_it_was_decided_on(firm: Any) -> None:
    """Before the decision the report of the re-inspection is not among the choices; after it, it is."""
    from mingcha.service.models import Filing
    from mingcha.service.pages.operator.comparing import choices

    case = firm.case()
    firm.browser("operator").post(f"/operator/cases/{case.pk}/rectify/", rectified(case) | firm.sent(FIXED))
    case.refresh_from_db()
    firm.office.inspect(case, Filing.objects.get().version, "re-inspection", "inspector3", "inspector4")
    operator = firm.office.doer("operator")
    assert len(choices(operator, firm.subject)) == 1
    firm.office.act("approver", "case", "return", case, measures="请继续整改。", days=5)
    assert len(choices(operator, firm.subject)) == 2


def test_a_forwarded_complaint_is_answered_without_knowing_who_complains(firm: Any) -> None:
    """The page tells what happened, not who says so; the answer reaches the complaint; a rival finds nothing."""
    act = firm.office.act
    complaint = act(
        "admin", "complaint", "receive", None, kind="complaint", code="K7MQ2XW9RTHB", subject=firm.subject.pk, subject_name="演示手电筒",
        category="no-consent", narrative="没点同意就读了通讯录。", authority=firm.office.made.authority.pk, name="王小明", phone="13800000000",
    )  # fmt: skip
    operator = firm.browser("operator")
    address = f"/operator/complaints/{complaint.pk}/"
    assert operator.get(address).status_code == 404, "not passed on yet"
    act("officer", "complaint", "accept", complaint)
    act("officer", "complaint", "forward", complaint)
    page = operator.get(address).content.decode()
    assert "没点同意就读了通讯录" in page
    assert "王小明" not in page
    assert "13800000000" not in page
    assert firm.browser("rival").get(address).status_code == 404
    assert operator.post(address, {"text": "已修复并致歉。"}).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.answer) == ("answered", "已修复并致歉。")


def test_an_empty_file_is_refused_in_words(firm: Any) -> None:
    """A file of no bytes makes no version, and the page says so."""
    from mingcha.service.models import Version

    empty = io.BytesIO(b"")
    empty.name = "empty.apk"
    answer = firm.browser("operator").post(f"/operator/apps/{firm.subject.pk}/check/", {"sample": empty})
    assert answer.status_code == 422
    assert not Version.every.exists()

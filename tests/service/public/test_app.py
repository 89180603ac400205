"""The page of one app: what it must say and must not, in each state of findings and cases."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.service.public.conftest import CLAUSES, Site

FIRST, SECOND, THIRD = CLAUSES
PLACES = ("", "page.json", "feed/", "compare/", "follow/")


def everywhere(site: Site, subject: Any) -> str:
    """All that can be read about an app, in both languages."""
    return "".join(site.text(f"{prefix}/app/{subject.pk}/{place}") for prefix in ("", "/en") for place in PLACES)


def test_nothing_known_is_said_as_such(site: Site) -> None:
    """An app that nobody inspected is not called harmless, in either language."""
    subject = site.subject()
    chinese, english = site.text(f"/app/{subject.pk}/"), site.text(f"/en/app/{subject.pk}/")
    assert "还没有可以公开的检测结果" in chinese
    assert "没有公开的问题不等于没有问题" in chinese
    assert "There is no result of an inspection to be shown yet" in english
    assert "That does not mean there is none" in english
    assert chinese.count("<section") == english.count("<section") == 8


@pytest.mark.parametrize("state", ["suspected", "disputed", "withdrawn"])
def test_a_case_under_review_is_secret(site: Site, state: str) -> None:
    """Until the time to answer is over nothing tells that there is a case, a report or a finding."""
    subject = site.subject()
    case = site.case(subject, "findings-review")
    task = site.task(subject, case=case)
    site.finding(task, FIRST, state, notified="2026-09-25T09:00", answer="我们的说明")
    seen = everywhere(site, subject)
    for secret in (case.number, FIRST, "句子", "Sentence", "我们的说明", site.sha256, "1.0.3", "疑似", "suspected"):
        assert secret not in seen, secret
    assert site.browser.get(f"/case/{case.pk}/feed/").status_code == 404
    assert site.browser.get(f"/app/{subject.pk}/report/{task.report_id}.html").status_code == 404


@pytest.mark.parametrize(
    ("notified", "last_hidden", "first_shown"),
    [
        ("2026-09-07T09:00", "2026-09-14T23:59", "2026-09-15T00:01"),
        ("2026-09-14T09:00", "2026-09-20T23:59", "2026-09-21T00:01"),
        ("2026-09-28T09:00", "2026-10-10T23:59", "2026-10-11T00:01"),
    ],
)
def test_suspected_shows_after_five_working_days(
    site: Site, clock: Any, notified: str, last_hidden: str, first_shown: str
) -> None:
    """A suspected finding is seen after 24:00 of the fifth working day (a Sunday that is made up counts, a week of holidays does not), and is called suspected."""
    subject = site.subject()
    task = site.task(subject, case=site.case(subject, "findings-review"))
    site.finding(task, FIRST, "suspected", notified=notified)
    clock.set(last_hidden)
    assert f"句子{FIRST}" not in site.text(f"/app/{subject.pk}/")
    clock.set(first_shown)
    chinese, english = site.text(f"/app/{subject.pk}/"), site.text(f"/en/app/{subject.pk}/")
    assert f"句子{FIRST}" in chinese
    assert "疑似" in chinese
    assert "尚未核实" in chinese
    assert f"（自 {first_shown[:10]}）" in chinese
    assert "没有答复" in chinese
    assert "suspected" in english
    assert "the operator was told on" in english


def test_never_told_never_shown(site: Site, clock: Any) -> None:
    """What the operator was not told of stays unseen, however long it takes."""
    subject = site.subject()
    task = site.task(subject, case=site.case(subject, "findings-review"))
    site.finding(task, FIRST, "suspected")
    clock.set("2027-06-01T09:00")
    assert "句子" not in everywhere(site, subject)


def test_no_date_without_a_calendar(site: Site, clock: Any) -> None:
    """While the holidays it needs are not published, the time to answer counts as running."""
    from mingcha.casework.working import shipped

    beyond = date.fromordinal(shipped().certain).year + 1
    subject = site.subject()
    task = site.task(subject, case=site.case(subject, "findings-review"))
    site.finding(task, FIRST, "suspected", notified=f"{beyond}-03-02T09:00")
    clock.set(f"{beyond}-06-01T09:00")
    assert "句子" not in everywhere(site, subject)


def test_answer_and_denial_stand_beside(site: Site) -> None:
    """The operator's answer, and its denial as such, stand at the finding; HTML in them is shown, not run."""
    subject = site.subject()
    task = site.task(subject, case=site.case(subject, "findings-review"))
    site.finding(
        task, FIRST, "suspected", notified="2026-09-01T09:00", answer="已在新版本修正<script>alert(1)</script>"
    )
    site.finding(task, SECOND, "disputed", notified="2026-09-01T09:00", answer="我们不认可\u202e")
    chinese, english = site.text(f"/app/{subject.pk}/"), site.text(f"/en/app/{subject.pk}/")
    assert "已在新版本修正&lt;script&gt;" in chinese
    assert "<script>alert" not in chinese
    assert "运营者否认：" in chinese
    assert "我们不认可[U+202E]" in chinese
    assert "The operator denies it:" in english
    assert "有2项疑似问题" in chinese


def test_confirmed_and_rectified_are_shown_with_the_ladder(site: Site) -> None:
    """Confirmed findings show at once, rectified ones say so, withdrawn ones are gone; status, date, case and order fit together."""
    subject = site.subject()
    case = site.case(subject, "rectification")
    task = site.task(subject, case=case)
    for clause, state in ((FIRST, "confirmed"), (SECOND, "rectified"), (THIRD, "withdrawn")):
        site.finding(task, clause, state, notified="2026-09-25T09:00")
    paper = site.paper(case, "order", served="2026-09-11T09:00")
    site.event(case, "order", "2026-09-10T09:00", document=paper.number, days=5)
    site.event(case, "serve-order", "2026-09-11T09:00", document=paper.number, days=5, way="电子送达")
    page = site.text(f"/app/{subject.pk}/")
    assert f"句子{FIRST}" in page
    assert "已整改" in page
    assert THIRD not in page
    assert "已被责令改正" in page
    assert "2026-09-11" in page
    assert case.number in page
    assert paper.number in page
    assert "期限5个工作日（本文书自定）" in page
    assert "account:7" not in everywhere(site, subject)


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        ("re-inspection", "正在复测", "being inspected again"),
        ("notice-proposed", "拟向社会通报", "public warning is proposed"),
        ("publicly-warned", "已被公开通报", "Publicly warned"),
        ("removed", "已通知应用商店下架", "told to remove"),
        ("disconnected", "已停止接入", "network access was ended"),
        ("closed-rectified", "复测通过", "re-inspection passed"),
        ("closed-restored", "已恢复上架", "restored to the stores"),
    ],
)
def test_each_public_state_has_its_sentence(site: Site, state: str, zh: str, en: str) -> None:
    """Each state that the public may know is told in plain words in both languages."""
    subject = site.subject()
    site.task(subject, case=site.case(subject, state))
    assert zh in site.text(f"/app/{subject.pk}/")
    assert en in site.text(f"/en/app/{subject.pk}/")


def test_every_public_state_is_told() -> None:
    """No state to which a public act leads is without a sentence."""
    from mingcha.service.pages.public import showing, status

    assert set(status._BY_STATE) == showing.PUBLIC_STATES


def test_what_the_public_asked_for_is_only_counted(site: Site) -> None:
    """An inspection without a case gives counts that nobody confirmed, no clause, no verdict, no whole report."""
    subject = site.subject()
    task = site.task(subject, "request", state="done")
    page = site.text(f"/app/{subject.pk}/")
    assert "结果没有经任何人核实" in page
    assert "机器的初步结果（没有经任何人核实，不说明应用违规）" in page
    seen = everywhere(site, subject)
    assert not any(clause in seen for clause in site.card["outcomes"])
    assert "发现10项" not in seen
    assert "疑似" not in seen
    assert "suspected" not in seen
    assert "违反" not in page
    assert site.browser.get(f"/app/{subject.pk}/report/{task.report_id}.html").status_code == 404


def test_what_an_operator_checked_for_itself_is_private(site: Site) -> None:
    """A self-check leaves no trace in public."""
    subject = site.subject()
    site.task(subject, "self-check", state="done")
    assert site.sha256 not in everywhere(site, subject)
    assert "还没有可以公开的检测结果" in site.text(f"/app/{subject.pk}/")


def test_a_flood_of_requests_hides_no_case(site: Site) -> None:
    """However many inspections are asked for, the case and its status stay on the page."""
    subject = site.subject()
    case = site.case(subject, "publicly-warned")
    site.task(subject, case=case)
    for _ in range(20):
        site.task(subject, "request", state="done")
    assert "已被公开通报" in site.text(f"/app/{subject.pk}/")


def test_hidden_characters_and_markup_in_names(site: Site) -> None:
    """HTML, bidi and zero-width characters in an app's name are neutralised and shown wherever the name stands (N1)."""
    subject = site.subject("安全<b>卫士\u202e\u200b", "cn.example.bad")
    case = site.case(subject, "publicly-warned")
    site.task(subject, case=case)
    paper = site.paper(case, published="2026-09-10T09:00")
    paths = (f"/app/{subject.pk}/", "/?q=安全", "/", "/notices/", f"/notices/{paper.pk}/", f"/verify/{paper.number}/", f"/app/{subject.pk}/compare/",
             f"/app/{subject.pk}/inspect/", f"/app/{subject.pk}/follow/", "/notices/feed/", f"/app/{subject.pk}/feed/", f"/app/{subject.pk}/page.json")  # fmt: skip
    for path in paths:
        seen = site.text(path)
        assert not {"\u202e", "\u200b"} & set(seen), path
        assert "[U+202E]" in seen, path
        assert "<b>卫士" not in seen or path.endswith("json"), path


def test_the_whole_report_only_when_all_of_it_is_confirmed(site: Site) -> None:
    """One breach that nobody confirmed keeps the whole report from being had; then both forms can be."""
    from mingcha.service.models import Finding

    subject = site.subject()
    task = site.task(subject, case=site.case(subject, "rectification"))
    breached = [clause for clause, outcome in site.card["outcomes"].items() if outcome == "breached"]
    assert len(breached) > 1
    for clause in breached[1:]:
        site.finding(task, clause, "confirmed")
    site.finding(task, breached[0], "suspected", notified="2026-09-01T09:00")
    place = f"/app/{subject.pk}/report/{task.report_id}"
    assert "核实之后才提供下载" in site.text(f"/app/{subject.pk}/")
    assert site.browser.get(f"{place}.html").status_code == 404
    Finding.objects.filter(clause=breached[0]).update(state="confirmed")
    whole = site.browser.get(f"{place}.html")
    assert whole.status_code == 200
    assert "attachment" in whole["Content-Disposition"]
    assert site.browser.get(f"{place}.pdf").content.startswith(b"%PDF")
    assert site.browser.get(f"{place}.exe").status_code == 404


def test_json_tells_what_the_page_tells(site: Site) -> None:
    """The JSON holds the page's status, findings and hashes, and no verdict that the page leaves out."""
    subject = site.subject()
    task = site.task(subject, case=site.case(subject, "rectification"))
    site.finding(task, FIRST, "confirmed")
    told = json.loads(site.text(f"/app/{subject.pk}/page.json"))
    assert [one["clause"] for one in told["findings"]] == [FIRST]
    assert told["status"]["text"]["zh"] in site.text(f"/app/{subject.pk}/")
    assert {one["sha256"] for one in told["said"]["files"]} == {one["sha256"] for one in site.card["artefacts"]}
    assert "breached" not in json.dumps(told)
    assert SECOND not in json.dumps(told)


def test_no_such_app(site: Site) -> None:
    """What is not there is 404 everywhere."""
    for place in (*PLACES, "inspect/", "report/1.html"):
        assert site.browser.get(f"/app/999999/{place}").status_code == 404

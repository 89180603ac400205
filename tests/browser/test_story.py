"""The whole story in a browser, on both databases: what each page says of one matter agrees."""

from __future__ import annotations

import hashlib
import os
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.looks import seen
from tests.browser.people import server
from tests.browser.story import APP, FIRST, OTHER, Story


def test_a_matter_from_complaint_to_restoration(chromium: Any, database: str | None, tmp_path: Path) -> None:
    """Complaint, lead, inspection, order, twin, re-inspection; the second app is warned, removed, acknowledged and restored."""
    with server(tmp_path, database, "2026-03-02T09:00") as running:
        story = Story(running, chromium)
        rectified(story)
        removed_and_restored(story)
        agree(story)
        if database is None:
            assert list(looked(story)) == []


def rectified(story: Story) -> None:
    """The first app: from the complaint to a passed re-inspection."""
    story.complain(APP)
    story.take_up()
    case = story.told.case_path
    story.inspect(case, FIRST, "首次检测", "甲", "乙")
    clauses = story.confirm(case)
    assert len(clauses) > 3
    story.order(case)
    story.rectify(case, "提交整改报告", len(clauses))
    story.inspect(case, FIRST, "复测", "丙", "丁", by="operator")
    story.let_pass(case, "复测通过")
    story.people["handler"].goto(case)
    assert "已整改结案" in story.people["handler"].text()


def removed_and_restored(story: Story) -> None:
    """The second app: nobody rectifies, time passes, it is warned, removed, acknowledged by each store, and comes back."""
    story.register_other()
    case, people = story.told.other_path, story.people
    story.inspect(case, FIRST, "首次检测", "甲", "乙")
    clauses = story.confirm(case)
    story.order(case)
    story.server.at("2026-03-11T08:00")
    _until(story, case, "拟通报")
    story.document(case, "拟通报", "关于侵害用户权益行为的通报", "签发通报")
    people["publisher"].act(case, "向社会通报")
    story.server.at("2026-03-20T08:00")
    _until(story, case, "通报期限届满")
    story.document(case, "拟下架通知", "下架通知", "通知下架")
    for store in ("store1", "store2"):
        people[store].act(case, "平台确认下架", proof="下架截图")
    story.server.at("2026-05-25T08:00")
    for name in ("handler", "legal", "approver", "inspector3", "inspector4", "operator"):
        people[name].sign_in_again()
    story.rectify(case, "下架期间提交整改报告", len(clauses))
    story.inspect(case, FIRST, "复测", "丙", "丁", by="operator")
    story.let_pass(case, "下架期间复测通过")
    people["operator"].act(case, "提交承诺", reason="承诺不再违规。")
    people["handler"].act(case, "拟恢复上架通知", reason="整改到位，同意恢复上架。")
    story.review(case, "恢复上架通知")
    people["approver"].act(case, "恢复上架", reason="整改到位")
    people["handler"].goto(case)
    assert "已恢复上架" in people["handler"].text()


PUBLIC = (
    "/",
    "/?q=手电",
    "/app/1/",
    "/app/2/",
    "/app/1/compare/",
    "/app/1/inspect/",
    "/inspect/",
    "/app/1/follow/",
    "/notices/",
    "/verify/",
    "/calculator/",
    "/privacy/",
    "/about/",
    "/complain/",
    "/track/",
    "/accounts/login/",
)


def looked(story: Story) -> Iterator[str]:
    """What is wrong with any page in any width or language; pictures go to the folder named by MINGCHA_LOOK, if it is named."""
    folder = Path(os.environ["MINGCHA_LOOK"]) if "MINGCHA_LOOK" in os.environ else None
    url, told, people = story.server.url, story.told, story.people
    page = story.browser.new_context().new_page()
    yield from seen(page, url, PUBLIC, folder, "public")
    yield from seen(story.writer.page, url, ("/mine/", "/mine/write/"), folder, "writer")
    desk = [
        "/desk/",
        "/desk/complaints/",
        "/desk/leads/",
        "/desk/cases/",
        "/desk/tasks/",
        told.case_path,
        told.other_path,
    ]
    desk += [
        "/desk/complaints/1/",
        "/desk/leads/1/",
        "/desk/tasks/1/",
        "/desk/findings/1/",
        "/desk/documents/1/",
        "/desk/do/lead/open/",
        f"/desk/do{told.other_path.removeprefix('/desk').replace('cases', 'case')}note/",
    ]
    yield from seen(people["handler"].page, url, desk, folder, "handler")
    yield from seen(
        people["operator"].page,
        url,
        ("/desk/", "/operator/", told.case_path, "/desk/documents/1/", "/desk/findings/1/", "/accounts/2fa/"),
        folder,
        "operator",
    )


def _until(story: Story, case: str, words: str) -> None:
    """Wait for the engine to see that a time is over."""
    one = story.people["handler"]
    for _ in range(60):
        one.goto(case)
        if words in one.text():
            return
        one.page.wait_for_timeout(500)
    raise AssertionError(f"{words} never came:\n{one.text()[:1500]}")


def agree(story: Story) -> None:
    """Public page, complainant's page, documents and the check of a document show the same number, state, clauses, dates and hash."""
    one, handler, told = story.writer, story.people["handler"], story.told
    one.goto("/mine/")
    assert told.complaint in one.text()
    assert one.page.inner_text("#case-number") == told.case
    assert one.page.inner_text("#case-state") == "已整改结案"
    handler.goto(told.case_path)
    clauses = set(handler.page.locator("td[data-label='条款'] a").all_inner_texts())
    order = handler.page.locator("main a[href*='/documents/']").first
    number = order.inner_text()
    order.click()
    handler.page.wait_for_load_state()
    preview = handler.text()
    assert told.case in preview
    assert number in preview
    assert clauses == set(re.findall(r"idm-2019/\d\.\d+", preview))
    digest = re.search(r"[0-9a-f]{64}", preview)
    assert digest is not None
    visitor = story.browser.new_context().new_page()
    visitor.goto(f"{story.server.url}/verify/{number}/")
    checked = visitor.inner_text("main")
    assert digest[0] in checked
    assert number in checked
    assert told.case in checked
    link = visitor.locator("a[href$='.pdf']").first.get_attribute("href")
    with urllib.request.urlopen(story.server.url + _quoted(link)) as answer:
        assert hashlib.sha256(answer.read()).hexdigest() == digest[0]
    visitor.goto(f"{story.server.url}/")
    for app in (APP, OTHER):
        visitor.goto(f"{story.server.url}/?q={app}")
        visitor.get_by_role("link", name=app, exact=True).first.click()
        visitor.wait_for_load_state()
        said = visitor.inner_text("main")
        assert clauses <= set(re.findall(r"idm-2019/\d\.\d+", said)) | set(
            re.findall(r"idm-2019/\d\.\d+", visitor.content())
        )


def _quoted(path: str | None) -> str:
    from urllib.parse import quote, unquote

    return quote(unquote(path or ""), safe="/")

"""The whole story in a browser, on both databases: what each page says of one matter agrees."""

from __future__ import annotations

import hashlib
import os
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument

from tests.browser.looks import seen
from tests.browser.people import server
from tests.browser.story import APP, FIRST, OTHER, Story

ORDERED, MENDED = "2026-03-04", "2026-03-06"
"""When the first app's order is signed and served, and when it is rectified and passes."""


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
    story.server.at(f"{ORDERED}T10:00")
    story.order(case)
    story.server.at(f"{MENDED}T15:00")
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
    story.server.at("2026-03-16T08:00")
    _until(story, case, "拟通报")
    story.document(case, "拟通报", "关于侵害用户权益行为的通报", "签发通报")
    people["publisher"].act(case, "向社会通报")
    story.server.at("2026-03-25T08:00")
    _until(story, case, "通报期限届满")
    story.document(case, "拟下架通知", "下架通知", "通知下架")
    for store in ("store1", "store2"):
        people[store].act(case, "平台确认下架", proof="下架截图")
    story.server.at("2026-06-01T08:00")
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
    told, handler = story.told, story.people["handler"]
    mine = story.writer.goto("/mine/")
    assert told.complaint in story.writer.text()
    assert (mine.inner_text("#case-number"), mine.inner_text("#case-state")) == (told.case, "已整改结案")
    assert f"最近进展 {MENDED}" in story.writer.text()
    handler.goto(told.case_path)
    clauses = set(handler.page.locator("td[data-label='条款'] a").all_inner_texts())
    order = handler.page.locator("main a[href*='/documents/']").first
    number = order.inner_text()
    order.click()
    handler.page.wait_for_load_state()
    digest = _ordered(handler.text(), told.case, number, clauses)
    visitor = story.browser.new_context(locale="zh-CN").new_page()
    _checked(visitor, story.server.url, told.case, number, digest)
    said = _shown(visitor, story.server.url, APP)
    assert told.case in said
    assert f"{ORDERED} 责令改正 · {number}" in said
    assert f"{ORDERED} 送达责令改正通知书 · {number}" in said
    assert f"{MENDED} 复测通过" in said
    assert clauses == set(re.findall(r"idm-2019/\d\.\d+", said))
    assert "已恢复上架" in _shown(visitor, story.server.url, OTHER)


def _ordered(preview: str, case: str, number: str, clauses: set[str]) -> str:
    """The order's preview names case, number, clauses and day; its hash is given."""
    assert case in preview
    assert number in preview
    assert clauses == set(re.findall(r"idm-2019/\d\.\d+", preview))
    assert f"示例监管部门\n{ORDERED}" in preview
    digest = re.search(r"[0-9a-f]{64}", preview)
    assert digest is not None
    return digest[0]


def _checked(visitor: Any, url: str, case: str, number: str, digest: str) -> None:
    """The page a QR code opens says the same, and so does the PDF it offers."""
    visitor.goto(f"{url}/verify/{number}/")
    checked = visitor.inner_text("main")
    assert {digest, number, case} <= set(re.split(r"\s+", checked))
    assert re.search(rf"签发\s+{ORDERED}\s+送达\s+{ORDERED}", checked)
    link = visitor.locator("a[href$='.pdf']").first.get_attribute("href")
    with urllib.request.urlopen(url + _quoted(link)) as answer:
        paper = answer.read()
    assert hashlib.sha256(paper).hexdigest() == digest
    with PdfDocument(paper) as opened:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in opened)
    assert [one for one in (number, case, ORDERED) if one not in text] == [], text


def _shown(visitor: Any, url: str, app: str) -> str:
    """The public page of an app, found by its name."""
    visitor.goto(f"{url}/?q={app}")
    visitor.get_by_role("link", name=app, exact=True).first.click()
    visitor.wait_for_load_state()
    return str(visitor.inner_text("main"))


def _quoted(path: str | None) -> str:
    from urllib.parse import quote, unquote

    return quote(unquote(path or ""), safe="/")

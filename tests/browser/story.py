"""One matter told through pages: a complaint with a photo, an order that is followed; and a second app that is removed and comes back."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.people import Person, Server

DEMO = Path(__file__).parents[2] / "demo"
PEOPLE = (
    "officer",
    "handler",
    "inspector1",
    "inspector2",
    "inspector3",
    "inspector4",
    "legal",
    "approver",
    "publisher",
    "operator",
    "store1",
    "store2",
)
APP, OTHER = "演示手电筒", "演示手电筒二"


@dataclass
class Told:
    """What the pages said, to be compared with each other."""

    complaint: str = ""
    code: str = ""
    case: str = ""
    case_path: str = ""
    other_path: str = ""
    order: str = ""
    order_hash: str = ""
    notice: str = ""


def photo() -> bytes:
    """A photo with a place in its metadata."""
    from PIL import Image

    made = Image.new("RGB", (320, 240), (70, 110, 140))
    exif = made.getexif()
    exif[0x010E] = "CANARY-PLACE"
    out = io.BytesIO()
    made.save(out, "JPEG", exif=exif)
    return out.getvalue()


class People(dict[str, Person]):
    """Whoever is needed, signed in when he first is."""

    def __init__(self, server: Server, browser: Any) -> None:
        super().__init__()
        self.server, self.browser = server, browser

    def __missing__(self, name: str) -> Person:
        assert name in PEOPLE, name
        self[name] = Person(self.server, self.browser, name).sign_in()
        return self[name]


class Story:
    """The people, and what they do one after another."""

    def __init__(self, server: Server, browser: Any) -> None:
        self.server, self.browser, self.told = server, browser, Told()
        self.people = People(server, browser)
        self.writer = Person(server, browser)

    def complain(self, app: str) -> None:
        """A person finds the app and complains, with a photo; number and code are shown."""
        one = self.writer
        one.goto("/")
        one.page.locator("main input[name=q]").first.fill("手电")
        one.page.locator("main form:has(input[name=q]) button").first.click()
        one.page.get_by_role("link", name=app, exact=True).first.click()
        assert app in one.text()
        one.goto("/complain/")
        one.page.check("input[name=kind][value=complaint]")
        one.fill("subject_name", app)
        one.page.check("input[name=category][value=no-consent]")
        one.send()
        one.fill("narrative", "没点同意，它就读了我的通讯录。")
        one.fill("happened", "2026-02-27")
        one.send()
        one.fill("name", "王小明")
        one.fill("phone", "13800138000")
        one.page.set_input_files(
            "input[name=picture] >> nth=0", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        )
        one.patiently(lambda: bool(one.page.input_value("[name=work_nonce]")))
        one.send()
        self.told.complaint = one.page.inner_text("#number")
        self.told.code = one.page.inner_text("#code")

    def take_up(self) -> None:
        """The officer accepts and makes a lead; the handler files it."""
        officer, handler = self.people["officer"], self.people["handler"]
        path = self._path(officer, "/desk/complaints/", self.told.complaint)
        officer.act(path, "受理")
        officer.act(path, "转为线索")
        officer.press(officer.page.locator("main dd a[href*='/leads/']").inner_text())
        lead = self._here(officer)
        officer.act(lead, "分派", handler="周舟")
        handler.act(lead, "立案")
        self.told.case_path = self._here(handler)
        self.told.case = handler.page.inner_text("h1 .number")

    def register_other(self) -> None:
        """A second matter, from sampling."""
        handler = self.people["handler"]
        handler.goto("/desk/do/lead/open/")
        for name, value in {"subject": OTHER, "authority": "示例", "source": "抽查", "summary": "抽查发现"}.items():
            handler.fill(name, value)
        handler.send()
        lead = self._here(handler)
        self.people["officer"].act(lead, "分派", handler="周舟")
        handler.act(lead, "立案")
        self.told.other_path = self._here(handler)

    def inspect(
        self, case: str, files: tuple[str, str, str], purpose: str, first: str, second: str, *, by: str = "handler"
    ) -> None:
        """Hand files in, plan the inspection, wait for the job, let the second inspector sign."""
        handler = self.people["handler"]
        if by == "handler":
            handler.goto(case)
            handler.press("上传样本")
            for name, file in zip(("sample", "policy", "answers"), files, strict=True):
                handler.page.set_input_files(f"[name={name}]", str(DEMO / file))
            handler.send()
        handler.goto(case)
        handler.press("下达检测")
        handler.page.locator("[name=version]").select_option(index=1)  # the newest
        handler.page.locator("[name=case]").select_option(index=1)
        handler.fill("purpose", purpose)
        handler.fill("first", first)
        handler.fill("second", second)
        handler.send()
        task = self._here(handler)
        handler.patiently(lambda: handler.goto(task) and handler.page.locator("meta[http-equiv=refresh]").count() == 0)
        assert "已完成" in handler.text(), handler.text()[:500]
        self.people[_NAMES[second]].act(task, "复核签字")

    def confirm(self, case: str) -> list[str]:
        """An inspector records the result, the operator is told, the other inspector confirms each finding."""
        self.people["inspector1"].act(case, "出具检测结果")
        self.people["handler"].act(case, "告知疑似问题")
        second = self.people["inspector2"]
        second.goto(case)
        paths = second.page.locator("td[data-label='条款'] a").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        for path in paths:
            second.act(path, "确认", reason="已核对证据")
        return [str(path) for path in paths]

    def document(self, case: str, draft: str, kind: str, sign: str, days: str | None = "5") -> None:
        """Draft, legal review, signature."""
        fields = {"measures": "请于期限内完成整改并提交报告。"} | ({"days": days} if days else {})
        self.people["handler"].act(case, draft, **fields)
        self.review(case, kind)
        self.people["approver"].act(case, sign)

    def review(self, case: str, kind: str) -> None:
        """The lawyer passes the newest draft."""
        legal = self.people["legal"]
        legal.goto(case)
        paths = legal.page.locator("main a[href*='/documents/']").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        legal.act(paths[-1], "法制审核通过")
        assert kind in legal.text()

    def order(self, case: str) -> None:
        """Ordered and served."""
        self.document(case, "拟责令改正通知书", "责令改正通知书", "责令改正")
        self.people["handler"].act(case, "送达责令改正通知书", way="电子送达", receiver="运营者")

    def rectify(self, case: str, verb: str, clauses: int) -> None:
        """The operator hands the twin in and files what it changed."""
        operator = self.people["operator"]
        operator.goto(case)
        operator.press("上传整改后的版本")
        for name, file in zip(("sample", "policy", "answers"), _TWIN, strict=True):
            operator.page.set_input_files(f"[name={name}]", str(DEMO / file))
        operator.send()
        operator.goto(case)
        operator.press(verb)
        operator.page.locator("[name=version]").select_option(index=1)
        areas = operator.page.locator("textarea[name^='answers:']")
        assert areas.count() == clauses
        for at in range(clauses):
            areas.nth(at).fill("已修改，见新版本。")
        operator.send()

    def let_pass(self, case: str, verb: str) -> None:
        """Another inspector holds it for rectified, with a reason for what the report leaves open."""
        third = self.people["inspector3"]
        third.goto(case)
        third.press(verb)
        areas = third.page.locator("textarea[name^='judged:']")
        for at in range(areas.count()):
            areas.nth(at).fill("新政策已写明，经人工核对。")
        third.send()

    def _path(self, person: Person, listing: str, number: str) -> str:
        person.goto(listing)
        return str(person.page.get_by_role("link", name=number, exact=True).get_attribute("href"))

    def _here(self, person: Person) -> str:
        return re.sub(r"^https?://[^/]+", "", person.page.url)


_NAMES = {"甲": "inspector1", "乙": "inspector2", "丙": "inspector3", "丁": "inspector4"}
FIRST = ("flashlight.apk", "policy.html", "answers.yaml")
_TWIN = ("flashlight-fixed.apk", "policy-fixed.html", "answers-fixed.yaml")

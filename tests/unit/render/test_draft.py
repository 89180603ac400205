"""The drafted lists hold what the evidence shows, leave the rest open, and print whatever an app contains as it is."""

from __future__ import annotations

import csv
import io

import lxml.html
import pytest
from markdown_it import MarkdownIt

from mingcha.model.clause import Language
from mingcha.model.fact import Fact
from mingcha.model.factbase import Covered
from mingcha.model.report import FactsFile
from mingcha.render.draft import SUFFIXES, DraftForm, draft
from mingcha.render.lists import occasion
from tests.unit.render import sample

HOSTILE = '=cmd|"a"|<script>alert(1)</script>[x](http://evil.example)`*_\n# x\u202e'


def grids(facts: tuple[Fact, ...], lang: Language = "zh") -> dict[str, list[list[str]]]:
    """The tables of the Markdown form, as a Markdown reader sees them."""
    text = draft(sample.report(facts), sample.catalogue(), lang).decode()
    root = lxml.html.document_fromstring(MarkdownIt("commonmark").enable("table").render(text))
    names = [head.text_content() for head in root.iter("h2")]
    rows = [[[cell.text_content() for cell in row] for row in table.iter("tr")] for table in root.iter("table")]
    return dict(zip(names, rows, strict=True))


def test_lists_hold_the_evidence() -> None:
    """Each type with its interface and permission, each SDK with vendor and declared types; what is not known is open."""
    found = grids(sample.FACTS)
    collected = {row[0]: row for row in found["个人信息收集清单"][1:]}
    assert collected["精确位置"] == [
        "精确位置", "接口 android.location.LocationManager.getLastKnownLocation、权限 ACCESS_FINE_LOCATION", "打开天气页时、用户使用相关功能时",
        "显示天气", "代码可能、清单文件申请",
    ]  # fmt: skip
    assert collected["IMEI"][2:] == ["应用启动时", "«待填写»", "代码可能"]
    sdks = {row[0]: row for row in found["第三方SDK共享清单"][1:]}
    assert sdks["友盟+移动统计 U-App"][1:5] == [
        "友盟同欣（北京）科技有限公司",
        "统计分析",
        "已安装应用列表、IMEI",
        "OAID",
    ]
    assert sdks["穿山甲"][6] == "可能含有其代码"
    assert {row[-1] for row in list(sdks.values())} == {"«待填写»"}
    permissions = {row[0]: row for row in found["权限申请与使用说明"][1:]}
    assert permissions["读取通讯录（READ_CONTACTS）"] == [
        "读取通讯录（READ_CONTACTS）",
        "通讯录",
        "是",
        "«待填写»",
        "清单文件申请",
    ]


def test_what_was_seen_is_told_apart_from_what_may_be() -> None:
    """A read and a transmission are called seen; they never make a call site seen, nor the other way round."""
    read = sample.fact(
        "InformationRead", 1, information="dev.oaid", interface="x", phase="P3", actor="app", outcome="value"
    )
    rows = {row[0]: row for row in grids((*sample.FACTS, read))["个人信息收集清单"][1:]}
    assert rows["OAID"][1] == "运行记录"
    assert rows["OAID"][4] == "检测中看到"
    assert rows["IMEI"][4] == "代码可能"


def test_what_only_the_policy_says_is_not_drafted() -> None:
    """The lists are drafted from the app, not copied from the policy."""
    named = sample.said("InformationNamedInPolicy", 2, "x", information="dev.oaid", clear=True)
    assert "OAID" not in {row[0] for row in grids((*sample.FACTS, named))["个人信息收集清单"]}


def test_what_the_lists_would_miss_is_named() -> None:
    """What only the policy says, what code of unknown owners takes, and permissions named but not asked for, each as that."""
    typed = sample.said(
        "PolicyStatement",
        2,
        "您注册时需提供手机号。",
        does="collect",
        information="dev.oaid",
        clear=True,
        condition="您注册时",
    )
    unknown = sample.call(7, "dev.apps", "La;->b()V", sample.APPS, None, "startup")
    named = sample.said(
        "PermissionNamedInPolicy", 3, "申请麦克风", permission="android.permission.RECORD_AUDIO", purpose="录音"
    )
    whole = Covered(kind="PermissionDeclared", collector="manifest")
    report = sample.report((*sample.FACTS, typed, unknown, named), covered=(whole,))
    text = draft(report, sample.catalogue()).decode()
    said, nobody = (
        text.partition(f"## {name}")[2].partition("\n## ")[0]
        for name in ("政策写到、在应用中没有看到", "归属未知的代码")
    )
    assert "| OAID | 您注册时 | «待填写» | 您注册时需提供手机号。 |" in said
    assert "IMEI" not in said
    assert "| 已安装应用列表 | 接口 android.content.pm.PackageManager.getInstalledPackages | 代码可能 |" in nobody
    assert "| 录音 | 政策写到，清单文件没有申请 |" in text


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("当您注册“悦款”账号时", True), ("打开天气页时", True), ("在您使用地图的过程中", True), ("when you sign up", True),
        ("如果您拒绝提供手机号码用于注册、登录", False), ("在以下情形中", False), ("否则我们会要求其重新征得您的同意", False),
        ("法律法规另有规定的除外", False), ("unless the law requires it", False),
    ],
)  # fmt: skip
def test_only_occasions_are_scenes(condition: str, kept: bool) -> None:
    """A refusal, an exception or a demand for consent is no scene of collecting."""
    assert occasion(condition) is kept


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["markdown", "html", "csv"])
def test_a_facts_file_gives_the_same_lists_as_its_report(form: DraftForm, lang: Language) -> None:
    """Lists can be drafted before anything is judged, and again with the same bytes."""
    report = sample.report(sample.WITH_POLICY)
    facts = FactsFile(**{name: getattr(report, name) for name in FactsFile.__struct_fields__})
    first = draft(report, sample.catalogue(), lang, form)
    assert first == draft(facts, sample.catalogue(), lang, form)
    assert len(first) > 500


def test_an_empty_case_says_so() -> None:
    """Without evidence there are no tables, and the page says that this means nothing."""
    text = draft(sample.report((), ()), sample.catalogue()).decode()
    assert "这不表示应用不收集个人信息" in text
    assert "|" not in text


def test_hostile_names_are_text_in_every_form() -> None:
    """Markup, links, formulas and direction marks from an app come out as text."""
    facts = (
        sample.fact("SdkPresent", sdk=HOSTILE, score=3, signals=["x"]),
        sample.fact("PermissionDeclared", permission=HOSTILE, dangerous=True),
        sample.call(7, "dev.imei", "Lx;->a()V", HOSTILE, "app", "startup"),
    )
    report = sample.report(facts)
    page = lxml.html.document_fromstring(draft(report, sample.catalogue(), "zh", "html").decode())
    assert page.xpath("//script | //img | //*[@href]") == []
    names = [row[0] for row in grids(facts)["第三方SDK共享清单"][1:]]
    assert names == [HOSTILE.replace("\n", " ").replace("\u202e", "[U+202E]")]
    markdown = draft(report, sample.catalogue()).decode()
    assert "<script" not in markdown
    assert "\u202e" not in markdown
    cells = [
        cell
        for row in csv.reader(io.StringIO(draft(report, sample.catalogue(), "zh", "csv").decode("utf-8-sig")))
        for cell in row
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_page_of_lists_is_sound() -> None:
    """One heading of the page, a named table for each list, blanks marked, the language named."""
    page = lxml.html.document_fromstring(draft(sample.report(sample.FACTS), sample.catalogue(), "en", "html").decode())
    assert page.get("lang") == "en"
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//table[@aria-labelledby]")) == 3
    assert {mark.text_content() for mark in page.xpath("//*[@class='todo']")} == {"«to fill in»"}


def test_file_names_choose_the_form() -> None:
    """The three forms have a suffix each."""
    assert set(SUFFIXES.values()) == {"markdown", "html", "csv"}

"""What a policy lacks is told with its basis, a sentence to adapt and a place, and never as more than was looked at."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from mingcha.catalogue.load import load
from mingcha.model.clause import Language
from mingcha.model.fact import Fact
from mingcha.model.words import Provision
from mingcha.render.lacking import ALWAYS, SHOWN_OF_EACH, lacking
from mingcha.render.policyview import Lack
from mingcha.render.reading import Reading
from tests.unit.render import sample

BLANKS = {"names", "information", "party", "permission", "vendor"}
GROUPS = {
    "information_app", "information_denied", "information_ambiguous", "information_vague", "information_permission", "information_third", "information_third_vague", "placeholder", "sdk", "permission",
}  # fmt: skip


def lacks(*facts: Fact, lang: Language = "zh") -> list[Lack]:
    report = sample.report(facts, (), (), ())
    return list(lacking(Reading(report, sample.catalogue(), "operator", lang, marked=True))[0])


def missing(*facts: Fact) -> list[str]:
    return [lack.missing for lack in lacks(*facts)]


DOCUMENT = sample.said("PolicyDocument", 1, "政策", title="政策", language="zh-Hans", characters=9)


# --- the data ------------------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_drafts() -> None:
    """The two files hold the same rows with the same blanks and the same clauses, and as many blanks for a person."""
    zh, en = (load().drafts[lang] for lang in ("zh", "en"))
    assert zh.keys() == en.keys()
    for name, row in zh.items():
        for field in ("missing", "text"):
            there, here = getattr(en[name], field), getattr(row, field)
            assert set(re.findall(r"\{(\w+)\}", here)) == set(re.findall(r"\{(\w+)\}", there)), name
        assert [b for b in row.basis if "/" in b] == [b for b in en[name].basis if "/" in b], name
        assert row.text.count("«") == row.text.count("»")
        assert en[name].text.count("«") == en[name].text.count("»")
        assert row.text.count("«") > 0


def test_drafts_name_what_exists() -> None:
    """Each row is a provision or one of our groups, its blanks are ones we fill, its clauses are in the catalogue."""
    tables = load()
    clauses = {c.id for regulation in tables.regulations.values() for c in regulation.clauses}
    for rows in tables.drafts.values():
        assert rows.keys() >= GROUPS | set(ALWAYS) | {"personalisation_switch", "sdk_list", "sensitive_information"}
        assert rows.keys() <= GROUPS | set(get_args(Provision))
        for row in rows.values():
            assert set(re.findall(r"\{(\w+)\}", row.missing + row.text)) <= BLANKS
            assert {b for b in row.basis if re.match(r"[a-z]+-\d{4}/", b)} <= clauses
            assert row.near
            assert row.basis


@pytest.mark.parametrize("name", sorted(load().drafts["zh"]))
def test_suggestions_promise_no_more_than_the_law_allows(name: str) -> None:
    """No suggested sentence ends a list open or gives a deadline over 15 working days."""
    text = load().drafts["zh"][name].text
    assert not re.search(r"等(?:信息|个人信息|数据)", text)
    assert all(int(number) <= 15 for number in re.findall(r"(\d+)[»]?个工作日", text))


# --- the list --------------------------------------------------------------------------------------------------------------


def test_a_bare_policy_lacks_all_that_every_policy_needs() -> None:
    """With nothing but a document every general provision is on the list, and nothing about an app."""
    found = missing(DOCUMENT)
    assert "没有找到投诉、举报渠道" in found
    assert "没有找到怎样注销账号" in found
    assert "没有找到第三方SDK共享清单" not in found
    assert not any("应用" in line for line in found)


def test_what_was_read_is_not_lacking() -> None:
    """A provision that was read, a purpose that is given and an SDK that is listed are not on the list."""
    found = missing(*sample.FACTS, *sample.POLICY_TEXT, *sample.POLICY_READ)
    assert "没有找到投诉、举报渠道" not in found
    assert "没有找到怎样注销账号" not in found
    assert not any("ACCESS_FINE_LOCATION" in line for line in found)
    assert "没有找到权限读取通讯录（READ_CONTACTS）的用途" in found
    assert not any(line.startswith("应用含有友盟") for line in found)
    assert "没有找到友盟+移动统计 U-App取得已安装应用列表、IMEI的句子" in found


SWITCH, PUSH = "政策写了个性化推送，没有找到怎样关闭", "没有找到是否进行个性化推送或用户画像"


@pytest.mark.parametrize(
    ("provisions", "told"),
    [
        ([], [PUSH]),
        (["automated_decision"], [PUSH]),
        (["personalisation"], [SWITCH]),
        (["personalisation", "personalisation_switch"], []),
        (["personalisation_switch"], []),
    ],
)
def test_pushing_is_told_once(provisions: list[str], told: list[str]) -> None:
    """The two entries on personalised content never stand together, and deciding by program is not pushing."""
    facts = [sample.said("ProvisionStated", n, str(n), provision=name) for n, name in enumerate(provisions, 2)]
    assert [text for text in missing(DOCUMENT, *facts) if text in (SWITCH, PUSH)] == told


def test_static_evidence_is_told_as_such() -> None:
    """An entry that rests on code alone says that nothing was tested; one that was seen does not."""
    potential = sample.fact("InformationTaken", 7, information="dev.imei", grade="potential", party="app")
    seen = sample.fact("InformationTaken", 8, information="dev.oaid", grade="observed", party="app")
    notes = {lack.missing: lack.note for lack in lacks(DOCUMENT, potential, seen)}
    assert "没有检测" in notes["没有找到应用收集IMEI的句子"]
    assert notes["没有找到应用收集OAID的句子"] == ""


def test_an_entry_says_why_what_and_where() -> None:
    """The denial of the address book: cited, with clauses that are linked, blanks apart from text, and the heading above it."""
    (lack,) = [
        lack
        for lack in lacks(*sample.FACTS, *sample.POLICY_TEXT, *sample.POLICY_READ)
        if "不收集通讯录" in lack.missing
    ]
    assert lack.cite.anchor == "p1-2-1"
    assert lack.sentence[1::2] == ("功能名称", "目的")
    assert "通讯录" in lack.sentence[2]
    assert lack.where == "“示例手电隐私政策”一节之下"
    assert [text.split()[0] for text, _ in lack.basis] == [
        "idm-2019/3.9",
        "idm-2019/2.1",
    ]  # not among the sample's clauses
    (permission,) = [one for one in lacks(*sample.WITH_POLICY) if "READ_CONTACTS" in one.missing]
    assert permission.where == "“一、我们如何收集和使用您的信息”一节之下"
    assert permission.where_anchor == "p1-3"


def test_clauses_are_linked_where_they_were_judged() -> None:
    """A basis that was judged is named by number and title and leads to its entry."""
    (lack,) = [lack for lack in lacks(DOCUMENT) if lack.missing == "没有找到投诉、举报渠道"]
    assert lack.basis[0] == ("6.5 没有投诉举报渠道，或超过15个工作日", "c-idm-2019-6-5")
    assert lack.basis[1][1] == ""


def test_near_sentences_are_shown_first() -> None:
    """A sentence that comes near is shown to look at before anything is added; a measured absence says how it was measured."""
    near: Any = sample.said("ProvisionNear", 11, "我们会尽快答复。", provision="security")
    absent: Any = sample.said("ProvisionAbsent", 1, "", provision="minors", positives=200, missed=1)
    found = {lack.missing: lack for lack in lacks(DOCUMENT, *sample.POLICY_TEXT, near, absent)}
    assert found["没有找到保护个人信息的措施"].cite.quote == "我们会尽快答复。"
    assert found["没有找到保护个人信息的措施"].where == "“三、您的权利”一节之下"
    assert "200份中漏读1份" in found["没有找到对未成年人个人信息的保护"].note


def test_no_group_crowds_out_the_others() -> None:
    """Of a hundred permissions the first are listed, the rest counted, and the provisions are still there."""
    asked = [sample.fact("PermissionDeclared", n, permission=f"x.P{n:03}", dangerous=True) for n in range(100)]
    report = sample.report((DOCUMENT, *asked), (), (), ())
    found, more = lacking(Reading(report, sample.catalogue(), "operator", "zh"))
    assert sum("x.P" in lack.missing for lack in found) == SHOWN_OF_EACH
    assert more == f"另有{100 - SHOWN_OF_EACH}项没有列出，见上方对照表。"
    assert found[-1].missing.startswith("没有找到")
    assert [lack.anchor for lack in found] == [f"lack-{n}" for n in range(1, len(found) + 1)]


def test_suggestions_are_in_the_language_of_the_policy() -> None:
    """An English report on a Chinese policy says in English what is missing and suggests a Chinese sentence, and the reverse."""
    seen = sample.fact("InformationTaken", 8, information="contacts.book", grade="observed", party="app")
    (lack,) = [one for one in lacks(DOCUMENT, seen, lang="en") if "address book" in one.missing]
    assert "通讯录" in "".join(lack.sentence)
    english = sample.said("PolicyDocument", 1, "Policy", title="Policy", language="en", characters=9)
    heads = (sample.paragraph(1, "Policy", 1), sample.paragraph(2, "What we collect", 2))
    (lack,) = [one for one in lacks(english, *heads, seen) if "通讯录" in one.missing]
    assert "address book" in "".join(lack.sentence)
    assert lack.where_anchor == "p1-2"


def test_possible_sdks_are_not_called_contained() -> None:
    """An SDK that may be inside is no gap by itself; what is seen going to one is."""
    maybe = sample.fact("SdkPresent", sdk="pangle", score=1, signals=["x"], possible=True)
    sent = sample.fact("InformationTaken", 8, information="dev.imei", grade="transmitted", party="pangle")
    assert not any("穿山甲" in lack.missing for lack in lacks(DOCUMENT, maybe))
    assert "没有找到穿山甲取得IMEI的句子" in missing(DOCUMENT, maybe, sent)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("联系邮箱：{{联系邮箱}}", "{{联系邮箱}}"), ("运营者：【待填写】", "【待填写】"), ("[Company Name] runs this app.", "[Company Name]"),
        ("XXX公司（以下简称我们）", "XXX"), ("占位符 {{…}} 的说明", ""), ("我们使用《隐私政策》[1]。", ""), ("【重要】请仔细阅读", ""),
    ],
)  # fmt: skip
def test_places_nobody_filled_in_are_told_once(text: str, told: str) -> None:
    """A template's places are one entry for the whole policy, before all others; brackets that are none are left alone."""
    facts = (sample.paragraph(2, text), sample.paragraph(3, text))
    report = sample.report((*sample.WITH_POLICY, *facts), (), (), ())
    lacks = [lack for lack in lacking(Reading(report, load(), "operator", "zh"))[0] if "占位符" in lack.missing]
    assert [lack.missing for lack in lacks] == ([f"政策里还有没有填写的占位符：{told}"] if told else [])
    assert all(lack.cite.quote == text for lack in lacks)

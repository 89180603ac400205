"""What each reader's page says: outcomes in the right words, nothing left out, nothing told to those it is not for."""

from __future__ import annotations

import msgspec
import pytest

from mingcha.model.clause import Language, Reader
from mingcha.model.factbase import Covered, Gap
from mingcha.model.report import Report
from mingcha.render.build import view
from mingcha.render.view import Row, View
from tests.unit.render import sample

CLEAN = (Covered(kind="InformationTaken"), Covered(kind="PermissionGranted"))


def page(report: Report, reader: Reader = "operator", lang: Language = "zh") -> View:
    return view(report, sample.catalogue(), reader, lang)


def row(of: View, number: str) -> Row:
    return next(row for row in of.rows if row.number == number)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", {"6.5": "疑似违反", "3.1": "未发现违反", "1.3": "未能判定"}),
        ("en", {"6.5": "suspected breach", "3.1": "no breach found in complete evidence", "1.3": "not determined"}),
    ],
)
def test_outcomes_are_told_in_the_agreed_words(lang: Language, words: dict[str, str]) -> None:
    """A machine's breach is "suspected", met says what was complete, and the undetermined is never a pass."""
    made = page(sample.report(sample.FACTS, gaps=(), covered=CLEAN), lang=lang)
    assert {number: row(made, number).outcome_word for number in words} == words


def test_status_of_a_page_with_breaches_counts_both() -> None:
    """The status sentence names suspected breaches and what is not determined."""
    assert page(sample.report(sample.FACTS + sample.SENT)).headline == "发现2项疑似违反；另有1项未能判定。"


def test_nothing_found_is_not_called_a_pass() -> None:
    """Without breaches but with open items the status says so."""
    facts = tuple(fact for fact in sample.FACTS if getattr(fact, "provision", "") != "reply_deadline")
    made = page(sample.report(facts))
    assert made.headline == "在已有证据中没有发现疑似违反，但有3项未能判定，不能视为通过。"
    assert made.mood == "not determined"


def test_drafts_and_unverified_texts_are_marked_and_counted() -> None:
    """Every draft carries its mark, a text not labelled V says so, and both are counted at the top."""
    rules = sample.catalogue()
    regulation = rules.regulations["idm-2019"]
    first = regulation.clauses[0]
    doubtful = msgspec.structs.replace(first, cites=msgspec.structs.replace(first.cites, label="VT"))
    changed = msgspec.structs.replace(regulation, clauses=(doubtful, *regulation.clauses[1:]))
    rules = msgspec.structs.replace(rules, regulations={"idm-2019": changed})
    made = view(sample.report(rules=rules), rules, "regulator", "zh")
    assert [r.draft for r in made.rows] == ["草稿规则"] * 3
    assert [r.unverified for r in made.rows] == ["条文表述未经核实", "", ""]
    assert any("3条是草稿规则" in note for note in made.notes)
    assert any("1条的条文表述未经核实" in note for note in made.notes)


def test_operator_sees_the_gravest_breach_first() -> None:
    """The operator's page is ordered by gravity, the regulator's by the text."""
    report = sample.report(sample.FACTS + sample.SENT)
    assert [r.number for r in page(report).of("breached")] == ["3.1", "6.5"]
    assert [r.number for r in page(report, "regulator").rows] == ["1.3", "3.1", "6.5"]


def test_startup_code_is_a_lead_and_not_a_breach() -> None:
    """Code reachable at start-up leaves 3.1 undetermined and is told as what may happen before consent, with its byte."""
    found = row(page(sample.report()), "3.1")
    assert found.outcome == "not determined"
    lead = found.leads[0]
    assert lead.sentence.startswith("可能在用户同意之前收集IMEI：应用自身的代码")
    assert "com.example.flash.App.onCreate" in lead.sentence
    assert lead.evidence.place == "flash.apk › classes.dex，字节偏移 6699（0x1A2B）"


def test_leads_tell_many_places_once() -> None:
    """Calls of one owner for one type of information are one lead with the number of the others."""
    calls = tuple(sample.call(9000 + n, "dev.oaid", "La/B;->c()V", sample.PHONE, "app", "startup") for n in range(4))
    found = row(page(sample.report(sample.FACTS + calls)), "3.1")
    assert [lead.sentence for lead in found.leads if "OAID" in lead.sentence] == [
        "可能在用户同意之前收集OAID：应用自身的代码在启动时可能运行到 a.B.c，其中调用"
        " android.telephony.TelephonyManager.getDeviceId；另有3处同类"
    ]


def test_code_that_runs_after_consent_or_never_is_no_lead() -> None:
    """Gated and unreachable calls do not point at 3.1."""
    facts = (
        sample.call(1, "dev.imei", "La/B;->c()V", sample.PHONE, "app", "consent-gated"),
        sample.call(2, "dev.imei", "La/B;->c()V", sample.PHONE, "app", "unreached"),
        sample.call(3, "dev.imei", "La/B;->c()V", sample.PHONE, "app", "user-act"),
    )
    assert row(page(sample.report(facts)), "3.1").leads == ()


def test_public_page_has_no_names_of_code_and_no_score() -> None:
    """Nothing on the public page comes from inside a file: no class, path, byte, digest or number out of a hundred."""
    made = page(sample.report(sample.FACTS + sample.SENT), "public")
    told = repr((made.rows, made.tables, made.picture, made.identity, made.notes))
    for jargon in ("com.umeng", "TelephonyManager", "classes.dex", "onCreate", "0x", sample.APK, "AndroidManifest"):
        assert jargon not in told
    assert all(r.evidence == () and r.leads == () and r.trace is None for r in made.rows)
    assert "/100" not in told
    assert "%" not in told


def test_public_page_says_who_was_seen_and_who_is_only_inside() -> None:
    """An SDK seen receiving is told apart from one that is merely contained and one that is merely possible."""
    seen = page(sample.report(sample.FACTS + sample.SENT), "public").tables["who"].rows
    still = page(sample.report(), "public").tables["who"].rows
    assert [r[3] for r in seen] == ["检测时看到有数据发给它", "可能含有其代码；是否发送数据未检测"]
    assert still[0][3] == "含有其代码；是否发送数据未检测"


def test_public_page_names_what_nobody_checked() -> None:
    """Areas without evidence are listed with the reason, in plain words."""
    areas = dict(page(sample.report(), "public").tables["unchecked"].rows)
    assert areas["应用通过网络发送了什么、发给谁"] == "没有提供材料"
    assert areas["界面上的提示、征求同意的方式和操作步骤"] == "没有提供材料"
    assert "更正、删除、注销、投诉请求实际怎样处理" not in areas


def test_what_a_person_looked_at_is_seen_in_part() -> None:
    """An area without recorded material of which a person saw something is not called untouched."""
    missing = Gap(collector="case", reason="missing", hides=("StepsTo", "ConsentPrompt"), code="missing.screens")
    walked = sample.fact("StepsTo", 1, target="policy", taps=3, found=True)
    name = "界面上的提示、征求同意的方式和操作步骤"
    for facts, reason in (((), "没有提供材料"), ((walked,), "只看到一部分")):
        made = page(sample.report(facts, (missing,)), "public")
        assert dict(made.tables["unchecked"].rows)[name] == reason


def test_lists_leave_open_what_the_evidence_does_not_tell() -> None:
    """The list of what is collected takes purpose and scene from the policy and leaves them to be filled in elsewhere."""
    lines = {line[0]: line[1:] for line in page(sample.report()).tables["collected"].rows}
    assert lines["精确位置"][:2] == ("显示天气", "打开天气页时、用户使用相关功能时")
    assert lines["通讯录"][:2] == ("«待填写»", "«待填写»")
    assert lines["IMEI"] == ("«待填写»", "应用启动时", "代码调用1处", "待核对")


def test_list_of_sharing_joins_code_policy_and_vendor() -> None:
    """A third party's line unites what its code calls, what the policy says and what its vendor says."""
    (line,) = page(sample.report()).tables["shared"].rows
    assert line[0] == "友盟+移动统计 U-App（友盟同欣（北京）科技有限公司）"
    assert line[1] == "已安装应用列表、IMEI、OAID"
    assert line[2] == "统计分析"
    assert line[4:] == ("SDK在设备上直接收集", "含有其代码、代码调用2处、政策已写到、厂商文档", "待核对")


def test_what_code_hands_to_an_sdk_is_on_the_list_of_sharing() -> None:
    """An SDK that the app's code may hand a value to has a line that says so and on what it rests."""
    lines = {
        line[0].partition("（")[0]: line
        for line in page(sample.report(sample.FACTS + sample.WAYS)).tables["shared"].rows
    }
    assert (lines["穿山甲"][1], *lines["穿山甲"][4:6]) == ("IMEI", "由应用发送", "代码中的流向")


def test_sdks_are_set_against_the_policy() -> None:
    """The SDK table says which ones the policy lists; a possible SDK is called so."""
    rows = {r[0]: r for r in page(sample.report()).tables["sdks"].rows}
    assert rows["友盟+移动统计 U-App"][5] == "已列出"
    assert rows["穿山甲（可能）"][5] == "在已读的政策中没有看到"


def test_gaps_with_a_code_of_our_own_have_their_sentence() -> None:
    """A known gap code reads as its sentence, an unknown one names reason, place and what it may hide."""
    gap = msgspec.structs.replace(sample.GAPS[0], code="code.reflection")
    made = page(sample.report(gaps=(gap, *sample.GAPS[1:])))
    assert "有3处反射调用，目标不是常量，调用的是什么没有确定" in made.gaps
    assert any("没有提供材料" in said and "no.such.code" in said and "联系过的主机" in said for said in made.gaps)


def test_evidence_leads_back_to_the_place() -> None:
    """The regulator's evidence carries digest, path, position and quote of the fact it tells."""
    (item,) = row(page(sample.report(), "regulator"), "6.5").evidence
    assert (item.spot.sha256, item.spot.at, item.spot.unit) == (sample.POLICY, 12, "paragraph")
    assert item.spot.quote == "我们将在30个工作日内回复您的投诉。"
    assert item.sentence == "政策写明答复时限（投诉）：30个工作日，形式：运营者自己的明确承诺"


def test_trace_is_told_as_a_tree() -> None:
    """The way to a verdict can be read: which node was yes and on how many facts."""
    trace = row(page(sample.report(), "regulator"), "6.5").trace
    assert trace is not None
    assert trace.text == "以下至少一项成立"
    assert trace.answer_word == "是"
    deadline = trace.parts[0]
    assert (
        deadline.text
        == "见到“政策中的条款”，条款为答复时限、形式为运营者自己的明确承诺、单位为个工作日、事项为投诉、数值大于15"
    )
    assert deadline.note.startswith("1条事实")


def test_another_catalogue_is_named() -> None:
    """Words from a catalogue other than the one that judged are said to be so."""
    report = sample.report()
    tool = msgspec.structs.replace(report.tool, catalogue="0" * 64)
    notes = page(msgspec.structs.replace(report, tool=tool)).notes
    assert any("dddddddddddd" in note and "000000000000" in note for note in notes)

"""The match table says what is known, and no more, for each reader."""

from __future__ import annotations

from typing import Any

import pytest

from mingcha.catalogue.load import load
from mingcha.model.clause import Language, Reader
from mingcha.model.fact import Fact
from mingcha.model.factbase import Covered
from mingcha.model.report import Report
from mingcha.render.build import view
from mingcha.render.lacking import lacking
from mingcha.render.reading import Reading
from mingcha.render.said import STATES, Said, said
from mingcha.render.view import Table
from mingcha.render.wording import words
from tests.unit.render import sample

DOCUMENT = sample.said("PolicyDocument", 1, "政策", title="政策", language="zh-Hans", characters=9)


def taken(information: str, grade: str = "potential", party: str | None = "app") -> Fact:
    return sample.fact("InformationTaken", 7, information=information, grade=grade, party=party)


def joined(information: str, outcome: str, grade: str = "potential", party: str = "app", **more: Any) -> Fact:
    return sample.fact("SaidAgainstDone", 7, information=information, outcome=outcome, grade=grade, party=party, **more)


def states(*facts: Fact) -> list[tuple[str, str]]:
    report = sample.report((DOCUMENT, *facts), (), (), ())
    return [(row.information, row.state) for row in said(Reading(report, sample.catalogue(), "operator", "zh"))]


def tables(
    reader: Reader, facts: tuple[Fact, ...], lang: Language = "zh", covered: tuple[Covered, ...] = ()
) -> dict[str, Table]:
    report = sample.report(facts, (), covered, ())
    return dict(view(report, sample.catalogue(), reader, lang, marked=True).tables)


@pytest.mark.parametrize("outcome", ["clear", "vague", "omitted", "incorrect", "ambiguous"])
def test_the_five_outcomes_are_shown_as_they_were_joined(outcome: str) -> None:
    """The strongest evidence's outcome is the row's, whatever the weaker evidence came to."""
    rows = states(
        taken("dev.imei"),
        taken("dev.imei", "transmitted"),
        joined("dev.imei", outcome, "transmitted"),
        joined("dev.imei", "clear"),
    )
    assert rows == [("dev.imei", outcome)]


def test_silence_of_a_policy_not_wholly_read_is_not_omission() -> None:
    """Without a joined outcome nothing is called "not written": it was not found, or a sentence names or denies it."""
    named = sample.said("InformationNamedInPolicy", 2, "位置", information="loc", clear=True)
    generic = sample.said("InformationNamedInPolicy", 2, "个人信息", information="generic.pi", clear=True)
    denied = sample.said("PolicyDenial", 3, "不读取通讯录", information="contacts")
    assert states(taken("dev.imei")) == [("dev.imei", "unfound")]
    assert states(taken("dev.imei"), generic) == [("dev.imei", "unfound")]
    assert states(taken("loc.precise"), named) == [("loc.precise", "named")]
    assert states(taken("contacts.book"), denied) == [("contacts.book", "denied")]
    assert states(taken("dev.imei", party=None)) == [("dev.imei", "unknown")]


def rows(*facts: Fact) -> list[tuple[str, str, str]]:
    """State, sentence, and the sentence that says otherwise, of each row."""
    report = sample.report((DOCUMENT, *facts), (), (), ())
    quotes = (
        (row.state, *(fact.place.quote if fact else "" for fact in (row.fact, row.also))) for row in said_of(report)
    )
    return [*quotes]


def said_of(report: Report) -> list[Said]:
    return said(Reading(report, sample.catalogue(), "operator", "zh"))


def statement(at: int, quote: str, information: str, **more: Any) -> Fact:
    return sample.said(
        "PolicyStatement", at, quote, information=information, **({"does": "collect", "clear": True} | more)
    )


NOTHING = sample.said("PolicyDenial", 3, "不收集任何个人信息", information="generic.pi")


def test_a_sentence_on_the_type_outweighs_a_general_denial() -> None:
    """What the policy says of one type stands against "no personal information is collected", which is shown beside it."""
    apps = statement(2, "使用应用列表", "dev.apps", does="use")
    assert rows(taken("dev.apps"), NOTHING) == [("denied", "不收集任何个人信息", "")]
    assert rows(taken("dev.apps"), NOTHING, apps) == [("named", "使用应用列表", "不收集任何个人信息")]


def test_a_denial_of_the_type_itself_is_not_outweighed() -> None:
    """Two sentences on one type that say opposite things are shown as such, with both."""
    denied = statement(3, "不收集通讯录", "contacts.book", negated=True)
    assert rows(taken("contacts.book"), denied) == [("denied", "不收集通讯录", "")]
    said_both = rows(taken("contacts.book"), denied, statement(2, "收集通讯录", "contacts.book"))
    assert said_both == [("ambiguous", "不收集通讯录", "收集通讯录")]
    excepted = statement(3, "除同步外不收集通讯录", "contacts.book", negated=True, condition="除同步外")
    assert rows(taken("contacts.book"), excepted) == [("unfound", "", "")]


CAMERA = "android.permission.CAMERA"
ASKS = (
    sample.fact("PermissionDeclared", 7, permission=CAMERA, dangerous=True, information=["media.photo"]),
    sample.said("PermissionNamedInPolicy", 2, "申请相机权限，用于打开闪光灯", permission=CAMERA, purpose="打开闪光灯"),
)
IMPLIED = sample.said(
    "InformationNamedInPolicy", 2, "申请相机权限，用于打开闪光灯", information="media.photo", clear=False
)


@pytest.mark.parametrize("implied", [(), (IMPLIED,)])
def test_a_permission_is_not_the_information_it_opens(implied: tuple[Fact, ...]) -> None:
    """Where only the permission is named the row says so, and what the policy says it does not do stands beside it."""
    here = (taken("media.photo"), *ASKS, *implied)
    assert rows(*here) == [("permission", "申请相机权限，用于打开闪光灯", "")]
    unused = statement(3, "不使用相机拍摄照片", "media.photo", does="use", negated=True)
    assert rows(*here, unused) == [("permission", "申请相机权限，用于打开闪光灯", "不使用相机拍摄照片")]
    told = tables("operator", (DOCUMENT, *here, unused))["match"].rows[0]
    assert told[-1] == "申请相机权限，用于打开闪光灯／另有一句：不使用相机拍摄照片"
    assert rows(*here, statement(4, "收集您拍摄的照片", "media.photo")) == [("named", "收集您拍摄的照片", "")]


def test_both_tables_read_the_same_sentences() -> None:
    """A permission that its table calls named is not "not found" in the row of what it opens."""
    found = tables("regulator", (DOCUMENT, taken("media.photo"), *ASKS))
    assert found["permissions"].rows[0][-1] == "写到了，目的“打开闪光灯”"
    assert found["match"].rows[0][-2] == "≈ 只写到权限"


def test_a_list_behind_a_general_term_is_all_that_is_named() -> None:
    """ "Device information (IMEI)" names the IMEI, and of other device information only that it belongs there."""
    listed = (statement(2, "设备信息（IMEI）", "dev"), statement(2, "设备信息（IMEI）", "dev.imei"))
    found = dict(states(taken("dev.imei"), taken("dev.apps"), *listed))
    assert found == {"dev.imei": "named", "dev.apps": "wide"}
    apart = statement(3, "设备信息", "dev")
    assert dict(states(taken("dev.imei"), taken("dev.apps"), *listed, apart))["dev.apps"] == "named"


@pytest.mark.parametrize(
    ("quote", "state"),
    [
        ("设备信息（IMEI）", "unfound"),
        ("设备信息（如IMEI）", "wide"),
        ("设备信息（IMEI等）", "wide"),
        ("设备信息、IMEI", "wide"),
    ],
)
def test_a_closed_list_in_brackets_leaves_nothing_open(quote: str, state: str) -> None:
    """What a general term lists in brackets, with no "such as", is all it says; the gap list says the same as the table."""
    listed = (statement(2, quote, "dev", clear=False), statement(2, quote, "dev.imei"))
    assert dict(states(taken("dev.apps"), *listed))["dev.apps"] == state
    report = sample.report((DOCUMENT, taken("dev.apps"), *listed), (), (), ())
    gaps = [
        lack.missing
        for lack in lacking(Reading(report, sample.catalogue(), "operator", "zh"))[0]
        if "应用列表" in lack.missing
    ]
    assert gaps[0].startswith("没有找到应用收集" if state == "unfound" else "只找到笼统的说法")


@pytest.mark.parametrize(
    ("named", "of", "state"),
    [
        ("dev.network", "dev.ssid", "wide"),
        ("dev.generic", "dev.imei", "wide"),
        ("loc", "loc.precise", "named"),
        ("dev.apps", "dev.app_list", "wide"),
        ("web.app_usage", "dev.running_processes", "wide"),
        ("contacts", "contacts.book", "wide"),
    ],
)
def test_a_type_that_leaves_much_open_names_little(named: str, of: str, state: str) -> None:
    """Of the taxonomy as shipped, network and device information are general terms, location names its degrees."""
    report = sample.report((DOCUMENT, taken(of), statement(2, "一句", named, clear=False)), (), (), ())
    assert [row.state for row in said(Reading(report, load(), "operator", "zh"))] == [state]


def test_gravest_first() -> None:
    """What contradicts the policy goes before what it leaves out, and what was seen before what is possible."""
    rows = states(
        taken("dev.oaid"), joined("dev.oaid", "clear"), taken("dev.apps"), joined("dev.apps", "omitted"),
        taken("loc.precise", "observed"), joined("loc.precise", "omitted", "observed"), taken("dev.imei"),
        joined("dev.imei", "incorrect"),
    )  # fmt: skip
    assert [name for name, _ in rows] == ["dev.imei", "loc.precise", "dev.apps", "dev.oaid"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_state_has_words_and_a_sign(lang: Language) -> None:
    """Each state is told to inspectors and to everybody, with a sign in front, and to the operator as a thing to do."""
    told = words(lang)
    assert set(STATES) == set(told.values["said_state"]) == set(told.values["plain_said"])
    assert all(
        text[0] in "×≠○≈？?＋✓" for table in ("said_state", "plain_said") for text in told.values[table].values()
    )
    assert all(f"write_{s}" in told.sentences or f"write_{s}_app" in told.sentences for s in STATES)


def test_each_row_leads_to_its_sentence() -> None:
    """The last cell is the sentence and its link the mark; a row without a sentence has neither."""
    match = tables("regulator", sample.WITH_POLICY)["match"]
    rows = {(row[0], row[2]): (row[-1], link) for row, link in zip(match.rows, match.links, strict=True)}
    assert rows["通讯录", "应用自身"] == (sample.BOOK, "p1-2-1")
    assert rows["已安装应用列表", "友盟+移动统计 U-App"] == ("—", "")


def test_possible_is_never_told_as_done() -> None:
    """The public row of static evidence says that nobody saw it happen, and the note that it proves nothing."""
    match = tables("public", sample.WITH_POLICY)["match"]
    (row,) = [row for row in match.rows if "通讯录" in row[0]]
    assert "没有看到实际运行" in row[2]
    assert "不等于已经取得" in match.note
    assert all("违反" not in cell for row in match.rows for cell in row)


def test_alike_rows_are_one_for_everybody() -> None:
    """What nobody found in the policy, of one party and one evidence, is one row of the public table."""
    facts = (DOCUMENT, taken("dev.imei"), taken("dev.oaid"), taken("dev.apps", "observed"))
    assert [row[0] for row in tables("public", facts)["match"].rows] == ["已安装应用列表", "IMEI、OAID"]


def test_permissions_and_sdks_say_whether_they_are_named() -> None:
    """Named with its purpose and a link, or not found; "not written" only where the whole text is known to be read."""
    found = tables("regulator", sample.WITH_POLICY)
    permissions = {
        row[0]: (row[-1], link) for row, link in zip(found["permissions"].rows, found["permissions"].links, strict=True)
    }
    assert permissions["获取精确位置（ACCESS_FINE_LOCATION）"] == ("写到了，目的“显示天气”", "p1-4-1")
    assert permissions["读取通讯录（READ_CONTACTS）"] == ("在已读内容中没有找到", "")
    sure = tables("regulator", sample.WITH_POLICY, covered=(Covered(kind="PermissionNamedInPolicy"),))["permissions"]
    assert {row[0]: row[-1] for row in sure.rows}["读取通讯录（READ_CONTACTS）"] == "没有写"
    sdks = dict(zip((row[0] for row in found["sdks"].rows), found["sdks"].links, strict=True))
    assert sdks["友盟+移动统计 U-App"].startswith("p1-")


def test_what_is_said_of_nothing_is_listed() -> None:
    """Over-declared types and names of another app are rows with the sentence they were read from."""
    named = sample.said("InformationNamedInPolicy", 4, sample.PLACE, information="dev.oaid", clear=True)
    (numbered,) = [f for f in sample.report((named,)).facts if type(f).__name__ == "InformationNamedInPolicy"]
    over = sample.fact("SaidNotDone", 1, what="information", value="dev.oaid", sources=[numbered.id])
    table = tables("public", (*sample.WITH_POLICY, named, over))["overdeclared"]
    assert table.rows == (("信息", "OAID", sample.PLACE), ("他人的应用名称", "另一款手电", sample.SHARE))
    assert table.links == ("p1-4-1", "p1-6-1")

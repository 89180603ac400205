"""The timeline tells what was seen in a run: who took what before the choice, what is not known, and nothing more."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from lxml.etree import _Element

from mingcha.model.clause import Language, Reader
from mingcha.model.fact import Fact
from mingcha.render import render
from mingcha.render.reading import Reading
from mingcha.render.runevents import runs
from mingcha.render.timelines import LANES, MARKS, SENDS, timeline_tables, timelines
from mingcha.render.timelineview import Lane, Timeline
from tests.unit.render import runsample as made
from tests.unit.render import sample
from tests.unit.render.test_html import HOSTILE
from tests.unit.render.test_pdf import text as pdf_text

READERS: tuple[Reader, ...] = ("operator", "regulator", "public")


def reading(*facts: Fact, reader: Reader = "operator", lang: Language = "zh") -> Reading:
    return Reading(sample.report(tuple(facts)), sample.catalogue(), reader, lang)


def told(*facts: Fact, reader: Reader = "operator", lang: Language = "zh") -> Timeline:
    (one,) = timelines(reading(*facts, reader=reader, lang=lang))
    return one


def lane(line: Timeline, name: str, note: str = "") -> Lane:
    return next(one for one in line.panels[0].lanes if (one.name, one.note) == (name, note or one.note))


def page(*facts: Fact, reader: Reader = "operator", lang: Language = "zh") -> _Element:
    data = render(sample.report(sample.FACTS + tuple(facts)), sample.catalogue(), reader, "html", lang)
    return lxml.html.document_fromstring(data.decode())


# --- what is drawn


def test_without_a_run_there_is_no_timeline() -> None:
    """Facts that name no run, and runs without a time, draw nothing and leave the page as it was."""
    nowhere = sample.fact("InformationRead", information="dev.imei", outcome="value", time=made.at(1))
    assert timelines(reading(nowhere, made.record())) == ()
    assert page(nowhere).xpath("//*[@id='run']") == []


def test_the_choice_is_a_line_through_all_lanes() -> None:
    """The tap on "agree" stands at its moment, with its clock time."""
    (rule,) = told(*made.FIRST).panels[0].rules
    assert (rule.key, rule.x, rule.width, rule.label) == ("agree", round(25 / 70, 4), 0, "同意 10:00:25")


def test_only_choices_about_the_policy_are_lines() -> None:
    """Granting a permission, or an agreement to nobody knows what, is a mark among the acts and no line."""
    acts = (
        made.act(1, 5, "tap", choice="agree"), made.act(2, 6, "tap", choice="agree", about="android.permission.CAMERA"),
        made.act(3, 7, "tap", choice="grant", about="android.permission.CAMERA"), made.act(4, 8, "tap", choice="tick", about="policy"),
    )  # fmt: skip
    assert told(made.record(first=made.at(0), last=made.at(10)), *acts).panels[0].rules == ()


def test_an_act_without_a_time_lies_between_its_screens() -> None:
    """Where only the screens have a time, the choice is a column from the one it was made on to the next."""
    line = told(
        made.record(first=made.at(0), last=made.at(100)), made.screen(4, 20, "consent"), made.screen(5, 26, "main"),
        made.act(4, None, "tap", choice="agree", about="policy"),
    )  # fmt: skip
    (rule,) = line.panels[0].rules
    assert (rule.x, rule.width, rule.label) == (0.2, 0.06, "同意 10:00:20–10:00:26")
    assert "l-between" in dict(line.legend)


def test_phases_and_what_lies_between_them() -> None:
    """The band tells each phase in words, and stretches without one as unknown; neighbours of one phase are one."""
    line = told(
        made.record(first=made.at(0), last=made.at(100)), made.span("P1", 10, 20), made.span("P1", 20, 40), made.span("P3", 50, 90),
    )  # fmt: skip
    assert [(one.key, one.x, one.width, one.label) for one in line.panels[0].stretches] == [
        ("", 0, 0.1, "阶段未知"), ("P1", 0.1, 0.3, "作出选择之前"), ("", 0.4, 0.1, "阶段未知"),
        ("P3", 0.5, 0.4, "已同意"), ("", 0.9, 0.1, "阶段未知"),
    ]  # fmt: skip


def test_a_read_before_the_choice_is_marked_and_stands_first() -> None:
    """Of an SDK's reads those before the choice and those after are two bars; the lane bears the mark."""
    line = told(*made.FIRST)
    one = lane(line, "IMEI", "友盟+移动统计 U-App")
    assert one.early
    assert [(bar.look, bar.label) for bar in one.bars] == [("solid", "×3"), ("solid", "×12")]
    assert one.bars[0].told == "10:00:09–10:00:12 友盟+移动统计 U-App读取IMEI，共3次（作出选择之前）"
    reads = [lane for lane in line.panels[0].lanes if lane.kind == "read"]
    assert reads[0] == one
    assert [lane.early for lane in reads[1:]] == [False] * len(reads[1:])


@pytest.mark.parametrize(
    ("outcome", "look"), [("value", "solid"), ("denied", "hollow"), ("zeroed", "hollow"), (None, "dashed")]
)
def test_an_attempt_is_no_collection(outcome: str | None, look: str) -> None:
    """Only a value is solid and marks its lane; what nobody knows is neither."""
    line = told(made.span("P1", 0, 20), made.read("dev.imei", 9, outcome=outcome))
    (one,) = line.panels[0].lanes
    assert (one.bars[0].look, one.early) == (look, look == "solid")
    assert any(note.startswith("在已知阶段") for note in line.notes) is (look != "solid")


@pytest.mark.parametrize(
    ("fields", "look"),
    [({}, "solid"), ({"confidence": "probable"}, "hollow"), ({"confidence": "possible", "tie": None}, "hollow"), ({"tie": None}, "dashed")],
)  # fmt: skip
def test_a_send_of_doubt_is_not_solid(fields: dict[str, Any], look: str) -> None:
    """What only looks like information, or what nothing ties to the app, is drawn otherwise and accuses nobody."""
    line = told(made.span("P1", 0, 20), made.sent("dev.imei", "a.example", 9, phase="P1", **fields))
    (one,) = line.panels[0].lanes
    assert (one.bars[0].look, one.early) == (look, look == "solid")


def test_sends_to_one_host_share_a_lane() -> None:
    """Types of information to one host in one phase are one bar that names them; plain text is said in words."""
    line = told(*made.FIRST)
    assert [bar.label for bar in lane(line, "→ ulogs.umeng.com").bars] == ["IMEI", "IMEI、OAID ×6"]
    (plain,) = lane(line, "→ api.own.example").bars
    assert plain.plain
    assert plain.label == "精确位置 明文"
    assert not any(bar.plain for one in line.panels[0].lanes for bar in one.bars if bar != plain)


def test_who_is_told_by_more_than_colour() -> None:
    """Each party is named beside its lane and in the legend; nobody known is a party of its own."""
    line = told(*made.FIRST)
    assert lane(line, "已安装应用列表").who == "unknown"
    assert {lane.who for lane in line.panels[0].lanes} == {"app", "sdk", "unknown"}
    assert {"w-app", "w-sdk", "w-unknown"} <= set(dict(line.legend))


def test_a_long_run_is_drawn_twice() -> None:
    """Where the time before the choice takes little of the axis, it is drawn again alone, with its lanes."""
    line = told(*made.FIRST, made.span("P6", 62, 3000))
    whole, larger = line.panels
    assert whole.rules[0].x < 0.01
    assert 0.7 < larger.rules[0].x < 0.9
    assert [one.name for one in larger.lanes] == ["IMEI", "IMEI", "→ ulogs.umeng.com"]


def test_at_most_eighteen_lanes_and_a_count_of_the_rest() -> None:
    """The weightiest lanes are drawn, some are kept for sends, and what is left is counted."""
    reads = [made.read(f"t{n}", 30 + n, phase="P3", count=2) for n in range(40)]
    sends = [made.sent("dev.imei", f"h{n}.example", 30 + n) for n in range(9)]
    line = told(made.span("P3", 20, 90), *reads, made.read("dev.oaid", 25, phase="P2"), *sends)
    kinds = [one.kind for one in line.panels[0].lanes]
    assert (len(kinds), kinds.count("sent")) == (LANES, SENDS)
    assert line.panels[0].lanes[0].name == "OAID"
    left = 40 + 1 + 9 - LANES
    assert (
        f"另有{left}行没有画出，读取{(40 + 1 - (LANES - SENDS)) * 2}次，发送{9 - SENDS}次，见下面的表格。" in line.notes
    )


def test_what_has_no_time_is_counted() -> None:
    """Reads whose clock is not related to the device are not drawn anywhere, and the page says how many there are."""
    line = told(made.span("P1", 0, 20), made.read("dev.imei", None, count=4), made.read("dev.oaid", 3))
    assert [one.name for one in line.panels[0].lanes] == ["OAID"]
    assert any(note.startswith("有4次") for note in line.notes)


def test_what_was_not_recorded_is_told() -> None:
    """A run without a log of reads, or without a capture, says so: emptiness is not innocence."""
    notes = told(made.record(recorders=["screens"]), made.span("P1", 0, 20)).notes
    assert [note[:9] for note in notes[-2:]] == ["这次运行没有读取的", "这次运行没有流量记"]
    assert not [note for note in told(*made.FIRST).notes if "这次运行没有" in note]


def test_a_run_without_a_choice_says_so() -> None:
    """Where nobody was seen to choose there is no line, and the page says that none was seen."""
    line = told(made.span("P1", 0, 20), made.read("dev.imei", 9))
    assert line.panels[0].rules == ()
    assert "没有看到同意或拒绝的操作。" in line.notes


def test_of_sends_some_may_be_plain() -> None:
    """Of sends that share a bar the page says how many went in plain text, and marks no other sending."""
    line = told(
        made.record(first=made.at(0), last=made.at(70)), made.sent("dev.imei", "a.example", 30, count=4), made.sent("dev.imei", "a.example", 31, count=2, encoding="md5"),
        made.here("PlainTransport", information="dev.imei", host="a.example", time=made.at(30), phase="P3", count=4),
    )  # fmt: skip
    (bar,) = lane(line, "→ a.example").bars
    assert bar.label == "IMEI ×6 明文 ×4"
    assert "其中4次明文传输" in bar.told


def test_without_phases_nothing_is_before_consent() -> None:
    """Where no screen tells a phase, no lane is marked and the page says why."""
    line = told(made.read("dev.imei", 3, phase=None))
    assert not any(one.early for one in line.panels[0].lanes)
    assert line.notes == ("界面记录没有说明阶段，所以不能说哪些发生在同意之前。",)


def test_runs_of_one_name_are_not_mixed() -> None:
    """Two records of one name cannot be told apart: nothing is drawn or compared, and every form says why."""
    facts = (
        *made.FIRST,
        made.record(name="other/run.yaml", first=made.at(9000)),
        made.read("dev.imei", 9050, phase="P3"),
    )
    line = told(*facts)
    assert (line.panels, line.moments, line.table) == ((), (), "")
    assert line.notes[0].startswith("有2份记录")
    assert timeline_tables(reading(*facts)) == {}
    assert "有2份记录" in page(*facts).xpath("//*[@id='run']")[0].text_content()
    assert "有2份记录" in render(sample.report(facts), sample.catalogue(), "regulator", "text", "zh").decode()
    assert "有2份记录" in pdf_text(render(sample.report(facts), sample.catalogue(), "regulator", "pdf", "zh"))


def test_a_flood_of_screens_is_cut() -> None:
    """Of very many screens the first are drawn, and the page says so."""
    line = told(*(made.screen(n, n, "main" if n % 2 else "other") for n in range(MARKS + 60)))
    assert len(line.panels[0].screens) == MARKS
    assert line.notes[-1].endswith(f"{MARKS}个。")


# --- for whom


def test_the_public_sees_what_was_taken_before_the_choice() -> None:
    """Phases, the tap and what was taken or sent before it; neither screens nor acts nor what came later."""
    line = told(*made.FIRST, reader="public")
    (panel,) = line.panels
    assert (panel.screens, panel.acts, line.table) == ((), (), "")
    assert [one.name for one in panel.lanes] == ["IMEI", "→ ulogs.umeng.com"]
    assert [len(one.bars) for one in panel.lanes] == [1, 1]
    assert timeline_tables(reading(*made.FIRST, reader="public")) == {}


def test_the_public_sees_what_was_taken_after_a_refusal() -> None:
    """What was read long after a refusal was never agreed to: the axis reaches as far."""
    (panel,) = told(*made.REFUSED, reader="public").panels
    assert panel.rules[0].key == "refuse"
    assert [one.name for one in panel.lanes] == ["IMEI"]


def test_the_public_sees_no_timeline_without_phases() -> None:
    """Without phases nothing can be told of before and after."""
    assert timelines(reading(made.read("dev.imei", 3, phase=None), reader="public")) == ()


def test_the_table_holds_what_is_drawn() -> None:
    """Every bar, act, change of screen and phase is a row, in the order of time."""
    table = timeline_tables(reading(*made.FIRST))["timeline_1"]
    (run,) = runs(reading(*made.FIRST))
    assert len(table.rows) == len(run.deeds) + len(run.acts) + len(run.screens) + len(run.spans)
    assert ("10:00:09–10:00:12", "读取", "IMEI", "友盟+移动统计 U-App", "取得了值 ×3", "作出选择之前") in table.rows
    assert ("10:00:10", "读取", "IMEI", "应用自身", "被系统拒绝 ×1", "作出选择之前") in table.rows
    assert ("10:00:25", "操作", "点击：同意，隐私政策", "", "", "") in table.rows
    assert [row[0][:8] for row in table.rows] == sorted(row[0][:8] for row in table.rows)


# --- forms


def test_text_tells_the_moments() -> None:
    """In a terminal the run is a line of moments, each with its time and phase."""
    data = render(sample.report(made.FIRST), sample.catalogue(), "operator", "text", "en").decode()
    lines = " ".join(data.split())
    assert "10:00:08 started the app · 10:00:09–10:00:12 IMEI read by Umeng U-App, 3 times (before any choice)" in lines
    assert "10:00:25 tapped: agreement, privacy policy" in lines


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_drawings_are_named_and_links_lead_somewhere(reader: Reader, lang: Language) -> None:
    """Each drawing has a title and a description, each box a name and a way in by keyboard; no anchor is there twice."""
    root = page(*made.FIRST, *made.SECOND, *made.REFUSED, made.span("P6", 62, 3000), reader=reader, lang=lang)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in root.xpath("//@href")} <= set(ids)
    drawings = root.xpath("//*[@class='tl-plot']")
    assert len(drawings) >= 3
    for drawing in drawings:
        title, description = drawing.get("aria-labelledby").split()
        assert root.xpath(f"//*[@id='{title}']")[0].text_content()
        assert root.xpath(f"//*[@id='{description}']")[0].text_content()
        assert drawing.get("role") == "img"
    for box in root.xpath("//*[@class='tl']"):
        assert (box.get("tabindex"), box.get("role")) == ("0", "region")
        assert box.get("aria-label")
    fills = [fill for fill in root.xpath("//@fill") if fill.startswith("url(")]
    assert {fill[5:-1] for fill in fills} <= set(ids)


@pytest.mark.parametrize("reader", READERS)
def test_markup_in_a_run_is_text(reader: Reader) -> None:
    """Names of runs, devices, hosts and parties full of markup add no element and no handler."""
    hostile = (
        made.record(HOSTILE, name=HOSTILE, device=HOSTILE, system=HOSTILE, by=HOSTILE, first=made.at(0), last=made.at(30)),
        made.span("P1", 5, 20, run=HOSTILE), made.screen(1, 6, "consent", run=HOSTILE),
        made.act(1, 20, "tap", choice="agree", about="policy", run=HOSTILE), made.act(1, 22, "tap", choice="grant", about=HOSTILE, run=HOSTILE),
        made.read(HOSTILE, 9, actor=HOSTILE, run=HOSTILE), made.sent(HOSTILE, HOSTILE, 9, phase="P1", receiver=HOSTILE, run=HOSTILE),
        made.here("PermissionRequested", permission=HOSTILE, time=made.at(8), phase="P1", run=HOSTILE),
    )  # fmt: skip
    plain, attacked = page(*made.FIRST, reader=reader), page(*hostile, *made.FIRST, reader=reader)
    known = {element.tag for element in plain.iter() if isinstance(element.tag, str)} | {"h4"}
    found = [element for element in attacked.iter() if isinstance(element.tag, str)]
    assert {element.tag for element in found} <= known
    assert not [name for element in found for name in element.attrib if name.startswith("on") or name == "src"]
    assert render(sample.report(hostile), sample.catalogue(), reader, "pdf", "zh").startswith(b"%PDF")


@pytest.mark.parametrize("reader", READERS)
def test_the_pdf_tells_the_run(reader: Reader) -> None:
    """The line, the phases and the names of the lanes stand in the text of the PDF."""
    data = render(sample.report(made.FIRST), sample.catalogue(), reader, "pdf", "zh")
    words = pdf_text(data)
    assert all(part in words for part in ("同意10:00:25", "作出选择之前", "ulogs.umeng.com", "运行“first”"))

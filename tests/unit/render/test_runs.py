"""Runs side by side: gone and new are said only of runs that could have shown it."""

from __future__ import annotations

import pytest

from mingcha.model.clause import Reader
from mingcha.model.fact import Fact
from mingcha.render import render
from mingcha.render.reading import Reading
from mingcha.render.runs import run_tables
from mingcha.render.view import Table
from tests.unit.render import runsample as made
from tests.unit.render import sample


def tables(*facts: Fact, reader: Reader = "operator") -> dict[str, Table]:
    return run_tables(Reading(sample.report(tuple(facts)), sample.catalogue(), reader, "zh"))


def test_one_run_is_compared_with_nothing() -> None:
    """A table needs two runs; everybody else is told nothing of it."""
    assert tables(*made.FIRST) == {}
    assert tables(*made.FIRST, *made.SECOND, reader="public") == {}


def test_before_and_after_mending() -> None:
    """What the SDK took before the choice is gone, what it takes afterwards stays, and what is new is told."""
    found = tables(*made.FIRST, *made.SECOND)
    assert found["runs_read"].columns == ("信息类型", "阶段", "first", "second", "变化")
    assert found["runs_read"].rows == (
        ("IMEI", "作出选择之前", "3", "0", "－ 没有再看到"),
        ("已安装应用列表", "已同意", "0", "1", "＋ 新看到"),
        ("IMEI", "已同意", "12", "1", "＝ 仍有"),
        ("OAID", "在后台", "2", "没有这个阶段", "？ 只有一次有这个阶段"),
        ("精确位置", "已同意", "1", "0", "－ 没有再看到"),
    )
    assert found["runs_sent"].rows[0] == ("ulogs.umeng.com", "IMEI", "作出选择之前", "1", "0", "－ 没有再看到")
    assert "不等于已经改正" in found["runs_sent"].note


def test_a_run_without_a_recorder_shows_nothing_gone() -> None:
    """Without a capture a run tells nothing of sends: neither nought nor gone."""
    rows = tables(*made.FIRST, *made.REFUSED)["runs_sent"].rows
    assert {row[-2:] for row in rows} == {("没有记录", "？ 只有一次有这种记录")}


def test_another_choice_is_another_phase() -> None:
    """What was read after a refusal is not compared with a run in which nobody refused."""
    rows = tables(*made.FIRST, *made.REFUSED)["runs_read"].rows
    assert ("IMEI", "拒绝之后", "没有这个阶段", "1", "？ 只有一次有这个阶段") in rows


def test_attempts_and_doubtful_sends_do_not_count() -> None:
    """Neither failed reads nor values that only look like information, nor what nothing ties to the app."""
    rows = [row for table in tables(*made.FIRST, *made.SECOND).values() for row in table.rows]
    assert not [row for row in rows if "t.other.example" in row]
    assert [row[2] for row in rows if row[0] == "精确位置"] == ["1"]


@pytest.mark.parametrize(("spans", "change"), [(True, "？ 阶段未知，不作比较"), (False, "－ 没有再看到")])
def test_unknown_phases_are_compared_only_where_no_run_has_one(spans: bool, change: str) -> None:
    """A read in no known phase may belong to any; only where phases are known nowhere are runs compared as a whole."""
    facts = [
        made.record(),
        made.record("second"),
        made.read("dev.imei", 3, phase=None),
        made.read("dev.oaid", 9000, phase=None, run="second"),
    ]
    found = tables(*facts, *([made.span("P3", 9000, 9100, run="second")] if spans else []))
    assert found["runs_read"].rows[0] == ("IMEI", "阶段未知", "1", "0", change)


def test_three_runs_compare_those_that_could_tell() -> None:
    """Of three runs the change is that from the first to the last that have the phase, and the note says so."""
    found = tables(*made.FIRST, *made.SECOND, *made.REFUSED)
    assert ("IMEI", "已同意", "12", "1", "没有这个阶段", "＝ 仍有") in found["runs_read"].rows
    assert "多于两次运行时" in found["runs_sent"].note


def test_runs_of_one_name_are_left_out() -> None:
    """What bears the name of two runs belongs to neither column."""
    mixed = (made.record("twice"), made.record("twice", name="other"), made.read("dev.mac", 3, run="twice"))
    assert tables(*made.FIRST, *made.SECOND, *mixed) == tables(*made.FIRST, *made.SECOND)
    assert tables(*made.FIRST, *mixed) == {}


def test_runs_stand_in_the_order_of_time() -> None:
    """The earlier run is the first column, whatever its name."""
    facts = [
        made.record("b", first=made.at(0)),
        made.record("a", first=made.at(100)),
        made.read("dev.imei", 3, run="b"),
    ]
    assert tables(*facts)["runs_read"].columns[2:4] == ("b", "a")


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_both_forms_print_the_comparison(form: str) -> None:
    """The page and the PDF are made with the tables; the page has them under their own heading."""
    data = render(sample.report(made.FIRST + made.SECOND), sample.catalogue(), "regulator", form, "zh")  # type: ignore[arg-type]
    assert data.startswith(b"%PDF") or 'id="t-runs_read"' in data.decode()

"""A walk that looks everywhere: what it enters, what it leaves alone and names, and what its reader makes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mingcha.catalogue.load import load
from mingcha.inspection import collect_facts, open_case
from mingcha.model.fact_observed import StepsTo
from tests.build.fakeadb import FakeAdb
from tests.build.fakephone import WIDE, Look, Thing, row
from tests.unit.capture.screens.conftest import LIMITS, Record, record_of

TABS = (Thing("首页", (0, 1030, 270, 1110), "main"), Thing("我的", (270, 1030, 540, 1110), "mine"))
HEAD = (0, 60, WIDE, 130)


def small(*settings: Thing, below: bool = False) -> dict[str, Look]:
    """An app without a policy: a main screen, "me", settings that scroll or not, and two pages behind them."""
    rows = (Thing("设置", HEAD), row(0, "显示", "display"), row(1, "关于示例", "about"), *settings)
    end = (Thing("设置", HEAD), row(0, "关于示例", "about"), row(1, "铃声", "bells"))
    return {
        one.name: one
        for one in (
            Look("main", (row(0, "今天 晴"), *TABS)),
            Look("mine", (Thing("示例用户", HEAD), row(0, "设置", "settings"), *TABS)),
            Look("settings", rows, activity=".SettingsActivity", scrolls="end" if below else None),
            Look("end", end, activity=".SettingsActivity", scrolls="end"),
            Look("display", (Thing("显示", HEAD), Thing("大字模式", (0, 140, 400, 220)), Thing("", (420, 140, 520, 220), None, "android.widget.Switch", checked=False)), activity=".DisplayActivity"),
            Look("about", (Thing("关于示例", HEAD), Thing("版本 1.0", (0, 140, WIDE, 220)), row(2, "检查更新", "!harm")), activity=".AboutActivity"),
            Look("bells", (Thing("铃声", HEAD), Thing("震动", (0, 140, 400, 220)), Thing("", (420, 140, 520, 220), None, "android.widget.Switch", checked=False)), activity=".BellsActivity"),
        )
    }  # fmt: skip


def read(folder: Path, **said: Any) -> dict[str, bool | None]:
    """What the reader says of each target once a person has written into the record what only a person knows."""
    record = yaml.safe_load((folder / "run.yaml").read_text("utf-8"))
    (folder / "run.yaml").write_text(yaml.safe_dump({**record, **said}, allow_unicode=True), "utf-8")
    base = collect_facts(open_case([], runs=[folder]), load(), strict=True).base
    return {fact.target: fact.found for fact in base.of_kind("StepsTo") if isinstance(fact, StepsTo)}


@pytest.mark.parametrize("below", [False, True], ids=["one screen", "scrolled"])
def test_a_whole_walk_proves_that_there_is_no_policy(adb: FakeAdb, record: Record, tmp_path: Path, below: bool) -> None:
    """All pages of a small app are entered and drawn to their end; with a person's word on accounts the reader says "nowhere"."""
    adb.phone.agreed = True
    adb.phone.looks |= small(below=below)
    done = record(mode="everywhere")
    assert done.left == ()
    assert adb.phone.harmed == []
    assert record_of(tmp_path / "run").acts == "complete"
    found = read(tmp_path / "run", account="none", by="张三", not_found=["policy", "personalisation_switch"])
    assert found["policy"] is False
    assert found["personalisation_switch"] is False


def test_without_a_word_on_accounts_nothing_is_proved(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The recorder cannot know whether the app has accounts, and does not say so."""
    adb.phone.agreed = True
    adb.phone.looks |= small()
    record(mode="everywhere")
    assert read(tmp_path / "run") == {}


def test_what_may_do_harm_is_left_and_named(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """An entry that buys or deletes is not touched; the record names it, and the reader leaves all open."""
    adb.phone.agreed = True
    adb.phone.looks |= small(row(2, "会员中心", "!harm"))
    done = record(mode="everywhere")
    assert "会员中心" in done.left
    assert adb.phone.harmed == []
    assert "会员中心" in (record_of(tmp_path / "run").note or "")
    assert read(tmp_path / "run", account="none", by="张三", not_found=["policy", "personalisation_switch"]) == {}


def test_a_walk_that_ran_out_of_touches_proves_nothing(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """With too few touches, entries are left; they are named."""
    adb.phone.agreed = True
    adb.phone.looks |= small()
    done = record(mode="everywhere", limits=LIMITS._replace(everywhere=4))
    assert done.left
    assert read(tmp_path / "run", account="none", by="张三", not_found=["policy", "personalisation_switch"]) == {}


def test_the_contents_of_other_tabs_are_not_touched(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """What stands on a tab that is not the person's own may do anything: it is left, and leaves all open."""
    adb.phone.agreed = True
    adb.phone.looks |= small()
    main = adb.phone.looks["main"]
    adb.phone.looks["main"] = replace(main, things=(row(0, "附近", "!harm"), *main.things))
    done = record(mode="everywhere")
    assert "附近" in done.left
    assert adb.phone.harmed == []
    assert read(tmp_path / "run", account="none", by="张三", not_found=["policy", "personalisation_switch"]) == {}


def test_behind_what_was_looked_for_nothing_is_touched(adb: FakeAdb, record: Record) -> None:
    """An entry for closing the account is entered and left again, even where the page behind it is not known for one."""
    adb.phone.agreed = True
    adb.phone.looks |= small(row(2, "注销账号", "cancel"))
    adb.phone.looks["cancel"] = Look("cancel", (row(0, "须知"), row(1, "下一项", "!harm")), activity=".CancelActivity")
    record(mode="everywhere")
    assert adb.phone.harmed == []
    assert ("tap", "settings") in [(what, where) for what, where, _ in adb.phone.done]

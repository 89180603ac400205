"""A walk counts as whole only where nothing that may lead anywhere was left; one thing changed, and nothing is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.run.everywhere import Everywhere, everywhere
from mingcha.collect.run.places import place_of
from mingcha.collect.screens.walk import read_walk
from mingcha.collect.screens.wording import Words
from mingcha.formats.uidump import read_dump
from mingcha.model.proved import TARGETS
from tests.build.runs import PACKAGE
from tests.build.stories import files_of
from tests.build.storyscreens import shown

TABLES = load()
WORDS = Words(TABLES)
ME = {"texts": ["我的天气"], "buttons": ["设置"]}
SETTINGS = {"texts": ["设置"], "buttons": ["显示", "关于天气"]}
DISPLAY = {"texts": ["显示"], "switches": [["大字模式", False]]}
ABOUT = {"texts": ["关于天气", "版本 1.0"], "buttons": ["检查更新"]}
WALK: list[dict[str, Any]] = [
    {"at": 0, "see": "launcher", "by": "home"},
    {"at": 5, "see": "splash", "by": "start"},
    {"at": 8, "see": "main", "by": "none"},
    {"at": 10, "see": "main", "by": "tap 首页"},
    {"at": 20, "see": ME, "by": "tap 我的"},
    {"at": 30, "see": SETTINGS, "by": "tap 设置"},
    {"at": 40, "see": DISPLAY, "by": "tap 显示"},
    {"at": 50, "see": SETTINGS, "by": "back"},
    {"at": 60, "see": ABOUT, "by": "tap 关于天气"},
]


def judged(walk: list[dict[str, Any]], account: Any = "none", swap: tuple[str, str] | None = None) -> Everywhere:
    """What the walk proves; ``swap`` replaces words in the trees."""
    files = {n.removeprefix("screens/"): data for n, data in files_of({"walk": walk}).items() if "screens/" in n}
    steps = files.pop("steps.jsonl")
    if swap is not None:
        files = {name: data.decode().replace(*swap).encode() for name, data in files.items()}
    read = read_walk(steps, files, TABLES, package=PACKAGE, density=None, ocr=False)
    return everywhere(read, files, WORDS, account)


def changed(number: int, **more: Any) -> list[dict[str, Any]]:
    """The walk with one moment changed; another page in its place stands there whenever it is seen."""
    before, walk = WALK[number]["see"], [*WALK[:number], {**WALK[number], **more}, *WALK[number + 1 :]]
    return [{**one, "see": more.get("see", before)} if one["see"] is before else one for one in walk]


def test_a_whole_walk_proves_what_is_nowhere() -> None:
    """Everything was entered: all targets to which nothing came near are nowhere, and nothing was left."""
    assert judged(WALK) == Everywhere(frozenset(TARGETS), ())


def test_what_was_left_is_told() -> None:
    """The entry that nobody entered stands in what was left, with its file."""
    found = judged(changed(5, see={**SETTINGS, "buttons": ["显示", "关于天气", "其他"]}))
    assert found == Everywhere(frozenset(), ("0005.xml 其他",))


@pytest.mark.parametrize("account", [None, "signed out"])
def test_nobody_signed_in_proves_nothing(account: str | None) -> None:
    """Behind a login there may be anything."""
    assert judged(WALK, account).nowhere == frozenset()


@pytest.mark.parametrize(
    ("number", "more"),
    [
        (2, {"see": {"like": "main", "icons": ["menu"]}}),
        (4, {"see": {**ME, "icons": ["gear"]}}),
        (5, {"see": {**SETTINGS, "buttons": ["显示", "关于天气", "退出登录"]}}),
        (6, {"see": {**DISPLAY, "buttons": ["字号"]}}),
        (6, {"see": SETTINGS}),
        (6, {"see": {**DISPLAY, "buttons": ["更改", "更改"]}}),
        (8, {"see": {**ABOUT, "texts": ["关于天气", "登录后可同步"]}}),
        (6, {"see": "ask location"}),
        (6, {"see": "login"}),
        (6, {"see": {"texts": ["正在加载"]}}),
        (6, {"see": {"texts": ["显示"], "package": "com.example.browser"}}),
        (6, {"see": {**DISPLAY, "rolls": True}}),
        (6, {"see": {"texts": ["显示", "更多"], "switches": [["大字模式", False]]}}),
        (6, {"by": None}),
        (8, {"see": {"texts": ["关于天气"]}}),
    ],
    ids=[
        "a picture on the main screen", "a picture", "logs out, so there are accounts", "a new entry", "the touch led nowhere",
        "two entries of one name", "a word on signing in",
        "a question came instead", "a login came instead", "it did not load", "another app's page", "not scrolled",
        "an entry that does not say it answers touches", "nobody knows what led there", "nothing on it answers touches",
    ],
)  # fmt: skip
def test_one_thing_left_and_nothing_is_said(number: int, more: dict[str, Any]) -> None:
    """Each change leaves something that may lead on, or that nobody saw."""
    assert judged(changed(number, **more)).nowhere == frozenset()


@pytest.mark.parametrize(
    "cls", ["android.webkit.WebView", "androidx.viewpager.widget.ViewPager", "android.view.SurfaceView"]
)
def test_a_surface_that_hides_something(cls: str) -> None:
    """A part of a page that shows nothing of itself, or has more at its side."""
    node = f'<node index="0" text="" class="{cls}" package="{PACKAGE}" clickable="false" scrollable="true" bounds="[0,600][540,1000]"/>'
    assert judged(WALK, swap=("</node></hierarchy>", f"{node}</node></hierarchy>")).nowhere == frozenset()


def test_tabs_that_can_be_chosen_are_tabs() -> None:
    """Many apps make their tabs of radio buttons; one that nobody touched is left."""
    main = {"like": "main", "tabs": ["首页", "发现", "我的"]}
    walk = [{**moment, "see": main} if moment["see"] == "main" else moment for moment in WALK]
    swap = (
        'text="发现" resource-id="" class="android.widget.TextView"',
        'text="发现" resource-id="" class="android.widget.RadioButton"',
    )
    found = judged(walk, swap=swap)
    assert found.nowhere == frozenset()
    assert any("发现" in one for one in found.left)


def test_rows_of_a_list_count_though_they_do_not_say_so() -> None:
    """A row in a list may answer a touch even if no node says that it does."""
    page = shown({"texts": ["显示", "字号"], "switches": [["大字模式", False]]}).dump.decode()
    listed = page.replace("android.widget.FrameLayout", "android.widget.ListView")
    labels = {thing.plain for thing in place_of(read_dump(listed.encode()), "settings", WORDS, PACKAGE).things}
    assert "字号" in labels


def test_what_is_near_leaves_only_its_target_open() -> None:
    """A word near to one target says nothing on another."""
    found = judged(changed(8, see={**ABOUT, "texts": ["关于天气", "本机设备画像"]})).nowhere
    assert "personalisation_switch" not in found
    assert "account_cancellation" in found


def test_a_long_page_may_be_the_policy() -> None:
    """A page of many words under a name that nobody knows may be what was looked for."""
    found = judged(changed(8, see={**ABOUT, "texts": ["关于天气", "天" * 300]})).nowhere
    assert "policy" not in found
    assert "account_cancellation" in found


def test_a_lost_field_of_a_swipe_is_counted() -> None:
    """Where a swipe ended is read, and one that is no point is no silent nothing."""
    from mingcha.formats.steps import read_steps

    lines = [{"dump": "1.xml", "act": {"kind": "swipe", "at": [1, 9], "to": to}} for to in ([1, 2], "up")]
    found = read_steps("\n".join(json.dumps(line) for line in lines).encode())
    assert [step.act.to for step in found.steps if step.act] == [(1, 2), None]
    assert found.damaged == 1


def test_two_entries_of_one_name_are_two() -> None:
    """Touching one of two buttons with the same words is not touching the other."""
    place = place_of(
        read_dump(shown({"texts": ["显示"], "buttons": ["更改", "更改", "字号"]}).dump), "other", WORDS, PACKAGE
    )
    assert len({thing.mark for thing in place.things}) == 3


def test_a_strip_is_drawn_to_its_side() -> None:
    """What lies at the side of a strip nobody saw."""
    node = f'<node index="0" text="" class="androidx.recyclerview.widget.RecyclerView" package="{PACKAGE}" clickable="false" scrollable="true" bounds="[0,600][540,700]"/>'
    assert judged(WALK, swap=("</node></hierarchy>", f"{node}</node></hierarchy>")).nowhere == frozenset()


def test_tabs_that_do_not_say_they_answer_touches() -> None:
    """A short text at the foot of a main screen is a tab, whatever its node says."""
    dump = shown({"like": "main", "texts": ["今天 晴"], "tabs": ["首页", "发现", "我的"]}).dump.decode()
    bare = read_dump(dump.replace('clickable="true"', 'clickable="false"').encode())
    assert {thing.plain for thing in place_of(bare, "main", WORDS, PACKAGE).things} == {"首页", "发现", "我的"}


def test_a_text_that_tells_where_it_is() -> None:
    """A longer text that names the policy, or says how to switch off, leaves that open and nothing else."""
    told = "本应用如何处理信息，请到我们的网站上查看隐私政策全文，也可以写信给我们索取纸质版本"
    found = judged(changed(8, see={**ABOUT, "texts": ["关于天气", told]})).nowhere
    assert "policy" not in found
    assert "personalisation_switch" in found
    how = "您可以在手机的系统里找到本应用的条目，然后在那里关闭个性化推荐，我们就不再向您展示了"
    assert "personalisation_switch" not in judged(changed(8, see={**ABOUT, "texts": ["关于天气", how]})).nowhere


def test_what_came_a_moment_later_counts() -> None:
    """A page that turns round for a second and then stands there is that page; one that goes on turning tells nothing."""
    turning = {**ABOUT, "nodes": [["ProgressBar", 60, {}]]}
    late = [*WALK[:-1], {**WALK[-1], "see": turning}, {"at": 62, "see": ABOUT, "by": "none"}]
    assert judged(late) == Everywhere(frozenset(TARGETS), ())
    assert judged(changed(8, see=turning)) == Everywhere()


def test_words_that_are_only_read_out_tell_two_heights_apart() -> None:
    """Apps that draw themselves put all words into descriptions: a list that still moves has not ended."""
    upper, lower = ({**ABOUT, "rolls": True, "nodes": [["View", 60, {"spoken": one}]]} for one in ("甲城", "乙城"))
    walk = [*WALK[:-1], {**WALK[-1], "see": upper}, {"at": 62, "see": lower, "by": "draw up"}]
    assert judged(walk).left
    assert judged([*walk, {"at": 65, "see": lower, "by": "draw up"}]) == Everywhere(frozenset(TARGETS), ())


def test_a_list_that_moves_has_not_ended() -> None:
    """Rows without words that stand elsewhere after a finger drew show that there was more."""
    upper, lower = ({**ABOUT, "rolls": True, "nodes": [["View", high, {}]]} for high in (60, 30))
    walk = [*WALK[:-1], {**WALK[-1], "see": upper}, {"at": 62, "see": lower, "by": "draw up"}]
    assert judged(walk).left

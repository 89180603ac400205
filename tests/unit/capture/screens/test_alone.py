"""The four walks alone: what they touch, and where they stop."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mingcha.errors import UsageError
from tests.build.fakeadb import FakeAdb
from tests.build.fakephone import Look, Thing, row
from tests.unit.capture.screens.conftest import Person, Record, acts_of, record_of, shown, steps_of


def test_it_agrees_and_grants(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The first run: agreed once, the permission granted, the main screen reached."""
    record(mode="agree", clear=True)
    steps = steps_of(tmp_path / "run")
    assert acts_of(tmp_path / "run") == ["clear", "start", "none", "tap", "tap"]
    assert [step["act"]["at"] for step in steps[3:]] == [[380, 715], [380, 715]]
    assert adb.phone.shown == "main"
    assert adb.phone.agreed


def test_it_refuses_to_the_end(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The second run: refused, asked again, refused, and the app was gone; nothing was agreed to."""
    record(mode="refuse", clear=True)
    steps = steps_of(tmp_path / "run")
    assert not adb.phone.agreed
    assert [step["package"].rpartition(".")[2] for step in steps] == [
        "launcher3",
        "tested",
        "tested",
        "tested",
        "launcher3",
    ]
    assert "不同意并退出" in shown(tmp_path / "run", steps[3])


def test_it_stops_refusing_an_app_that_asks_for_ever(adb: FakeAdb, record: Record) -> None:
    """A dialog that comes back after every refusal is refused three times, not without end."""
    looks = adb.phone.looks
    again = looks["consent"].things[1]
    looks["again"] = type(looks["consent"])(
        "again",
        (looks["again"].things[0], type(again)(again.text, again.box, "consent", again.cls), looks["again"].things[2]),
        activity=".SplashActivity",
    )
    record(mode="refuse", clear=True)
    assert len([1 for what, *_ in adb.phone.done if what == "tap"]) == 3


def test_it_denies(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The third run: agreed to the policy, denied the permission."""
    record(mode="deny", clear=True)
    assert [step["act"]["at"] for step in steps_of(tmp_path / "run")[3:]] == [[380, 715], [160, 715]]
    assert "result=7" in (tmp_path / "run" / "logcat.txt").read_text("utf-8")


def test_it_finds_and_does_no_harm(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The fourth run reaches all four places from the main screen and touches nothing that buys, deletes, submits or confirms.

    Of all that was asked of the phone, nothing types, installs, stops or sets anything.
    """
    done = record(mode="find", clear=True)
    words = {"input text", "pm install", "pm uninstall", "am force-stop", "settings put", "reboot", "rm -rf"}
    assert not [one for one in adb.asked if any(word in one for word in words)]
    assert done.found == ("account_cancellation", "complaint", "personalisation_switch", "policy")
    assert adb.phone.harmed == []
    texts = set[str]().union(*(shown(tmp_path / "run", step) for step in steps_of(tmp_path / "run")))
    assert {"确认注销", "联系方式", "个性化内容推荐"} <= texts


def test_what_was_looked_for_is_left_at_once(adb: FakeAdb, record: Record) -> None:
    """Behind the entry for closing the account nothing is touched, even what would be elsewhere."""
    adb.phone.agreed = True
    adb.phone.looks["cancel"] = Look("cancel", (row(0, "须知"), row(1, "帮助中心", "!harm"), row(2, "设置", "!harm")))
    record(mode="find")
    assert adb.phone.harmed == []
    assert ("tap", "account") in [(what, where) for what, where, _ in adb.phone.done]


def test_a_search_is_bounded(adb: FakeAdb, record: Record) -> None:
    """With three touches it touches three entries at most and ends."""
    from tests.unit.capture.screens.conftest import LIMITS

    adb.phone.agreed = True
    done = record(mode="find", limits=LIMITS._replace(taps=3))
    assert len([1 for what, *_ in adb.phone.done if what == "tap"]) <= 3
    assert done.ended == "searched"


def test_a_person_who_helps_a_walk_alone_is_recorded(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """A touch of a person during a walk alone stands in the steps like any other."""
    phone = adb.phone
    record(mode="agree", clear=True, progress=Person([("main", lambda: phone.person_taps("我的"))], phone), seconds=0.6)
    assert [step["act"]["kind"] for step in steps_of(tmp_path / "run")].count("tap") == 3


def test_an_app_that_somebody_else_starts_is_waited_for(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Without starting it, the recorder waits for its first window and then walks."""
    timer = threading.Timer(0.4, adb.phone.launch)
    timer.start()
    record(mode="agree", clear=True, start=False)
    timer.join()
    assert acts_of(tmp_path / "run")[:2] == ["clear", "none"]
    assert adb.phone.agreed
    assert not any("am start" in one for one in adb.asked)


@pytest.mark.parametrize("checked", [False, None])
def test_a_box_is_ticked_before_agreeing(adb: FakeAdb, record: Record, tmp_path: Path, checked: bool | None) -> None:
    """A box that is empty is ticked first; one whose state no tree tells, once agreeing alone led nowhere."""
    looks, box = adb.phone.looks, (60, 645, 84, 669)
    cls = "android.widget.CheckBox" if checked is False else "android.widget.ImageView"
    text, no, yes = looks["consent"].things
    words = Thing("我已阅读并同意《用户协议》和《隐私政策》", (90, 640, 480, 674))
    for name, state, leads in (("consent", checked, "consent"), ("ticked", True if checked is False else None, "ask")):
        there = Thing("", box, "ticked", cls, checked=state)
        looks[name] = replace(looks["consent"], name=name, things=(text, there, words, no, replace(yes, leads=leads)))
    adb.phone.asks = ("consent", "ticked")
    record(mode="agree", clear=True)
    taps = [step["act"]["at"] for step in steps_of(tmp_path / "run") if step["act"]["kind"] == "tap"]
    agree, tick = [380, 715], [72, 657]
    assert taps[:-1] == ([tick, agree] if checked is False else [agree, tick, agree])
    assert adb.phone.agreed


def test_it_stops_before_a_login(adb: FakeAdb, record: Record) -> None:
    """A screen that wants a number and a password is left as it is."""
    field = "android.widget.EditText"
    things = (
        Thing("登录", (0, 60, 540, 130)), Thing("请输入手机号", (40, 200, 500, 280), "!harm", field), Thing("请输入密码", (40, 300, 500, 380), "!harm", field),
        Thing("登录", (40, 420, 500, 500), "!harm", "android.widget.Button"), Thing("立即注册", (40, 520, 500, 600), "!harm"),
    )  # fmt: skip
    adb.phone.looks["main"] = Look("main", things)
    record(mode="agree", clear=True)
    assert adb.phone.shown == "main"
    assert adb.phone.harmed == []


@pytest.mark.parametrize("why", ["asleep", "locked"])
def test_a_phone_that_shows_nothing_is_told(adb: FakeAdb, record: Record, tmp_path: Path, why: str) -> None:
    """A screen that is off or locked is said before a folder is made."""
    if why == "asleep":
        adb.phone.wakefulness = "Asleep"
    else:
        adb.phone.window = lambda: "  mCurrentFocus=Window{1a u0 NotificationShade}\n"  # type: ignore[method-assign]
    with pytest.raises(UsageError, match="locked or its screen is off: unlock it"):
        record()
    assert not (tmp_path / "run").exists()


def test_an_app_before_android_7_is_started(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Where the starting activity cannot be asked for, the icon is used another way; the log's year stands in the record."""
    adb.phone.level, adb.faults.old = 23, True
    record(mode="deny", clear=True)
    assert any("monkey -p" in one for one in adb.asked)
    assert record_of(tmp_path / "run").files["logcat.txt"].year is not None

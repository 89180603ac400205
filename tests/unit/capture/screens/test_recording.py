"""Whole recordings of the simulated phone: what the phone did is the truth, what the folder says must not go beyond it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mingcha.capture.screens.phone import Phone
from mingcha.capture.screens.recording import Recorded
from mingcha.catalogue.load import load
from mingcha.collect.run.record import RunRecord, read_record
from mingcha.errors import UsageError
from mingcha.formats.appops import read_appops
from mingcha.formats.packagedump import read_packagedump
from mingcha.formats.permissionlog import read_permissionlog
from mingcha.formats.steps import read_steps
from mingcha.formats.uidump import read_dump
from mingcha.inspection import collect_facts, open_case
from tests.build.fakeadb import FakeAdb
from tests.build.fakephone import APP, Look, Thing, row
from tests.unit.capture.screens.conftest import Person, steps_of

Record = Callable[..., Recorded]


def record_of(folder: Path) -> RunRecord:
    """The run's record, as its reader reads it."""
    return read_record((folder / "run.yaml").read_bytes())


def acts_of(folder: Path) -> list[str]:
    """What led to each step."""
    return [step["act"]["kind"] if step["act"] else "?" for step in steps_of(folder)]


def shown(folder: Path, step: dict[str, Any]) -> set[str]:
    """The texts of a step's dump."""
    return {node.text for node in read_dump((folder / "screens" / step["dump"]).read_bytes()).nodes if node.text}


def seconds(text: str) -> float:
    """A written time as seconds."""
    return datetime.fromisoformat(text).timestamp()


# --- a person ------------------------------------------------------------------------------------------------------


def test_a_person_is_followed(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Every touch is a step with its place, the node touched, and a time that is never later than the truth and hardly earlier."""
    phone = adb.phone
    person = Person([("consent", lambda: phone.person_taps("同意")), ("ask", lambda: phone.person_taps("禁止"))], phone)
    done = record(clear=True, progress=person, seconds=1.0)
    folder = tmp_path / "run"
    steps = steps_of(folder)
    assert acts_of(folder) == ["clear", "start", "none", "tap", "tap"]
    assert steps[3]["act"]["on"] == [280, 680, 480, 750]
    assert abs(steps[3]["act"]["at"][0] - 380) <= 1
    assert abs(steps[3]["act"]["at"][1] - 715) <= 1
    taps = [at for what, _, at in phone.done if what == "tap"]
    for step, truth in zip(steps[3:], taps, strict=True):
        assert -0.1 < seconds(step["act"]["time"]) - truth < 0.002
        assert seconds(step["time"]) > truth
    assert "今日新闻" in shown(folder, steps[4])
    assert (done.complete, done.clean, done.ended) == (True, True, "time")


def test_every_step_is_read_without_loss(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The reader of steps finds nothing damaged, and times go forward."""
    person = Person([("consent", lambda: adb.phone.person_taps("同意"))], adb.phone)
    record(progress=person, seconds=0.6)
    read = read_steps((tmp_path / "run" / "screens" / "steps.jsonl").read_bytes())
    times = [step.time or "" for step in read.steps]
    assert not read.partial
    assert len(times) >= 4
    assert times == sorted(times)


@pytest.mark.parametrize("keys", [True, False])
def test_keys_and_gestures_are_told_apart(adb: FakeAdb, record: Record, tmp_path: Path, keys: bool) -> None:
    """The case's key goes back, and so does the bar's side or, without a bar, the gesture at the edge; the same for home.

    A finger that draws anywhere else swipes; where there are keys, one at the edge does too.
    """
    phone = adb.phone
    phone.agreed, phone.keys = True, keys
    back = (lambda: phone.finger(90, 1140)) if keys else (lambda: phone.finger(5, 600, (300, 610)))
    home = (lambda: phone.finger(270, 1140)) if keys else (lambda: phone.finger(270, 1160, (270, 600)))
    person = Person([
        ("main", lambda: phone.person_taps("我的")),
        ("mine", lambda: phone.person_taps("设置")),
        ("settings", lambda: phone.person_taps("隐私设置")),
        ("privacy", lambda: phone.key("KEY_BACK")),
        ("settings", back),
        ("mine", lambda: phone.finger(270, 800, (270, 400))),
        ("mine", (lambda: phone.finger(5, 600, (300, 610))) if keys else lambda: phone.finger(500, 300, (300, 310))),
        ("mine", home),
    ], phone)  # fmt: skip
    record(progress=person, seconds=2.5)
    acts = acts_of(tmp_path / "run")
    assert not person.script
    assert acts[acts.index("tap") :] == ["tap", "tap", "tap", "back", "back", "swipe", "swipe", "home"]
    assert all("at" not in step["act"] for step in steps_of(tmp_path / "run")[-1:]), (
        "the system's bar is no place in the app"
    )


def test_a_touch_on_the_thin_line_or_the_keyboard_has_no_place(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """What lies under the keyboard was not touched; what a touch on the line of gestures met is not known."""
    phone = adb.phone
    phone.agreed, phone.keys, phone.keyboard = True, False, (0, 700, 540, 1110)
    person = Person([("main", lambda: phone.finger(450, 1070)), ("mine", lambda: phone.finger(100, 1165))], phone)
    record(progress=person, seconds=1.2)
    taps = [step["act"] for step in steps_of(tmp_path / "run") if step["act"] and step["act"]["kind"] == "tap"]
    assert len(taps) == 2
    assert all(act.keys() == {"kind", "time"} for act in taps)


def test_a_screen_touched_too_soon_is_not_taken(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """A touch while the tree is read leaves that step without a screen, and the next touch without a node; none is lost."""
    phone, dumped = adb.phone, adb.phone.dumped
    hasty = iter([True])

    def while_dumped(path: str) -> tuple[int, str]:
        if phone.shown == "consent" and next(hasty, False):
            phone.person_taps("同意")
        return dumped(path)

    phone.dumped = while_dumped  # type: ignore[method-assign]
    person = Person([("ask", lambda: phone.person_taps("禁止"))], phone)
    done = record(clear=True, progress=person, seconds=1.2)
    steps = steps_of(tmp_path / "run")
    bare = [step for step in steps if step["dump"] is None]
    assert len(bare) == 1
    after = steps[steps.index(bare[0]) + 1]
    assert after["act"]["kind"] == "tap"
    assert "on" not in after["act"]
    assert any("too soon" in line for line in person.said)
    assert acts_of(tmp_path / "run").count("tap") == len([1 for what, *_ in phone.done if what == "tap"])
    assert done.complete


def test_a_picture_touched_too_soon_is_left_out(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """A touch between tree and picture leaves the tree, and no picture that may show what came after."""
    phone, picture = adb.phone, adb.phone.picture
    hasty = iter([True])

    def while_pictured() -> bytes:
        if phone.shown == "consent" and next(hasty, False):
            time.sleep(0.1)  # the tree is some moments old
            phone.person_taps("同意")
        return picture()

    phone.picture = while_pictured  # type: ignore[method-assign]
    record(clear=True, seconds=1.2)
    steps = steps_of(tmp_path / "run")
    alone = [step for step in steps if step["dump"] and not step["picture"]]
    assert len(alone) == 1
    assert "不同意" in shown(tmp_path / "run", alone[0])
    assert alone[0]["package"] is None


def test_touches_that_follow_at_once_are_all_written(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Two fingers one after the other without a pause are two steps, the first without a screen."""
    phone = adb.phone
    person = Person([("consent", lambda: (phone.finger(500, 200), phone.person_taps("同意")))], phone)
    done = record(clear=True, progress=person, seconds=0.8)
    taps = [step for step in steps_of(tmp_path / "run") if step["act"]["kind"] == "tap"]
    assert [bool(step["dump"]) for step in taps] == [False, True]
    assert "on" not in taps[1]["act"], "after the first, nobody knows what stood there"
    assert done.complete


def test_a_window_that_changes_while_it_is_taken_is_taken_again(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Tree, picture and window of one step are of one moment."""
    phone, dumped = adb.phone, adb.phone.dumped

    def while_dumped(path: str) -> tuple[int, str]:
        said = dumped(path)
        if phone.shown == "splash":
            phone.show("consent")
        return said

    phone.dumped = while_dumped  # type: ignore[method-assign]
    record(clear=True)
    assert acts_of(tmp_path / "run") == ["clear", "start"]
    assert "不同意" in shown(tmp_path / "run", steps_of(tmp_path / "run")[1])


@pytest.mark.parametrize("before", [True, False])
def test_a_touch_while_the_screen_is_looked_at_again_keeps_its_place(
    adb: FakeAdb, record: Record, tmp_path: Path, before: bool
) -> None:
    """Looking whether anything moved takes as long as a tree; a touch in between falls on the screen that was recorded."""
    phone, dumped, looked = adb.phone, adb.phone.dumped, [0]

    def while_dumped(path: str) -> tuple[int, str]:
        looked[0] += phone.shown == "consent"
        second = phone.shown == "consent" and looked[0] == 2
        if second and before:
            phone.person_taps("同意")
        said = dumped(path)
        if second and not before:
            phone.person_taps("同意")
        return said

    phone.dumped = while_dumped  # type: ignore[method-assign]
    done = record(clear=True, seconds=1.2)
    steps = steps_of(tmp_path / "run")
    assert acts_of(tmp_path / "run") == ["clear", "start", "none", "tap"]
    assert steps[3]["act"]["on"] == [280, 680, 480, 750]
    assert all(step["dump"] for step in steps)
    assert done.complete


def test_a_touch_before_the_interruption_is_written(
    adb: FakeAdb, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C right after the recorder touched the screen leaves that touch in the steps, without a screen."""
    tap = Phone.tap

    def interrupted(phone: Phone, x: int, y: int) -> None:
        tap(phone, x, y)
        raise KeyboardInterrupt

    monkeypatch.setattr(Phone, "tap", interrupted)
    done = record(mode="agree", clear=True)
    last = steps_of(tmp_path / "run")[-1]
    assert (last["act"]["kind"], last["act"]["on"], last["dump"]) == ("tap", [280, 680, 480, 750], None)
    assert (done.ended, done.complete, adb.phone.agreed) == ("stopped", True, True)


def test_a_record_changed_by_hand_stays(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """What a tester wrote into run.yaml during the walk is not written over; the recorder's own words lie beside it."""
    path = tmp_path / "run" / "run.yaml"
    person = Person([("consent", lambda: path.write_text("run: mine\nby: tester\n", "utf-8"))], adb.phone)
    record(progress=person, seconds=0.5)
    assert path.read_text("utf-8") == "run: mine\nby: tester\n"
    assert "acts: complete" in (tmp_path / "run" / ".run.yaml").read_text("utf-8")
    assert any("changed by hand" in line for line in person.said)


def test_contents_that_come_by_themselves_are_taken(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The same window with other contents is a new step to which nothing led."""
    phone = adb.phone
    phone.agreed = True

    def later() -> None:
        threading.Timer(0.2, lambda: setattr(phone, "shown", "messages")).start()  # no other window: its token stays

    record(progress=Person([("main", later)], phone), seconds=1.5)
    last = steps_of(tmp_path / "run")[-1]
    assert last["act"] == {"kind": "none"}
    assert "没有新消息" in shown(tmp_path / "run", last)


def test_a_restless_screen_is_kept_as_a_picture(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Where uiautomator gives up, the picture stands alone."""
    adb.phone.restless = True
    record()
    steps = steps_of(tmp_path / "run")
    assert all(step["dump"] is None and step["picture"] for step in steps)
    assert (tmp_path / "run" / "screens" / steps[0]["picture"]).read_bytes().startswith(b"\x89PNG")


def test_ctrl_c_ends_the_walk_and_closes_the_record(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """What was recorded is there, the state after it too, and every touch until then is in it."""

    def stop() -> None:
        raise KeyboardInterrupt

    done = record(progress=Person([("consent", stop)], adb.phone), seconds=None)
    assert done.ended == "stopped"
    assert done.complete
    assert (tmp_path / "run" / "packages_after.txt").exists()
    assert adb.phone.files == {}, "no tree is left on the phone"
    assert record_of(tmp_path / "run").acts == "complete"


# --- what may be said of it ----------------------------------------------------------------------------------------


def test_the_record_says_what_is_known(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Device, clean start, complete acts, roles of the dumps; each file is of the kind its reader reads."""
    done = record(mode="agree", clear=True)
    folder, record_ = tmp_path / "run", record_of(tmp_path / "run")
    assert (record_.package, record_.start, record_.acts) == (APP, "clean", "complete")
    assert (record_.device.model, record_.device.system, record_.device.offset, record_.device.density) == (
        "Fake 1",
        "14",
        "+08:00",
        240.0,
    )
    assert {name: note.role for name, note in record_.files.items()} == {
        "packages_before.txt": "before", "packages_after.txt": "after", "appops.txt": "evidence", "logcat.txt": "evidence",
    }  # fmt: skip
    before, after = (read_packagedump((folder / f"packages_{when}.txt").read_bytes()) for when in ("before", "after"))
    assert [app.permissions[0].granted for app in (*before.packages, *after.packages)] == [False, True]
    assert read_appops((folder / "appops.txt").read_bytes())
    answers = read_permissionlog((folder / "logcat.txt").read_bytes())
    assert [(line.step, line.permission) for line in answers.found] == [
        ("answered", "android.permission.ACCESS_FINE_LOCATION")
    ]
    assert "no concern" not in (folder / "logcat.txt").read_text("utf-8")
    assert done.clean
    assert "#   capture.flow: {ahead: 37.5" in (folder / "run.yaml").read_text("utf-8")


def test_an_app_never_started_is_clean_without_clearing(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Android says itself that an app was not launched yet."""
    record()
    assert record_of(tmp_path / "run").start == "clean"
    assert "pm clear" not in " ".join(adb.asked)


def test_an_app_started_before_is_not_called_clean(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Whether its data was cleared by hand is not known, and not said."""
    adb.phone.launched = True
    record()
    assert record_of(tmp_path / "run").start is None


def test_touches_that_cannot_be_read_make_no_complete_record(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Without the panel's events no step says that nothing was done, and the record does not say "complete"."""
    adb.phone.touchable = False
    done = record(seconds=0.8)
    assert not done.complete
    assert record_of(tmp_path / "run").acts == "partial"
    assert "none" not in acts_of(tmp_path / "run")


def test_events_that_end_in_the_middle_make_no_complete_record(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """A stream that breaks off is noticed even when the phone goes on answering."""

    adb.phone.agreed = True
    wires: list[Any] = []

    def cut() -> None:
        wires.extend(wire for wire in adb.streams.get("getevent -lt", ()))
        for wire in wires:
            wire.shutdown(2)

    done = record(progress=Person([("main", cut)], adb.phone), seconds=0.6)
    assert wires
    assert not done.complete
    assert record_of(tmp_path / "run").acts == "partial"


def test_a_run_is_never_written_over(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """A folder with a run is refused before anything is touched; other evidence may lie there."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "hook.jsonl").write_text("{}", "utf-8")
    record()
    before = (tmp_path / "run" / "run.yaml").read_bytes()
    count = len(adb.asked)
    with pytest.raises(UsageError, match=r"holds a run already .*name a new folder"):
        record(clear=True)
    assert (tmp_path / "run" / "run.yaml").read_bytes() == before
    assert not any("pm clear" in one or "am start" in one for one in adb.asked[count:])


@pytest.mark.parametrize(("more", "told"), [
    ({"package": "com.other.app"}, "com.other.app: is not installed on the phone: run `adb install`"),
    ({"package": "a; reboot"}, "is no name of a package"),
    ({"mode": "buy"}, "buy: no mode; there are person, agree"),
])  # fmt: skip
def test_what_cannot_be_recorded_leaves_nothing(
    record: Record, tmp_path: Path, more: dict[str, Any], told: str
) -> None:
    """The line says why, and no folder is made."""
    with pytest.raises(UsageError, match=told):
        record(**more)
    assert not (tmp_path / "run").exists()


def test_an_unplugged_phone_leaves_what_was_recorded(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The steps until then and a record that claims nothing too much stay; the line says what to do."""
    with pytest.raises(UsageError, match="is the cable in") as error:
        record(progress=Person([("consent", adb.unplug)], adb.phone), seconds=5)
    assert "\n" not in str(error.value)
    assert len([step for step in steps_of(tmp_path / "run") if step["dump"]]) == 3
    assert record_of(tmp_path / "run").acts == "partial"


def test_a_phone_unplugged_at_the_very_end_makes_no_complete_record(
    adb: FakeAdb, record: Record, tmp_path: Path
) -> None:
    """Between the last screen and the end a touch may have been missed, so the record does not say "complete"."""

    def say(line: str) -> None:
        if line == "closing the record":
            adb.unplug()

    with pytest.raises(UsageError, match="was lost"):
        record(progress=say)
    assert record_of(tmp_path / "run").acts == "partial"


def test_a_picture_cut_in_the_middle_is_not_kept(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """A connection that breaks while a picture is sent leaves no half picture."""
    adb.faults.cut = "screencap -p"
    with pytest.raises(UsageError, match="was lost"):
        record()
    assert not list((tmp_path / "run" / "screens").glob("*.png"))


def test_an_older_phone_is_recorded_the_same(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Without the second shell protocol and without fractions of a second the walk is the same."""
    adb.faults.old, adb.phone.fractions = True, False
    done = record(mode="agree", clear=True)
    assert acts_of(tmp_path / "run") == ["clear", "start", "none", "tap", "tap"]
    assert done.complete


# --- walks alone ---------------------------------------------------------------------------------------------------


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


# --- read by the rest of the house -----------------------------------------------------------------------------------


def facts_of(folder: Path) -> Any:
    """What `mingcha collect --run` makes of a folder, defects of ours let through."""
    return collect_facts(open_case([], runs=[folder]), load(), strict=True)


def test_a_recorded_folder_is_read(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Each file is taken for what it is; before the true moment of agreement the phase is P1, and after it never."""
    record(mode="agree", clear=True)
    found = facts_of(tmp_path / "run")
    kinds: dict[str, list[Any]] = {}
    for fact in found.facts:
        kinds.setdefault(type(fact).__name__, []).append(fact)
    agreed = next(at for what, where, at in adb.phone.done if (what, where) == ("tap", "consent"))
    launched = next(at for what, _, at in adb.phone.done if what == "launch")
    spans = {span.phase: (seconds(span.start), seconds(span.end)) for span in kinds["PhaseSpan"]}
    assert spans["P0"][1] <= launched + 0.002
    assert spans["P1"][1] <= agreed + 0.002
    assert spans["P3"][0] >= agreed - 0.2
    acts = sorted(kinds["ActMade"], key=lambda act: act.number)
    assert [(act.choice, act.about) for act in acts if act.act == "tap"] == [
        ("agree", "policy"), ("grant", "android.permission.ACCESS_FINE_LOCATION"),
    ]  # fmt: skip
    run = kinds["RunRecorded"][0]
    assert (run.start, run.screens, run.recorders) == ("clean", 5, ("packages", "runtime", "screens"))
    codes = {gap.code for gap in found.gaps}
    assert not codes & {"run.unknown_file", "run.unreadable", "run.cut"}


def test_the_taps_of_a_search_are_counted(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The walk alone shows the ways as they are on the phone: mine, settings, privacy, policy are four taps from the main screen."""
    adb.phone.agreed = True
    record(mode="find")
    taps = {fact.target: fact.taps for fact in facts_of(tmp_path / "run").facts if type(fact).__name__ == "StepsTo"}
    assert taps.keys() == {"policy", "account_cancellation", "complaint", "personalisation_switch"}
    assert taps["complaint"] <= 2
    assert taps["policy"] <= 4

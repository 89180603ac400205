"""A person's walk, recorded: what the phone did is the truth, what the folder says must not go beyond it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from mingcha.capture.screens.phone import Phone
from mingcha.formats.steps import read_steps
from tests.build.fakeadb import FakeAdb
from tests.unit.capture.screens.conftest import Person, Record, acts_of, record_of, seconds, shown, steps_of


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
        assert -0.5 < seconds(step["act"]["time"]) - truth < 0.002
        assert seconds(step["time"]) > truth
    assert "今日新闻" in shown(folder, steps[4])
    assert (done.complete, done.clean, done.ended) == (True, True, "stopped")


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

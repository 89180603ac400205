"""What the record of a run says, and what stays when something goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingcha.errors import UsageError
from mingcha.formats.appops import read_appops
from mingcha.formats.packagedump import read_packagedump
from mingcha.formats.permissionlog import read_permissionlog
from tests.build.fakeadb import FakeAdb
from tests.build.fakephone import APP
from tests.unit.capture.screens.conftest import Person, Record, acts_of, record_of, steps_of


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
    assert record().ended == "time"
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

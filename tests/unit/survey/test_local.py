"""The local engine: a death, a hang, a bomb or a defect costs one app; nothing else is lost, and stopping leaves no process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from mingcha.errors import UsageError
from mingcha.survey import local, running
from mingcha.survey.rows import Item, Plan, Told
from tests.build import surveys

pytest.importorskip("pebble", reason="no pebble: pip install 'mingcha[survey]'")


@pytest.fixture(autouse=True)
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the examinations note their calls."""
    folder = tmp_path / "notes"
    folder.mkdir()
    monkeypatch.setenv(surveys.NOTES, str(folder))
    return folder


def engine(items: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
    """Two processes, with examinations that do what an item's name says."""
    return local.run(items, plan, url, 2, surveys.behaving)


def surveyed(tmp_path: Path, names: Sequence[str], plan: Plan) -> tuple[dict[str, str], str]:
    """What became of each item, and where the dataset is."""
    url, told = str(tmp_path / "ds"), dict[str, str]()

    def noted(items: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
        for one in engine(items, plan, url):
            told[one.item.name] = one.outcome
            yield one

    running.run(surveys.apps(tmp_path, names), plan, url, noted)
    return told, url


def children() -> set[int]:
    """The processes below this one, without Python's own tracker of resources."""
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    return {int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line}


def test_a_bad_app_costs_itself_alone(tmp_path: Path, notes: Path) -> None:
    """Apps that kill their process, hang, eat memory or hit a defect are gaps with their reason; every other one is examined, once."""
    good = [f"good-{number}" for number in range(6)]
    bad = {"dies": "defect", "hangs": "too slow", "bomb": "too big", "defect": "defect", "gone": "unreadable"}
    names = [good[0], "dies", good[1], "hangs", good[2], "bomb", good[3], "defect", good[4], "gone", good[5]]
    told, url = surveyed(tmp_path, names, surveys.plan(timeout=8))
    assert told == {name: "failed" if name in bad else "done" for name in names}
    assert surveys.reasons(url) == bad
    assert len(surveys.rows(url, "apps")) == len(names)
    assert {name for name, facts in surveys.facts(url) if facts} == set(good)
    called = surveys.calls(notes)
    assert [name for name in called if name in good] == sorted(good)
    assert called.count("dies") == 2, "a death may be another's doing, so it is tried once more"
    assert called.count("hangs") == called.count("bomb") == called.count("defect") == 1


def test_what_died_of_somebody_s_kill_is_examined(tmp_path: Path, notes: Path) -> None:
    """A process that is killed once costs nothing: its app is examined by another, and only that one is begun twice."""
    told, url = surveyed(tmp_path, ["a", "dies_once", "b", "c"], surveys.plan())
    assert told == dict.fromkeys(["a", "dies_once", "b", "c"], "done")
    assert surveys.reasons(url) == {}
    assert surveys.calls(notes) == ["a", "b", "c", "dies_once", "dies_once"]


def test_a_process_that_dies_with_nothing_to_do(tmp_path: Path, notes: Path) -> None:
    """Between two apps a process dies, which breaks the whole pool; another pool goes on, and every app is examined."""
    items = surveys.apps(tmp_path, ["idle_death", *(f"good-{number}" for number in range(12))])
    url = str(tmp_path / "ds")

    def slow() -> Iterator[Item]:
        yield from items[:1]
        while not surveys.callers(notes) or any(map(surveys.lives, surveys.callers(notes))):
            time.sleep(0.05)
        time.sleep(0.5)  # the pool finds it out
        yield from items[1:]

    def one_process(every: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
        return local.run(every, plan, url, 1, surveys.behaving)

    account = running.run(slow(), surveys.plan(), url, one_process)
    assert account.outcomes == {"done": 13, "known": 0, "failed": 0}


def test_one_slow_app_keeps_nobody_waiting(tmp_path: Path) -> None:
    """While one hangs, all the others are handed out and told of, however many they are."""
    items = surveys.apps(tmp_path, ["hangs", *(f"good-{number}" for number in range(20))])
    told = [
        one.item.name for one in local.run(items, surveys.plan(timeout=6), str(tmp_path / "ds"), 2, surveys.behaving)
    ]
    assert told[-1] == "hangs"
    assert sorted(told) == sorted(item.name for item in items)


def test_closing_stops_the_processes(tmp_path: Path) -> None:
    """Whoever stops listening leaves no process behind, even where one hangs; what was told of is kept."""
    items = surveys.apps(tmp_path, ["a", "hangs", "b", "c"])
    running_one = engine(items, surveys.plan(), str(tmp_path / "ds"))
    first = next(running_one)
    assert children()
    began = time.monotonic()
    running_one.close()
    assert time.monotonic() - began < 10
    assert children() == set()
    assert first.outcome == "done"
    assert (tmp_path / "ds" / "spool" / first.key[:2] / f"{first.key}.z").exists()


_SURVEY = """
import signal
import sys
from pathlib import Path
from mingcha.survey import local, running
from tests.build import surveys

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background has it ignored
    folder = Path(sys.argv[1])
    engine = lambda items, plan, url: local.run(items, plan, url, 2, surveys.behaving)
    try:
        running.run(surveys.apps(folder, ["a", "b", "hangs", "c"]), surveys.plan(), str(folder / "ds"), engine)
    except KeyboardInterrupt:
        sys.exit(130)
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_ctrl_c_and_a_killed_survey(tmp_path: Path, notes: Path, number: int, status: int) -> None:
    """Ctrl-C packs what was done and ends every process; after kill -9 none lives on either, and the next run has what was done."""
    made = tmp_path / "survey.py"
    made.write_text(_SURVEY)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    process = subprocess.Popen([sys.executable, str(made), str(tmp_path)], env=environment, start_new_session=True)
    until = time.monotonic() + 60
    while "c" not in surveys.calls(notes) and time.monotonic() < until:
        time.sleep(0.05)
    while len(list((tmp_path / "ds" / "spool").glob("*/*.z"))) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    workers = surveys.callers(notes)
    os.killpg(process.pid, number) if number == signal.SIGINT else process.kill()
    assert process.wait(60) == status
    while any(map(surveys.lives, workers)) and time.monotonic() < until + 15:
        time.sleep(0.05)
    assert not any(map(surveys.lives, workers))
    if number == signal.SIGINT:
        assert len(surveys.rows(str(tmp_path / "ds"), "apps")) == 3
    items = [item for item in surveys.apps(tmp_path, ["a", "b", "hangs", "c"]) if item.name != "hangs"]
    account = running.run(items, surveys.plan(), str(tmp_path / "ds"), engine)
    assert account.outcomes == {"done": 0, "known": 3, "failed": 0}


def test_what_is_known_is_not_examined_again(tmp_path: Path, notes: Path) -> None:
    """A second run over the same apps and a new one examines the new one alone; what failed is told again, and not tried again."""
    plan, url = surveys.plan(timeout=8), str(tmp_path / "ds")
    names = ["a", "b", "hangs"]
    items = surveys.apps(tmp_path, [*names, "c"])
    assert running.run(items[:3], plan, url, engine).outcomes == {"done": 2, "known": 0, "failed": 1}
    again = [item for item in items if item.name != "hangs"]
    again.append(Item(name="the hanging one by another name", app=items[2].app))
    assert running.run(again, plan, url, engine).outcomes == {"done": 1, "known": 2, "failed": 1}
    assert len(surveys.rows(url, "apps")) == 4


def test_a_name_without_a_file_is_a_gap(tmp_path: Path) -> None:
    """A file that is not there, is no app or is cut short costs nobody else anything, and none of them passes for clean."""
    items = surveys.apps(tmp_path, ["a", "cut"])
    whole = Path(items[1].app).read_bytes()
    Path(items[1].app).write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.apk").write_bytes(b"nothing to read here\x00")
    items += [Item(name="text", app=str(tmp_path / "text.apk")), Item(name="gone", app=str(tmp_path / "gone.apk"))]
    url = str(tmp_path / "ds")
    account = running.run(items, surveys.plan(), url, lambda *given: local.run(*given, 2))
    assert account.count == 4
    outcomes = {row[1]: row[3] for row in surveys.rows(url, "items")}
    assert outcomes["a"] == "done"
    assert outcomes["text"] == outcomes["gone"] == "failed"
    gaps = {row[0] for row in surveys.rows(url, "gaps") if row[2] == "unreadable"}
    keys = {row[1]: row[2] for row in surveys.rows(url, "items")}
    assert {keys["cut"], keys["text"], keys["gone"]} <= gaps
    passed = [row for row in surveys.rows(url, "verdicts") if row[0] in {keys["text"], keys["gone"]}]
    assert {row[4] for row in passed} == {"not determined"}


def test_a_dataset_that_cannot_be_written_stops_the_survey(tmp_path: Path) -> None:
    """A full disk is nobody's gap: the survey ends and says so."""
    items = surveys.apps(tmp_path, ["a", "full"])
    with pytest.raises(UsageError, match="no space left"):
        running.run(items, surveys.plan(), str(tmp_path / "ds"), engine)
    assert children() == set()

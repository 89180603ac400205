"""Small apps for surveys, and an examination that dies, hangs or eats memory on apps of that name: it works in spawned processes."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from mingcha.catalogue.load import load
from mingcha.errors import UsageError
from mingcha.survey.dataset import Part
from mingcha.survey.examine import examine, plan_of
from mingcha.survey.judging import _judge
from mingcha.survey.rows import Item, Plan, Told
from mingcha.survey.tables import connect
from tests.build import dexcode, tinyapp
from tests.build.dexmaker import Class, Code, Method

RULES = ("idm-2019",)
NOTES = "NOTES"
"""The environment variable that names the folder in which `behaving` notes what it was called for."""
POLICY = str(Path(__file__).parents[2] / "demo" / "policy.html")
_NAMES = ("CAMERA", "READ_CONTACTS", "RECORD_AUDIO", "ACCESS_FINE_LOCATION", "READ_SMS", "INTERNET", "BLUETOOTH")


def plan(memory: int = 1 << 30, timeout: float = 60) -> Plan:
    """One rule set, without flows, in little memory."""
    return plan_of(load(), RULES, "nothing", memory, timeout)


def apps(folder: Path, names: Sequence[str], policy: Sequence[str] = ()) -> list[Item]:
    """A tiny app for each name, no two alike: another permission each, and other code."""
    return [_app(folder, name, at, tuple(policy)) for at, name in enumerate(names)]


def _app(folder: Path, name: str, at: int, policy: tuple[str, ...]) -> Item:
    permission = tinyapp.element("uses-permission", name=f"android.permission.{_NAMES[at % len(_NAMES)]}")
    code = Code(1, [*[dexcode.nop()] * at, dexcode.return_void()])
    data = tinyapp.app(
        [Class(f"Lcom/example/C{at};", [Method("run()V", code)])],
        xml=tinyapp.manifest(permission, package=f"com.example.a{at}", versionCode=at + 1),
    )
    path = folder / f"{name}.apk"
    path.write_bytes(data)
    return Item(name=name, app=str(path), policy=policy)


def rows(url: str, table: str) -> list[tuple[object, ...]]:
    """All rows of a table but for what depends on the clock."""
    with connect(url) as made:
        return made.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()


def reasons(url: str) -> dict[str, str]:
    """The items that could not be examined, and the reason their gap gives."""
    with connect(url) as made:
        query = "SELECT name, reason FROM items JOIN gaps USING (key) WHERE collector = 'survey' ORDER BY run"
        return dict(made.execute(query).fetchall())


def facts(url: str) -> list[tuple[str, int]]:
    """The items with the number of facts found in each."""
    with connect(url) as made:
        return made.execute("SELECT name, facts FROM items JOIN apps USING (key)").fetchall()


def calls(folder: Path) -> list[str]:
    """The names that `behaving` was called for, once for each call."""
    return sorted(path.name.partition("#")[0] for path in folder.iterdir())


def callers(folder: Path) -> set[int]:
    """The processes in which `behaving` was called."""
    return {int(path.name.split("#")[1]) for path in folder.iterdir()}


def lives(pid: int) -> bool:
    """Whether there is such a process, not counting one that only waits to be reaped."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _die() -> None:
    """Like an app that kills its process: some time into its inspection. (Pebble does not always notice who died within milliseconds.)"""
    time.sleep(0.5)
    os.kill(os.getpid(), 9)


def behaving(item: Item, how: Plan, url: str) -> Told:
    """`examine`, but for items whose name says something else; notes each call before it begins."""
    notes = Path(os.environ[NOTES])
    before = sum(one.name.startswith(f"{item.name}#") for one in notes.iterdir())
    (notes / f"{item.name}#{os.getpid()}#{time.monotonic_ns()}").touch()
    match item.name.partition("-")[0]:
        case "dies":
            _die()
        case "dies_once" if not before:
            _die()
        case "hangs":
            time.sleep(600)
        case "bomb":
            return Told(item=item, key="".join(["x" * (8 << 30)]), outcome="done")
        case "defect":
            raise ZeroDivisionError("a defect of ours")
        case "gone":
            raise FileNotFoundError(2, "no such object in the store", item.app)
        case "full":
            raise UsageError("dataset: no space left on the device")
        case "idle_death":
            done = examine(item, how, url)
            subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -9 {os.getpid()}"], start_new_session=True)
            return done
    return examine(item, how, url)


def noting(item: Item, how: Plan, url: str) -> Told:
    """`examine`, noting each call in the folder beside the dataset: how often an app was begun."""
    notes = Path(f"{url}-calls")
    notes.mkdir(exist_ok=True)
    (notes / f"{os.path.basename(item.app)}#{os.getpid()}#{time.monotonic_ns()}").touch()
    return examine(item, how, url)


def killed_once(url: str, part: Part, names: tuple[str, ...], number: int) -> None:
    """Judging a part; the first process that tries is killed at it, and leaves a file that says so."""
    mark = Path(os.environ["MINGCHA_TEST_KILLED"])
    if not mark.exists():
        mark.touch()
        _die()
    _judge(url, part, names, number)


def killing(*_: object) -> None:
    """Judging a part that kills every process."""
    _die()

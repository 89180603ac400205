"""A recorder in a hurry, a phone of the test and a person who touches it when a screen has been recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mingcha.capture.screens.drive import Limits
from mingcha.capture.screens.recorder import Pace
from mingcha.capture.screens.recording import Recorded, record_screens
from mingcha.collect.run.record import RunRecord, read_record
from mingcha.formats.uidump import read_dump
from tests.build.fakeadb import FakeAdb
from tests.build.fakephone import APP, FakePhone

PACE = Pace(settle=0.05, grace=0.04, look=0.02, again=0.15, blind=0.5, stable=0.3)
LIMITS = Limits(patience=0.3, dwell=0.2)


@dataclass
class Person:
    """Does the next thing of the script as soon as the screen it is for has been recorded, and ends the walk after the last one."""

    script: list[tuple[str, Callable[[], object]]]
    phone: FakePhone
    said: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> None:
        self.said.append(line)
        if not line[:4].isdigit():
            return
        if not self.script:
            raise KeyboardInterrupt
        if self.script[0][0] == self.phone.shown:
            self.script.pop(0)[1]()


@pytest.fixture
def adb() -> Iterator[FakeAdb]:
    """A server with one phone."""
    with FakeAdb(FakePhone()) as server:
        yield server


@pytest.fixture
def record(adb: FakeAdb, tmp_path: Path) -> Callable[..., Recorded]:
    """Records the app of the test into tmp_path/run."""

    def run(**more: Any) -> Recorded:
        asked = {"server": adb.server, "pace": PACE, "limits": LIMITS, "seconds": 0.2, **more}
        return record_screens(asked.pop("package", APP), asked.pop("out", tmp_path / "run"), **asked)

    return run


def steps_of(folder: Path) -> list[dict[str, Any]]:
    """The lines of a walk."""
    return [json.loads(line) for line in (folder / "screens" / "steps.jsonl").read_text("utf-8").splitlines()]


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

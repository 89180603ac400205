"""The folder of a run while it is made: files that are written once, a line for each step at once, and the run's record."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import yaml

from mingcha.capture.screens.clock import Bounds
from mingcha.capture.screens.phone import About
from mingcha.errors import UsageError

RECORD = "run.yaml"
STEPS = "screens/steps.jsonl"
_OURS = (RECORD, "screens", "packages_before.txt", "packages_after.txt", "appops.txt", "logcat.txt")
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class Run(msgspec.Struct, kw_only=True):
    """What the record says; changed while the run goes on, written at its start and at its end."""

    package: str
    about: About
    when: str
    mode: str
    version: str | None = None
    clean: bool = False
    complete: bool = False
    ahead: Bounds | None = None
    steady: bool = True
    remark: str | None = None
    files: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)


class Folder:
    """A new run in a folder, which may hold other evidence of the same run but no screens and no record."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.steps = 0
        self._record: str | None = None
        try:
            path.mkdir(parents=True, exist_ok=True)
            there = [name for name in _OURS if os.path.lexists(path / name)]
            if there:
                raise UsageError(
                    f"{path}: holds a run already ({there[0]}); name a new folder, so that nothing recorded is lost"
                )
            (path / "screens").mkdir()
            self._lines: BinaryIO = (path / STEPS).open("xb", buffering=0)
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None

    def keep(self, name: str, data: bytes) -> str:
        """Write a new file; its name."""
        try:
            with (self.path / name).open("xb") as file:
                file.write(data)
        except OSError as error:
            raise UsageError(f"{self.path / name}: {error.strerror}; what was recorded so far is kept") from None
        return name

    def line(self, row: dict[str, Any]) -> None:
        """Write one step; it is on the disk when this returns."""
        try:
            self._lines.write(msgspec.json.encode(row) + b"\n")
            os.fsync(self._lines.fileno())
        except OSError as error:
            raise UsageError(f"{self.path / STEPS}: {error.strerror}; what was recorded so far is kept") from None
        self.steps += 1

    def record(self, run: Run) -> bool:
        """Write ``run.yaml``, whole or not at all; false if somebody changed it meanwhile, which then stays."""
        waiting, written, text = self.path / ".run.yaml", self.path / RECORD, record_of(run, self.path.resolve().name)
        try:
            waiting.write_text(text, "utf-8")
            if self._record is not None and written.read_text("utf-8") != self._record:
                return False
            waiting.replace(written)
        except OSError as error:
            raise UsageError(f"{written}: {error.strerror}; what was recorded so far is kept") from None
        self._record = text
        return True

    def close(self) -> None:
        """End the file of steps."""
        self._lines.close()


def record_of(run: Run, name: str) -> str:
    """The record as YAML. What is not known is left out, with a word on how to add it."""
    about = run.about
    device = {"model": about.model, "system": about.system, "offset": about.offset, "density": about.density}
    said: dict[str, Any] = {
        "run": _NAME.sub("-", name).strip("-._")[:60] or "run",
        "package": run.package,
        "when": run.when,
        "device": {key: value for key, value in device.items() if value is not None},
        **({"start": "clean"} if run.clean else {}),
        "acts": "complete" if run.complete else "partial",
        "files": run.files,
        "note": _note(run),
    }
    text = yaml.safe_dump(
        {key: value for key, value in said.items() if value}, allow_unicode=True, sort_keys=False, width=120
    )
    return text + "".join(f"# {line}\n" for line in _hints(run))


def _note(run: Run) -> str:
    parts = [f"recorded by mingcha record screens, mode {run.mode}"]
    parts += [f"version of the app: {run.version}"] if run.version else []
    parts += (
        [] if run.steady else ["the clock of the phone or of this machine was set during the run: times may be wrong"]
    )
    return "; ".join([*parts, *([run.remark] if run.remark else [])])


def _hints(run: Run) -> list[str]:
    hints = [
        "by: who tested",
        "profile: profile.yaml    # the phone's own values, so that they are found in what the app sends",
    ]
    if not run.clean:
        hints.append(
            "start: clean    # only if the app was newly installed, or its data cleared, right before this run"
        )
    hints.append(
        'account: none    # the app has no accounts; "signed in" or "signed out" if it has: then a walk that was everywhere counts'
    )
    if run.ahead is not None and run.steady:
        hints.append("a capture that was made on this computer, under files:")
        hints.append(f"  capture.flow: {{ahead: {run.ahead.middle:.3f}, error: {run.ahead.error:.3f}}}")
    return hints

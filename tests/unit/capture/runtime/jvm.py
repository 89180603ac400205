"""The app of stubs on a Java VM of this machine, and a recording of it; where that cannot be, the reason is told loudly."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mingcha.capture.runtime.recorder import Recorded, record_runtime
from mingcha.collect.runtime.ground import sealing
from mingcha.errors import UsageError
from tests.build.jvmstubs.make import JAR, PLUGIN

PACKAGE = "com.example.app"
PLANTED = {"490154203237518": "dev.imei", "3f1c9b2a7d604e85": "dev.android_id"}
RAW = ("490154203237518", "89860012345678901234", "3f1c9b2a7d604e85", "Specimen-Net", "0a:1b:2c:3d:4e:5f", "0A:1B:2C:3D:4E:60",
       "0102030405060", "com.other.shop", "268435201", "68719476735", "31.2304")  # fmt: skip
"""What the stubs give or are given."""
FOLDER = f"jar:{JAR.as_uri()}!/{PLUGIN}/"
LONGEST = 60
SEAL = sealing(b"a key of this test alone, 32 byte", PLANTED)


class App:
    """The process; it does what it is told and says before each call what it calls."""

    def __init__(self, java: str) -> None:
        self.process = subprocess.Popen(
            [java, "-Xmx64m", "-cp", str(JAR), "com.example.app.Main"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._watchdog = threading.Timer(LONGEST, self.process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()
        self._lines("ready")

    @property
    def pid(self) -> int:
        return self.process.pid

    def do(self, command: str) -> list[list[str]]:
        """What the app says until it has done it."""
        assert self.process.stdin
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self._lines("done")

    def _lines(self, last: str) -> list[list[str]]:
        assert self.process.stdout
        said: list[list[str]] = []
        while (line := self.process.stdout.readline().strip()) != last:
            assert line, f"the app ended or did not answer within {LONGEST} s"
            said.append(line.split("\t"))
        return said

    def microseconds(self, kind: str, calls: int) -> float:
        """What one call costs, the least of three rounds: "load" for calls that are told, "idle" for such that are not."""
        return min(float(self.do(f"{kind} {calls}")[0][1]) for _ in range(3)) / 1000

    def kill(self) -> None:
        self._watchdog.cancel()
        self.process.kill()
        self.process.communicate()


@dataclass
class Session:
    """A recording on a thread of its own."""

    app: App
    out: Path
    seconds: float | None = None
    progress: list[str] = field(default_factory=list)
    done: Recorded | None = None
    failure: BaseException | None = None
    _begun: threading.Event = field(default_factory=threading.Event)

    def start(self) -> Session:
        """Start, and wait until the hooks are in place. Raises what the recorder raised."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._begun.wait(LONGEST)
        if self.failure:
            raise self.failure
        return self

    def _run(self) -> None:
        try:
            self.done = record_runtime(
                PACKAGE, self.out, device="local", pid=self.app.pid, seconds=self.seconds, progress=self._say, seal=SEAL
            )
        except BaseException as error:  # noqa: BLE001  # carried to the test's thread
            self.failure = error
        self._begun.set()

    def _say(self, text: str) -> None:
        self.progress.append(text)
        if text.startswith("recording"):
            self._begun.set()

    def until(self, text: bytes, times: int = 1) -> None:
        """Wait until the log holds a text so often; on a busy machine it comes late."""
        deadline = time.monotonic() + LONGEST
        while self.out.read_bytes().count(text) < times and time.monotonic() < deadline:
            time.sleep(0.05)

    def wait(self) -> Recorded:
        """What the recording came to."""
        self._thread.join(LONGEST)
        if self.failure:
            raise self.failure
        assert self.done
        return self.done


def javas() -> list[str]:
    """Java programs of this machine, the one that is asked for first."""
    named = [os.path.join(os.environ["JAVA_HOME"], "bin/java")] if os.environ.get("JAVA_HOME") else []
    found = [*named, shutil.which("java"), *sorted(glob.glob("/usr/lib/jvm/*/bin/java"))]
    return list(dict.fromkeys(os.path.realpath(java) for java in found if java and os.path.exists(java)))


def recorded_app(folder: Path, loudly: Callable[[str], Any], seconds: float | None = None) -> Session:
    """An app that is being recorded, on the first Java that Frida can work in; otherwise the tests are skipped, loudly."""
    reasons = [] if javas() else ["no Java is installed"]
    try:
        import frida  # noqa: F401
    except ImportError:
        reasons.append("Frida is not installed: pip install 'mingcha[capture]'")
    for number, java in enumerate(() if reasons else javas()):
        app = App(java)
        try:
            return Session(app, folder / f"log{number}.jsonl", seconds).start()
        except UsageError as error:
            reasons.append(f"{java}: {error}")
            app.kill()
    loudly("THE RUNTIME AGENT WAS NOT TESTED: " + "; ".join(reasons))
    pytest.skip("; ".join(reasons))

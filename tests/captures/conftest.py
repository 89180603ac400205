"""Two sessions in front of a real proxy, captured once for all workers: a client's and a browser's."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from mingcha.formats.exchange import Exchange, Reading
from mingcha.formats.har import Har, looks_like_har
from mingcha.formats.mitmflow import Flows
from tests.captures.pages import browsed
from tests.captures.sends import Plan, plan
from tests.unit.capture.runtime.conftest import loudly  # noqa: F401  # the fixture

ROOT = Path(__file__).parent.parent.parent
TOOLS = Path(os.environ.get("MINGCHA_CAPTURES", ROOT / ".venv-captures"))
SESSION = Path(__file__).parent / "rig" / "session.py"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Captured:
    """A session: what was to be sent, and the folder with what the tools wrote of it."""

    plan: Plan
    folder: Path

    @cached_property
    def arrived(self) -> list[dict[str, Any]]:
        """What the server noted."""
        rows: list[dict[str, Any]] = json.loads((self.folder / "server.json").read_text("utf-8"))
        return rows

    def read(self, name: str) -> tuple[list[Exchange], Reading]:
        """A file of the session, by the reader that its content asks for."""
        data = (self.folder / name).read_bytes()
        capture = Har(data) if looks_like_har(data) else Flows(data)
        return list(capture), capture.reading


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory, loudly: Callable[[str], None]) -> Captured:  # noqa: F811
    """Client libraries that send the plan over HTTP/1.1, HTTP/2 and WebSocket."""
    made = plan(_seed())
    return _captured(tmp_path_factory, loudly, "client", made, made.as_json(), [])


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory, loudly: Callable[[str], None]) -> Captured:  # noqa: F811
    """A page in headless Chromium, with the browser's own HAR beside the proxy's files."""
    made, given = browsed(_seed())
    program = next(filter(None, map(shutil.which, BROWSERS)), "")
    if not program:
        _skip(loudly, "no Chromium is installed (as root: apt-get install chromium)")
    return _captured(tmp_path_factory, loudly, "browser", made, given, [program])


def _seed() -> int:
    return int(os.environ.get("MINGCHA_CAPTURES_SEED", "1"))


def _skip(tell: Callable[[str], None], why: str) -> None:
    tell(f"REAL CAPTURES WERE NOT TESTED: {why}")
    pytest.skip(why)


def _captured(
    factory: pytest.TempPathFactory,
    tell: Callable[[str], None],
    part: str,
    made: Plan,
    given: str,
    more: list[str],
) -> Captured:
    """The session, captured by the first worker that asks for it."""
    python = TOOLS / "bin" / "python"
    if not (TOOLS / "made-of").exists():
        _skip(tell, f"no proxy and clients in {TOOLS.name} (`make captures` says why)")
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / f"captured-{part}"
    with open(shared / f"{part}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "tools.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            (folder / "plan.json").write_text(given, "utf-8")
            began = time.monotonic()
            _run([str(python), str(SESSION), str(folder / "plan.json"), str(folder), part, *more])
            tools = json.loads((folder / "tools.json").read_text("utf-8"))
            named = ", ".join(f"{name} {version}" for name, version in tools.items())
            tell(f"captured {len(made.sends)} sends of a {part} with {named} in {time.monotonic() - began:.1f} s")
    return Captured(made, folder)


def _run(command: list[str]) -> None:
    """Run a session, and end everything that it started and did not end."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            _, said = process.communicate(timeout=60)  # it stops by itself before that
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        pytest.fail(f"the capture failed: {said.decode('utf-8', 'replace')[-3000:]}")

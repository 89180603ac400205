"""Reading a hostile file in a process of its own: limits, no network, a folder that is removed, and always an outcome.

The parent's half; the child's is `inside.py`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

MIB = 1 << 20
PREFIX = "mingcha-job-"
ASK = 0.5
REFUSED, OUT_OF_MEMORY = 65, 77
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "MINGCHA_CACHE", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
"""No proxies, no address of the database, no keys."""
TOLD = 1500
log = logging.getLogger(__name__)
Kind = Literal["done", "refused", "crash", "timeout", "memory", "too big"]


@dataclass(frozen=True)
class Limits:
    """Bytes and seconds."""

    memory: int = 4096 * MIB
    cpu: int = 900
    wall: float = 1200.0
    result: int = 256 * MIB
    written: int = 2048 * MIB


@dataclass(frozen=True)
class Outcome:
    """How the child ended; ``data`` is what it gave when done, ``detail`` why not otherwise."""

    kind: Kind
    data: bytes = b""
    detail: str = ""
    seconds: float = 0.0
    network: str = ""
    """``none``: it had no network at all; ``open``: this machine does not allow that, it only had no proxies."""


def run(target: str, arguments: dict[str, Any], limits: Limits = Limits(), ask: Callable[[], object] = bool) -> Outcome:
    """Call ``module:function`` (arguments and folder in, bytes out) in a child.

    ``ask`` is called a few times a second; whatever it raises ends the child and leaves here.
    """
    with _folder() as folder:
        request = {"target": target, "arguments": arguments, "limits": asdict(limits), "parent": os.getpid()}
        (folder / "request.json").write_text(json.dumps(request))
        return _outcome(folder, target, limits, ask)


def _outcome(folder: Path, target: str, limits: Limits, ask: Callable[[], object]) -> Outcome:
    begun = time.monotonic()
    with open(folder / "stderr", "wb") as errors:
        child = subprocess.Popen(  # noqa: S603  # our own interpreter, no shell
            [sys.executable, "-m", "mingcha.service.jobs.inside", str(folder)],
            cwd=folder / "work",
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
    try:
        code = _wait(child, begun + limits.wall, ask)
    finally:
        _end(child)
    seconds = time.monotonic() - begun
    kind, detail, data = _read(folder, code, limits)
    if kind == "crash":
        log.warning("a child that ran %s ended by %s: %s", target, detail, _last(folder / "stderr"))
    return Outcome(kind, data, detail, seconds, _text(folder / "network", 20))


def _wait(child: subprocess.Popen[bytes], until: float, ask: Callable[[], object]) -> int | None:
    """Its exit status, or None when its time is up."""
    while time.monotonic() < until:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(min(ASK, max(0.0, until - time.monotonic())))
        ask()
    return None


def _end(child: subprocess.Popen[bytes]) -> None:
    """It and all it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _read(folder: Path, code: int | None, limits: Limits) -> tuple[Kind, str, bytes]:
    """What the exit status says, and the result when there is one of bearable size."""
    if code is None:
        return "timeout", f"not done in {limits.wall:g} s", b""
    if code == -signal.SIGXCPU:
        return "timeout", f"more than {limits.cpu} s of work", b""
    if code == OUT_OF_MEMORY:
        return "memory", f"more than {limits.memory // MIB} MB", b""
    if code == REFUSED:
        return "refused", _text(folder / "refusal", 300), b""
    if code:
        return "crash", f"signal {-code}" if code < 0 else f"status {code}", b""
    return _result(folder / "result", limits.result)


def _result(path: Path, limit: int) -> tuple[Kind, str, bytes]:
    data = _bytes(path, limit + 1)
    if data is None:
        return "crash", "no result", b""
    return ("done", "", data) if len(data) <= limit else ("too big", f"a result of more than {limit} bytes", b"")


def _text(path: Path, limit: int) -> str:
    return (_bytes(path, 4 * limit) or b"").decode(errors="replace")[:limit]


def _last(path: Path) -> str:
    """The end of what it complained, for our log alone: it may hold what an app's author wrote."""
    told = _bytes(path, MIB) or b""
    return repr(told[-TOLD:].decode(errors="replace"))


def _bytes(path: Path, most: int) -> bytes | None:
    """The beginning of a file that the child left: no link to a file of ours, no pipe that nobody writes to."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(handle, "rb") as opened:
        return opened.read(most) if stat.S_ISREG(os.fstat(handle).st_mode) else None


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    work = str(folder / "work")
    return kept | {"HOME": work, "TMPDIR": work, "OPENBLAS_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder of this job; its name says whose, so that another process can sweep it when we are killed."""
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        (folder / "work").mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Remove folders of processes of this machine that are no more."""
    swept = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept

"""What the tests of children run inside them: well-behaved, hostile, endless, greedy."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from mingcha.errors import FormatError


def echo(arguments: dict[str, Any], work: Path) -> bytes:
    """The arguments, the folder and what of the environment is seen."""
    (work / "left").write_text("something")
    return repr((arguments["say"], str(work), sorted(os.environ))).encode()


def abort(arguments: dict[str, Any], work: Path) -> bytes:
    os.abort()


def raises(arguments: dict[str, Any], work: Path) -> bytes:
    raise ZeroDivisionError


def refuses(arguments: dict[str, Any], work: Path) -> bytes:
    raise FormatError("two members of one name", 12)


def greedy(arguments: dict[str, Any], work: Path) -> bytes:
    held = []
    while True:
        held.append(bytearray(32 << 20))


def sleeps(arguments: dict[str, Any], work: Path) -> bytes:
    """Sleeps, beside a grandchild that would outlive it; both say who they are."""
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(arguments["pids"]).write_text(f"{os.getpid()} {other.pid}")
    time.sleep(60)
    return b""


def spins(arguments: dict[str, Any], work: Path) -> bytes:
    while True:
        pass


def large(arguments: dict[str, Any], work: Path) -> bytes:
    return b"x" * arguments["size"]


def links(arguments: dict[str, Any], work: Path) -> bytes:
    """Puts a link to a file of the parent's where its result should be, and ends at once."""
    (work.parent / "result").symlink_to(arguments["path"])
    os._exit(0)


def pipes(arguments: dict[str, Any], work: Path) -> bytes:
    """Puts a pipe that nobody writes to where its result should be."""
    os.mkfifo(work.parent / "result")
    os._exit(0)


def dials(arguments: dict[str, Any], work: Path) -> bytes:
    with socket.create_connection(("127.0.0.1", arguments["port"]), timeout=2):
        return b"connected"


def inspected(arguments: dict[str, Any], work: Path) -> bytes:
    """A whole inspection."""
    from mingcha.inspection import inspect, open_case
    from mingcha.model.report import encode

    return encode(inspect(open_case(arguments["files"], policy=arguments["policy"])))

"""The child's half of `child.py`: it binds itself before it imports what reads the hostile file."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

REFUSED, OUT_OF_MEMORY = 65, 77
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
DIE_WITH_PARENT = 1
GRACE = 5


def main(folder: Path) -> int:
    """Bind, call, keep the result; the exit status tells the parent how it went."""
    request = json.loads((folder / "request.json").read_text())
    (folder / "network").write_text(_leave_network())
    _die_with(request["parent"])
    _limit(**request["limits"])
    return _call(request["target"], request["arguments"], folder)


def _call(target: str, arguments: dict[str, Any], folder: Path) -> int:
    from mingcha.errors import MingchaError

    module, _, name = target.partition(":")
    try:
        data = getattr(importlib.import_module(module), name)(arguments, folder / "work")
        (folder / "result").write_bytes(data)
    except MingchaError as refused:
        (folder / "refusal").write_text(str(refused)[:300])
        return REFUSED
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _leave_network() -> str:
    """A network of its own without any interface, where the machine allows that."""
    libc = ctypes.CDLL(None, use_errno=True)
    gone = libc.unshare(NEW_NETWORK) == 0 or libc.unshare(NEW_USER | NEW_NETWORK) == 0
    return "none" if gone else "open"


def _die_with(parent: int) -> None:
    """When the worker is killed, so are we. After leaving the network: new rights would unset it."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _limit(memory: int, cpu: int, written: int, **_: object) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),  # the soft one ends it by SIGXCPU, which the parent can tell from a crash
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError):  # a lower limit is set already
            resource.setrlimit(what, (most, most + GRACE if what == resource.RLIMIT_CPU else most))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

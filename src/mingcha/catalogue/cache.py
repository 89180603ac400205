"""The user's cache: the compiled catalogue, and what the YAML files looked like from outside when it was compiled."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path


def cached(name: str) -> Path:
    """A file of the user's cache."""
    root = os.environ.get("MINGCHA_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "mingcha"
    )
    return Path(root, f"catalogue-{name}")


def state_of(home: str | os.PathLike[str]) -> str:
    """What every YAML file below looks like from outside: name, size, times of change. Much quicker than reading them."""
    total = hashlib.sha256()
    folders = [os.fspath(home)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            rows = sorted(entries, key=lambda entry: entry.name)
        folders += [entry.path for entry in rows if entry.is_dir(follow_symlinks=False)]
        for entry in rows:
            if entry.name.endswith(".yaml"):
                seen = entry.stat()
                total.update(f"{entry.path}\0{seen.st_size}\0{seen.st_mtime_ns}\0{seen.st_ctime_ns}\0".encode())
    return total.hexdigest()[:24]


def digest_in(path: Path) -> str | None:
    """The digest that a file of the cache holds, if it holds one."""
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return text if len(text) == 64 and text.isalnum() else None


def keep(path: Path, data: bytes) -> None:
    """Write a file of the cache, whole or not at all."""
    with suppress(OSError):  # a read-only home only costs the next start its time
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(name, path)

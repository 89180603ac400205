"""What was fetched, as files: each document as it came, and ``fetched.json`` that says where it came from and how."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from mingcha import __version__
from mingcha.capture.links import Kind, Role
from mingcha.errors import UsageError

FORMAT = 1
LEAST_TEXT = 100
"""Characters: a page that shows fewer holds no policy and no list."""

RECORD = "fetched.json"
_READABLE = 0o644
"""Temporary files are private; evidence is read by others too."""


class Led(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The link that led to a document: on which page (its file here), its text, and the words before it where those decided."""

    page: str
    kind: Kind = "link"
    text: str = ""
    before: str = ""


class Redirect(msgspec.Struct, frozen=True):
    """An address that answered with another one."""

    url: str
    status: int


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was asked for. Without ``file`` nothing was kept, and ``problem`` says why."""

    role: Role
    url: str
    final_url: str | None = None
    redirects: tuple[Redirect, ...] = ()
    at: str | None = None
    status: int | None = None
    content_type: str | None = None
    content_encoding: str | None = None
    by: Literal["http", "browser"] = "http"
    file: str | None = None
    size: int | None = None
    sha256: str | None = None
    characters: int | None = None
    led: Led | None = None
    note: str | None = None
    problem: str | None = None


class _Tool(msgspec.Struct, frozen=True):
    name: str = "mingcha"
    version: str = __version__


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """``fetched.json``."""

    format: int = FORMAT
    tool: _Tool = _Tool()
    url: str
    robots: Literal["respected", "ignored"]
    documents: tuple[Fetched, ...]


def told(one: Fetched) -> str:
    """A document in one line, for a terminal."""
    if one.file is None:
        line = f"{one.role}: not fetched: {one.problem}"
    else:
        line = f"{one.file}: {one.characters or 0} characters, SHA-256 {one.sha256}, from {one.final_url}"
    note = f" ({one.note})" if one.note else ""
    return "".join(c if c.isprintable() else "?" for c in line + note)


def holds_policy(documents: Iterable[Fetched]) -> bool:
    """Whether the policy itself came with text to read."""
    return any(one.role == "main" and (one.characters or 0) >= LEAST_TEXT for one in documents)


def empty_folder(folder: Path) -> Path:
    """The folder, made if it is not there. Raises UsageError if it holds anything: evidence is not written over."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(f"{folder}: is not empty; name a new folder, so that nothing fetched before is lost")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from None
    return folder


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is either complete or not there. Raises UsageError."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".fetching-")
    except OSError as error:
        raise UsageError(f"{path.parent}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _READABLE)
        os.replace(name, path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    finally:
        with suppress(FileNotFoundError):  # renamed, as it should be
            os.unlink(name)


def write_record(folder: Path, record: Record) -> None:
    """``fetched.json``: the same bytes for the same answers at the same time."""
    write_whole(folder / RECORD, msgspec.json.format(msgspec.json.encode(record)) + b"\n")

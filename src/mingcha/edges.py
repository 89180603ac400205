"""The edges of the command line: files, the day, the terminal. Nothing below here touches them."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from mingcha.errors import UsageError


def day(text: str | None) -> str | None:
    """A day as ISO writes it. Raises UsageError."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--on {text!r}: a day is written 2024-05-31") from None


class Progress:
    """Names the step at work on the terminal once a run takes more than a second."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown = False

    def __enter__(self) -> Callable[[str], None]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r\033[K", nl=False, err=True)

    def _tell(self, step: str) -> None:
        seconds = time.monotonic() - self._start
        if seconds > 1 and sys.stderr.isatty():
            self._shown = True
            click.echo(f"\r\033[K{step} … {seconds:.0f} s", nl=False, err=True)


def today() -> dt.date:
    """The day on which acceptance of findings may end."""
    return dt.datetime.now(tz=dt.UTC).date()  # noqa: TID251  # an edge: acceptance ends on a day


def read(path: str) -> bytes:
    """A file's bytes. Raises UsageError."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


def write(data: bytes, output: str | None) -> None:
    """Write to a file, or to standard output. Raises UsageError."""
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        Path(output).write_bytes(data)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}") from error

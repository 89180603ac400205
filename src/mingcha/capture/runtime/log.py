"""The file of a recording: one line after the other, each written at once; what was written stays whatever happens later."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import msgspec

from mingcha.errors import UsageError


class Log:
    """A new file; recordings are evidence, so none is written over."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.calls = 0
        try:
            self._file = path.open("xb", buffering=0)
        except FileExistsError:
            raise UsageError(f"{path}: is there already; name a new file, so that no recording is lost") from None
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror}") from None

    def write(self, lines: Iterable[dict[str, Any]]) -> None:
        """Append lines. Raises UsageError when there is no room; what does not fit whole is taken back."""
        made = list(lines)
        data = b"".join(msgspec.json.encode(line) + b"\n" for line in made)
        start = self._file.tell()
        try:
            written = 0
            while written < len(data):
                written += self._file.write(data[written:]) or 0
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file.fileno(), start)
            kept = f"its first {self.calls} calls are kept" if self.calls else "no call is kept"
            raise UsageError(f"{self.path}: {error.strerror}; the recording stops, {kept}") from None
        self.calls += sum(line["kind"] == "call" for line in made)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """An empty file is no recording, and would be in the way of the next one."""
        empty = not self._file.tell()
        self._file.close()
        if empty:
            with suppress(OSError):
                self.path.unlink()

"""Writing so that a kill or a full disk leaves the old file or the new one, never half of one."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mingcha.service.intake.refusals import IntakeError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def room() -> Iterator[None]:
    """Tell a full disk (or a quota, or a limit on the size of files) as IntakeError."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise IntakeError("disk-full") from error
        raise


def refuse_if_full(folder: Path, wanted: int, spare: int) -> None:
    """Raise IntakeError unless ``wanted`` bytes fit and ``spare`` stay free for everybody else."""
    state = os.statvfs(folder)
    if state.f_bavail * state.f_frsize < wanted + spare:
        raise IntakeError("disk-full")


def write_all(handle: int, data: bytes, offset: int) -> None:
    """Write at a place, all of it: the system may write less at once."""
    view = memoryview(data)
    while view:
        count = os.pwrite(handle, view, offset)
        view, offset = view[count:], offset + count


def replace(path: Path, data: bytes) -> None:
    """Give a file this content. After a kill it holds the old content or the new one.

    The name of the new file is always the same, so that kills leave at most one behind.
    """
    new = path.with_name(path.name + ".new")
    try:
        with room():
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                write_all(handle, data, 0)
                os.fsync(handle)
            finally:
                os.close(handle)
            os.replace(new, path)
            sync_folder(path.parent)
    except IntakeError:
        with suppress(OSError):
            new.unlink()
        raise


def sync_folder(folder: Path) -> None:
    """Make names that were added or changed in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

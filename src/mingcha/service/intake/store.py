"""Evidence by its digest: hashed while it arrives, written once, read-only from then on.

A file's name is its SHA-256 and nothing else. Content is written beside the store, made durable and then linked to its name; a link
never replaces what is there, so the same content kept twice is kept once, and nothing can be put in another's place.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mingcha.service.intake.disk import refuse_if_full, room, sync_folder
from mingcha.service.intake.refusals import IntakeError, in_units

_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch
_STEP = 1 << 20
_ARRIVING = "arriving"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept; ``new`` is false if the same content was there already."""

    sha256: str
    sm3: str
    size: int
    new: bool


class Store:
    """A folder of evidence."""

    def __init__(self, folder: Path, *, spare: int = 64 << 20) -> None:
        self._folder = folder
        self._spare = spare
        (folder / _ARRIVING).mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, stream: BinaryIO | Iterable[bytes], most: int = 2 << 30) -> Kept:
        """Keep what a stream gives. Raises IntakeError for nothing, too much or a full disk; then nothing is left behind."""
        with room():
            refuse_if_full(self._folder, 0, self._spare)
            handle, name = tempfile.mkstemp(dir=self._folder / _ARRIVING)
            try:
                with os.fdopen(handle, "wb") as out:
                    kept = _hashed(_pieces(stream), out, most)
                    out.flush()
                    os.fchmod(handle, 0o400)
                    os.fsync(handle)
                return self._linked(Path(name), kept)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(name)

    def open(self, digest: str) -> BinaryIO:
        """The content of this digest, to be read. Raises IntakeError for whatever is no digest of something kept."""
        try:
            handle = os.open(self._path(digest), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise IntakeError("evidence-unknown") from None
        return os.fdopen(handle, "rb")

    def path(self, digest: str) -> Path:
        """Where the content lies, for readers that map it. Raises IntakeError."""
        path = self._path(digest)
        if not path.is_file() or path.is_symlink():
            raise IntakeError("evidence-unknown")
        return path

    def verify(self, digest: str) -> Kept:
        """Hash what is kept once more. Raises IntakeError if it is gone or altered."""
        with self.open(digest) as stream:
            found = _hashed(_pieces(stream), None, os.fstat(stream.fileno()).st_size)
        if found.sha256 != digest:
            raise IntakeError("evidence-altered", digest=digest)
        return found

    def digests(self) -> Iterator[str]:
        """Every digest kept, in order."""
        for shelf in sorted(self._folder.iterdir()):
            if shelf.name != _ARRIVING:
                yield from sorted(shelf.name + rest.name for rest in shelf.iterdir())

    def sweep(self, now: float, keep_seconds: float = 86_400) -> int:
        """Remove what arrived in part and was left by a kill; evidence is never touched. How many."""
        old = [path for path in (self._folder / _ARRIVING).iterdir() if now - path.stat().st_mtime > keep_seconds]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, digest: str) -> Path:
        if not _DIGEST(digest):
            raise IntakeError("evidence-unknown")
        return self._folder / digest[:2] / digest[2:]

    def _linked(self, arrived: Path, kept: Kept) -> Kept:
        path = self._path(kept.sha256)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            os.link(arrived, path)
        except FileExistsError:
            self.verify(kept.sha256)  # a copy that was altered must not pass for the new one
            return kept
        sync_folder(path.parent)
        sync_folder(self._folder)
        return Kept(kept.sha256, kept.sm3, kept.size, new=True)


def _pieces(stream: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    read = getattr(stream, "read", None)
    return iter(lambda: read(_STEP), b"") if read is not None else iter(stream)


def _hashed(pieces: Iterator[bytes], out: BinaryIO | None, most: int) -> Kept:
    sha256, sm3, size = hashlib.sha256(), hashlib.new("sm3"), 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise IntakeError("upload-too-big", limit=in_units(most))
        sha256.update(piece)
        sm3.update(piece)
        if out is not None:
            out.write(piece)
    if size == 0:
        raise IntakeError("empty")
    return Kept(sha256.hexdigest(), sm3.hexdigest(), size, new=False)

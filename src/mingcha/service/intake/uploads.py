"""Large files in parts, over connections that break and servers that are killed.

An upload is a folder: ``state.json`` (replaced as a whole) says how many bytes are certain, ``data`` holds them. A part is written and
made durable before the state says so; after a kill anywhere between, the last part is sent once more and written over. Parts come in
order: a part that begins further on is answered with the byte to go on at, one that came before is accepted again if it is the same.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from mingcha.service.intake.disk import refuse_if_full, replace, room, sync_folder, write_all
from mingcha.service.intake.refusals import IntakeError, in_units

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{22}").fullmatch
_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch
_STEP = 1 << 20
_NAME = 200


class Limits(msgspec.Struct, frozen=True):
    """What one upload may ask of us; ``spare`` bytes of the disk are never filled."""

    size: int = 2 << 30
    chunk: int = 8 << 20
    spare: int = 256 << 20
    keep_seconds: float = 24 * 3600


class Upload(msgspec.Struct, frozen=True):
    """How far an upload is. ``name`` is what its sender calls it and is only shown; ``digest`` is there once it is finished."""

    id: str
    name: str
    size: int
    received: int = 0
    sha256: str | None = None
    digest: str | None = None


class Finished(msgspec.Struct, frozen=True):
    """A whole file, where it lies until the upload is dropped, and its SHA-256."""

    path: Path
    digest: str
    upload: Upload


class Uploads:
    """All uploads below one folder; safe for many threads and processes at once."""

    def __init__(
        self, folder: Path, limits: Limits | None = None, fresh: Callable[[int], str] = secrets.token_urlsafe
    ) -> None:
        self._folder = folder
        self._limits = limits or Limits()
        self._fresh = fresh
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def begin(self, name: str, size: int, sha256: str | None = None) -> str:
        """Make room for a file of this size; the identifier is also the only key to it. Raises IntakeError."""
        if size < 1:
            raise IntakeError("empty")
        if size > self._limits.size:
            raise IntakeError("upload-too-big", limit=in_units(self._limits.size))
        expected = None if sha256 is None else _hash(sha256)
        refuse_if_full(self._folder, size, self._limits.spare)
        identifier = self._fresh(16)
        with room():
            (self._folder / identifier).mkdir(mode=0o700)
            (self._folder / identifier / "lock").touch(0o600)
        self._write(Upload(identifier, shown_name(name), size, sha256=expected))
        sync_folder(self._folder)
        return identifier

    def put(self, identifier: str, offset: int, chunk: bytes, sha256: str) -> Upload:
        """Add a part. Sent again it changes nothing; raises IntakeError for a gap, other content or a wrong hash."""
        if hashlib.sha256(chunk).hexdigest() != _hash(sha256):
            raise IntakeError("chunk-hash")
        with self._locked(identifier) as upload:
            if offset < upload.received:
                return self._again(upload, offset, chunk)
            if upload.digest is not None:
                raise IntakeError("upload-closed")
            if offset > upload.received:
                raise IntakeError("upload-offset", expected=upload.received)
            if not 0 < len(chunk) <= min(self._limits.chunk, upload.size - offset):
                raise IntakeError("chunk-size", limit=in_units(self._limits.chunk))
            self._append(upload, chunk)
            return self._write(msgspec.structs.replace(upload, received=offset + len(chunk)))

    def status(self, identifier: str) -> Upload:
        """How far it is. Raises IntakeError."""
        return self._read(identifier)

    def finish(self, identifier: str) -> Finished:
        """Close a complete upload and hash the whole file; asked again it gives the same. Raises IntakeError.

        With a wrong hash the upload is as good as lost, so that it begins again at byte 0.
        """
        with self._locked(identifier) as upload:
            if upload.received < upload.size:
                raise IntakeError("upload-incomplete", expected=upload.received)
            path = self._folder / identifier / "data"
            done = upload if upload.digest is not None else self._closed(upload, _digest(path))
            return Finished(path, str(done.digest), done)

    def drop(self, identifier: str) -> None:
        """Forget an upload, whole or not; what is not there is forgotten already."""
        try:
            with self._locked(identifier):
                self._remove(self._folder / identifier)
        except IntakeError as error:
            if error.code != "upload-unknown":
                raise

    def sweep(self, now: float) -> tuple[str, ...]:
        """Remove every upload that nobody touched for ``keep_seconds``, and what kills left of others. Their names."""
        gone = []
        for path in sorted(self._folder.iterdir()):
            if path.name.startswith(_GONE):
                shutil.rmtree(path, ignore_errors=True)
            elif now - _touched(path) > self._limits.keep_seconds and self._remove_idle(path):
                gone.append(path.name)
        return tuple(gone)

    # --- the folder of one upload ---

    def _again(self, upload: Upload, offset: int, chunk: bytes) -> Upload:
        """A part that came before: the same, or refused."""
        if offset < 0 or offset + len(chunk) > upload.received:
            raise IntakeError("upload-offset", expected=upload.received)
        with (self._folder / upload.id / "data").open("rb") as data:
            if os.pread(data.fileno(), len(chunk), offset) != chunk:
                raise IntakeError("upload-differs")
        return upload

    def _append(self, upload: Upload, chunk: bytes) -> None:
        with room():
            refuse_if_full(self._folder, len(chunk), self._limits.spare)
            handle = os.open(self._folder / upload.id / "data", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                write_all(handle, chunk, upload.received)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, upload.received)  # what did not fit must not keep the disk full
                raise
            finally:
                os.close(handle)

    def _closed(self, upload: Upload, digest: str) -> Upload:
        if upload.sha256 not in (None, digest):
            self._write(msgspec.structs.replace(upload, received=0))
            raise IntakeError("file-hash")
        return self._write(msgspec.structs.replace(upload, digest=digest))

    def _write(self, upload: Upload) -> Upload:
        replace(self._folder / upload.id / "state.json", msgspec.json.encode(upload))
        return upload

    def _read(self, identifier: str) -> Upload:
        if not _IDENTIFIER(identifier):
            raise IntakeError("upload-unknown")
        try:
            text = (self._folder / identifier / "state.json").read_bytes()
        except FileNotFoundError:
            raise IntakeError("upload-unknown") from None
        return msgspec.json.decode(text, type=Upload)

    @contextmanager
    def _locked(self, identifier: str) -> Iterator[Upload]:
        """One at a time; the state is read once the lock is held, and gone if a sweep was first."""
        self._read(identifier)
        try:
            lock = os.open(self._folder / identifier / "lock", os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise IntakeError("upload-unknown") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._read(identifier)
        finally:
            os.close(lock)

    def _remove_idle(self, path: Path) -> bool:
        """Whether it could be removed: nobody is at it."""
        lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            self._remove(path)
            return True
        finally:
            os.close(lock)

    def _remove(self, path: Path) -> None:
        gone = path.with_name(_GONE + path.name)
        os.replace(path, gone)  # at once for everybody else; a kill during what follows is finished by the next sweep
        shutil.rmtree(gone, ignore_errors=True)


_GONE = ".gone-"


def shown_name(name: str) -> str:
    """A sender's name for a file as it may be shown: its last part, printable, short. Nothing on disk is ever called so."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(c for c in last if c.isprintable())[:_NAME] or "file"


def _hash(text: str) -> str:
    lower = text.strip().lower()
    if not _SHA256(lower):
        raise IntakeError("hash-form")
    return lower


def _digest(path: Path) -> str:
    with path.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _touched(path: Path) -> float:
    state = path / "state.json"
    return (state if state.exists() else path).stat().st_mtime

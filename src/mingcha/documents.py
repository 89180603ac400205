"""Files handed in: their bytes, and the documents of a policy that are given as a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from mmap import ACCESS_READ, mmap

import msgspec
from msgspec import Struct

from mingcha.errors import FormatError, UsageError
from mingcha.formats import sniff
from mingcha.formats.zipped import Archive
from mingcha.model.words import DocumentRole

Buffer = bytes | mmap
DOCUMENTS_LIMIT = 50
"""Documents of one policy."""
_RECORD = "fetched.json"
"""What ``mingcha policy fetch`` writes beside the documents: which is which, by digest."""


def documents_of(paths: Sequence[str | os.PathLike[str]]) -> tuple[list[str], dict[str, DocumentRole]]:
    """The documents of a policy, folders as the files in them, and the roles that records in the folders state."""
    found: list[str] = []
    roles: dict[str, DocumentRole] = {}
    for path in [os.fspath(one) for one in paths]:
        if not os.path.isdir(path):
            found.append(path)
            continue
        inside = [file for file in _files_in(path, 1) if _is_document(file)]
        if not inside:
            raise UsageError(
                f"{path}: a folder without any document Mingcha reads: put the policy into it as HTML, Markdown, text, PDF"
                " or DOCX, or name the file itself"
            )
        found += inside
        roles.update(_recorded(os.path.join(path, _RECORD)))
    if len(found) > DOCUMENTS_LIMIT:
        raise UsageError(f"more than {DOCUMENTS_LIMIT} documents of a policy: name only those of this app")
    return found, roles


RUN_RECORD = "run.yaml"
RUN_FILES = 20_000
_EXAMPLE = 'run: first-start, package: com.example.app, start: clean, device: {offset: "+08:00"}'


def run_files(folder: str | os.PathLike[str]) -> dict[str, str]:
    """The files of a run's folder by their names inside it, its record among them. Raises UsageError."""
    path = os.fspath(folder)
    if not os.path.isdir(path):
        raise UsageError(f"{path}: a run is a folder with {RUN_RECORD} and what was recorded")
    found = {os.path.relpath(file, path).replace(os.sep, "/"): file for file in _files_in(path, 1)}
    if RUN_RECORD not in found:
        raise UsageError(f"{path}: a run needs {RUN_RECORD}, for example with: {_EXAMPLE}")
    if len(found) > RUN_FILES:
        raise UsageError(f"{path}: more than {RUN_FILES} files in one run")
    return found


def _files_in(folder: str, deeper: int) -> list[str]:
    """The files of a folder and of the folders in it, sorted by name; hidden ones and links are left out."""
    found: list[str] = []
    with os.scandir(folder) as entries:
        rows = sorted((e for e in entries if not e.name.startswith(".")), key=lambda entry: entry.name)
    for entry in rows:
        if entry.is_file(follow_symlinks=False) and entry.name != _RECORD:
            found.append(entry.path)
        elif deeper and entry.is_dir(follow_symlinks=False):
            found += _files_in(entry.path, deeper - 1)
    return found


def _is_document(path: str) -> bool:
    data = bytes_of(path)
    kind = sniff.kind_of(data[:4096])
    return (zip_kind(data, kind) if kind == "zip" else kind) in ("docx", "pdf", "text") and len(data) > 0


def _recorded(path: str) -> dict[str, DocumentRole]:
    """The roles in the record of a folder, if it holds one that can be read."""
    if not os.path.isfile(path):
        return {}
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        record = msgspec.json.decode(bytes(bytes_of(path)[:_RECORD_LIMIT]), type=_Record)
        return {one.sha256: one.role for one in record.documents if one.sha256}
    return {}


_RECORD_LIMIT = 4 * 1024 * 1024


class _Recorded(Struct, frozen=True):
    role: DocumentRole
    sha256: str | None = None


class _Record(Struct, frozen=True):
    documents: tuple[_Recorded, ...] = ()


def bytes_of(path: str | os.PathLike[str]) -> Buffer:
    """A file, mapped into memory. Raises UsageError."""
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            return mmap(file.fileno(), 0, access=ACCESS_READ) if size else b""
    except (OSError, ValueError) as error:
        raise UsageError(f"{os.fspath(path)}: {getattr(error, 'strerror', None) or error}") from error


def zip_kind(data: Buffer, seen: sniff.Kind) -> sniff.Kind:
    """What an archive is by the names in it; a broken one is told as a gap, not refused."""
    try:
        return sniff.kind_of(b"", Archive(data).names())
    except FormatError:
        return "apk" if seen == "zip" else "binary"

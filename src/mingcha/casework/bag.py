"""BagIt 1.0 (RFC 8493) in one ZIP: written so that the same files give the same bytes, read so that no bytes can do harm.

The reader opens what any tool packed again, as long as the ZIP can be read in one way only.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from mmap import mmap
from typing import BinaryIO

from mingcha.errors import FormatError, UsageError
from mingcha.formats.zipped import STORED, Archive, Limits, Member

BAGIT = "bagit.txt"
INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SEAL = "seal.json"
"""Our own tag file: the signed statement about all other files but the tag manifest, which lists it."""

Content = bytes | mmap
LIMITS = Limits(members=20_000, member_bytes=1 << 30)
_ALL_BYTES = 4 << 30
_MOST_PAYLOAD = 3 << 30
_NAME = 400
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LINE = re.compile(r"([0-9a-fA-F]{64})[ \t]+(\S.*)")
_ESCAPED = {"%25": "%", "%0A": "\n", "%0D": "\r"}


def write(
    out: BinaryIO,
    base: str,
    payload: Mapping[str, Content],
    info: Sequence[tuple[str, str]],
    seal: Callable[[Mapping[str, str]], bytes],
) -> None:
    """Write a bag in the folder ``base``, the payload's paths below ``data/``; ``seal`` makes the seal of what is hashed.

    Raises UsageError, then nothing was written. A large file can be given as a memory map.
    """
    files: dict[str, Content] = {f"data/{path}": data for path, data in payload.items()}
    _refuse_names([base, *files])
    size = sum(map(len, payload.values()))
    if size > _MOST_PAYLOAD or len(files) > LIMITS.members // 2:
        raise UsageError(f"a package holds at most {_MOST_PAYLOAD >> 30} GiB and {LIMITS.members // 2} files")
    hashes = {path: sha256(data) for path, data in files.items()}
    tags = {
        BAGIT: _DECLARATION,
        INFO: _tags([*info, ("Payload-Oxum", f"{size}.{len(payload)}")]),
        MANIFEST: manifest(hashes),
    }
    tags[SEAL] = seal(hashes | {path: sha256(data) for path, data in tags.items()})
    tags[TAG_MANIFEST] = manifest({path: sha256(data) for path, data in tags.items()})
    _zip(out, {f"{base}/{path}": data for path, data in (files | tags).items()})


def _refuse_names(names: Sequence[str]) -> None:
    for name in names:
        if not _plain(name) or "/" in names[0]:
            raise UsageError(f"{name!r}: not a plain path for a package")
    if len({name.casefold() for name in names}) < len(names):
        raise UsageError("two files of a package differ only in capital letters: some systems would keep one of them")


def _plain(name: str) -> bool:
    """Whether a path stays in its folder on every system and shows as it is."""
    parts = name.split("/")
    return name.isprintable() and len(name) <= _NAME and "\\" not in name and not {"", ".", ".."} & set(parts)


def sha256(data: bytes | memoryview | mmap) -> str:
    """A content's hash."""
    return hashlib.sha256(data).hexdigest()


def manifest(hashes: Mapping[str, str]) -> bytes:
    """A manifest of paths and hashes."""
    return "".join(f"{digest}  {path.replace('%', '%25')}\n" for path, digest in sorted(hashes.items())).encode()


def _tags(rows: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in rows).encode()


def _zip(out: BinaryIO, files: Mapping[str, Content]) -> None:
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(path)  # its time is 1980-01-01: when a file was packed is nobody's evidence
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, data)


class Bag:
    """The files of a bag that was read, by their path below its folder; contents are read on demand."""

    def __init__(self, data: Content, archive: Archive, members: Mapping[str, Member]) -> None:
        self._data = data
        self._archive = archive
        self._members = members

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths, sorted."""
        return tuple(sorted(self._members))

    def __contains__(self, path: str) -> bool:
        return path in self._members

    def read(self, path: str) -> bytes:
        """A file's content. Raises FormatError."""
        member = self._members.get(path)
        if member is None:
            raise FormatError(f"no file {path} in the package")
        return self._archive.read(member, member.size)

    def sha256(self, path: str) -> str:
        """A file's hash; a stored one is not copied for it. Raises FormatError."""
        member = self._members.get(path)
        if member is None or member.method != STORED:
            return sha256(self.read(path))
        start, end = self._archive.span(member)
        with memoryview(self._data) as whole, whole[start:end] as part:
            return sha256(part)

    def listed(self, path: str) -> dict[str, str]:
        """What a manifest lists: path to hash. Raises FormatError."""
        try:
            lines = self.read(path).decode("utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise FormatError(f"{path}: not UTF-8") from error
        found = [_LINE.fullmatch(line) for line in lines if line]
        if not all(found):
            raise FormatError(f"{path}: not a manifest")
        return {_unescaped(one[2]): one[1].lower() for one in found if one}


def _unescaped(path: str) -> str:
    return re.sub("%(?:25|0A|0D)", lambda found: _ESCAPED[found[0].upper()], path, flags=re.IGNORECASE)


def read(data: Content) -> Bag:
    """The bag in a ZIP; nothing is judged yet. Raises FormatError for anything that is none or can be read in two ways."""
    archive = Archive(data, LIMITS)
    for oddity in archive.oddities:
        raise FormatError(f"the ZIP can be read in more than one way, or is damaged: {oddity.detail}")
    members = [member for member in archive.members if not (member.name.endswith("/") and member.size == 0)]
    if sum(member.size for member in members) > _ALL_BYTES:
        raise FormatError(f"the package holds more than {_ALL_BYTES >> 30} GiB")
    found = _below_base(members)
    if not {BAGIT, MANIFEST, SEAL} & found.keys():
        raise FormatError("not an evidence package: none of bagit.txt, manifest-sha256.txt and seal.json is there")
    return Bag(data, archive, found)


def _below_base(members: Sequence[Member]) -> dict[str, Member]:
    """The members by their path below the one folder that holds them all. Raises FormatError."""
    found = {}
    for member in members:
        base, _, path = member.name.partition("/")
        if not _plain(member.name) or not path:
            raise FormatError(f"{member.label}: not a path of a package")
        found[path] = member
        if base != members[0].name.partition("/")[0]:
            raise FormatError(f"{member.label}: a package is one folder, this stands outside of it")
    return found

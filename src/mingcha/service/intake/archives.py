"""An archive is judged by its directory before a byte of a member is read.

The inspector's own reader (``formats.zipped``) is the only one: what is let in here is read there in the same way. Two kinds are told
apart by content. In an *Android package* whatever Android runs is let in and noted, however odd, because an app that we refuse and
phones accept would escape inspection; nothing is ever unpacked by name, so an odd name harms nobody. In *any other archive* what no
honest packer writes is refused.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mingcha.errors import FormatError
from mingcha.formats.zipdirectory import End, find_end
from mingcha.formats.zipped import DEFLATED, STORED, Archive, Member, Oddity
from mingcha.formats.zipped import Limits as ReaderLimits
from mingcha.service.intake.refusals import IntakeError, in_units

Source = Path | BinaryIO | bytes
Data = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class Limits:
    """What one archive may ask of us."""

    upload: int = 2 << 30
    members: int = 65_535
    member_bytes: int = 512 << 20
    total_bytes: int = 4 << 30
    ratio: int = 100
    ratio_above: int = 1 << 20
    """A member that unpacks to no more than this may be packed as well as it likes."""
    directory_bytes: int = 12 << 20
    """The directory is the one thing that is held in memory as a whole."""


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """What the directory says; ``oddities`` are what an Android package was let in with."""

    size: int
    members: int
    unpacked: int
    package: bool
    oddities: tuple[Oddity, ...]


def check_archive(source: Source, limits: Limits = DEFAULT) -> ArchiveFacts:
    """Judge an archive without reading any member. Raises IntakeError."""
    with opened(source, limits) as checked:
        return checked.facts


@contextmanager
def opened(source: Source, limits: Limits = DEFAULT) -> Iterator[Checked]:
    """A checked archive, readable until the block ends. Raises IntakeError."""
    with _mapped(source, limits.upload) as data:
        yield Checked(data, limits)


class Checked:
    """An archive that passed; ``archive`` is the inspector's reader over the same bytes."""

    def __init__(self, data: Data, limits: Limits) -> None:
        end = _end(data, limits)
        try:
            self.archive = Archive(data, ReaderLimits(limits.members, limits.member_bytes))
        except FormatError:
            raise IntakeError("not-an-archive") from None
        self._data = data
        self._left = limits.total_bytes
        self.facts = _facts(self.archive, data, end, limits)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member's content, a piece at a time. Raises IntakeError as soon as it is not what the directory says.

        For archives of documents; a package is the inspector's to read, by Android's rules.
        """
        member = self.archive.get(name)
        if member is None:
            raise IntakeError("member-missing", name=repr(name[:200]))
        count = checksum = 0
        for piece in self._unpacked(member):
            count += len(piece)
            self._left -= len(piece)
            if count > member.size or self._left < 0:
                raise _damaged(member)
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if (count, checksum) != (member.size, member.crc):
            raise _damaged(member)

    def _unpacked(self, member: Member) -> Iterator[bytes]:
        try:
            start, end = self.archive.span(member)
        except FormatError:
            raise _damaged(member) from None
        steps = (self._data[at : min(at + _STEP, end)] for at in range(start, end, _STEP))
        if member.method == DEFLATED:
            return _inflated(steps, member)
        if member.method == STORED:
            return steps
        raise _damaged(member)


_STEP = 64 * 1024


def _inflated(steps: Iterator[bytes], member: Member) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for step in steps:
            waiting = step
            while waiting and not engine.eof:
                yield engine.decompress(waiting, _STEP)
                waiting = engine.unconsumed_tail
        while piece := engine.decompress(b"", _STEP):
            yield piece
    except zlib.error:
        raise _damaged(member) from None
    if not engine.eof:
        raise _damaged(member)


def _damaged(member: Member) -> IntakeError:
    return IntakeError("member-damaged", name=member.label)


@contextmanager
def _mapped(source: Source, most: int) -> Iterator[Data]:
    if isinstance(source, bytes):
        _within(len(source), most)
        yield source
        return
    handle = os.open(source, os.O_RDONLY | os.O_CLOEXEC) if isinstance(source, Path) else os.dup(source.fileno())
    try:
        _within(os.fstat(handle).st_size, most)
        with mmap.mmap(handle, 0, access=mmap.ACCESS_READ) as data:
            yield data
    finally:
        os.close(handle)


def _within(size: int, most: int) -> None:
    if size > most:
        raise IntakeError("upload-too-big", limit=in_units(most))
    if size == 0:
        raise IntakeError("empty")


# --- judging the directory -------------------------------------------------------------------------------------------


def _end(data: Data, limits: Limits) -> End:
    """Where the directory lies; its size and count are judged before it is walked."""
    try:
        end = find_end(data)
    except FormatError:
        raise IntakeError("not-an-archive") from None
    if end.members > limits.members:
        raise IntakeError("too-many-members", limit=limits.members)
    if end.stop - end.start > limits.directory_bytes:
        raise IntakeError("directory-too-big")
    return end


_MANIFEST = "AndroidManifest.xml"
_TWO_READINGS = frozenset({"name-differs", "directory-cut", "directory-forged", "comment-cut"})
"""Android refuses them too, at once or when it looks for the member."""
_NO_HONEST_PACKER = frozenset({
    "unknown-method", "forged-size", "local-differs", "data-outside", "no-local-header", "unlisted-member", "prepended-data",
    "shifted-offsets", "trailing-data",
})  # fmt: skip


def _facts(archive: Archive, data: Data, end: End, limits: Limits) -> ArchiveFacts:
    package = archive.get(_MANIFEST) is not None
    oddities = tuple(odd for odd in archive.oddities if odd.code != "unsafe-name")
    _refuse_oddities({odd.code for odd in oddities}, package=package)
    unpacked = _refuse_sizes(archive, limits)
    found = (*_odd_names(archive.members), *_special_files(data, end, archive.members))
    for code, member in () if package else found:
        raise IntakeError(code, name=member.label)
    noted = tuple(Oddity(code, member.label, member.header_offset) for code, member in found[:_NOTED])
    return ArchiveFacts(len(data), len(archive.members), unpacked, package, oddities + noted)


_NOTED = 20


def _refuse_oddities(codes: set[str], *, package: bool) -> None:
    for code in ("overlap", "duplicate-name"):
        if code in codes:
            raise IntakeError(code)
    if package and "name-not-utf8" in codes:
        raise IntakeError("bad-names")  # elsewhere it is what a Chinese Windows packs, and only shown
    if not package and "encryption-flag" in codes:
        raise IntakeError("encrypted")
    refused = codes & (_TWO_READINGS if package else _TWO_READINGS | _NO_HONEST_PACKER)
    if refused:
        raise IntakeError("ambiguous", what=", ".join(sorted(refused)))


def _refuse_sizes(archive: Archive, limits: Limits) -> int:
    total = 0
    for member in archive.members:
        total += member.size
        if member.size > limits.member_bytes:
            raise IntakeError("member-too-big", name=member.label, limit=in_units(limits.member_bytes))
        if total > limits.total_bytes:
            raise IntakeError("total-too-big", limit=in_units(limits.total_bytes))
        if member.size > limits.ratio_above and _swells(archive, member, limits.ratio):
            raise IntakeError("ratio-too-high", name=member.label, limit=limits.ratio)
    return total


def _swells(archive: Archive, member: Member, ratio: int) -> bool:
    """Packed data that becomes more; raw data that lies in the file as it is does not, whatever its packed size is said to be."""
    raw = member.method != DEFLATED and 0 <= member.data_offset <= archive.central_directory_offset - member.size
    return not raw and member.size > member.compressed_size * ratio


_odd_name = re.compile(
    r"""(?ix) \A (?: / | [a-z]: | \Z )    # from the root, from a drive, or nothing
    | [\\\x00-\x1f\x7f]                   # what separates on one system, or ends a line
    | (?: \A | / ) (?: \.\. (?: / | \Z )    # out of the folder, or one of the names of devices on Windows
        | (?: con | prn | aux | nul | (?: com | lpt ) [0-9¹²³] ) (?: [ .:][^/]* )? (?: / | \Z ))"""
).search


def _odd_names(members: tuple[Member, ...]) -> list[tuple[str, Member]]:
    return [("unsafe-name", member) for member in members if _odd_name(shown_name(member)) is not None]


def shown_name(member: Member) -> str:
    """The name as its packer meant it: UTF-8, otherwise the encoding of a Chinese Windows."""
    try:
        return member.raw_name.decode()
    except UnicodeDecodeError:
        return member.raw_name.decode("gb18030", "replace")


_CENTRAL = struct.Struct("<28xHHH4xL")  # lengths of name, extra, comment; attributes
_CENTRAL_SIZE = 46
_PLAIN = (0, 0o040000, 0o100000)
"""Kinds of file in Unix attributes: not said, folder, regular."""


def _special_files(data: Data, end: End, members: tuple[Member, ...]) -> list[tuple[str, Member]]:
    """Links and devices. The walk that made ``members`` was whole, so every record leads to the next one."""
    found, at = [], end.start
    for member in members:
        name, extra, comment, attributes = _CENTRAL.unpack_from(data, at)
        if (attributes >> 16) & 0o170000 not in _PLAIN:
            found.append(("special-file", member))
        at += _CENTRAL_SIZE + name + extra + comment
    return found

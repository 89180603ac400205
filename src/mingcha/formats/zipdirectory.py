"""The central directory of a ZIP: found, walked and compared with the local headers, as tolerantly as Android or more.

Nothing here inflates; ``zipped`` is the reader that everybody else uses.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from mingcha.errors import FormatError

if TYPE_CHECKING:
    from mmap import mmap

STORED = 0
DEFLATED = 8
_ENCRYPTED = 0x0001  # bits of the flags
_DESCRIPTOR = 0x0008

_END = struct.Struct("<4s6xHLLH")  # signature, members, directory size, directory offset, comment length
_END64 = struct.Struct("<4s28xQQQ")  # signature, members, directory size, directory offset
_LOCATOR64 = struct.Struct("<4s4xQ4x")  # signature, offset of the record above
_CENTRAL = struct.Struct("<4s4xHH4xLLLHHH8xL")  # flags, method, crc, sizes, lengths of name, extra, comment, offset
_LOCAL = struct.Struct("<4s2xHH4xLLLHH")  # flags, method, crc, sizes, lengths of name, extra
_MAX_COMMENT = 0xFFFF
_UNSAID16 = 0xFFFF  # "see the zip64 record"
_UNSAID32 = 0xFFFFFFFF
_DEFLATE_RATIO = 1032  # no deflate stream expands further
_METHODS = (STORED, DEFLATED)
_NO_LOCAL = (b"", 0, 0, 0, 0, 0, 0, 0)
_ODDITIES_PER_CODE = 20
_leaves_its_folder = re.compile(rb"\.\.|\\|\0|^/").search
_header_offset = attrgetter("header_offset")


@dataclass(frozen=True, slots=True)
class Member:
    """One record of the central directory; ``data_offset`` is -1 when its local header is missing."""

    name: str
    raw_name: bytes
    method: int
    flags: int
    crc: int
    compressed_size: int
    size: int
    header_offset: int
    data_offset: int

    @property
    def length(self) -> int:
        """How many bytes of the file Android takes for the data: any method but deflate counts as stored."""
        return self.compressed_size if self.method == DEFLATED else self.size


@dataclass(frozen=True, slots=True)
class Oddity:
    """A thing an honest build tool does not write; ``code`` is stable, ``detail`` is for people."""

    code: str
    detail: str
    offset: int


class Notes:
    """Collects oddities, at most twenty of each code: a hostile file can have one per member."""

    def __init__(self) -> None:
        self._kept: list[Oddity] = []
        self._counts: Counter[str] = Counter()

    def add(self, code: str, detail: str, offset: int) -> None:
        self._counts[code] += 1
        if self._counts[code] <= _ODDITIES_PER_CODE:
            self._kept.append(Oddity(code, detail, offset))

    def finished(self) -> tuple[Oddity, ...]:
        more = (
            Oddity(code, f"{count - _ODDITIES_PER_CODE} more of the same", -1)
            for code, count in sorted(self._counts.items())
            if count > _ODDITIES_PER_CODE
        )
        return (*self._kept, *more)


class End(NamedTuple):
    """Where the central directory lies, as one end record says; the first two fields rank it against others."""

    filled: bool  # has members
    exact: bool  # its comment ends where the file ends, as Android demands
    position: int  # of the end record
    start: int  # of the directory, in the file
    stop: int  # where the directory must have ended
    members: int
    base: int  # what to add to every stated offset
    trailing: int  # bytes after the comment; negative if the comment is cut


def find_end(data: bytes | memoryview | mmap) -> End:
    """The last end record that leads to a directory; Android looks at the last one only and insists on it."""
    base = max(0, len(data) - _END.size - _MAX_COMMENT)
    tail = bytes(data[base:])
    best: End | None = None
    at = tail.rfind(b"PK\5\6", 0, max(0, len(tail) - _END.size + 4))
    while at >= 0:
        end = _end_at(data, base + at)
        if end is not None and (best is None or end[:2] > best[:2]):
            best = end
            if end.filled and end.exact:
                break
        at = tail.rfind(b"PK\5\6", 0, at + 3)
    if best is None:
        raise FormatError("no end of central directory: not a ZIP, or one cut short")
    return best


def _end_at(data: bytes | memoryview | mmap, position: int) -> End | None:
    _, members, size, offset, comment = _END.unpack_from(data, position)
    trailing = len(data) - position - _END.size - comment
    stop = position
    if members == _UNSAID16 or size == _UNSAID32 or offset == _UNSAID32:
        stop, members, size, offset = _zip64(data, position) or (stop, members, size, offset)
    if members == 0:
        return End(False, trailing == 0, position, min(offset, position), stop, 0, 0, trailing)
    # A directory that stands where it ends rather than where it is said to start: data was put in front of the ZIP.
    for start in (offset, stop - size):
        if 0 <= start < stop and data[start : start + 4] == b"PK\1\2":
            return End(True, trailing == 0, position, start, stop, members, start - offset, trailing)
    return None


def _zip64(data: bytes | memoryview | mmap, position: int) -> tuple[int, int, int, int] | None:
    """Position, members, directory size and offset of the zip64 end record, if its locator leads to one."""
    if position < _LOCATOR64.size:
        return None
    signature, stated = _LOCATOR64.unpack_from(data, position - _LOCATOR64.size)
    nearest = position - _LOCATOR64.size - _END64.size
    # With data put in front, the stated place is wrong, but the record usually stands right before its locator.
    for at in (stated, nearest) if signature == b"PK\6\7" else ():
        if 0 <= at <= nearest:
            signature, members, size, offset = _END64.unpack_from(data, at)
            if signature == b"PK\6\6":
                return at, members, size, offset
    return None


def read_members(data: bytes | memoryview | mmap, end: End, most: int, notes: Notes) -> tuple[Member, ...]:
    """Every member in directory order; what disagrees with its local header is noted, the directory rules."""
    _note_end(end, notes)
    directory = bytes(data[end.start : end.stop])
    members = tuple(_members(data, directory, end, most, notes))
    _note_names(members, notes)
    _note_layout(members, notes)
    return members


def _members(
    data: bytes | memoryview | mmap, directory: bytes, end: End, most: int, notes: Notes
) -> Iterator[Member]:
    # Written out flat: it runs once per member, and apps have tens of thousands.
    last_header = end.start - _LOCAL.size
    for position, central in _records(directory, end, most, notes):
        _, flags, method, crc, packed, size, name_length, extra_length, _, offset = central
        name_at = position + _CENTRAL.size
        raw = directory[name_at : name_at + name_length]
        if packed == _UNSAID32 or size == _UNSAID32 or offset == _UNSAID32:
            extra = directory[name_at + name_length : name_at + name_length + extra_length]
            size, packed, offset = _wide(extra, (size, packed, offset))
        header = offset + end.base
        local = _LOCAL.unpack_from(data, header) if 0 <= header <= last_header else _NO_LOCAL
        name_at = header + _LOCAL.size
        data_offset = name_at + local[6] + local[7] if local[0] == b"PK\3\4" else -1
        member = Member(_decoded(raw, header, notes), raw, method, flags, crc, packed, size, header, data_offset)
        local_name = data[name_at : name_at + local[6]]
        if local[1:6] != central[1:6] or local_name != raw or flags & _ENCRYPTED or not _fits(member, end.start):
            _note_member(member, local, bytes(local_name), end.start, notes)
        yield member


def _fits(member: Member, directory: int) -> bool:
    """Whether method, sizes and place are possible together."""
    packed, size = member.compressed_size, member.size
    possible = packed == size if member.method == STORED else size <= packed * _DEFLATE_RATIO
    return possible and member.method in _METHODS and 0 <= member.data_offset <= directory - packed


def _records(directory: bytes, end: End, most: int, notes: Notes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every central record with its position; behind a record of forged length the next signature is looked for."""
    position = behind_name = 0
    for number in range(end.members):
        if directory[position : position + 4] != b"PK\1\2":
            found = directory.find(b"PK\1\2", behind_name)
            if found >= 0:
                notes.add("directory-forged", "a record does not lead to the next one", end.start + position)
            position = found if found >= 0 else len(directory)
        behind_name = position + _CENTRAL.size
        if behind_name <= len(directory):
            record = _CENTRAL.unpack_from(directory, position)
            behind_name += record[6]
        if behind_name > len(directory):
            notes.add("directory-cut", f"{end.members} members stated, {number} found", end.start)
            return
        if number >= most:
            raise FormatError(f"ZIP has more than {most} members", end.start)
        yield position, record
        position = behind_name + record[7] + record[8]
    if directory[position : position + 4] == b"PK\1\2":
        notes.add("unlisted-member", "more records than the end record states", end.start + position)


def _wide(extra: bytes, fields: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, compressed size and offset, those marked "unsaid" taken from the zip64 extra field if it is there."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        at += 4
        if kind == 1:
            values = iter(struct.unpack_from(f"<{min(length, len(extra) - at) // 8}Q", extra, at))
            size, packed, offset = (next(values, field) if field == _UNSAID32 else field for field in fields)
            return size, packed, offset
        at += length
    return fields


def _note_end(end: End, notes: Notes) -> None:
    if end.base:
        notes.add("prepended-data", f"offsets are off by {end.base}: something was put in front of the ZIP", 0)
    if end.trailing > 0:
        notes.add("trailing-data", f"{end.trailing} bytes after the end of the ZIP", end.position)
    if end.trailing < 0:
        notes.add("comment-cut", f"the comment is {-end.trailing} bytes longer than the file", end.position)


def _note_member(member: Member, local: tuple[Any, ...], local_name: bytes, directory: int, notes: Notes) -> None:
    name, at = member.name, member.header_offset
    if member.data_offset < 0:
        notes.add("no-local-header", f"{name}: no local header where the directory points", at)
        return
    _, flags, method, crc, packed, size, _, _ = local
    if (member.flags | flags) & _ENCRYPTED:
        notes.add("encryption-flag", f"{name}: marked as encrypted, which Android ignores", at)
    if member.method not in _METHODS:
        notes.add("unknown-method", f"{name}: method {member.method}, which Android takes for stored", at)
    _note_sizes(member, directory, notes)
    if local_name != member.raw_name:
        notes.add("name-differs", f"{name}: the local header says {local_name[:200]!r}", at)
    if method != member.method:
        notes.add("local-differs", f"{name}: method {member.method}, in the local header {method}", at)
    said = (crc, packed, size)
    if not flags & _DESCRIPTOR and said != (member.crc, member.compressed_size, member.size):
        if packed != _UNSAID32:
            notes.add("local-differs", f"{name}: sizes or checksum differ in the local header", at)


def _note_sizes(member: Member, directory: int, notes: Notes) -> None:
    name, at, packed = member.name, member.header_offset, member.compressed_size
    if member.method != DEFLATED and packed != member.size:
        notes.add("forged-size", f"{name}: stored, but {packed} bytes become {member.size}", at)
    # Eight bytes of slack: the shortest streams have no room for a ratio.
    if member.method == DEFLATED and member.size > (packed + 8) * _DEFLATE_RATIO:
        notes.add("forged-size", f"{name}: {packed} bytes cannot inflate to {member.size}", at)
    if member.data_offset + member.length > directory:
        notes.add("data-outside", f"{name}: its data runs into the central directory", at)


def _decoded(raw: bytes, offset: int, notes: Notes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        notes.add("name-not-utf8", f"{raw[:200]!r}: Android refuses such names", offset)
        return raw.decode("utf-8", "backslashreplace")


def _note_names(members: Sequence[Member], notes: Notes) -> None:
    # One search over all names first: honest archives, however large, stop here.
    joined = b"\n" + b"\n".join([member.raw_name for member in members])
    if any(mark in joined for mark in (b"..", b"\\", b"\0", b"\n/")):
        for member in members:
            if _leaves_its_folder(member.raw_name):
                notes.add("unsafe-name", f"{member.raw_name[:200]!r} points out of its folder", member.header_offset)
    for name, times in Counter([member.name for member in members]).items():
        if times > 1:
            notes.add("duplicate-name", f"{name} is there {times} times", -1)


def _note_layout(members: Sequence[Member], notes: Notes) -> None:
    """Members must not share bytes: a file where they do can be read in two ways, or is a bomb."""
    ordered = sorted((m for m in members if m.data_offset >= 0), key=_header_offset)
    if ordered and ordered[0].header_offset > 0:
        notes.add("prepended-data", f"the first member starts at byte {ordered[0].header_offset}", 0)
    reached, last = 0, ""
    for member in ordered:
        if member.header_offset < reached:
            notes.add("overlap", f"{member.name} shares bytes with {last}", member.header_offset)
        end = member.data_offset + (member.compressed_size if member.method == DEFLATED else member.size)
        if end > reached:
            reached, last = end, member.name

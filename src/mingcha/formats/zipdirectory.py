"""The central directory of a ZIP: found and walked at least as tolerantly as Android does it.

Nothing here inflates; ``zipped`` is the reader that everybody else uses.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from mingcha.errors import FormatError
from mingcha.formats.zipmember import (
    DEFLATE_RATIO,
    DEFLATED,
    ENCRYPTED_FLAG,
    STORED,
    UNSAID32,
    Member,
    Notes,
    note_layout,
    note_member,
    note_names,
)

if TYPE_CHECKING:
    from mmap import mmap

_END = struct.Struct("<4s6xHLLH")  # signature, members, directory size, directory offset, comment length
_END64 = struct.Struct("<4s28xQQQ")  # signature, members, directory size, directory offset
_LOCATOR64 = struct.Struct("<4s4xQ4x")  # signature, offset of the record above
_CENTRAL = struct.Struct("<4s4xHH4xLLLHHH8xL")  # flags, method, crc, sizes, lengths of name, extra, comment, offset
_LOCAL = struct.Struct("<4s2xHH4xLLLHH")  # flags, method, crc, sizes, lengths of name, extra
_MAX_COMMENT = 0xFFFF
_UNSAID16 = 0xFFFF  # "see the zip64 record"
_NO_LOCAL = (b"", 0, 0, 0, 0, 0, 0, 0)


class End(NamedTuple):
    """Where the central directory lies, as one end record says; the first two fields rank it."""

    filled: bool  # has members
    exact: bool  # its comment ends where the file ends, as Android demands
    position: int  # of the end record
    start: int  # of the directory, in the file
    stop: int  # where the directory must have ended
    members: int
    base: int  # what to add to every stated offset
    trailing: int  # bytes after the comment; negative if the comment is cut


def find_end(data: bytes | memoryview | mmap) -> End:
    """Find the last end record that leads to a directory; Android insists on the very last one."""
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
    if members == _UNSAID16 or UNSAID32 in (size, offset):
        stop, members, size, offset = _zip64(data, position) or (stop, members, size, offset)
    if members == 0:
        return End(False, trailing == 0, position, min(offset, position), stop, 0, 0, trailing)
    # If it stands where it should end and not where it is said to start, data was put in front.
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
    # With data put in front the stated place is wrong, but the record stands right before the locator.
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
    note_names(members, notes)
    note_layout(members, notes)
    # Newer build tools leave a gap at the start, but fill it with a local header, which Android demands there.
    if members and data[:4] != b"PK\3\4":
        notes.add("prepended-data", f"the file begins with {bytes(data[:8])!r} and not with a member", 0)
    return members


def _members(data: bytes | memoryview | mmap, directory: bytes, end: End, most: int, notes: Notes) -> Iterator[Member]:
    # Written out flat: it runs once per member, and apps have tens of thousands.
    last_header = end.start - _LOCAL.size
    for position, central in _records(directory, end, most, notes):
        _, flags, method, crc, packed, size, name_length, extra_length, _, offset = central
        name_at = position + _CENTRAL.size
        raw = directory[name_at : name_at + name_length]
        if UNSAID32 in (packed, size, offset):
            extra = directory[name_at + name_length : name_at + name_length + extra_length]
            size, packed, offset = _wide(extra, (size, packed, offset))
        header = offset + end.base
        local = _LOCAL.unpack_from(data, header) if 0 <= header <= last_header else _NO_LOCAL
        name_at = header + _LOCAL.size
        data_offset = name_at + local[6] + local[7] if local[0] == b"PK\3\4" else -1
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            notes.add("name-not-utf8", f"{raw[:200]!r}: Android refuses such names", header)
            name = raw.decode("utf-8", "backslashreplace")
        member = Member(name, raw, method, flags, crc, packed, size, header, data_offset)
        # One byte more than expected is enough to differ; a forged length must not cost a long copy.
        local_name = data[name_at : name_at + min(local[6], name_length + 1)]
        if not (
            local[1:6] == central[1:6]
            and local_name == raw
            and not flags & ENCRYPTED_FLAG
            and (packed == size if method == STORED else method == DEFLATED and size <= packed * DEFLATE_RATIO)
            and 0 <= data_offset <= end.start - packed
        ):
            note_member(member, local, bytes(local_name), end.start, notes)
        yield member


def _records(directory: bytes, end: End, most: int, notes: Notes) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every central record and its position; a forged length makes it look for the next signature."""
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
    """Size, compressed size and offset, those marked "unsaid" taken from the zip64 extra field if there."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        at += 4
        if kind == 1:
            values = iter(struct.unpack_from(f"<{min(length, len(extra) - at) // 8}Q", extra, at))
            size, packed, offset = (next(values, field) if field == UNSAID32 else field for field in fields)
            return size, packed, offset
        at += length
    return fields


def _note_end(end: End, notes: Notes) -> None:
    if end.base:
        notes.add("shifted-offsets", f"every stated offset is off by {end.base} bytes", end.position)
    if end.trailing > 0:
        notes.add("trailing-data", f"{end.trailing} bytes after the end of the ZIP", end.position)
    if end.trailing < 0:
        notes.add("comment-cut", f"the comment is {-end.trailing} bytes longer than the file", end.position)

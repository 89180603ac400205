"""A member of a ZIP, what its headers say of it, and what about that no honest build tool writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

STORED = 0
DEFLATED = 8
ENCRYPTED_FLAG = 0x0001
DESCRIPTOR_FLAG = 0x0008
UNSAID32 = 0xFFFFFFFF  # "see the zip64 record"

_METHODS = (STORED, DEFLATED)
DEFLATE_RATIO = 1032  # no deflate stream expands further
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
    def label(self) -> str:
        """The name for one line of text: short, and without control characters."""
        return repr(self.name[:200])[1:-1]

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
        """Keep the oddity, or only count it."""
        self._counts[code] += 1
        if self._counts[code] <= _ODDITIES_PER_CODE:
            self._kept.append(Oddity(code, detail, offset))

    def finished(self) -> tuple[Oddity, ...]:
        """All that were kept, and for each code how many were not."""
        more = (
            Oddity(code, f"{count - _ODDITIES_PER_CODE} more of the same", -1)
            for code, count in sorted(self._counts.items())
            if count > _ODDITIES_PER_CODE
        )
        return (*self._kept, *more)


def note_member(member: Member, local: tuple[Any, ...], local_name: bytes, directory: int, notes: Notes) -> None:
    """Note every way in which a member's two headers and its data contradict each other."""
    name, at = member.label, member.header_offset
    if member.data_offset < 0:
        notes.add("no-local-header", f"{name}: no local header where the directory points", at)
        return
    _, flags, method, crc, packed, size, _, _ = local
    if (member.flags | flags) & ENCRYPTED_FLAG:
        notes.add("encryption-flag", f"{name}: marked as encrypted, which Android ignores", at)
    if member.method not in _METHODS:
        notes.add("unknown-method", f"{name}: method {member.method}, which Android takes for stored", at)
    _note_sizes(member, directory, notes)
    if local_name != member.raw_name:
        notes.add("name-differs", f"{name}: the local header says {local_name[:200]!r}", at)
    if method != member.method:
        notes.add("local-differs", f"{name}: method {member.method}, in the local header {method}", at)
    said = (crc, packed, size)
    differs = said != (member.crc, member.compressed_size, member.size)
    if differs and not flags & DESCRIPTOR_FLAG and packed != UNSAID32:
        notes.add("local-differs", f"{name}: sizes or checksum differ in the local header", at)


def _note_sizes(member: Member, directory: int, notes: Notes) -> None:
    name, at, packed = member.label, member.header_offset, member.compressed_size
    if member.method != DEFLATED and packed != member.size:
        notes.add("forged-size", f"{name}: stored, but {packed} bytes become {member.size}", at)
    # Eight bytes of slack: the shortest streams have no room for a ratio.
    if member.method == DEFLATED and member.size > (packed + 8) * DEFLATE_RATIO:
        notes.add("forged-size", f"{name}: {packed} bytes cannot inflate to {member.size}", at)
    if member.data_offset + member.length > directory:
        notes.add("data-outside", f"{name}: its data runs into the central directory", at)


def note_names(members: Sequence[Member], notes: Notes) -> None:
    """Note names that could lead out of the folder they are unpacked to, and names that come twice."""
    # One search over all names first: honest archives, however large, stop here.
    joined = b"\n" + b"\n".join([member.raw_name for member in members])
    if any(mark in joined for mark in (b"..", b"\\", b"\0", b"\n/")):
        for member in members:
            if _leaves_its_folder(member.raw_name):
                notes.add("unsafe-name", f"{member.raw_name[:200]!r} is not a plain path", member.header_offset)
    for name, times in Counter([member.name for member in members]).items():
        if times > 1:
            notes.add("duplicate-name", f"{name[:200]!r} is there {times} times", -1)


def note_layout(members: Sequence[Member], notes: Notes) -> None:
    """Members must not share bytes: a file where they do can be read in two ways, or is a bomb."""
    ordered = sorted((m for m in members if m.data_offset >= 0), key=_header_offset)
    reached, last = 0, None
    for member in ordered:
        if member.header_offset < reached and last is not None:
            notes.add("overlap", f"{member.label} shares bytes with {last.label}", member.header_offset)
        packed, size = member.compressed_size, member.size
        end = member.data_offset + (packed if member.method == DEFLATED else min(packed, size))
        if end > reached:
            reached, last = end, member

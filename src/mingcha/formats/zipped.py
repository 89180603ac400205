"""ZIP the way Android reads it: the central directory rules, and tricks are noted instead of fatal.

Where Android (libziparchive for members, AssetManager for resources) accepts a file, so does ``Archive``;
where it refuses one, ``Archive`` still opens it if the directory can be found, and ``oddities`` says what
is wrong. Duplicate names: Android refuses such files since 4.4, and before that its native loader ran the
first one, so ``get`` returns the first in directory order; ``members`` keeps them all.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mingcha.errors import FormatError
from mingcha.formats.zipdirectory import find_end, read_members
from mingcha.formats.zipmember import DEFLATED, STORED, Member, Notes, Oddity

if TYPE_CHECKING:
    from mmap import mmap

__all__ = ["DEFLATED", "STORED", "Archive", "Limits", "Member", "Oddity"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one archive may ask of us; beyond it ``FormatError``."""

    members: int = 200_000
    member_bytes: int = 512 << 20


_DEFAULT_LIMITS = Limits()


class Archive:
    """A ZIP held in memory or in a memory map. Nothing is inflated before ``read``."""

    def __init__(self, data: bytes | memoryview | mmap, limits: Limits = _DEFAULT_LIMITS) -> None:
        notes = Notes()
        end = find_end(data)
        self._data = data
        self._limits = limits
        self.central_directory_offset = end.start
        self.members = read_members(data, end, limits.members, notes)
        if end.filled and not self.members:
            raise FormatError("ZIP central directory holds no readable record", end.start)
        self._by_name = {member.name: member for member in reversed(self.members)}
        self.oddities: tuple[Oddity, ...] = notes.finished()

    def names(self) -> tuple[str, ...]:
        """Each name once, in directory order."""
        return tuple(dict.fromkeys(member.name for member in self.members))

    def get(self, name: str) -> Member | None:
        """Find a member; of several with one name the first."""
        return self._by_name.get(name)

    def span(self, member: Member) -> tuple[int, int]:
        """Start and end, in the file, of the bytes Android would take for the member's (compressed) data."""
        return self._bounded(member, member.length)

    def read(self, wanted: str | Member, limit: int | None = None) -> bytes:
        """Give the whole content; ``FormatError`` if it is damaged, cut short or larger than ``limit``."""
        member = self._resolve(wanted)
        bound = self._limits.member_bytes if limit is None else limit
        return self._inflate(member, bound) if member.method == DEFLATED else self._stored(member, bound)

    def head(self, wanted: str | Member, count: int) -> bytes:
        """At most the first ``count`` bytes: enough to tell what a member is without reading it all."""
        member = self._resolve(wanted)
        if member.method == DEFLATED:
            return self._decompress(member, count)[0] if count > 0 else b""
        start, end = self._bounded(member, min(member.size, max(count, 0)))
        return bytes(self._data[start:end])

    def crc_ok(self, member: Member, data: bytes) -> bool:
        """Whether content has the directory's checksum; Android does not look, so neither does ``read``."""
        return zlib.crc32(data) == member.crc

    def _resolve(self, wanted: str | Member) -> Member:
        member = wanted if isinstance(wanted, Member) else self._by_name.get(wanted)
        if member is None:
            raise FormatError(f"no member {wanted} in the ZIP")
        return member

    def _bounded(self, member: Member, length: int) -> tuple[int, int]:
        if member.data_offset < 0:
            raise FormatError(f"{member.label}: its local header is missing", member.header_offset)
        end = member.data_offset + length
        if end > len(self._data):
            raise FormatError(f"{member.label}: data runs past the end of the file", member.data_offset)
        return member.data_offset, end

    def _stored(self, member: Member, bound: int) -> bytes:
        if member.method != STORED and member.compressed_size != member.size:
            data = self._deflated_after_all(member, bound)
            if data is not None:
                return data
        if member.size > bound:
            raise FormatError(f"{member.label}: larger than the limit of {bound} bytes", member.data_offset)
        start, end = self._bounded(member, member.size)
        return bytes(self._data[start:end])

    def _deflated_after_all(self, member: Member, bound: int) -> bytes | None:
        """Where Android reads raw bytes aapt inflates; a stream of exactly the stated size is no chance."""
        try:
            data = self._inflate(member, min(member.size, bound))
        except FormatError:
            return None
        return data if data and len(data) == member.size else None

    def _inflate(self, member: Member, bound: int) -> bytes:
        data, complete = self._decompress(member, bound + 1)
        if len(data) > bound:
            raise FormatError(f"{member.label}: inflates to more than {bound} bytes", member.data_offset)
        if not complete:
            raise FormatError(f"{member.label}: compressed data is cut short", member.data_offset)
        return data

    def _decompress(self, member: Member, most: int) -> tuple[bytes, bool]:
        start, end = self._bounded(member, member.compressed_size)
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            with memoryview(self._data) as whole, whole[start:end] as part:
                return engine.decompress(part, most), engine.eof
        except zlib.error as error:
            raise FormatError(f"{member.label}: damaged compressed data ({error})", start) from error

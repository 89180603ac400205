"""Makes ZIP files, honest or with the tricks that Android accepts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One member; what is not given is honest. ``data`` is the content, ``raw`` what stands in the file."""

    name: str | bytes
    data: bytes = b""
    method: int = 8
    flags: int = 0
    raw: bytes | None = None
    size: int | None = None
    packed: int | None = None
    crc: int | None = None
    extra: bytes = b""
    comment_length: int = 0  # stated, not written
    local_name: bytes | None = None
    local_method: int | None = None
    local_sizes: tuple[int, int] | None = None  # packed, size
    local_signature: bytes = b"PK\3\4"
    header_offset: int | None = None  # stated in the directory
    wide: bool = False  # sizes and offset in a zip64 field

    @property
    def raw_name(self) -> bytes:
        return self.name.encode() if isinstance(self.name, str) else self.name

    @property
    def stored(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return deflated(self.data) if self.method == 8 else self.data


def deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def zipped(
    parts: Iterable[Part],
    *,
    prefix: bytes = b"",
    shifted: bool = False,
    before_directory: bytes = b"",
    comment: bytes = b"",
    trailing: bytes = b"",
    count: int | None = None,
    zip64: bool = False,
) -> bytes:
    """A ZIP. ``prefix`` goes in front; offsets count it in, as Janus does, unless ``shifted``."""
    out = bytearray(prefix)
    base = len(prefix) if shifted else 0
    directory = bytearray()
    number = 0
    for part in parts:
        number += 1
        here = len(out) - base
        out += _local_header(part) + part.stored
        directory += _central_header(part, here if part.header_offset is None else part.header_offset)
    out += before_directory
    start = len(out) - base
    out += directory
    stated = number if count is None else count
    if zip64:
        at = len(out) - base
        out += struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, stated, stated, len(directory), start)
        out += struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)
        stated, start, size = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
    else:
        size = len(directory)
    out += struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, stated, stated, size, start, len(comment)) + comment
    return bytes(out + trailing)


def _local_header(part: Part) -> bytes:
    packed, size = part.local_sizes or _sizes(part)
    name = part.raw_name if part.local_name is None else part.local_name
    method = part.method if part.local_method is None else part.local_method
    fields = (part.local_signature, 20, part.flags, method, 0, 0, _crc(part), packed, size, len(name), 0)
    return struct.pack("<4sHHHHHLLLHH", *fields) + name


def _central_header(part: Part, offset: int) -> bytes:
    packed, size = _sizes(part)
    extra = part.extra
    if part.wide:
        extra += struct.pack("<HHQQQ", 1, 24, size, packed, offset)
        packed = size = offset = 0xFFFFFFFF
    lengths = (len(part.raw_name), len(extra), part.comment_length)
    fields = (
        b"PK\1\2",
        20,
        20,
        part.flags,
        part.method,
        0,
        0,
        _crc(part),
        packed,
        size,
        *lengths,
        0,
        0,
        0,
        offset,
    )
    return struct.pack("<4sHHHHHHLLLHHHHHLL", *fields) + part.raw_name + extra


def _sizes(part: Part) -> tuple[int, int]:
    packed = len(part.stored) if part.packed is None else part.packed
    return packed, len(part.data) if part.size is None else part.size


def _crc(part: Part) -> int:
    return zlib.crc32(part.data) if part.crc is None else part.crc

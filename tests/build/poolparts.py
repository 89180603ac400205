"""Makes what binary XML and resource tables share: chunks, string pools, typed values."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field


def chunk(kind: int, header: bytes, body: bytes = b"") -> bytes:
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<HHL", kind, 8 + len(header), 8 + len(header) + len(body)) + header + body


def pool(
    strings: Sequence[str | bytes], *, utf8: bool = False, count: int | None = None, terminated: bool = True
) -> bytes:
    """A string pool; ``bytes`` stand for an entry as it is in the file, length and all."""
    offsets, body = bytearray(), bytearray()
    for text in strings:
        offsets += struct.pack("<L", len(body))
        body += text if isinstance(text, bytes) else _pool_entry(text, utf8=utf8, terminated=terminated)
    body += b"\0" * (-len(body) % 4)
    stated = len(strings) if count is None else count
    header = struct.pack("<LLLLL", stated, 0, 0x100 if utf8 else 0, 28 + len(offsets), 0)
    return chunk(0x0001, header, bytes(offsets + body))


def _pool_entry(text: str, *, utf8: bool, terminated: bool) -> bytes:
    wide = text.encode("utf-16-le")
    if not utf8:
        length = len(wide) // 2
        head = (
            struct.pack("<H", length) if length < 0x8000 else struct.pack("<HH", length >> 16 | 0x8000, length & 0xFFFF)
        )
        return head + wide + (b"\0\0" if terminated else b"")
    raw = text.encode()
    return _length8(len(wide) // 2) + _length8(len(raw)) + raw + (b"\0" if terminated else b"")


def _length8(length: int) -> bytes:
    return bytes([length]) if length < 0x80 else bytes([length >> 8 & 0x7F | 0x80, length & 0xFF])


@dataclass(frozen=True)
class Ref:
    """A reference in a tree or table to be made."""

    id: int
    kind: int = 0x01


@dataclass(frozen=True)
class Typed:
    """A value given as it stands in the file."""

    kind: int
    data: int


Given = str | int | bool | float | Ref | Typed | None


@dataclass
class Strings:
    """Gives each string its place in a pool."""

    texts: list[str] = field(default_factory=list)

    def place(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def value(self, given: Given) -> tuple[int, int]:
        """Kind and data of a Res_value."""
        match given:
            case Typed(kind, data):
                return kind, data
            case Ref(number, kind):
                return kind, number
            case bool():
                return 0x12, 0xFFFFFFFF if given else 0
            case int():
                return 0x10, given & 0xFFFFFFFF
            case float():
                return 0x04, struct.unpack("<L", struct.pack("<f", given))[0]
            case str():
                return 0x03, self.place(given)
        return 0x00, 0

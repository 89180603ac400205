"""Class names in binary XML (a manifest, a layout) under other names: the string pool is written anew, nothing else moves."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_UTF8 = 1 << 8


def renamed_xml(data: bytes, names: Mapping[str, str], package: str | None = None) -> bytes:
    """With every string that is the full name of a class, or in ``package`` a name that starts with a dot, replaced."""
    at = struct.unpack_from("<H", data, 2)[0]
    kind, header, size, count, styles, flags, start, _ = struct.unpack_from("<HHLLLLLL", data, at)
    if kind != 0x0001 or styles:
        return data
    places = struct.unpack_from(f"<{count}L", data, at + header)
    texts = [_read(data, at + start + place, utf8=bool(flags & _UTF8)) for place in places]
    changed = [_new(text, names, package) for text in texts]
    if changed == texts:
        return data
    pool = _pool(changed, flags)
    rest = data[at + size :]
    head = bytearray(data[:at])
    struct.pack_into("<L", head, 4, at + len(pool) + len(rest))
    return bytes(head) + pool + rest


def _new(text: str, names: Mapping[str, str], package: str | None) -> str:
    full = package + text if package and text.startswith(".") else text
    return names.get(full, text)


def _read(data: bytes, at: int, *, utf8: bool) -> str:
    if not utf8:
        (length,) = struct.unpack_from("<H", data, at)
        at += 2
        if length & 0x8000:
            length = (length & 0x7FFF) << 16 | struct.unpack_from("<H", data, at)[0]
            at += 2
        return data[at : at + 2 * length].decode("utf-16-le", "surrogatepass")
    for _ in range(2):  # units, then bytes
        length = data[at]
        at += 1
        if length & 0x80:
            length = (length & 0x7F) << 8 | data[at]
            at += 1
    return data[at : at + length].decode("utf-8", "surrogatepass")


def _pool(texts: list[str], flags: int) -> bytes:
    """A pool in UTF-16, flagged as unsorted."""
    body, places = bytearray(), []
    for text in texts:
        places.append(len(body))
        raw = text.encode("utf-16-le", "surrogatepass")
        units = len(raw) // 2
        body += struct.pack("<H", units) if units < 0x8000 else struct.pack("<HH", units >> 16 | 0x8000, units & 0xFFFF)
        body += raw + b"\0\0"
    body += bytes(-len(body) % 4)
    start = 28 + 4 * len(texts)
    head = struct.pack("<HHLLLLLL", 1, 28, start + len(body), len(texts), 0, flags & ~(_UTF8 | 1), start, 0)
    return head + struct.pack(f"<{len(places)}L", *places) + bytes(body)

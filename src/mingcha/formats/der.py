"""DER (X.690): elements of tag, length and content, as far as signature blocks and certificates need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mingcha.errors import FormatError

SEQUENCE, SET, INTEGER, OBJECT, CONTEXT_0 = 0x30, 0x31, 0x02, 0x06, 0xA0


class Element(NamedTuple):
    """One element: its tag, where it starts, where its content starts and ends."""

    tag: int
    start: int
    body: int
    end: int


def element(data: bytes, at: int, end: int) -> Element:
    """One element; indefinite lengths, which signing tools do not write, are not read. Raises FormatError."""
    if at + 2 > end:
        raise FormatError("certificate data is cut short", at)
    tag, first = data[at], data[at + 1]
    wide = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(data[at + 2 : at + 2 + wide], "big") if wide else first
    body = at + 2 + wide
    if first == 0x80 or wide > 4 or body + length > end:
        raise FormatError("certificate data has a bad length", at)
    return Element(tag, at, body, body + length)


def inside(data: bytes, outer: Element) -> list[Element]:
    """The elements that a constructed one holds. Raises FormatError."""
    parts, at = [], outer.body
    while at < outer.end:
        part = element(data, at, outer.end)
        parts.append(part)
        at = part.end
    return parts


def only(parts: Sequence[Element], index: int, tag: int, what: str) -> Element:
    """The element at ``index``, if it has the tag it must have. Raises FormatError."""
    if index >= len(parts) or parts[index].tag != tag:
        raise FormatError(f"no {what} here", parts[0].start if parts else 0)
    return parts[index]

"""Android's binary XML (manifests, layouts) as a tree of elements, read the way Android's parser walks it.

Android sees a list of chunks: it skips those it does not know, matches end tags by depth and not by name,
finds attributes by resource id and not by name, and stops when the root ends. So does this reader, which is
why the tricks that blind other tools (a wrong kind in the file header, blank names, a broken chunk after
the end) change nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mingcha.errors import FormatError
from mingcha.formats.attributes import ANDROID_ATTRIBUTES
from mingcha.formats.pool import STRING, STRING_POOL, Chunk, Reference, StringPool, Value, chunks, typed_value

__all__ = ["ANDROID", "Attribute", "Element", "Reference", "parse"]

ANDROID = "http://schemas.android.com/apk/res/android"

_RESOURCE_MAP = 0x0180
_START_ELEMENT = 0x0102
_END_ELEMENT = 0x0103
_TEXT = 0x0104
_NODES = range(0x0100, 0x0180)

_FILE = struct.Struct("<HHL")  # kind, size of the header, size of it all
_NODE = struct.Struct("<8xL4x")  # line
_START = struct.Struct("<LLHHH6x")  # namespace, name; where attributes start, size of one, how many
_ATTRIBUTE = struct.Struct("<LLLHBBL")  # namespace, name, raw value; typed value: size, 0, kind, data
_TEXT_BODY = struct.Struct("<L")
_MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Attribute:
    """``value`` is what Android uses; ``raw`` the text the build tool kept beside it, if any."""

    namespace: str | None
    name: str
    resource_id: int | None
    value: Value
    raw: str | None
    offset: int


@dataclass(frozen=True, slots=True)
class Element:
    """A start tag with what stands inside it; ``offset`` is the byte of its start-element chunk."""

    name: str
    namespace: str | None
    attributes: tuple[Attribute, ...]
    children: tuple[Element | str, ...]
    offset: int
    line: int

    def attribute(self, name: str) -> Attribute | None:
        """Find an attribute, android: or bare; one with an id goes before a decoy without."""
        found = [a for a in self.attributes if a.name == name and a.namespace in (ANDROID, None)]
        return next((a for a in found if a.resource_id is not None), found[0] if found else None)

    def attr(self, name: str, default: Value = None) -> Value:
        """Give the value of ``attribute(name)``, or the default if there is no such attribute."""
        found = self.attribute(name)
        return default if found is None else found.value

    @property
    def elements(self) -> tuple[Element, ...]:
        """Child elements, without texts."""
        return tuple(child for child in self.children if isinstance(child, Element))

    def iter(self) -> Iterator[Element]:
        """Walk this element and all below it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.elements))

    def find_all(self, name: str) -> tuple[Element, ...]:
        """All elements below this one, at any depth, with that name."""
        return tuple(e for e in self.iter() if e.name == name and e is not self)


def parse(data: bytes | bytearray | memoryview) -> Element:
    """Give the root element, with all that is inside it."""
    data = bytes(data)
    _refuse_text(data)
    if len(data) < _FILE.size:
        raise FormatError("too short for binary XML")
    _, header, size = _FILE.unpack_from(data)
    end = size if header < size <= len(data) else len(data)
    return _Reader(data).read(chunks(data, max(header, _FILE.size), end))


def _refuse_text(data: bytes) -> None:
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<") or data[:4] in (b"\xff\xfe<\0", b"\xfe\xff\0<"):
        raise FormatError("plain-text XML: inside an app Android reads only binary XML", 0)


@dataclass(slots=True)
class _Open:
    """An element whose end has not been seen."""

    name: str
    namespace: str | None
    attributes: tuple[Attribute, ...]
    offset: int
    line: int
    children: list[Element | str] = field(default_factory=list)

    def closed(self) -> Element:
        return Element(self.name, self.namespace, self.attributes, tuple(self.children), self.offset, self.line)


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pool: StringPool | None = None
        self._ids: tuple[int, ...] = ()
        self._stack: list[_Open] = []
        # Attributes of no size may overlap without end, so what the file could hold side by side bounds them.
        self._attributes_left = len(data) // _ATTRIBUTE.size

    def read(self, pieces: Iterator[Chunk]) -> Element:
        started = False
        for piece in pieces:
            if piece.kind in _NODES:
                started = True
                root = self._node(piece)
                if root is not None:
                    return root
            elif not started:
                self._table(piece)
        # The end of the file closes what is open, as it does for Android.
        while self._stack:
            root = self._close()
            if root is not None:
                return root
        raise FormatError("binary XML without an element")

    def _table(self, piece: Chunk) -> None:
        """Of several pools or maps the last before the first node counts."""
        if piece.kind == STRING_POOL:
            self._pool = StringPool(self._data, piece)
        elif piece.kind == _RESOURCE_MAP:
            self._ids = struct.unpack_from(f"<{(piece.end - piece.body) // 4}L", self._data, piece.body)

    def _node(self, piece: Chunk) -> Element | None:
        """Take in one node; give the root once it is complete."""
        if self._pool is None:
            raise FormatError("binary XML without a string pool", piece.start)
        if piece.kind == _START_ELEMENT:
            self._open(piece, self._pool)
        elif piece.kind == _END_ELEMENT and self._stack:
            return self._close()
        elif piece.kind == _TEXT and self._stack and piece.body + _TEXT_BODY.size <= piece.end:
            text = self._pool.get(*_TEXT_BODY.unpack_from(self._data, piece.body))
            if text:
                self._stack[-1].children.append(text)
        return None

    def _open(self, piece: Chunk, pool: StringPool) -> None:
        if piece.body - piece.start < _NODE.size or piece.body + _START.size > piece.end:
            raise FormatError("start tag is shorter than its fixed part", piece.start)
        if len(self._stack) >= _MAX_DEPTH:
            raise FormatError(f"elements nested more than {_MAX_DEPTH} deep", piece.start)
        (line,) = _NODE.unpack_from(self._data, piece.start)
        namespace, name, start, size, count = _START.unpack_from(self._data, piece.body)
        first = piece.body + start
        last = first + size * (count - 1)
        self._attributes_left -= count
        if count and (first + size * count > piece.end or last + _ATTRIBUTE.size > len(self._data)):
            raise FormatError(f"{count} attributes do not fit into the start tag", piece.start)
        if self._attributes_left < 0:
            raise FormatError("more attributes than the file has room for", piece.start)
        attributes = tuple(self._attribute(first + size * number, pool) for number in range(count))
        self._stack.append(_Open(pool.get(name) or "", pool.get(namespace), attributes, piece.start, line))

    def _attribute(self, at: int, pool: StringPool) -> Attribute:
        namespace, name, raw, _, _, kind, data = _ATTRIBUTE.unpack_from(self._data, at)
        resource_id = self._ids[name] if name < len(self._ids) else 0
        text = pool.get(raw)
        value = typed_value(kind, data, pool)
        if value is None and kind == STRING:
            value = text
        known = ANDROID_ATTRIBUTES.get(resource_id)
        if known is not None:
            return Attribute(ANDROID, known, resource_id, value, text, at)
        said = pool.get(name) or (f"{resource_id:#010x}" if resource_id else "")
        return Attribute(pool.get(namespace), said, resource_id or None, value, text, at)

    def _close(self) -> Element | None:
        element = self._stack.pop().closed()
        if not self._stack:
            return element
        self._stack[-1].children.append(element)
        return None

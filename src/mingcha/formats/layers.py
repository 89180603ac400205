"""Everything an exchange sends, taken apart to single values: each with the way that leads to it.

    POST /v2/log body > gunzip > json > header.oaid

The raw texts come first (``whole``), then what is inside them, so that nothing is lost where a form is broken or not
known. Depth, number and total size of the values are bounded, whatever the bytes are.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import msgspec

from mingcha.formats import layers_text
from mingcha.formats.exchange import Exchange
from mingcha.formats.layers_binary import (
    MOST_PARTS,
    multipart,
    packed_as,
    printable,
    protobuf,
    unpack,
    without_controls,
)

_DEEPEST: Final = 8
"""Openings of one value: its form, and what is nested in it; whatever lies deeper is told as cut."""
_MOST_LEAVES: Final = 50_000
_MOST_SEGMENTS: Final = 50
_SHORTEST: Final = 8
"""Shorter values are not opened: four bytes of base64 say nothing."""
_SHORTEST_BASE64, _SHORTEST_HEX, _LONGEST_NUMBER = 12, 16, 24


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """One value: the steps that lead to it, its place and key in the last of them, and its bytes.

    ``whole`` marks a raw text that is taken apart in later leaves.
    """

    steps: tuple[str, ...]
    path: str
    key: str
    value: bytes
    whole: bool = False

    @property
    def trail(self) -> str:
        """The way as one text."""
        return " > ".join((*self.steps, self.path) if self.path else self.steps)


class Peeled(msgspec.Struct, frozen=True):
    """All values of an exchange; ``cut`` if a limit stopped it, ``missing`` names libraries that would have opened more."""

    leaves: list[Leaf]
    cut: bool
    missing: tuple[str, ...]


def peel(exchange: Exchange, limit: int = 16 << 20) -> Peeled:
    """Take one exchange apart; at most ``limit`` bytes are made on the way."""
    peeler = _Peeler(limit + 2 * len(exchange.body))
    peeler.exchange(exchange)
    return Peeled(peeler.leaves, peeler.cut, tuple(sorted(peeler.missing)))


class _Peeler:
    def __init__(self, budget: int) -> None:
        self._budget = budget
        self.leaves: list[Leaf] = []
        self.cut = False
        self.missing: set[str] = set()

    def exchange(self, exchange: Exchange) -> None:
        self._url(exchange.url)
        for name, value in exchange.headers:
            self._header(name, _bytes(value))
        for name, value in exchange.params:
            self._add(("param",), name, name, value.encode("utf-8", "replace"), 1)
        if exchange.body:
            self._body(exchange)
        for number, message in enumerate(exchange.messages):
            if message.sent and message.data:
                self._blob((f"{exchange.kind} message {number}",), message.data, "", 0)

    # --- where a request carries things

    def _url(self, url: str) -> None:
        self._keep(("url",), "", "", url.encode("utf-8", "replace"), whole=True)
        try:
            parts = urlsplit(url)
        except ValueError:
            return
        self._keep(("url",), "host", "", parts.netloc.encode("utf-8", "replace"))
        path = parts.path.encode("utf-8", "replace")
        at = len(self.leaves)
        self._keep(("url",), "path", "", layers_text.unquoted(path))
        self.cut |= path.count(b"/") > _MOST_SEGMENTS
        for segment in path.split(b"/", _MOST_SEGMENTS):
            if len(segment) >= _SHORTEST:
                self._open(("url", "path"), layers_text.unquoted(segment), 1, "")
        self._mark_opened(at)
        for name in ("query", "fragment"):
            text = getattr(parts, name).encode("utf-8", "replace")
            for place, key, value in layers_text.pairs(text) if text else ():
                self._add(("url", name), place, key, value, 1)

    def _header(self, name: str, value: bytes) -> None:
        if name.lower() == "cookie":
            for path, key, part in layers_text.cookies(value):
                self._add(("cookie",), path, key, part, 1)
            return
        scheme, space, rest = value.partition(b" ")
        plain = rest if space and scheme in {b"Basic", b"Bearer"} else value
        self._add(("header",), name.lower(), name, plain, 1)

    def _body(self, exchange: Exchange) -> None:
        data = exchange.body
        steps: tuple[str, ...] = ("body",)
        encoding = exchange.header("content-encoding")
        for one in reversed(encoding.split(",")[-3:] if encoding else ()):
            data, steps = self._unpacked(data, one, steps)
        if not exchange.lossless and not data.isascii():
            self.cut = True
        self._blob(steps, data, exchange.mime or exchange.header("content-type"), 0)

    def _unpacked(self, data: bytes, encoding: str, steps: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
        """One content encoding undone, if the tool has not done so already."""
        found = unpack(data, encoding, self._budget)
        if found is None:
            return data, steps
        if found.missing:
            # A tool may have undone it already: then nothing is missing.
            self.missing.update(() if without_controls(data[:4096]) else (found.missing,))
            return data, steps
        self._spend(len(found.data))
        self.cut |= found.cut
        return found.data, (*steps, found.step)

    # --- what is inside of bytes

    def _blob(self, steps: tuple[str, ...], data: bytes, mime: str, depth: int) -> None:
        """A body or message: as a whole, and then by its form."""
        self._keep(steps, "", "", data, whole=True)
        if not self._spend(len(data)):
            return
        parts = list(multipart(data, mime)) if "multipart" in mime.lower() or data[:2] == b"--" else []
        self.cut |= len(parts) >= MOST_PARTS - 1
        for number, part in enumerate(parts):
            inner = (*steps, "multipart", part.name or str(number))
            if part.file:
                self._add(inner, "filename", "filename", part.file, depth + 1)
            self._add(inner, "", part.name, part.data, depth + 1, part.mime)
        if not parts:
            self._open(steps, data, depth, "")

    def _add(self, steps: tuple[str, ...], path: str, key: str, value: bytes, depth: int, mime: str = "") -> None:
        """A value, and what is inside of it; one that was opened becomes a whole."""
        at = len(self.leaves)
        self._keep(steps, path, key, value)
        if len(value) < _SHORTEST or at == len(self.leaves):
            return
        if depth >= _DEEPEST:
            self.cut |= bool(packed_as(value)) or layers_text.opened(value) is not None
            return
        if mime.lower().startswith("multipart"):
            self._blob(steps, value, mime, depth)
        else:
            self._open((*steps, path) if path else steps, value, depth, key)
        self._mark_opened(at)

    def _mark_opened(self, at: int) -> None:
        """The leaf at that row is a whole, if others came out of it."""
        if len(self.leaves) > at + 1:
            leaf = self.leaves[at]
            self.leaves[at] = Leaf(leaf.steps, leaf.path, leaf.key, leaf.value, whole=True)

    def _open(self, steps: tuple[str, ...], data: bytes, depth: int, key: str) -> None:
        if packing := packed_as(data):
            self._open_packed(steps, data, packing, depth, key)
            return
        clean = without_controls(data)
        found = layers_text.opened(data) if clean or without_controls(data[:64]) else None
        if found is None:
            if not clean or not data.isascii():
                self._open_message(steps, data, depth)
            return
        step, pieces = found
        self.cut |= step != "json" and len(pieces) >= layers_text.MOST_PAIRS
        if not self._spend(sum([len(piece[2]) for piece in pieces])):
            return
        self._add_all((*steps, step), pieces, key, depth + 1)

    def _add_all(self, steps: tuple[str, ...], pieces: list[layers_text.Piece], key: str, depth: int) -> None:
        """All parts of an opened value. Most are short, and need no more than a leaf."""
        leaves = self.leaves
        for path, own, value in pieces:
            if value and len(leaves) < _MOST_LEAVES and _simple(value):
                leaves.append(Leaf(steps, path, own or key, value))
            else:
                self._add(steps, path, own or key, value, depth)

    def _open_packed(self, steps: tuple[str, ...], data: bytes, packing: str, depth: int, key: str) -> None:
        found = unpack(data, packing, self._budget)
        if found is None:
            return
        if found.missing:
            self.missing.add(found.missing)
        elif self._spend(len(found.data)):
            self.cut |= found.cut
            self._add((*steps, found.step), "", key, found.data, depth + 1)

    def _open_message(self, steps: tuple[str, ...], data: bytes, depth: int) -> None:
        if printable(data):
            return
        fields = protobuf(data)
        if fields and self._spend(2 * len(data)):
            for field in fields:
                self._add((*steps, "protobuf"), field.path, "", field.value, depth + 1)

    # --- limits

    def _keep(self, steps: tuple[str, ...], path: str, key: str, value: bytes, *, whole: bool = False) -> None:
        if not value:
            return
        if len(self.leaves) >= _MOST_LEAVES:
            self.cut = True
            return
        self.leaves.append(Leaf(steps, path, key, value, whole))

    def _spend(self, size: int) -> bool:
        self._budget -= size
        if self._budget < 0:
            self._budget = 0
            self.cut = True
            return False
        return True


def _bytes(text: str) -> bytes:
    """A header's bytes as they were; half a surrogate pair, which no reader of bytes makes, is replaced."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _simple(value: bytes) -> bool:
    """Whether a value is a number or a short word, in which nothing can be hidden: most values are."""
    size = len(value)
    if size < _SHORTEST:
        return True
    if size < _SHORTEST_HEX:
        return value.isdigit() or (size < _SHORTEST_BASE64 and value.isalnum())
    return size < _LONGEST_NUMBER and b"." in value and value.replace(b".", b"", 1).isdigit()

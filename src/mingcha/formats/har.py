"""HAR 1.2 as mitmproxy, Chromium, Playwright, Charles, Proxyman and PCAPdroid write it, one entry at a time.

The array of entries is cut by brackets and each entry is decoded alone, so that a file of any size needs little more
memory than itself, and a file that stops in the middle still gives the entries before.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator

import msgspec

from mingcha.errors import FormatError
from mingcha.formats.exchange import Exchange, Message, Pair, Reading
from mingcha.formats.jsonspans import Span, spans

_AT_LOG, _AT_ENTRY = 1, 3
"""Brackets around the object ``log`` and around an entry: {"log": {"entries": [ here."""
_LONGEST_KEY = 80
_LARGEST_FOR_JSON = 16 << 20
_controls = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]").search
_key = re.compile(rb'"([a-zA-Z]{1,20})"\s*:\s*$')


class _Named(msgspec.Struct, frozen=True, gc=False):
    name: str = ""
    value: str | None = None
    file_name: str | None = msgspec.field(default=None, name="fileName")


class _Post(msgspec.Struct, frozen=True):
    mime: str | None = msgspec.field(default=None, name="mimeType")
    text: str | None = None
    params: list[_Named] | None = None
    encoding: str | None = None


class _Request(msgspec.Struct, frozen=True):
    url: str
    method: str = ""
    headers: list[_Named] | None = None
    cookies: list[_Named] | None = None
    post: _Post | None = msgspec.field(default=None, name="postData")
    size: float | None = msgspec.field(default=None, name="bodySize")


class _Response(msgspec.Struct, frozen=True):
    status: float | None = None


class _Message(msgspec.Struct, frozen=True, gc=False):
    type: str = ""
    data: str | None = None
    opcode: float | None = None
    time: float | str | None = None


class _Entry(msgspec.Struct, frozen=True):
    request: _Request
    started: str | None = msgspec.field(default=None, name="startedDateTime")
    response: _Response | None = None
    address: str | None = msgspec.field(default=None, name="serverIPAddress")
    messages: list[_Message] | None = msgspec.field(default=None, name="_webSocketMessages")


class _Creator(msgspec.Struct, frozen=True):
    name: str = ""
    version: str | None = None


_decode_entry = msgspec.json.Decoder(_Entry, strict=False).decode
_decode_creator = msgspec.json.Decoder(_Creator, strict=False).decode


def looks_like_har(data: bytes | memoryview) -> bool:
    """Whether the file starts as a HAR: an object whose first member is ``log``."""
    return re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:\s*\{', bytes(data[:4096])) is not None


class Har:
    """The entries of a HAR; walk over it once, then ask ``reading`` how it ended. Raises FormatError if it is none."""

    def __init__(self, data: bytes | memoryview) -> None:
        if not looks_like_har(data):
            raise FormatError('no HAR: it does not start with {"log": {', 0)
        self._data = memoryview(data)
        self._tool = ""
        self._read = self._unreadable = 0
        self._closed = False

    @property
    def reading(self) -> Reading:
        """How far the walk came."""
        return Reading(self._tool, self._read, self._unreadable, not self._closed)

    def __iter__(self) -> Iterator[Exchange]:
        """Every entry that can be read, in the file's order."""
        self._read = self._unreadable = 0
        self._closed = False
        wanted = False
        for span in spans(self._data, _AT_ENTRY):
            if span.depth == _AT_LOG + 1:
                wanted = self._member(span) == b"entries" if span.end < 0 else wanted
                self._note_tool(span)
            elif span.depth == _AT_ENTRY and wanted and span.end >= 0:
                yield from self._entry(span)
            elif span.depth == 0 and span.end >= 0:
                self._closed = True
                return

    def _member(self, span: Span) -> bytes:
        """The name of the member that an object or array is the value of."""
        found = _key.search(bytes(self._data[max(0, span.start - _LONGEST_KEY) : span.start]))
        return found[1] if found else b""

    def _note_tool(self, span: Span) -> None:
        if span.end < 0 or self._tool or span.end - span.start > 4096 or self._member(span) != b"creator":
            return
        try:
            creator = _decode_creator(self._data[span.start : span.end])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return
        self._tool = f"{creator.name} {creator.version or ''}".strip()[:80]

    def _entry(self, span: Span) -> Iterator[Exchange]:
        index = self._read + self._unreadable
        entry = _decoded(self._data[span.start : span.end])
        if entry is None:
            self._unreadable += 1
        else:
            self._read += 1
            yield _exchange(index, entry)


def _decoded(text: memoryview) -> _Entry | None:
    try:
        return _decode_entry(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decoded_slowly(text)


def _decoded_slowly(text: memoryview) -> _Entry | None:
    """Bytes that are no text stand as lone surrogates in HARs of mitmproxy, which only the standard library reads."""
    if len(text) > _LARGEST_FOR_JSON:
        return None
    try:
        return msgspec.convert(json.loads(bytes(text)), _Entry, strict=False)
    except (ValueError, RecursionError, msgspec.ValidationError):
        return None


def _exchange(index: int, entry: _Entry) -> Exchange:
    request, post = entry.request, entry.request.post
    headers = _pairs(request.headers)
    body, lossless = _body(post)
    messages = tuple(_message(message) for message in entry.messages or ())
    return Exchange(
        index=index,
        started=(entry.started or "")[:64],
        method=request.method[:32],
        url=request.url,
        headers=headers + _cookies(headers, request.cookies),
        params=() if body else _pairs(post.params if post else None),
        mime=((post.mime if post else None) or "")[:200],
        body=body,
        lossless=lossless,
        omitted=not body and not (post and post.params) and _had_body(request, headers),
        messages=messages,
        status=_status(entry.response),
        address=(entry.address or "").strip("[]")[:64],
        kind="websocket" if messages else "http",
    )


def _had_body(request: _Request, headers: tuple[Pair, ...]) -> bool:
    """Whether there was a body; browsers count 0 bytes where they kept none, and the header still has the length."""
    length = next((value.strip() for name, value in headers if name.lower() == "content-length"), "")
    return (request.size or 0) > 0 or (length.isdecimal() and length.strip("0") != "")


def _status(response: _Response | None) -> int:
    status = response.status if response else None
    return int(status) if status is not None and 0 < status < 1000 else 0


def _pairs(rows: list[_Named] | None) -> tuple[Pair, ...]:
    return tuple((row.name, row.value or row.file_name or "") for row in rows or ())


def _cookies(headers: tuple[Pair, ...], rows: list[_Named] | None) -> tuple[Pair, ...]:
    """The cookies as one header, where the tool lists them and leaves the header out."""
    if not rows or any(name.lower() == "cookie" for name, _ in headers):
        return ()
    return (("Cookie", "; ".join(f"{row.name}={row.value or ''}" for row in rows)),)


def _body(post: _Post | None) -> tuple[bytes, bool]:
    if post is None or not post.text:
        return b"", True
    if (post.encoding or "").lower() == "base64":
        found = _from_base64(post.text)
        return (found, True) if found is not None else (post.text.encode("utf-8", "replace"), False)
    return _as_bytes(post.text)


def _as_bytes(text: str) -> tuple[bytes, bool]:
    """A body's text as bytes again, and whether nothing was lost on the way."""
    if not text.isascii() and _binary(text):
        return text.encode("latin-1"), True
    try:
        return text.encode("utf-8", "surrogateescape"), "\ufffd" not in text
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace"), False


def _binary(text: str) -> bool:
    """Whether a text is bytes that mitmproxy took for Latin-1: no letter is beyond it, and control characters are in it."""
    return max(text) <= "\xff" and _controls(text) is not None


def _from_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _message(row: _Message) -> Message:
    text = row.data or ""
    binary = _from_base64(text) if row.opcode == 2 else None
    data = _as_bytes(text)[0] if binary is None else binary
    return Message(row.type == "send", data, "" if row.time is None else str(row.time)[:64])


def decode(data: bytes | memoryview) -> tuple[list[Exchange], Reading]:
    """All entries of a small HAR at once, and how it ended. Raises FormatError."""
    har = Har(data)
    return list(har), har.reading

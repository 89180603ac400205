"""What lies under compressed, multipart and protobuf bytes, within a budget: bytes in, parts out.

Brotli and Zstandard are opened where their libraries are installed; ``unpack`` says which one was missing.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any, Final, NamedTuple

_GZIP_OR_ZLIB, _RAW = 32 + zlib.MAX_WBITS, -zlib.MAX_WBITS
_ZSTD_WINDOW: Final = 8 << 20
_MAGIC: Final = {
    b"\x1f\x8b": "gzip", b"\x28\xb5": "zstd",
    b"\x78\x9c": "deflate", b"\x78\x01": "deflate", b"\x78\xda": "deflate", b"\x78\x5e": "deflate",
}  # fmt: skip
_STEPS: Final = {
    "gzip": "gunzip", "x-gzip": "gunzip", "deflate": "inflate", "br": "unbrotli", "zstd": "unzstd", "x-zstd": "unzstd",
}  # fmt: skip
MOST_PARTS, _MOST_FIELDS, _DEEPEST = 1000, 20_000, 12


class Unpacked(NamedTuple):
    """What came out; ``cut`` if the limit or a broken end stopped it, ``missing`` the library that was not there."""

    data: bytes
    step: str
    cut: bool = False
    missing: str = ""


def packed_as(data: bytes) -> str:
    """The compression that the first bytes name, or an empty text."""
    return _MAGIC.get(data[:2], "")


def unpack(data: bytes, encoding: str, limit: int) -> Unpacked | None:
    """At most ``limit`` bytes of what was compressed; None if the data is not compressed that way."""
    step = _STEPS.get(encoding.strip().lower())
    if step is None or not data or limit <= 0:
        return None
    if step in {"gunzip", "inflate"}:
        return _inflated(data, step, limit)
    return _by_library(data, step, limit)


def _inflated(data: bytes, step: str, limit: int) -> Unpacked | None:
    for window in (_GZIP_OR_ZLIB, _RAW) if step == "inflate" else (_GZIP_OR_ZLIB,):
        stream = zlib.decompressobj(window)
        found = b""
        with suppress(zlib.error):
            found = stream.decompress(data, limit)
            return Unpacked(found, step, not stream.eof)
        if part := _salvaged(data, window, limit):
            return Unpacked(part, step, cut=True)
    return None


def _salvaged(data: bytes, window: int, limit: int) -> bytes:
    """What comes before the broken byte, where a stream breaks late; raw streams are not guessed at."""
    if window == _RAW:
        return b""
    stream, found = zlib.decompressobj(window), bytearray()
    with suppress(zlib.error):
        for at in range(0, min(len(data), limit), 512):
            found += stream.decompress(data[at : at + 512], max(1, limit - len(found)))
            if len(found) >= limit:
                break
    return bytes(found)


def _by_library(data: bytes, step: str, limit: int) -> Unpacked | None:
    name = "brotli" if step == "unbrotli" else "zstandard"
    try:
        library = import_module(name)
    except ImportError:
        return Unpacked(b"", step, missing=name)
    return (_unbrotli if step == "unbrotli" else _unzstd)(library, data, limit)


def _unbrotli(library: Any, data: bytes, limit: int) -> Unpacked | None:
    stream = library.Decompressor()
    try:
        found = stream.process(data, output_buffer_limit=limit)
    except library.error:
        return None
    return Unpacked(found[:limit], "unbrotli", len(found) > limit or not stream.is_finished())


def _unzstd(library: Any, data: bytes, limit: int) -> Unpacked | None:
    reader = library.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(data, read_across_frames=True)
    found = bytearray()
    try:
        while len(found) < limit and (part := reader.read(min(limit - len(found), 1 << 16))):
            found += part
    except library.ZstdError:
        return Unpacked(bytes(found), "unzstd", cut=True) if found else None
    return Unpacked(bytes(found), "unzstd", len(found) >= limit)


# --- multipart -----------------------------------------------------------------------------------------------------

_boundary = re.compile(r'boundary="?([^";,\s]{1,200})', re.IGNORECASE)
_leading = re.compile(rb"\s{0,4}--([^\r\n]{6,200})\r?\n")
_name = re.compile(rb'(?<![a-z])name="?([^";\r\n]{1,200})', re.IGNORECASE)
_file = re.compile(rb'filename="?([^";\r\n]{1,400})', re.IGNORECASE)
_type = re.compile(rb"^content-type:\s*([^\r\n;]{1,200})", re.IGNORECASE | re.MULTILINE)


class Part(NamedTuple):
    """One part of a multipart body."""

    name: str
    file: bytes
    mime: str
    data: bytes


def multipart(data: bytes, mime: str) -> Iterator[Part]:
    """The parts of a body, by the boundary its type names or else by its own first line; none if there is neither."""
    named, first = _boundary.search(mime), _leading.match(data)
    mark = named[1].encode("utf-8", "replace") if named else first[1] if first else b""
    if not mark or b"--" + mark not in data:
        return
    for piece in data.split(b"--" + mark, MOST_PARTS)[1:]:
        head, gap, body = piece.partition(b"\r\n\r\n")
        if not gap:
            head, gap, body = piece.partition(b"\n\n")
        if gap and len(head) < 4096:
            yield Part(
                _first(_name, head).decode("utf-8", "replace"),
                _first(_file, head),
                _first(_type, head).decode("latin-1"),
                body.removesuffix(b"\r\n"),
            )


def _first(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    found = pattern.search(text)
    return found[1] if found else b""


# --- protobuf ------------------------------------------------------------------------------------------------------


class Field(NamedTuple):
    """One field of a message without a schema: numbers from the outside in (``3.1``), and what the bytes may say."""

    path: str
    value: bytes


class _NotProtobufError(Exception):
    """Bytes that do not fit the wire format; never leaves this module."""


def protobuf(data: bytes) -> list[Field] | None:
    """Texts and numbers of a message whose every byte fits the wire format; None if one does not, or no text is in it.

    A length-delimited field is a text if it is printable, a message if it reads as one, and raw bytes otherwise.
    """
    fields: list[Field] = []
    # gRPC puts a flag and a length before the message.
    framed = data[:1] in {b"\0", b"\1"} and len(data) > 5 and int.from_bytes(data[1:5], "big") == len(data) - 5
    try:
        _message(data[5:] if framed else data, "", 0, fields)
    except _NotProtobufError:
        return None
    return fields or None


def _message(data: bytes, path: str, depth: int, fields: list[Field]) -> None:
    at, size = 0, len(data)
    if not size or depth > _DEEPEST:
        raise _NotProtobufError
    while at < size:
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if not 0 < number < 1 << 19 or len(fields) >= _MOST_FIELDS:
            raise _NotProtobufError
        name = f"{path}.{number}" if path else str(number)
        if kind == 0:
            value, at = _varint(data, at)
            fields.append(Field(name, str(value).encode()))
        elif kind in {1, 5}:
            width = 8 if kind == 1 else 4
            if at + width > size:
                raise _NotProtobufError
            fields.extend(_fixed(name, data[at : at + width]))
            at += width
        elif kind == 2:
            length, at = _varint(data, at)
            if at + length > size:
                raise _NotProtobufError
            _delimited(data[at : at + length], name, depth, fields)
            at += length
        else:
            raise _NotProtobufError


def _fixed(name: str, data: bytes) -> Iterator[Field]:
    yield Field(name, str(int.from_bytes(data, "little")).encode())
    (real,) = struct.unpack("<d" if len(data) == 8 else "<f", data)
    if 1e-3 < abs(real) < 1e6:  # degrees and prices; anything else is rather an integer
        yield Field(name, f"{real:.7g}".encode() if len(data) == 4 else repr(real).encode())


def _delimited(data: bytes, name: str, depth: int, fields: list[Field]) -> None:
    if printable(data):
        fields.append(Field(name, data))
        return
    kept = len(fields)
    try:
        _message(data, name, depth + 1, fields)
    except _NotProtobufError:
        del fields[kept:]
        fields.append(Field(name, data))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at >= len(data):
            raise _NotProtobufError
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at
    raise _NotProtobufError


_CONTROL: Final = bytes(set(range(32)) - {9, 10, 13}) + b"\x7f"


def without_controls(data: bytes) -> bool:
    """Whether bytes hold no control characters but tabs and ends of lines."""
    return len(data.translate(None, _CONTROL)) == len(data)


def printable(data: bytes) -> bool:
    """Whether bytes are UTF-8 without control characters."""
    if not without_controls(data):
        return False
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

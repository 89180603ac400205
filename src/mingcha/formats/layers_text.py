"""What lies inside one piece of text: forms, JSON, percent signs, escapes, base64 and hex; each opener gives parts or None.

An opener looks at a few bytes before it does any work, because it is asked about every value of a capture.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from mingcha.formats.layers_binary import packed_as, printable, protobuf

MOST_PAIRS = 20_000
"""Parts of one value; whoever gets as many must take it that there were more."""
_TRIED_PAIRS, _MOST_TOKENS = 50, 1000
_LONGEST_PATH = 400
_first_pair = re.compile(rb"[\w.\[\]%~-]{1,200}=").match
_any_pair = re.compile(rb"[\w.\[\]%~-]{0,200}(?:=|\Z)").match
_percent = re.compile(rb"%[0-9A-Fa-f]{2}").search
_percents = re.compile(rb"(?:%[0-9A-Fa-f]{2}){1,256}")
_escapes = re.compile(rb"(?:\\u[0-9A-Fa-f]{4}){1,64}|\\([\"\\/bfnrt])")
_units = re.compile(rb"\\u([0-9A-Fa-f]{4})")
_hex = re.compile(rb"[0-9a-f]{16,}|[0-9A-F]{16,}").fullmatch
_base64 = re.compile(rb"(?=.{12})[A-Za-z0-9+/]+={0,2}|(?=.{12})[A-Za-z0-9_-]+={0,2}").fullmatch
_wrapped = re.compile(rb"[A-Za-z0-9+/=]{60,76}(?:\r?\n[A-Za-z0-9+/=]{1,76})+\s*").fullmatch
_token = re.compile(rb"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]*").fullmatch
_named_value = re.compile(
    rb'"([\w.-]{1,64})"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,4000})"|<([\w.:-]{1,64})(?:\s[^<>]{0,200})?>([^<>]{1,4000})</'
)
_token_inside = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_letters_inside = re.compile(rb"[\x20-\x7e]{6}|(?:[\xe3-\xe9][\x80-\xbf]{2}){2}").search
_to_url_safe = bytes.maketrans(b"-_ ", b"+/+")
_decode_json = msgspec.json.Decoder(float_hook=str).decode
_SIMPLE: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


Piece = tuple[str, str, bytes]
"""A part of an opened value: where inside (``header.oaid``), under which key, and its bytes."""


def form(data: bytes) -> list[Piece] | None:
    """The pairs of ``a=1&b=2``, percent signs undone."""
    if not _first_pair(data) or not all(map(_any_pair, data.split(b"&", _TRIED_PAIRS)[:_TRIED_PAIRS])):
        return None
    return list(pairs(data))


def pairs(data: bytes) -> Iterator[Piece]:
    """The pairs of a query, whatever is in it; a plus stands for a space, and for itself in base64."""
    for part in data.split(b"&", MOST_PAIRS):
        name, _, raw = part.partition(b"=")
        key = unquoted(name).decode("utf-8", "replace")
        value = unquoted(raw)
        if b"+" in raw and not _base64(value):
            value = unquoted(raw.replace(b"+", b" "))
        yield (key, key, value)


def cookies(data: bytes) -> Iterator[Piece]:
    """The pairs of a Cookie header."""
    for part in data.split(b";", MOST_PAIRS):
        name, equals, value = part.strip().partition(b"=")
        key = name.decode("utf-8", "replace") if equals else ""
        yield (key, key, unquoted(value if equals else name))


def unquoted(data: bytes) -> bytes:
    """Percent signs undone, in runs: the standard library makes an object of each."""
    return _percents.sub(_from_percents, data) if b"%" in data else data


def _from_percents(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[0].replace(b"%", b"").decode("ascii"))


def quoted(data: bytes) -> list[Piece] | None:
    """A value with percent signs in it."""
    if b"%" not in data or not _percent(data):
        return None
    return [("", "", unquoted(data))]


def json(data: bytes) -> list[Piece] | None:
    """The leaves of an object or array, several in a row included, and the names of its members that look like values."""
    if data[:1] not in {b"{", b"["} and data.lstrip()[:1] not in {b"{", b"["}:
        return None
    found = _json_value(data)
    if found is None:
        lines = [_json_value(line) for line in data.split(b"\n", MOST_PAIRS) if line.strip()]
        if len(lines) < 2 or None in lines:
            return None
        found = lines
    return list(_leaves(found))


def _json_value(data: bytes) -> dict[str, Any] | list[Any] | None:
    try:
        value = _decode_json(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


def _leaves(root: dict[str, Any] | list[Any]) -> Iterator[Piece]:
    """Depth first; lists hand their own key down, so that ``"imei": ["…"]`` is still an imei."""
    stack: list[tuple[Any, str, str]] = [(root, "", "")]
    while stack:
        value, path, key = stack.pop()
        path = path[:_LONGEST_PATH]  # depth and long names together could make paths larger than the file
        if type(value) is str:
            yield (path, key, value.encode("utf-8", "replace"))
        elif type(value) is dict:
            dot = path + "." if path else ""
            for name, item in value.items():
                stack.append((item, dot + name[:100], name))
                if len(name) >= 8 and not name.isidentifier():
                    yield (f"{dot}*", "", name.encode("utf-8", "replace"))
        elif type(value) is list:
            stack.extend((item, f"{path}[{at}]", key) for at, item in enumerate(value))
        elif type(value) is int:
            yield (path, key, b"%d" % value)


def unescaped(data: bytes) -> list[Piece] | None:
    """Text with backslash escapes that no JSON reader took away."""
    if b"\\" not in data or not _escapes.search(data):
        return None
    return [("", "", _escapes.sub(_plain, data))]


def _plain(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return _SIMPLE.get(match[1], match[1])
    units = b"".join(bytes.fromhex(unit[1].decode()) for unit in _units.finditer(match[0]))
    return units.decode("utf-16-be", "replace").encode()


def hexadecimal(data: bytes) -> list[Piece] | None:
    """Hex digits that stand for text, for compressed bytes or for a message."""
    return _if_meaningful(bytes.fromhex(data.decode("ascii"))) if _is_hex(data) else None


def _is_hex(data: bytes) -> bool:
    return len(data) % 2 == 0 and _hex(data) is not None


def based64(data: bytes) -> list[Piece] | None:
    """Base64, standard or URL-safe, that stands for text, for compressed bytes or for a message."""
    if data.isdigit() or (len(data) == 36 and data[8:24:5] == b"----"):
        return None
    if not _base64(data):
        if b"\n" in data[:80] and _wrapped(data):
            data = b"".join(data.split())
        elif b" " in data and _base64(data.replace(b" ", b"+")):
            data = data.replace(b" ", b"+")
        else:
            return None
    found = _from_base64(data)
    return _if_meaningful(found) if found is not None and not _is_hex(data) else None


def _from_base64(data: bytes) -> bytes | None:
    text = data.rstrip(b"=").translate(_to_url_safe)
    if len(text) % 4 == 1:
        text = text[:-1]  # cut somewhere: what is there still counts
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return None


def _if_meaningful(data: bytes) -> list[Piece] | None:
    """Random letters decode to noise; only what reads as something is followed."""
    if len(data) < 6:
        return None
    if printable(data) or packed_as(data) or (_letters_inside(data) and _has_text(data)):
        return [("", "", data)]
    return None


def _has_text(data: bytes) -> bool:
    fields = protobuf(data)
    return fields is not None and any(len(field.value) >= 4 and not field.value.isdigit() for field in fields)


def web_token(data: bytes) -> list[Piece] | None:
    """The claims of a JSON web token."""
    found = _token(data)
    claims = _from_base64(found[1]) if found else None
    return [("", "", claims)] if claims else None


def unformed(data: bytes) -> list[Piece] | None:
    """What reads as named values or as encoded ones in a text of another form, or of a broken one: XML, logs, cut JSON."""
    pieces: list[Piece] = []

    def keep(found: re.Match[bytes]) -> bytes:
        name, value = (found[1], found[2]) if found[1] else (found[3], found[4])
        key = name.decode("utf-8", "replace")
        pieces.append((key, key, value))
        return b" "

    rest = _named_value.sub(keep, data, MOST_PAIRS)
    for number, token in enumerate(_token_inside.findall(rest)[:_MOST_TOKENS]):
        inside = hexadecimal(token) or based64(token)
        if inside:
            pieces.append((f"token {number}", "", token))
    return pieces or None


_Opener = tuple[str, Callable[[bytes], list[Piece] | None]]
_JSON: Final[_Opener] = ("json", json)
_FORM: Final[_Opener] = ("form", form)
_URL: Final[_Opener] = ("url", quoted)
_HEX: Final[_Opener] = ("hex", hexadecimal)
_BASE64: Final[_Opener] = ("base64", based64)
_JWT: Final[_Opener] = ("jwt", web_token)
_UNESCAPE: Final[_Opener] = ("unescape", unescaped)
_TEXT: Final[_Opener] = ("text", unformed)
_LETTERS: Final = bytes(range(0x30, 0x3A)) + bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B)) + b"+/=_- \r\n"
_SHORTEST_TEXT: Final = 24


def opened(data: bytes) -> tuple[str, list[Piece]] | None:
    """What a value holds, by the first opener that fits, and that opener's name."""
    for name, opener in _openers(data):
        found = opener(data)
        if found is not None:
            return name, found
    return None


def _openers(data: bytes) -> tuple[_Opener, ...]:
    """The openers that can fit, by the bytes a value is made of: most values are plain words and need none."""
    if not data.translate(None, _LETTERS):
        return (_HEX, _BASE64, _FORM) if b"=" in data else (_HEX, _BASE64)
    if b"%" in data or b"\\" in data or b"=" in data or data.lstrip()[:1] in {b"{", b"["}:
        return (_JSON, _FORM, _URL, _UNESCAPE, _TEXT)
    if len(data) < _SHORTEST_TEXT:
        return ()
    return (_JWT, _TEXT) if data[:3] == b"eyJ" else (_TEXT,)

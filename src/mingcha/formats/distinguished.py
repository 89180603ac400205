"""The subject of an X.509 certificate (RFC 5280, 4.1) as RFC 4514 writes a distinguished name.

Our own reader, because loading ``cryptography`` takes longer than reading most apps, and nothing but this name is asked of a
certificate; tests compare the two. Names are shown as they stand: lengths and alphabets that old certificates break are not judged.
"""

from __future__ import annotations

from mingcha.errors import FormatError
from mingcha.formats.der import CONTEXT_0, OBJECT, SEQUENCE, SET, Element, element, inside, only

_MOST = 1 << 20
"""Bytes of a certificate that is still read; they have a few thousand."""
_PARTS = 100
_SHORT = {
    "2.5.4.3": "CN",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
}
"""RFC 4514, section 3; all others are written as numbers."""
_TEXTS = {
    12: "utf-8",
    18: "ascii",
    19: "ascii",
    20: "latin-1",
    22: "ascii",
    26: "ascii",
    28: "utf-32-be",
    30: "utf-16-be",
}
"""Encodings of the string types, by tag (X.680)."""
_SPECIAL = str.maketrans({**{one: "\\" + one for one in '\\"+,;<>'}, "\0": "\\00"})


def subject(certificate: bytes) -> str:
    """The subject of a certificate in DER, last part first. Raises FormatError."""
    if len(certificate) > _MOST:
        raise FormatError(f"a certificate of {len(certificate)} bytes")
    whole = only([element(certificate, 0, len(certificate))], 0, SEQUENCE, "certificate")
    fields = inside(certificate, only(inside(certificate, whole), 0, SEQUENCE, "certificate"))
    first = 1 if fields and fields[0].tag == CONTEXT_0 else 0  # version, absent in X.509 v1
    names = inside(certificate, only(fields, first + 4, SEQUENCE, "subject"))
    if len(names) > _PARTS:
        raise FormatError(f"a name of {len(names)} parts")
    return ",".join(_part(certificate, name) for name in reversed(names))


def _part(data: bytes, name: Element) -> str:
    """One relative name, which may hold several attributes."""
    held = inside(data, only([name], 0, SET, "part of a name"))
    return "+".join(_attribute(data, only([one], 0, SEQUENCE, "attribute of a name")) for one in held)


def _attribute(data: bytes, pair: Element) -> str:
    parts = inside(data, pair)
    kind = only(parts, 0, OBJECT, "kind of name")
    if len(parts) != 2:
        raise FormatError("a name that is no pair", pair.start)
    number = _dotted(data[kind.body : kind.end])
    return f"{_SHORT.get(number, number)}={_value(data, parts[1])}"


def _dotted(body: bytes) -> str:
    """An object identifier in dots (X.690, 8.19)."""
    if not body or body[-1] & 0x80 or len(body) > 64:
        raise FormatError("an object identifier that does not end")
    numbers, value = [], 0
    for byte in body:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(value)
            value = 0
    root = min(numbers[0] // 40, 2)
    return ".".join(map(str, [root, numbers[0] - 40 * root, *numbers[1:]]))


def _value(data: bytes, value: Element) -> str:
    """A value, escaped (RFC 4514, 2.4); what is no text is written in hexadecimal."""
    body = data[value.body : value.end]
    encoding = _TEXTS.get(value.tag)
    if encoding is None:
        return "#" + body.hex()
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        raise FormatError(f"a name that is not {encoding}", value.start) from error
    return _escaped(text)


def _escaped(text: str) -> str:
    shown = text.translate(_SPECIAL)
    if text[:1] == "#" or (text[:1] == " " and len(text) > 1):
        shown = "\\" + shown
    return shown[:-1] + "\\ " if text[-1:] == " " else shown

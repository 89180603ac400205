"""Every shape a known value can travel in: separators, cases, cuts, digests with and without salt, base64, percent signs.

Names read from the inside out: ``base64(lower)``, ``md5(upper, without separators)``. Letters are compared without their
case, except where a case carries bits (base64, raw digests), so a case has a name of its own only inside of a digest.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple
from urllib.parse import quote

from mingcha.collect.traffic.digests import ALGORITHMS, digest
from mingcha.collect.traffic.profile import Known

SHORTEST = 8
"""Bytes of the shortest variant that is looked for anywhere; shorter ones need a key that names them."""
_SHORTEST_DIGESTED = 6
"""Values below this are so few that everybody's digests contain theirs."""
_CUT_FROM, _CUT_TO = 24, 16
_FREE_DIGITS = 14
"""So many digits in a row are no coincidence inside of a longer number; fewer could be part of a time."""
_WORD = 12
Edge = Literal["", "digit", "word", "name"]

_mac = re.compile(r"[0-9A-Fa-f]{2}([:.-]?)(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}").fullmatch
_uuid = re.compile(r"[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}").fullmatch
_phone = re.compile(r"(?:\+?86|0086)?[ -]?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})").fullmatch


class Variant(NamedTuple):
    """One shape; ``exact`` compares letters with their case, ``edge`` says what may not stand next to it."""

    name: str
    data: bytes
    exact: bool = False
    edge: Edge = ""


class Form(NamedTuple):
    """One way to write a value, before any digest; ``usual`` ones are also encoded, the others are only looked for."""

    name: str
    text: str
    usual: bool = True


def variants(known: Known, package: str = "") -> Iterator[Variant]:
    """All shapes of a value that are long enough to be looked for anywhere, each once."""
    seen: set[tuple[bytes, bool]] = set()
    for variant in _all(list(forms(known)), package):
        data = variant.data if variant.exact else variant.data.lower()
        if len(data) >= SHORTEST and (data, variant.exact) not in seen:
            seen.add((data, variant.exact))
            yield variant._replace(data=data)


def package_variants(name: str) -> Iterator[Variant]:
    """The shapes in which one entry of a list of apps is looked for."""
    form = [Form("raw", name)]
    raw = Variant("raw", name.lower().encode(), edge="name")
    for variant in (raw, *_digested(form, ""), *_based64(form)):
        if len(variant.data) >= SHORTEST:
            yield variant


def forms(known: Known) -> Iterator[Form]:
    """The ways in which a value is written."""
    value = known.value
    yield Form("raw", value)
    yield from _by_kind(known)
    if value.isascii() and len(value) >= SHORTEST:
        yield Form("reversed", value[::-1], usual=False)
        bare = re.sub(r"[^0-9A-Za-z]", "", value)
        if bare != value:
            yield Form("reversed, without separators", bare[::-1], usual=False)
        if len(bare) >= _CUT_FROM:
            yield Form(f"first {_CUT_TO} characters", bare[:_CUT_TO], usual=False)
            yield Form(f"last {_CUT_TO} characters", bare[-_CUT_TO:], usual=False)


def _by_kind(known: Known) -> Iterator[Form]:
    value = known.value
    if mac := _mac(value):
        bare = value.replace(mac[1], "") if mac[1] else value
        groups = [bare[at : at + 2] for at in range(0, 12, 2)]
        yield Form("with colons", ":".join(groups))
        yield Form("with dashes", "-".join(groups))
        yield Form("without separators", bare)
    elif _uuid(value):
        bare = value.replace("-", "")
        yield Form("without dashes", bare)
        yield Form("with dashes", "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:])))
    elif known.information == "basic.phone" and (phone := _phone(value)):
        yield from _phones("".join(phone.groups()))
    elif known.information == "dev.imei" and len(value) == 15:
        yield Form("without check digit", value[:14])
    elif known.information == "dev.iccid" and len(value) == 20:
        yield Form("without check digit", value[:19])
    elif value[0] == "0" and len(value) == 16:
        yield Form("without leading zeros", value.lstrip("0"))


def _phones(number: str) -> Iterator[Form]:
    yield Form("national", number)
    yield Form("+86", f"+86{number}")
    yield Form("86", f"86{number}")
    yield Form("0086", f"0086{number}")
    yield Form("with spaces", f"{number[:3]} {number[3:7]} {number[7:]}", usual=False)
    yield Form("with dashes", f"{number[:3]}-{number[3:7]}-{number[7:]}", usual=False)


def _all(given: list[Form], package: str) -> Iterator[Variant]:
    for form in given:
        yield Variant(form.name, form.text.encode(), edge=_edge(form.text))
    usual = [form for form in given if form.usual]
    yield from _digested(usual, package)
    yield from _based64(usual)
    for form in usual:
        yield from _escaped(form)


def _edge(text: str) -> Edge:
    if text.isdigit() and len(text) < _FREE_DIGITS:
        return "digit"
    return "word" if text.isascii() and text.isalpha() and len(text) < _WORD else ""


def _cases(given: Iterable[Form]) -> Iterator[Form]:
    """Each form as it is, in lower and in upper case; each text once."""
    seen: set[str] = set()
    for form in given:
        for case, text in (("", form.text), ("lower", form.text.lower()), ("upper", form.text.upper())):
            if text not in seen:
                seen.add(text)
                parts = [part for part in (case, form.name if form.name != "raw" else "") if part]
                yield Form(", ".join(parts) or "raw", text)


def _digested(given: Iterable[Form], package: str) -> Iterator[Variant]:
    for form in _cases(given):
        if len(form.text.encode()) < _SHORTEST_DIGESTED:
            continue
        salted = [("", form.text), ("+package", form.text + package), ("package+", package + form.text)]
        for salt, text in salted if package else salted[:1]:
            name = form.name if not salt else f"{form.name}{salt}" if salt[0] == "+" else f"{salt}{form.name}"
            for algorithm in ALGORITHMS:
                yield from _written(f"{algorithm}({name})", digest(algorithm, text.encode()))


def _written(name: str, found: bytes) -> Iterator[Variant]:
    """A digest as hex (the middle of MD5 included), as bytes and as base64."""
    text = found.hex().encode()
    yield Variant(name, text)
    if len(found) == 16:
        yield Variant(f"middle of {name}", text[8:24])
    yield Variant(f"bytes of {name}", found, exact=True)
    for plain in {base64.b64encode(found), base64.urlsafe_b64encode(found)}:
        yield Variant(f"base64({name})", plain.rstrip(b"="), exact=True)


def _based64(given: Iterable[Form]) -> Iterator[Variant]:
    """Base64 of a value that stands anywhere in a longer text: three alignments, without the letters its neighbours touch."""
    for form in _cases(given):
        data = form.text.encode()
        for shift in range(3):
            encoded = base64.b64encode(bytes(shift) + data)
            kept = encoded[-(-8 * shift // 6) : 8 * (shift + len(data)) // 6]
            for text in {kept, kept.translate(_TO_URL_SAFE)}:
                yield Variant(f"base64({form.name})", text, exact=True)


_TO_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _escaped(form: Form) -> Iterator[Variant]:
    text = form.text
    once = quote(text, safe="")
    if once != text:
        yield Variant(f"url({form.name})", once.encode())
        yield Variant(f"url(url({form.name}))", quote(once, safe="").encode())
    yield Variant(f"hex({form.name})", text.encode().hex().encode())
    yield Variant(f"utf-16({form.name})", text.encode("utf-16-le", "replace"))
    if not text.isascii():
        chinese = text.encode("gb18030", "replace")
        yield Variant(f"gbk({form.name})", chinese)
        yield Variant(f"url(gbk({form.name}))", quote(chinese, safe="").encode())
        units = text.encode("utf-16-be", "replace").hex()
        escapes = "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
        yield Variant(f"escaped({form.name})", escapes.encode())

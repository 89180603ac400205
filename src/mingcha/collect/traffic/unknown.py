"""Values that nobody planted: by the name of their key and their form, or by a check digit alone; each is only probable.

Long numbers are found by their digits in one pass over all values together, so that honest traffic costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import numpy as np

from mingcha.collect.traffic import validators
from mingcha.collect.traffic.keys import meanings
from mingcha.formats.layers import Leaf

Confidence = Literal["probable", "possible"]
_LONGEST: Final = 512
_MOST_RUNS: Final = 100_000
_MAC_LENGTH, _IMEI_LENGTH = 17, 15
ALONE: Final = frozenset({_MAC_LENGTH, _IMEI_LENGTH})
"""Lengths of the values that ``alone`` can know."""


class Suspect(NamedTuple):
    """A value that looks like personal information; ``why`` tells what spoke for it."""

    information: str
    value: str
    confidence: Confidence
    why: str


def by_key(leaf: Leaf) -> Suspect | None:
    """What a value is by its key, where its form agrees."""
    named = meanings(leaf.key)
    if not named or len(leaf.value) > _LONGEST:
        return None
    text = leaf.value.decode("utf-8", "replace").strip()
    for meaning in named:
        if meaning.tell and validators.fits(meaning.check, text):
            return Suspect(meaning.information, text, "probable", "key and form")
    return None


def alone(leaf: Leaf) -> Suspect | None:
    """What a whole value is by its form, whatever its key: only forms that few other things have."""
    size = len(leaf.value)
    if size == _MAC_LENGTH and leaf.value[2:3] in {b":", b"-"}:
        text = leaf.value.decode("latin-1")
        if validators.fits(validators.mac, text):
            return Suspect("dev.mac", text, "possible", "form")
    if size == _IMEI_LENGTH and leaf.value.isdigit() and validators.imei(text := leaf.value.decode()):
        return Suspect("dev.imei", text, "possible", "type code and check digit")
    return None


def numbers(data: bytes) -> Iterator[tuple[int, Suspect]]:
    """Resident identity numbers and SIM card numbers anywhere in a text, and where they start."""
    letters = np.frombuffer(data, np.uint8)
    digits = np.zeros(len(letters) + 2, np.bool_)
    digits[1:-1] = (letters >= 0x30) & (letters <= 0x39)
    turns = np.flatnonzero(digits[1:] != digits[:-1])
    starts, ends = turns[::2], turns[1::2]
    sizes = ends - starts
    likely = np.flatnonzero((sizes >= 17) & (sizes <= 20))[:_MOST_RUNS]
    for start, end in zip(starts[likely].tolist(), ends[likely].tolist(), strict=True):
        if start and _letter(data[start - 1]):
            continue
        found = _number(data, start, end)
        if found is not None:
            yield start, found


def _number(data: bytes, start: int, end: int) -> Suspect | None:
    size = end - start
    last = data[end : end + 1]
    text = data[start:end].decode("ascii")
    if (
        size == 17 and last in {b"X", b"x"} and not _letter(data[end + 1])
        if end + 1 < len(data)
        else size == 17 and last in {b"X", b"x"}
    ):
        text += "X"
    elif end < len(data) and _letter(data[end]):
        return None
    if len(text) == 18 and validators.resident_id(text):
        return Suspect("identity.id_number", text, "possible", "region, date and check digit")
    if size >= 19 and validators.iccid(text):
        return Suspect("dev.iccid", text, "possible", "prefix and length")
    return None


def _letter(byte: int) -> bool:
    return 0x41 <= byte <= 0x5A or 0x61 <= byte <= 0x7A or 0x30 <= byte <= 0x39

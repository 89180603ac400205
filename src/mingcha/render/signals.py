"""The signs by which an SDK was recognised, in the reader's language."""

from __future__ import annotations

import re

from mingcha.render.reading import Reading

_LIKENESS = re.compile(
    r"likeness (?P<confidence>\S+) \((?P<marks>\d+) of (?P<learnt>\d+) strings, (?P<classes>\d+) classes\)"
)
_SIGN = re.compile(r"(?P<form>[a-z-]+) (?P<what>\S+)(?: \((?P<classes>\d+) classes\))?")


def signals(reading: Reading, signs: tuple[str, ...]) -> str:
    """The first few signs, and how many more there are."""
    return reading.shortened(tuple(_told(reading, sign) for sign in signs))


def _told(reading: Reading, sign: str) -> str:
    """One sign; what has not the form of ours stays as it is."""
    if match := _LIKENESS.fullmatch(sign):
        return reading.words.say("signal_likeness", **match.groupdict())
    match = _SIGN.fullmatch(sign)
    form = reading.words.value("signal", match["form"]) if match else None
    if match is None or form is None:
        return sign
    return reading.words.say("signal", form=form, what=match["what"], classes=match["classes"])

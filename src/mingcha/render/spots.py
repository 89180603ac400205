"""Where a thing stands and what a member is called, as a reader can use it."""

from __future__ import annotations

import re

from mingcha.model.artefact import Place
from mingcha.render.reading import Reading
from mingcha.render.view import Spot

_MEMBER = re.compile(r"^(\[*)L([^;]+);(?:->([^(:]+)(\(.*)?)?")


def member(reading: Reading, smali: str) -> str:
    """A method or field as source code names it; for the regulator as the DEX file does."""
    return smali if reading.reader == "regulator" else readable_member(smali)


def readable_member(smali: str) -> str:
    """``Lcom/a/B;->run(I)V`` as ``com.a.B.run``: the way source code names it."""
    match = _MEMBER.match(smali)
    if not match:
        return smali
    return ".".join(filter(None, (match[2].replace("/", "."), match[3]))) + match[1].replace("[", "[]")


def spot_of(reading: Reading, place: Place) -> Spot:
    """Where to look, in words and in numbers."""
    artefact = reading.artefacts.get(place.sha256)
    name = artefact.name if artefact else place.sha256[:12]
    return Spot(
        file=f"{name} › {place.path}" if place.path and place.path != name else name,
        artefact=name,
        sha256=place.sha256,
        path=place.path,
        position=position(reading, place),
        quote=place.quote,
        at=place.at,
        unit=place.unit,
        anchor=reading.anchor(place),
    )


def place_of(reading: Reading, place: Place) -> str:
    """Where to look, in a few words: a path inside the package says enough where only one was handed in."""
    file = place.path if place.path and reading.one_package else spot_of(reading, place).file
    return f"{file}{reading.words.labels['place_join']}{position(reading, place)}"


def position(reading: Reading, place: Place) -> str:
    """The position in words: a byte offset in both bases, a paragraph, an entry, or the whole file."""
    if place.at is None:
        return reading.words.say("whole")
    return reading.words.say(place.unit, at=place.at, hex=f"0x{max(place.at, 0):X}")


def anchor_of(clause: str) -> str:
    """The anchor of a clause's entry on the page."""
    return "c-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in clause)

"""Which characters the shipped fonts hold: the fonts are cut by this rule, and the PDF names every other character by number."""

from __future__ import annotations

import re

from mingcha.render.legible import named

RANGES = ((0x20, 0x7F), (0xA0, 0x100), (0xFF01, 0xFF5F))
"""ASCII, Latin-1 and full-width forms; the end is not included."""

SIGNS = "‐–—―‖‘’‚“”„†‡•‥…‰′″‹›※€™←↑→↓≠≤≥✓"


def has(character: str) -> bool:
    """Whether the shipped fonts hold the character: all of GB 2312, and the ranges and signs above."""
    number = ord(character)
    if any(start <= number < end for start, end in RANGES):
        return True
    return character in SIGNS or len(character.encode("gb2312", "ignore")) == 2


_BEYOND_ASCII = re.compile("[^\x20-\x7e]")


def drawable(text: str) -> str:
    """The text with every character the fonts lack as ``[U+9F98]``."""
    return _BEYOND_ASCII.sub(lambda match: match[0] if has(match[0]) else named(match), text)

"""A run of text as people see it: without what is invisible, without bold marks, every sign in its usual form."""

from __future__ import annotations

import re
import unicodedata

STRONG, WEAK, LINK, UNLINK = "\ufdd0\ufdd1\ufdd2\ufdd3"
"""Noncharacters that readers put into a text around bold runs and links; none is left in a block."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufdd0-\ufdef\x00-\x08\x0e-\x1f\x7f]")
_SPACE = re.compile(r"[^\S\n]+")
_SIGN = re.compile("^[\uf000-\uf0ff]", re.MULTILINE)
"""Bullets of symbol fonts."""
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_SPACE_IN_CHINESE = re.compile(f"(?<=[{_WIDE}])\r(?=[{_WIDE}])")
_SOFT_BREAK = re.compile(r"[^\S\n]*\r[^\S\n]*")
_BOLD_MARK = re.compile(r"(?<!\*)\*\*(?!\*)")
_SPECIAL = "\u2e80-\u2fdf\uf900-\ufaff"
_FORMS = re.compile(f"[\u4e00-\u9fff]?[{_SPECIAL}][{_SPECIAL}\u4e00-\u9fff]*")
_RADICALS = dict(
    zip(
        "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民西见角贝车长门青韦页风飞食马鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
"""Radicals that Unicode relates to no character."""


def clean(text: str) -> str:
    """Without invisible characters and bold marks, each run of blanks one space; a carriage return is a soft break."""
    text = _INVISIBLE.sub("", text)
    if "**" in text:
        text = _BOLD_MARK.sub("", text)
    if "\r" in text:
        text = _SOFT_BREAK.sub("\r", text)
        text = _SPACE_IN_CHINESE.sub("", text).replace("\r", " ")
    text = _SIGN.sub("•", _FORMS.sub(_folded, text))
    return "\n".join(_SPACE.sub(" ", line).strip() for line in text.split("\n"))


def _folded(run: re.Match[str]) -> str:
    """Radicals and compatibility forms as the characters they stand for; some PDFs give both for one sign."""
    kept = ""
    special = False
    for character in run[0]:
        usual = _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
        before, special = special, usual != character
        if not ((special or before) and kept[-1:] == usual):
            kept += usual
    return kept

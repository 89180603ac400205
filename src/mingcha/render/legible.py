"""Text that came from an artefact, made harmless to the eye: nothing invisible, nothing that turns the line around."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from msgspec import Struct

T = TypeVar("T")

_SPACE = re.compile("[\t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
_PLAIN = re.compile("[ -~\u2010-\u2027\u2030-\u205e\u3000-\u3163\u3165-\u9fff\uff01-\uff9f]*")
"""What most names are made of: nothing in these ranges is hidden, a space of another kind, or a mark that heaps."""
_HEAP = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
"""Three or more marks upon one letter: no language needs them, and they climb over the lines around."""


def legible(text: str) -> str:
    """The text with every kind of white space as a space and every invisible or direction-changing character as ``[U+202E]``."""
    if (text.isascii() and text.isprintable()) or _PLAIN.fullmatch(text):
        return text
    return _HEAP.sub(_each_named, _HIDDEN.sub(named, _SPACE.sub(" ", text)))


def named(match: re.Match[str]) -> str:
    """A character by its number, for where its shape would mislead or is not to be had."""
    return f"[U+{ord(match[0]):04X}]"


def _each_named(match: re.Match[str]) -> str:
    return "".join(f"[U+{ord(mark):04X}]" for mark in match[0])


def all_legible(value: T) -> T:
    """The same value with every string in it legible; walks structs, tuples and dictionaries."""
    made: Any = _rebuilt(value)
    return made  # type: ignore[no-any-return]


def _rebuilt(value: Any) -> Any:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, tuple):
        return tuple(_rebuilt(item) for item in value)
    if isinstance(value, dict):
        return {key: _rebuilt(item) for key, item in value.items()}
    if isinstance(value, Struct):
        return type(value)(**{name: _rebuilt(getattr(value, name)) for name in value.__struct_fields__})
    return value

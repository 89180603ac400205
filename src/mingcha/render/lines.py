"""Text in lines of a terminal: how wide it is there, and where it may break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WIDTH = 100
HANG = 2
"""Columns at the end of a line that only a closing mark may take, so that none begins the next line."""

_ATOMS = re.compile(r"\s+|[!-~\u00a1-\u02ff\u0370-\u1fff]+|.", re.DOTALL)
_OPENING = frozenset("（《“‘【「『〈([{")
_CLOSING = frozenset("，。、；：？！）】》”’…」』〉%,.;:?!)]}")


def width(line: str) -> int:
    """Columns a terminal gives the text: two for wide characters, none for combining marks."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def wrapped(line: str, indent: int = 0, hanging: int | None = None) -> Iterator[str]:
    """The text in lines of at most ``WIDTH`` columns; Chinese breaks anywhere but before closing marks, other text at spaces."""
    later = " " * (indent if hanging is None else hanging)
    current, used = " " * indent, indent
    for atom in _split(line, WIDTH - HANG - max(indent, len(later))):
        size = width(atom)
        limit = WIDTH if atom in _CLOSING else WIDTH - HANG
        if used + size > limit and current.strip():
            kept = current.rstrip("".join(_OPENING)) if current[-1] in _OPENING else current
            yield kept.rstrip()
            current = later + (current[len(kept) :] or "")
            atom = atom.lstrip()  # noqa: PLW2901 -- a space that ends a line does not begin the next
            used, size = width(current), width(atom)
        current += atom
        used += size
    yield current.rstrip()


def _split(line: str, room: int) -> Iterator[str]:
    """Words, spaces and single wide characters; a word longer than a line is cut."""
    for match in _ATOMS.finditer(line):
        atom = match[0]
        yield from (atom[start : start + room] for start in range(0, len(atom), room))

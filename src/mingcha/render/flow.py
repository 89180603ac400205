"""Where the parts of the picture stand: rows, blocks of who takes and of who receives, lines between, short labels."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby

from mingcha.render.pictureview import Edge, Party, Picture

ROW = 46
WIDE_ROW = 52
"""Rows hold one line more where there are three columns: the evidence stands under the label."""
GAP = 14
TOP = 4
HEAD = 24
"""Height of the names of the columns, where there are three of them."""
COLUMNS = 16
"""Columns (half-width characters) of one line of a label: what fits beside the lines at 360 px."""
ORPHAN = 4
"""A second line of no more columns is no line of its own: the label is broken in its middle."""
NARROW = 14
"""The same where there are three columns; the last one is as wide as the others are with two."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a label at ``y`` and a curve from there to the middle of its block."""

    edge: Edge
    label: tuple[str, ...]
    y: int


@dataclass(frozen=True, slots=True)
class End:
    """Who receives, over the height of the rows that end there; without a name nothing is drawn."""

    label: tuple[str, ...]
    top: int
    height: int
    middle: int


@dataclass(frozen=True, slots=True)
class Block:
    """Who takes, over the height of its rows; curves run in a box of ``height`` that starts at ``top``."""

    party: Party
    label: tuple[str, ...]
    top: int
    height: int
    middle: int
    lines: tuple[Line, ...]
    ends: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole picture and its height; ``wide`` where receivers are drawn as well."""

    picture: Picture
    blocks: tuple[Block, ...]
    height: int
    wide: bool
    linked: bool


def flow(picture: Picture | None) -> Flow | None:
    """The picture laid out from top to bottom, block by block."""
    if picture is None:
        return None
    wide = bool(picture.ends)
    blocks: list[Block] = []
    top = TOP + (HEAD if wide else 0)
    for party in picture.parties:
        blocks.append(_block(party, top, *((WIDE_ROW, NARROW) if wide else (ROW, COLUMNS))))
        top += blocks[-1].height + GAP
    linked = any(edge.anchor for party in picture.parties for edge in party.edges)
    return Flow(picture, tuple(blocks), top - GAP + TOP, wide, linked)


def _block(party: Party, top: int, row: int, room: int) -> Block:
    height = row * len(party.edges)
    lines = tuple(
        Line(edge, short(edge.information, room=room), top + row * number + row // 2)
        for number, edge in enumerate(party.edges)
    )
    ends: list[End] = []
    at = top
    for name, group in groupby(party.edges, key=lambda edge: edge.end):
        tall = row * len(list(group))
        if name:
            ends.append(End(short(name), at, tall, at + tall // 2))
        at += tall
    return Block(party, short(party.name, room=room), top, height, top + height // 2, lines, tuple(ends))


def short(text: str, lines: int = 2, room: int = COLUMNS) -> tuple[str, ...]:
    """The text in at most two short lines, cut with an ellipsis where it is longer."""
    made: list[str] = []
    for word in _words(text, room):
        if made and columns(made[-1] + word) <= room:
            made[-1] += word
        else:
            made.append(word.lstrip())
    if len(made) == lines == 2 and columns(made[1]) <= ORPHAN:
        made = _even(_words(text, room), room)
    if len(made) > lines:
        made = [*made[: lines - 1], _cut(made[lines - 1] + "…" * 9, room)]
    return tuple(line.rstrip() for line in made)


def _even(words: list[str], room: int) -> list[str]:
    """The words in two lines as long as each other as can be: no syllable alone in the second."""
    cuts = [("".join(words[:n]), "".join(words[n:]).lstrip()) for n in range(1, len(words))]
    fitting = [cut for cut in cuts if max(map(columns, cut)) <= room]
    return list(min(fitting, key=lambda cut: max(map(columns, cut))))


def _words(text: str, room: int) -> list[str]:
    """Pieces that a line may break after: words with the space before them, parts of a host, and single wide characters."""
    pieces: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if not pieces or wide or character in " ." or columns(pieces[-1]) >= room or columns(pieces[-1][-1:]) == 2:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _cut(text: str, room: int) -> str:
    kept = ""
    for character in text:
        if columns(kept + character) > room - 1:
            break
        kept += character
    return kept.rstrip("…").rstrip() + "…"


def columns(text: str) -> int:
    """Half-width columns of a text."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

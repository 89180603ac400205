"""Where the parts of the picture stand: rows, blocks of who takes, curves between, and labels cut into short lines."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from mingcha.render.view import Edge, Party, Picture

ROW = 46
GAP = 14
TOP = 4
COLUMNS = 16
"""Columns (half-width characters) of one line of a label: what fits beside the lines at 360 px."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a label at ``y`` and a curve from there to the middle of its block."""

    edge: Edge
    label: tuple[str, ...]
    y: int


@dataclass(frozen=True, slots=True)
class Block:
    """Who takes, over the height of its rows; curves run in a box of ``height`` that starts at ``top``."""

    party: Party
    label: tuple[str, ...]
    top: int
    height: int
    middle: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole picture and its height."""

    picture: Picture
    blocks: tuple[Block, ...]
    height: int


def flow(picture: Picture | None) -> Flow | None:
    """The picture laid out from top to bottom, block by block."""
    if picture is None:
        return None
    blocks: list[Block] = []
    top = TOP
    for party in picture.parties:
        height = ROW * len(party.edges)
        lines = tuple(
            Line(edge, short(edge.information), top + ROW * number + ROW // 2)
            for number, edge in enumerate(party.edges)
        )
        blocks.append(Block(party, short(party.name), top, height, top + height // 2, lines))
        top += height + GAP
    return Flow(picture, tuple(blocks), top - GAP + TOP)


def short(text: str, lines: int = 2) -> tuple[str, ...]:
    """The text in at most two short lines, cut with an ellipsis where it is longer."""
    made: list[str] = []
    for word in _words(text):
        if made and columns(made[-1] + word) <= COLUMNS:
            made[-1] += word
        else:
            made.append(word.lstrip())
    if len(made) > lines:
        made = [*made[: lines - 1], _cut(made[lines - 1] + "…" * 9)]
    return tuple(line.rstrip() for line in made)


def _words(text: str) -> list[str]:
    """Pieces that a line may break after: words with the space before them, and single wide characters."""
    pieces: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if not pieces or wide or character == " " or columns(pieces[-1]) >= COLUMNS or columns(pieces[-1][-1:]) == 2:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _cut(text: str) -> str:
    kept = ""
    for character in text:
        if columns(kept + character) > COLUMNS - 1:
            break
        kept += character
    return kept.rstrip("…").rstrip() + "…"


def columns(text: str) -> int:
    """Half-width columns of a text."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

"""What a page shows of a policy, in words already: its text with marks, what it lets them do, and what it lacks."""

from __future__ import annotations

from msgspec import Struct


class Cite(Struct, frozen=True):
    """A sentence of a policy: what it says, where, and the anchor of its mark (empty where the page shows no text)."""

    quote: str = ""
    place: str = ""
    anchor: str = ""


class Piece(Struct, frozen=True):
    """A stretch of text; where ``anchor`` is set it is marked, ``colour`` and ``letters`` say as what, ``notes`` what was read."""

    text: str
    anchor: str = ""
    colour: str = ""
    letters: str = ""
    notes: tuple[str, ...] = ()


class Passage(Struct, frozen=True):
    """A paragraph in pieces, a heading (``level`` from 1), or a row: its cells in pieces."""

    anchor: str
    level: int
    pieces: tuple[Piece, ...] = ()
    cells: tuple[tuple[Piece, ...], ...] = ()


class Block(Struct, frozen=True):
    """A paragraph or heading alone (``head`` empty), or the rows of one table with the names of its columns."""

    passages: tuple[Passage, ...]
    head: tuple[str, ...] = ()

    @property
    def table(self) -> bool:
        """Whether these are rows."""
        return bool(self.head)


class MarkedText(Struct, frozen=True):
    """One document of a policy with its marks; ``lang`` is its language, ``left_out`` tells how much there was no room for."""

    anchor: str
    title: str
    file: str
    role: str
    lang: str
    count: str
    blocks: tuple[Block, ...]
    left_out: str


class Key(Struct, frozen=True):
    """One line of the legend: a colour, its letter, its name and how many sentences carry it."""

    colour: str
    letter: str
    name: str
    count: int


class Line(Struct, frozen=True):
    """One plain sentence about what the policy lets them do, with the sentence it was read from; ``found`` is false where none was."""

    topic: str
    text: str
    found: bool
    cites: tuple[Cite, ...] = ()
    more: str = ""


class Lack(Struct, frozen=True):
    """Something the policy lacks, why it should have it, a sentence to adapt, and where in the policy to put it.

    ``sentence`` is in parts: every second one, from the second on, is a blank to fill in.
    """

    anchor: str
    missing: str
    basis: tuple[tuple[str, str], ...]
    sentence: tuple[str, ...]
    where: str
    where_anchor: str
    cite: Cite = Cite()
    note: str = ""


class PolicyView(Struct, frozen=True):
    """Everything a page shows of the policies; empty without one."""

    texts: tuple[MarkedText, ...] = ()
    legend: tuple[Key, ...] = ()
    lines: tuple[Line, ...] = ()
    lacks: tuple[Lack, ...] = ()
    lacks_more: str = ""

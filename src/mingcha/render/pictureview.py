"""The picture of who takes which information, in words already."""

from __future__ import annotations

from msgspec import Struct

from mingcha.model.words import Grade


class Edge(Struct, frozen=True):
    """One line of the picture: a type of information and the evidence that a party takes it.

    ``end`` is where the party's code may send it, empty where no way out was found; ``number`` and ``anchor`` are those of
    the route that tells how, 0 and empty where the page tells none.
    """

    information: str
    group: str
    sensitive: bool
    grade: Grade
    grade_word: str
    end: str = ""
    number: int = 0
    anchor: str = ""


class Party(Struct, frozen=True):
    """Who takes information, with the lines that lead to it."""

    name: str
    edges: tuple[Edge, ...]


class Picture(Struct, frozen=True):
    """What is taken and by whom; ``parties`` holds the rows drawn, ``more`` counts those left to the table."""

    parties: tuple[Party, ...]
    more: str
    description: str
    legend: tuple[tuple[Grade, str, str], ...]
    ends: str = ""
    """What the third column means; empty where nothing is known to go anywhere."""

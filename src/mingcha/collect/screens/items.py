"""What stands on one screen, in one form whether a tree or a picture showed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mingcha.formats.uidump import Box

FOOT, HEAD, CORNER = 0.88, 0.12, 0.15
"""Shares of a screen: below the first stand the tabs, above the second the bar with the title, left of the third its arrow back."""
Role = Literal["text", "field", "box", "switch", "image"]
Origin = Literal["tree", "picture"]


@dataclass(frozen=True, slots=True)
class Item:
    """A text or a control. ``plain`` is its text (with that of the links inside it) as words are compared with it.

    ``box`` is where it stands, ``target`` what a tap on it would touch. ``clickable`` and ``checked`` are null where
    nobody can tell; ``alone`` is false for a link inside another text.
    """

    text: str
    plain: str
    box: Box
    target: Box
    role: Role = "text"
    clickable: bool | None = None
    checked: bool | None = None
    origin: Origin = "tree"
    alone: bool = True
    password: bool = False
    button: bool = False
    lines: tuple[Box, ...] = ()
    name: str = ""
    """The resource id's last part."""
    em: float | None = None
    """Height of one em in pixels, where the width of known letters tells it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on one screen. ``blind`` where the tree shows no text at all; ``size`` is width and height in pixels.

    ``window`` is the part of the screen that the topmost window takes, where that could be told.
    """

    items: tuple[Item, ...]
    size: tuple[int, int]
    package: str | None = None
    origin: Origin = "tree"
    blind: bool = False
    window: Box | None = None
    shape: tuple[str, ...] = ()
    packages: frozenset[str] = field(default_factory=frozenset)
    hole: bool = False
    """Whether a large part of the tree shows nothing of what is drawn there."""

    @property
    def texts(self) -> list[Item]:
        """Items with words that nobody typed."""
        return [item for item in self.items if item.plain and item.role != "field"]


def inside(point: tuple[float, float], box: Box) -> bool:
    """Whether a point lies in a box."""
    return box[0] <= point[0] < box[2] and box[1] <= point[1] < box[3]


def centre(box: Box) -> tuple[float, float]:
    """The middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def area(box: Box) -> int:
    """Pixels of a box."""
    return max(0, box[2] - box[0]) * max(0, box[3] - box[1])


def within(inner: Box, outer: Box, slack: int = 2) -> bool:
    """Whether one box lies in another."""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def beside(one: Box, other: Box) -> bool:
    """Whether two boxes share a row: more than half of the lower one's height."""
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(one[3] - one[1], other[3] - other[1]) > 0


def union(boxes: list[Box]) -> Box:
    """The smallest box around all of them."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

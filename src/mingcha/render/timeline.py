"""Where the parts of a run's timeline stand: shares of the width across, pixels down, labels only where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mingcha.render.clocktime import ticks
from mingcha.render.flow import columns, short
from mingcha.render.timelineview import Bar, Lane, Look, Panel, Rule, Stretch, Tick, Who

NAMES_LEAST, NAMES_MOST = 80, 188
CHARACTER = 0.0088
"""How much of the width a half-width character of a label takes, in both forms that are drawn."""
NAME, NOTE = 28, 32
"""Half-width characters of a lane's name, and of the smaller note below it."""
BAND, ROW, LANE, AXIS, HEAD, GAP = 26, 17, 34, 24, 18, 6
LABEL_ROWS = 2
STEM = 0.004
HEAVY, BOLD = 3, 1.12
"""The weight from which labels are printed bold, and how much wider that is."""
LEAST = {"read": 0.007, "sent": 0.014, "asked": 0.014}
"""No bar is narrower, so that one read can be seen, and the point of one send."""
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Item:
    """Something with a time, to be drawn: its ``label`` is short, ``told`` says it all; heavy ones get room first."""

    key: str
    start: datetime
    end: datetime
    label: str
    told: str
    weight: int = 0
    look: Look = "solid"
    plain: bool = False
    short: str = ""
    """What stands where there is no room for the label."""


@dataclass(frozen=True, slots=True)
class Row:
    """A lane to be drawn."""

    kind: Literal["read", "sent", "asked"]
    who: Who
    name: str
    note: str
    early: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Story:
    """Everything of one run that may be drawn."""

    first: datetime
    last: datetime
    rules: tuple[Item, ...] = ()
    stretches: tuple[Item, ...] = ()
    screens: tuple[Item, ...] = ()
    acts: tuple[Item, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass
class _Scale:
    """Shares of the width between two moments."""

    first: datetime
    last: datetime
    choices: tuple[datetime, ...] = ()
    span: float = field(init=False)

    def __post_init__(self) -> None:
        self.span = max((self.last - self.first).total_seconds(), 1e-6)

    def at(self, time: datetime) -> float:
        return round(min(1.0, max(0.0, (time - self.first).total_seconds() / self.span)), DIGITS)

    def place(self, item: Item, least: float = 0.0) -> tuple[float, float]:
        """Where an item begins and how wide it is; it grows to its least width away from a choice that came after it."""
        start, end = self.at(item.start), self.at(item.end)
        width = max(end - start, least)
        most = min([1.0, *(self.at(choice) for choice in self.choices if item.end <= choice)])
        return round(min(start, most - width) if least else start, DIGITS), round(width, DIGITS)

    def inside(self, items: Iterable[Item]) -> list[Item]:
        """What is not wholly outside."""
        return [item for item in items if item.start <= self.last and item.end >= self.first]


def panel(story: Story, first: datetime, last: datetime, identity: str, caption: str) -> Panel:
    """One axis from ``first`` to ``last``, with everything between; lanes without anything there are left out."""
    scale = _Scale(first, last, tuple(rule.start for rule in story.rules))
    rules = _rules(scale, story.rules)
    heads = HEAD * max((rule.row + 1 for rule in rules), default=0)
    band = heads + (GAP if heads else 0)
    screens = _labelled(scale, story.screens)
    acts = _labelled(scale, story.acts)
    screens_top = band + BAND + GAP
    acts_top = screens_top + _tall(screens)
    lanes = _lanes(scale, story.rows, acts_top + _tall(acts))
    bottom = lanes[-1].top + lanes[-1].height if lanes else acts_top + _tall(acts)
    return Panel(
        id=identity,
        caption=caption,
        names=_names(lanes),
        height=bottom + AXIS,
        grid=tuple((scale.at(time), text) for time, text in ticks(first, last)),
        rules=rules,
        heads=heads,
        stretches=_stretches(scale, story.stretches),
        band=band,
        screens=screens,
        screens_top=screens_top,
        acts=acts,
        acts_top=acts_top,
        lanes=lanes,
    )


def _names(lanes: Sequence[Lane]) -> int:
    """How wide the names of the lanes are."""
    longest = max((max(columns(lane.name) * 6, columns(lane.note) * 5.3) for lane in lanes), default=0)
    return min(NAMES_MOST, max(NAMES_LEAST, int(longest) + 20))


def _tall(marks: Sequence[Tick]) -> int:
    """Height of a lane of labels; one without marks takes no room."""
    return ROW * (1 + max((mark.row for mark in marks), default=0)) + 12 if marks else 0


def wide(text: str) -> float:
    """The width of a label, with a little air."""
    return (columns(text) + 1) * CHARACTER


class _Room:
    """What of one row is taken."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float]] = []

    def free(self, start: float, end: float) -> bool:
        return start >= -0.001 and end <= 1.001 and all(end <= a or start >= b for a, b in self._taken)

    def take(self, start: float, end: float) -> None:
        self._taken.append((start, end))


# --- the lines through all lanes -----------------------------------------------------------------------------------


def _rules(scale: _Scale, items: Sequence[Item]) -> tuple[Rule, ...]:
    rows: list[_Room] = []
    return tuple(_rule(scale, item, rows) for item in scale.inside(items))


def _rule(scale: _Scale, item: Item, rows: list[_Room]) -> Rule:
    """A line with its label above, in the first row that has room for it."""
    x, width = scale.place(item)
    middle, size = x + width / 2, wide(item.label)
    start = min(max(0.0, middle - size / 2), max(0.0, 1 - size))
    number = next((n for n, row in enumerate(rows) if row.free(start, start + size)), len(rows))
    if number == len(rows):
        rows.append(_Room())
    rows[number].take(start, start + size)
    anchor: Literal["start", "middle", "end"] = (
        "start" if middle < size / 2 else "end" if middle > 1 - size / 2 else "middle"
    )
    return Rule(item.key, x, width, item.label, number, anchor)


# --- phases, screens, acts -----------------------------------------------------------------------------------------


def _stretches(scale: _Scale, items: Sequence[Item]) -> tuple[Stretch, ...]:
    """The phases, and between them the stretches whose phase is not known."""
    return tuple(_stretch(scale, item) for item in scale.inside(items))


def _stretch(scale: _Scale, item: Item) -> Stretch:
    x, width = scale.place(item)
    return Stretch(item.key, x, width, item.label if wide(item.label) <= width else "", item.told)


def _labelled(scale: _Scale, items: Sequence[Item]) -> tuple[Tick, ...]:
    """Marks with labels beside them, the weightiest first served; others keep their mark."""
    rows = [_Room() for _ in range(LABEL_ROWS)]
    inside = scale.inside(items)
    for item in inside:  # the stem of every mark runs through the first row
        x = scale.at(item.start)
        rows[0].take(x - STEM, x + STEM)
    made: dict[int, Tick] = {}
    for number in sorted(range(len(inside)), key=lambda n: (-inside[n].weight, n)):
        made[number] = _tick(scale, inside[number], rows)
    return tuple(made[number] for number in range(len(inside)))


def _tick(scale: _Scale, item: Item, rows: Sequence[_Room]) -> Tick:
    x, width = scale.place(item)
    size = wide(item.label) * (BOLD if item.weight >= HEAVY else 1)
    for number, row in enumerate(rows if item.label else ()):
        for anchor, start in (("start", x + STEM), ("end", x - STEM - size)):
            if row.free(start, start + size):
                row.take(min(x, start), max(x, start + size))
                return Tick(item.key, x, width, item.label, number, "start" if anchor == "start" else "end", item.told)
    return Tick(item.key, x, width, "", 0, "start", item.told)


# --- lanes ---------------------------------------------------------------------------------------------------------


def _lanes(scale: _Scale, rows: Sequence[Row], top: int) -> tuple[Lane, ...]:
    made: list[Lane] = []
    for row in rows:
        if items := scale.inside(row.items):
            bars = _bars(scale, items, LEAST[row.kind])
            made.append(Lane(row.kind, row.who, _cut(row.name, NAME), _cut(row.note, NOTE), row.early, top, LANE, bars))
            top += LANE
    return tuple(made)


def _cut(text: str, room: int) -> str:
    """The text in one line."""
    return "".join(short(text, 1, room))


def _bars(scale: _Scale, items: Sequence[Item], least: float) -> tuple[Bar, ...]:
    """Values on the upper track and everything else on the lower, each with its label where there is room."""
    tracks = (_Room(), _Room())
    for room in tracks:
        for choice in scale.choices:
            room.take(scale.at(choice) - STEM, scale.at(choice) + STEM)
    placed = [(item, 0 if item.look == "solid" else 1, *scale.place(item, least)) for item in items]
    for _, track, x, width in placed:
        tracks[track].take(x, x + width)
    return tuple(_bar(item, track, x, width, tracks[track]) for item, track, x, width in placed)


def _bar(item: Item, track: int, x: float, width: float, room: _Room) -> Bar:
    label, anchor = _beside(item, x, x + width, room)
    return Bar(item.look, track, x, width, label, anchor, item.plain, item.told)


def _beside(item: Item, start: float, end: float, room: _Room) -> tuple[str, Literal["start", "end"]]:
    """The label of a bar, or its short form, to the right or to the left of it; none where there is no room."""
    sides: tuple[Literal["start", "end"], ...] = ("start", "end")
    for label in filter(None, (item.label, item.short)):
        for side in sides:
            left = end if side == "start" else start - wide(label)
            if room.free(left, left + wide(label)):
                room.take(left, left + wide(label))
                return label, side
    return "", "start"

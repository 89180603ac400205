"""The timeline of a run as a picture, in words already and laid out: shares of the width across, pixels down."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Who = Literal["app", "sdk", "unknown"]
Look = Literal["solid", "hollow", "dashed"]
"""Solid: a value came back, or was seen leaving. Hollow: an attempt that failed, or a value that only looks like one. Dashed:
nobody knows whether a value came back, or whether this app sent it."""


class Stretch(Struct, frozen=True):
    """One phase of the band, from ``x`` over ``width``; an empty ``key`` is a stretch whose phase nobody knows."""

    key: str
    x: float
    width: float
    label: str
    told: str


class Tick(Struct, frozen=True):
    """A moment with a short label in row ``row``; a label that finds no room is empty, an ``end`` label stands to the left."""

    key: str
    x: float
    width: float
    label: str
    row: int
    anchor: Literal["start", "end"]
    told: str


class Rule(Struct, frozen=True):
    """A choice, drawn through all lanes; ``width`` is above 0 where it is only known between which screens it was made."""

    key: str
    x: float
    width: float
    label: str
    row: int
    anchor: Literal["start", "middle", "end"]


class Bar(Struct, frozen=True):
    """Reads or sends from the first to the last of them, on the lane's upper (0) or lower (1) track."""

    look: Look
    track: int
    x: float
    width: float
    label: str
    anchor: Literal["start", "end"]
    plain: bool
    told: str


class Lane(Struct, frozen=True):
    """What one party took of one type, or what went to one host; ``top`` and ``height`` in pixels."""

    kind: Literal["read", "sent", "asked"]
    who: Who
    name: str
    note: str
    early: bool
    top: int
    height: int
    bars: tuple[Bar, ...]


class Panel(Struct, frozen=True):
    """One axis: the whole run, or its first part drawn larger; ``names`` is the width of the names of its lanes, in pixels."""

    id: str
    caption: str
    names: int
    height: int
    grid: tuple[tuple[float, str], ...]
    rules: tuple[Rule, ...]
    heads: int
    stretches: tuple[Stretch, ...]
    band: int
    screens: tuple[Tick, ...]
    screens_top: int
    acts: tuple[Tick, ...]
    acts_top: int
    lanes: tuple[Lane, ...]


class Timeline(Struct, frozen=True):
    """One run: its axes, what the marks mean, what is not drawn, and the moments in the order of time."""

    number: int
    anchor: str
    title: str
    about: str
    description: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    moments: tuple[str, ...]
    more: str
    table: str

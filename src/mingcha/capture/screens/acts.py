"""What a person's touches mean on the screen that was taken last: a tap on something, a drawn finger, the system's own keys."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from mingcha.capture.screens.clock import Clock
from mingcha.capture.screens.phone import About, Window
from mingcha.capture.screens.touches import Event, Panel, Point
from mingcha.formats.uidump import Box, UiDump
from mingcha.model.words import ActKind

FAR = 0.04
"""A finger that moves over more than this part of the screen's width draws."""
KEYS = 36
"""Height in dp from which on a bar holds keys."""
Edge = Literal["side", "middle"] | None
EDGE = 0.05
"""The part of the screen at whose edge the system's gestures begin."""


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What led to a screen; ``to`` is where a swipe ended, ``moment`` on the device's clock, in seconds."""

    kind: ActKind
    at: Point | None = None
    to: Point | None = None
    on: Box | None = None
    moment: float | None = None
    edge: Edge = None
    """Where the system's own gestures and keys lie: those at a side go back, those in the middle go home."""


class Shot(NamedTuple):
    """A moment as it was taken; null where nothing can be told."""

    moment: float
    tree: bytes | None
    picture: bytes | None
    window: Window | None
    dump: UiDump | None


NOTHING = Shot(0.0, None, None, None, None)


class Acts:
    """Reads touches on one device."""

    def __init__(self, about: About, clock: Clock) -> None:
        self._about, self._clock = about, clock

    def of(self, event: Event, shot: Shot) -> Act:
        """What a person did, on the screen that was taken last."""
        moment = self._clock.of_stamp(event.stamp)
        if event.key != "touch":
            return Act(kind=event.key, moment=moment)
        start, end = (self._on_screen(event.panel, point, shot) for point in (event.start, event.end))
        if start is None or end is None:
            return Act(kind="tap", moment=moment)
        across, down = abs(start[0] - end[0]), abs(start[1] - end[1])
        if max(across, down) > FAR * min(self._turned_size(shot)):
            return Act(
                kind="swipe", at=start, to=end, moment=moment, edge=self._gesture(start, shot, sideways=across > down)
            )
        window = shot.window
        if window is None or any(_holds(box, start) for box in (*window.bars, *window.keyboard)):
            return Act(kind="tap", moment=moment, edge=self._key(start, shot))
        return Act(kind="tap", at=start, on=touched(shot.dump, start), moment=moment)

    def _keys(self, shot: Shot) -> list[Box]:
        """Where the system's keys lie; the thin line of a phone without keys is none: touches there reach the app."""
        bars = shot.window.bars if shot.window else ()
        return [
            box for box in bars if min(box[2] - box[0], box[3] - box[1]) >= KEYS * (self._about.density or 160) / 160
        ]

    def _key(self, point: Point, shot: Shot) -> Edge:
        """Which of the system's keys a touch met; home lies in the middle, back at one side and the list of apps at the other."""
        for box in self._keys(shot):
            long = 0 if box[2] - box[0] > box[3] - box[1] else 1
            part = (point[long] - box[long]) / (box[long + 2] - box[long])
            if _holds(box, point):
                return "middle" if 1 / 3 < part < 2 / 3 else "side"
        return None

    def _gesture(self, start: Point, shot: Shot, *, sideways: bool) -> Edge:
        """Whether a drawn finger began where the gestures of a phone without keys do."""
        wide, high = self._turned_size(shot)
        if self._keys(shot):
            return None
        if sideways and min(start[0], wide - 1 - start[0]) < EDGE * wide:
            return "side"
        return "middle" if start[1] > (1 - EDGE) * high else None

    def _on_screen(self, panel: Panel | None, point: Point | None, shot: Shot) -> Point | None:
        if panel is None or point is None or not all(self._about.size):
            return None
        return panel.on_screen(point, self._about.size, _turn(shot))

    def _turned_size(self, shot: Shot) -> tuple[int, int]:
        return self._about.size if _turn(shot) % 2 == 0 else (self._about.size[1], self._about.size[0])


def told(act: Act | None, before: Shot, window: Window | None) -> Act | None:
    """Touches of the system's own keys and gestures, by where they led."""
    if act is None or act.edge is None or window is None:
        return act
    if window.package != (before.window.package if before.window else None) and _is_home(window):
        return Act(kind="home", moment=act.moment)
    return Act(kind="back", moment=act.moment) if act.edge == "side" else act


def touched(dump: UiDump | None, point: Point) -> Box | None:
    """The bounds of what a touch meets: the last node drawn there that answers touches, else the last one drawn."""
    if dump is None:
        return None
    there = [node for node in dump.nodes if node.bounds is not None and _holds(node.bounds, point)]
    answering = [node for node in there if node.clickable or node.checkable]
    return (answering or there)[-1].bounds if there else None


def middle(box: Box) -> Point:
    """The point in the middle of a box."""
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2


def _holds(box: Box, point: Point) -> bool:
    return box[0] <= point[0] < box[2] and box[1] <= point[1] < box[3]


def _is_home(window: Window) -> bool:
    return "launcher" in f"{window.package} {window.activity}".lower() or "home" in (window.package or "").lower()


def _turn(shot: Shot) -> int:
    """Quarters by which the screen that was taken last is turned."""
    if shot.dump is not None and shot.dump.rotation is not None:
        return shot.dump.rotation
    return (shot.window.turned or 0) if shot.window else 0

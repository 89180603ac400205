"""Lines of a picture on the surfaces they stand on: which belong together, which surface is a dialog's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mingcha.collect.screens import picture
from mingcha.collect.screens.items import area, beside, centre, inside, union
from mingcha.collect.screens.ocr import Line
from mingcha.collect.screens.picture import Pixels
from mingcha.formats.uidump import Box

_WHOLE = 0.93
"""A panel that takes more than this share of the screen is a page."""
DIM = 0.78
"""What lies behind a dialog is darker than this share of what is brightest in it."""
_GAP = 0.9


@dataclass(frozen=True, slots=True)
class Spot:
    """A line with the even surface it stands on, that surface's colour, and how bright the line is."""

    line: Line
    surface: Box
    light: float
    back: tuple[int, int, int] = (0, 0, 0)


def spot_of(pixels: Pixels, line: Line) -> Spot:
    """Walk from the line to all four sides until the colour behind it ends."""
    left, top, _, bottom = line.box
    part = picture.cut(pixels, line.box)
    if part.size == 0:
        return Spot(line, line.box, 0.0)
    back = picture.common_colour(part)
    start, end = _across(pixels, line.box, back)
    column_at = min(max(start + max(3, (left - start) // 3), 0), pixels.shape[1] - 1)
    column = picture.differs(pixels[:, column_at : column_at + 1], back)[:, 0]
    first, last = _run(column, top, bottom)
    return Spot(line, (start, first, end, last), picture.mean_light(part), back)


def _across(pixels: Pixels, box: Box, back: tuple[int, int, int]) -> tuple[int, int]:
    """How far the colour goes on to the left and to the right: through the line, and over and under it, where no letter stands."""
    left, top, right, bottom = box
    aside = max(2, (bottom - top) // 8)
    rows = [min(max(at, 0), pixels.shape[0] - 1) for at in ((top + bottom) // 2, top - aside, bottom + aside)]
    other = [picture.differs(pixels[at : at + 1], back)[0] for at in rows]
    found = [_run(row, left, right) for n, row in enumerate(other) if n == 0 or not row[left:right].any()]
    return min(start for start, _ in found), max(end for _, end in found)


def _run(other: np.ndarray[tuple[int], np.dtype[np.bool_]], start: int, end: int) -> tuple[int, int]:
    """The stretch around ``start`` to ``end`` that has no other colour outside of it."""
    before = np.flatnonzero(other[: max(start, 0)])
    after = np.flatnonzero(other[min(end, len(other)) :])
    return (int(before[-1]) + 1 if before.size else 0), (end + int(after[0]) if after.size else len(other))


def panel_of(spots: list[Spot], size: tuple[int, int], pixels: Pixels) -> Box | None:
    """The surface of a dialog: it does not fill the screen, and everything outside of it is dim."""
    surfaces = sorted({spot.surface for spot in spots}, key=lambda box: (-area(box), box))
    for surface in surfaces[:8]:
        if area(surface) >= _WHOLE * size[0] * size[1]:
            continue
        held = [spot for spot in spots if inside(centre(spot.line.box), surface)]
        if len(held) < 2:
            continue
        brightest = max(spot.light for spot in held)
        above = pixels[: max(surface[1] - 4, 1)]
        if surface[1] > 0.04 * size[1] and picture.mean_light(above[: max(4, int(0.03 * size[1]))]) < DIM * brightest:
            return surface
    return None


def paragraphs(spots: list[Spot], window: Box, answers: frozenset[Spot] = frozenset()) -> list[list[Spot]]:
    """Lines that continue one another; two ``answers`` beside each other are two buttons, however near they stand."""
    found: list[list[Spot]] = []
    plain = [spot for spot in spots if not is_button(spot.surface, spot.line.box, window)]
    edges = {
        held: max((spot.line.box[2] for spot in plain if inside(centre(spot.line.box), window) is held), default=0)
        for held in (True, False)
    }
    for spot in sorted(
        _whole_lines(spots, window, answers), key=lambda s: (s.line.box[1] + s.line.box[3], s.line.box[0])
    ):
        right = edges[inside(centre(spot.line.box), window)]
        home = next((rows for rows in reversed(found) if _continues(rows, spot, window, right)), None)
        if home is None:
            found.append([spot])
        else:
            home.append(spot)
    return found


def _whole_lines(spots: list[Spot], window: Box, answers: frozenset[Spot]) -> list[Spot]:
    """Lines that the engine found in pieces, put together from left to right."""
    found: list[Spot] = []
    for spot in sorted(spots, key=lambda s: s.line.box[0]):
        apart = spot in answers
        whole = (n for n, other in enumerate(found) if not (apart and other in answers))
        at = next((n for n in whole if _piece_of(found[n], spot, window)), None)
        if at is None:
            found.append(spot)
            continue
        left, right = found[at].line, spot.line
        line = Line(left.text + right.text, union([left.box, right.box]), min(left.confidence, right.confidence))
        found[at] = replace(found[at], line=line, light=max(found[at].light, spot.light))
    return found


def _piece_of(left: Spot, right: Spot, window: Box) -> bool:
    """Whether a piece goes on where another ends, in the same row, size and colour."""
    one, other = left.line.box, right.line.box
    tall, own = one[3] - one[1], other[3] - other[1]
    near = beside(one, other) and -0.8 * tall < other[0] - one[2] < 1.2 * tall and other[2] > one[2]
    alike = abs(tall - own) < 0.4 * max(tall, own) and _same_back(left, right)
    return near and alike and not any(is_button(s.surface, s.line.box, window) for s in (left, right))


def _same_back(one: Spot, other: Spot) -> bool:
    return max(abs(a - b) for a, b in zip(one.back, other.back, strict=True)) < 12


def _continues(rows: list[Spot], spot: Spot, window: Box, right: int) -> bool:
    last, box = rows[-1].line.box, spot.line.box
    tall, own = last[3] - last[1], box[3] - box[1]
    if len(rows) == 1 and rows[0].line.text.endswith(("？", "?")):
        return False  # a question that is a title; what follows explains it
    if not _same_back(rows[-1], spot) or any(is_button(s.surface, s.line.box, window) for s in (rows[-1], spot)):
        return False
    if not 0.6 < own / max(tall, 1) < 1.5 or not -0.5 * tall < box[1] - last[3] < _GAP * tall:
        return False
    aligned = abs(last[0] - box[0]) < 0.8 * tall
    middled = abs((last[0] + last[2]) - (box[0] + box[2])) < 0.8 * tall
    first = rows[0].line.box
    full = last[2] > right - 2.5 * tall and last[2] - last[0] > max(5 * tall, 0.6 * (window[2] - window[0]))
    return full and (aligned or middled or abs(first[0] - box[0]) < 3 * tall)


def is_button(surface: Box, text: Box, window: Box) -> bool:
    """A surface of its own around one line, narrower than the window and not much higher than the line, which stands in its middle."""
    tall = text[3] - text[1]
    inset = surface[0] > window[0] + 6 and surface[2] < window[2] - 6
    low = 1.3 * tall < surface[3] - surface[1] < 4.5 * tall
    middle = abs((surface[0] + surface[2]) - (text[0] + text[2])) < 2 * tall
    return inset and low and middle

"""A picture's lines of text as items: paragraphs put together, the dialog told from the darkened page behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from mingcha.collect.screens import picture
from mingcha.collect.screens.items import Item, Sheet, beside, centre, inside, union
from mingcha.collect.screens.leading import is_personalised
from mingcha.collect.screens.ocr import Line
from mingcha.collect.screens.picture import Pixels
from mingcha.collect.screens.surfaces import DIM, Spot, is_button, panel_of, paragraphs, spot_of
from mingcha.collect.screens.wording import Words
from mingcha.formats.uidump import Box

_BAR = 0.035
"""Share of the screen's height that the system's bar on top takes."""
_BOX_LISTS = ("ui_box_agree", "ui_box_remember", "ui_box_marketing", "ui_box_personalised", "ui_box_terms")


def from_picture(pixels: Pixels, lines: Iterable[Line], words: Words) -> Sheet:
    """The screen as its picture shows it."""
    high, wide = pixels.shape[:2]
    spots = [spot_of(pixels, line) for line in lines if line.box[3] > _BAR * high]
    panel = panel_of(spots, (wide, high), pixels)
    if panel is not None:
        brightest = max(spot.light for spot in spots if inside(centre(spot.line.box), panel))
        spots = [s for s in spots if inside(centre(s.line.box), panel) or s.light > DIM * brightest]
    window = panel or (0, 0, wide, high)
    answers = frozenset(spot for spot in spots if words.label(words.plain(spot.line.text)))
    texts = [_item(rows, words, window) for rows in paragraphs(spots, window, answers)]
    items: list[Item] = _crosses(pixels, panel, texts) if panel else []
    for item in texts:
        items.append(item)
        items += _box_of(pixels, item, words, window[0])
    items += _switches(pixels, texts, words)
    return Sheet(items=tuple(items), size=(wide, high), origin="picture", blind=not texts, window=panel)


def _item(rows: list[Spot], words: Words, window: Box) -> Item:
    text = "".join(
        row.line.text
        if n == 0 or not row.line.text[:1].isascii() or not rows[n - 1].line.text[-1:].isascii()
        else " " + row.line.text
        for n, row in enumerate(rows)
    )
    lines = tuple(row.line.box for row in rows)
    box = union(list(lines))
    surface = rows[0].surface
    button = len(rows) == 1 and is_button(surface, box, window)
    target = surface if button else box
    plain = words.plain(words.spaced(text))
    return Item(text, plain, box, target, origin="picture", lines=lines, button=button, em=_em(rows))


_WIDE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
_ENOUGH = 8


def _em(rows: list[Spot]) -> float | None:
    """By lines of Chinese characters, each of which is one em wide."""
    wide = [row.line for row in rows if len(_WIDE.findall(row.line.text)) >= max(_ENOUGH, 0.8 * len(row.line.text))]
    sizes = sorted(
        (line.box[2] - line.box[0]) / (0.45 * len(line.text) + 0.55 * len(_WIDE.findall(line.text))) for line in wide
    )
    return sizes[len(sizes) // 2] if sizes else None


def _crosses(pixels: Pixels, panel: Box, texts: list[Item]) -> list[Item]:
    """A small sign in the dialog's upper corner or under it, where apps put the cross that closes it."""
    wide = pixels.shape[1]
    corner = int(0.14 * wide)
    middle = (panel[0] + panel[2]) // 2
    places = (
        (panel[2] - corner, panel[1] + 4, panel[2] - 4, panel[1] + corner),
        (middle - corner // 2, panel[3] + 4, middle + corner // 2, panel[3] + corner),
    )
    found = []
    for place in places:
        mark = _island(pixels, place)
        if mark is None or not 0.018 * wide < mark[2] - mark[0] < 0.09 * wide:
            continue
        edge = 0.015 * wide  # a rounded corner is no cross
        if mark[2] > panel[2] - edge or (mark[1] < panel[1] + edge and mark[3] > panel[1]):
            continue
        if not any(inside(centre(mark), text.box) for text in texts):
            found.append(Item("", "", mark, mark, "image", origin="picture", name="close"))
    return found


def _box_of(pixels: Pixels, item: Item, words: Words, edge: int) -> list[Item]:
    """A small square or circle left of the paragraph's first line."""
    if not any(words.has(name, item.plain) for name in _BOX_LISTS) and len(item.plain) > 24:
        return []
    first = item.lines[0]
    tall = first[3] - first[1]
    left = max(edge and edge + 2, int(first[0] - 2.6 * tall))
    place = _island(pixels, (left, first[1] - tall // 4, first[0] - 1, first[3] + tall // 4))
    if place is None or not 0.45 * tall < place[3] - place[1] < 1.5 * tall:
        return []
    state = picture.ticked(pixels, (place[0] - 2, place[1] - 2, place[2] + 2, place[3] + 2))
    return [] if state is None else [Item("", "", place, place, "box", checked=state, origin="picture")]


def _island(pixels: Pixels, region: Box) -> Box | None:
    """Where something is drawn in a region that holds nothing else; it must not touch the region's edge on the left."""
    part = picture.cut(pixels, region)
    if part.shape[0] < 8 or part.shape[1] < 8:
        return None
    back = picture.common_colour(np.concatenate([part[0], part[-1]]).reshape(1, -1, 3))
    drawn = picture.differs(part, back)
    columns = np.flatnonzero(drawn.any(axis=0))
    if columns.size == 0:
        return None
    pieces = np.split(columns, np.flatnonzero(np.diff(columns) > 3) + 1)
    piece = pieces[-1]
    rows = np.flatnonzero(drawn[:, piece[0] : piece[-1] + 1].any(axis=1))
    box = (int(piece[0]), int(rows[0]), int(piece[-1]) + 1, int(rows[-1]) + 1)
    wide, high = box[2] - box[0], box[3] - box[1]
    if box[0] == 0 or not 0.7 < wide / high < 1.4:
        return None
    return region[0] + box[0], max(region[1], 0) + box[1], region[0] + box[2], max(region[1], 0) + box[3]


def _switches(pixels: Pixels, texts: list[Item], words: Words) -> list[Item]:
    """A pill right of a short text that speaks of recommendation or consent."""
    found = []
    for item in texts:
        first = item.lines[0]
        tall = first[3] - first[1]
        asks = not item.button and words.has("ui_box_agree", item.plain) and words.has("ui_box_terms", item.plain)
        if not (asks or is_personalised(item.plain, words)) or len(item.lines) > 2:
            continue
        region = (max(first[2] + tall, int(0.6 * pixels.shape[1])), first[1] - tall, pixels.shape[1], first[3] + tall)
        place = _pill(pixels, region, tall)
        if (
            place is not None
            and place[3] - place[1] < 2.2 * tall
            and not any(other is not item and beside(other.box, place) and other.box[0] > first[2] for other in texts)
        ):
            found.append(
                Item(
                    "", "", place, place, "switch", checked=picture.switched_on(pixels, _wider(place)), origin="picture"
                )
            )
    return found


def _wider(box: Box) -> Box:
    return box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3


def _pill(pixels: Pixels, region: Box, tall: int) -> Box | None:
    part = picture.cut(pixels, region)
    if part.shape[0] < 8 or part.shape[1] < 12:
        return None
    drawn = picture.differs(part, picture.common_colour(part), 10)
    columns = np.flatnonzero(drawn.mean(axis=0) > 0.08)
    if columns.size == 0:
        return None
    pieces = [p for p in np.split(columns, np.flatnonzero(np.diff(columns) > 3) + 1) if p.size > 0.8 * tall]
    for piece in pieces:
        filled = np.flatnonzero(drawn[:, piece[0] : piece[-1] + 1].mean(axis=1) > 0.3)
        rows = max(np.split(filled, np.flatnonzero(np.diff(filled) > 1) + 1), key=len)  # lines between rows left aside
        if rows.size and 1.3 < piece.size / (rows[-1] - rows[0] + 1) < 3.2:
            return (
                region[0] + int(piece[0]), max(region[1], 0) + int(rows[0]),
                region[0] + int(piece[-1]) + 1, max(region[1], 0) + int(rows[-1]) + 1,
            )  # fmt: skip
    return None


def with_drawn_boxes(sheet: Sheet, pixels: Pixels) -> Sheet:
    """The tree's sheet with boxes that are only drawn: their state is read from the picture."""
    return replace(sheet, items=tuple(_read_state(item, pixels) for item in sheet.items))


def _read_state(item: Item, pixels: Pixels) -> Item:
    if item.checked is not None or not (item.role == "box" or (item.role == "image" and not item.text)):
        return item
    return replace(item, checked=picture.ticked(pixels, _wider(item.box)))

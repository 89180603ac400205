"""Buttons of a screen by their labels, and boxes to tick by the words beside them."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from mingcha.collect.screens.items import Item, Sheet, beside
from mingcha.collect.screens.wording import Label, Words
from mingcha.formats.uidump import Box

Means = Literal["consent", "remember", "marketing", "personalised", "other"]
_QUOTED = re.compile("\\s*[“「『'\"]?([^“”「」『』'\"，。；！、]{2,24})")
_NO = frozenset({"refuse", "leave", "cancel", "skip"})
_SHORT, _SHORT_LATIN = 12, 26
_BAR, _ARROW = 0.12, 0.25
"""Shares of the screen's height and width in which the arrow of a page's bar stands."""
_STOP = re.compile("[。；？！?!;]")


class Button(Struct, frozen=True, kw_only=True):
    """Something to tap whose label has a meaning; ``target`` is what answers the tap.

    ``by_place``: its words are in no list, only where it stands tells what it means; nothing may be proved by it.
    """

    label: Label
    text: str
    plain: str
    box: Box
    target: Box
    by_place: bool = False


class Tick(Struct, frozen=True, kw_only=True):
    """A box to tick. ``text`` is what stands beside it, ``target`` what a tap may touch, ``drawn`` where no class says that it is one."""

    means: Means
    checked: bool | None
    text: str
    plain: str
    box: Box
    target: Box
    drawn: bool = False
    policy: bool = False
    """Whether the words beside it name the policy, and not only other terms."""
    surely: bool = True
    """Whether it is a box beyond doubt: by its class, or by being touched for words that agree; else it may be an ornament."""


def buttons(sheet: Sheet, words: Words) -> tuple[Button, ...]:
    """Items that can be tapped and whose label says yes or no."""
    found: dict[Box, Button] = {}
    touched = [item for item in tappable(sheet) if not is_arrow_back(item, sheet, words)]
    labelled = [(item, label) for item in touched if (label := words.label(item.plain))]
    drawn = [item.box for item, _ in labelled if item.button and item.origin == "picture"]
    for item, label in labelled:
        if drawn and label == "agree" and not any(in_line(item.box, box) for box in drawn):
            continue  # a line of a list beside a dialog's button
        if not _STOP.search(item.plain) and "《" not in item.plain:
            button = Button(label=label, text=item.text, plain=item.plain, box=item.box, target=item.target)
            found.setdefault(item.target if item.clickable else item.box, button)
    for item in sheet.items:
        if item.origin == "picture" and item.role == "image":
            found[item.box] = Button(label="cancel", text="×", plain="×", box=item.box, target=item.box)
    said = tuple(found.values())
    return said if any(button.label in _NO for button in said) else said + _in_sentences(sheet, words)


def is_arrow_back(item: Item, sheet: Sheet, words: Words) -> bool:
    """Whether it is the arrow of a page's bar, that leaves the page and answers nothing on it."""
    left, top, right, _ = item.box
    corner = top < _BAR * sheet.size[1] and right - left < _ARROW * sheet.size[0] and left < _ARROW * sheet.size[0]
    return words.whole("ui_back", item.plain) and (item.role == "image" or corner)


def in_line(box: Box, button: Box) -> bool:
    """Whether a line stands in a button's row or in the same middle."""
    off = abs((box[0] + box[2]) - (button[0] + button[2]))
    return beside(box, button) or off < 2 * (box[3] - box[1])


def tappable(sheet: Sheet) -> list[Item]:
    """Texts that answer a tap: the tree says so; in a picture, or where no node does, short lines that are no title and label no box."""
    texts = [item for item in sheet.texts if item.role in ("text", "image") and item.alone]
    if any(item.clickable for item in sheet.items):
        return [item for item in texts if item.clickable]
    first = min((item.box[1] for item in texts), default=0)
    ticked = [item.box for item in sheet.items if item.role == "box"]
    return [
        item
        for item in texts
        if len(item.lines) < 2
        and not item.plain.endswith(("。", "；", "：", "，"))
        and (
            item.button
            or (item.box[1] > first and len(item.plain) <= (_SHORT_LATIN if item.plain.isascii() else _SHORT))
        )
        and not any(beside(box, item.box) and 0 <= item.box[0] - box[2] < 2 * (box[2] - box[0]) for box in ticked)
    ]


def _in_sentences(sheet: Sheet, words: Words) -> tuple[Button, ...]:
    """Ways to say no that are a link inside a sentence: "tap … to look around only"."""
    found = []
    for item in sheet.texts:
        for _, end in words.spans("ui_tap_words", item.plain):
            label = _QUOTED.match(item.plain[end:])
            meant = words.label(label[1]) if label else None
            if label and meant in _NO:
                found.append(Button(label=meant, text=label[1], plain=label[1], box=item.box, target=item.box))
    return tuple(found)


def ticks(sheet: Sheet, words: Words) -> tuple[Tick, ...]:
    """Boxes with what stands beside them; small pictures count where the words beside them ask for an agreement."""
    found = []
    for item in sheet.items:
        drawn = item.role == "image" and not item.text
        if item.role not in ("box", "switch") and not drawn:
            continue
        beside_it = before_switch(item, sheet) if item.role == "switch" else words_of(item, sheet)
        text, plain = (beside_it.text, _row_of(beside_it, sheet)) if beside_it else (item.text, item.plain)
        means = _means(plain, words)
        if item.role == "switch" and means != "consent":
            continue
        if (drawn and (means != "consent" or not _like_a_box(item, beside_it, sheet))) or not plain:
            continue
        found.append(
            Tick(
                means=means,
                checked=item.checked,
                text=text,
                plain=plain,
                box=item.box,
                target=item.target,
                drawn=drawn,
                policy=words.has("ui_policy", plain) or words.has("ui_consent_paper", plain),
                surely=_surely(item, plain, words, drawn=drawn),
            )
        )
    return tuple(found)


def _surely(item: Item, plain: str, words: Words, *, drawn: bool) -> bool:
    """A mark before "please read …" decorates; so does a picture that nobody can touch."""
    if item.origin == "tree" and not drawn:
        return True
    touched = item.origin == "picture" or item.clickable is True
    return touched and words.has("ui_box_agree", plain) and not words.has("ui_please", plain)


def words_of(box: Item, sheet: Sheet) -> Item | None:
    """The text that belongs to a box: its own, or the nearest one right of it in its row."""
    if box.plain and box.role == "box":
        return box
    right = [
        item
        for item in sheet.texts
        if item.role == "text" and item.alone and item.box[0] >= box.box[2] - 4 and _first_line_beside(box.box, item)
    ]
    nearest = min(right, key=lambda item: (item.box[0], item.box[1]), default=None)
    if nearest is not None and nearest.box[0] - box.box[2] < 0.15 * sheet.size[0]:
        return nearest
    return None


def before_switch(switch: Item, sheet: Sheet) -> Item | None:
    """The text left of a switch, in its row."""
    row = [
        t
        for t in sheet.texts
        if t.role == "text" and t.alone and beside(t.box, switch.box) and t.box[0] < switch.box[0]
    ]
    return max(row, key=lambda t: t.box[0], default=None)


def _row_of(first: Item, sheet: Sheet) -> str:
    """The text with the pieces that follow it in its row without a gap."""
    plain, end = first.plain, first.box[2]
    pieces = [t for t in sheet.texts if t.role == "text" and t.alone and t is not first and beside(t.box, first.box)]
    for piece in sorted(pieces, key=lambda t: t.box[0]):
        if -4 <= piece.box[0] - end <= 0.03 * sheet.size[0]:
            plain, end = plain + piece.plain, piece.box[2]
    return plain


def _first_line_beside(box: Box, item: Item) -> bool:
    first = (
        item.lines[0]
        if item.lines
        else (item.box[0], item.box[1], item.box[2], min(item.box[3], item.box[1] + (box[3] - box[1]) * 2))
    )
    return beside(box, first) or beside(box, item.box)


def _like_a_box(item: Item, text: Item | None, sheet: Sheet) -> bool:
    """A picture small enough for a box, right before the words."""
    side = item.box[3] - item.box[1]
    return text is not None and side < 0.09 * sheet.size[0] and text.box[0] - item.box[2] < 1.5 * side


def _means(plain: str, words: Words) -> Means:
    asks = words.has("ui_box_agree", plain) and not words.has("ui_cancel_root", plain)
    if words.has("ui_box_remember", plain):
        return "remember"
    if (asks and words.has("ui_box_terms", plain)) or words.has("ui_policy", plain):
        return "consent"
    if words.has("ui_box_personalised", plain):
        return "personalised"
    return "marketing" if words.has("ui_box_marketing", plain) else "other"

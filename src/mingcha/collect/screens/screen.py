"""One moment of a walk from its files: the tree first, the picture where the tree is blind, pixels where they tell more."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from mingcha.collect.screens import ocr, picture
from mingcha.collect.screens.drawn import from_picture, with_drawn_boxes
from mingcha.collect.screens.items import Sheet
from mingcha.collect.screens.picture import Pixels
from mingcha.collect.screens.reading import UNREAD, ScreenReading, read_sheet
from mingcha.collect.screens.telling import purposes_on, tells_any
from mingcha.collect.screens.tree import fingerprint, from_tree
from mingcha.collect.screens.wording import Words
from mingcha.errors import FormatError
from mingcha.formats.uidump import UiDump, read_dump

_BLANK = re.compile(r"\s+")
_SOME, _ALIKE = 5, 0.7
"""Letters of a text that may tell something, and the share of them that a text of the tree has to hold."""
Lack = Literal["no dump", "bad dump", "blind", "no picture", "bad picture", "no engine", "no library"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What one pair of files shows. ``lacks`` says what could not be read; ``partial`` that the dump was cut off."""

    reading: ScreenReading
    fingerprint: str | None = None
    shape: tuple[str, ...] = ()
    lacks: frozenset[Lack] = frozenset()
    partial: bool = False
    picture_read: bool = False
    """Whether the picture's text was read too, so that nothing in another window was missed."""


class Reader:
    """Reads screens with one catalogue's words; ``use_ocr`` allows the engine, which is loaded when first needed."""

    def __init__(self, words: Words, own: str | None, *, use_ocr: bool) -> None:
        self._words, self._own, self._use_ocr = words, own, use_ocr

    def read(self, dump: bytes | None, shot: bytes | None) -> Moment:
        """Read one screen from its dump, its picture or both."""
        tree, lacks = _dump(dump)
        pixels, more = _pixels(shot)
        lacks |= more
        sheet = from_tree(tree, self._words, self._own) if tree else None
        mark = fingerprint(sheet.shape) if sheet and not sheet.blind else None
        shape = sheet.shape if sheet else ()
        seen = False
        if sheet is None or sheet.blind or self._hidden(sheet):
            lacks |= {"blind"} if sheet else set()
            sheet, lacks = self._from_picture(sheet, pixels, lacks)
            seen = sheet is not None and not sheet.blind
        elif pixels is not None:
            sheet = with_drawn_boxes(sheet, pixels)
        reading = read_sheet(sheet, self._words, self._own, pixels) if sheet else UNREAD
        if reading.kind == "permission" and reading.origin == "tree":
            reading, seen = self._with_notes(reading, pixels, [item.plain for item in sheet.texts] if sheet else [])
        return Moment(reading, mark, shape, frozenset(lacks), tree is not None and tree.partial, seen)

    def _hidden(self, sheet: Sheet) -> bool:
        """Whether the tree leaves out a large part of the screen and what it shows is nothing in particular."""
        return sheet.hole and read_sheet(sheet, self._words, self._own).kind == "other"

    def _with_notes(
        self, reading: ScreenReading, pixels: Pixels | None, dumped: list[str]
    ) -> tuple[ScreenReading, bool]:
        """The app may tell the purpose in a window of its own beside the system's dialog, which the tree does not show."""
        if pixels is None or not self._use_ocr or not ocr.is_there() or reading.permission is None:
            return reading, False
        drawn = from_picture(pixels, ocr.read_lines(pixels), self._words)
        told = purposes_on(drawn, self._words, notes=True)
        if reading.permission.purpose == "none" and any(group in told for group in reading.permission.groups):
            permission = msgspec.structs.replace(reading.permission, purpose="clear")
            return msgspec.structs.replace(reading, permission=permission), True
        # Some purpose stands there, but for what cannot be told, or words that are not the dialog's and may tell one in a
        # way that we do not know: then nobody may say that there was none.
        beside = any(_not_dumped(item.plain, dumped) for item in drawn.texts if item.alone)
        return reading, not beside and not tells_any(drawn, self._words)

    def _from_picture(
        self, sheet: Sheet | None, pixels: Pixels | None, lacks: set[Lack]
    ) -> tuple[Sheet | None, set[Lack]]:
        """The picture's text in place of a tree that shows none."""
        unread = replace(sheet, blind=True) if sheet else None
        if pixels is None or not self._use_ocr or not ocr.is_there():
            return unread, lacks | ({"no engine"} if pixels is not None else set())
        drawn = from_picture(pixels, ocr.read_lines(pixels), self._words)
        return replace(drawn, package=sheet.package if sheet else None), lacks


def _not_dumped(plain: str, dumped: list[str]) -> bool:
    """Whether a text of the picture is none of the tree's, as far as an engine that mistakes letters can tell."""
    bare = _BLANK.sub("", plain)
    if len(bare) < _SOME:
        return False
    texts = [_BLANK.sub("", text) for text in dumped]
    matches = (SequenceMatcher(None, text, bare, autojunk=False).get_matching_blocks() for text in texts)
    return all(sum(block.size for block in blocks) < _ALIKE * len(bare) for blocks in matches)


def _dump(data: bytes | None) -> tuple[UiDump | None, set[Lack]]:
    if data is None:
        return None, {"no dump"}
    try:
        return read_dump(data), set()
    except FormatError:
        return None, {"bad dump"}


def _pixels(data: bytes | None) -> tuple[Pixels | None, set[Lack]]:
    if data is None:
        return None, {"no picture"}
    if not picture.can_decode():
        return None, {"no library"}
    try:
        return picture.decode(data), set()
    except FormatError:
        return None, {"bad picture"}

"""The app's own screens of a walk with their trees, for readers that need more than what a screen was taken for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mingcha.collect.screens.items import Sheet
from mingcha.collect.screens.tree import from_tree
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words
from mingcha.errors import FormatError
from mingcha.formats.uidump import UiDump, read_dump


@dataclass(frozen=True, slots=True)
class Page:
    """One screen of the app that its tree shows whole."""

    step: WalkStep
    dump: UiDump
    sheet: Sheet


def pages_of(walk: Walk, dumps: Mapping[str, bytes], words: Words) -> tuple[Page, ...]:
    """The pages in order; a screen that was read from a picture, in part or not at all is none."""
    found = (_page(step, walk, dumps, words) for step in walk.steps)
    return tuple(page for page in found if page is not None)


def _page(step: WalkStep, walk: Walk, dumps: Mapping[str, bytes], words: Words) -> Page | None:
    if step.own is not True or not step.read or step.reading.origin != "tree":
        return None
    try:
        dump = read_dump(dumps.get(step.step.dump or "", b""))
    except FormatError:
        return None
    sheet = from_tree(dump, words, walk.package)
    return None if dump.partial or sheet.hole else Page(step, dump, sheet)

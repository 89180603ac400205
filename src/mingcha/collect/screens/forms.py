"""Fields of a form: what each asks for by the words at it, and whether it must be filled in. What was typed is never looked at."""

from __future__ import annotations

import re

from msgspec import Struct

from mingcha.catalogue.load import Catalogue
from mingcha.collect.screens.items import Item, Sheet, beside
from mingcha.collect.screens.wording import Words, bare_label
from mingcha.formats.uidump import Box

_LONGEST = 20
"""Characters of a label; longer words beside a field explain it."""
_ABOVE = 0.06
"""How far over a field its label may stand, as a share of the screen."""
_MARKS = re.compile(r"[*＊]")
_LEFT = 1
_LETTER = re.compile(r"\w")


class Field(Struct, frozen=True, kw_only=True):
    """A field that asks for one kind of information; ``named`` is the word for it in its label."""

    information: str
    named: str
    box: Box
    required: bool | None = None


def fields_on(sheet: Sheet, words: Words, tables: Catalogue) -> tuple[Field, ...]:
    """The fields of a screen whose label names one kind of information and nothing else."""
    found = (_field(item, sheet, words, tables) for item in sheet.items if item.role == "field")
    return tuple(field for field in found if field is not None)


def _field(item: Item, sheet: Sheet, words: Words, tables: Catalogue) -> Field | None:
    left = _left_of(item, sheet)
    labels = [item.plain, *([left.plain] if left is not None else [])]
    told = [named for label in labels if (named := named_in(label, words, tables)) is not None]
    over = _above(item, sheet) if not told else None
    if over is not None and (named := named_in(over.plain, words, tables)) is not None:
        labels, told = [*labels, over.plain], [named]
    if not told or len({information for information, _ in told}) > 1:
        return None
    return Field(information=told[0][0], named=told[0][1], box=item.box, required=_required(labels, words))


def named_in(label: str, words: Words, tables: Catalogue) -> tuple[str, str] | None:
    """The one kind of information that a label asks for, and the word for it."""
    bare = bare_label(_MARKS.sub("", label))
    if not bare or len(bare) > _LONGEST or words.has("ui_field_not", bare) or words.has("ui_form_doubt", bare):
        return None
    found = [one for language in sorted(tables.terms) for one in tables.terms[language].named(bare)]
    if len(found) != 1:
        return None
    kind, start, end = found[0]
    rest = words.without("ui_field_filler", bare[:start] + " " + bare[end:])
    return (kind, bare[start:end]) if len(_LETTER.findall(rest)) <= _LEFT else None


def _left_of(field: Item, sheet: Sheet) -> Item | None:
    row = [text for text in sheet.texts if beside(text.box, field.box) and text.box[2] <= field.box[0] + 4]
    return max(row, key=lambda text: text.box[2], default=None)


def _above(field: Item, sheet: Sheet) -> Item | None:
    """The text right over a field, where nothing stands left of it."""
    if _left_of(field, sheet) is not None:
        return None
    near = _ABOVE * sheet.size[1]
    over = [
        text
        for text in sheet.texts
        if 0 <= field.box[1] - text.box[3] <= near and text.box[0] < field.box[2] and field.box[0] < text.box[2]
    ]
    between = [other.box[3] for other in sheet.items if other.role == "field" and other.box[3] <= field.box[1]]
    nearest = max(over, key=lambda text: text.box[3], default=None)
    return None if nearest is None or (between and max(between) > nearest.box[1]) else nearest


def _required(labels: list[str], words: Words) -> bool | None:
    """By a mark or a word at the field; where there is neither, nobody knows."""
    if any(words.has("ui_field_may", label) for label in labels):
        return False
    return True if any(_MARKS.search(label) or words.has("ui_field_must", label) for label in labels) else None

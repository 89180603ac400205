"""Which sentences of a policy something was read from: the facts of a text laid back upon its paragraphs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mingcha.model.artefact import QUOTE_LIMIT, Place
from mingcha.model.fact import Fact, PolicyParagraph
from mingcha.model.factbase import FactBase

CHARACTERS_SHOWN = 120_000
"""Of all documents together; beyond that only paragraphs that something was read from, and headings, are shown."""
MARKS_SHOWN = 3_000
HEADINGS_SHOWN = 1_000

READ_FROM_TEXT = (
    "PolicyDenial", "PolicyStatement", "SdkNamed", "RecipientNamed", "PermissionNamedInPolicy", "InformationNamedInPolicy",
    "ProvisionStated", "PolicyDefinition", "PurposeStated", "ForeignNameInPolicy",
)  # fmt: skip
"""Kinds that a sentence is marked for, in the order in which they are told."""

Spot = tuple[str, str, int | None]
_CUT = "…"
_STOP = re.compile(r"[。！？；!?;]+[”’」』）)\"]*|\.(?= )")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a paragraph (of all its cells where ``cell`` is null and it is a row) and what was read from it."""

    anchor: str
    start: int
    end: int
    facts: tuple[Fact, ...]
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A paragraph with its marks; ``text`` and ``cells`` have every run of white space as one blank."""

    anchor: str
    text: str
    level: int
    cells: tuple[str, ...] | None
    marks: tuple[Mark, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Text:
    """One document as it is shown; ``left_out`` counts paragraphs that there was no room for."""

    sha256: str
    path: str
    number: int
    paragraphs: tuple[Marked, ...]
    left_out: int


@dataclass(frozen=True)
class Marking:
    """All documents of a case, and where on the page each cited sentence stands."""

    texts: tuple[Text, ...] = ()
    anchors: dict[tuple[Spot, str], str] = field(default_factory=dict)
    paragraphs: dict[Spot, str] = field(default_factory=dict)

    def anchor(self, place: Place) -> str:
        """The anchor of the sentence, else of its paragraph; empty where the page does not show it."""
        if place.unit != "paragraph":
            return ""
        return self.anchors.get((_spot(place), place.quote)) or self.paragraphs.get(_spot(place), "")


def marking(base: FactBase) -> Marking:
    """The policies of a fact base with every sentence marked that a fact of theirs stands in."""
    documents: dict[tuple[str, str], list[PolicyParagraph]] = defaultdict(list)
    for fact in base.of_kind("PolicyParagraph"):
        if isinstance(fact, PolicyParagraph):
            documents[fact.place.sha256, fact.place.path].append(fact)
    cited = _cited(base)
    room = _Room(CHARACTERS_SHOWN, MARKS_SHOWN, HEADINGS_SHOWN)
    made = Marking(texts=tuple(_text(key, n, documents[key], cited, room) for n, key in enumerate(documents, 1)))
    for paragraph in (paragraph for text in made.texts for paragraph in text.paragraphs):
        made.paragraphs[_spot(paragraph.place)] = paragraph.anchor
        for mark in paragraph.marks:
            made.anchors.update({(_spot(fact.place), fact.place.quote): mark.anchor for fact in mark.facts})
    return made


def _spot(place: Place) -> Spot:
    return place.sha256, place.path, place.at


def _cited(base: FactBase) -> dict[Spot, list[Fact]]:
    """The facts of each paragraph, in the order in which they are told."""
    found: dict[Spot, list[Fact]] = defaultdict(list)
    for fact in (fact for kind in READ_FROM_TEXT for fact in base.of_kind(kind)):
        if fact.place.unit == "paragraph" and fact.place.at is not None:
            found[_spot(fact.place)].append(fact)
    return found


@dataclass
class _Room:
    """What may still be shown."""

    characters: int
    marks: int
    headings: int

    def has(self, paragraph: Marked) -> bool:
        """Whether the paragraph is shown; takes the room it needs."""
        if self.characters >= len(paragraph.text) and self.marks >= len(paragraph.marks):
            self.characters -= len(paragraph.text)
        elif paragraph.marks and self.marks >= len(paragraph.marks):
            pass
        elif paragraph.level and self.headings > 0:
            self.headings -= 1
        else:
            return False
        self.marks -= len(paragraph.marks)
        return True


def _text(
    key: tuple[str, str], number: int, paragraphs: list[PolicyParagraph], cited: dict[Spot, list[Fact]], room: _Room
) -> Text:
    made = [_marked(paragraph, f"p{number}-{paragraph.place.at}", cited) for paragraph in paragraphs]
    shown = tuple(paragraph for paragraph in made if room.has(paragraph))
    return Text(*key, number, shown, len(made) - len(shown))


def _marked(paragraph: PolicyParagraph, anchor: str, cited: dict[Spot, list[Fact]]) -> Marked:
    text = _even(paragraph.text)
    cells = tuple(map(_even, paragraph.cells)) if paragraph.cells is not None else None
    facts = cited.get(_spot(paragraph.place), [])
    found = [(_found(fact.place.quote, text, cells), fact) for fact in facts]
    marks = tuple(
        Mark(f"{anchor}-{number}", start, end, tuple(told), cell)
        for number, ((cell, start, end), told) in enumerate(_together(found), 1)
    )
    return Marked(anchor, text, paragraph.level, cells, marks, paragraph.place)


def _even(text: str) -> str:
    return " ".join(text.split())


# --- where in the paragraph ------------------------------------------------------------------------------------------

Span = tuple[int | None, int, int]
"""Number of the cell (null for the text, or for a row as a whole), start and end."""


def _found(quote: str, text: str, cells: tuple[str, ...] | None) -> Span:
    """Where the quote stands; the paragraph or row as a whole where it cannot be found."""
    if cells is None:
        return (None, *(_within(quote, text) or (0, len(text))))
    for number, cell in enumerate(cells):
        if quote and (span := _within(quote, cell)):
            return (number, *span)
    return (None, 0, len(text))


def _within(quote: str, text: str) -> tuple[int, int] | None:
    """The stretch of the text that was quoted; of a clipped quote it goes on to the end of its sentence."""
    clipped = quote.endswith(_CUT) and len(quote) == QUOTE_LIMIT
    sought = quote[:-1] if clipped else quote
    start = text.find(sought) if sought else -1
    if start < 0:
        return None
    end = start + len(sought)
    if clipped:
        stop = _STOP.search(text, end)
        end = stop.end() if stop else len(text)
    return start, end


def _together(found: Iterable[tuple[Span, Fact]]) -> Iterator[tuple[Span, list[Fact]]]:
    """Stretches that overlap as one, in the order of the text; a whole row swallows what stands in its cells."""
    ordered = sorted(found, key=lambda item: (item[0][0] is not None, item[0][0] or 0, item[0][1]))
    open_: tuple[Span, list[Fact]] | None = None
    for span, fact in ordered:
        if open_ is not None and _overlap(open_[0], span):
            (cell, start, end), facts = open_
            open_ = ((cell, start, max(end, span[2]) if span[0] == cell else end), [*facts, fact])
            continue
        if open_ is not None:
            yield open_
        open_ = (span, [fact])
    if open_ is not None:
        yield open_


def _overlap(one: Span, other: Span) -> bool:
    whole_row = one[0] is None and other[0] is not None
    return whole_row or (one[0] == other[0] and other[1] < one[2])

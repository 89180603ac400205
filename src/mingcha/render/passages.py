"""The text of a policy in pieces, each marked piece with its colour, its letters and what was read from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from mingcha.model.fact import Fact
from mingcha.render.claims import excepted
from mingcha.render.evidence import sentence
from mingcha.render.marking import Mark, Marked, Marking, Text
from mingcha.render.policyview import Block, Key, MarkedText, Passage, Piece
from mingcha.render.reading import Reading
from mingcha.render.spots import spot_of

COLOURS = ("denial", "share", "third", "collect", "use", "store", "permission", "provision")
"""What a sentence is marked as; the first of several gives its colour, all give their letters."""
NOTES_SHOWN = 12
_LANGUAGES = frozenset({"zh-Hans", "zh-Hant", "en"})


def marked_texts(reading: Reading) -> tuple[tuple[MarkedText, ...], tuple[Key, ...]]:
    """Every document with its marks, and the legend with counts."""
    made = reading.marking
    counts: Counter[str] = Counter()
    texts = tuple(_document(reading, text, counts) for text in made.texts)
    legend = tuple(
        Key(colour, reading.value("colour_letter", colour), reading.value("colour_name", colour), counts[colour])
        for colour in COLOURS
        if counts[colour]
    )
    return texts, legend


def _document(reading: Reading, text: Text, counts: Counter[str]) -> MarkedText:
    about = next((f for f in reading.all("PolicyDocument") if f.place.sha256 == text.sha256), None)
    marks = [mark for paragraph in text.paragraphs for mark in paragraph.marks]
    for mark in marks:
        counts.update(colours_of(mark))
    return MarkedText(
        anchor=f"p{text.number}",
        title=about.title if about and about.title else spot_of(reading, text.paragraphs[0].place).file,
        file=spot_of(reading, text.paragraphs[0].place).file,
        role=reading.value("role", about.role) if about else "",
        lang=about.language if about and about.language in _LANGUAGES else "",
        count=reading.words.say("marked_count", count=len(marks)),
        blocks=tuple(_blocks(reading, text)),
        left_out=reading.words.say("marked_left_out", count=text.left_out) if text.left_out else "",
    )


def _blocks(reading: Reading, text: Text) -> Iterator[Block]:
    """Paragraphs one by one, rows that follow each other with as many cells as one table."""
    for width, run in groupby(text.paragraphs, lambda paragraph: len(paragraph.cells or ())):
        passages = [_passage(reading, paragraph) for paragraph in run]
        if not width:
            yield from (Block((passage,)) for passage in passages)
        else:
            first = passages[0] if len(passages) > 1 and not _is_marked(passages[0]) else None
            head = tuple("".join(p.text for p in cell) for cell in first.cells) if first else ("",) * width
            yield Block(tuple(passages[1:] if first else passages), head)


def _is_marked(row: Passage) -> bool:
    return any(piece.anchor for cell in row.cells for piece in cell)


def _passage(reading: Reading, paragraph: Marked) -> Passage:
    marks = paragraph.marks
    if paragraph.cells is None:
        return Passage(paragraph.anchor, paragraph.level, tuple(_pieces(reading, paragraph.text, marks)))
    if marks and marks[0].cell is None:  # the row as a whole: each cell is marked, the first one tells
        said = _piece(reading, marks[0], "")
        rest = [Piece(cell, colour=said.colour) for cell in paragraph.cells[1:]]
        first = Piece(paragraph.cells[0] or "·", said.anchor, said.colour, said.letters, said.notes)
        return Passage(paragraph.anchor, 0, cells=((first,), *((piece,) for piece in rest)))
    cells = (
        tuple(_pieces(reading, cell, tuple(mark for mark in marks if mark.cell == number)))
        for number, cell in enumerate(paragraph.cells)
    )
    return Passage(paragraph.anchor, 0, cells=tuple(cells))


def _pieces(reading: Reading, text: str, marks: tuple[Mark, ...]) -> Iterator[Piece]:
    at = 0
    for mark in marks:
        if mark.start > at:
            yield Piece(text[at : mark.start])
        yield _piece(reading, mark, text[mark.start : mark.end])
        at = mark.end
    if at < len(text):
        yield Piece(text[at:])


def _piece(reading: Reading, mark: Mark, text: str) -> Piece:
    ordered = colours_of(mark)
    told = list(dict.fromkeys(sentence(reading, fact) for fact in _worth_telling(mark.facts)))
    rest = len(told) - NOTES_SHOWN
    more = [reading.words.say("marked_more", count=rest)] if rest > 0 else []
    letters = "".join(reading.value("colour_letter", colour) for colour in ordered)
    return Piece(text, mark.anchor, ordered[0], letters, (*told[:NOTES_SHOWN], *more))


def colours_of(mark: Mark) -> list[str]:
    """The colours of what a mark tells, the weightiest first: that sharing names a type makes no collecting of it."""
    colours = {colour_of(fact) for fact in (tuple(_worth_telling(mark.facts)) or mark.facts)}
    return [colour for colour in COLOURS if colour in colours]


def _worth_telling(facts: tuple[Fact, ...]) -> Iterator[Fact]:
    """All but what another fact of the same sentence tells already: a purpose alone, a type of information named again."""
    kinds = {type(fact).__name__ for fact in facts}
    told = {
        kind: {getattr(fact, "information", None) for fact in facts if type(fact).__name__ == kind}
        for kind in ("PolicyDenial", "PolicyStatement")
    }
    for fact in facts:
        kind, information = type(fact).__name__, getattr(fact, "information", None)
        again = (
            (kind == "InformationNamedInPolicy" and information in told["PolicyStatement"] | told["PolicyDenial"])
            or (kind == "PolicyStatement" and getattr(fact, "negated", False) and information in told["PolicyDenial"])
            or (kind == "PurposeStated" and bool(kinds & {"PolicyStatement", "InformationNamedInPolicy"}))
        )
        if not again or getattr(fact, "only_improvement", None):
            yield fact


def colour_of(fact: Any) -> str:
    """What a sentence is marked as for this fact."""
    kind = type(fact).__name__
    if kind == "PolicyDenial" or (kind == "PolicyStatement" and (fact.negated or excepted(fact))):
        return "denial"
    if kind in ("SdkNamed", "RecipientNamed", "ForeignNameInPolicy") or getattr(fact, "party", "app") != "app":
        return "third"
    if kind == "PolicyStatement":
        return str(fact.does)
    return _BY_KIND.get(kind, "provision")


_BY_KIND = {"InformationNamedInPolicy": "collect", "PurposeStated": "use", "PermissionNamedInPolicy": "permission"}


def heading_before(made: Marking, sha256: str, path: str, at: int | None) -> Marked | None:
    """The last heading at or before a paragraph."""
    text = next((text for text in made.texts if (text.sha256, text.path) == (sha256, path)), None)
    heads = [p for p in text.paragraphs if p.level and (p.place.at or 0) <= (at or 0)] if text else []
    return heads[-1] if heads else None

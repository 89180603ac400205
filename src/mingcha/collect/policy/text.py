"""A policy as sentences, each knowing its heading, the sentence before it, and the one that introduces its list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mingcha.collect.policy.headings import (
    HEADING_LIMIT,
    Outline,
    is_item,
    looks_like_heading,
    numbering,
    without_number,
)
from mingcha.formats.page import Document, Paragraph

__all__ = [
    "HEADING_LIMIT", "ITEM_LIMIT", "Frame", "Sentence", "clauses_of", "following", "introduces", "is_item",
    "looks_like_heading", "numbering", "plain", "run_on", "sentences", "sentences_of", "without_menus", "without_number",
]  # fmt: skip

QUOTED_LIMIT = 400
"""Inside brackets or quotes a full stop ends no sentence, unless they go on for longer than this."""

SENTENCE_LIMIT = 1500
"""Characters; a longer sentence is read in parts, so that no rule takes quadratic time."""

_HALF_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_TABLE = _HALF_WIDTH | {
    **{ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{0xFF21 + n: chr(ord("a") + n) for n in range(26)},
    ord("("): "（", ord(")"): "）", ord("＠"): "@", ord("．"): ".", ord("－"): "-", ord("　"): " ", ord("\xa0"): " ",
    ord("＞"): ">", ord("—"): "-", ord("–"): "-", ord("→"): ">", ord("➔"): ">", ord("﹥"): ">",
}  # fmt: skip
_HAN = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”‘’"
_BLANK = re.compile(rf"(?<=[{_HAN}]) +| +(?=[{_HAN}])|\*\*|(?<= ) +")
_HALF_STOP = re.compile(rf"(?<=[{_HAN}0-9])[,;](?=[{_HAN}])|(?<=[{_HAN}]):|:(?=[{_HAN}])|(?<=[{_HAN}])[,;?!]")
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}


def plain(text: str) -> str:
    """The text as rules match it: lower case, half width letters, full width punctuation, no blanks next to Chinese."""
    text = _BLANK.sub("", text.translate(_TABLE))
    return _HALF_STOP.sub(lambda found: _FULL[found[0]], text).strip()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a row: as it stands, as rules match it (``plain``), and what stands around it (plain as well)."""

    number: int
    text: str
    plain: str
    heading: str = ""
    lead: str = ""
    before: str = ""
    row: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None
    title: bool = False
    path: tuple[str, ...] = ()
    """The headings over it, outermost first, with their numbers."""
    language: str = "zh"
    """The word tables it is read with."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the role of a document adds to its sentences: headings, a lead for rows that have none, names of columns."""

    heading: tuple[str, ...] = ()
    row_lead: str = ""
    named: re.Pattern[str] | None = None
    """What a table's header says where rows need no lead."""
    columns: Callable[[Paragraph], tuple[str, ...] | None] | None = None

    def around(self, paragraph: Paragraph, lead: str) -> tuple[str, tuple[str, ...] | None]:
        """The lead and the header with which a paragraph is read."""
        if paragraph.row is None:
            return lead, paragraph.header
        header = self.columns(paragraph) if self.columns else paragraph.header
        says = self.named is not None and self.named.search(plain(" ".join(header or ()))) is not None
        return (lead if says or not self.row_lead else f"{lead} {self.row_lead}".strip()), header


_MENU = re.compile(r"【[^】]{0,30}】|“[^”]{0,30}”|\[[^\]]{0,30}\]|「[^」]{0,30}」|\"[^\"]{0,30}\"")


def without_menus(text: str) -> str:
    """The text without the names of buttons and pages: 【意见反馈及举报】 is no complaint."""
    return _MENU.sub("", text)


# --- splitting -------------------------------------------------------------------------------------------------------

_STOP = re.compile(r"[。！？；\n]+[”’」』）)\"]*|[“”‘’「」『』《》（）()]|[.!?]+[\"”)]*\s+(?=[A-Z“(\"])|(?<=\S);\s")
_OPENERS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")"}
_CLOSERS = frozenset(_OPENERS.values())
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|inc|ltd|co|corp|no|mr|ms|dr|vs|art|sec|u\.s|approx)|\b[A-Z])$", re.IGNORECASE
)


def sentences_of(text: str) -> list[str]:
    """The sentences of a paragraph; stops inside brackets and quotes do not count."""
    found: list[str] = []
    start = depth = opened = 0
    for stop in _STOP.finditer(text):
        mark = stop[0]
        if mark in _OPENERS:
            opened = stop.start() if depth == 0 else opened
            depth += 1
        elif mark in _CLOSERS:
            depth = max(0, depth - 1)
        elif depth and mark[-1] in _CLOSERS:
            depth -= 1
        elif (depth == 0 or stop.start() - opened > QUOTED_LIMIT or "\n" in mark) and not _abbreviated(
            text, stop.start(), mark
        ):
            found.append(text[start : stop.end()].strip())
            start, depth = stop.end(), 0
    found.append(text[start:].strip())
    return [chunk for sentence in found if sentence for chunk in _in_chunks(sentence)]


def _in_chunks(sentence: str) -> Iterator[str]:
    """The sentence, cut at commas where it is longer than any rule looks."""
    while len(sentence) > SENTENCE_LIMIT:
        cut = max(sentence.rfind(mark, 0, SENTENCE_LIMIT) for mark in ("，", "、", ",", " ")) + 1
        cut = cut if cut > SENTENCE_LIMIT // 2 else SENTENCE_LIMIT
        yield sentence[:cut]
        sentence = sentence[cut:]
    yield sentence


def _abbreviated(text: str, end: int, mark: str) -> bool:
    return mark[0] == "." and _ABBREVIATION.search(text, max(0, end - 8), end) is not None


_CLAUSE = re.compile(r"[，；。：！？]|(?<![0-9a-z]),|, |; |\. ")


def clauses_of(sentence: str) -> list[str]:
    """The clauses of a plain sentence."""
    return [clause for clause in _CLAUSE.split(sentence) if clause]


def run_on(sentence: str) -> str:
    """The sentence as one clause: commas are blanks."""
    return sentence.replace("，", " ").replace(", ", " ")


# --- lists and sentences ---------------------------------------------------------------------------------------------

ITEM_LIMIT = 80
_NESTED_LISTS = 4


def introduces(sentence: str) -> bool:
    """Whether a plain sentence announces a list."""
    announces = sentence.endswith(("：", ":")) or _ANNOUNCES.search(sentence[-24:])
    return bool(announces) and not _CONTENTS.search(sentence)


_CONTENTS = re.compile(r"目录|索引|章节|以下内容|以下部分|(?:table of )?contents")
_ANNOUNCES = re.compile(r"(?:以下|如下|下列)[^，。；]{0,12}[。：]?$|(?:the )?following[^.]{0,20}[.:]?$")


def sentences(document: Document, frame: Frame | None = None) -> list[Sentence]:
    """All sentences and rows of a document, in order; ``frame`` is what its role adds to each (see `policy_roles`)."""
    headers = frozenset(paragraph.header for paragraph in document.paragraphs if paragraph.header)
    return list(_Reader(document, headers, frame or Frame()).read(document.paragraphs))


class _List(NamedTuple):
    """A list that was announced: by which sentence, how deep in the mark-up, and how its first item is numbered."""

    lead: str
    depth: int
    style: str = ""


class _Reader:
    def __init__(self, document: Document, headers: frozenset[tuple[str, ...]], frame: Frame) -> None:
        self._outline = Outline(document.paragraphs)
        self._main = "en" if document.language == "en" else "zh"
        self._headers = headers
        self._frame = frame
        self._lists: list[_List] = []
        self._before = ""

    def read(self, paragraphs: Iterable[Paragraph]) -> Iterator[Sentence]:
        for paragraph in paragraphs:
            item = not paragraph.level and self._goes_on(paragraph)
            heading = self._outline.is_heading(paragraph, item=item)
            if heading:
                self._outline.enter(paragraph, plain(paragraph.text))
            if heading or not item:
                self._lists = []
            yield from self._paragraph(paragraph, heading or (paragraph.row in self._headers and not paragraph.header))

    def _goes_on(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph is an item of an announced list: as deep in the mark-up, numbered as the first one, or as short.

        Lists that it does not belong to, but one around them, are over.
        """
        style = "row" if paragraph.row else "marked" if paragraph.item else numbering(paragraph.text)[0]
        for at in range(len(self._lists) - 1, -1, -1):
            here = self._lists[at]
            if self._belongs(paragraph, style, here):
                self._lists[at:] = [here._replace(style=here.style or style)]
                return True
        return False

    def _belongs(self, paragraph: Paragraph, style: str, here: _List) -> bool:
        if paragraph.item and not paragraph.row:
            return paragraph.item > here.depth
        if paragraph.row or not here.style:
            return True
        return style == here.style and (style != "plain" or len(paragraph.text) <= ITEM_LIMIT)

    def _paragraph(self, paragraph: Paragraph, title: bool) -> Iterator[Sentence]:
        pieces = list(_in_chunks(paragraph.text)) if paragraph.row else sentences_of(paragraph.text)
        path = (*self._frame.heading, *self._outline.path)
        lead, header = " ".join(announced.lead for announced in self._lists), paragraph.header
        if not title:
            lead, header = self._frame.around(paragraph, lead)
        heading = " ".join(path)
        language = ("en" if paragraph.language == "en" else "zh") if paragraph.language else self._main
        for piece in pieces:
            form = plain(piece)
            if not form:
                continue
            yield Sentence(
                paragraph.number, piece, form, heading, lead, self._before, paragraph.row, header, title, path, language,
            )  # fmt: skip
            self._before = form
        if not paragraph.row and not title and pieces and introduces(self._before):
            self._lists = [*self._lists[-_NESTED_LISTS:], _List(self._before, paragraph.item)]


def following(all_sentences: Sequence[Sentence], at: int, reach: int) -> Iterator[Sentence]:
    """The sentences after one, up to the next heading, at most ``reach`` of them."""
    for sentence in all_sentences[at + 1 : at + 1 + reach]:
        if sentence.title and not is_item(sentence.text):
            return
        yield sentence

"""Headings by mark-up, by numbering and by form, and how they lie one under the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mingcha.formats.page import Paragraph

HEADING_LIMIT = 40
DEPTH = 6
_STRUCTURED = 3
"""So many marked headings may mean that a document marks all its headings."""
_CHINESE = "一二三四五六七八九十"
_STYLES = (
    ("part", re.compile(rf"^\s*第([{_CHINESE}百\d]+)[章节条部分]+")),
    ("chinese", re.compile(rf"^\s*([{_CHINESE}]{{1,3}})[、.．：]")),
    ("chinese bracket", re.compile(rf"^\s*[（(]([{_CHINESE}]{{1,3}})[)）]")),
    ("section", re.compile(r"^\s*\d{1,2}(?:\.(\d{1,2}))+[、.．]?(?!\d)")),
    ("bracket", re.compile(r"^\s*[（(]?(\d{1,2})[)）]")),
    ("number", re.compile(r"^\s*(\d{1,2})[、.．：](?!\d)")),
    ("bare number", re.compile(r"^\s*(\d{1,2})\s+(?=\D)")),
    ("roman", re.compile(r"^\s*([IVX]{1,5})[.．、)]\s")),
    ("letter", re.compile(r"^\s*[（(]?([a-zA-Z]|[ivx]{1,4})[)）.、．](?![a-zA-Z])")),
    ("circle", re.compile(r"^\s*([①-⑳])")),
    ("bullet", re.compile(r"^\s*()[-–—•·●○◆■▪*➤※Ø]\s*")),
)
_ANY_STYLE = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _STYLES))
_ORDER = {
    "part": 0, "chinese": 1, "roman": 1, "chinese bracket": 2, "number": 3, "bare number": 3, "section": 3, "bracket": 4,
    "letter": 5, "circle": 6, "bullet": 7,
}  # fmt: skip
_LATIN = ("roman", "section", "number")
_CHAPTERS = ("part", "chinese", "roman")
_SENTENCE_MARKS = re.compile(r"[。；;，,！!？]|：$|:$|\. ")


def numbering(text: str) -> tuple[str, str]:
    """How a paragraph is numbered, and its number as it stands; "plain" if it is not."""
    for style, pattern in _STYLES if _ANY_STYLE.match(text) else ():
        found = pattern.match(text)
        if found:
            return style, found[1]
    return "plain", ""


def is_item(text: str) -> bool:
    """Whether a paragraph looks like an item of a list."""
    return numbering(text)[0] != "plain"


def without_number(text: str) -> str:
    """The text without the number or bullet it begins with."""
    for _ in range(2):
        for _, pattern in _STYLES if _ANY_STYLE.match(text) else ():
            text = pattern.sub("", text, count=1).strip()
    return text.strip()


def looks_like_heading(paragraph: Paragraph) -> bool:
    """Short, without the marks of a sentence."""
    text = paragraph.text
    if paragraph.row or len(text) > 2 * HEADING_LIMIT:
        return False
    if text.isascii() and numbering(text)[0] in _LATIN:  # words are longer than signs, and numbers end in a full stop
        return not _SENTENCE_MARKS.search(without_number(text))
    if len(text) > HEADING_LIMIT or _SENTENCE_MARKS.search(text):
        return False
    if numbering(text)[0] == "bullet" and _GOES_ON.search(text):
        return False
    return is_item(text) or (len(text) <= HEADING_LIMIT // 2 and "：" not in text and ":" not in text)


_GOES_ON = re.compile(r"[：:]\s*\S|[)）]$")
"""A bullet with more behind a colon, or in brackets, is an item."""


def marks_headings(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a document marks its headings: several, and its chapters among them where they are numbered."""
    if sum(paragraph.level > 0 for paragraph in paragraphs) < _STRUCTURED:
        return False
    chapters = [p for p in paragraphs if numbering(p.text)[0] in _CHAPTERS and looks_like_heading(p)]
    return 2 * sum(p.level > 0 for p in chapters) >= len(_told_twice(chapters))


def _told_twice(chapters: Sequence[Paragraph]) -> set[str]:
    """Titles of chapters, each once: a table of contents tells them before they come."""
    return {"".join(paragraph.text.split()) for paragraph in chapters}


class _Open(NamedTuple):
    level: int
    """Of the mark-up; 0 where the heading is not marked."""
    style: str
    order: float
    text: str


class Outline:
    """The headings that are open while a document is read."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.marked = marks_headings(paragraphs)
        self._strong = self.marked and _few_strong(paragraphs)
        self._title = _title_of(paragraphs)
        self._open: list[_Open] = []

    def is_heading(self, paragraph: Paragraph, *, item: bool) -> bool:
        """Marked so; else by its form where headings are not marked; else bold, which is how lower ones often are."""
        if paragraph.level:
            return _no_key(paragraph)
        if item or paragraph.row or paragraph.item:
            return False
        if self.marked:
            return self._strong and paragraph.strong and is_item(paragraph.text) and _is_short(paragraph.text)
        return looks_like_heading(paragraph)

    def enter(self, paragraph: Paragraph, text: str) -> None:
        """A heading begins its section."""
        if paragraph.number == self._title:
            self._open = []
            return
        style = numbering(paragraph.text)[0]
        dots = paragraph.text[:12].count(".") / 10 if style == "section" else 0.0
        entry = _Open(paragraph.level, style, _ORDER.get(style, 0) + dots, text)
        self._open = [*self._over(entry), entry][:DEPTH]

    @property
    def path(self) -> tuple[str, ...]:
        """The headings over what comes now, outermost first."""
        return tuple(entry.text for entry in self._open)

    def _over(self, entry: _Open) -> list[_Open]:
        """The headings that stay open over a new one."""
        if entry.style != "plain":
            same = [n for n, other in enumerate(self._open) if (other.style, other.order) == (entry.style, entry.order)]
            if same and self._open[same[0]].level in (0, entry.level):
                return self._open[: same[0]]
        if not entry.level:
            return self._over_unmarked(entry)
        kept = [other for other in self._open if 0 < other.level <= entry.level]
        return [other for other in kept if other.level < entry.level or _holds(other, entry)]

    def _over_unmarked(self, entry: _Open) -> list[_Open]:
        marked = [other for other in self._open if other.level]
        if entry.style in _CHAPTERS:
            return [other for other in self._open if other.style == "part" and entry.style != "part"]
        if entry.style == "plain":
            unmarked = [n for n, other in enumerate(self._open) if not other.level and other.style == "plain"]
            return self._open[: unmarked[0]] if unmarked else self._open
        rest = [other for other in self._open if not other.level and not (other.style == "plain" and marked)]
        return marked + [other for other in rest if other.style == "plain" or other.order < entry.order]


def _holds(outer: _Open, inner: _Open) -> bool:
    """Of two headings of one level the numbers tell which holds the other."""
    return "plain" not in (outer.style, inner.style) and outer.order < inner.order


_KEY_AND_VALUE = re.compile(r"^[^：:]{1,16}[：:]\s*\S")


def _no_key(paragraph: Paragraph) -> bool:
    """A line "name: value" is an entry of a list, whatever its style is called."""
    return is_item(paragraph.text) or not _KEY_AND_VALUE.match(paragraph.text)


def _is_short(text: str) -> bool:
    """Behind its number a heading is short and has no marks of a sentence."""
    return len(text) <= HEADING_LIMIT and not _SENTENCE_MARKS.search(without_number(text))


def _few_strong(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether bold is the exception, so that it tells something."""
    return 3 * sum(paragraph.strong for paragraph in paragraphs) <= len(paragraphs)


_FIRST = 3
"""Paragraphs among which a lone heading is the title."""


def _title_of(paragraphs: Sequence[Paragraph]) -> int:
    """The number of the heading that is the document's title: the only one of its level, before and above all others."""
    marked = [paragraph for paragraph in paragraphs if paragraph.level]
    if not marked or is_item(marked[0].text) or (len(marked) == 1 and marked[0].number > _FIRST):
        return 0
    return marked[0].number if all(other.level > marked[0].level for other in marked[1:]) else 0

"""A policy as sentences, each knowing its heading, the sentence before it, and the one that introduces its list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mingcha.formats.page import Document, Paragraph

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


# --- headings and lists ----------------------------------------------------------------------------------------------

HEADING_LIMIT = 40
ITEM_LIMIT = 80
_STRUCTURED = 3
"""So many marked headings mean that a document marks all its headings."""
_CHINESE = "一二三四五六七八九十"
_STYLES = (
    ("part", re.compile(rf"^\s*第([{_CHINESE}百\d]+)[章节条部分]+")),
    ("chinese", re.compile(rf"^\s*([{_CHINESE}]{{1,3}})[、.．：]")),
    ("chinese bracket", re.compile(rf"^\s*[（(]([{_CHINESE}]{{1,3}})[)）]")),
    ("section", re.compile(r"^\s*\d{1,2}(?:\.(\d{1,2}))+[、.．]?(?!\d)")),
    ("bracket", re.compile(r"^\s*[（(]?(\d{1,2})[)）]")),
    ("number", re.compile(r"^\s*(\d{1,2})[、.．：](?!\d)")),
    ("bare number", re.compile(r"^\s*(\d{1,2})\s+(?=\D)")),
    ("letter", re.compile(r"^\s*[（(]?([a-zA-Z]|[ivx]{1,4})[)）.、．](?![a-zA-Z])")),
    ("circle", re.compile(r"^\s*([①-⑳])")),
    ("bullet", re.compile(r"^\s*()[-•·●○◆■▪*➤※Ø]\s*")),
)
_MAJOR = ("part", "chinese", "number", "bare number")
_SENTENCE_MARKS = re.compile(r"[。；;，,！!？]|：$|:$|\. ")


def numbering(text: str) -> tuple[str, str]:
    """How a paragraph is numbered, and its number as it stands; "plain" if it is not."""
    for style, pattern in _STYLES:
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
        for _, pattern in _STYLES:
            text = pattern.sub("", text, count=1).strip()
    return text


def looks_like_heading(paragraph: Paragraph) -> bool:
    """Short, without the marks of a sentence."""
    text = paragraph.text
    if paragraph.row or len(text) > HEADING_LIMIT or _SENTENCE_MARKS.search(text):
        return False
    return is_item(text) or (len(text) <= HEADING_LIMIT // 2 and "：" not in text and ":" not in text)


def introduces(sentence: str) -> bool:
    """Whether a plain sentence announces a list."""
    announces = sentence.endswith(("：", ":")) or _ANNOUNCES.search(sentence[-24:])
    return bool(announces) and not _CONTENTS.search(sentence)


_CONTENTS = re.compile(r"目录|索引|章节|以下内容|以下部分|(?:table of )?contents")
_ANNOUNCES = re.compile(r"(?:以下|如下|下列)[^，。；]{0,12}[。：]?$|(?:the )?following[^.]{0,20}[.:]?$")


def sentences(document: Document) -> list[Sentence]:
    """All sentences and rows of a document, in order."""
    marked = sum(paragraph.level > 0 for paragraph in document.paragraphs) >= _STRUCTURED
    headers = frozenset(paragraph.header for paragraph in document.paragraphs if paragraph.header)
    return list(_Reader(marked, headers).read(document.paragraphs))


class _Reader:
    def __init__(self, marked: bool, headers: frozenset[tuple[str, ...]]) -> None:
        self._marked = marked
        self._headers = headers
        self._major = ""
        self._minor = ""
        self._lead = ""
        self._style = ""
        self._before = ""

    def read(self, paragraphs: Iterable[Paragraph]) -> Iterator[Sentence]:
        for paragraph in paragraphs:
            item = bool(self._lead) and not paragraph.level and self._goes_on(paragraph)
            heading = bool(paragraph.level) or (not item and not self._marked and looks_like_heading(paragraph))
            if heading:
                self._enter(paragraph)
            elif not item:
                self._lead = ""
            yield from self._paragraph(paragraph, heading or (paragraph.row in self._headers and not paragraph.header))

    def _goes_on(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph is an item of the list that was announced: numbered as the first one is, or as short."""
        style, _ = numbering(paragraph.text)
        if paragraph.row or not self._style:
            self._style = self._style or ("row" if paragraph.row else style)
            return True
        return style == self._style and (style != "plain" or len(paragraph.text) <= ITEM_LIMIT)

    def _enter(self, paragraph: Paragraph) -> None:
        text = plain(paragraph.text)
        if paragraph.level in (1, 2) or (not paragraph.level and numbering(paragraph.text)[0] in _MAJOR):
            self._major, self._minor = text, ""
        else:
            self._minor = text
        self._lead = ""

    def _paragraph(self, paragraph: Paragraph, heading: bool) -> Iterator[Sentence]:
        pieces = list(_in_chunks(paragraph.text)) if paragraph.row else sentences_of(paragraph.text)
        for piece in pieces:
            form = plain(piece)
            if not form:
                continue
            yield Sentence(
                paragraph.number, piece, form, f"{self._major} {self._minor}".strip(), self._lead, self._before,
                paragraph.row, paragraph.header, heading,
            )  # fmt: skip
            self._before = form
        if not paragraph.row and not heading and pieces and introduces(self._before):
            self._lead, self._style = self._before, ""


def following(all_sentences: Sequence[Sentence], at: int, reach: int) -> Iterator[Sentence]:
    """The sentences after one, up to the next heading, at most ``reach`` of them."""
    for sentence in all_sentences[at + 1 : at + 1 + reach]:
        if sentence.title and not is_item(sentence.text):
            return
        yield sentence

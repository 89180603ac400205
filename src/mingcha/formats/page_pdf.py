"""PDF by pdfium: lines with their places on the page, joined to paragraphs, without running heads; tables by `page_grid`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import byref, c_ushort
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from mingcha.errors import FormatError
from mingcha.formats.page_blocks import CHARACTER_LIMIT, ENDS, Builder, glue, goes_on, starts_item, width
from mingcha.formats.page_grid import Grid, Line, Page, Run, aligned, continued, filled
from mingcha.formats.page_rules import Box, ruled
from mingcha.formats.page_tables import Block

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

PAGE_LIMIT = 1000
OBJECTS_LIMIT = 20_000
"""Objects of a page, and drawn paths of all pages, over which tables are read as text."""
_PATHS_LIMIT = 1000
_BOLD_WEIGHT = 600


def read_pdf(data: bytes) -> tuple[str, list[Block]]:
    """Title (empty) and blocks. Raises FormatError."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            sheets = list(_pages(document))
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise FormatError(f"a PDF that cannot be read: {error}") from error
    pages = _without_running_lines(sheets)
    if not any(pages):
        raise FormatError("a PDF without any text (scanned pages?): hand in the text itself")
    return "", _blocks(continued(aligned(page) for page in pages))


def _pages(document: PdfDocument) -> Iterator[tuple[Page, float]]:
    if len(document) > PAGE_LIMIT:
        raise FormatError(f"a PDF of more than {PAGE_LIMIT} pages")
    characters = paths = 0
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        characters += text_page.count_chars()
        if characters > CHARACTER_LIMIT:
            raise FormatError(f"a text of more than {CHARACTER_LIMIT} characters")
        drawn = _drawn(page) if paths <= OBJECTS_LIMIT and text_page.count_chars() else []
        paths += len(drawn)
        rules = ruled(drawn)
        lines = list(_lines(text_page, fine=bool(rules)))
        height = page.get_height()
        text_page.close()
        page.close()
        yield filled(lines, rules), height


def _drawn(page: PdfPage) -> list[Box]:
    """The bounds of what is drawn on the page: rules and backgrounds of cells among them."""
    from pypdfium2 import raw

    found: list[Box] = []
    if raw.FPDFPage_CountObjects(page.raw) > OBJECTS_LIMIT:
        return found
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        if len(found) > _PATHS_LIMIT:
            return []
        left, bottom, right, top = drawn.get_bounds()
        found.append(Box(left, right, bottom, top))
    return found


def _lines(text_page: PdfTextPage, *, fine: bool) -> Iterator[Line]:
    """The lines in the order of the file; each run of signs with its box, or where it is asked for ``fine`` each sign."""
    start = 0
    text = _text(text_page)
    for end in (*(at for at, sign in enumerate(text) if sign == "\n"), len(text)):
        runs = [
            Run(part, _box(text_page, start + first, start + last - 1))
            for part, first, last in _parts(text[start:end], fine=fine)
        ]
        if runs:
            yield Line(runs, _bold(text_page, start + len(text[start:end]) - len(text[start:end].lstrip())))
        start = end + 1


def _text(text_page: PdfTextPage) -> str:
    """One character for each sign of the page; line ends are newlines, what has no character is a blank."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    buffer = (c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text_page.raw, 0, count, buffer) == count + 1:
        codes: Sequence[int] = buffer[:count]
    else:
        codes = [raw.FPDFText_GetUnicode(text_page.raw, at) for at in range(count)]
    return "".join(_SIGNS.get(code) or chr(code) for code in codes)


_SIGNS = {0: " ", 2: " ", 13: " ", 0xFFFE: " ", **dict.fromkeys(range(0xD800, 0xE000), " ")}
_RUN = re.compile(r"\S+")


def _parts(line: str, *, fine: bool) -> Iterator[tuple[str, int, int]]:
    for found in _RUN.finditer(line):
        if fine:
            yield from ((line[at], at, at + 1) for at in range(found.start(), found.end() - 1))
            yield line[found.end() - 1] + " ", found.end() - 1, found.end()
        else:
            yield found[0] + " ", found.start(), found.end()


def _box(text_page: PdfTextPage, first: int, last: int) -> Box:
    from pypdfium2 import raw

    one, other = raw.FS_RECTF(), raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page.raw, first, byref(one))
    if first == last:
        return Box(one.left, one.right, one.bottom, one.top)
    raw.FPDFText_GetLooseCharBox(text_page.raw, last, byref(other))
    return Box(
        min(one.left, other.left), max(one.right, other.right), min(one.bottom, other.bottom), max(one.top, other.top)
    )


def _bold(text_page: PdfTextPage, at: int) -> bool:
    from pypdfium2 import raw

    return bool(raw.FPDFText_GetFontWeight(text_page.raw, at) >= _BOLD_WEIGHT)


# --- running heads ---------------------------------------------------------------------------------------------------

_PAGE_NUMBER = re.compile(
    r"^(?:第?\s*\d{1,4}\s*页?(?:\s*[/,，共]+\s*\d{1,4}\s*页?)?|-\s*\d{1,4}\s*-|[Pp]age \d{1,4}.*)$"
)
_DIGITS = re.compile(r"\d+")
_RUNNING = 3
"""A line that stands at the edge of so many pages, but for its numbers, is a running head, not text."""
_EDGE_LINES = 2
_MARGIN = 0.07
"""Share of a page's height in which only running heads stand."""


def _without_running_lines(sheets: Sequence[tuple[Page, float]]) -> list[Page]:
    edges = [_edges(page, height) for page, height in sheets]
    often = Counter(form for page in edges for form in {_DIGITS.sub("#", line.text) for line in page})
    found: list[Page] = []
    for (page, _), edge in zip(sheets, edges, strict=True):
        gone = [
            line for line in edge if often[_DIGITS.sub("#", line.text)] >= _RUNNING or _PAGE_NUMBER.match(line.text)
        ]
        found.append([piece for piece in page if not any(piece is line for line in gone)])
    return found


def _edges(page: Page, height: float) -> list[Line]:
    """The highest and the lowest line of a page, and those near its edge."""
    lines = sorted((piece for piece in page if isinstance(piece, Line)), key=lambda line: -line.middle)
    near = [line for line in lines[1:-1] if not _MARGIN < line.middle / max(height, 1) < 1 - _MARGIN]
    return [*lines[:1], *near[:_EDGE_LINES], *near[-_EDGE_LINES:], *lines[1:][-1:]]


# --- paragraphs ------------------------------------------------------------------------------------------------------

_LEAST_FULL = 0.1
"""Share of lines that reach the edge inside a sentence below which each line is a paragraph of its own."""


def _blocks(pieces: Page) -> list[Block]:
    builder = Builder()
    lines = [piece for piece in pieces if isinstance(piece, Line)]
    edge = _edge(lines)
    group: list[Line] = []
    for piece in pieces:
        if isinstance(piece, Grid):
            _add(builder, group, edge)
            group = []
            builder.insert(piece.table)
        else:
            group.append(piece)
    _add(builder, group, edge)
    return builder.done()


def _edge(lines: Sequence[Line]) -> float:
    """How far lines reach before they are broken; infinity where they are not."""
    rights = sorted(line.right for line in lines)
    edge = rights[int(len(rights) * 0.9)] if rights else float("inf")
    full = sum(_full(line, edge) and line.text[-1:] not in ENDS for line in lines)
    narrow = bool(lines) and edge - median(line.left for line in lines) < _NARROW * median(map(_em, lines))
    return edge if len(lines) >= 3 and full >= _LEAST_FULL * len(lines) and not narrow else float("inf")


_SLACK = 0.06
"""Share of a line by which it may fall short of the edge."""
_NARROW = 14
"""Chinese signs below which no column of text is broken."""
_UNDIVIDED = re.compile(r"[!-~]{1,40}|.[，、。；：！？）》”】」』]*")


def _full(line: Line, edge: float, following: str = "字") -> bool:
    """Whether what follows, up to where a line may be broken, would have found no room."""
    found = _UNDIVIDED.match(following)
    needed = width(found[0]) / 2 if found else 1.0
    slack = min(_SLACK * (edge - line.left), 2.2 * _em(line))
    return line.right + needed * _em(line) + slack >= edge


def _em(line: Line) -> float:
    """The width of a Chinese sign."""
    return 2 * (line.right - line.left) / max(2, width(line.text))


def _add(builder: Builder, lines: Sequence[Line], edge: float) -> None:
    paragraphs: list[tuple[str, bool]] = []
    previous: Line | None = None
    pitch = _pitch(lines)
    for line in lines:
        text = line.text
        if not text:
            continue
        if previous and _goes_on(previous, line, edge, pitch):
            whole, strong = paragraphs[-1]
            paragraphs[-1] = whole + glue(whole, text) + text, strong and line.strong
        else:
            paragraphs.append((text, line.strong))
        previous = line
    for text, strong in paragraphs:
        builder.add(Block(text, strong=strong))


def _pitch(lines: Sequence[Line]) -> float:
    """How far lines are apart."""
    steps = [one.middle - other.middle for one, other in pairwise(lines)]
    down = [step for step in steps if step > 1]
    return median(down) if down else 0.0


def _goes_on(previous: Line, line: Line, edge: float, pitch: float) -> bool:
    apart = previous.middle - line.middle > 1.8 * pitch > 0
    indented = line.left > previous.left + 1.5 * _em(line) and not starts_item(previous.text)
    full = _full(previous, edge, line.text) and not (apart or indented)
    return goes_on(previous.text, line.text, full=full)

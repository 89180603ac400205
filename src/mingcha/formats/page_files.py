"""Texts inside binary files: PDF by pdfium, DOCX by its XML, read as a stream so that no tree can grow."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from lzma import LZMAError
from typing import TYPE_CHECKING
from xml.parsers import expat

from mingcha.errors import FormatError
from mingcha.formats.page_blocks import CHARACTER_LIMIT, Block, Builder, clean, unwrap, wrap_width

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

PAGE_LIMIT = 1000
MEMBER_LIMIT = 16 * 1024 * 1024
"""Bytes of one part of a DOCX, unpacked."""
MEMBERS_LIMIT = 10_000

# --- PDF -------------------------------------------------------------------------------------------------------------

_PAGE_NUMBER = re.compile(
    r"^(?:第?\s*\d{1,4}\s*页?(?:\s*[/,，共]+\s*\d{1,4}\s*页?)?|-\s*\d{1,4}\s*-|[Pp]age \d{1,4}.*)$"
)
_RUNNING_LINE = 3
"""A line that stands first or last on so many pages is a running head, not text."""


def read_pdf(data: bytes) -> tuple[str, list[Block]]:
    """Title (empty) and paragraphs. Raises FormatError."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            pages = _pages(document)
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise FormatError(f"a PDF that cannot be read: {error}") from error
    lines = _without_running_lines(pages)
    if not any(lines):
        raise FormatError("a PDF without any text (scanned pages?): hand in the text itself")
    edge = wrap_width(lines)
    return "", [Block(paragraph) for paragraph in unwrap(lines, edge)]


def _pages(document: PdfDocument) -> list[list[str]]:
    if len(document) > PAGE_LIMIT:
        raise FormatError(f"a PDF of more than {PAGE_LIMIT} pages")
    pages: list[list[str]] = []
    characters = 0
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        characters += text_page.count_chars()
        if characters > CHARACTER_LIMIT:
            raise FormatError(f"a text of more than {CHARACTER_LIMIT} characters")
        text = text_page.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
        text_page.close()
        page.close()
        pages.append(clean(text.replace("\ufffe", "")).split("\n"))
    return pages


def _without_running_lines(pages: list[list[str]]) -> list[str]:
    filled = [[line for line in page if line] for page in pages]
    edges = Counter(line for page in filled for line in {*page[:1], *page[-1:]})
    running = {line for line, count in edges.items() if count >= _RUNNING_LINE}
    return [
        line
        for page in filled
        for number, line in enumerate(page)
        if not (number in (0, len(page) - 1) and (line in running or _PAGE_NUMBER.match(line)))
    ]


# --- DOCX ------------------------------------------------------------------------------------------------------------

_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
_HEADING_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, IndexError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, OSError, struct.error, LZMAError,
)  # fmt: skip
"""What ``zipfile`` raises on directories and members that lie."""


def read_docx(data: bytes) -> tuple[str, list[Block]]:
    """Title (empty) and blocks in document order. Raises FormatError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            body = _member(archive, "word/document.xml")
            styles = _member(archive, "word/styles.xml") if "word/styles.xml" in archive.NameToInfo else b""
    except _DAMAGE as error:
        raise FormatError(f"a DOCX that cannot be unpacked: {error}") from error
    levels = _Styles(styles).levels if styles else {}
    return "", _Body(body, levels).builder.done()


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    if len(archive.NameToInfo) > MEMBERS_LIMIT:
        raise FormatError(f"a DOCX of more than {MEMBERS_LIMIT} parts")
    if archive.getinfo(name).file_size > MEMBER_LIMIT:
        raise FormatError(f"a DOCX part of more than {MEMBER_LIMIT} bytes: {name}")
    with archive.open(name) as member:
        data = member.read(MEMBER_LIMIT + 1)
    if len(data) > MEMBER_LIMIT:
        raise FormatError(f"a DOCX part larger than it says: {name}")
    return data


class _Xml:
    """A stream of elements; a document type, which no DOCX has and which could define endless entities, is refused."""

    def __init__(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise FormatError(f"a DOCX whose XML is damaged: {error}") from error
        except (LookupError, ValueError) as error:  # an encoding that does not exist, or one of several bytes
            raise FormatError(f"a DOCX in an unknown encoding: {error}") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def _end(self, name: str) -> None:
        """It ends."""

    def _characters(self, text: str) -> None:
        """Text inside it."""


def _refuse(*_: object) -> None:
    raise FormatError("a DOCX with a document type declaration")


def _in_both_spaces(handlers: dict[str, Handler]) -> dict[str, Handler]:
    return {space + name: handler for space in _SPACES for name, handler in handlers.items()}


def _attribute(attributes: dict[str, str], name: str) -> str:
    return next((attributes[space + name] for space in _SPACES if space + name in attributes), "")


class _Styles(_Xml):
    """Which style ids are headings, and of what level."""

    def __init__(self, data: bytes) -> None:
        self.levels: dict[str, int] = {}
        self._style = ""
        super().__init__(data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        value = _attribute(attributes, "val")
        name = name.rpartition(" ")[2]
        if name == "style":
            self._style = _attribute(attributes, "styleId")
        elif name == "name" and (found := _HEADING_NAME.match(value)):
            self.levels[self._style] = int(found[1])
        elif name == "name" and value.lower() == "title":
            self.levels[self._style] = 1
        elif name == "outlineLvl" and value in _OUTLINE_LEVELS and self._style:
            self.levels.setdefault(self._style, int(value) + 1)


_OUTLINE_LEVELS = frozenset("012345678")


class _Body(_Xml):
    def __init__(self, data: bytes, levels: dict[str, int]) -> None:
        self.builder = Builder()
        self._levels = levels
        self._shown = False
        self._hidden = False
        self._fallback = 0
        super().__init__(data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = _AT_START.get(name)
        if handler and not self._fallback:
            handler(self, _attribute(attributes, "val"))
        elif name == _FALLBACK:
            self._fallback += 1

    def _end(self, name: str) -> None:
        handler = _AT_END.get(name)
        if handler and not self._fallback:
            handler(self, "")
        elif name == _FALLBACK:
            self._fallback -= 1

    def _characters(self, text: str) -> None:
        if self._shown and not self._fallback:
            self.builder.text(text)

    def style(self, value: str) -> None:
        """The paragraph has this style."""
        self.builder.block(self._levels.get(value, 0))

    def outline(self, value: str) -> None:
        """The paragraph stands on this level of the outline."""
        if value in _OUTLINE_LEVELS:
            self.builder.block(int(value) + 1)

    def run(self, hidden: bool) -> None:
        """What follows is shown or hidden."""
        self._hidden = hidden

    def show(self, begins: bool) -> None:
        """Text begins or ends."""
        self._shown = begins and not self._hidden

    def widen(self, value: str) -> None:
        """The cell spans columns."""
        if len(value) <= 2 and value.isascii() and value.isdecimal():
            self.builder.widen(int(value))


Handler = Callable[[_Body, str], None]

_AT_START = _in_both_spaces({
    "p": lambda body, _: body.builder.block(),
    "pStyle": _Body.style,
    "outlineLvl": _Body.outline,
    "r": lambda body, _: body.run(hidden=False),
    "vanish": lambda body, value: body.run(hidden=value not in _OFF),
    "t": lambda body, _: body.show(begins=True),
    "br": lambda body, _: body.builder.text("\n"),
    "cr": lambda body, _: body.builder.text("\n"),
    "tab": lambda body, _: body.builder.text(" "),
    "tbl": lambda body, _: body.builder.table(),
    "tr": lambda body, _: body.builder.row(),
    "tc": lambda body, _: body.builder.cell(),
    "gridSpan": _Body.widen,
    "vMerge": lambda body, value: body.builder.repeat() if value in ("", "continue") else None,
})  # fmt: skip
_AT_END = _in_both_spaces({
    "p": lambda body, _: body.builder.block(),
    "t": lambda body, _: body.show(begins=False),
    "tc": lambda body, _: body.builder.end_cell(),
    "tbl": lambda body, _: body.builder.end_table(),
})  # fmt: skip

"""DOCX by its XML, read as a stream so that no tree can grow."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from lzma import LZMAError
from xml.parsers import expat

from mingcha.errors import FormatError
from mingcha.formats.page_blocks import Builder
from mingcha.formats.page_clean import LINK, STRONG, UNLINK, WEAK
from mingcha.formats.page_tables import Block

MEMBER_LIMIT = 16 * 1024 * 1024
"""Bytes of one part of a DOCX, unpacked."""
MEMBERS_LIMIT = 10_000

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
        self._level = 0
        self._bold = False
        super().__init__(data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        handler = _AT_START.get(name)
        if handler and not self._fallback:
            handler(self, _attribute(attributes, "val") or _attribute(attributes, "anchor"))
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

    def paragraph(self) -> None:
        """A paragraph begins or ends."""
        self.plain()
        self._level = 0
        self.builder.block()

    def style(self, value: str) -> None:
        """The paragraph has this style."""
        self._level = self._levels.get(value, 0)
        self.builder.block(self._level)

    def outline(self, value: str) -> None:
        """The paragraph stands on this level of the outline."""
        if value in _OUTLINE_LEVELS:
            self._level = int(value) + 1
            self.builder.block(self._level)

    def item(self, value: str) -> None:
        """The paragraph is an item of a list on this level."""
        if value in _OUTLINE_LEVELS and not self._level:
            self.builder.block(0, int(value) + 1)

    def run(self) -> None:
        """A run begins: it is shown and not bold until it says so."""
        self._hidden = False
        self.plain()

    def hide(self, value: str) -> None:
        """The run is hidden."""
        self._hidden = value not in _OFF

    def bold(self, value: str) -> None:
        """The run is bold."""
        if value not in _OFF and not self._bold and not self._fallback:
            self._bold = True
            self.builder.text(STRONG)

    def plain(self) -> None:
        """What follows is not bold."""
        if self._bold:
            self._bold = False
            self.builder.text(WEAK)

    def show(self, begins: bool) -> None:
        """Text begins or ends."""
        self._shown = begins and not self._hidden

    def widen(self, value: str) -> None:
        """The cell spans columns."""
        if len(value) <= 2 and value.isascii() and value.isdecimal():
            self.builder.widen(int(value))


Handler = Callable[[_Body, str], None]

_AT_START = _in_both_spaces({
    "p": lambda body, _: body.paragraph(),
    "pStyle": _Body.style,
    "outlineLvl": _Body.outline,
    "ilvl": _Body.item,
    "r": lambda body, _: body.run(),
    "vanish": _Body.hide,
    "b": _Body.bold,
    "hyperlink": lambda body, anchor: None if anchor else body.builder.text(LINK),
    "tblHeader": lambda body, value: body.builder.head() if value not in _OFF else None,
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
    "p": lambda body, _: body.paragraph(),
    "r": lambda body, _: body.plain(),
    "hyperlink": lambda body, _: body.builder.text(UNLINK),
    "t": lambda body, _: body.show(begins=False),
    "tc": lambda body, _: body.builder.end_cell(),
    "tbl": lambda body, _: body.builder.end_table(),
})  # fmt: skip

"""An xlsx workbook as sheets of text: a ZIP of XML parts, read tag by tag.

Source: ECMA-376. A part that declares entities is refused: no office program writes them, and they unpack without bound.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from xml.parsers import expat

from mingcha.errors import FormatError
from mingcha.formats.spreadsheet_sheet import CELLS, Book, Cells, Room, Sheet, is_date, number_text
from mingcha.formats.zipped import Archive

_PART = 64 << 20
_SHEETS = 64
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_xlsx(data: bytes) -> Book:
    """The sheets of a workbook. Raises FormatError."""
    archive = Archive(data)
    if archive.get("xl/workbook.xml") is None:
        raise FormatError("ZIP without a workbook")
    workbook = _Parts(archive)
    if not workbook.sheets:
        raise FormatError("workbook without sheets")
    read = [(name, *workbook.read(path)) for name, path in workbook.sheets]
    return Book("xlsx", tuple(Sheet(n, rows) for n, rows, _ in read), any(not whole for _, _, whole in read))


class _Parts:
    """The parts that all sheets share: their list, the strings, the formats."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.room = Room()
        self.sheets: list[tuple[str, str]] = []
        self.strings: list[str] = []
        self._formats: dict[str, str] = {}
        self._styles: list[bool] = []
        self._1904 = False
        targets: dict[str, str] = {}
        self._walk("xl/_rels/workbook.xml.rels", lambda _, a: targets.update({a.get("Id", ""): a.get("Target", "")}))
        self._walk("xl/workbook.xml", lambda tag, a: self._listed(tag, a, targets))
        self._read_strings()
        self._in_styles = False
        self._walk("xl/styles.xml", self._styled)

    def _walk(self, name: str, start: Callable[[str, dict[str, str]], object]) -> None:
        if self._archive.get(name) is not None:
            _parse(self._archive.read(name, _PART), start)

    def _listed(self, tag: str, attributes: dict[str, str], targets: dict[str, str]) -> None:
        if tag == "workbookPr":
            self._1904 = attributes.get("date1904") in ("1", "true")
        if tag == "sheet" and len(self.sheets) < _SHEETS:
            relation = next((value for key, value in attributes.items() if key.endswith("id") and key != "id"), "")
            path = posixpath.normpath(posixpath.join("xl", targets.get(relation, ""))).removeprefix("/")
            self.sheets.append((attributes.get("name", ""), path))

    def _styled(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("cellXfs", "cellStyleXfs", "dxfs"):
            self._in_styles = tag == "cellXfs"
        elif tag == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and self._in_styles:
            number = attributes.get("numFmtId", "0")
            self._styles.append(is_date(_integer(number), self._formats.get(number, "")))

    def _read_strings(self) -> None:
        """Shared strings; readings of Chinese or Japanese characters (``rPh``) are no part of the text."""
        parts: list[str] = []
        aside = [0]

        def start(tag: str, _: dict[str, str]) -> None:
            aside[0] += tag == "rPh"
            if tag == "si":
                parts.clear()

        def end(tag: str, text: str) -> None:
            if tag == "t" and not aside[0]:
                parts.append(text)
            aside[0] -= tag == "rPh"
            if tag == "si" and len(self.strings) < CELLS:
                self.strings.append("".join(parts))

        if self._archive.get("xl/sharedStrings.xml") is not None:
            _parse(self._archive.read("xl/sharedStrings.xml", _PART), start, end)

    def read(self, path: str) -> tuple[tuple[tuple[str, ...], ...], bool]:
        """The rows of a sheet, and whether all of it was read; one that is missing or damaged is cut off there."""
        sheet = _Reader(self)
        try:
            _parse(self._archive.read(path, _PART), sheet.start, sheet.end)
        except FormatError:
            return sheet.cells.rows(), False
        return sheet.cells.rows(), not sheet.cells.full

    def shown(self, form: str, style: str, text: str) -> str:
        """What a cell shows."""
        if form == "s":
            number = _integer(text)
            return self.strings[number] if 0 <= number < len(self.strings) else ""
        if form == "b":
            return "TRUE" if text == "1" else "FALSE"
        if form in ("", "n"):
            return self._number(_integer(style), text)
        return text

    def _number(self, style: int, text: str) -> str:
        try:
            value = float(text)
        except ValueError:
            return text
        return number_text(value, 0 <= style < len(self._styles) and self._styles[style], self._1904)


class _Reader:
    """The cells of one sheet, tag by tag."""

    def __init__(self, parts: _Parts) -> None:
        self.cells = Cells(parts.room)
        self._parts = parts
        self._row = self._column = -1
        self._form = self._style = ""
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A row without a number follows the one before, and so does a cell."""
        if tag == "row":
            self._row = _integer(attributes.get("r", ""), self._row + 2) - 1
            self._column = -1
        elif tag == "c":
            place = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            self._form, self._style = attributes.get("t", ""), attributes.get("s", "0")
            self._text = []

    def end(self, tag: str, text: str) -> None:
        """A value is put when its cell ends: inline text comes in several runs."""
        if tag == "v" or (tag == "t" and self._form == "inlineStr"):
            self._text.append(text)
        elif tag == "c" and self._text and self._row >= 0:
            self.cells.put(self._row, self._column, self._parts.shown(self._form, self._style, "".join(self._text)))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _integer(text: str, otherwise: int = -1) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _parse(
    data: bytes, start: Callable[[str, dict[str, str]], object], end: Callable[[str, str], object] | None = None
) -> None:
    """Tags without their prefix; ``end`` gets the text since the last tag. Raises FormatError."""
    parser = expat.ParserCreate()
    text: list[str] = []

    def opened(tag: str, attributes: dict[str, str]) -> None:
        text.clear()
        start(tag.rpartition(":")[2], attributes)

    def closed(tag: str) -> None:
        if end is not None:
            end(tag.rpartition(":")[2], "".join(text))
        text.clear()

    def refused(*_: object) -> None:
        raise FormatError("workbook part that declares entities")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.EntityDeclHandler = text.append, refused
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise FormatError(f"workbook part that is no XML: {error}") from error

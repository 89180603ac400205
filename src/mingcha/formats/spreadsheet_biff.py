"""The records of an xls workbook (BIFF 5 and 8) as sheets of text.

Source: [MS-XLS]. Only what shows as text in a cell is read: strings, numbers, dates, truth values, results of formulas.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from mingcha.errors import FormatError
from mingcha.formats.spreadsheet_sheet import Book, Cells, Room, Sheet, is_date, number_text

_BOF, _EOF, _SHEET, _TABLE, _MORE, _LOCKED = 0x809, 0x0A, 0x85, 0xFC, 0x3C, 0x2F
_STYLE, _FORMAT, _PAGE, _SINCE_1904 = 0xE0, 0x41E, 0x42, 0x22
_SHARED, _LABEL, _RICH, _NUMBER, _SHORT, _SHORTS, _FORMULA, _RESULT, _TRUTH = (
    0xFD, 0x204, 0xD6, 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x205,
)  # fmt: skip
_PAGES = {936: "gb18030", 950: "big5", 65001: "utf-8", 1200: "utf-16-le", 1252: "cp1252", 367: "ascii"}
_SHEETS = 64
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Record = tuple[int, bytes]


def read_biff(data: bytes) -> Book:
    """The sheets of a workbook stream. Raises FormatError."""
    if len(data) < 8 or struct.unpack_from("<H", data)[0] != _BOF:
        raise FormatError("workbook does not begin with its first record", 0)
    return _Workbook(data).book()


def _records(data: bytes, at: int) -> Iterator[Record]:
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length


class _Workbook:
    """The part before the sheets: strings, formats, and where each sheet begins."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._new = struct.unpack_from("<H", data, 4)[0] >= 0x600
        self._page, self._1904, self._whole = "cp1252", False, False
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._strings: list[str] = []
        self._sheets: list[tuple[int, str]] = []
        self._cut = False
        self._read_globals()
        self._dates = [is_date(number, self._formats.get(number, "")) for number in self._styles]

    def _read_globals(self) -> None:
        shared: list[bytes] = []
        for kind, body in _records(self._data, 0):
            if kind == _LOCKED:
                raise FormatError("workbook is encrypted")
            if kind == _EOF:
                self._whole = True
                break
            if kind == _TABLE or (kind == _MORE and shared):
                shared.append(body)
                continue
            if shared and not self._strings:
                self._strings = self._shared(shared)
            self._global(kind, body)
        if shared and not self._strings:
            self._strings = self._shared(shared)

    def _global(self, kind: int, body: bytes) -> None:
        if kind == _SHEET and len(body) >= 8:
            if body[5] == 0 and len(self._sheets) < _SHEETS:
                self._sheets.append((struct.unpack_from("<I", body)[0], self._short(body[6:])))
        elif kind == _PAGE and len(body) >= 2:
            self._page = _PAGES.get(struct.unpack_from("<H", body)[0], "cp1252")
        elif kind == _SINCE_1904:
            self._1904 = body[:1] == b"\1"
        elif kind == _STYLE and len(body) >= 4:
            self._styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _FORMAT and len(body) >= 5:
            text = self._long(body[2:]) if self._new else self._short(body[2:])
            self._formats[struct.unpack_from("<H", body)[0]] = text

    def _short(self, body: bytes) -> str:
        """A text whose length is one byte."""
        return self._text(body[:1] + b"\0" + body[1:]) if self._new else self._narrow(body[1 : 1 + body[0]])

    def _long(self, body: bytes) -> str:
        """A text whose length is two bytes."""
        if len(body) < 2:
            return ""
        return self._text(body) if self._new else self._narrow(body[2 : 2 + struct.unpack_from("<H", body)[0]])

    def _text(self, body: bytes) -> str:
        return _Strings([body]).next() if len(body) >= 3 else ""

    def _narrow(self, body: bytes) -> str:
        return body.decode(self._page, "replace")

    def _shared(self, parts: list[bytes]) -> list[str]:
        if len(parts[0]) < 8:
            return []
        count = struct.unpack_from("<I", parts[0], 4)[0]
        reader = _Strings([parts[0][8:], *parts[1:]])
        found: list[str] = []
        while len(found) < count and not reader.done:
            found.append(reader.next())
        self._cut |= len(found) < count
        return found

    def book(self) -> Book:
        """All sheets; a chart or a sheet that begins nowhere has no rows."""
        room = Room()
        names: dict[int, str] = {}
        for at, name in self._sheets:
            names.setdefault(at, name)  # sheets that begin at one place are one: no record is read twice
        self._cut |= len(names) < len(self._sheets)
        read = [(name, *self._sheet(at, room)) for at, name in names.items()]
        if not read:
            raise FormatError("workbook without sheets")
        partial = self._cut or not self._whole or any(not whole for _, _, whole in read)
        return Book("xls", tuple(Sheet(name, rows) for name, rows, _ in read), partial)

    def _sheet(self, at: int, room: Room) -> tuple[tuple[tuple[str, ...], ...], bool]:
        cells, depth, waiting = Cells(room), 0, (-1, -1)
        for kind, body in _records(self._data, at):
            depth += (kind == _BOF) - (kind == _EOF)
            if depth <= 0:
                return cells.rows(), kind == _EOF and not cells.full
            if depth > 1 or len(body) < 6:
                waiting = self._result(cells, kind, body, waiting)
                continue
            row, column = struct.unpack_from("<HH", body)
            waiting = self._result(cells, kind, body, waiting)
            for offset, text in enumerate(self._values(kind, body)):
                cells.put(row, column + offset, text)
            if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6:7] == b"\0":
                waiting = (row, column)
        return cells.rows(), False

    def _result(self, cells: Cells, kind: int, body: bytes, waiting: tuple[int, int]) -> tuple[int, int]:
        """The text that a formula gave follows it in a record of its own."""
        if kind != _RESULT or waiting[0] < 0:
            return waiting
        cells.put(*waiting, self._long(body))
        return (-1, -1)

    def _values(self, kind: int, body: bytes) -> Iterator[str]:
        """What a record puts into its cell and the ones right of it."""
        if kind == _SHARED and len(body) >= 10:
            number = struct.unpack_from("<I", body, 6)[0]
            self._cut |= number >= len(self._strings)
            yield self._strings[number] if number < len(self._strings) else ""
        elif kind in (_LABEL, _RICH):
            yield self._long(body[6:])
        elif kind == _NUMBER and len(body) >= 14:
            yield self._number(body[4:6], struct.unpack_from("<d", body, 6)[0])
        elif kind == _SHORT and len(body) >= 10:
            yield self._number(body[4:6], _short_number(body[6:10]))
        elif kind == _SHORTS:
            for at in range(4, len(body) - 7, 6):
                yield self._number(body[at : at + 2], _short_number(body[at + 2 : at + 6]))
        elif kind == _TRUTH and len(body) >= 8:
            yield _ERRORS.get(body[6], "#ERROR") if body[7] else str(bool(body[6])).upper()
        elif kind == _FORMULA and len(body) >= 14 and body[12:14] != b"\xff\xff":
            yield self._number(body[4:6], struct.unpack_from("<d", body, 6)[0])

    def _number(self, style: bytes, value: float) -> str:
        index = int.from_bytes(style, "little")
        return number_text(value, index < len(self._dates) and self._dates[index], self._1904)


def _short_number(body: bytes) -> float:
    """A number in four bytes: an integer or the upper half of a double, perhaps times 100."""
    raw = struct.unpack("<I", body)[0]
    if raw & 2:
        value = float(struct.unpack("<i", body)[0] >> 2)
    else:
        value = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", raw & ~3))[0]
    return value / 100 if raw & 1 else value


class _Strings:
    """Texts in a row of records; a text may go on in the next record, which then says anew how wide its letters are."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts, self._part, self._at = parts, 0, 0

    @property
    def done(self) -> bool:
        """Whether nothing is left to read."""
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            self._part, self._at = self._part + 1, 0
        return self._part >= len(self._parts)

    def _take(self, count: int) -> bytes:
        found = b""
        while count > 0 and not self.done:
            piece = self._parts[self._part][self._at : self._at + count]
            found, count, self._at = found + piece, count - len(piece), self._at + len(piece)
        return found + b"\0" * count if count < 16 else found

    def _skip(self, count: int) -> None:
        while count > 0 and not self.done:
            step = min(count, len(self._parts[self._part]) - self._at)
            count, self._at = count - step, self._at + step

    def next(self) -> str:
        """The next text."""
        length, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        pieces: list[bytes] = []  # in UTF-16: a cut may go through a pair of surrogates
        wide, part = flags & 1, self._part
        while length and not self.done:
            if self._part != part:
                wide, part = self._take(1)[0] & 1, self._part
            piece = self._parts[self._part][self._at : self._at + (length << wide)]
            if not piece:
                continue
            self._at += len(piece)
            pieces.append(piece[: len(piece) // 2 * 2] if wide else piece.decode("latin-1").encode("utf-16-le"))
            length -= max(len(piece) >> wide, 1)
        self._skip(4 * runs + extra)
        return b"".join(pieces).decode("utf-16-le", "replace")

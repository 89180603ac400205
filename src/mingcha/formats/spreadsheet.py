"""Spreadsheets as rows of text, whichever of the three forms a tool or an office program saved: xls, xlsx or csv."""

from __future__ import annotations

import csv
import io

from mingcha.errors import FormatError
from mingcha.formats.logtext import read_text
from mingcha.formats.spreadsheet_biff import read_biff
from mingcha.formats.spreadsheet_ole import MAGIC, stream
from mingcha.formats.spreadsheet_sheet import COLUMNS, Book, Cells, Room, Sheet
from mingcha.formats.spreadsheet_xlsx import read_xlsx

__all__ = ["Book", "Sheet", "read_spreadsheet"]

_DELIMITERS = ",\t;"
LARGEST = 128 << 20


def read_spreadsheet(data: bytes) -> Book:
    """The sheets of a workbook. Raises FormatError for what is none, and for an encrypted one."""
    if len(data) > LARGEST:
        raise FormatError(f"spreadsheet of more than {LARGEST >> 20} MB")
    if data.startswith(MAGIC):
        return read_biff(stream(data, ("Workbook", "Book")))
    if data.startswith(b"PK\3\4"):
        return read_xlsx(data)
    return _read_csv(data)


def _read_csv(data: bytes) -> Book:
    text = read_text(data)
    head = next((line for line in text.lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=head.count)
    if delimiter not in head:
        raise FormatError("this is no spreadsheet: its first line has no columns")
    cells, complete = Cells(Room()), True
    try:
        for number, row in enumerate(csv.reader(io.StringIO("\n".join(text.lines) + "\n"), delimiter=delimiter)):
            for column, value in enumerate(row[: COLUMNS + 1]):
                cells.put(number, column, value)
    except csv.Error:
        complete = False
    sheet = Sheet("", cells.rows())
    return Book("csv", (sheet,), partial=text.damaged or cells.full or not complete)

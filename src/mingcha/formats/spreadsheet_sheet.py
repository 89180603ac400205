"""The cells of a sheet as they are gathered, and the sheets as they are given out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

COLUMNS = 64
"""Columns that are read: logs of runtime tools have four to seven."""
ROWS = 1 << 20
CELLS = 4_000_000
_LONGEST = 32767
_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Numbers of the formats for dates and times that every file may use without defining them."""
_PARTS = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its rows from the first one on, each as long as its last filled cell."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A file's sheets; ``partial`` says that the file was damaged or held more than is read."""

    form: Literal["xls", "xlsx", "csv"]
    sheets: tuple[Sheet, ...]
    partial: bool = False


class Room:
    """How much a whole book may still take; its sheets share it."""

    def __init__(self) -> None:
        self.cells, self.rows = CELLS, ROWS


class Cells:
    """Cells by row and column; what lies outside the limits only sets ``full``."""

    def __init__(self, room: Room) -> None:
        self._rows: dict[int, dict[int, str]] = {}
        self._room = room
        self._next = 0
        self.full = False

    def put(self, row: int, column: int, text: str) -> None:
        """Keep one cell."""
        more = max(row + 1 - self._next, 0)
        if more > self._room.rows or column >= COLUMNS or self._room.cells <= 0:
            self.full = True
            return
        self._room.cells, self._room.rows, self._next = self._room.cells - 1, self._room.rows - more, self._next + more
        self.full |= len(text) > _LONGEST
        self._rows.setdefault(row, {})[column] = text[:_LONGEST]

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """All rows up to the last that has a cell; rows between that have none are empty."""
        return tuple(_row(self._rows.get(number)) for number in range(self._next))


def _row(cells: dict[int, str] | None) -> tuple[str, ...]:
    return tuple(cells.get(column, "") for column in range(max(cells) + 1)) if cells else ()


def is_date(number: int, code: str) -> bool:
    """Whether a number format shows a date or a time of day."""
    if code:
        return any(letter in "ymdhs" for letter in _PARTS.sub("", code).lower().partition(";")[0])
    return number in _BUILT_IN


def number_text(value: float, date: bool, since_1904: bool) -> str:
    """A number as a person would read it in the sheet: as a date where its format says so."""
    if math.isfinite(value) and date and 0 <= value < 2_958_466:
        # Day 60 of the older calendar is a 29 February 1900 that never was.
        start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if value >= 60 else 31)  # noqa: DTZ001
        moment = start + timedelta(milliseconds=round(value * 86_400_000))
        return moment.isoformat(" ", "milliseconds").removesuffix(".000")
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)

"""A table of a runtime tool: which row is its header, what stands in which column, and what becomes of each row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mingcha.formats.spreadsheet import Sheet

_SPACE = re.compile(r"\s+")
_BEFORE = 20
"""Rows above a header: titles that people put there."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a header stands, the column of each wanted name, and whether a name stood in two columns (the first counts)."""

    row: int
    cells: tuple[str, ...]
    columns: dict[str, int]
    twice: bool

    def get(self, row: Sequence[str], name: str) -> str:
        """The cell of a row below that name, empty where there is none."""
        at = self.columns.get(name, -1)
        return row[at] if 0 <= at < len(row) else ""


def header(sheet: Sheet, wanted: tuple[str, ...]) -> Header | None:
    """The first row that has all wanted names; a name in it may go on ("调用时间(倒序排序)")."""
    for number, row in enumerate(sheet.rows[:_BEFORE]):
        cells = tuple(_SPACE.sub("", cell) for cell in row)
        columns = {name: at for at, cell in reversed(list(enumerate(cells))) if (name := _named(cell))}
        if all(name in columns for name in wanted):
            counts = Counter(filter(None, map(_named, cells)))
            return Header(number, cells, columns, max(counts.values()) > 1)
    return None


def _named(cell: str) -> str:
    return cell.replace("（", "(").partition("(")[0]


def again(head: Header, row: Sequence[str]) -> bool:
    """Whether a row is the header once more, as in files put together from several."""
    return len(row) == len(head.cells) and tuple(_SPACE.sub("", cell) for cell in row) == head.cells

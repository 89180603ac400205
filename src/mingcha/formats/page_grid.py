"""Tables of a PDF: by the rules drawn around their cells, or by three or more columns that line up over several lines.

Where rules cut through a word, or lines do not agree, there is no table: plain text is better than a wrong column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from mingcha.formats.page_blocks import glue, goes_on
from mingcha.formats.page_clean import clean
from mingcha.formats.page_rules import NEAR, Box, Rule, Ruled
from mingcha.formats.page_tables import Block, Cell, Table

_LEAST_LINES = 3
_LEAST_COLUMNS = 3


class Run(NamedTuple):
    """Signs, the blank after them if there is one, and where they stand."""

    text: str
    box: Box


class Line(NamedTuple):
    """A line of text, as runs from left to right."""

    runs: list[Run]
    strong: bool

    @property
    def text(self) -> str:
        """The line as it is read."""
        return clean("".join(run.text for run in self.runs))

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.runs[0].box.left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.runs[-1].box.right

    @property
    def height(self) -> float:
        """From its lowest to its highest point."""
        return max(run.box.top for run in self.runs) - min(run.box.bottom for run in self.runs)

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.runs[0].box.top + self.runs[0].box.bottom) / 2


@dataclass(slots=True)
class Grid:
    """A table with the places of its columns."""

    columns: list[float]
    table: Table


Page = list[Line | Grid]

# --- rules filled with text ------------------------------------------------------------------------------------------


def filled(lines: Sequence[Line], groups: Sequence[Ruled]) -> Page:
    """The page with its tables in the places of their lines."""
    page: Page = list(lines)
    for group in groups:
        area = Box(group.columns[0], group.columns[-1], group.rows[-1], group.rows[0])
        within = [n for n, piece in enumerate(page) if isinstance(piece, Line) and _lies_in(piece.runs, area)]
        inside = [piece for n in within if isinstance(piece := page[n], Line)]
        grid = _filled(group, [run for line in inside for run in line.runs])
        if grid:
            gone = set(within[1:])
            page[within[0]] = grid
            page = [piece for n, piece in enumerate(page) if n not in gone]
    return page


def _lies_in(runs: Sequence[Run], area: Box) -> bool:
    inside = sum(
        area.left - 1 <= _centre(run)[0] <= area.right + 1 and area.bottom <= _centre(run)[1] <= area.top
        for run in runs
    )
    return inside * 2 > len(runs)


def _centre(run: Run) -> tuple[float, float]:
    return (run.box.left + run.box.right) / 2, (run.box.top + run.box.bottom) / 2


def _filled(group: Ruled, runs: Sequence[Run]) -> Grid | None:
    """The table of a group of rules, or None where there is none or where a rule cuts through a sign."""
    columns, rows = group.columns, group.rows
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    table = Table()
    cells: dict[tuple[int, int], Cell] = {}
    for y in range(len(rows) - 1):
        table.rows.append([])
        for x in range(len(columns) - 1):
            if (y, x) not in owner:
                wide, high = _span(group, y, x)
                cell = cells[y, x] = Cell(rows=high, columns=wide)
                owner.update({(y + j, x + i): (y, x) for j in range(high) for i in range(wide)})
                table.rows[-1].append(cell)
    inside: dict[tuple[int, int], list[Run]] = {}
    for run in runs:
        across, up = _centre(run)
        x = sum(place <= across for place in columns) - 1
        y = sum(place >= up for place in rows) - 1
        home = owner.get((y, x))
        if home is None or _cut(run, columns, home, cells[home]):
            return None
        inside.setdefault(home, []).append(run)
    for (y, x), part in inside.items():
        edge = columns[x + cells[y, x].columns]
        cells[y, x].blocks += [Block(text) for text in _in_cell(part, edge)]
    full = sum(len([cell for cell in row if cell.blocks]) > 1 for row in table.rows)
    return Grid(columns, table) if full >= 1 else None


def _span(group: Ruled, y: int, x: int) -> tuple[int, int]:
    """How many columns and rows a cell takes: up to the next rule on its right and below it."""
    columns, rows = group.columns, group.rows
    wide = high = 1
    level = (rows[y] + rows[y + 1]) / 2
    while x + wide < len(columns) - 1 and not _drawn_at(group.upright, columns[x + wide], level):
        wide += 1
    across = (columns[x] + columns[x + 1]) / 2
    while y + high < len(rows) - 1 and not _drawn_at(group.level, rows[y + high], across):
        high += 1
    return wide, high


def _drawn_at(rules: Sequence[Rule], at: float, point: float) -> bool:
    return any(abs(rule.at - at) <= NEAR and rule.start - 1 <= point <= rule.end + 1 for rule in rules)


def _cut(run: Run, columns: Sequence[float], home: tuple[int, int], cell: Cell) -> bool:
    left, right = columns[home[1]], columns[home[1] + cell.columns]
    slack = 0.35 * (run.box.right - run.box.left)
    return run.box.left < left - slack or run.box.right > right + slack


def _in_cell(runs: Sequence[Run], edge: float) -> list[str]:
    """The lines of a cell, joined where they were broken at its edge."""
    lines: list[Line] = []
    for run in runs:
        middle = _centre(run)[1]
        if (
            lines
            and abs(lines[-1].middle - middle) < 0.5 * max(lines[-1].height, 1)
            and run.box.left >= lines[-1].right - 1
        ):
            lines[-1].runs.append(run)
        else:
            lines.append(Line([run], strong=False))
    found: list[str] = []
    full = False
    for line in lines:
        text = line.text
        if found and text and goes_on(found[-1], text, full=full):
            found[-1] += glue(found[-1], text) + text
        elif text:
            found.append(text)
        full = line.right >= edge - 2.2 * line.height
    return found


# --- columns without rules -------------------------------------------------------------------------------------------


def aligned(page: Page) -> Page:
    """The page, with rows where three or more lines in a row have the same three or more columns."""
    found: Page = []
    group: list[Line] = []
    for piece in page:
        if (
            isinstance(piece, Line)
            and len(_segments(piece)) >= _LEAST_COLUMNS
            and (not group or _same(group[0], piece))
        ):
            group.append(piece)
            continue
        found += _as_rows(group)
        group = []
        if isinstance(piece, Line) and len(_segments(piece)) >= _LEAST_COLUMNS:
            group = [piece]
        else:
            found.append(piece)
    return found + _as_rows(group)


def _segments(line: Line) -> list[Line]:
    """The line, cut where a gap is wider than any between words."""
    parts: list[list[Run]] = [[line.runs[0]]]
    for one, other in pairwise(line.runs):
        if other.box.left - one.box.right > 1.5 * line.height:
            parts.append([])
        parts[-1].append(other)
    return [Line(part, line.strong) for part in parts]


def _same(one: Line, other: Line) -> bool:
    first, second = _segments(one), _segments(other)
    slack = 0.7 * one.height
    if len(first) != len(second):
        return False
    left = all(abs(a.left - b.left) <= slack for a, b in zip(first, second, strict=True))
    centred = all(abs(a.left + a.right - b.left - b.right) <= 2 * slack for a, b in zip(first, second, strict=True))
    return left or centred


def _as_rows(lines: Sequence[Line]) -> Page:
    if len(lines) < _LEAST_LINES:
        return list(lines)
    rows = [[Cell(blocks=[Block(part.text)]) for part in _segments(line)] for line in lines]
    return [Grid([part.left for part in _segments(lines[0])], Table(rows))]


# --- over page ends --------------------------------------------------------------------------------------------------


def continued(pages: Iterable[Page]) -> Page:
    """All pages as one; a table at a page's end and one of the same columns at the next one's start are one table."""
    found: Page = []
    for page in pages:
        last, first = (found[-1] if found else None), (page[0] if page else None)
        if isinstance(last, Grid) and isinstance(first, Grid) and _same_columns(last, first):
            _go_on(last.table, first.table)
            found += page[1:]
        else:
            found += page
    return found


def _same_columns(one: Grid, other: Grid) -> bool:
    return len(one.columns) == len(other.columns) and all(
        abs(a - b) <= 2 * NEAR for a, b in zip(one.columns, other.columns, strict=True)
    )


def _go_on(table: Table, rest: Table) -> None:
    """The rows of the rest; one that has no name belongs to the row that the page end cut in two."""
    rows = rest.rows
    cut = table.rows and rows and len(table.rows[-1]) == len(rows[0]) > 1 and not rows[0][0].blocks
    if cut and all(cell.rows == 1 for cell in (*table.rows[-1], *rows[0])):
        for cell, more in zip(table.rows[-1], rows[0], strict=True):
            cell.blocks += more.blocks
        rows = rows[1:]
    table.rows += rows

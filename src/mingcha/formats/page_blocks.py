"""From a reader's events (text, line end, block, table) to plain blocks: what HTML, DOCX and Markdown have in common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mingcha.errors import FormatError

CHARACTER_LIMIT = 2_000_000
CELL_LIMIT = 200_000
NESTING_LIMIT = 64
"""Tables inside tables; no page that people read comes near."""
LAYOUT_CELL = 3_000
"""A cell longer than this holds a text, not a datum: its table only lays out the page."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_SPACE = re.compile(r"[^\S\n]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_SPACE_IN_CHINESE = re.compile(f"(?<=[{_WIDE}])\r(?=[{_WIDE}])")
_SOFT_BREAK = re.compile(r"\s*\r\s*")


class Block(NamedTuple):
    """A paragraph, a heading (``level`` from 1), or a row of a table."""

    text: str
    level: int = 0
    row: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None


def clean(text: str) -> str:
    """Without invisible characters, each run of blanks one space; a carriage return stands for a soft break."""
    text = _INVISIBLE.sub("", text)
    if "\r" in text:
        text = _SOFT_BREAK.sub("\r", text)
        text = _SPACE_IN_CHINESE.sub("", text).replace("\r", " ")
    return "\n".join(_SPACE.sub(" ", line).strip() for line in text.split("\n"))


# --- lines broken inside sentences -----------------------------------------------------------------------------------

_ENDS = "。！？；：!?;:…」』"
_OPEN_END = re.compile(r"[，、,（(《“\[【／/]$")
_STARTS_ITEM = re.compile(
    r"^(?:[（(【\[]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4}|[a-zA-Z]|[ivxIVX]{1,4})[)）】\].、．:：]"
    r"|[（(]|第[一二三四五六七八九十百\d]{1,4}[章节条部]|\d+(?:\.\d+)+|[-•·●○◆■▪*+➤※①-⑳]|[A-Za-z\u4e00-\u9fff]{2,8}[：:])"
)
_WRAP_RANGE = range(24, 141)
_CLOSERS = "，、。；：！？）》”】」』,.;:!?)]"


def width(text: str) -> int:
    """Columns the text takes in a fixed-width font."""
    return len(text) + sum(unicodedata.east_asian_width(c) in "WF" for c in text)


def wrap_width(lines: Sequence[str]) -> int:
    """The width at which somebody broke these lines, or 0 if each line is a paragraph of its own."""
    widths = sorted(width(line) for line in lines if line)
    if len(widths) < 3:
        return 0
    edge = widths[int(len(widths) * 0.95)]
    if edge not in _WRAP_RANGE or widths[-1] > 1.3 * edge:
        return 0
    full = sum(width(line) >= 0.8 * edge and line[-1] not in _ENDS for line in lines if line)
    return edge if full >= 0.2 * len(widths) else 0


def unwrap(lines: Sequence[str], edge: int = -1) -> list[str]:
    """Paragraphs out of lines: a line that stops inside a sentence takes the next one in."""
    if edge < 0:
        edge = wrap_width(lines)
    paragraphs: list[list[str]] = []
    previous = ""
    blank = True
    for line in lines:
        if not line:
            blank = True
            continue
        if previous and _continues(previous, line, edge, blank):
            paragraphs[-1].append(_glue(previous, line) + line)
        else:
            paragraphs.append([line])
        previous, blank = line, False
    return ["".join(parts) for parts in paragraphs]


def _continues(previous: str, line: str, edge: int, blank: bool) -> bool:
    if line[0] in _CLOSERS:
        return True
    if _STARTS_ITEM.match(line) and not _open_bracket(previous):
        return False
    if _OPEN_END.search(previous):
        return True
    if blank or not edge or previous[-1] in _ENDS:
        return False
    return width(previous) >= 0.75 * edge


def _open_bracket(line: str) -> bool:
    return line.count("（") > line.count("）")


def _glue(previous: str, line: str) -> str:
    """A space between two Latin words, nothing next to Chinese."""
    return " " if previous[-1].isascii() and line[0].isascii() and line[0] not in _CLOSERS else ""


# --- events ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Cell:
    header: bool
    rows: int
    columns: int
    repeats: bool = False
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)


@dataclass(slots=True)
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)
    open_cell: _Cell | None = None
    nested: bool = False


class Builder:
    """Takes the events of one document, then gives its blocks. Raises FormatError when a limit is passed."""

    def __init__(self, edge: int = -1) -> None:
        """``edge`` is the width at which lines were broken (see ``wrap_width``), -1 to tell it from each block."""
        self._edge = edge
        self._blocks: list[Block] = []
        self._tables: list[_Table] = []
        self._text: list[str] = []
        self._level = 0
        self._characters = 0
        self._cells = 0

    def text(self, text: str) -> None:
        """More text of the current block; a newline in it is a line end that people see."""
        self._charge(len(text))
        self._text.append(text)

    def block(self, level: int = 0) -> None:
        """The current block ends, and one of this heading level begins."""
        text = clean("".join(self._text)) if self._text else ""
        self._text.clear()
        if text.strip():
            lines = text.split("\n")
            paragraphs = unwrap(lines, self._edge) if len(lines) > 1 else lines
            self._sink().extend(Block(p, self._level) for p in paragraphs if p)
        self._level = level

    def add(self, block: Block) -> None:
        """A block that is ready."""
        self.block()
        self._charge(len(block.text))
        self._sink().append(block)

    def table(self) -> None:
        """A table begins."""
        self.block()
        if self._tables:
            self._tables[-1].nested = True
        if len(self._tables) >= NESTING_LIMIT:
            raise FormatError(f"more than {NESTING_LIMIT} tables inside each other")
        self._tables.append(_Table())

    def row(self) -> None:
        """A row of the innermost table begins."""
        if self._tables:
            self.end_cell()
            self._tables[-1].rows.append([])

    def cell(self, header: bool = False, rows: int = 1, columns: int = 1) -> None:
        """A cell begins that spans so many rows and columns."""
        if not self._tables:
            self.block()
            return
        self.end_cell()
        self._cells += 1
        if self._cells > CELL_LIMIT:
            raise FormatError(f"tables with more than {CELL_LIMIT} cells")
        table = self._tables[-1]
        table.open_cell = _Cell(header, max(1, min(rows, 1000)), max(1, min(columns, 50)))
        if not table.rows:
            table.rows.append([])
        table.rows[-1].append(table.open_cell)

    def widen(self, columns: int) -> None:
        """The current cell spans so many columns."""
        if self._tables and (cell := self._tables[-1].open_cell):
            cell.columns = max(1, min(columns, 50))

    def repeat(self) -> None:
        """The current cell is the lower part of the one above it."""
        if self._tables and (cell := self._tables[-1].open_cell):
            cell.repeats = True

    def end_cell(self) -> None:
        """The current cell, if there is one, ends."""
        self.block()
        if self._tables:
            self._tables[-1].open_cell = None

    def end_table(self) -> None:
        """The innermost table ends; it becomes rows, or plain blocks if it only lays out the page."""
        if not self._tables:
            return
        self.end_cell()
        table = self._tables.pop()
        self._sink().extend(self._laid_out(table) if _is_layout(table) else self._rows(table))

    def done(self) -> list[Block]:
        """All blocks of the document."""
        while self._tables:
            self.end_table()
        self.block()
        return self._blocks

    def _sink(self) -> list[Block]:
        for table in reversed(self._tables):
            if table.open_cell is not None:
                return table.open_cell.blocks
        return self._blocks

    def _charge(self, characters: int) -> None:
        self._characters += characters
        if self._characters > CHARACTER_LIMIT:
            raise FormatError(f"a text of more than {CHARACTER_LIMIT} characters")

    def _laid_out(self, table: _Table) -> Iterable[Block]:
        return (block for row in table.rows for cell in row for block in cell.blocks)

    def _rows(self, table: _Table) -> Iterable[Block]:
        grid = [row for row in self._grid(table) if any(row)]
        if not grid:
            return
        header = grid[0] if len(grid) > 1 and _is_header(table, grid[0]) else None
        for number, row in enumerate(grid):
            yield Block(" | ".join(row), 0, row, header if number else None)

    def _grid(self, table: _Table) -> Iterable[tuple[str, ...]]:
        """Rows with spanning cells repeated, so that each row can be read alone."""
        hanging: dict[int, tuple[int, str]] = {}
        cells: list[str] = []
        for row in table.rows:
            above, cells = cells, []
            for cell in row:
                _take_hanging(cells, hanging)
                text = above[len(cells)] if cell.repeats and len(cells) < len(above) else cell.text
                for _ in range(cell.columns):
                    if cell.rows > 1:
                        hanging[len(cells)] = (cell.rows - 1, text)
                    cells.append(text)
            _take_hanging(cells, hanging)
            self._cells += len(cells)
            if self._cells > 2 * CELL_LIMIT:
                raise FormatError("a table with too many spanning cells")
            self._charge(sum(map(len, cells)))
            yield tuple(cells)


def _take_hanging(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    while len(cells) in hanging:
        left, text = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, text)
        cells.append(text)


def _is_layout(table: _Table) -> bool:
    if table.nested or max(map(len, table.rows), default=0) < 2:
        return True
    return any(
        block.level or len(block.text) > LAYOUT_CELL for row in table.rows for cell in row for block in cell.blocks
    )


def _is_header(table: _Table, first: tuple[str, ...]) -> bool:
    """The first row names the columns: marked so, or all its cells are filled, short and no sentences."""
    marked = bool(table.rows[0]) and all(cell.header for cell in table.rows[0])
    return marked or all(cell and len(cell) <= 24 and not set(cell) & set("。；，,;") for cell in first)

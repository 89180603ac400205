"""Tables as rows that can be read alone: spans repeated, headers joined, records turned, layout told from data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

CELL_LIMIT = 200_000
LAYOUT_CELL = 3_000
"""A cell longer than this holds a text, not a datum: its table only lays out the page."""
_TITLE_WIDTH = 24
_KEY_WIDTH = 16
_NO_TITLE = re.compile(
    r"[。；，,;]|https?://|@|^\d+(?:[./-]\d+)*$|^android\.|^(?:是|否|无|有|可|必选|可选|普通|危险|yes|no|n/?a|-+)$",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(?:名称|名|公司|主体|提供[方商者]|开发[方商者]|运营[方商者]|接收方|机构|目的|用途|场景|功能|信息|类型|字段|方式|链接|网址|官网|地址|政策|声明|规则|权限"
    r"|范围|说明|数据|name|provider|vendor|company|developer|purpose|data|information|type|link|url|policy|permissions?|usage)$",
    re.IGNORECASE,
)
"""How the names of what a table tells end, in columns or, where a table has one column for each, in the first one."""


class Block(NamedTuple):
    """A paragraph, a heading (``level`` from 1), or a row of a table; see `page.Paragraph` for the rest."""

    text: str
    level: int = 0
    row: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None
    item: int = 0
    strong: bool = False
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class Cell:
    """A cell as its reader saw it; ``repeats`` is the lower part of the one above, as DOCX writes it."""

    header: bool = False
    rows: int = 1
    columns: int = 1
    repeats: bool = False
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands in it, a line for each block."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def links(self) -> tuple[str, ...]:
        """The links in it."""
        return tuple(link for block in self.blocks for link in block.links)


@dataclass(slots=True)
class Table:
    """A table while it is read."""

    rows: list[list[Cell]] = field(default_factory=list)
    open_cell: Cell | None = None
    nested: bool = False
    naming: bool = False
    """The cells of the current row name columns."""


class _Row(NamedTuple):
    cells: tuple[str, ...]
    marked: bool
    """All its cells are marked as names of columns."""
    first_marked: bool
    links: tuple[str, ...]


def blocks(table: Table, charge: Callable[[int, int], None]) -> Iterator[Block]:
    """Rows, or the blocks of the cells where the table only lays out the page.

    ``charge`` is told cells and characters of each row before it is made: it raises FormatError when there are too many.
    """
    if _is_layout(table):
        yield from (block for row in table.rows for cell in row for block in cell.blocks)
        return
    grid = [row for row in _grid(table, charge) if any(row.cells)]
    if _is_record(grid):
        yield from _records(grid)
    elif grid:
        yield from _rows(table, grid)


def _is_layout(table: Table) -> bool:
    if table.nested or max((sum(cell.columns for cell in row) for row in table.rows), default=0) < 2:
        return True
    return any(
        block.level or len(block.text) > LAYOUT_CELL for row in table.rows for cell in row for block in cell.blocks
    )


def _grid(table: Table, charge: Callable[[int, int], None]) -> Iterator[_Row]:
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
        charge(len(cells), sum(map(len, cells)))
        links = tuple(link for cell in row for link in cell.links)
        marked = bool(row) and all(cell.header for cell in row)
        yield _Row(tuple(cells), marked, bool(row) and row[0].header and not marked, links)


def _take_hanging(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    while len(cells) in hanging:
        left, text = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, text)
        cells.append(text)


# --- tables with a row for each entry --------------------------------------------------------------------------------


def _rows(table: Table, grid: Sequence[_Row]) -> Iterator[Block]:
    """A row across the whole table is a paragraph that divides it; a header that comes again is told once."""
    caption, body = _captions(grid)
    yield from caption
    count = _header_rows(table, body) if caption == [] else _header_rows(Table(), body)
    header = _joined([row.cells for row in body[:count]]) if count else None
    if header:
        yield Block(" | ".join(header), row=header, links=_links(body[:count]))
    seen = {row.cells for row in body[:count]}
    name = ""
    for row in body[count:]:
        cells = row.cells if row.cells[0] else (name, *row.cells[1:])  # a blank name is the one above again
        name = cells[0]
        if _is_divider(cells):
            yield Block(cells[0], strong=True, links=row.links)
        elif row.cells not in seen:
            yield Block(" | ".join(cells), row=cells, header=header, links=row.links)


def _captions(grid: Sequence[_Row]) -> tuple[list[Block], Sequence[_Row]]:
    """Rows above the header that hold one text across all columns."""
    count = 0
    while count < len(grid) - 1 and _is_divider(grid[count].cells):
        count += 1
    return [Block(row.cells[0], strong=True, links=row.links) for row in grid[:count]], grid[count:]


def _is_divider(cells: tuple[str, ...]) -> bool:
    return len(cells) > 2 and bool(cells[0]) and len(set(cells)) == 1


def _links(rows: Sequence[_Row]) -> tuple[str, ...]:
    return tuple(link for row in rows for link in row.links)


def _header_rows(table: Table, grid: Sequence[_Row]) -> int:
    """How many rows name the columns: those marked so; else the first, if it looks it, and a second that divides its names."""
    if len(grid) < 2:
        return 0
    marked = next((n for n, row in enumerate(grid) if not row.marked), 0)
    first = grid[0].cells
    if marked == 1 and len(grid) > 2 and _divides(first, grid[1].cells):
        return 2
    if marked:
        return marked if marked <= 3 else 1
    if not all(_names(cell) for cell in first if cell) or not any(first):
        return 0
    spans = [cell.rows for cell in table.rows[0]] if table.rows else []
    divided = len(set(first)) < len(first)
    if divided and len(grid) > 2 and (_below(spans) or _divides(first, grid[1].cells)):
        return 2
    return 1 if all(first) else 0


def _below(spans: Sequence[int]) -> bool:
    """The first row's cells are of two heights: the lower ones have names under them."""
    return set(spans) == {1, 2}


def _divides(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """A second row names parts where the first has a blank or the same name again, and has nothing new elsewhere."""
    if len(first) != len(second):
        return False
    for at, (above, here) in enumerate(zip(first, second, strict=True)):
        shared = not above or first.count(above) > 1 or (at + 1 < len(first) and not first[at + 1])
        if here and here != above and not (shared and _names(here)):
            return False
    return sum(bool(cell) for cell in second) > 1


def _names(cell: str) -> bool:
    """Whether a cell may name a column: short, no sentence, no datum."""
    return 0 < len(cell) <= _TITLE_WIDTH and not _NO_TITLE.search(cell)


def _joined(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The names of the columns out of one or more rows, from above to below, each once."""
    width = max(map(len, rows))
    columns = ([row[n] if n < len(row) else "" for row in rows] for n in range(width))
    return tuple(" ".join(dict.fromkeys(part.strip() for part in column if part)) for column in columns)


# --- tables with a row for each thing told ---------------------------------------------------------------------------


def _is_record(grid: Sequence[_Row]) -> bool:
    """Two columns of which the first names what the second tells: marked so, or by the form of nearly all its names."""
    if len(grid) < 2 or any(len(row.cells) != 2 for row in grid) or grid[0].marked:
        return False
    if all(row.first_marked for row in grid):
        return True
    keys = sum(len(row.cells[0]) <= _KEY_WIDTH and _KEY.search(row.cells[0]) is not None for row in grid)
    heads = _KEY.search(grid[0].cells[1]) is not None and _names(grid[0].cells[1])
    cycle = len({row.cells[0] for row in grid}) < len(grid)
    return not heads and keys * 5 >= len(grid) * 4 and (len(grid) > 2 or cycle)


def _records(grid: Sequence[_Row]) -> Iterator[Block]:
    """One row for each record; a new one begins where the first name comes again."""
    start = 0
    for end in range(1, len(grid) + 1):
        if end == len(grid) or grid[end].cells[0] == grid[0].cells[0]:
            part = grid[start:end]
            names, told = zip(*(row.cells for row in part), strict=True)
            text = " | ".join(f"{name}：{value}" for name, value in zip(names, told, strict=True))
            yield Block(text, row=tuple(told), header=tuple(names), links=_links(part))
            start = end

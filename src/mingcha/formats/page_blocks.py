"""From a reader's events (text, line end, block, table) to plain blocks: what HTML, DOCX and Markdown have in common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from mingcha.errors import FormatError
from mingcha.formats import page_tables
from mingcha.formats.page_clean import LINK, STRONG, UNLINK, WEAK, clean
from mingcha.formats.page_tables import CELL_LIMIT, Block, Cell, Table

CHARACTER_LIMIT = 2_000_000
NESTING_LIMIT = 64
"""Tables inside tables; no page that people read comes near."""

# --- lines broken inside sentences -----------------------------------------------------------------------------------

ENDS = "。！？；：!?;:…」』"
_OPEN_END = re.compile(r"[，、,（(《“\[【／/]$")
_STARTS_ITEM = re.compile(
    r"^(?:[（(【\[]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4}|[a-zA-Z]|[ivxIVX]{1,4})[)）】\].、．:：]"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节条部]|\d+(?:\.\d+)+|[-•·●○◆■▪*+➤※①-⑳]|[A-Za-z\u4e00-\u9fff]{2,8}[：:])"
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
    return next((edge for share in _SHARES if (edge := _edge(lines, widths, share))), 0)


_SHARES = (0.95, 0.9, 0.85)
"""A few long lines (addresses, lines pasted in) stand among the broken ones."""


def _edge(lines: Sequence[str], widths: list[int], share: float) -> int:
    edge = widths[int(len(widths) * share)]
    longer = sum(width > 1.3 * edge for width in widths)
    if edge not in _WRAP_RANGE or longer > (1 - share) * len(widths) * (share < _SHARES[0]):
        return 0
    full = sum(width(line) >= 0.8 * edge and line[-1] not in ENDS for line in lines if line)
    return edge if full >= 0.2 * len(widths) else 0


def unwrap(lines: Sequence[str], edge: int = -1) -> list[str]:
    """Paragraphs out of lines: a line that stops inside a sentence takes the next one in."""
    return [text for text, _ in _unwrapped(lines, [False] * len(lines), edge)]


def _unwrapped(lines: Sequence[str], strong: Sequence[bool], edge: int) -> list[tuple[str, bool]]:
    """Paragraphs, and whether each is bold; a bold line is a paragraph of its own where the next one is not."""
    if edge < 0:
        edge = wrap_width(lines)
    paragraphs: list[tuple[list[str], bool]] = []
    previous = ""
    blank = True
    for line, bold in zip(lines, strong, strict=True):
        if not line:
            blank = True
            continue
        same = bold or not (paragraphs and paragraphs[-1][1])
        full = not blank and edge > 0 and width(previous) >= 0.75 * edge if previous else False
        if previous and same and goes_on(previous, line, full=full):
            parts, was = paragraphs[-1]
            parts.append(glue(previous, line) + line)
            paragraphs[-1] = parts, was and bold
        else:
            paragraphs.append(([line], bold))
        previous, blank = line, False
    return [("".join(parts), bold) for parts, bold in paragraphs]


def goes_on(previous: str, line: str, *, full: bool) -> bool:
    """Whether a line goes on in the next one; ``full`` tells that it reached the edge."""
    if line[0] in _CLOSERS:
        return True
    if _STARTS_ITEM.match(line) and not _open_bracket(previous):
        return False
    if line[0] in "（(" and not full and not _open_bracket(previous):
        return False
    if _OPEN_END.search(previous):
        return True
    return full and previous[-1] not in ENDS


def starts_item(line: str) -> bool:
    """Whether a line begins as items of lists and headings do."""
    return _STARTS_ITEM.match(line) is not None


def _open_bracket(line: str) -> bool:
    return line.count("（") > line.count("）")


def glue(previous: str, line: str) -> str:
    """What stands between two lines that are joined: a space between two Latin words, nothing next to Chinese."""
    return " " if previous[-1].isascii() and line[0].isascii() and line[0] not in _CLOSERS else ""


# --- events ----------------------------------------------------------------------------------------------------------

_MARKS = re.compile(f"([{STRONG}{WEAK}])")
_LINKED = re.compile(f"{LINK}([^{LINK}{UNLINK}]{{1,200}}){UNLINK}")


class Builder:
    """Takes the events of one document, then gives its blocks. Raises FormatError when a limit is passed."""

    def __init__(self, edge: int = -1) -> None:
        """``edge`` is the width at which lines were broken (see ``wrap_width``), -1 to tell it from each block."""
        self._edge = edge
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._text: list[str] = []
        self._level = 0
        self._item = 0
        self._bold = False
        self._characters = 0
        self._cells = 0

    def text(self, text: str) -> None:
        """More text of the current block; a newline in it is a line end that people see."""
        self._charge(len(text))
        self._text.append(text)

    def block(self, level: int = 0, item: int = 0) -> None:
        """The current block ends, and one of this heading level begins, inside so many lists."""
        if self._text:
            source = "".join(self._text)
            self._text.clear()
            self._sink().extend(self._ended(source))
        self._level, self._item = level, item

    def _ended(self, source: str) -> list[Block]:
        """The paragraphs of a block's text."""
        strong = self._strong(source)
        lines = clean(source).split("\n")
        links = [text for text in map(clean, _LINKED.findall(source)) if text] if LINK in source else []
        paragraphs = _unwrapped(lines, strong, self._edge) if len(lines) > 1 else [(lines[0], strong[0])]
        return [
            Block(text, self._level, None, None, self._item, bold, tuple(link for link in links if link in text))
            for text, bold in paragraphs
            if text
        ]

    def _strong(self, source: str) -> list[bool]:
        """For each line whether all that is seen of it is bold."""
        if STRONG not in source and WEAK not in source:
            return [self._bold] * (source.count("\n") + 1)
        found = []
        for line in source.split("\n"):
            seen = weak = False
            for piece in _MARKS.split(line):
                if piece in (STRONG, WEAK):
                    self._bold = piece == STRONG
                elif piece.strip():
                    seen, weak = True, weak or not self._bold
            found.append(seen and not weak)
        return found

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
        self._tables.append(Table())

    def row(self) -> None:
        """A row of the innermost table begins."""
        if self._tables:
            self.end_cell()
            self._tables[-1].rows.append([])
            self._tables[-1].naming = False

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
        table.open_cell = Cell(header or table.naming, max(1, min(rows, 1000)), max(1, min(columns, 50)))
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

    def head(self) -> None:
        """The cells of the current row that come from here on name columns."""
        if self._tables:
            self._tables[-1].naming = True

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
        self._sink().extend(page_tables.blocks(table, self._charge_cells))

    def insert(self, table: Table) -> None:
        """A table that is ready."""
        self.block()
        self._cells += sum(map(len, table.rows))
        self._sink().extend(page_tables.blocks(table, self._charge_cells))

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

    def _charge_cells(self, cells: int, characters: int) -> None:
        self._cells += cells
        if self._cells > 2 * CELL_LIMIT:
            raise FormatError("a table with too many spanning cells")
        self._charge(characters)

    def _charge(self, characters: int) -> None:
        self._characters += characters
        if self._characters > CHARACTER_LIMIT:
            raise FormatError(f"a text of more than {CHARACTER_LIMIT} characters")

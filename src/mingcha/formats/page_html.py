"""HTML as people see it: blocks and tables, without scripts, navigation and what stays hidden."""

from __future__ import annotations

import re
from itertools import pairwise

from mingcha.formats.page_blocks import Builder
from mingcha.formats.page_clean import LINK, STRONG, UNLINK, WEAK
from mingcha.formats.page_hidden import prose, squeezed
from mingcha.formats.page_tables import Block
from mingcha.formats.page_tags import BLOCKS, RAW, VOID, Tags, is_hidden, is_never_text, unescape

_LISTS = frozenset({"ul", "ol", "dir", "menu"})
_BOLD = frozenset({"b", "strong"})
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_TARGET = re.compile(r"""(?:^|\s)href\s*=\s*["']?\s*(?!#|mailto:|tel:|["'\s])[^\s"']""", re.IGNORECASE)
_SPAN = {name: re.compile(name + r"""\s*=\s*["']?\s*(\d{1,4})""", re.IGNORECASE) for name in ("rowspan", "colspan")}


def read(text: str) -> tuple[str, list[Block]]:
    """Title and blocks of a page. Raises FormatError when a limit is passed."""
    page = _Page(text, skipping=True)
    if not page.run():
        page = _Page(text, skipping=False)  # something hidden never ends: a broken page, so nothing is left out
        page.run()
    elif page.hides:
        kept = prose(text, page.told)
        if kept:
            page = _Page(text, skipping=True, kept=kept)
            page.run()
    return page.title, page.builder.done()


class _Page(Tags):
    def __init__(self, source: str, *, skipping: bool, kept: frozenset[int] = frozenset()) -> None:
        super().__init__(source)
        self.builder = Builder()
        self.title = ""
        self.hides = False
        """Whether something was left out because it is hidden."""
        self.told: set[str] = set()
        """The texts that are shown, without white space."""
        self._skipping = skipping
        self._kept = kept
        self._skipped = ""
        self._depth = 0
        self._pre = 0
        self._heading = 0
        self._lists = 0
        self._item = 0
        self._bold = 0
        self._linked = False
        self._written = False

    def run(self) -> bool:
        """Reads to the end; false if the end came inside something that is not shown."""
        self.go()
        return not self._skipped

    def shown(self, text: str) -> None:
        if not text or self._skipped:
            return
        if text.isspace() and not self._pre:
            self.builder.text(text[:1].replace("\n", "\r"))
            return
        text = unescape(text)
        self.told.add(squeezed(text))
        if not self._pre:
            self._written = self._written or is_written(text)
            text = text.replace("\r", "")
            text = text if self._written else text.replace("\n", "\r")
        self.builder.text(text)

    def tag(self, name: str, closing: bool, attributes: str) -> None:
        if self._skipped:
            self._count(name, closing)
        elif closing:
            self._close(name)
        elif name in RAW:
            self._raw(name)
        elif self._hides(name, attributes):
            self._skipped, self._depth = name, 1
        else:
            self._open(name, attributes)

    def _hides(self, name: str, attributes: str) -> bool:
        if not self._skipping or name in VOID or attributes.endswith("/"):
            return False
        if is_never_text(name, attributes):
            return True
        hidden = is_hidden(name, attributes) and self.at not in self._kept
        self.hides = self.hides or hidden
        return hidden

    def _count(self, name: str, closing: bool) -> None:
        """A tag inside something that is not shown."""
        if name == self._skipped:
            self._depth += -1 if closing else 1
        elif name in RAW and not closing:
            self._raw(name)
        if self._depth == 0 or (self._skipped == "p" and name in BLOCKS):
            self._skipped = ""
            self._block()

    def _block(self) -> None:
        self._written = False
        self.builder.block(self._heading, self._item)

    def _raw(self, name: str) -> None:
        content = self.raw(name)
        if name == "title" and not self.title:
            self.title = " ".join(unescape(content[:1000]).split())

    def _open(self, name: str, attributes: str) -> None:
        if name == "br":
            self.builder.text("\n")
        elif name in _HEADINGS:
            self._heading = _HEADINGS[name]
            self._block()
        elif name in _BOLD:
            self._bold += 1
            if self._bold == 1:
                self.builder.text(STRONG)
        elif name == "a":
            self._unlink()
            if _TARGET.search(attributes):
                self._linked = True
                self.builder.text(LINK)
        elif name in ("td", "th"):
            self.builder.cell(name == "th", _span("rowspan", attributes), _span("colspan", attributes))
        elif name == "table":
            self.builder.table()
        elif name == "tr":
            self.builder.row()
        elif name in BLOCKS:
            self._pre += name == "pre"
            self._lists += name in _LISTS
            if name == "li":
                self._item = max(1, self._lists)
            self._block()

    def _unlink(self) -> None:
        if self._linked:
            self._linked = False
            self.builder.text(UNLINK)

    def _close(self, name: str) -> None:
        if name in _HEADINGS:
            self._heading = 0
            self._block()
        elif name in _BOLD:
            self._bold = max(0, self._bold - 1)
            if self._bold == 0:
                self.builder.text(WEAK)
        elif name == "a":
            self._unlink()
        elif name in ("td", "th"):
            self.builder.end_cell()
        elif name == "table":
            self.builder.end_table()
        elif name in BLOCKS:
            self._pre = max(0, self._pre - (name == "pre"))
            self._lists = max(0, self._lists - (name in _LISTS))
            if name == "li" or name in _LISTS:
                self._item = max(0, self._lists - (name == "li"))
            self._block()


def _span(name: str, attributes: str) -> int:
    found = _SPAN[name].search(attributes)
    return int(found[1]) if found else 1


# --- text that somebody wrote in lines ---------------------------------------------------------------------------------

_CHAPTER = re.compile(r"[一二三四五六七八九十]{1,3}、")
_LONG = 200
_BLANK_LINES = 3
_CHAPTERS = 3


def is_written(text: str) -> bool:
    """Whether a text has its paragraphs from its line ends, as a text file has, although browsers run them together.

    That takes a long text with several blank lines or several numbered chapters; other line ends are those of the source.
    """
    if len(text) < _LONG or "\n" not in text:
        return False
    lines = [line.strip() for line in text.strip().split("\n")]
    blank = sum(not line and bool(before) for before, line in pairwise(lines))
    return blank >= _BLANK_LINES or sum(_CHAPTER.match(line) is not None for line in lines) >= _CHAPTERS

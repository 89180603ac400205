"""HTML as people see it: blocks and tables, without scripts, navigation and what is hidden.

No tree is built. Parsers that follow the HTML rules take quadratic time on deep nesting and can multiply formatting
elements without end (lexbor did not finish a page of 5 MB of ``<div>``); a policy needs only where text begins and ends,
and one pass over the tags tells that in linear time, whatever the bytes.
"""

from __future__ import annotations

import html
import re

from mingcha.errors import FormatError
from mingcha.formats.page_blocks import Builder
from mingcha.formats.page_clean import LINK, STRONG, UNLINK, WEAK
from mingcha.formats.page_tables import Block

_OPENING = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9:_-]*)|[!?/])")
_ATTRIBUTES = re.compile(r"""(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>=]++|=)*+>""")
_PLAIN_ATTRIBUTES = re.compile(r"[^>]*+>")
_RAW = frozenset({"script", "style", "noscript", "textarea", "iframe", "xmp", "noembed", "noframes", "title"})
_RAW_END = {name: re.compile(rf"</{name}(?![a-zA-Z0-9])", re.IGNORECASE) for name in _RAW}
_NO_TEXT = frozenset({"nav", "svg", "math", "template", "select", "datalist", "object", "audio", "video", "canvas"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "ol", "option", "p", "pre", "search", "section", "summary", "ul",
})  # fmt: skip
_LISTS = frozenset({"ul", "ol", "dir", "menu"})
_BOLD = frozenset({"b", "strong"})
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_HIDDEN = re.compile(
    r"""(?:^|\s)hidden(?=[\s=/>]|$)|style\s*=\s*(?:"[^"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden)"""
    r"""|role\s*=\s*["']?navigation""",
    re.IGNORECASE,
)
_TARGET = re.compile(r"""(?:^|\s)href\s*=\s*["']?\s*(?!#|mailto:|tel:|["'\s])[^\s"']""", re.IGNORECASE)
_SPAN = {name: re.compile(name + r"""\s*=\s*["']?\s*(\d{1,4})""", re.IGNORECASE) for name in ("rowspan", "colspan")}
_HUGE_NUMBER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{8,});?")
_ATTRIBUTES_READ = 4096
TAG_LIMIT = 1_000_000


def read(text: str) -> tuple[str, list[Block]]:
    """Title and blocks of a page. Raises FormatError when a limit is passed."""
    page = _Page(text, skipping=True)
    if not page.run():
        page = _Page(text, skipping=False)  # something hidden never ends: a broken page, so nothing is left out
        page.run()
    return page.title, page.builder.done()


def unescape(text: str) -> str:
    """Character references resolved; numbers that no character has are dropped."""
    return html.unescape(_HUGE_NUMBER.sub("", text)) if "&" in text else text


class _Page:
    def __init__(self, text: str, skipping: bool) -> None:
        self.builder = Builder()
        self.title = ""
        self._text = text
        self._at = 0
        self._quotes = True
        self._skipping = skipping
        self._skipped = ""
        self._depth = 0
        self._pre = 0
        self._heading = 0
        self._lists = 0
        self._item = 0
        self._bold = 0
        self._linked = False

    def run(self) -> bool:
        """Reads to the end; false if the end came inside something that is not shown."""
        last = self._text.rfind(">")
        for _ in range(TAG_LIMIT):
            tag = _OPENING.search(self._text, self._at)
            self._shown(self._text[self._at : tag.start() if tag else len(self._text)])
            if tag is None or tag.start() > last:
                return not self._skipped
            self._at = tag.end()
            if tag[0] == "<!--":
                self._pass("-->")
            elif tag[2] is None:
                self._pass(">")
            else:
                self._tag(tag[2].lower(), bool(tag[1]), self._attributes())
        raise FormatError(f"a page of more than {TAG_LIMIT} tags")

    def _shown(self, text: str) -> None:
        if text and not self._skipped:
            text = unescape(text) if not text.isspace() or self._pre else text[:1]
            self.builder.text(text if self._pre else text.replace("\r", "").replace("\n", "\r"))

    def _pass(self, end: str) -> None:
        found = self._text.find(end, self._at)
        self._at = len(self._text) if found < 0 else found + len(end)

    def _attributes(self) -> str:
        """The attributes of the tag that was opened; the position is then behind it."""
        found = _ATTRIBUTES.match(self._text, self._at) if self._quotes else None
        if found is None:
            self._quotes = False  # a quote that never closes: from here on ``>`` ends a tag, quoted or not
            found = _PLAIN_ATTRIBUTES.match(self._text, self._at)
        start, self._at = self._at, found.end() if found else len(self._text)
        return self._text[start : min(self._at - 1, start + _ATTRIBUTES_READ)]

    def _tag(self, name: str, closing: bool, attributes: str) -> None:
        if self._skipped:
            self._count(name, closing)
        elif closing:
            self._close(name)
        elif name in _RAW:
            self._raw(name)
        elif self._hides(name, attributes):
            self._skipped, self._depth = name, 1
        else:
            self._open(name, attributes)

    def _hides(self, name: str, attributes: str) -> bool:
        if not self._skipping or name in _VOID or attributes.endswith("/"):
            return False
        return name in _NO_TEXT or bool(attributes and _HIDDEN.search(attributes))

    def _count(self, name: str, closing: bool) -> None:
        """A tag inside something that is not shown."""
        if name == self._skipped:
            self._depth += -1 if closing else 1
        elif name in _RAW and not closing:
            self._raw(name)
        if self._depth == 0 or (self._skipped == "p" and name in _BLOCKS):
            self._skipped = ""
            self._block()

    def _block(self) -> None:
        self.builder.block(self._heading, self._item)

    def _raw(self, name: str) -> None:
        end = _RAW_END[name].search(self._text, self._at)
        stop = end.start() if end else len(self._text)
        if name == "title" and not self.title:
            self.title = " ".join(unescape(self._text[self._at : min(stop, self._at + 1000)]).split())
        self._at = stop

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
        elif name in _BLOCKS:
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
        elif name in _BLOCKS:
            self._pre = max(0, self._pre - (name == "pre"))
            self._lists = max(0, self._lists - (name in _LISTS))
            if name == "li" or name in _LISTS:
                self._item = max(0, self._lists - (name == "li"))
            self._block()


def _span(name: str, attributes: str) -> int:
    found = _SPAN[name].search(attributes)
    return int(found[1]) if found else 1

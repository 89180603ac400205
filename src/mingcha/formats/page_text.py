"""Plain text and Markdown as blocks."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from mingcha.errors import FormatError
from mingcha.formats.page_blocks import CHARACTER_LIMIT, Builder, wrap_width
from mingcha.formats.page_clean import LINK, STRONG, UNLINK, WEAK, clean
from mingcha.formats.page_html import read as read_html
from mingcha.formats.page_tables import Block
from mingcha.formats.page_tags import unescape

if TYPE_CHECKING:
    from markdown_it.token import Token

_LEAST_CELLS = 3
_FRONT = re.compile(
    r"---[ \t]*\n((?:[\w.-]{1,40}:[^\n]{0,500}\n|[ \t]+[^\n]{0,500}\n|- [^\n]{0,500}\n|[ \t]*\n){1,60})---[ \t]*(?:\n|$)"
)
_FRONT_TITLE = re.compile(r"""^title:[ \t]*["']?([^\n]*?)["']?[ \t]*$""", re.MULTILINE)


def front_matter(text: str) -> tuple[str, str]:
    """The title that a file states in its head for a site's software, and the text without that head."""
    found = _FRONT.match(text)
    if found is None:
        return "", text
    title = _FRONT_TITLE.search(found[1])
    return title[1] if title else "", text[found.end() :]


# --- plain text ------------------------------------------------------------------------------------------------------


def read_text(text: str) -> list[Block]:
    """Paragraphs, and rows where lines are divided by tabs. Raises FormatError."""
    if len(text) > CHARACTER_LIMIT:
        raise FormatError(f"a text of more than {CHARACTER_LIMIT} characters")
    lines = _SHOWN_TAG.sub("", text).split("\n")
    edge = wrap_width([clean(line) for line in lines])
    builder = Builder(edge)
    for (mark, cells), group in groupby(lines, _cells):
        run = list(group)
        if cells >= _LEAST_CELLS and len(run) > 1:
            _divided_rows(builder, run, mark)
        else:
            builder.text("\n".join(run) + "\n")
    return builder.done()


_SHOWN_TAG = re.compile(
    r"</?(?:h[1-6]|p|br|hr|b|i|u|em|strong|align|center|div|span|font|li|ul|ol)(?:\s[^<>\n]{0,300})?/?>", re.IGNORECASE
)
_RULE = re.compile(r"[\s|:+-]+")


def _cells(line: str) -> tuple[str, int]:
    """What divides a line, and into how many cells."""
    line = line.strip()
    mark = "\t" if "\t" in line else "|"
    return mark, line.strip("|").count(mark) + 1 if mark == "|" else line.count(mark) + 1


def _divided_rows(builder: Builder, lines: list[str], mark: str) -> None:
    builder.table()
    for line in lines:
        if mark == "|" and _RULE.fullmatch(line):
            continue
        builder.row()
        for cell in line.strip().strip("|" if mark == "|" else "").split(mark):
            builder.cell()
            builder.text(cell)
    builder.end_table()


# --- Markdown --------------------------------------------------------------------------------------------------------

_MARKS = re.compile(
    r"^ {0,3}#{1,6} \S|^ {0,3}\|?(?: *:?-{3,}:? *\|)+(?: *:?-{3,}:? *)?$|^ {0,3}```|\*\*\S[^*\n]{0,200}\*\*|\[[^\]\n]{1,200}\]\([^)\n]{1,500}\)",
    re.MULTILINE,
)
_MARKS_OF_MARKDOWN = 3
MARKDOWN_LIMIT = 200_000
"""Characters; the parser needs seconds and a gigabyte for longer ones, so they are read as plain text."""
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\]\n]{0,500})\]\((#|mailto:|tel:)?[^)\n]{0,2000}\)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>@:]{0,2000}>")
_AUTOLINK = re.compile(r"<([^<>\s]{1,500}[@:][^<>\s]{1,500})>")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BOLD = re.compile(
    r"\*\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*\*|<(?:b|strong)>([^<>\n]{1,2000})</(?:b|strong)>", re.IGNORECASE
)
_INDENTED_ROW = re.compile(r"^[ \t]+(?=\|.*\|[ \t]*$)", re.MULTILINE)
_TIGHT_HEADING = re.compile(r"^ {0,3}(#{1,6})(?=[^#\s!])", re.MULTILINE)
_SITE_MARK = re.compile(
    r"""^(?:!!!|\?\?\?|:::)[ \t]*\w*[ \t]*(?:"([^"\n]*)")?[ \t]*$|^(?:import|export)[ \t].*;?[ \t]*$""", re.MULTILINE
)
"""Marks of boxes and of code that only the site's software understands."""
_SINGLE = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,500})(?<=\S)\*(?![\w*])")


def is_markdown(text: str, name: str = "") -> bool:
    """Markdown by its marks; a name that says so needs only one of them."""
    if len(text) > MARKDOWN_LIMIT:
        return False
    needed = 1 if name.lower().endswith((".md", ".mdx", ".markdown")) else _MARKS_OF_MARKDOWN
    return len(_MARKS.findall(text)) >= needed


def read_markdown(text: str) -> list[Block]:
    """Blocks, with the marks inside them taken away. Raises FormatError."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join", "code"])
    text = _TIGHT_HEADING.sub(r"\1 ", _INDENTED_ROW.sub("", _SITE_MARK.sub(r"\1", text)))
    lines = [clean(line) for line in text.split("\n") if "|" not in line]
    return _Markdown(wrap_width(lines)).read(parser.parse(text))


def plain(source: str) -> str:
    """What a reader sees of a run of Markdown, with marks around bold text and links (see `page_blocks`)."""
    source = _LINK.sub(_linked, _IMAGE.sub(r"\1", source))
    source = _BOLD.sub(lambda found: f"{STRONG}{found[1] or found[2]}{WEAK}", source)
    source = _TAG.sub("", _BREAK.sub("\n", _AUTOLINK.sub(r"\1", source)))
    source = _SINGLE.sub(r"\1", source.replace("**", "").replace("__", "").replace("~~", "").replace("`", ""))
    return unescape(_ESCAPE.sub(r"\1", source))


def _linked(found: re.Match[str]) -> str:
    return found[1] if found[2] else f"{LINK}{found[1]}{UNLINK}"


_LISTS = {"bullet_list_open": 1, "ordered_list_open": 1, "bullet_list_close": -1, "ordered_list_close": -1}


class _Markdown:
    def __init__(self, edge: int) -> None:
        self._builder = Builder(edge)
        self._prefix = ""
        self._lists = 0

    def read(self, tokens: list[Token]) -> list[Block]:
        for token in tokens:
            self._token(token)
        return self._builder.done()

    def _token(self, token: Token) -> None:
        builder, kind = self._builder, token.type
        if kind == "inline":
            builder.text(self._prefix + plain(token.content))
            self._prefix = ""
        elif kind in ("fence", "code_block"):
            builder.block()
            builder.text(token.content)
            builder.block()
        elif kind == "html_block":
            self._html(token.content)
        elif kind == "list_item_open":
            self._prefix = f"{token.info}{token.markup} " if token.info else ""
        elif kind in _LISTS:
            self._lists += _LISTS[kind]
            builder.block(0, self._lists)
        elif kind == "heading_open":
            builder.block(int(token.tag[1:]))
        elif kind in ("td_open", "th_open"):
            builder.cell(kind == "th_open")
        elif kind == "tr_open":
            builder.row()
        elif kind == "table_open":
            builder.table()
        elif kind == "table_close":
            builder.end_table()
        elif kind in ("paragraph_open", "paragraph_close", "heading_close"):
            builder.block(0, self._lists)

    def _html(self, source: str) -> None:
        for block in read_html(source)[1]:
            self._builder.add(block)

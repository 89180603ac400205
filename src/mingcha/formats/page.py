"""A policy text in any of the usual forms (HTML, Markdown, plain text, PDF, DOCX) as numbered paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from mingcha.errors import FormatError
from mingcha.formats.page_language import Language, language_of, languages_of
from mingcha.formats.page_tables import Block

SIZE_LIMIT = 32 * 1024 * 1024
TITLE_LIMIT = 200

Kind = Literal["html", "pdf", "docx", "text"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or a row of a table, numbered from 1 through the document.

    ``level`` is that of a heading or 0. A row has its cells in ``row`` and, where the table names its columns, those names
    in ``header``; its ``text`` is the cells with bars between them. ``item`` counts the lists it stands in, ``strong`` tells
    that all of it is bold, ``links`` are the words that lead to other pages, ``language`` is its own or its neighbours'.
    """

    number: int
    text: str
    level: int = 0
    row: tuple[str, ...] | None = None
    header: tuple[str, ...] | None = None
    item: int = 0
    strong: bool = False
    links: tuple[str, ...] = ()
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text that was read; ``language`` is null where it is neither Chinese nor English or too short to tell."""

    title: str
    language: Language | None
    paragraphs: tuple[Paragraph, ...]


def read(data: bytes, name: str = "") -> Document:
    """The document in these bytes; ``name`` only helps to tell Markdown from plain text. Raises FormatError."""
    if len(data) > SIZE_LIMIT:
        raise FormatError(f"a text file of more than {SIZE_LIMIT // (1024 * 1024)} MiB")
    kind = kind_of(data)
    title, blocks = _READERS[kind](data, name) if kind else _refused(data)
    language = language_of(block.text for block in blocks)
    languages = languages_of([block.text for block in blocks], language)
    rows = enumerate(zip(blocks, languages, strict=True), 1)
    paragraphs = tuple(Paragraph(number, *block, own) for number, (block, own) in rows)
    return Document(_title(title, paragraphs), language, paragraphs)


# --- kinds -----------------------------------------------------------------------------------------------------------

_HEAD = 64 * 1024
_HTML_START = re.compile(
    rb"(?:<\?xml[^>]*>)?(?>\s*<!--.{0,4000}?-->)*+\s*+<(?:!doctype\s+html|html|head|body|meta)",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = re.compile(
    rb"<(?:html|body|head|div|p|table|h[1-6]|span|br|ul|ol|section|article)(?=[\s/>])[^<>]*>", re.IGNORECASE
)
_TAGS_OF_A_PAGE = 3


def kind_of(data: bytes) -> Kind | None:
    """How these bytes would be read, from a look at both ends; None for what is no text (JSON and code count as text)."""
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx" if b"word/document.xml" in data[-4 * _HEAD :] or b"word/document.xml" in head else None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    elif b"\0" in head:
        return None
    if head.startswith((b"{\\rtf", b"MIME-Version:", b"From: <Saved by")):
        return None
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "html" if _HTML_START.match(head) or len(_HTML_TAG.findall(head)) >= _TAGS_OF_A_PAGE else "text"


_NAMED: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Word file (.doc): save it as .docx, PDF or text"),
    (b"{\\rtf", "a rich text file (RTF): save it as .docx, PDF or text"),
    (b"MIME-Version:", "a web archive (MHTML): save the page as HTML"),
    (b"From: <Saved by", "a web archive (MHTML): save the page as HTML"),
)


def _refused(data: bytes) -> tuple[str, list[Block]]:
    for start, sentence in _NAMED:
        if data.startswith(start):
            raise FormatError(sentence)
    raise FormatError("neither HTML, Markdown, plain text, PDF nor DOCX")


def _pdf(data: bytes, _: str) -> tuple[str, list[Block]]:
    from mingcha.formats import page_pdf

    return page_pdf.read_pdf(data)


def _docx(data: bytes, _: str) -> tuple[str, list[Block]]:
    from mingcha.formats import page_docx

    return page_docx.read_docx(data)


def _html(data: bytes, name: str) -> tuple[str, list[Block]]:
    from mingcha.formats import page_html, page_text

    text = decode(data, declared_charset(data))
    starts_so = _HTML_START.match(data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()) is not None
    says_html = starts_so or name.lower().endswith((".html", ".htm"))
    if not says_html and page_text.is_markdown(text, name):
        title, text = page_text.front_matter(text)
        return title, page_text.read_markdown(text)
    title, text = ("", text) if starts_so else page_text.front_matter(text)
    named, blocks = page_html.read(text)
    return title or named, blocks


def _text(data: bytes, name: str) -> tuple[str, list[Block]]:
    from mingcha.formats import page_text

    title, text = page_text.front_matter(decode(data))
    return title, page_text.read_markdown(text) if page_text.is_markdown(text, name) else page_text.read_text(text)


_READERS = {"html": _html, "pdf": _pdf, "docx": _docx, "text": _text}

# --- encodings -------------------------------------------------------------------------------------------------------

_CHARSET = re.compile(rb"""<meta\s[^>]{0,400}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([a-zA-Z0-9_-]{1,20})""", re.IGNORECASE)
_CODECS = {
    b"gb2312": "gb18030", b"gbk": "gb18030", b"gb18030": "gb18030", b"gb-2312": "gb18030", b"x-gbk": "gb18030",
    b"big5": "big5hkscs", b"big5-hkscs": "big5hkscs", b"utf-16": "utf-16-le", b"utf-16le": "utf-16-le",
    b"iso-8859-1": "cp1252", b"windows-1252": "cp1252",
}  # fmt: skip
_TOLERATED = 500
"""One broken character in so many is damage, more is the wrong encoding."""


def declared_charset(data: bytes) -> str | None:
    """The codec a page names in its head, if we know it."""
    found = _CHARSET.search(data[:8192])
    return _CODECS.get(found[1].lower()) if found else None


def decode(data: bytes, declared: str | None = None) -> str:
    """The text, by its byte order mark, as UTF-8, as it declares itself, or as GB18030. Raises FormatError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _ended(data.decode("utf-16", "replace"))
    data = data.removeprefix(b"\xef\xbb\xbf")
    for codec in ("utf-8", declared, "gb18030"):
        if codec is None:
            continue
        text = data.decode(codec, "replace")
        if text.count("\ufffd") <= 1 + len(text) // _TOLERATED:
            return _ended(text)
    raise FormatError("a text in an unknown encoding: save it as UTF-8")


def _ended(text: str) -> str:
    """All line ends as newlines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


# --- title -----------------------------------------------------------------------------------------------------------


_NO_TITLE = re.compile(r"[：:。；;，,！!]|^(?:第?[一二三四五六七八九十\d]{1,3}[、.章节])")


def _title(title: str, paragraphs: tuple[Paragraph, ...]) -> str:
    """The page's own title, else one of its first lines that looks like one, else its first heading."""
    if not title:
        first = (p for p in paragraphs[:3] if p.row is None and len(p.text) <= 60 and not _NO_TITLE.search(p.text))
        found = next(first, None) or next((p for p in paragraphs[:20] if p.level), None)
        title = found.text if found else ""
    return " ".join(title.split())[:TITLE_LIMIT]

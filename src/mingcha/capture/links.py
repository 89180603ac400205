"""The links of a page that lead to a list or rules of the same policy, by the words of ``catalogue/linked.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from mingcha.catalogue.load import HOME, yaml_loader
from mingcha.errors import CatalogueError
from mingcha.formats import page
from mingcha.formats.page_tags import RAW, Tags, unescape

Role = Literal["main", "sdk_list", "collection_list", "permission_list", "children", "other"]
Kind = Literal["link", "frame", "refresh"]

LINK_LIMIT = 5000
_TEXT_LIMIT = 60
"""Characters of a link's text, folded: a longer one is a sentence, not a name."""
_BEFORE = 60
_GAP = ".{0,12}"


@dataclass(frozen=True, slots=True)
class Link:
    """A reference of a page: where to, the text that is the link, and the words before it in its block."""

    reference: str
    text: str = ""
    before: str = ""
    kind: Kind = "link"


# --- words -----------------------------------------------------------------------------------------------------------


class Linked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``catalogue/linked.yaml``: language → words, for each role and for what is not followed."""

    roles: dict[Role, dict[str, tuple[str, ...]]]
    unless: dict[str, tuple[str, ...]]
    here: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Words:
    roles: tuple[tuple[re.Pattern[str], Role], ...]
    unless: re.Pattern[str]
    here: frozenset[str]


def read_words(data: bytes) -> Linked:
    """The rows of the file. Raises CatalogueError."""
    import yaml

    try:
        return msgspec.convert(yaml.load(data, Loader=yaml_loader()), Linked)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CatalogueError([f"linked.yaml: {error}"]) from error


@cache
def _words() -> _Words:
    linked = read_words((HOME / "linked.yaml").read_bytes())
    named = [(word, role) for role, lists in linked.roles.items() for words in lists.values() for word in words]
    named.sort(key=lambda row: -len(row[0].replace("…", "")))  # of two that find as much, the one that says more
    return _Words(
        tuple((re.compile(_pattern(word)), role) for word, role in named),
        re.compile("|".join(_pattern(word) for words in linked.unless.values() for word in words)),
        frozenset(_folded(word) for words in linked.here.values() for word in words),
    )


def _pattern(word: str) -> str:
    return _GAP.join(re.escape(_folded(part)) for part in word.split("…"))


_NOT_COUNTED = re.compile(r"[\s\-‐‑–—_'’‘\"“”《》〈〉<>()\[\]【】「」『』•·|>›»→:,，、]+")


def _folded(text: str) -> str:
    return _NOT_COUNTED.sub("", unicodedata.normalize("NFKC", text).lower())


_ADDRESS = re.compile(r"https?://[^\s<>\"'，。；、）)】》\]]+")
_SENTENCE_END = re.compile(r"[。；！？!?;]")


def role_of(link: Link) -> Role | None:
    """What a link leads to; None for what is not followed."""
    words = _words()
    name = _folded(link.text if text_decides(link) else _SENTENCE_END.split(link.before)[-1])
    if len(name) > _TEXT_LIMIT or words.unless.search(name):
        return None
    found = [
        (len(match[0]), -rank, role)
        for rank, (pattern, role) in enumerate(words.roles)
        if (match := pattern.search(name))
    ]
    return max(found)[2] if found else None


def text_decides(link: Link) -> bool:
    """Whether a link's own text names something; else the words before it do."""
    name = _folded(link.text)
    return bool(name) and name not in _words().here and not _ADDRESS.match(link.text.strip())


# --- pages -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """What fetching needs to know of a document: how much text it shows, and where it leads."""

    characters: int
    links: tuple[Link, ...] = ()
    base: str = ""

    def named(self) -> Iterator[tuple[Link, Role]]:
        """The links to follow, with what each leads to."""
        for link in self.links:
            role = role_of(link) if link.kind == "link" else None
            if role is not None:
                yield link, role

    def frames(self) -> Iterator[Link]:
        """Where the text of a page that shows none may be."""
        return (link for link in self.links if link.kind != "link")


def read(data: bytes, name: str = "") -> Page:
    """A document as Page. Raises FormatError for what is no text."""
    document = page.read(data, name)
    characters = sum(len(paragraph.text) for paragraph in document.paragraphs)
    if page.kind_of(data) != "html":
        return Page(characters, tuple(_written(paragraph.text for paragraph in document.paragraphs)))
    reader = _Anchors(page.decode(data, page.declared_charset(data)))
    reader.go()
    return Page(characters, tuple(reader.found), reader.base)


def _written(paragraphs: Iterator[str]) -> Iterator[Link]:
    """Addresses written out in a text; a paragraph that ends in a colon names the one after it."""
    before = ""
    for text in paragraphs:
        yield from _addresses(text, before)
        before = text[-_BEFORE:] if text.rstrip().endswith((":", "：")) else ""


def _addresses(text: str, before: str = "") -> Iterator[Link]:
    start = 0
    for found in _ADDRESS.finditer(text):
        yield Link(found[0], found[0], (before + text[start : found.start()])[-_BEFORE:])
        start, before = found.end(), ""


_VALUE = r"""(?:^|\s){}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_ATTRIBUTE = {
    name: re.compile(_VALUE.format(name), re.IGNORECASE)
    for name in ("href", "src", "alt", "title", "content", "http-equiv", "aria-label")
}
_REFRESH = re.compile(r"""^\s*[\d.]*\s*[;,]\s*url\s*=\s*["']?([^"']+)""", re.IGNORECASE)
_BREAKS = frozenset(
    {"p", "div", "li", "tr", "table", "ul", "ol", "section", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"}
)
_CELLS = frozenset({"td", "th"})


class _Anchors(Tags):
    """Links instead of blocks. What is hidden or in a menu is read too: the words decide what is followed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.found: list[Link] = []
        self.base = ""
        self._reference: str | None = None
        self._title = ""
        self._inside = ""
        self._before = ""

    def shown(self, text: str) -> None:
        if self._reference is not None:
            self._inside += unescape(text[: 500 - len(self._inside)]) if len(self._inside) < 500 else ""
        elif "://" in text:
            for link in _addresses(unescape(text), self._before):
                self._add(link)
            self._before = ""
        else:
            self._before = (self._before + unescape(text[-4 * _BEFORE :]))[-_BEFORE:]

    def tag(self, name: str, closing: bool, attributes: str) -> None:
        if name in RAW:
            if name == "iframe" and not closing:
                self._frame(attributes)
            if not closing:
                self.raw(name)
        elif name == "a":
            self._end()
            if not closing:
                self._reference = _attribute("href", attributes)
                self._title = _attribute("title", attributes) or _attribute("aria-label", attributes)
        elif name in _BREAKS or name in _CELLS:
            named = name not in _CELLS and self._before.rstrip().endswith((":", "："))
            self._before = self._before if named else ""
        elif not closing:
            self._single(name, attributes)

    def _single(self, name: str, attributes: str) -> None:
        if name == "img" and self._reference is not None:
            self._inside += _attribute("alt", attributes)[:200]
        elif name == "base" and not self.base:
            self.base = _attribute("href", attributes)
        elif name == "frame":
            self._frame(attributes)
        elif name == "meta" and _attribute("http-equiv", attributes).lower() == "refresh":
            target = _REFRESH.match(_attribute("content", attributes))
            if target is not None:
                self._add(Link(target[1].strip(), kind="refresh"))

    def _frame(self, attributes: str) -> None:
        self._add(Link(_attribute("src", attributes), _attribute("title", attributes), kind="frame"))

    def _end(self) -> None:
        """The link that is open, if any, is complete."""
        if self._reference:
            text = " ".join((self._inside.strip() or self._title).split())
            self._add(Link(self._reference, text, " ".join(self._before.split())))
        if self._reference is not None:
            self._before = ""
        self._reference, self._inside, self._title = None, "", ""

    def _add(self, link: Link) -> None:
        if link.reference and len(self.found) < LINK_LIMIT:
            self.found.append(link)


def _attribute(name: str, attributes: str) -> str:
    found = _ATTRIBUTE[name].search(attributes)
    return unescape(found[1] or found[2] or found[3] or "").strip() if found else ""

"""The tags of a page and the text between them, in one pass and in linear time, whatever the bytes.

No tree is built. Parsers that follow the HTML rules take quadratic time on deep nesting and can multiply formatting
elements without end (lexbor did not finish a page of 5 MB of ``<div>``); a policy needs only where text begins and ends.
"""

from __future__ import annotations

import html
import re

from mingcha.errors import FormatError

_OPENING = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9:_-]*)|[!?/])")
_ATTRIBUTES = re.compile(r"""(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>=]++|=)*+>""")
_PLAIN_ATTRIBUTES = re.compile(r"[^>]*+>")
_RAW_END = {
    name: re.compile(rf"</{name}(?![a-zA-Z0-9])", re.IGNORECASE)
    for name in ("script", "style", "noscript", "textarea", "iframe", "xmp", "noembed", "noframes", "title")
}
RAW = frozenset(_RAW_END)
"""Elements whose content has no tags."""
NO_TEXT = frozenset({"nav", "svg", "math", "template", "select", "datalist", "object", "audio", "video", "canvas"})
"""Elements whose content is no text of the page."""
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "ol", "option", "p", "pre", "search", "section", "summary", "ul",
})  # fmt: skip
_HIDDEN = re.compile(
    r"""(?:^|\s)hidden(?=[\s=/>]|$)|style\s*=\s*(?:"[^"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden)""",
    re.IGNORECASE,
)
_NAVIGATION = re.compile(r"""role\s*=\s*["']?navigation""", re.IGNORECASE)
_HUGE_NUMBER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{8,});?")
_ATTRIBUTES_READ = 4096
TAG_LIMIT = 1_000_000


def unescape(text: str) -> str:
    """Character references resolved; numbers that no character has are dropped."""
    return html.unescape(_HUGE_NUMBER.sub("", text)) if "&" in text else text


def is_never_text(name: str, attributes: str) -> bool:
    """Whether an element is no text of the page, like a menu."""
    return name in NO_TEXT or bool(attributes and _NAVIGATION.search(attributes))


def is_hidden(name: str, attributes: str) -> bool:
    """Whether an element is hidden when the page opens."""
    return bool(attributes and name not in VOID and not attributes.endswith("/") and _HIDDEN.search(attributes))


class Tags:
    """Goes through a page; those who read one say what they do with a text and with a tag."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        """Behind the tag that is being told."""
        self._quotes = True

    def shown(self, text: str) -> None:
        """A text between two tags, as it stands in the source."""
        raise NotImplementedError

    def tag(self, name: str, closing: bool, attributes: str) -> None:
        """A tag; of a closing one no attributes are of use."""
        raise NotImplementedError

    def go(self) -> None:
        """From the beginning to the end. Raises FormatError when there are too many tags."""
        last = self.source.rfind(">")
        for _ in range(TAG_LIMIT):
            tag = _OPENING.search(self.source, self.at)
            self.shown(self.source[self.at : tag.start() if tag else len(self.source)])
            if tag is None or tag.start() > last:
                return
            self.at = tag.end()
            if tag[0] == "<!--":
                self._pass("-->")
            elif tag[2] is None:
                self._pass(">")
            else:
                self.tag(tag[2].lower(), bool(tag[1]), self._attributes())
        raise FormatError(f"a page of more than {TAG_LIMIT} tags")

    def raw(self, name: str) -> str:
        """The content of an element of ``RAW`` that was opened; the position is then behind it."""
        end = _RAW_END[name].search(self.source, self.at)
        start, self.at = self.at, end.start() if end else len(self.source)
        return self.source[start : self.at]

    def _pass(self, end: str) -> None:
        found = self.source.find(end, self.at)
        self.at = len(self.source) if found < 0 else found + len(end)

    def _attributes(self) -> str:
        """The attributes of the tag that was opened; the position is then behind it."""
        found = _ATTRIBUTES.match(self.source, self.at) if self._quotes else None
        if found is None:
            self._quotes = False  # a quote that never closes: from here on ``>`` ends a tag, quoted or not
            found = _PLAIN_ATTRIBUTES.match(self.source, self.at)
        start, self.at = self.at, found.end() if found else len(self.source)
        return self.source[start : min(self.at - 1, start + _ATTRIBUTES_READ)]

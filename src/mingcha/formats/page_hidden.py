"""Which elements that a page hides when it opens hold a part of its text.

Pages with tabs, and lists whose answers open at a touch, keep most of a policy hidden; what is not read would be called
missing. So a hidden element is read if it holds prose: text that is neither a link nor a button, and stands nowhere else.
Menus, tips and the copy of a text for another width of screen stay hidden.
"""

from __future__ import annotations

from typing import NamedTuple

from mingcha.formats.page_tags import BLOCKS, RAW, VOID, Tags, is_hidden, is_never_text, unescape

PROSE = 200
"""Characters from which on a hidden text is more than a menu or a tip."""
_PRESSED = frozenset({"a", "button", "option"})


def squeezed(text: str) -> str:
    """A text without white space, to compare it with another."""
    return "".join(text.split())


def prose(source: str, shown: set[str]) -> frozenset[int]:
    """Where the hidden elements begin (behind their tags) that hold prose not among the ``shown`` texts."""
    page = _Hidden(source, shown)
    page.go()
    return page.found()


class _Open(NamedTuple):
    at: int
    name: str
    depth: int
    before: int
    """Characters of prose before it."""


class _Hidden(Tags):
    def __init__(self, source: str, shown: set[str]) -> None:
        super().__init__(source)
        self._seen = set(shown)
        self._characters = 0
        self._open: list[_Open] = []
        self._depth: dict[str, int] = {}
        self._no_text: tuple[str, int] = ("", 0)
        self._pressed = ""
        self._found: set[int] = set()

    def found(self) -> frozenset[int]:
        """Those that were found; what never ends goes on to the end of the page."""
        self._end(0)
        return frozenset(self._found)

    def shown(self, text: str) -> None:
        if not self._open or self._no_text[0] or self._pressed:
            return
        text = squeezed(unescape(text))
        if text not in self._seen:
            self._seen.add(text)
            self._characters += len(text)

    def tag(self, name: str, closing: bool, attributes: str) -> None:
        if name in RAW and not closing:
            self.raw(name)
        elif name in VOID:
            return
        elif closing:
            self._close(name)
        else:
            self._begin(name, attributes)

    def _begin(self, name: str, attributes: str) -> None:
        if name in BLOCKS:
            self._pressed = ""
            if self._open and self._open[-1].name == "p":
                self._end(len(self._open) - 1)  # no paragraph holds a block
        elif name in _PRESSED:
            self._pressed = name
        self._depth[name] = self._depth.get(name, 0) + 1
        if is_never_text(name, attributes) and not self._no_text[0]:
            self._no_text = name, self._depth[name]
        elif is_hidden(name, attributes):
            self._open.append(_Open(self.at, name, self._depth[name], self._characters))

    def _close(self, name: str) -> None:
        if name == self._pressed or name in BLOCKS:
            self._pressed = ""
        depth = self._depth.get(name, 0)
        if depth == 0:
            return
        self._depth[name] = depth - 1
        if self._no_text == (name, depth):
            self._no_text = "", 0
        if self._open and (self._open[-1].name, self._open[-1].depth) == (name, depth):
            self._end(len(self._open) - 1)

    def _end(self, kept: int) -> None:
        """All hidden elements but the first so many are over."""
        while len(self._open) > kept:
            one = self._open.pop()
            if self._characters - one.before >= PROSE:
                self._found.add(one.at)

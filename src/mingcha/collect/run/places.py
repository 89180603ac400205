"""What can be touched on a screen of a walk, and what of it leads nowhere that anything could be looked for.

Whoever says that an app has no such place must have touched everything that might lead to it. So all that answers a touch
counts, with words or without; what is left out is named here, and nothing else is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from mingcha.collect.run.opaque import Shown, rolls
from mingcha.collect.screens.items import CORNER, FOOT, HEAD, area, centre
from mingcha.collect.screens.tree import FIELD
from mingcha.collect.screens.wording import Words, bare_label
from mingcha.formats.uidump import Box, Node, UiDump
from mingcha.model.words import ScreenKind

_PAGE = 0.45
"""Something touchable of more than this share of the screen is the page itself."""
_HEADLINE = 12
"""Characters from which on a text on a main page is a headline of its contents and no label of a place."""
_STATE = re.compile("Switch|CheckBox|Toggle")
"""What only changes a state; other things that can be chosen (rows, tabs) may lead on."""
_LIST = re.compile("ListView|GridView|RecyclerView")
_WEB = re.compile("WebView")
_GOES_BACK = re.compile(r"(?<![a-z])(back|close|cancel|return|finish|dismiss)(?![a-z])|navigate_up")
"""Names by which programmers call an arrow back."""
_LETTERS, _LONGEST = 60_000, 400
_MOST, _NEAR = 400, 0.05
_DIGITS = re.compile(r"\d+")
_LETTER = re.compile(r"[^\W\d_]")


class Thing(NamedTuple):
    """Something that may be touched: its words in plain form (none for a mere picture), where it is, whether a tab of the foot."""

    plain: str
    box: Box
    cls: str
    tab: bool = False
    head: str = ""
    """The first of its words, which names it; what it is about may follow."""
    id: str = ""
    line: str = ""
    """The words left and right of it, and over a button those above: many a page has several alike, one on each height."""
    alone: bool = True
    """Whether nothing else on the screen has its words."""

    @property
    def mark(self) -> tuple[object, ...]:
        """What is the same for the same thing on pages scrolled to different heights; one of several alike is only itself."""
        return (self.plain, self.line, self.tab) if self.plain and self.alone else (self.plain, self.cls, self.box)


class Place(NamedTuple):
    """One screen: what must be touched, what its contents are, all short labels, and whether anything on it stays unknown."""

    things: tuple[Thing, ...] = ()
    contents: tuple[Thing, ...] = ()
    others: tuple[Thing, ...] = ()
    """What answers a touch and leads nowhere: boxes, switches, fields, ways back."""
    labels: tuple[str, ...] = ()
    rolls: Box | None = None
    """The part that can be scrolled up and down."""
    unsure: bool = True
    waits: bool = False
    """Whether something on it was still to come."""
    switches: tuple[str, ...] = ()
    text: str = ""
    """All words in plain form."""
    spoken: tuple[str, ...] = ()
    """Words that are only read out: some apps have no others, and a screen's fingerprint leaves them aside."""
    web: bool = False
    """Whether a page of the web stands in it, which may go on below without saying so."""


def place_of(dump: UiDump, kind: ScreenKind | None, words: Words, own: str | None) -> Place:
    """The screen as its tree shows it."""
    return _Reader(dump, kind, words, own).place()


class _Reader:
    def __init__(self, dump: UiDump, kind: ScreenKind | None, words: Words, own: str | None) -> None:
        system = words.words("ui_packages_bars")
        self._nodes = [n for n in dump.nodes if n.displayed is not False and n.bounds and n.package not in system]
        self._inside: dict[int, list[Node]] = defaultdict(list)
        for node in self._nodes:
            self._inside[node.parent].append(node)
        self._kind, self._words = kind, words
        self._wide = max((n.bounds[2] for n in self._nodes if n.bounds), default=1)
        self._high = max((n.bounds[3] for n in self._nodes if n.bounds), default=1)
        self._own, self._every = own, {n.number: n for n in dump.nodes}
        self._texts, self._heads, self._answering = self._from_below()

    def place(self) -> Place:
        seen = Shown(self._nodes, self._texts, own=self._own, main=self._kind == "main")
        answering = [n for n in self._nodes if n.clickable is True and not self._is_page(n)]
        plain = [self._thing(n) for n in answering if not self._is_state(n)]
        lone = [self._thing(n) for n in self._nodes if self._may_answer(n)]
        states = [self._thing(n) for n in answering if self._is_state(n)]
        wanted = [thing for thing in _told_apart((*plain, *lone)) if not self._nowhere(thing)]
        contents = tuple(thing for thing in wanted if self._is_content(thing))
        labels = tuple(self._words.plain(text) for n in self._nodes for text in (n.text, n.description, n.hint) if text)
        return Place(
            things=tuple(thing for thing in wanted if thing not in contents),
            contents=contents,
            others=(*states, *(thing for thing in _told_apart(plain) if self._nowhere(thing))),
            labels=tuple(label for label in labels if len(label) <= 2 * _HEADLINE),
            rolls=next((n.bounds for n in self._nodes if rolls(n)), None),
            unsure=not answering or seen.opaque,
            waits=seen.waits,
            switches=tuple(self._beside(n) for n in self._nodes if n.checkable is True or _STATE.search(n.cls)),
            text="\n".join(labels)[:_LETTERS],
            spoken=tuple(n.description for n in self._nodes if n.description and not n.text),
            web=any(_WEB.search(n.cls) for n in self._nodes),
        )

    # --- things

    def _thing(self, node: Node) -> Thing:
        box = node.bounds or (0, 0, 0, 0)
        tab = self._kind == "main" and centre(box)[1] > FOOT * self._high
        plain, head = (bare_label(self._words.plain(text)) for text in (self._text(node), self._heads[node.number]))
        return Thing(
            plain,
            box,
            node.cls,
            tab,
            head or plain,
            node.resource_id.rpartition("/")[2],
            "" if tab else self._line(node),
        )

    def _line(self, node: Node) -> str:
        """The words on one line with it; of a button without any, those right above."""
        left, top, right, bottom = node.bounds or (0, 0, 0, 0)
        beside = [
            text for text, box in self._lines if top <= centre(box)[1] < bottom and not (left <= centre(box)[0] < right)
        ]
        if beside or "Button" not in node.cls:
            return _DIGITS.sub("", "".join(beside))
        above = [(box[3], text) for text, box in self._lines if box[3] <= top and top - box[3] < _NEAR * self._high]
        return _DIGITS.sub("", max(above, default=(0, ""))[1])

    @cached_property
    def _lines(self) -> list[tuple[str, Box]]:
        """Texts that are no button's own, as far as they can be looked through."""
        texts = [n for n in self._nodes if (n.text or n.description) and n.bounds and "Button" not in n.cls]
        return [(n.text or n.description, n.bounds) for n in texts[:_MOST] if n.bounds]

    def _from_below(self) -> tuple[dict[int, str], dict[int, str], set[int]]:
        """Of each node its words or those of what it holds, the first of them, and whether anything in it says that it answers touches."""
        texts: dict[int, str] = {}
        heads: dict[int, str] = {}
        answering: set[int] = set()
        for node in reversed(self._nodes):  # parents come first
            held = self._inside[node.number]
            texts[node.number] = node.text or node.description or "".join(texts[n.number] for n in held)[:_LONGEST]
            own = [node.text or node.description, *(heads[one.number] for one in held)]
            heads[node.number] = next((words for words in own if len(_LETTER.findall(words)) > 1), "")
            if node.clickable is True or any(one.number in answering for one in held):
                answering.add(node.number)
        return texts, heads, answering

    def _text(self, node: Node) -> str:
        return self._texts[node.number]

    def _is_page(self, node: Node) -> bool:
        return node.bounds is not None and area(node.bounds) > _PAGE * self._wide * self._high

    def _is_state(self, node: Node) -> bool:
        """A box, a switch or a field: touching it changes something and leads nowhere."""
        return _STATE.search(node.cls) is not None or FIELD.search(node.cls) is not None

    def _may_answer(self, node: Node) -> bool:
        """A row of a list, or a text named after a place below the title: some apps do not say what answers a touch."""
        above = self._every.get(node.parent)
        if (
            above is not None
            and _LIST.search(above.cls)
            and node.number not in self._answering
            and not self._held(node)
        ):
            return bool(self._text(node))
        plain = self._words.plain(node.text)
        foot = self._kind == "main" and node.bounds is not None and centre(node.bounds)[1] > FOOT * self._high
        if foot and plain and node.clickable is not True and len(plain) <= _HEADLINE:
            return not self._held(node)
        if not plain or len(plain) > _HEADLINE or node.clickable is True or not self._words.has("ui_place", plain):
            return False
        if node.bounds is None or node.bounds[3] < HEAD * self._high or node is self._first:
            return False
        return not self._held(node)

    @cached_property
    def _first(self) -> Node | None:
        """The title."""
        texts = [n for n in self._nodes if n.text and n.bounds]
        return min(texts, key=lambda n: (n.bounds or (0, 0))[1], default=None)

    def _held(self, node: Node) -> bool:
        """Whether something touchable that is no page holds it."""
        above = self._every.get(node.parent)
        while above is not None:
            if above.clickable is True and not self._is_page(above):
                return True
            above = self._every.get(above.parent)
        return False

    def _nowhere(self, thing: Thing) -> bool:
        """What goes back, logs out or only does something."""
        words = self._words
        x, y = centre(thing.box)
        corner = self._kind != "main" and x < CORNER * self._wide and y < HEAD * self._high
        back = not thing.plain and _GOES_BACK.search(thing.id.lower()) is not None
        if corner and (back or words.whole("ui_back", thing.plain) or words.whole("ui_close", thing.plain)):
            return True
        return words.whole("ui_does", thing.plain) or words.whole("ui_log_out", thing.plain)

    def _is_content(self, thing: Thing) -> bool:
        """A headline on a main page that names no place; a short name with its explanation below is none."""
        if self._kind != "main" or thing.tab or len(thing.head) <= _HEADLINE:
            return False
        return not any(self._words.has(name, thing.plain) for name in ("ui_place", "ui_near_policy", "ui_policy"))

    # --- the rest

    def _beside(self, node: Node) -> str:
        """The words of a switch: its own, or those left of or right of it in its row."""
        own = self._text(node)
        if own or node.bounds is None:
            return bare_label(self._words.plain(own))
        middle = centre(node.bounds)[1]
        row = [n for n in self._nodes if n.text and n.bounds and n.bounds[1] <= middle < n.bounds[3]]
        return bare_label(self._words.plain(row[0].text)) if len(row) == 1 else ""


def _told_apart(things: Sequence[Thing]) -> list[Thing]:
    """The things, those with the same words on one screen known as several."""
    named = Counter((thing.plain, thing.tab) for thing in things)
    return [thing._replace(alone=named[thing.plain, thing.tab] == 1) for thing in things]

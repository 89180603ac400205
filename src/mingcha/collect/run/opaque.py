"""Screens whose tree does not show all that a person may see or reach on them.

Whoever says that something is nowhere relies on every page's tree. So a page counts only where nothing on it was still to come,
nothing draws words of its own, nothing waits beyond an edge, and its words are of a language that our lists know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mingcha.collect.screens.items import area, inside
from mingcha.collect.screens.tree import FIELD
from mingcha.formats.uidump import Node

_ROLLS = 0.6
_STRIP = 0.35
"""Something scrolled that is lower than this share of the screen is drawn to its side."""
_BLIND = 0.1
"""A view of more than this share of the screen may hold words of its own drawing."""
_ASIDE = re.compile("Pager|HorizontalScroll")
_WEB = re.compile(r"WebView|webkit|xweb|\.tbs\.|X5|UCWeb|CrossWalk")
"""Pages of the web, by the names of the engines that apps bring along."""
_HIDES = re.compile("Drawer|SlidingPane|SlidingMenu|SlidingUp|BottomSheet")
"""What holds a part that only a finger drawn from an edge brings in."""
_WAITS = re.compile("ProgressBar|Shimmer|Skeleton")
"""What stands there while something is still to come."""
_MOST = 50
_FEWEST = 2
"""Texts that a page has which is more than its title."""
_HAN, _WORD = re.compile("[\u4e00-\u9fff]"), re.compile(r"[^\W\d_\u4e00-\u9fff]{2,}")
_STRANGE = re.compile(r"[^\W\d_A-Za-z\u3400-\u9fff\U00020000-\U0003ffff]")
"""Letters that are neither Chinese nor English."""


class Shown:
    """The nodes of one screen with their words; ``said`` gives of each node its words or else those of what it holds."""

    def __init__(self, nodes: Sequence[Node], said: Mapping[int, str], *, own: str | None, main: bool) -> None:
        self._nodes, self._said, self._own, self._main = nodes, said, own, main
        boxes = [node.bounds for node in nodes if node.bounds]
        self._wide = max((box[2] for box in boxes), default=1)
        self._high = max((box[3] for box in boxes), default=1)
        self._held = {node.parent for node in nodes}
        self._texts = [node for node in nodes if node.text or node.description]

    @property
    def opaque(self) -> bool:
        """Whether anything on it may be other than its tree says."""
        large = [node for node in self._nodes if self._share(node) > _BLIND and node.number not in self._held]
        return (
            len(large) > _MOST
            or self.waits
            or any(self._unsure(node) for node in self._nodes)
            or len({(node.text, node.bounds) for node in self._texts}) < _FEWEST
            or self._foreign_words()
            or sum(map(rolls, self._nodes)) > 1
        )

    @property
    def waits(self) -> bool:
        """Whether something turns round or stands in for what is still to come."""
        return any(_WAITS.search(node.cls) for node in self._nodes)

    def _share(self, node: Node) -> float:
        return area(node.bounds) / (self._wide * self._high) if node.bounds else 0.0

    def _unsure(self, node: Node) -> bool:
        """Another app's part of the screen, what is hidden at an edge, drawn by itself, or drawn aside."""
        foreign = self._own is not None and node.package not in ("", self._own)
        hides = _HIDES.search(node.cls) is not None
        web = (
            _WEB.search(node.cls) is not None and self._share(node) > _BLIND
        )  # what answers a touch there says so or not
        return foreign or hides or web or self._draws(node) or self._aside(node)

    def _draws(self, node: Node) -> bool:
        """A large view without words, and no words over it: it may be a picture of some."""
        if node.number in self._held or self._share(node) <= _BLIND or self._said[node.number]:
            return False
        covered = any(
            text.bounds and inside((text.bounds[0], text.bounds[1]), node.bounds) for text in self._texts if node.bounds
        )
        return not covered and FIELD.search(node.cls) is None

    def _aside(self, node: Node) -> bool:
        """Rows that are drawn to their side."""
        if node.scrollable is not True or node.bounds is None:
            return False
        strip = node.bounds[3] - node.bounds[1] < _STRIP * self._high
        pages = self._main and self._share(node) > _ROLLS
        return strip or (_ASIDE.search(node.cls) is not None and not pages)

    def _foreign_words(self) -> bool:
        """Words of another script, or more words in Latin letters than Chinese ones: no list here may know them."""
        whole = " ".join(f"{node.text} {node.description}" for node in self._texts)
        return len(_WORD.findall(whole)) > len(_HAN.findall(whole)) or len(_STRANGE.findall(whole)) > _FEWEST


def rolls(node: Node) -> bool:
    """Whether it can be scrolled up and down."""
    return node.scrollable is True and not _ASIDE.search(node.cls)

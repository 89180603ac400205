"""A dump's nodes as items: what is shown, what can be touched, and which text labels which box."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict

from mingcha.collect.screens.items import Item, Role, Sheet, area, union
from mingcha.collect.screens.wording import Words
from mingcha.formats.uidump import Node, UiDump

FIELD = re.compile("EditText|AutoComplete|TextField|SearchView")
_SWITCH = re.compile("Switch|Toggle")
_BOX = re.compile("CheckBox|RadioButton|CheckedTextView")
_BUTTON = re.compile("Button$")
_SURFACE = re.compile(r"WebView|Surface|TextureView|Flutter|Unity|Canvas|\.View$|GLView")
_HOLE = 0.3
_DIGITS = re.compile(r"\d+")
_ROW = 0.45
"""A clickable node higher than this share of the screen is a page that can be touched, not a control."""
_ACROSS = 0.8
_LONGEST_TEXT = 4_000
_LETTERS = 60_000
"""Letters of one text, and of all of a screen, that words are looked for in."""
_MOST = 1_500
"""Items of one screen that are read."""


def from_tree(dump: UiDump, words: Words, package: str | None) -> Sheet:
    """The screen as its tree shows it; ``package`` is whose window is looked for where several are dumped."""
    shown = _shown(dump, words)
    size = _size(dump, shown)
    children: dict[int, list[Node]] = defaultdict(list)
    for node in shown:
        children[node.parent].append(node)
    maker = _Maker({node.number: node for node in dump.nodes}, children, size, words)
    items = tuple(item for node in shown[:_MOST] if (item := maker.item(node)) is not None)
    return Sheet(
        items=items,
        size=size,
        package=_owner(shown, package),
        blind=not any(item.plain for item in items),
        window=union([node.bounds for node in shown if node.bounds]) if shown else None,
        shape=tuple(sorted(f"{n.cls}|{n.resource_id}|{_DIGITS.sub('', n.text)}" for n in shown if not _typed(n))),
        packages=frozenset(node.package for node in shown if node.package),
        hole=any(_empty(node, children, size) for node in shown),
    )


def fingerprint(shape: tuple[str, ...]) -> str | None:
    """Sixteen hex digits that are the same for the same screen; no text can be read from them."""
    return hashlib.sha256("\n".join(shape).encode()).hexdigest()[:16] if shape else None


def _empty(node: Node, children: dict[int, list[Node]], size: tuple[int, int]) -> bool:
    """A large surface into which an app draws by itself."""
    bare = not (node.text or node.description or children[node.number])
    large = node.bounds is not None and area(node.bounds) > _HOLE * size[0] * size[1]
    return bare and large and _SURFACE.search(node.cls) is not None


def _typed(node: Node) -> bool:
    return FIELD.search(node.cls) is not None or node.password is True


def _shown(dump: UiDump, words: Words) -> list[Node]:
    """Nodes that can be seen, without the system's bars and keyboards."""
    system = words.words("ui_packages_bars")
    return [
        node
        for node in dump.nodes
        if node.displayed is not False and node.bounds and area(node.bounds) > 0 and node.package not in system
    ]


def _size(dump: UiDump, shown: list[Node]) -> tuple[int, int]:
    boxes = [node.bounds for node in shown or dump.nodes if node.bounds]
    whole = union(boxes) if boxes else (0, 0, 0, 0)
    return max(whole[2], 1), max(whole[3], 1)


def _owner(shown: list[Node], package: str | None) -> str | None:
    """Whose window lies on top: the last root's, as the tool writes them from below."""
    roots = [node.package for node in shown if node.package]
    if not roots:
        return None
    return package if package in roots and len(set(roots)) == 1 else roots[-1]


class _Maker:
    def __init__(
        self, every: dict[int, Node], children: dict[int, list[Node]], size: tuple[int, int], words: Words
    ) -> None:
        self._every, self._children, self._size, self._words = every, children, size, words
        self._left = _LETTERS

    def item(self, node: Node) -> Item | None:
        """What a node shows, or None where it only holds others."""
        role = _role(node)
        text = "" if role == "field" else node.text or node.description
        if not text.strip() and role == "text":
            return None
        if not text.strip() and role == "image" and not node.clickable and node.checkable is not True:
            return self._small_image(node)
        touched = self._touched(node)
        return Item(
            text=text,
            plain=self._plain(self._whole(node) if role == "text" else node.text or node.description or node.hint),
            box=node.bounds or (0, 0, 0, 0),
            target=(touched or node).bounds or (0, 0, 0, 0),
            role=role,
            clickable=touched is not None,
            checked=_state(node, role),
            alone=not self._in_text(node),
            password=node.password is True,
            button=_BUTTON.search(node.cls) is not None or (touched is not None and self._is_button(touched)),
            name=node.resource_id.rpartition("/")[2],
        )

    def _plain(self, text: str) -> str:
        """The text as words are looked for in it, as long as there is not too much of it."""
        plain = self._words.plain(text[: min(self._left, _LONGEST_TEXT)])
        self._left -= len(plain)
        return plain

    def _small_image(self, node: Node) -> Item | None:
        """A picture without words may be a box that is drawn."""
        box = node.bounds or (0, 0, 0, 0)
        if not 8 <= box[3] - box[1] <= 0.12 * self._size[0] or not 0.6 < (box[2] - box[0]) / (box[3] - box[1]) < 1.7:
            return None
        return Item("", "", box, box, "image", clickable=False, name=node.resource_id.rpartition("/")[2])

    def _whole(self, node: Node) -> str:
        """The node's own text with that of links inside it."""
        parts = [node.text or node.description]
        if node.text and node.number in self._children:
            parts += [child.text or child.description for child in self._children[node.number]]
        return "".join(parts)[:_LONGEST_TEXT]

    def _in_text(self, node: Node) -> bool:
        parent = self._every.get(node.parent)
        inside = parent is not None and bool(parent.text) and "WebView" not in parent.cls and bool(node.text)
        return inside and not (parent is not None and _fills(node, parent))

    def _touched(self, node: Node) -> Node | None:
        """The node itself or the nearest one around it that answers a tap and is no whole page."""
        step: Node | None = node
        while step is not None:
            if step.clickable and step.bounds:
                high = step.bounds[3] - step.bounds[1]
                return step if step is node or high <= _ROW * self._size[1] else None
            step = self._every.get(step.parent)
        return None

    def _is_button(self, touched: Node) -> bool:
        """Something that is touched for the one text in it."""
        texts = [node for node in self._below(touched) if node.text or node.description]
        return len(texts) + bool(touched.text) == 1

    def _below(self, node: Node) -> list[Node]:
        found: list[Node] = []
        queue = list(self._children[node.number])
        while queue and len(found) < 50:
            step = queue.pop()
            found.append(step)
            queue += self._children[step.number]
        return found


def _role(node: Node) -> Role:
    if FIELD.search(node.cls) or node.password:
        return "field"
    if _SWITCH.search(node.cls):
        return "switch"
    if _BOX.search(node.cls):
        return "box"
    if node.checkable:
        wide = node.bounds is not None and (node.bounds[2] - node.bounds[0]) > 1.4 * (node.bounds[3] - node.bounds[1])
        return "box" if node.text or not wide else "switch"
    if "Image" in node.cls or not (node.text or node.description):
        return "image" if _leafy(node) else "text"
    return "text"


def _leafy(node: Node) -> bool:
    return "Layout" not in node.cls and "ViewGroup" not in node.cls


def _fills(node: Node, parent: Node) -> bool:
    """Whether a node inside a text is a button across most of it, and no link in its lines."""
    if not node.clickable or node.text.startswith("《") or not node.bounds or not parent.bounds:
        return False
    return node.bounds[2] - node.bounds[0] > _ACROSS * (parent.bounds[2] - parent.bounds[0])


def _state(node: Node, role: Role) -> bool | None:
    """Ticked or not; a box whose class says that it is one and whose export has no ``checkable`` tells it by ``checked``."""
    return node.checked if role in ("box", "switch") else None

"""Dumps of Android's user interface: what ``uiautomator dump`` writes, and Appium's page source, as a list of nodes.

A node knows its parent by number, parents come first. Fields that an export does not have are null or empty. A dump that was
cut off in the middle keeps the nodes read so far and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from mingcha.errors import FormatError

LARGEST = 50 << 20
NODES = 50_000
DEPTH = 512
LONGEST = 20_000
"""Characters kept of one attribute; a whole policy may stand in one text view."""
_EDGE = 1 << 20
_BOUNDS = re.compile(r"\s*\[(-?\d{1,7}),(-?\d{1,7})\]\s*\[(-?\d{1,7}),(-?\d{1,7})\]\s*")
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom lie outside."""


@dataclass(frozen=True, slots=True)
class Node:
    """One element of a window; ``parent`` is its number in the list (-1: none), ``cls`` its class as the tool names it."""

    number: int
    parent: int
    depth: int
    cls: str = ""
    text: str = ""
    description: str = ""
    hint: str = ""
    resource_id: str = ""
    package: str = ""
    bounds: Box | None = None
    checkable: bool | None = None
    checked: bool | None = None
    clickable: bool | None = None
    enabled: bool | None = None
    focused: bool | None = None
    scrollable: bool | None = None
    password: bool | None = None
    selected: bool | None = None
    displayed: bool | None = None


@dataclass(frozen=True, slots=True)
class UiDump:
    """The nodes in document order; ``partial`` where the dump ended early or held more than we read."""

    nodes: tuple[Node, ...]
    rotation: int | None = None
    partial: bool = False
    left_out: int = 0


def read_dump(data: bytes) -> UiDump:
    """Read a dump. Raises FormatError for what is none: no XML, no node in it, a document type, too large."""
    if len(data) > LARGEST:
        raise FormatError(f"a dump of more than {LARGEST >> 20} MB")
    start = data.find(b"<") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else 0
    reader = _Reader()
    damaged = reader.run(data[max(start, 0) :])
    if not reader.nodes or not reader.known:
        raise FormatError(damaged or "no node of a user interface in it")
    return UiDump(tuple(reader.nodes), reader.rotation, damaged is not None or reader.left_out > 0, reader.left_out)


class _Stop(Exception):  # noqa: N818  # no error: enough was read
    """Ends the stream."""


@dataclass
class _Reader:
    """A stream of elements; a document type, which could define endless entities, is refused."""

    nodes: list[Node] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    rotation: int | None = None
    known: bool = False
    left_out: int = 0

    def run(self, data: bytes) -> str | None:
        """Read everything; what is wrong with it, or None."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(data, True)  # at once: in pieces, one endless attribute would be scanned again for each
        except expat.ExpatError as error:
            # uiautomator writes "UI hierchary dumped to" behind its file where both go to the same pipe
            return None if not self.open and self.nodes else f"a dump whose XML is damaged: {error}"
        except _Stop:
            return f"a dump of more than {NODES} nodes"
        except (LookupError, ValueError) as error:  # an encoding that does not exist, or one of several bytes
            return f"a dump in an unknown encoding: {error}"
        return None

    def _start(self, name: str, said: dict[str, str]) -> None:
        """An element begins; one that is no node passes its parent on to what is inside it."""
        parent = self.open[-1] if self.open else -1
        depth = len(self.open)
        if name == "hierarchy":
            self.known = True
            self.rotation = int(said["rotation"]) if said.get("rotation") in ("0", "1", "2", "3") else None
            self.open.append(parent)
        elif depth >= DEPTH or not (name == "node" or "bounds" in said):
            self.left_out += depth >= DEPTH
            self.open.append(parent)
        else:
            if len(self.nodes) >= NODES:
                raise _Stop
            self.known = self.known or "bounds" in said
            self.nodes.append(_node(len(self.nodes), parent, depth, name, said))
            self.open.append(len(self.nodes) - 1)

    def _end(self, _: str) -> None:
        self.open.pop()


def _node(number: int, parent: int, depth: int, name: str, said: dict[str, str]) -> Node:
    return Node(
        number=number,
        parent=parent,
        depth=depth,
        cls=_text(said, "class") or ("" if name == "node" else name),
        text=_text(said, "text"),
        description=_text(said, "content-desc") or _text(said, "contentDescription"),
        hint=_text(said, "hint"),
        resource_id=_text(said, "resource-id") or _text(said, "resourceId"),
        package=_text(said, "package"),
        bounds=_bounds(said.get("bounds", "")),
        checkable=_truth(said, "checkable"),
        checked=_truth(said, "checked"),
        clickable=_truth(said, "clickable"),
        enabled=_truth(said, "enabled"),
        focused=_truth(said, "focused"),
        scrollable=_truth(said, "scrollable"),
        password=_truth(said, "password"),
        selected=_truth(said, "selected"),
        displayed=_truth(said, "displayed") if "displayed" in said else _truth(said, "visible-to-user"),
    )


def _text(said: dict[str, str], name: str) -> str:
    value = said.get(name, "")[:LONGEST]
    return "" if value == "null" and name == "text" else value


def _truth(said: dict[str, str], name: str) -> bool | None:
    value = said.get(name, "").lower()
    return True if value in _TRUE else False if value in _FALSE else None


def _bounds(text: str) -> Box | None:
    found = _BOUNDS.fullmatch(text)
    if found is None:
        return None
    left, top, right, bottom = (max(-_EDGE, min(_EDGE, int(part))) for part in found.groups())
    return (left, top, right, bottom) if left <= right and top <= bottom else None


def _refuse(*_: object) -> None:
    raise FormatError("a dump with a document type declaration")

"""Which methods of an app's class Android may call once there is an object of it, and which of them only after a person's act.

Any method that overrides or implements one from outside the app may be called from outside. What ``callbacks.yaml`` says
of a class holds for the classes below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mingcha.model.android import Callback
from mingcha.program.graph import Graph


_CONTEXT = b"Landroid/content/Context;"


class Entry(NamedTuple):
    """A method that Android may call; ``user``: only after a person's act."""

    method: int
    user: bool


class Callbacks:
    """Entries of classes, found when asked for."""

    def __init__(self, graph: Graph, rows: Iterable[Callback], handlers: Iterable[str]) -> None:
        self._graph = graph
        texts = (f"{name}(Landroid/view/View;)V".encode() for name in handlers)
        self._handlers = frozenset(n for n in map(graph.index.find_signature, texts) if n is not None)
        self._user: dict[bytes, set[bytes]] = {}
        for row in rows:
            if row.user:
                self._user.setdefault(_descriptor(row.cls), set()).update(name.encode() for name in row.methods)
        self._outside: dict[int, frozenset[int]] = {}
        self._together: dict[tuple[int, ...], frozenset[int]] = {}
        self._of: dict[int, tuple[Entry, ...]] = {}

    def of(self, cls: int) -> tuple[Entry, ...]:
        """What Android may call on an object of this class."""
        known = self._of.get(cls)
        if known is None:
            known = self._of[cls] = tuple(self._entries(cls))
        return known

    def _entries(self, cls: int) -> Iterable[Entry]:
        graph = self._graph
        above = graph.ancestors(cls)
        outside = tuple(parent for parent in above if not graph.defined(parent))
        callable_, strange = self._signatures(outside), self._strange(outside)
        yield from self._handled(cls, outside)
        seen: set[int] = set()
        for parent in above:
            own = graph.own(parent) if graph.defined(parent) else {}
            for signature in own.keys() - seen if strange else own.keys() & callable_ - seen:
                seen.add(signature)
                method = graph.resolve(cls, signature)
                if method >= 0 and not graph.access[method] & 0x1000A:  # private, static, constructors
                    yield Entry(method, self._by_user(outside, graph.index.signature_name(signature)))

    def _handled(self, cls: int, outside: tuple[int, ...]) -> Iterable[Entry]:
        """Methods of a screen that layouts name by ``android:onClick``."""
        if self._handlers and any(self._graph.descriptor(parent) == _CONTEXT for parent in outside):
            for signature in sorted(self._handlers):
                method = self._graph.resolve(cls, signature)
                if method >= 0:
                    yield Entry(method, user=True)

    def _strange(self, outside: tuple[int, ...]) -> bool:
        """Whether something above is neither in the app nor known: then any method may override one of its."""
        return any(not self._graph.program.framework.known(self._graph.descriptor(parent)) for parent in outside)

    def _signatures(self, outside: tuple[int, ...]) -> frozenset[int]:
        known = self._together.get(outside)
        if known is None:
            known = self._together[outside] = frozenset().union(*map(self._overridable, outside))
        return known

    def _overridable(self, cls: int) -> frozenset[int]:
        """Signatures that a class outside the app lets others override, as far as the app names them at all."""
        known = self._outside.get(cls)
        if known is None:
            graph = self._graph
            texts = graph.program.framework.overridable(graph.descriptor(cls))
            found = (graph.index.find_signature(text) for text in texts)
            known = self._outside[cls] = frozenset(number for number in found if number is not None)
        return known

    def _by_user(self, outside: tuple[int, ...], name: bytes) -> bool:
        user, descriptor = self._user, self._graph.descriptor
        return any(name in user.get(descriptor(parent), ()) for parent in outside)


def _descriptor(name: str) -> bytes:
    return name.encode() if name.startswith("L") and name.endswith(";") else f"L{name.replace('.', '/')};".encode()

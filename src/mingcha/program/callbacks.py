"""Which methods of an app's class Android may call once there is an object of it, and which of them only after a person's act.

Any method that overrides or implements one from outside the app may be called from outside. What ``callbacks.yaml`` says
of a class holds for the classes below it, also that Android never calls a method; where several rows fit, the nearest
class above decides. Code inside the app
that calls such a callback of a person's act on an interface (a library's dialog does) passes the act on: it starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mingcha.model.android import Callback
from mingcha.program.graph import Graph

_CONTEXT = b"Landroid/content/Context;"
_NEVER_CALLED = 0x1000A
"""Private, static, constructor."""


class Entry(NamedTuple):
    """A method that Android may call; ``user``: only after a person's act."""

    method: int
    user: bool


class Callbacks:
    """Entries of classes, found when asked for. ``handlers`` are the methods that layouts name by ``android:onClick``."""

    def __init__(self, graph: Graph, rows: Iterable[Callback], handlers: Iterable[str]) -> None:
        self._graph = graph
        self._rows: dict[bytes, list[Callback]] = {}
        for row in rows:
            self._rows.setdefault(f"L{row.cls.replace('.', '/')};".encode(), []).append(row)
        texts = (f"{name}(Landroid/view/View;)V".encode() for name in handlers)
        self._handlers = sorted(n for n in map(graph.index.find_signature, texts) if n is not None)
        self._said: dict[int, dict[int, Callback]] = {}
        self._merged: dict[tuple[int, ...], dict[int, Callback]] = {}
        self._overridable: dict[int, frozenset[int]] = {}
        self._together: dict[tuple[int, ...], frozenset[int]] = {}
        self._of: dict[int, tuple[Entry, ...]] = {}

    def of(self, cls: int) -> tuple[Entry, ...]:
        """What Android may call on an object of this class."""
        known = self._of.get(cls)
        if known is None:
            known = self._of[cls] = tuple(dict.fromkeys(self._entries(cls)))
        return known

    def passes_on(self, cls: int, signature: int) -> bool:
        """Whether a call of this method on this type only passes a person's act on."""
        graph = self._graph
        row = None if graph.concrete(cls) else self._says(cls).get(signature)
        return row is not None and row.user

    def is_act(self, method: int) -> bool:
        """Whether a method is called by Android after a person's act alone."""
        return Entry(method, user=True) in self.of(self._graph.method_class[method])

    def _entries(self, cls: int) -> Iterator[Entry]:
        graph = self._graph
        above = graph.ancestors(cls)
        outside = graph.outside(cls)
        from_outside, strange = self._signatures(outside), self._strange(outside)
        ruled = self._ruled(above)
        yield from self._handled(cls, outside)
        seen: set[int] = set()
        for parent in above:
            own = graph.own(parent)
            if not strange and from_outside.isdisjoint(own) and ruled.keys().isdisjoint(own):
                continue
            for signature in own.keys() - seen:
                row = ruled.get(signature)
                user = row is not None and row.user
                if not (strange or signature in from_outside or user):
                    continue
                seen.add(signature)
                method = graph.resolve(cls, signature)
                if method >= 0 and not graph.access[method] & _NEVER_CALLED and not (row and row.never):
                    yield Entry(method, user)

    def _handled(self, cls: int, outside: tuple[int, ...]) -> Iterator[Entry]:
        """Methods of a screen that layouts name."""
        if self._handlers and any(self._graph.descriptor(parent) == _CONTEXT for parent in outside):
            found = (self._graph.resolve(cls, signature) for signature in self._handlers)
            yield from (Entry(method, user=True) for method in found if method >= 0)

    # --- what is said of a class -----------------------------------------------------------------------------------

    def _ruled(self, above: tuple[int, ...]) -> dict[int, Callback]:
        """Signatures that rows of these classes name; the nearest class decides."""
        known = self._said
        naming = tuple([cls for cls in above if (known[cls] if cls in known else self._says(cls))])
        rows = self._merged.get(naming)
        if rows is None:
            rows = self._merged[naming] = {}
            for cls in reversed(naming):
                rows |= known[cls]
        return rows

    def _says(self, cls: int) -> dict[int, Callback]:
        """Signatures that the rows of one class name, and the row."""
        known = self._said.get(cls)
        if known is None:
            known = self._said[cls] = {}
            for row in self._rows.get(self._graph.descriptor(cls), ()):
                known |= dict.fromkeys(self._named(cls, row), row)
        return known

    def _named(self, cls: int, row: Callback) -> Iterable[int]:
        index = self._graph.index
        if row.methods:
            return [signature for name in row.methods for signature in index.of_name(name.encode())]
        if self._graph.defined(cls):
            return {index.ref_signature[ref] for ref in index.refs_to_class(cls)}
        return self._outside(cls)

    def _strange(self, outside: tuple[int, ...]) -> bool:
        """Whether something above is neither in the app nor known: then any method may override one of its."""
        return any(not self._graph.program.framework.known(self._graph.descriptor(parent)) for parent in outside)

    def _signatures(self, outside: tuple[int, ...]) -> frozenset[int]:
        known = self._together.get(outside)
        if known is None:
            known = self._together[outside] = frozenset().union(*map(self._outside, outside))
        return known

    def _outside(self, cls: int) -> frozenset[int]:
        """Signatures that a class outside the app lets others override, as far as the app names them at all."""
        known = self._overridable.get(cls)
        if known is None:
            graph = self._graph
            texts = graph.program.framework.overridable(graph.descriptor(cls))
            known = self._overridable[cls] = graph.index.known_signatures(texts)
        return known

"""Which methods do something with the classes and names that they mention: start a component, make an object, look up a class.

That a method mentions a class does not say that the class runs: it may ask for its name or put it into a list. It does where
the method gives it to an ``Intent``, to reflection or to a factory, by itself, through methods of its own that take it, or by a field.
"""

from __future__ import annotations

from collections.abc import Iterable

from mingcha.program.graph import EXACT, STATIC_CALL, SUPER, VIRTUAL, Graph
from mingcha.program.stored import Stored

_CLASS = b"Ljava/lang/Class;"
_TEXT = b"Ljava/lang/String;"
_STARTS = (
    (b"Landroid/content/Intent;", (b"<init>", b"setClass", b"setClassName", b"setComponent", b"setAction")),
    (b"Landroid/content/ComponentName;", (b"<init>", b"createRelative")),
)
_LOOKS_UP = (
    (b"Ljava/lang/Class;", (b"forName",)),
    (b"Ljava/lang/ClassLoader;", (b"loadClass",)),
    (b"Ldalvik/system/DexClassLoader;", (b"loadClass",)),
    (b"Ldalvik/system/PathClassLoader;", (b"loadClass",)),
    (b"Landroid/app/Fragment;", (b"instantiate",)),
    (b"Landroidx/fragment/app/Fragment;", (b"instantiate",)),
    (b"Landroid/support/v4/app/Fragment;", (b"instantiate",)),
)
_LEVELS = 3
_CALLS = (VIRTUAL, SUPER, EXACT, STATIC_CALL)


class Naming:
    """``starts`` are methods that start the components whose classes they mention, ``makes`` that give a class to somebody.

    ``looks_up`` are those that find a class, or start a component, by a name.
    """

    def __init__(self, graph: Graph, stored: Stored) -> None:
        self._graph = graph
        self.starts = self._using(self._refs(_STARTS), _CLASS)
        self.makes = self._callers(self._taking(_CLASS))
        finding = self._refs(_LOOKS_UP)
        kept = stored.looked_up(self._callers(finding), finding)
        self.looks_up = self._using(self._refs(_STARTS) | finding, _TEXT).union(
            method for field in kept for method, _ in stored.texts(field)
        )

    def _refs(self, wanted: Iterable[tuple[bytes, tuple[bytes, ...]]]) -> set[int]:
        index, found = self._graph.index, set()
        for owner, names in wanted:
            cls = index.type.of.get(owner)
            for ref in index.refs_to_class(cls) if cls is not None else ():
                if index.signature_name(index.ref_signature[ref]) in names:
                    found.add(ref)
        return found

    def _taking(self, kind: bytes) -> set[int]:
        """References of methods that take a value of this type."""
        index = self._graph.index
        number = index.type.of.get(kind)
        return set() if number is None else set(index.refs_taking(number))

    def _callers(self, refs: Iterable[int]) -> frozenset[int]:
        return frozenset(self._graph.using(ref << 4 | kind for ref in refs for kind in _CALLS))

    def _using(self, refs: set[int], kind: bytes) -> frozenset[int]:
        """Methods that call these, and those that call methods of the app which take such a value and do so."""
        graph, taking = self._graph, self._taking(kind)
        found: set[int] = set()
        for _ in range(_LEVELS):
            fresh = self._callers(refs) - found
            found |= fresh
            signatures = {graph.method_signature[method] for method in fresh}
            there = ((graph.index.ref_class[ref], graph.index.ref_signature[ref], ref) for ref in taking)
            refs = {ref for cls, one, ref in there if one in signatures and graph.resolve(cls, one) in fresh}
        return frozenset(found)

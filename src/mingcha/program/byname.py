"""Methods that run because somebody gives their name: reflection with constant names, and pages that call into the app.

``Class.forName("a.B").getMethod("run")`` runs every method of that name. What a page shown in a ``WebView`` may call is every
public method of the object it was given; which of them are meant, an annotation says that is not read here.
"""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.program.graph import NEW, VIRTUAL, Graph
from mingcha.program.stored import Stored
from mingcha.program.symbols import Expression, Symbols

_CLASS = b"Ljava/lang/Class;"
_METHODS = frozenset({b"getMethod", b"getDeclaredMethod"})
_FINDS = frozenset({b"forName", b"loadClass"})
_PAGE = b"addJavascriptInterface(Ljava/lang/Object;Ljava/lang/String;)V"
_PUBLIC = 0x1
_STATIC_OR_CONSTRUCTOR = 0x10008


class ByName:
    """``methods`` name others to run; ``targets`` gives them, with the item that stands for it."""

    def __init__(self, graph: Graph, symbols: Symbols, stored: Stored) -> None:
        self._graph = graph
        self._symbols = symbols
        self._stored = stored
        index = graph.index
        cls = index.type.of.get(_CLASS)
        named = index.refs_to_class(cls) if cls is not None else []
        self._reflects = {r for r in named if index.signature_name(index.ref_signature[r]) in _METHODS}
        page = index.find_signature(_PAGE)
        self._pages = set(index.refs_of_signature(page)) if page is not None else set()
        items = [ref << 4 | VIRTUAL for ref in self._reflects | self._pages]
        self.methods = frozenset(method for method, _ in graph.users(items))

    def targets(self, method: int) -> Iterator[tuple[int, int]]:
        """Methods that this one names, and the item by which it does."""
        reading = self._symbols.of(method)
        for _, _, ref, arguments in reading.calls if reading else ():
            if ref in self._reflects and len(arguments) > 1:
                yield from ((found, ref << 4 | VIRTUAL) for found in self._reflected(arguments[0], arguments[1]))
            elif ref in self._pages and len(arguments) > 1:
                yield from ((found, ref << 4 | VIRTUAL) for found in self._shown(method, arguments[1]))

    def _reflected(self, receiver: Expression, name: Expression) -> Iterator[int]:
        if not isinstance(name, tuple) or name[0] != "text":
            return
        for cls in self._classes(receiver):
            for signature in self._graph.index.of_name(name[1]):
                found = self._graph.resolve(cls, signature)
                if found >= 0:
                    yield found

    def _classes(self, value: Expression) -> Iterator[int]:
        """The app's classes that an expression may stand for."""
        if not isinstance(value, tuple):
            return
        graph, index = self._graph, self._graph.index
        if value[0] == "class" and graph.defined(value[1]):
            yield value[1]
        if value[0] == "call" and index.signature_name(index.ref_signature[value[1]]) in _FINDS:
            named = (graph.class_named(text) for one in value[2][:2] for text in self._texts(one))
            yield from (cls for cls in dict.fromkeys(named) if cls is not None)

    def _texts(self, value: Expression) -> list[bytes]:
        """A text, or the texts that a field is given."""
        if not isinstance(value, tuple) or value[0] not in ("text", "get"):
            return []
        return [value[1]] if value[0] == "text" else [text for _, text in self._stored.texts(value[1])]

    def _shown(self, method: int, value: Expression) -> Iterator[int]:
        """Public methods of the object; where it is not known, of all that the method makes, and of its own class."""
        graph = self._graph
        classes = [item >> 4 for item in graph.items(method) if item & 15 == NEW] + [graph.method_class[method]]
        if isinstance(value, tuple) and value[0] == "new":
            classes = [value[1]]
        for cls in dict.fromkeys(classes):
            for found in graph.own(cls).values() if graph.defined(cls) else ():
                if graph.access[found] & _PUBLIC and not graph.access[found] & _STATIC_OR_CONSTRUCTOR:
                    yield found

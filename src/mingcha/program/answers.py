"""What Android answers whenever an app asks: permissions, texts that are equal, XML that is not there.

A permission that the manifest does not declare is not granted, and an XML element that is kept in one type of resource is in
no resource of an app without that type.
"""

from __future__ import annotations

from mingcha.program.given import GRANTED_WITH, HELD_BY
from mingcha.program.graph import Graph
from mingcha.program.outcomes import Atom, Known
from mingcha.program.surroundings import Surroundings

_CONTEXT = b"Landroid/content/Context;"
_PARSER = b"Landroid/content/res/XmlResourceParser;"
_SELF = b"checkSelfPermission(Ljava/lang/String;)I"
_OF_PROCESS = b"checkPermission(Ljava/lang/String;II)I"
_OWN_PROCESS = b"myPid()I"
_EQUALS = b"equals(Ljava/lang/Object;)Z"
_DENIED = frozenset({-1})
Given = tuple[Known, ...]


class Answers:
    """Answers for one app. ``permissions`` are the signatures that ask for one, ``signatures`` all that may be answered."""

    def __init__(self, graph: Graph, around: Surroundings) -> None:
        self._graph = graph
        self._around = around
        find = graph.index.find_signature
        self.permissions = [one for one in map(find, (_SELF, _OF_PROCESS)) if one is not None]
        self._equals = find(_EQUALS)
        self.signatures = frozenset(self.permissions) | ({self._equals} if self._equals is not None else frozenset())

    def receiver_counts(self, ref: int) -> bool:
        """Whether the answer hangs on the object that is asked."""
        return self._graph.index.ref_signature[ref] == self._equals

    def of(self, ref: int, given: Given) -> Known:
        """What a call of Android gives for these values."""
        index = self._graph.index
        signature = index.ref_signature[ref]
        if signature in self.permissions and self._denies(ref, given):
            return _DENIED
        if signature == self._equals and len(given) == 2 and _are_texts(given[0]) and _are_texts(given[1]):
            return frozenset(int(one == other) for one in given[0] or () for other in given[1] or ())
        return frozenset({("given", ref)})

    def _denies(self, ref: int, given: Given) -> bool:
        """Whether a permission is asked for that the app never has."""
        index = self._graph.index
        if len(given) < 2 or not self._is_context(index.ref_class[ref]):
            return False
        own = index.signature(index.ref_signature[ref]) == _SELF or self._is_own(given[2:3])
        return own and given[1] is not None and all(map(self._never_granted, given[1]))

    def _is_context(self, cls: int) -> bool:
        return any(self._graph.descriptor(one) == _CONTEXT for one in self._graph.ancestors(cls))

    def _is_own(self, process: Given) -> bool:
        """Whether a number is that of the app's own process."""
        index = self._graph.index
        return bool(process and process[0]) and all(
            isinstance(one, tuple)
            and one[0] == "given"
            and index.signature(index.ref_signature[one[1]]) == _OWN_PROCESS
            for one in process[0] or ()
        )

    def _never_granted(self, permission: Atom) -> bool:
        declared = self._around.permissions
        return declared is not None and permission in GRANTED_WITH and GRANTED_WITH[permission].isdisjoint(declared)

    def lacks(self, parser: Known, element: Known) -> bool:
        """Whether what a parser of resources reads cannot hold an element."""
        index, kind = self._graph.index, self._graph.index.type.of.get(_PARSER)
        if kind is None or self._graph.below(kind):  # of the app's own parsers nobody knows what they read
            return False
        return (
            bool(parser and element)
            and all(HELD_BY.get(one) in self._around.lacking for one in element or ())
            and all(
                isinstance(one, tuple)
                and one[0] == "given"
                and index.proto_types(index.ref_signature[one[1]])[0] == kind
                for one in parser or ()
            )
        )


def _are_texts(value: Known) -> bool:
    return bool(value) and all(isinstance(one, bytes) for one in value or ())

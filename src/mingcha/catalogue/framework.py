"""Android's own classes, which no APK has: their supertypes and methods, read line by line from ``framework.txt`` when asked for.

Names are as in DEX files: ``Landroid/view/View;``, ``onClick(Landroid/view/View;)V``. The table's head says where it comes
from and how a line is written. Splitting it costs some milliseconds, a class some microseconds the first time.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

OBJECT = b"Ljava/lang/Object;"
_OF_ARRAYS = (OBJECT, b"Ljava/lang/Cloneable;", b"Ljava/io/Serializable;")
_TYPE = re.compile(rb"L([^;() ]+);")
_NOTHING: frozenset[bytes] = frozenset()


class _Row(NamedTuple):
    """One class: its flags, its direct supertypes, its methods that can be overridden, and those that cannot."""

    flags: bytes
    supers: tuple[bytes, ...]
    free: frozenset[bytes]
    fixed: frozenset[bytes]


class Framework:
    """The classes of a table; what it does not know has no supertypes and no methods, and is an Object all the same."""

    def __init__(self, table: bytes) -> None:
        self._lines: dict[bytes, bytes] = {}
        self._full: dict[bytes, bytes] = {}
        for line in table.splitlines():
            name, _, rest = line.partition(b" ")
            if name == b"@":
                self._full = {full.rpartition(b"/")[2]: b"L%b;" % full for full in rest.split()}
            elif name != b"#":
                self._lines[name] = rest
        self._rows: dict[bytes, _Row | None] = {}
        self._above: dict[bytes, frozenset[bytes]] = {}
        self._overridable: dict[bytes, frozenset[bytes]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def known(self, descriptor: bytes) -> bool:
        """Whether this is a class of Android."""
        return descriptor[1:-1] in self._lines and descriptor[:1] == b"L"

    def supers(self, descriptor: bytes) -> tuple[bytes, ...]:
        """All direct supertypes, the superclass first; none for an interface that extends none, and for unknown classes."""
        row = self._row(descriptor)
        return row.supers if row else ()

    def is_interface(self, descriptor: bytes) -> bool:
        """Whether this is a known interface."""
        row = self._row(descriptor)
        return row is not None and b"i" in row.flags

    def is_final(self, descriptor: bytes) -> bool:
        """Whether this is a known class that allows no subclass."""
        row = self._row(descriptor)
        return row is not None and b"f" in row.flags

    def is_a(self, descriptor: bytes, parent: bytes) -> bool:
        """Whether a value of type ``descriptor`` may stand where ``parent`` is asked for, as far as the table knows."""
        if descriptor == parent:
            return True
        if descriptor[:1] == b"[":
            return parent in _OF_ARRAYS or (parent[:1] == b"[" and self.is_a(descriptor[1:], parent[1:]))
        return descriptor[:1] == b"L" and (parent == OBJECT or parent in self.ancestors(descriptor))

    def ancestors(self, descriptor: bytes) -> frozenset[bytes]:
        """Every class and interface above this one; Object only where a superclass leads to it."""
        if descriptor not in self._above:
            supers = self.supers(descriptor)
            self._above[descriptor] = frozenset(supers).union(*map(self.ancestors, supers))
        return self._above[descriptor]

    def declares(self, descriptor: bytes, method: bytes) -> bool:
        """Whether the class itself, not one above, has the method; of classes that no app's class can have above it: False."""
        row = self._row(descriptor)
        return row is not None and (method in row.free or method in row.fixed)

    def overridable(self, descriptor: bytes) -> frozenset[bytes]:
        """The methods that a class below can override, inherited ones included; none of a class that allows none below."""
        if descriptor not in self._overridable:
            row = self._row(descriptor)
            self._overridable[descriptor] = self._gathered(row) if row else _NOTHING
        return self._overridable[descriptor]

    def _gathered(self, row: _Row) -> frozenset[bytes]:
        if b"f" in row.flags:
            return _NOTHING
        return row.free.union(*map(self.overridable, row.supers)) - row.fixed

    def _row(self, descriptor: bytes) -> _Row | None:
        if descriptor not in self._rows:
            rest = self._lines.get(descriptor[1:-1]) if descriptor[:1] == b"L" else None
            self._rows[descriptor] = None if rest is None else self._parsed(descriptor, rest)
        return self._rows[descriptor]

    def _parsed(self, descriptor: bytes, rest: bytes) -> _Row:
        flags, names, *methods = _TYPE.sub(self._lengthened, rest).split(b" ")
        supers = () if names == b"-" else tuple(b"L%b;" % name for name in names.split(b","))
        if b"i" not in flags and descriptor != OBJECT and not self._has_class(supers):
            supers = (OBJECT, *supers)
        free = frozenset(method for method in methods if method[:1] != b"=")
        return _Row(flags, supers, free, frozenset(method[1:] for method in methods if method[:1] == b"="))

    def _has_class(self, supers: tuple[bytes, ...]) -> bool:
        """Whether the first supertype is a superclass: the table leaves Object out."""
        return bool(supers) and not self._lines.get(supers[0][1:-1], b"").startswith(b"i")

    def _lengthened(self, named: re.Match[bytes]) -> bytes:
        return self._full.get(named[1], named[0])


@cache
def load_framework() -> Framework:
    """The table that is shipped."""
    return Framework(Path(__file__).with_name("framework.txt").read_bytes())

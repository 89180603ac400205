"""Flags that an app keeps on the phone: which branches ask for one, and which code writes one.

A flag is known by its key, a constant, also through small methods around the store: what a method returns or writes is put
in terms of its parameters, and its callers fill them in. Preferences and MMKV are stores; so is a field of type boolean
that code reads and writes directly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mingcha.program.consent import Edge
from mingcha.program.graph import EXACT, STATIC_CALL, SUPER, VIRTUAL, Graph
from mingcha.program.symbols import Expression, Symbols

_PREFERENCES = b"Landroid/content/SharedPreferences;"
_EDITOR = b"Landroid/content/SharedPreferences$Editor;"
_MMKV = b"Lcom/tencent/mmkv/MMKV;"
_GETS = frozenset({
    b"getBoolean", b"getInt", b"getLong", b"getString", b"contains", b"decodeBool", b"decodeInt", b"decodeLong",
    b"decodeString", b"containsKey",
})  # fmt: skip
_PRESENCE = frozenset({b"contains", b"containsKey"})
_PUTS = frozenset({b"putBoolean", b"putInt", b"putLong", b"putString", b"encode"})
_SAME = frozenset({
    b"booleanValue()Z", b"intValue()I", b"longValue()J", b"valueOf(Z)Ljava/lang/Boolean;", b"valueOf(I)Ljava/lang/Integer;",
    b"valueOf(J)Ljava/lang/Long;",
})  # fmt: skip
"""Methods that put a value into another form."""
_EQUAL, _UNEQUAL = 0x32, 0x33
_NO_VALUE = ("int", 0)
_LEVELS = 3
"""Methods around methods around a store."""
_MOST_CALLS = 20_000
"""Calls of stores and of methods around them that are looked at."""
_CALLS = (VIRTUAL, SUPER, EXACT, STATIC_CALL)


class Flag(NamedTuple):
    """A stored value: its key, and what a reader takes where nobody has written it (0: false, no text).

    ``presence``: the reader asks whether anything was written at all, be it the default.
    """

    key: bytes
    default: int
    presence: bool = False

    def told_by(self, write: Write) -> bool:
        """Whether a write of the key may be seen by the reader."""
        return self.presence or write.value != self.default


class _Asked(NamedTuple):
    """What a value asks a store for; ``turned``: and says the contrary; ``or_none``: or is no value, without asking."""

    key: Expression
    default: Expression
    presence: bool
    turned: bool = False
    or_none: bool = False


class Branch(NamedTuple):
    """The edge of a method that is taken only if somebody has written something else than the default."""

    method: int
    edge: Edge
    flag: Flag


class Write(NamedTuple):
    """A place that writes a flag; ``value`` is None where it is no constant, ``key`` where that is not known."""

    method: int
    unit: int
    key: bytes | None
    value: int | None


class Flags:
    """All branches on stored flags and all writes of them."""

    def __init__(self, graph: Graph, symbols: Symbols) -> None:
        self._graph = graph
        self._symbols = symbols
        self._gets = frozenset(self._refs((_PREFERENCES, _MMKV), _GETS))
        self._puts = frozenset(self._refs((_EDITOR, _MMKV), _PUTS))
        self._room = _MOST_CALLS
        readers = self._readers()
        self.branches = [branch for method in readers for branch in self._branches(method)]
        self.writes = list(self._writes(self._puts, 1, 2, _LEVELS)) if self.branches else []
        if self._room < 0:  # too many to be sure of all that write
            self.branches = []

    def _refs(self, owners: Iterable[bytes], names: frozenset[bytes]) -> Iterator[int]:
        index = self._graph.index
        for owner in owners:
            cls = index.type.of.get(owner)
            for ref in index.refs_to_class(cls) if cls is not None else ():
                if index.signature_name(index.ref_signature[ref]) in names:
                    yield ref

    def _callers(self, refs: Iterable[int]) -> list[tuple[int, int]]:
        """Methods that call one of these, and the units where they do."""
        found = list(self._graph.users(ref << 4 | kind for ref in refs for kind in _CALLS))
        self._room -= len(found)
        return found if self._room >= 0 else []

    def _refs_to(self, method: int) -> list[int]:
        """References by which a method may be called."""
        graph, cls = self._graph, self._graph.method_class[method]
        index = graph.index
        refs = index.refs_of_signature(graph.method_signature[method])
        return [
            r for r in refs if index.ref_class[r] in graph.ancestors(cls) or cls in graph.ancestors(index.ref_class[r])
        ]

    # --- reading -----------------------------------------------------------------------------------------------------

    def _readers(self) -> list[int]:
        """Methods that read a store, and those that call methods which return what they read."""
        found: dict[int, None] = {}
        refs: Iterable[int] = self._gets
        for _ in range(_LEVELS):
            fresh = [method for method in dict.fromkeys(m for m, _ in self._callers(refs)) if method not in found]
            found |= dict.fromkeys(fresh)
            refs = {ref for method in fresh if self._returns_flag(method) for ref in self._refs_to(method)}
        return list(found)

    def _returns_flag(self, method: int) -> bool:
        return self._asked(self._symbols.returned(method), _LEVELS) is not None

    def _asked(self, value: Expression, levels: int) -> _Asked | None:
        """What a value asks a store for, if it comes from one."""
        if not isinstance(value, tuple) or levels < 0:
            return None
        if value[0] == "not":
            inner = self._asked(value[1], levels)
            return inner and inner._replace(turned=not inner.turned)
        if value[0] == "any":
            return self._one_of(value[1], levels)
        if value[0] != "call":
            return None
        ref, arguments = value[1], value[2]
        index = self._graph.index
        if ref in self._gets:
            presence = index.signature_name(index.ref_signature[ref]) in _PRESENCE
            default = arguments[2] if len(arguments) > 2 else ("int", 0)
            return _Asked(arguments[1], self._plain(default), presence) if len(arguments) > 1 else None
        signature = index.signature(index.ref_signature[ref])
        if signature in _SAME and arguments:
            return self._asked(arguments[-1], levels)
        inside = self._asked(self._inside(ref), levels - 1)
        if inside is None:
            return None
        default = self._plain(_filled(inside.default, arguments))
        return inside._replace(key=_filled(inside.key, arguments), default=default)

    def _one_of(self, ways: tuple[Expression, ...], levels: int) -> _Asked | None:
        """What all of these ask, where it is one thing: a method that reads values of any type reads one key. No value is none."""
        asked = {self._asked(way, levels) for way in ways if way != _NO_VALUE}
        one = asked.pop() if len(asked) == 1 else None
        return one and one._replace(or_none=one.or_none or _NO_VALUE in ways)

    def _plain(self, value: Expression) -> Expression:
        """A value without the forms it was put into."""
        while isinstance(value, tuple) and value[0] == "call" and value[2]:
            if self._graph.index.signature(self._graph.index.ref_signature[value[1]]) not in _SAME:
                break
            value = value[2][-1]
        return value

    def _inside(self, ref: int) -> Expression:
        """What the one method that a call can enter returns."""
        graph = self._graph
        cls, signature = graph.index.ref_class[ref], graph.index.ref_signature[ref]
        targets = {graph.resolve(child, signature) for child in graph.below(cls) if graph.concrete(child)}
        targets.add(graph.resolve(cls, signature))
        targets.discard(-1)
        return self._symbols.returned(targets.pop()) if len(targets) == 1 else None

    def _branches(self, method: int) -> Iterator[Branch]:
        reading = self._symbols.of(method)
        for block, (_, opcode, left, right) in reading.branches.items() if reading else ():
            after = reading.body.blocks[block].after if reading else ()
            asked = self._asked(left, _LEVELS) or self._asked(right, _LEVELS)
            other = _integer(right if self._asked(left, _LEVELS) else left)
            if asked is None or other is None or len(after) != 2 or opcode not in (_EQUAL, _UNEQUAL):
                continue
            key, default = _text(asked.key), _default(asked.default)
            if key is not None and default is not None and not (asked.or_none and default):
                shown = int(not default) if asked.turned else default
                jumps = (shown == other) == (opcode == _EQUAL)
                yield Branch(method, Edge(block, after[1] if jumps else after[0]), Flag(key, default, asked.presence))

    # --- writing -----------------------------------------------------------------------------------------------------

    def _writes(self, refs: Iterable[int], key_at: int, value_at: int, levels: int) -> Iterator[Write]:
        """Every call of these with the key and the value; where they come from parameters, the calls of the method."""
        wrappers: dict[int, list[tuple[Expression, Expression]]] = {}
        wanted = frozenset(refs)
        callers = self._callers(wanted)
        yield from (Write(method, unit, None, None) for method, unit in callers if self._symbols.of(method) is None)
        for method in dict.fromkeys(method for method, _ in callers):
            reading = self._symbols.of(method)
            for unit, _, ref, arguments in reading.calls if reading else ():
                if ref in wanted and len(arguments) > value_at:
                    key, value = arguments[key_at], self._plain(arguments[value_at])
                    if _is_argument(key) or _is_argument(value):
                        wrappers.setdefault(method, []).append((key, value))
                    else:
                        yield Write(method, unit, _text(key), _integer(value))
        for method, pairs in wrappers.items():
            yield from self._through(method, pairs, levels)

    def _through(self, method: int, pairs: list[tuple[Expression, Expression]], levels: int) -> Iterator[Write]:
        """What the callers of a method that writes its parameters write."""
        refs = frozenset(self._refs_to(method))
        callers = self._callers(refs)
        lost = callers if levels == 0 else [one for one in callers if self._symbols.of(one[0]) is None]
        yield from (Write(caller, unit, None, None) for caller, unit in lost)
        outer: dict[int, list[tuple[Expression, Expression]]] = {}
        for caller in dict.fromkeys(caller for caller, _ in callers) if levels else ():
            reading = self._symbols.of(caller)
            for unit, _, ref, arguments in reading.calls if reading else ():
                for pair in pairs if ref in refs else ():
                    key, value = (self._plain(_filled(one, arguments)) for one in pair)
                    if caller != method and (_is_argument(key) or _is_argument(value)):
                        outer.setdefault(caller, []).append((key, value))
                    else:
                        yield Write(caller, unit, _text(key), _integer(value))
        for caller, found in outer.items():
            yield from self._through(caller, found, levels - 1)


def _filled(value: Expression, arguments: tuple[Expression, ...]) -> Expression:
    """An expression over parameters with these arguments in their place."""
    if _is_argument(value):
        return arguments[value[1]] if value[1] < len(arguments) else None
    return value


def _is_argument(value: Expression) -> bool:
    return isinstance(value, tuple) and value[0] == "arg"


def _text(value: Expression) -> bytes | None:
    return value[1] if isinstance(value, tuple) and value[0] == "text" else None


def _integer(value: Expression) -> int | None:
    return value[1] if isinstance(value, tuple) and value[0] == "int" else None


def _default(value: Expression) -> int | None:
    """A default as a number: no text and an empty one are 0."""
    if isinstance(value, tuple) and value[0] == "text":
        return 0 if not value[1] else None
    return _integer(value)

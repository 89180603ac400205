"""The rows of the model of Android looked up for one program: by class, its supertypes, and member name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mingcha.catalogue.slots import Move, Slot, move, slot
from mingcha.model.android import Registration, Sink, Summary
from mingcha.model.sdk import Interface
from mingcha.program.code import Program

T = TypeVar("T")

__all__ = ["Library", "Model", "Move", "Slot", "described", "move", "slot"]


@dataclass(frozen=True, slots=True)
class Model:
    """The rows as the catalogue has them; ``foreign``: packages modelled by summaries instead of being read."""

    summaries: Sequence[Summary]
    sinks: Sequence[Sink]
    registrations: Sequence[Registration]
    interfaces: Sequence[Interface]
    foreign: Sequence[str]


class _Table(Generic[T]):
    """Rows by class descriptor and member name or prefix; the nearest supertype with a row for a member decides."""

    def __init__(self, program: Program, rows: Iterable[tuple[str, str, T]]) -> None:
        self._program = program
        self._exact: dict[bytes, dict[bytes, list[T]]] = defaultdict(lambda: defaultdict(list))
        self._patterns: dict[bytes, list[tuple[bytes, bytes, T]]] = defaultdict(list)
        for cls, member, row in rows:
            descriptor = described(cls)
            if "*" in member:
                start, _, end = member.encode().partition(b"*")
                self._patterns[descriptor].append((start, end, row))
            else:
                self._exact[descriptor][member.encode()].append(row)
        for found in self._patterns.values():
            found.sort(key=lambda one: -len(one[0]) - len(one[1]))
        self._known: dict[tuple[bytes, bytes], Sequence[T]] = {}

    def rows(self, cls: bytes, name: bytes) -> Sequence[T]:
        """The rows for a member as called on ``cls``."""
        key = (cls, name)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._searched(cls, name)
        return known

    def _searched(self, cls: bytes, name: bytes) -> Sequence[T]:
        for parent in (*self._program.ancestors(cls), b"*"):
            exact = self._exact.get(parent, {})
            for known in (name, name.partition(b"/")[0]):
                if known in exact:
                    return exact[known]
            plain = name.partition(b"/")[0]
            for start, end, row in self._patterns.get(parent, ()):
                if plain.startswith(start) and plain.endswith(end) and len(plain) >= len(start) + len(end):
                    return [row]
        return ()


def described(cls: str) -> bytes:
    """A dotted class name as descriptor; ``*`` stays."""
    return b"*" if cls == "*" else f"L{cls.replace('.', '/')};".encode()


class Library:
    """What is known of methods that are not read, for one program."""

    def __init__(self, program: Program, model: Model) -> None:
        self._program = program
        self._foreign = tuple(f"L{name}/".encode() for name in model.foreign)
        self._foreign_known: dict[bytes, bool] = {}
        self._summaries = _Table(program, ((row.cls, row.member, row) for row in model.summaries))
        self._sinks = _Table(program, ((row.cls, row.member, row) for row in model.sinks))
        self._registrations = _Table(program, ((row.cls, row.member, row) for row in model.registrations))
        self._interfaces = _Table(program, ((row.cls, row.member, row) for row in model.interfaces))
        self._moves: dict[tuple[str, str], tuple[Move, ...]] = {}

    def foreign(self, cls: bytes) -> bool:
        """Whether a class is modelled instead of read: not in the app, or a library the rows describe."""
        known = self._foreign_known.get(cls)
        if known is None:
            known = self._foreign_known[cls] = not self._program.own(cls) or cls.startswith(self._foreign)
        return known

    def moves(self, cls: bytes, name: bytes, arity: int) -> tuple[Move, ...] | None:
        """What a call with so many arguments does to values, or None where no row says so."""
        rows = self._summaries.rows(cls, b"%b/%d" % (name, arity))
        if not rows:
            return None
        key = (rows[0].cls, rows[0].member)
        known = self._moves.get(key)
        if known is None:
            known = self._moves[key] = tuple(move(text) for text in rows[0].moves)
        return known

    def sinks(self, cls: bytes, name: bytes) -> Sequence[Sink]:
        """By which rows a call lets values out."""
        return self._sinks.rows(cls, name)

    def registrations(self, cls: bytes, name: bytes) -> Sequence[Registration]:
        """What the framework calls after a call."""
        return self._registrations.rows(cls, name)

    def interfaces(self, cls: bytes, name: bytes) -> Sequence[Interface]:
        """By which rows a member hands out personal information."""
        return self._interfaces.rows(cls, name)

"""Facts together with what was looked at and what was not, in one fixed order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from mingcha.model.artefact import Place
from mingcha.model.fact import KINDS, AnyFact, Fact

Reason = Literal["missing", "unreadable", "protected", "partial", "too big", "too slow", "defect"]
T = TypeVar("T", bound=Struct)


Scalar = None | bool | int | float | str
Operator = Literal["in", "not_in", "<", ">", "<=", ">=", "is_a"]
Test = (
    Scalar
    | tuple[Scalar, ...]
    | Annotated[dict[Operator, Scalar | tuple[Scalar, ...]], Meta(min_length=1, max_length=1)]
)
"""What a field is compared with: a plain value, or one operator and its operand."""
Where = dict[str, Test]


class Covered(Struct, frozen=True, kw_only=True):
    """A collector fully looked at this kind of fact, within ``where`` (field → value; empty means everywhere)."""

    kind: str
    where: Where = {}
    collector: str = ""


class Gap(Struct, frozen=True, kw_only=True):
    """Something not looked at: why, and which kinds of fact it may hide, within ``where``.

    ``code`` names the sentence that explains it to readers, ``values`` fills that sentence's blanks.
    """

    collector: str
    reason: Reason
    hides: tuple[str, ...]
    code: str
    values: dict[str, str] = {}
    where: Where = {}
    place: Place | None = None


_encode = msgspec.json.Encoder(order="sorted").encode


def with_id(fact: Fact) -> Fact:
    """The fact with ``id`` set to twelve hex digits of the SHA-256 of everything else it says."""
    bare = msgspec.structs.replace(fact, id="") if fact.id else fact
    return msgspec.structs.replace(bare, id=hashlib.sha256(_encode(bare)).hexdigest()[:12])


def _order(fact: Fact) -> tuple[Any, ...]:
    place = fact.place
    return (type(fact).__name__, place.path, -1 if place.at is None else place.at, fact.id)


class FactBase(Struct, frozen=True, kw_only=True, dict=True):
    """Facts, coverage and gaps in one fixed order, whatever order they arrived in."""

    facts: tuple[AnyFact, ...] = ()
    covered: tuple[Covered, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @classmethod
    def of(cls, facts: Iterable[Fact], covered: Iterable[Covered] = (), gaps: Iterable[Gap] = ()) -> FactBase:
        """Number, deduplicate and sort."""
        numbered = {fact.id: fact for fact in map(with_id, facts)}
        return cls(
            facts=tuple(sorted(numbered.values(), key=_order)),
            covered=_sorted_once(covered),
            gaps=_sorted_once(gaps),
        )

    def with_findings(self, found: Iterable[Fact | Covered | Gap]) -> FactBase:
        """The base with what was found besides, each thing by what it is."""
        items = list(found)
        return FactBase.of(
            [*self.facts, *(item for item in items if isinstance(item, Fact))],
            [*self.covered, *(item for item in items if isinstance(item, Covered))],
            [*self.gaps, *(item for item in items if isinstance(item, Gap))],
        )

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Fact]]:
        table: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            table[type(fact).__name__].append(fact)
        return table

    @cached_property
    def by_id(self) -> Mapping[str, Fact]:
        """Facts by their id."""
        return {fact.id: fact for fact in self.facts}

    def of_kind(self, kind: str) -> list[Fact]:
        """Facts of one kind, in order."""
        return self._by_kind.get(kind, [])

    def hiding(self, kind: str, where: Where) -> tuple[int, ...]:
        """Numbers of the gaps that may hide a fact of this kind with these field values."""
        return tuple(
            number
            for number, gap in enumerate(self.gaps)
            if kind in gap.hides and not _disjoint(kind, gap.where, where)
        )

    def is_complete(self, kind: str, where: Where) -> bool:
        """True only if some coverage includes (kind, where) and no gap overlaps it.

        Two gaps take nothing away: one for an artefact nobody handed in (it explains why there is no coverage), and a
        reader's own gap where a person says to have looked (what our reader could not see did not hinder the person).
        """
        by = {c.collector for c in self.covered if c.kind == kind and _includes(c.where, where)}
        open_ = any(self.gaps[number].reason != "missing" for number in self.hiding(kind, where))
        return "answers" in by or (bool(by) and not open_)


def _sorted_once(items: Iterable[T]) -> tuple[T, ...]:
    unique = {_encode(item): item for item in items}
    return tuple(item for _, item in sorted(unique.items()))


def _includes(outer: Where, inner: Where) -> bool:
    """Every field that ``outer`` fixes is fixed to the same value in ``inner``."""
    return all(field in inner and inner[field] == value for field, value in outer.items())


def _disjoint(kind: str, one: Where, other: Where) -> bool:
    """Some field is fixed to values in both that exclude each other, so that no fact can be in both.

    A field that holds several values excludes nothing, and neither does a test with an operator on the gap's side.
    """
    return any(
        field in other
        and field not in _many(kind)
        and not isinstance(value, dict)
        and value not in _possible(other[field], value)
        for field, value in one.items()
    )


@cache
def _many(kind: str) -> frozenset[str]:
    """Fields of a kind that hold several values."""
    fields = msgspec.structs.fields(KINDS[kind]) if kind in KINDS else ()
    return frozenset(field.name for field in fields if "tuple" in str(field.type))


def _possible(test: Any, value: Any) -> Iterable[Any]:
    """The values a test lets through, as far as it says so; ``value`` itself where it does not."""
    if isinstance(test, dict):
        return test.get("in", (value,))  # type: ignore[no-any-return]
    return (test,)

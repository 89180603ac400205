"""What is looked at and what is told of an exchange: its texts in a row, the longest shape of a value, the innermost text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from mingcha.collect.traffic.matcher import Hit, Matcher
from mingcha.collect.traffic.variants import SHORTEST
from mingcha.formats.layers import Leaf
from mingcha.formats.layers_binary import printable

_HEADS: Final = frozenset({"url", "header", "cookie", "param"})
_LEAST_OPAQUE: Final = 32


def longest(rows: Sequence[Hit]) -> list[Hit]:
    """Hits that do not lie inside of a longer one of the same value; each shape once."""
    by_value: dict[int, dict[str, Hit]] = defaultdict(dict)
    for hit in rows:
        by_value[hit.target.value].setdefault(hit.target.variant, hit)
    kept = [hit for shapes in by_value.values() for hit in _outermost(list(shapes.values()))]
    return sorted(kept, key=lambda one: one.offset)


def _outermost(rows: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(rows, key=lambda one: (-one.length, one.offset)):
        end = hit.offset + hit.length
        if not any(other.offset <= hit.offset and end <= other.offset + other.length for other in kept):
            kept.append(hit)
    return kept


def innermost(leaves: Sequence[Leaf], hits: Mapping[int, Sequence[Hit]]) -> set[tuple[int, int]]:
    """Of the whole texts with hits, which (leaf, value) no text inside of them shows as well."""
    shown = {(at, hit.target.value) for at, rows in hits.items() for hit in rows}
    inner: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for at, value in shown:
        steps = leaves[at].steps
        inner[value].update(steps[:size] for size in range(1, len(steps)))
        if not leaves[at].whole:
            inner[value].add(steps)
    return {
        (at, value)
        for at, value in shown
        if leaves[at].whole
        and ((*leaves[at].steps, leaves[at].path) if leaves[at].path else leaves[at].steps) not in inner[value]
    }


def short_values(matcher: Matcher) -> dict[bytes, list[int]]:
    """Values that are too short to be looked for anywhere, by their bytes in lower case."""
    short: dict[bytes, list[int]] = defaultdict(list)
    for row, known in enumerate(matcher.values):
        if len(known.value.encode()) < SHORTEST:
            short[known.value.lower().encode()].append(row)
    return dict(short)


def laid_out(texts: list[bytes]) -> tuple[list[int], bytes]:
    """All texts in a row, and where each starts."""
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    return starts, b"\n".join(texts)


def opaque(leaves: Sequence[Leaf]) -> bool:
    """Whether a body or message shows nothing of itself: bytes, or one long word, and nothing came out of it."""
    inside = [leaf for leaf in leaves if leaf.steps[0] not in _HEADS]
    came_out = Counter(leaf.steps[0] for leaf in inside)
    return any(
        came_out[leaf.steps[0]] == 1
        and len(leaf.value) >= _LEAST_OPAQUE
        and (not printable(leaf.value) or len(leaf.value.split(None, 1)) == 1)
        for leaf in inside
    )

"""Looks for all variants of all values in one pass: eight bytes of every variant are its anchor, every place is tried once.

A table of bits over a product of the eight bytes rules out nearly every place by array; what is left is looked up among
the anchors, and only a true anchor is compared with its variants. Time does not depend on the number of values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mingcha.collect.traffic.profile import Known, Profile
from mingcha.collect.traffic.variants import Variant, package_variants, variants

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_BITS: Final = 20
_SHIFT: Final = np.uint64(64 - _BITS)
_ANCHOR: Final = 8
_PIECE: Final = 4 << 20
_MOST_TRIED: Final = 50_000
"""Places with a true anchor in one piece of a text. Honest texts have a handful in a megabyte."""
_DIGITS: Final = frozenset(b"0123456789")
_WORD: Final = _DIGITS | frozenset(b"abcdefghijklmnopqrstuvwxyz_")
_EDGES: Final[dict[str, frozenset[int]]] = {
    "": frozenset(), "digit": _DIGITS, "word": _WORD, "name": _WORD | frozenset(b"."),
}  # fmt: skip


class Target(NamedTuple):
    """What a pattern stands for: a value (its row in ``Matcher.values``) or, below zero, a planted package."""

    value: int
    variant: str


class Hit(NamedTuple):
    """A variant at a place of the text that was searched."""

    target: Target
    offset: int
    length: int


class _Pattern(NamedTuple):
    data: bytes
    exact: bool
    edge: frozenset[int]
    target: Target


class Matcher:
    """All variants of a profile, ready to be looked for in any number of texts."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.values: tuple[Known, ...] = profile.values
        self._longest = 0
        self._by_anchor: dict[int, list[tuple[int, _Pattern]]] = defaultdict(list)
        for pattern in _patterns(profile):
            at = _anchor(pattern.data)
            key = int.from_bytes(pattern.data[at : at + _ANCHOR].lower(), "little")
            self._by_anchor[key].append((at, pattern))
            self._longest = max(self._longest, len(pattern.data))
        for rows in self._by_anchor.values():
            rows.sort(key=lambda row: -len(row[1].data))
        self._anchors = np.array(sorted(self._by_anchor), np.uint64)
        self._table = np.zeros(1 << _BITS, np.bool_)
        self._table[(self._anchors * _FACTOR) >> _SHIFT] = True

    @property
    def patterns(self) -> int:
        """How many variants are looked for."""
        return sum(map(len, self._by_anchor.values()))

    def scan(self, data: bytes) -> tuple[list[Hit], bool]:
        """Every variant in a text, in the order of their anchors; and whether there were so many places that the rest was left."""
        hits: list[Hit] = []
        cut = False
        for base in range(0, len(data), _PIECE):
            # One byte before and the longest variant behind belong to it: a large text needs little more than itself.
            first = max(0, base - 1)
            piece = data[first : base + _PIECE + self._longest + 1] if len(data) > _PIECE else data
            folded = piece.lower()
            places, left = self._places(folded)
            cut |= left
            for hit in self._compared(piece, folded, places):
                at = hit.offset + first
                if base <= at < base + _PIECE:
                    hits.append(Hit(hit.target, at, hit.length))
        return hits, cut

    def _places(self, folded: bytes) -> tuple[list[tuple[int, int]], bool]:
        """Offsets of true anchors and the anchors, sorted."""
        offsets, words = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
        for shift in range(min(_ANCHOR, len(folded) - _ANCHOR + 1) if len(self._anchors) else 0):
            column = np.frombuffer(folded, "<u8", (len(folded) - shift) // _ANCHOR, shift)
            likely = np.flatnonzero(self._table[(column * _FACTOR) >> _SHIFT])
            found = column[likely]
            true = self._is_anchor(found)
            offsets.append(likely[true] * _ANCHOR + shift)
            words.append(found[true])
        places, anchors = np.concatenate(offsets), np.concatenate(words)
        order = np.argsort(places, kind="stable")[:_MOST_TRIED]
        return list(zip(places[order].tolist(), anchors[order].tolist(), strict=True)), len(places) > _MOST_TRIED

    def _is_anchor(self, words: NDArray[np.uint64]) -> NDArray[np.bool_]:
        at = np.minimum(np.searchsorted(self._anchors, words), len(self._anchors) - 1)
        return np.equal(self._anchors[at], words)

    def _compared(self, data: bytes, folded: bytes, places: list[tuple[int, int]]) -> Iterator[Hit]:
        for place, anchor in places:
            for at, pattern in self._by_anchor[anchor]:
                start, text = place - at, data if pattern.exact else folded
                if start >= 0 and text.startswith(pattern.data, start) and _stands_alone(folded, start, pattern):
                    yield Hit(pattern.target, start, len(pattern.data))


def _stands_alone(folded: bytes, start: int, pattern: _Pattern) -> bool:
    end = start + len(pattern.data)
    if not pattern.edge:
        return True
    return (start == 0 or folded[start - 1] not in pattern.edge) and (
        end == len(folded) or folded[end] not in pattern.edge
    )


def _patterns(profile: Profile) -> Iterator[_Pattern]:
    for row, known in enumerate(profile.values):
        for variant in variants(known, profile.package):
            yield _pattern(row, variant)
    for row, name in enumerate(profile.packages):
        for variant in package_variants(name):
            yield _pattern(-1 - row, variant)


def _pattern(value: int, variant: Variant) -> _Pattern:
    return _Pattern(variant.data, variant.exact, _EDGES[variant.edge], Target(value, variant.name))


def _anchor(data: bytes) -> int:
    """Where the eight bytes stand that are least likely to be found by chance: digits and variety, not ``com.``."""
    folded = data.lower()

    def rarity(at: int) -> tuple[int, int]:
        piece = folded[at : at + _ANCHOR]
        return len(set(piece)) + sum(byte in _DIGITS for byte in piece), -at

    return max(range(min(len(data) - _ANCHOR + 1, 64)), key=rarity)

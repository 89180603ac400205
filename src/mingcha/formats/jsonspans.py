"""Where the members of a large JSON text lie, found without decoding it: quotes and brackets by arrays, block by block.

A HAR of hundreds of megabytes has one array that matters. Decoding the whole would cost several times its size, so its
elements are found by their brackets, and each is decoded alone by whoever asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 20
_QUOTE, _ESCAPE = 0x22, 0x5C
_DELTA = np.zeros(256, np.int8)
_DELTA[[0x7B, 0x5B]] = 1
_DELTA[[0x7D, 0x5D]] = -1
_OPENING = _DELTA > 0

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """An object or array at ``start``; ``end`` is -1 while it is open. ``depth`` counts the brackets around it."""

    start: int
    end: int
    depth: int


def spans(data: bytes | memoryview, deepest: int) -> Iterator[Span]:
    """Objects and arrays with at most ``deepest`` brackets around them: each once when it opens, and again when it closes.

    Nothing is checked but strings and brackets; a bracket of the wrong shape closes as well. Stops where more
    brackets close than were opened.
    """
    state = _State()
    opened: list[int] = [0] * (deepest + 1)
    for base in range(0, len(data), _BLOCK):
        block = np.frombuffer(data, np.uint8, min(_BLOCK, len(data) - base), base)
        places, depths, opening = state.brackets(block)
        # The depth around a bracket: before it if it opens, after it if it closes.
        around = np.where(opening, depths - 1, depths)
        near = np.flatnonzero(around <= deepest)
        for at, level, opens in zip(
            (places[near] + base).tolist(), around[near].tolist(), opening[near].tolist(), strict=True
        ):
            if level < 0:
                return
            if opens:
                opened[level] = at
                yield Span(at, -1, level)
            else:
                yield Span(opened[level], at + 1, level)


class _State:
    """What one block leaves to the next: inside a string or not, after an odd backslash or not, how deep."""

    def __init__(self) -> None:
        self._inside = False
        self._escaped = False
        self._depth = 0

    def brackets(self, block: NDArray[np.uint8]) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """Places of the brackets outside of strings, the depth after each, and whether it opens."""
        quotes = self._quotes(block)
        steps = _DELTA[block]
        places = np.flatnonzero(steps)
        before = np.searchsorted(quotes, places)
        outside = places[(before + self._inside) % 2 == 0]
        moves = steps[outside].astype(np.int64)
        depths = np.cumsum(moves) + self._depth
        if len(depths):
            self._depth = int(depths[-1])
        self._inside = bool((len(quotes) + self._inside) % 2)
        return outside, depths, moves > 0

    def _quotes(self, block: NDArray[np.uint8]) -> Ints:
        """Quotes that no backslash escapes: those behind an even number of backslashes."""
        quotes = np.flatnonzero(block == _QUOTE)
        slashes = np.flatnonzero(block == _ESCAPE)
        held, size = self._escaped, len(block)
        if not len(slashes):
            self._escaped = False
            return quotes[1:] if held and len(quotes) and quotes[0] == 0 else quotes
        # Backslashes in runs: a run's first is escaped only where the block before ended in an odd one.
        starts = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)
        firsts, lengths = slashes[starts], np.diff(starts, append=len(slashes))
        ends = firsts + lengths
        odd = lengths % 2 == 1
        if held and firsts[0] == 0:
            odd[0] = not odd[0]
        escaped = ends[odd]
        if held and firsts[0] != 0:
            escaped = np.concatenate((np.zeros(1, np.int64), escaped))
        self._escaped = bool(len(escaped) and escaped[-1] == size)
        return quotes[~np.isin(quotes, escaped, assume_unique=True)]

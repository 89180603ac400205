"""Blanks put back into English text that was read from a picture without them."""

from __future__ import annotations

_LONGEST = 16
_LEFT_OVER = 0.4
"""Share of letters that may belong to no known word; a run with more is left as it is."""


def spaced(run: str, vocabulary: frozenset[str]) -> str:
    """The run cut into known words so that the fewest letters, and then the fewest words, are left over."""
    low = run.lower()
    best = [(0, 0, 0)]  # letters left over, pieces, size of the last piece
    for end in range(1, len(low) + 1):
        ways = [(best[end - 1][0] + 1, best[end - 1][1] + 1, 1)]
        sizes = range(2, min(end, _LONGEST) + 1)
        ways += [(best[end - n][0], best[end - n][1] + 1, n) for n in sizes if low[end - n : end] in vocabulary]
        best.append(min(ways))
    if best[-1][0] > _LEFT_OVER * len(low):
        return run
    return " ".join(_pieces(run, best))


def _pieces(run: str, best: list[tuple[int, int, int]]) -> list[str]:
    """The words from the first; letters that belong to none stay together."""
    found: list[str] = []
    end = len(run)
    while end:
        size = best[end][2]
        found.append(run[end - size : end])
        end -= size
    joined: list[str] = []
    loose = False
    for piece in reversed(found):
        if len(piece) == 1 and loose:
            joined[-1] += piece
        else:
            joined.append(piece)
        loose = len(piece) == 1
    return joined

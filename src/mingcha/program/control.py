"""Which blocks a condition decides about: those on a way from it that does not pass where all ways meet again."""

from __future__ import annotations

from collections.abc import Callable

from mingcha.program.decode import Body


def influence(body: Body) -> Callable[[int], frozenset[int]]:
    """A function from a block that ends in a condition to the blocks that run or not because of it."""
    after = [block.after for block in body.blocks]
    meeting = _meetings(after)
    known: dict[int, frozenset[int]] = {}

    def of(block: int) -> frozenset[int]:
        if block not in known:
            known[block] = _between(after, block, meeting[block])
        return known[block]

    return of


def _meetings(after: list[tuple[int, ...]]) -> list[int]:
    """The nearest block (number of blocks: the end) that every way from a block passes. Iterates to a fixed point."""
    end = len(after)
    everything = (1 << (end + 1)) - 1
    passed = [everything] * end + [1 << end]
    changed = True
    while changed:
        changed = False
        for block in range(end - 1, -1, -1):
            common = everything
            for target in after[block] or (end,):
                common &= passed[target]
            common |= 1 << block
            if common != passed[block]:
                passed[block], changed = common, True
    return [_nearest(passed, block, end) for block in range(end)]


def _nearest(passed: list[int], block: int, end: int) -> int:
    """Of the blocks that every way passes, the one that itself passes most of the others."""
    rest = passed[block] & ~(1 << block)
    candidates = [n for n in range(end + 1) if rest >> n & 1]
    return max(candidates, key=lambda n: (passed[n] & rest).bit_count(), default=end)


def _between(after: list[tuple[int, ...]], start: int, stop: int) -> frozenset[int]:
    found: set[int] = set()
    queue = list(after[start])
    while queue:
        block = queue.pop()
        if block != stop and block not in found:
            found.add(block)
            queue.extend(after[block])
    return frozenset(found)

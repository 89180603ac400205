"""Which blocks a condition decides about: those on a way from it that does not pass where all ways meet again.

Also which blocks lie before an instruction, and which registers conditions and results hang on.
"""

from __future__ import annotations

from collections.abc import Callable

from mingcha.program import decode as d
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


def leading(body: Body, unit: int) -> set[int]:
    """Blocks from which the one of a unit can be reached, itself included."""
    before: dict[int, list[int]] = {}
    found: set[int] = set()
    for number, block in enumerate(body.blocks):
        if block.code and block.code[0][1] <= unit <= block.code[-1][1]:
            found.add(number)
        for target in (*block.after, *block.caught):
            before.setdefault(target, []).append(number)
    queue = list(found)
    while queue:
        fresh = [one for one in before.get(queue.pop(), ()) if one not in found]
        found.update(fresh)
        queue += fresh
    return found


def decides(body: Body, block: int, before: set[int] | None) -> bool:
    """Whether a block lies before something (None: everything), and may lead away from it."""
    return before is None or (block in before and not before.issuperset(body.blocks[block].after))


def reachable(body: Body, unit: int) -> bool:
    """Whether any way leads to the instruction at a unit."""
    there = (number for number, block in enumerate(body.blocks) if any(i[1] == unit for i in block.code))
    return any(body.order[number] < len(body.blocks) for number in there)


def registers_asked(body: Body, matters: Callable[[int], bool]) -> frozenset[int]:
    """Registers on which conditions or results may hang; ``matters`` tells of which calls (method ids) the arguments count."""
    found: set[int | None] = set()
    for block in body.blocks:
        for what, _, a, b, c in block.code:
            if what in (d.MOVE, d.IF):
                found.update((b, c))
            elif what in (d.SWITCH, d.RETURN):
                found.add(a)
            elif what == d.LITERAL:
                found.add(b[0])
            elif what == d.INVOKE and not found.issuperset(b) and matters(c):
                found.update(b)
    return frozenset(one for one in found if one is not None)

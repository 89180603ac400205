"""The tree over the links' hashes (RFC 9162, 2.1): one link's place is proved by a few hashes, and nothing else of the chain is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


class Tree:
    """The tree over the first ``count`` links; ``root`` is what a checkpoint signs, ``head`` the last link's hash."""

    def __init__(self, hashes: Iterable[str]) -> None:
        self._hashes = list(hashes)
        self._levels = [[_leaf(one) for one in self._hashes]]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def count(self) -> int:
        """How many links."""
        return len(self._hashes)

    @property
    def head(self) -> str:
        """The last link's hash; empty if there is none."""
        return self._hashes[-1] if self._hashes else ""

    @property
    def root(self) -> str:
        """The one hash that stands for all links and their order."""
        return (self._levels[-1][0] if self._hashes else hashlib.sha256().digest()).hex()

    def root_at(self, count: int) -> str:
        """The root when there were only the first ``count`` links (at least one)."""
        return self._part(0, count).hex()

    def cut(self, count: int) -> Tree:
        """The tree over the first ``count`` links alone."""
        return Tree(self._hashes[:count])

    def hash_at(self, seq: int) -> str | None:
        """The hash of the link with this number, if it is there."""
        return self._hashes[seq - 1] if 1 <= seq <= len(self._hashes) else None

    def proof(self, seq: int) -> tuple[str, ...]:
        """The hashes that lead from the ``seq``-th link (from 1) to the root."""
        at, found = seq - 1, []
        for level in self._levels[:-1]:
            if at ^ 1 < len(level):
                found.append(level[at ^ 1].hex())
            at >>= 1
        return tuple(found)

    def extension(self, count: int) -> tuple[str, ...]:
        """The hashes that prove that the tree over the first ``count`` links grew into this one."""
        return tuple(one.hex() for one in self._grown(count, 0, self.count, whole=True))

    def _grown(self, count: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if count == end - start:
            return [] if whole else [self._part(start, end)]
        middle = start + _half(end - start)
        if count <= middle - start:
            return [*self._grown(count, start, middle, whole=whole), self._part(middle, end)]
        return [*self._grown(count - (middle - start), middle, end, whole=False), self._part(start, middle)]

    def _part(self, start: int, end: int) -> bytes:
        """The root over links ``start`` to ``end``: they are halves of halves, so a level holds it if they are a full one."""
        size = end - start
        if size & (size - 1) == 0:
            return self._levels[size.bit_length() - 1][start // size]
        middle = start + _half(size)
        return _node(self._part(start, middle), self._part(middle, end))


def leads(link_hash: str, seq: int, count: int, proof: Sequence[str], root: str) -> bool:
    """Whether the proof shows that the link with this hash is the ``seq``-th of the ``count`` under the root."""
    if not 1 <= seq <= count:
        return False
    try:
        reached, steps = _leaf(link_hash), [bytes.fromhex(one) for one in proof]
    except ValueError:
        return False
    at, last = seq - 1, count - 1
    for step in steps:
        if last == 0:
            return False
        if at & 1 or at == last:
            reached = _node(step, reached)
            at, last = _past_lone(at, last)
        else:
            reached = _node(reached, step)
        at, last = at >> 1, last >> 1
    return last == 0 and reached.hex() == root


def extends(count: int, root: str, later_count: int, later_root: str, proof: Sequence[str]) -> bool:
    """Whether the proof shows that the later tree begins with all the links of the earlier one, in their order."""
    if count == later_count:
        return root == later_root and not proof
    try:
        steps = [bytes.fromhex(one) for one in proof]
        if count & (count - 1) == 0:
            steps.insert(0, bytes.fromhex(root))
    except ValueError:
        return False
    if not 1 <= count < later_count or not steps:
        return False
    return _grows(count - 1, later_count - 1, steps) == (root, later_root)


def _grows(at: int, last: int, steps: Sequence[bytes]) -> tuple[str, str] | None:
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = later = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            earlier, later = _node(step, earlier), _node(step, later)
            at, last = _past_lone(at, last)
        else:
            later = _node(later, step)
        at, last = at >> 1, last >> 1
    return (earlier.hex(), later.hex()) if last == 0 else None


def _past_lone(at: int, last: int) -> tuple[int, int]:
    """Up over the levels at which a node at the right edge has no sibling."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) & 1 else pairs


def _half(size: int) -> int:
    """The largest power of two below the size."""
    return int(1 << (size - 1).bit_length() - 1)


def _leaf(link_hash: str) -> bytes:
    return hashlib.sha256(b"\0" + bytes.fromhex(link_hash)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()

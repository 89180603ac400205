"""Sets of values, and how comparisons of them can come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mingcha.program.decode import SWITCH, Instruction

Atom = Any
"""A number; a text; ``("made", class)``, an object; ``("given", reference)``, what a call outside the app gave;
``("least", n)``, a number not below n."""
Known = frozenset[Atom] | None
"""All values that something can have; None: not known."""

_MOST_ATOMS = 8
_TESTS: Mapping[int, Callable[[int, int], bool]] = {
    0x32: lambda a, b: a == b, 0x33: lambda a, b: a != b, 0x34: lambda a, b: a < b, 0x35: lambda a, b: a >= b,
    0x36: lambda a, b: a > b, 0x37: lambda a, b: a <= b,
}  # fmt: skip
_TURNED = {0x32: 0x32, 0x33: 0x33, 0x34: 0x36, 0x35: 0x37, 0x36: 0x34, 0x37: 0x35}
_BOTH = frozenset({True, False})


def joined(values: Iterable[Known]) -> Known:
    """All of these values together."""
    found: set[Atom] = set()
    for value in values:
        if value is None:
            return None
        found |= value
        if len(found) > _MOST_ATOMS:
            return None
    return frozenset(found)


def outcomes(opcode: int, left: Known, right: Known) -> frozenset[bool]:
    """How a comparison of two values can come out."""
    if left is None or right is None:
        return _BOTH
    return frozenset().union(*(_compared(opcode, one, other) for one in left for other in right))


def unchosen(last: Instruction, after: tuple[int, ...], value: Known) -> list[int]:
    """Blocks behind a switch to which none of these values leads."""
    if value is None or last[0] != SWITCH or not all(isinstance(one, int) for one in value):
        return []
    chosen = {last[3].get(one, last[4]) for one in value}
    return [one for one in after if one not in chosen]


def _compared(opcode: int, one: Atom, other: Atom) -> frozenset[bool]:
    if isinstance(one, int) and isinstance(other, int):
        return frozenset({_TESTS[opcode](one, other)})
    if isinstance(one, int):
        return _BOTH if isinstance(other, int) else _compared(_TURNED[opcode], other, one)
    if not isinstance(other, int):
        return _BOTH
    if isinstance(one, bytes) or one[0] == "made":  # an object is not null
        return frozenset({opcode == 0x33}) if other == 0 and opcode in (0x32, 0x33) else _BOTH
    if one[0] == "least" and (other < one[1] or (other == one[1] and opcode in (0x34, 0x35))):
        return frozenset({opcode in (0x33, 0x35, 0x36)})
    return _BOTH

"""The rules drawn on a page of a PDF: which of them belong together and may be a table's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

_THIN = 2.6
NEAR = 3.0
"""Points within which two rules are one."""
_RULES_LIMIT = 200
"""Rules of one direction on a page that are looked at."""


class Box(NamedTuple):
    """A rectangle on a page, in points from its lower left corner."""

    left: float
    right: float
    bottom: float
    top: float


class Rule(NamedTuple):
    """A straight rule: where it lies, and from where to where it runs."""

    at: float
    start: float
    end: float


class Ruled(NamedTuple):
    """Rules that belong together: at least three upright ones and two level ones."""

    upright: list[Rule]
    level: list[Rule]

    @property
    def columns(self) -> list[float]:
        """Where columns begin and end, from left to right."""
        return _places(self.upright)

    @property
    def rows(self) -> list[float]:
        """Where rows begin and end, from above."""
        return _places(self.level)[::-1]


def ruled(boxes: Sequence[Box]) -> list[Ruled]:
    """The groups of rules on a page that may be tables, from above."""
    upright, level = _rules(boxes)
    if len(upright) < 3 or len(upright) > _RULES_LIMIT or len(level) > _RULES_LIMIT:
        return []
    found = [group for group in _groups(upright, level) if len(group.columns) >= 3 and len(group.rows) >= 2]
    return sorted(found, key=lambda group: -group.rows[0])


def _rules(boxes: Sequence[Box]) -> tuple[list[Rule], list[Rule]]:
    upright: list[Rule] = []
    level: list[Rule] = []
    areas = [box for box in boxes if _wide(box) and _tall(box)]
    for box in boxes if len(areas) <= _RULES_LIMIT else ():
        if _wide(box) and _tall(box):
            if not _inside_another(box, areas):
                upright += (Rule(box.left, box.bottom, box.top), Rule(box.right, box.bottom, box.top))
                level += (Rule(box.bottom, box.left, box.right), Rule(box.top, box.left, box.right))
        elif _tall(box):
            upright.append(Rule((box.left + box.right) / 2, box.bottom, box.top))
        elif _wide(box):
            level.append(Rule((box.bottom + box.top) / 2, box.left, box.right))
    return _merged(upright), _merged(level)


def _wide(box: Box) -> bool:
    return box.right - box.left > _THIN


def _tall(box: Box) -> bool:
    return box.top - box.bottom > _THIN


def _inside_another(box: Box, areas: Sequence[Box]) -> bool:
    """The background of a text inside the background of its cell."""
    size = (box.right - box.left) * (box.top - box.bottom)
    return any(
        other is not box
        and other.left <= box.left and other.right >= box.right and other.bottom <= box.bottom and other.top >= box.top
        and size < (other.right - other.left) * (other.top - other.bottom) < 3 * size
        for other in areas
    )  # fmt: skip


def _merged(rules: list[Rule]) -> list[Rule]:
    """Rules on one line as one, where they touch."""
    found: list[Rule] = []
    group: list[Rule] = []
    for rule in sorted(rules):
        if group and rule.at - group[-1].at > _THIN:
            found += _joined(group)
            group = []
        group.append(rule)
    return [*found, *_joined(group)]


def _joined(group: Sequence[Rule]) -> Iterator[Rule]:
    ordered = sorted(group, key=lambda rule: rule.start)
    for at, rule in enumerate(ordered):
        if at == 0:
            start, end = rule.start, rule.end
        elif rule.start <= end + 2 * NEAR:
            end = max(end, rule.end)
        else:
            yield Rule(group[0].at, start, end)
            start, end = rule.start, rule.end
    if ordered:
        yield Rule(group[0].at, start, end)


def _groups(upright: Sequence[Rule], level: Sequence[Rule]) -> Iterator[Ruled]:
    """Rules that touch each other, directly or by others."""
    left = set(range(len(upright)))
    rest = set(range(len(level)))
    while left:
        columns, rows, border = set[int](), set[int](), [min(left)]
        left.discard(border[0])
        while border:
            at = border.pop()
            columns.add(at)
            near = {row for row in rest if _touch(upright[at], level[row])}
            rest -= near
            rows |= near
            border += (more := [n for n in left if any(_touch(upright[n], level[row]) for row in near)])
            left.difference_update(more)
        yield Ruled([upright[n] for n in sorted(columns)], [level[n] for n in sorted(rows)])


def _touch(upright: Rule, level: Rule) -> bool:
    return (
        level.start - NEAR <= upright.at <= level.end + NEAR and upright.start - NEAR <= level.at <= upright.end + NEAR
    )


def _places(rules: Sequence[Rule]) -> list[float]:
    found: list[float] = []
    for rule in rules:
        if not found or rule.at - found[-1] > NEAR:
            found.append(rule.at)
    return found

"""From the main screen to a target: the fewest taps that a walk shows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from mingcha.collect.screens.items import FOOT
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.model.fact_observed import Target
from mingcha.model.words import ScreenKind

_BY_KIND: dict[ScreenKind, Target] = {
    "policy": "policy",
    "cancellation": "account_cancellation",
    "correction": "correction",
    "deletion": "deletion",
    "withdrawal": "withdrawal",
    "complaint": "complaint",
    "personalisation": "personalisation_switch",
}
_BEGINS = frozenset({"start", "install", "clear"})
_COST = {"tap": 1, "swipe": 0, "type": 0, "none": 0}
"""What an act counts; what is not here leads back or out of the app and is no way."""


def targets_of(step: WalkStep) -> frozenset[Target]:
    """What is reached on this screen."""
    if step.own is False:
        return frozenset()
    found: set[Target] = {_BY_KIND[step.kind]} if step.kind in _BY_KIND else set()
    if step.reading.switches:
        found.add("personalisation_switch")
    return frozenset(found)


def fewest(walk: Walk) -> Iterator[tuple[Target, int, WalkStep]]:
    """Each target reached from a main screen, the taps it took, and the screen it was reached on."""
    nodes = [_node(walk, step) for step in walk.steps]
    edges: dict[str, list[tuple[str, int]]] = {}
    for here, there in zip(range(len(nodes)), range(1, len(nodes)), strict=False):
        led = walk.steps[there].led
        inside = walk.steps[here].own is not False and walk.steps[there].own is not False
        if led is not None and led.kind in _COST and inside:
            edges.setdefault(nodes[here], []).append((nodes[there], _COST[led.kind]))
    far = _distances(_starts(walk, nodes), edges)
    for target in sorted(set(_BY_KIND.values())):
        reached = [
            (far[node], step)
            for node, step in zip(nodes, walk.steps, strict=True)
            if node in far and target in targets_of(step)
        ]
        if reached:
            taps, step = min(reached, key=lambda pair: (pair[0], pair[1].number))
            yield target, taps, step


def _starts(walk: Walk, nodes: list[str]) -> set[str]:
    """Where counting begins: main screens, but for those that were reached by touching another tab at a main screen's foot.

    An app opens on one of its tabs, and from there the way to another is a tap like any other.
    """
    mains = [(node, step) for node, step in zip(nodes, walk.steps, strict=True) if step.kind == "main"]
    led = walk.steps[0].led if walk.steps else None
    if led is None or led.kind not in _BEGINS:
        return {node for node, _ in mains}  # whoever was inside already may have stood on any tab
    other = {node for node, step in mains if _by_tab(walk, step)}
    first = {node for node, _ in mains[:1]}
    return ({node for node, _ in mains} - other) | first


def _by_tab(walk: Walk, step: WalkStep) -> bool:
    before = walk.before(step)
    at = step.led.at if step.led is not None and step.led.kind == "tap" else None
    return before is not None and before.kind == "main" and at is not None and at[1] > FOOT * before.reading.size[1]


def _node(walk: Walk, step: WalkStep) -> str:
    """The screen a moment shows; one that only a picture shows is the earlier one that going back led to, if it reads the same."""
    if step.moment.fingerprint is None and step.led is not None and step.led.kind == "back" and step.number > 2:
        earlier = walk.steps[step.number - 3]
        same = _reads(earlier) == _reads(step) and earlier.kind not in (None, "other")
        if same and earlier.moment.fingerprint is not None:
            return earlier.moment.fingerprint
    return step.moment.fingerprint or f"#{step.number}"


def _reads(step: WalkStep) -> tuple[object, ...]:
    reading = step.reading
    return step.kind, reading.title, frozenset((entry.to, entry.text) for entry in reading.entries)


def _distances(starts: set[str], edges: dict[str, list[tuple[str, int]]]) -> dict[str, int]:
    """Fewest taps from any start; acts that are no tap cost nothing."""
    far = dict.fromkeys(starts, 0)
    queue = deque(sorted(starts))
    while queue:
        node = queue.popleft()
        for other, cost in edges.get(node, ()):
            if far[node] + cost < far.get(other, 1 << 30):
                far[other] = far[node] + cost
                (queue.append if cost else queue.appendleft)(other)
    return far

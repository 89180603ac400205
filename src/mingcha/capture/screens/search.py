"""The search from the main screen for the policy, closing the account, complaints and the switch for personalised content.

It goes through entries that are known by their labels, deepest first, and leaves what it looks for as soon as it stands there.
"""

from __future__ import annotations

from mingcha.capture.screens.drive import Driver
from mingcha.capture.screens.eyes import Door, Sight
from mingcha.model.words import ScreenKind

_SOUGHT: dict[ScreenKind | None, str] = {
    "policy": "policy",
    "cancellation": "account_cancellation",
    "complaint": "complaint",
    "personalisation": "personalisation_switch",
}
_THROUGH: frozenset[ScreenKind | None] = frozenset({"main", "settings", "account", "other"})
"""Screens on which entries are touched; everything else is left by going back."""
_AGAIN = 4
_SCROLLS = 8


class Search:
    """One search; ``found`` is what was reached."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._tried: set[tuple[str, str | None]] = set()
        self._scrolled: dict[str, int] = {}
        self._starts = self._backs = self._scrolls = 0
        self.taps = 0
        self.found: set[str] = set()
        self.sought = frozenset(_SOUGHT.values())

    def run(self, sight: Sight) -> frozenset[str]:
        """Search until all is found, no entry is left or the limit of touches is reached; what was reached."""
        root, depth = sight.mark, 0
        while self.taps < self._driver.limits.taps and self.found != self.sought:
            self._note(sight)
            if sight.own is not True:
                if self._starts >= _AGAIN:
                    break
                sight, depth = self._return(sight), 0
                continue
            door = self._door(sight, depth)
            if door is not None:
                sight, depth = self._enter(sight, door), depth + (door.to is None and self._driver.touched)
            elif self._may_scroll(sight):
                self._scrolls += 1
                sight = self._driver.scroll(sight)
            elif sight.mark == root or self._backs > 3 * self._driver.limits.taps:
                break
            else:
                sight, depth = self._back(), max(0, depth - 1)
        self._note(sight)
        return frozenset(self.found)

    def _door(self, sight: Sight, depth: int) -> Door | None:
        if sight.kind not in _THROUGH or depth >= self._driver.limits.depth:
            return None
        doors = self._driver.eyes.doors(sight)
        return next((d for d in doors if (d.label, d.to) not in self._tried and d.to not in self.found), None)

    def _enter(self, sight: Sight, door: Door) -> Sight:
        """Touch an entry; from what is looked for, go straight back, whatever it shows."""
        self.taps += 1
        self._driver.say(f"touching {door.label}")
        seen = self._driver.tap(sight, door.box)
        if not self._driver.touched:
            return seen
        self._tried.add((door.label, door.to))
        if door.to is None or seen.mark == sight.mark:
            return seen
        self._note(seen)
        return self._back() if seen.own is True else seen

    def _note(self, sight: Sight) -> None:
        if sight.own is not True:
            return
        if sight.kind in _SOUGHT:
            self.found.add(_SOUGHT[sight.kind])
        if sight.reading.switches:
            self.found.add("personalisation_switch")

    def _may_scroll(self, sight: Sight) -> bool:
        """Once for each screen that has more below."""
        dump = sight.shot.dump
        if (
            sight.kind not in _THROUGH
            or sight.mark is None
            or dump is None
            or not any(n.scrollable for n in dump.nodes)
        ):
            return False
        before = self._scrolled.get(sight.mark, 0)
        self._scrolled[sight.mark] = before + 1
        return before == 0 and self._scrolls < _SCROLLS

    def _back(self) -> Sight:
        self._backs += 1
        return self._driver.back()

    def _return(self, sight: Sight) -> Sight:
        """From another app or a question of the system's back to the app."""
        if sight.kind == "permission":
            answered = self._driver.answer(sight, "deny")
            if answered.own is True:
                return answered
        self._starts += 1
        seen = self._back() if sight.kind != "launcher" else sight
        return seen if seen.own is True else self._driver.start()

"""A walk to every page behind "me" and the settings, so that what it does not pass is not there.

It touches all the tabs, and on the personal one and below it everything that answers a touch, but what may do harm; it draws
each page to its end. What it did not enter it names, and its reader then leaves open what could lie there.
"""

from __future__ import annotations

from mingcha.capture.screens.drive import Driver
from mingcha.capture.screens.eyes import Sight
from mingcha.collect.run.places import Place, Thing, place_of
from mingcha.collect.run.walked import ENDS
from mingcha.collect.screens.wording import Words

_HEIGHTS, _BACKS = 12, 3
"""How often one page is drawn up, and how often "back" is pressed to come back to a page."""


class Everywhere:
    """One such walk; ``left`` are the labels of what was seen and not entered."""

    def __init__(self, driver: Driver, words: Words, taps: int) -> None:
        self._driver, self._words, self._taps = driver, words, taps
        self._been: set[str | None] = set()
        self._tried: set[tuple[object, ...]] = set()
        self.left: dict[str, None] = {}

    def run(self, sight: Sight) -> tuple[str, ...]:
        """Walk until everything was entered or the limit of touches is reached; what was not entered."""
        home = self._home(sight)
        for tab in [thing for thing in self._place(home).things if thing.tab] if home is not None else ():
            if home is None or self._taps <= 0:
                self._leave(tab)
                continue
            here = self._tap(home, tab)
            if self._driver.eyes.personal(tab.plain) and here.own is True:
                self._page(here, 1)
            elif here.kind == "main":
                self._note_others(here)
            home = self._home(self._driver.eyes.see(self._driver.recorder.shot))
        return tuple(self.left)

    def _page(self, sight: Sight, depth: int) -> None:
        """Everything on a page, from its top to its end, as long as the way back to it is found."""
        self._been.add(sight.mark)
        for _ in range(_HEIGHTS):
            for thing in self._place(sight).things:
                if thing.tab or (sight.mark, thing.mark) in self._tried:
                    continue
                back = self._try(sight, thing, depth)
                if back is None:
                    self.left.setdefault("…")
                    return
                sight = back
            if self._place(sight).rolls is None:
                return
            before, sight = sight, self._driver.scroll(sight)
            if sight.mark == before.mark:
                return
        self.left.setdefault("…")

    def _try(self, sight: Sight, thing: Thing, depth: int) -> Sight | None:
        """Touch one thing, walk through what it leads to, and come back; None where the way back was lost."""
        self._tried.add((sight.mark, thing.mark))
        if self._taps <= 0 or depth > self._driver.limits.depth or self._driver.eyes.never(thing.plain):
            self._leave(thing)
            return sight
        sought = any(door.to is not None and door.label == thing.plain for door in self._driver.eyes.doors(sight))
        seen = self._tap(sight, thing)
        if not self._driver.touched:
            self._leave(thing)
        if sought:  # behind what is looked for nothing is touched, whatever it shows
            self._been.add(seen.mark)
        if seen.own is True and seen.kind not in ENDS and seen.kind != "main" and seen.mark not in self._been:
            self._page(seen, depth + 1)
        return self._back_to(sight)

    def _tap(self, sight: Sight, thing: Thing) -> Sight:
        self._taps -= 1
        self._driver.say(f"touching {thing.plain or 'a picture without words'}")
        return self._driver.tap(sight, thing.box)

    def _back_to(self, sight: Sight) -> Sight | None:
        """The page that was left, if keys lead there."""
        here = self._driver.eyes.see(self._driver.recorder.shot)
        for _ in range(_BACKS):
            if here.mark == sight.mark:
                break
            here = self._driver.answer(here, "deny") if here.kind == "permission" else self._driver.back()
        return here if here.mark == sight.mark and here.mark is not None else None

    def _home(self, sight: Sight) -> Sight | None:
        """A main screen: by going back, or by starting the app once more."""
        for _ in range(_BACKS):
            if sight.kind == "main" and sight.own is True:
                return sight
            sight = self._driver.back() if sight.own is True else self._driver.start()
        return sight if sight.kind == "main" and sight.own is True else None

    def _place(self, sight: Sight) -> Place:
        dump = sight.shot.dump
        if dump is None or sight.own is not True:
            return Place()
        return place_of(dump, sight.kind, self._words, sight.reading.package)

    def _note_others(self, sight: Sight) -> None:
        """What stands on another tab is not touched: it may do anything."""
        for thing in self._place(sight).things:
            if not thing.tab:
                self._leave(thing)

    def _leave(self, thing: Thing) -> None:
        self.left.setdefault(thing.plain or "a picture without words")

"""The app's own screens of a walk as places: which were touched where, which were scrolled, and what of them was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from mingcha.collect.run.places import Place, Thing, place_of
from mingcha.collect.screens.items import area, inside
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words
from mingcha.errors import FormatError
from mingcha.formats.steps import StepAct
from mingcha.formats.uidump import read_dump
from mingcha.model.words import ScreenKind

ASKS: frozenset[ScreenKind | None] = frozenset({"consent", "permission", "purpose", "login"})
ENDS: frozenset[ScreenKind | None] = frozenset({
    "policy", "sdk_list", "consent", "permission", "purpose", "cancellation", "complaint", "personalisation", "correction", "deletion",
    "withdrawal",
})  # fmt: skip
"""Kinds of page that were looked for, or ask something: what can be touched there does something."""
_OPEN = ASKS | {"policy", "sdk_list"}
"""Kinds of page that are looked through in another way, or that pass."""
PAPERS: frozenset[ScreenKind | None] = frozenset({"policy", "sdk_list"})
_DOES = ("ui_submit", "ui_takes_back", "ui_policy", "ui_other_terms", "ui_cancellation_said")
_DRAWN = 0.1
"""Share of the screen that a finger draws at least to scroll."""
_DIGITS = re.compile(r"\d+")


class Walked:
    """The app's own screens of a walk as places, by what tells one from another."""

    def __init__(self, walk: Walk, files: Mapping[str, bytes], words: Words) -> None:
        self.walk, self._words = walk, words
        self.own = [step for step in walk.steps if step.own is not False]
        self.places: dict[str, Place] = {}
        self._marks: dict[int, str] = {}
        self._seen: dict[int, Place] = {}
        self._steps: dict[str, WalkStep] = {}
        whole = not [step for step in self.own if not self._taken(step, files)]
        mains = any(step.kind == "main" for step in self.own)
        self.readable = whole and mains and self._stayed() and not self._led_by_nothing()
        self._inside = self._scope()

    def _taken(self, step: WalkStep, files: Mapping[str, bytes]) -> bool:
        """Whether a screen can be relied on, or stood there for a moment only; what it shows is kept."""
        place = self._place(step, files)
        if (place is None or place.waits) and self._soon_another(step):
            return True
        if place is None:
            return False
        spoken = _DIGITS.sub("", "\n".join(sorted(place.spoken)))
        self._seen[step.number] = place
        self._marks[step.number] = f"{step.moment.fingerprint} {spoken}"
        self.places.setdefault(self.mark(step), place)
        self._steps.setdefault(self.mark(step), step)
        return not place.unsure or step.kind in _OPEN or self._passing(step)

    def _place(self, step: WalkStep, files: Mapping[str, bytes]) -> Place | None:
        """A screen that its tree shows whole and that had loaded."""
        moment = step.moment
        if not step.read or step.own is not True or moment.reading.origin != "tree" or moment.fingerprint is None:
            return None
        try:
            dump = read_dump(files.get(step.step.dump or "", b""))
        except FormatError:
            return None
        place = place_of(dump, step.kind, self._words, self.walk.package)
        waits = any(self._words.has("ui_not_loaded", label) for label in place.labels)
        return None if dump.partial or (waits and step.kind not in _OPEN) else place

    def mark(self, step: WalkStep) -> str:
        """What tells one screen from another."""
        return self._marks.get(step.number) or step.moment.fingerprint or f"#{step.number}"

    def _soon_another(self, step: WalkStep) -> bool:
        """Whether what had not loaded yet was followed by what it came to be."""
        return self.walk.settled(step) is not step

    @cached_property
    def _begun(self) -> frozenset[int]:
        """The moments since a start in which nobody did anything."""
        found: set[int] = set()
        for step in self.walk.steps:
            led = step.led.kind if step.led is not None else None
            if led == "start" or (led == "none" and step.number - 1 in found):
                found.add(step.number)
        return frozenset(found)

    def _passing(self, step: WalkStep) -> bool:
        """A screen that came with a start and went by itself: the picture that many apps begin with."""
        then, began = self.walk.after(step), step.number in self._begun
        return began and step.kind == "other" and then is not None and then.led is not None and then.led.kind == "none"

    def _stayed(self) -> bool:
        """Whether every touch in the app led to one of its own screens, the system's, or home."""
        system = self._words.words("ui_packages_settings") | self._words.words("ui_packages_system_apps")
        system -= self._words.words("ui_packages_choosers")  # behind a choice of apps anything may lie
        away = [step for step in self.walk.steps if step.own is False and step.kind == "other app"]
        return all(step.reading.package in system for step in away)

    def _led_by_nothing(self) -> bool:
        """Whether a touch where the tree shows nothing to touch opened a page: then other such places may open others."""
        met: set[str] = set()
        for step in self.own:
            before, led = self.walk.before(step), step.led
            place = self.places.get(self.mark(before)) if before is not None and before.own else None
            new, tapped = self.mark(step) not in met, led is not None and led.kind == "tap"
            if place is not None and new and tapped and led is not None and led.at and _hit(led, place) is None:
                return True
            met.add(self.mark(step))
        return False

    # --- papers: what they say may lead on

    def _papers(self) -> Iterator[str]:
        return (self.mark(step) for step in self.own if step.kind in PAPERS)

    def papers_read(self) -> bool:
        """Whether each of them was shown to its end."""
        for key in self._papers():
            place = self.places.get(key)
            if place is None or (not self._ended(key) if place.rolls is not None else place.web):
                return False
        return True

    # --- what was touched

    def _scope(self) -> frozenset[str]:
        """The pages that are no contents: not those alone to which a headline led."""
        inside: set[str] = set()
        content = False
        for step in self.own:
            before = self.walk.before(step)
            led = step.led.kind if step.led is not None else None
            if before is None or before.own is not True or led in ("start", "home", "clear", "install"):
                content = False
            elif led == "tap" and not content:
                content = self._met(before, step.led, self._contents(before))
            content = content and self.mark(step) not in inside
            if not content:
                inside.add(self.mark(step))
        return frozenset(inside)

    def _contents(self, step: WalkStep) -> tuple[Thing, ...]:
        place = self.places.get(self.mark(step))
        return place.contents if place else ()

    def _met(self, on: WalkStep, act: StepAct | None, things: tuple[Thing, ...]) -> bool:
        """Whether a touch met one of these things, the smallest at its point."""
        place = self.places.get(self.mark(on))
        hit = _hit(act, place) if place else None
        return hit is not None and hit in things

    def left_out(self) -> Iterator[str]:
        """Everything on the pages in question that was not touched, and every page that was not scrolled to its end."""
        touched = self._touched()
        passed = {self.mark(step) for step in self.own} - {
            self.mark(step) for step in self.own if not self._passing(step)
        }
        for key in sorted(self._inside & self.places.keys(), key=lambda key: self._steps[key].number):
            step, place = self._steps[key], self.places[key]
            if step.kind in PAPERS or key in passed:
                continue
            for thing in place.things:
                if step.kind in ENDS and self._does(thing):
                    continue
                group = None if thing.tab else self._groups[key]
                if (group, thing.mark) not in touched:
                    yield f"{step.file} {thing.plain or thing.cls}"
            if place.rolls is not None and step.kind not in ASKS and not self._ended(key):
                yield f"{step.file} …"

    def _does(self, thing: Thing) -> bool:
        """What on a page that was looked for, or that asks, does what it says; rows and pictures without words may lead on."""
        words = self._words
        return bool(thing.plain) and (
            words.label(thing.plain) is not None or any(words.has(n, thing.plain) for n in _DOES)
        )

    def _touched(self) -> set[tuple[str | None, tuple[object, ...]]]:
        """What was touched, on which page; a tab is the same on all of them."""
        found: set[tuple[str | None, tuple[object, ...]]] = set()
        for step in self.own:
            then, place = self.walk.after(step), self.places.get(self.mark(step))
            if then is None or place is None or then.led is None or then.led.kind != "tap":
                continue
            hit = _hit(then.led, place)
            if hit is not None and hit in place.things and self._led_on(step, self.walk.settled(then), hit):
                found.add((None if hit.tab else self._groups[self.mark(step)], hit.mark))
        return found

    def _led_on(self, step: WalkStep, then: WalkStep, hit: Thing) -> bool:
        """Whether a touch showed what lies behind: another page and no question before it, or a page of the system's."""
        if then.own is False:
            return then.kind == "other app"
        return (
            self.mark(then) in self.places and then.kind not in ASKS and (hit.tab or self.mark(then) != self.mark(step))
        )

    # --- pages that are scrolled

    @cached_property
    def _drawn(self) -> tuple[tuple[str, str, bool], ...]:
        """From which page to which a finger drew, and whether upwards."""
        found = []
        for step in self.own:
            then, place = self.walk.after(step), self.places.get(self.mark(step))
            if then is None or then.led is None or then.led.kind != "swipe" or place is None or then.own is not True:
                continue
            found.append((self.mark(step), self.mark(then), _upwards(then.led, place, step)))
        return tuple(dict.fromkeys(found))

    @cached_property
    def _still(self) -> frozenset[str]:
        """The heights from which drawing upwards moved nothing: the same words, and all that can be touched at its place."""
        found = set()
        for step in self.own:
            then, place = self.walk.after(step), self._seen.get(step.number)
            there = self._seen.get(then.number) if then is not None else None
            if then is None or then.led is None or then.led.kind != "swipe" or place is None or there is None:
                continue
            same = self.mark(step) == self.mark(then) and _touchable(place) == _touchable(there)
            if same and _upwards(then.led, place, step):
                found.add(self.mark(step))
        return frozenset(found)

    @cached_property
    def _groups(self) -> dict[str, str]:
        """One name for all heights to which a page was scrolled."""
        named = {key: key for key in self.places}
        for one, other, _ in self._drawn:
            ours, theirs = named.get(one, one), named.get(other, other)
            named |= {key: ours for key, name in named.items() if name == theirs}
        return named

    def _ended(self, key: str) -> bool:
        """Whether drawing upwards from a page led to where drawing again moved nothing."""
        ups = [(one, other) for one, other, up in self._drawn if up]
        found, grew = {key}, True
        while grew:
            more = {b for a, b in ups if a in found}
            grew = not more <= found
            found |= more
        return any(a in found for a in self._still)


def _touchable(place: Place) -> tuple[Thing, ...]:
    return (*place.things, *place.contents, *place.others)


def _hit(act: StepAct | None, place: Place) -> Thing | None:
    """What a touch met: the smallest thing at its point."""
    if act is None or act.at is None:
        return None
    hit = [thing for thing in _touchable(place) if inside(act.at, thing.box)]
    return min(hit, key=lambda thing: area(thing.box), default=None)


def _upwards(act: StepAct, place: Place, step: WalkStep) -> bool:
    """Whether the finger drew up within what can be scrolled."""
    if act.at is None or act.to is None or place.rolls is None:
        return False
    return inside(act.at, place.rolls) and act.at[1] - act.to[1] > _DRAWN * step.reading.size[1]

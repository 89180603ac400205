"""Whether a walk has been everywhere in an app, so that what it did not pass is not there.

A walk is whole only if all of this holds; one thing missing, and nothing is said:

- the record says that no touch is missing, and whether somebody was signed in (or that the app has no accounts), and no screen
  speaks against it;
- every screen of the app was read from its tree, had loaded, and lay in the app's own window;
- of every page reached, each thing that answers a touch was touched, but those that are known to lead nowhere (`places`);
- every page that can be scrolled was scrolled until nothing came any more.

And then only of a target to which not even a label on any page comes near: a reader that does not know a page accuses nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal, NamedTuple, get_args

from mingcha.collect.run.places import Place, Thing, place_of
from mingcha.collect.screens.graph import targets_of
from mingcha.collect.screens.items import inside
from mingcha.collect.screens.walk import Walk, WalkStep
from mingcha.collect.screens.wording import Words
from mingcha.errors import FormatError
from mingcha.formats.steps import StepAct
from mingcha.formats.uidump import read_dump
from mingcha.model.fact_observed import Target
from mingcha.model.words import ScreenKind

Account = Literal["none", "signed in", "signed out"]
TARGETS: tuple[Target, ...] = get_args(Target)
_NEAR: dict[Target, str] = {
    "policy": "ui_near_policy",
    "account_cancellation": "ui_near_account_cancellation",
    "correction": "ui_near_correction",
    "deletion": "ui_near_deletion",
    "withdrawal": "ui_near_withdrawal",
    "complaint": "ui_near_complaint",
    "personalisation_switch": "ui_near_personalisation_switch",
}
"""Words that come near to what was looked for, in short labels."""
_SAID: dict[Target, str] = {"policy": "ui_policy", "personalisation_switch": "ui_off_said_how"}
"""Words of longer texts that tell of it, where those of labels would stand in every policy."""
ENDS: frozenset[ScreenKind | None] = frozenset({
    "policy", "sdk_list", "consent", "permission", "purpose", "cancellation", "complaint", "personalisation", "correction", "deletion",
    "withdrawal",
})  # fmt: skip
"""Kinds of page that were looked for, or ask something: what can be touched there does something."""
_ASKS: frozenset[ScreenKind | None] = frozenset({"consent", "permission", "purpose", "login"})
_PAPERS = frozenset({"policy", "sdk_list"})
_POLICY_LETTERS = 200
"""Letters of a page that may be a policy under a name nobody knows."""
_DRAWN = 0.1
_SIMPLIFIED = re.compile("zh(-Hans)?(-CN|-SG)?", re.IGNORECASE).fullmatch
"""A phone set to Simplified Chinese."""


class Everywhere(NamedTuple):
    """What a walk proves: the targets that are nowhere in the app, and what of it was seen and not entered or not scrolled."""

    nowhere: frozenset[Target] = frozenset()
    left: tuple[str, ...] = ()
    languages: bool = False
    """Whether every text of the policy that the app has on a phone set to Simplified Chinese was seen."""


def everywhere(
    walk: Walk, files: Mapping[str, bytes], words: Words, account: Account | None, *, language: str | None = None
) -> Everywhere:
    """What a walk proves to be nowhere; nothing where it was not everywhere. ``left`` is told by file and label.

    ``language`` is the phone's, where the walk began with a first start.
    """
    seen = _Walked(walk, files, words)
    left = tuple(seen.left_out())
    if not seen.readable or not _account_holds(seen, account, words) or left:
        return Everywhere(left=left)
    found = frozenset[Target]().union(*(targets_of(step) for step in walk.steps))
    nowhere = frozenset(t for t in TARGETS if t not in found and not _may_be(t, seen, account, words))
    return Everywhere(nowhere, languages=account == "none" and _all_languages(seen, language, words))


class _Walked:
    """The app's own screens of a walk as places, by what tells one from another."""

    def __init__(self, walk: Walk, files: Mapping[str, bytes], words: Words) -> None:
        self.walk, self._words = walk, words
        self.own = [step for step in walk.steps if step.own is not False]
        self.places: dict[str, Place] = {}
        self._steps: dict[str, WalkStep] = {}
        whole = True
        for step in self.own:
            place = self._place(step, files)
            if place is None and self._soon_another(step):
                continue
            whole = whole and place is not None and (not place.unsure or step.kind in ENDS or self._passing(step))
            if place is not None:
                self.places.setdefault(_key(step), place)
                self._steps.setdefault(_key(step), step)
        self.readable = whole and bool(self.own) and any(step.kind == "main" for step in self.own) and self._stayed()
        self._inside = self._scope()

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
        return None if dump.partial or (waits and step.kind not in ENDS) else place

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
        away = [step for step in self.walk.steps if step.own is False and step.kind == "other app"]
        return all(step.reading.package in system for step in away)

    # --- papers: what they say may lead on

    def _papers(self) -> Iterator[str]:
        return (_key(step) for step in self.own if step.kind in _PAPERS)

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
            content = content and _key(step) not in inside
            if not content:
                inside.add(_key(step))
        return frozenset(inside)

    def _contents(self, step: WalkStep) -> tuple[Thing, ...]:
        place = self.places.get(_key(step))
        return place.contents if place else ()

    def _met(self, on: WalkStep, act: StepAct | None, things: tuple[Thing, ...]) -> bool:
        """Whether a touch met one of these things, the smallest at its point."""
        place = self.places.get(_key(on))
        hit = _hit(act, place) if place else None
        return hit is not None and hit in things

    def left_out(self) -> Iterator[str]:
        """Everything on the pages in question that was not touched, and every page that was not scrolled to its end."""
        touched = self._touched()
        passed = {_key(step) for step in self.own} - {_key(step) for step in self.own if not self._passing(step)}
        for key in sorted(self._inside & self.places.keys(), key=lambda key: self._steps[key].number):
            step, place = self._steps[key], self.places[key]
            if step.kind in ENDS or key in passed:
                continue
            for thing in place.things:
                group = None if thing.tab else self._groups[key]
                if (group, thing.mark) not in touched:
                    yield f"{step.file} {thing.plain or thing.cls}"
            if place.rolls is not None and not self._ended(key):
                yield f"{step.file} …"

    def _touched(self) -> set[tuple[str | None, tuple[object, ...]]]:
        """What was touched, on which page; a tab is the same on all of them."""
        found: set[tuple[str | None, tuple[object, ...]]] = set()
        for step in self.own:
            then, place = self.walk.after(step), self.places.get(_key(step))
            if then is None or place is None or then.led is None or then.led.kind != "tap":
                continue
            hit = _hit(then.led, place)
            if hit is not None and hit in place.things and self._led_on(step, self.walk.settled(then), hit):
                found.add((None if hit.tab else self._groups[_key(step)], hit.mark))
        return found

    def _led_on(self, step: WalkStep, then: WalkStep, hit: Thing) -> bool:
        """Whether a touch showed what lies behind: another page and no question before it, or a page of the system's."""
        if then.own is False:
            return then.kind == "other app"
        return _key(then) in self.places and then.kind not in _ASKS and (hit.tab or _key(then) != _key(step))

    # --- pages that are scrolled

    @cached_property
    def _drawn(self) -> tuple[tuple[str, str, bool], ...]:
        """From which page to which a finger drew, and whether upwards."""
        found = []
        for step in self.own:
            then, place = self.walk.after(step), self.places.get(_key(step))
            if then is None or then.led is None or then.led.kind != "swipe" or place is None or then.own is not True:
                continue
            found.append((_key(step), _key(then), _upwards(then.led, place, step)))
        return tuple(dict.fromkeys(found))

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
        return any(a == b and a in found for a, b in ups)


def _key(step: WalkStep) -> str:
    return step.moment.fingerprint or f"#{step.number}"


def _hit(act: StepAct | None, place: Place) -> Thing | None:
    """What a touch met: the smallest thing at its point."""
    if act is None or act.at is None:
        return None
    hit = [thing for thing in (*place.things, *place.contents, *place.others) if inside(act.at, thing.box)]
    return min(hit, key=lambda thing: (thing.box[2] - thing.box[0]) * (thing.box[3] - thing.box[1]), default=None)


def _upwards(act: StepAct, place: Place, step: WalkStep) -> bool:
    """Whether the finger drew up within what can be scrolled."""
    if act.at is None or act.to is None or place.rolls is None:
        return False
    return inside(act.at, place.rolls) and act.at[1] - act.to[1] > _DRAWN * step.reading.size[1]


# --- what speaks against it


def _account_holds(seen: _Walked, account: Account | None, words: Words) -> bool:
    """Whether nobody is asked to sign in: behind a login there may be anything."""
    if account not in ("none", "signed in"):
        return False
    if any(step.kind == "login" for step in seen.own):
        return False
    labels = [label for place in seen.places.values() for label in place.labels]
    if any(words.has("ui_title_login", label) and not words.has("ui_log_out", label) for label in labels):
        return False
    return account == "signed in" or not any(words.has("ui_log_out", label) for label in labels)


def _all_languages(seen: _Walked, language: str | None, words: Words) -> bool:
    """Whether each way to a policy was gone, each policy shown to its end, and nothing leads to another text or language."""
    papers = [step for step in seen.own if step.kind == "policy"]
    if language is None or not _SIMPLIFIED(language) or not papers or not seen.papers_read():
        return False
    if any(step.reading.body is None or step.reading.body.language is None for step in papers):
        return False
    if any(seen.places[_key(step)].things for step in papers):
        return False  # a link in it may lead to the other text
    if any(step.kind not in _PAPERS and _may_be_policy(step, seen) for step in seen.own):
        return False
    if any(words.has("ui_chinese", label) for place in seen.places.values() for label in place.labels):
        return False
    asking = {_key(step) for step in seen.own if step.kind in _ASKS and step.reading.names_policy}
    return asking <= {_key(before) for step in papers if (before := seen.walk.before(step)) is not None}


def _may_be(target: Target, seen: _Walked, account: Account | None, words: Words) -> bool:
    """Whether anything on any page comes near to what was looked for."""
    places = seen.places.values()
    if any(words.has(_NEAR[target], label) for place in places for label in place.labels):
        return True
    if any(words.has(_SAID.get(target, _NEAR[target]), place.text) for place in places) or not seen.papers_read():
        return True
    if target == "policy":  # the page to sign in may name it, and one who is signed in does not see that page
        return account != "none" or any(_may_be_policy(step, seen) for step in seen.own)
    if target == "personalisation_switch":
        switches = [label for place in seen.places.values() for label in place.switches]
        return any(not words.whole("ui_switch_else", label) for label in switches)
    return False


def _may_be_policy(step: WalkStep, seen: _Walked) -> bool:
    place = seen.places.get(_key(step))
    return place is not None and step.kind != "main" and len(place.text) >= _POLICY_LETTERS

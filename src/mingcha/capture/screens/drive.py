"""The recorder walks alone: through the questions of a first start, agreeing, refusing or denying, and no further.

It touches only buttons that the screens' reader knows for answers, never types, and stops where it would have to.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NamedTuple

from mingcha.capture.screens.acts import Act, middle
from mingcha.capture.screens.eyes import Eyes, Sight, consent_boxes, first
from mingcha.capture.screens.recorder import Progress, Recorder
from mingcha.capture.screens.walk import Waiting, by_itself
from mingcha.collect.screens.controls import Button
from mingcha.errors import UsageError
from mingcha.formats.uidump import Box

Mode = Literal["person", "agree", "refuse", "deny", "find", "everywhere"]
_LETS = frozenset({"agree", "grant"})
_DENIES = frozenset({"refuse", "skip", "cancel"})
_PASSES = ("skip", "cancel", "go")


class Limits(NamedTuple):
    """How far a walk alone goes: answers, refusals of one question, touches of a search and its depth, touches of all pages.

    ``patience``: seconds until a screen that asks nothing is taken for the last one; ``dwell``: that the app is watched then.
    """

    answers: int = 15
    refusals: int = 3
    taps: int = 40
    depth: int = 6
    patience: float = 5.0
    dwell: float = 20.0
    everywhere: int = 150


class Driver:
    """Touches a phone and records what it did like a person's touches."""

    def __init__(self, recorder: Recorder, eyes: Eyes, package: str, limits: Limits, say: Progress) -> None:
        self.recorder, self.eyes, self.package, self.limits, self.say = recorder, eyes, package, limits, say
        self.waiting = Waiting(recorder)
        self._phone = recorder.phone
        self.touched = True
        """Whether the last tap was made: where another screen came meanwhile, it was not."""
        self._agreed: set[str | None] = set()

    # --- acts

    def look(self, act: Act | None, do: Callable[[], object] | None = None) -> Sight:
        """The screen after an act."""
        return self.eyes.see(self.recorder.take(act, do))

    def tap(self, sight: Sight, box: Box) -> Sight:
        """Touch the middle of a box of the screen that was seen last; if another one came meanwhile, look again instead."""
        self.touched = self.recorder.shot is sight.shot and not self.recorder.changed()
        if not self.touched:
            return self.look(by_itself(self.recorder))
        at = middle(box)
        return self.look(Act(kind="tap", at=at, on=box, moment=self._now()), lambda: self._phone.tap(*at))

    def back(self) -> Sight:
        """Press back."""
        return self.look(Act(kind="back", moment=self._now()), lambda: self._phone.press("back"))

    def scroll(self, sight: Sight) -> Sight:
        """Draw the contents up by half a screen."""
        wide, high = sight.reading.size
        start, end = (wide // 2, high * 3 // 4), (wide // 2, high // 4)
        return self.look(Act(kind="swipe", at=start, to=end, moment=self._now()), lambda: self._phone.swipe(start, end))

    def start(self) -> Sight:
        """Start the app."""
        return self.eyes.see(self.recorder.start(self.package))

    def _now(self) -> float:
        return self.recorder.clock.earliest()

    def awaited(self, seconds: float) -> Sight:
        """The app's first screen, when somebody else starts it. Raises UsageError if it does not come."""
        end = time.monotonic() + seconds
        self.say(f"waiting for {self.package} to be started")
        while (left := end - time.monotonic()) > 0:
            sight = self.eyes.see(self.recorder.shot)
            if sight.own is True or sight.kind == "permission":
                return sight
            self.waiting.wait(left)
        raise UsageError(f"{self.package} was not started within {seconds:.0f} s")

    # --- the questions of a start

    def answer(self, sight: Sight, mode: Mode) -> Sight:
        """Answer what is asked until nothing is asked any more; the screen that then stands."""
        refused = 0
        for _ in range(self.limits.answers):
            if sight.kind in ("main", "launcher"):
                return sight
            box = self._box(sight, mode)
            if box is None:
                before, sight = sight, self._waited(sight)
                if sight is before:
                    return sight
                continue
            refused += sight.kind == "consent" and mode == "refuse"
            if refused > self.limits.refusals:
                self.say("asked again after every refusal; the walk ends here")
                return sight
            sight = self.tap(sight, box)
        return sight

    def stay(self, seconds: float) -> None:
        """Watch what the app shows by itself."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.waiting.wait(left)

    def _waited(self, sight: Sight) -> Sight:
        """The next screen that comes by itself, or the same if none does."""
        return self.eyes.see(self.recorder.shot) if self.waiting.wait(self.limits.patience) else sight

    def _box(self, sight: Sight, mode: Mode) -> Box | None:
        """What to touch to answer."""
        reading = sight.reading
        if sight.kind == "consent":
            if mode == "refuse":
                return _target(first(reading.refuse, reading.skip))
            stuck = sight.mark in self._agreed  # it asks again: a box whose state nobody can tell may be empty
            boxes = consent_boxes(sight, unsure=stuck)
            self._agreed ^= {sight.mark}
            return boxes[0].box if boxes else _target(first(reading.agree))
        if sight.kind == "permission":
            wanted = _LETS if mode == "agree" else _DENIES
            return _target(first(tuple(button for button in reading.buttons if button.label in wanted)))
        if sight.kind == "purpose":  # the system's own question behind it is what gets answered
            return _target(first(reading.agree) if mode != "refuse" else first(reading.refuse, reading.skip))
        if sight.kind not in ("other", "offer", "login") or sight.own is not True:
            return None
        known = {
            label: tuple(b for b in reading.buttons if b.label == label and not self.eyes.never(b.text))
            for label in _PASSES
        }
        return _target(first(known["skip"], *([known["cancel"], known["go"]] if sight.kind != "login" else [])))


def _target(button: Button | None) -> Box | None:
    return button.target if button is not None else None


LIMITS = Limits()

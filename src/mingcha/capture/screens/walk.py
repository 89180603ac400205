"""A person walks through the app, and every touch is recorded with the screen that it led to."""

from __future__ import annotations

import time

from mingcha.capture.screens.acts import Act
from mingcha.capture.screens.recorder import Recorder


def record_walk(recorder: Recorder, seconds: float | None) -> None:
    """Follow a person's touches until time is over or Ctrl-C; screens that come by themselves are taken too."""
    waiting = Waiting(recorder)
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    while (left := end - time.monotonic()) > 0:
        waiting.wait(left)


def by_itself(recorder: Recorder) -> Act | None:
    """Nobody did anything – as long as every touch is known."""
    return None if recorder.watch.lost else Act(kind="none")


class Waiting:
    """Waits for what happens next: a touch, another window, or other contents of the same one."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._looked = self._taken = time.monotonic()
        self._digest: str | None = None

    def wait(self, seconds: float) -> bool:
        """Take the screen after the next thing that happens; false where time was over before."""
        recorder, end = self._recorder, time.monotonic() + seconds
        self._anew()
        while (left := end - time.monotonic()) > 0:
            event = recorder.watch.next(min(recorder.pace.look, left))
            if event is not None:
                recorder.follow(event)
                return True
            if not recorder.watch.touching and (recorder.changed() or self._redrawn()):
                self._take()
                return True
        return False

    def _take(self) -> None:
        """The new screen, by the touch that brought it if one is still on its way here."""
        recorder = self._recorder
        event = recorder.watch.next(recorder.pace.grace)
        while event is None and recorder.watch.touching:
            event = recorder.watch.next(recorder.pace.grace)
        if event is None:
            recorder.take(by_itself(recorder))
        else:
            recorder.follow(event)

    def _anew(self) -> None:
        self._looked = self._taken = time.monotonic()
        self._digest = None

    def _redrawn(self) -> bool:
        """Whether the same window shows something else; a picture that moves while the tree stands still is the same."""
        recorder, now = self._recorder, time.monotonic()
        if now - self._looked < recorder.pace.again:
            return False
        self._looked = now
        before, self._digest = self._digest, recorder.phone.digest()
        if before is not None and before == self._digest:
            return False
        if recorder.shot.tree is None:  # nothing to compare with: now and then, where the picture moves
            return before is not None and now - self._taken > recorder.pace.blind
        tree = recorder.phone.tree()
        return tree is not None and tree != recorder.shot.tree

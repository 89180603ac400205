"""One moment of the screen after the other, each with the act that led to it, written as it happens.

A screen counts only if nobody touched the phone while it was taken: what was touched too soon is written without one, so that no
tap is ever laid upon a screen that may already have been gone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from mingcha.capture.screens.acts import NOTHING, Act, Acts, Shot, told
from mingcha.capture.screens.clock import Clock
from mingcha.capture.screens.folder import Folder
from mingcha.capture.screens.phone import About, Phone, Window
from mingcha.capture.screens.touches import Event, Watch
from mingcha.errors import FormatError, MingchaError
from mingcha.formats.uidump import UiDump, read_dump

Progress = Callable[[str], object]
TRIES = 3
"""How often a screen is taken anew while its window goes away."""


class Pace(NamedTuple):
    """How long to wait, in seconds.

    ``settle`` without touches until a screen is taken, ``grace`` until a touch is known here, ``look`` between looks at the window
    in front, ``again`` between looks at what it shows, ``blind`` the same where there is no tree to compare, ``stable`` the longest
    wait for a window to rest. Nobody reads and touches a new window sooner than ``look``.
    """

    settle: float = 0.6
    grace: float = 0.25
    look: float = 0.4
    again: float = 2.0
    blind: float = 10.0
    stable: float = 3.0


PACE = Pace()


class Recorder:
    """Takes screens of a phone into the folder of a run."""

    def __init__(
        self, phone: Phone, folder: Folder, watch: Watch, clock: Clock, about: About, say: Progress, pace: Pace
    ) -> None:
        self.phone, self.clock, self.pace = phone, clock, pace
        self.watch = watch
        self.shot = NOTHING
        self._act: Act | None = None
        self._written = True
        self._last = float("-inf")
        self._folder, self._acts, self._say = folder, Acts(about, clock), say

    def take(self, act: Act | None, do: Callable[[], object] | None = None) -> Shot:
        """Do something or nothing, wait until the screen rests, take it, and write it with the act.

        Touches meanwhile are written without a screen. Whatever ends this early, the act is written.
        """
        self._act, self._written = act, False
        try:
            if do is not None:
                do()
            self._rest_first()
            shot = self._shot()
            self._write(self._act, shot)
        except (MingchaError, KeyboardInterrupt):
            if not self._written:
                self._bare(self._act)
            raise
        return shot

    def start(self, package: str) -> Shot:
        """Start an app, and its first screen."""
        return self.take(Act(kind="start", moment=self.clock.earliest()), lambda: self.phone.start(package))

    def follow(self, event: Event) -> Shot:
        """A person's touch or key, and the screen after it."""
        return self.take(self._acts.of(event, self.shot))

    def changed(self) -> bool:
        """Whether another window came to the front."""
        window = self.phone.window()
        return self.shot.window is None or (window.token, window.package) != (
            self.shot.window.token,
            self.shot.window.package,
        )

    def rest(self) -> None:
        """Write the touches that came after the last screen."""
        while (event := self.watch.next(0)) is not None:
            self._bare(self._acts.of(event, self.shot))

    # --- taking

    def _rest_first(self) -> None:
        """Wait for fingers and windows to rest; an act whose screen nobody saw is written alone."""
        while (event := self.watch.next(self.pace.settle)) is not None or self.watch.touching:
            if event is not None:
                self._bare(self._act)
                self._act = self._acts.of(event, self.shot)
        end = time.monotonic() + self.pace.stable
        last = self.phone.window()
        while time.monotonic() < end:
            time.sleep(self.pace.settle / 3)
            before, last = last, self.phone.window()
            if last.token is not None and last.token == before.token:
                return

    def _shot(self) -> Shot:
        """The screen; taken anew while its window goes away under it."""
        for _ in range(TRIES):
            before, shot = self._window(), self._once()
            if shot is NOTHING or shot.window is None or before is None or shot.window.token == before.token:
                return shot
        return shot._replace(window=None, picture=None)

    def _once(self) -> Shot:
        began = time.monotonic()
        tree = self.phone.tree()
        read = time.monotonic()
        picture, window = self.phone.picture(), self._window()
        taken = time.monotonic()
        time.sleep(self.pace.grace)
        touched_at = self.watch.touched_since(began)
        if touched_at < read + self.pace.grace or (tree is None and touched_at < taken + self.pace.grace):
            self._say("touched too soon: wait for the number of the screen before touching again")
            return NOTHING
        if touched_at < taken + self.pace.grace:
            picture = window = None
        return Shot(self.clock.at(read if tree is not None else taken), tree, picture, window, _dump(tree))

    def _window(self) -> Window | None:
        window = self.phone.window()
        return window if window.token is not None or window.package is not None else None

    # --- writing

    def _write(self, act: Act | None, shot: Shot) -> None:
        if shot is NOTHING:
            self._bare(act)
            self.shot = NOTHING
            return
        name = f"{self._folder.steps + 1:04d}"
        dump = self._folder.keep(f"screens/{name}.xml", shot.tree) if shot.tree is not None else None
        picture = self._folder.keep(f"screens/{name}.png", shot.picture) if shot.picture is not None else None
        package, activity = (shot.window.package, shot.window.activity) if shot.window else (None, None)
        row = {"dump": _base(dump), "picture": _base(picture), "package": package, "activity": activity}
        self._line(shot.moment, told(act, self.shot, shot.window), row)
        self.shot = shot
        what = (
            " and ".join(kind for kind, there in (("tree", dump), ("picture", picture)) if there)
            or "nothing could be taken"
        )
        self._say(f"{name}: {package or 'unknown window'} ({what})")

    def _bare(self, act: Act | None) -> None:
        """An act alone: what it led to was not seen."""
        moment = act.moment if act is not None and act.moment is not None else self.clock.now()
        self._line(moment, act, {"dump": None, "picture": None, "package": None, "activity": None})
        self.shot = NOTHING

    def _line(self, moment: float, act: Act | None, row: dict[str, Any]) -> None:
        # a touch's time is its earliest, which may lie a moment before the screen that it fell on
        self._last = max(self._last, moment)
        self._folder.line({"time": self.clock.text(self._last), **row, "act": self._row(act)})
        self._written = True

    def _row(self, act: Act | None) -> dict[str, Any] | None:
        if act is None:
            return None
        found: dict[str, Any] = {"kind": act.kind}
        found |= {"at": act.at} if act.at is not None else {}
        found |= {"to": act.to} if act.to is not None else {}
        found |= {"on": act.on} if act.on is not None else {}
        return found | ({"time": self.clock.text(act.moment)} if act.moment is not None else {})


def _base(name: str | None) -> str | None:
    return name.rpartition("/")[2] if name else None


def _dump(tree: bytes | None) -> UiDump | None:
    try:
        return read_dump(tree) if tree is not None else None
    except FormatError:
        return None

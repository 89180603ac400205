"""``record screens``: the folder of a run, made while somebody walks through the app or the recorder does."""

from __future__ import annotations

import re
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import get_args

import msgspec

from mingcha.capture.screens.acts import Act
from mingcha.capture.screens.adb import SERVER, Adb
from mingcha.capture.screens.clock import Clock
from mingcha.capture.screens.drive import LIMITS, Driver, Limits, Mode
from mingcha.capture.screens.dumps import PermissionLog, keep_appops, keep_packages
from mingcha.capture.screens.eyes import Eyes
from mingcha.capture.screens.folder import Folder, Run
from mingcha.capture.screens.phone import Phone, checked_name
from mingcha.capture.screens.recorder import PACE, Pace, Progress, Recorder
from mingcha.capture.screens.search import Search
from mingcha.capture.screens.touches import Watch
from mingcha.capture.screens.walk import record_walk
from mingcha.capture.screens.walks import Everywhere
from mingcha.capture.screens.wire import Server
from mingcha.catalogue.load import load
from mingcha.collect.screens.wording import Words
from mingcha.errors import MingchaError, UsageError

_VERSION = re.compile(r"versionName=(\S+)")
_NEVER_STARTED = re.compile(r"User 0:.*\bnotLaunched=true")
_LONGEST = 1_500
_NOT_STARTED_BY_US = 120.0
"""Seconds that an app which somebody else starts may take to come."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording came to. ``complete``: every touch is in it; ``ended``: why it ended.

    ``found`` is what a search reached, ``left`` what it saw and did not enter where it looked everywhere.
    """

    path: str
    steps: int
    complete: bool
    clean: bool
    ended: str
    found: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def record_screens(
    package: str,
    out: Path,
    *,
    device: str | None = None,
    mode: Mode = "person",
    clear: bool = False,
    start: bool = True,
    seconds: float | None = None,
    server: Server = SERVER,
    progress: Progress | None = None,
    pace: Pace = PACE,
    limits: Limits = LIMITS,
) -> Recorded:
    """Record the screens of ``package`` on a connected phone into the run folder ``out``, which must hold no run yet.

    ``mode``: "person" follows a person's touches until ``seconds`` are over or Ctrl-C; "agree", "refuse", "deny", "find" and "everywhere" walk
    alone and then watch for ``seconds`` more. ``clear`` deletes the app's data first: ask before. ``start`` false leaves starting the app to
    whoever records its calls. Raises UsageError or LimitError, one line that says what to do; what was recorded until then stays.
    """
    if mode not in get_args(Mode):
        raise UsageError(f"{mode}: no mode; there are {', '.join(get_args(Mode))}")
    checked_name(package)
    say = progress or str
    phone = Phone(Adb(server).device(device))
    phone.installed(package)
    phone.check_awake()
    about = phone.about()
    clock = Clock(phone.device, about.offset)
    run = Run(package=package, about=about, when=clock.text(clock.now()), mode=mode, ahead=clock.ahead())
    folder = Folder(out)
    try:
        return Recording(phone, clock, folder, run, say, pace, limits).run(mode, clear, start, seconds)
    finally:
        folder.close()


class Recording:
    """A recording under way."""

    def __init__(
        self, phone: Phone, clock: Clock, folder: Folder, run: Run, say: Progress, pace: Pace, limits: Limits
    ) -> None:
        self._phone, self._clock, self._folder, self._run = phone, clock, folder, run
        self._say, self._limits, self._pace = say, limits, pace
        self._found: frozenset[str] = frozenset()
        self._left: tuple[str, ...] = ()

    def run(self, mode: Mode, clear: bool, start: bool, seconds: float | None) -> Recorded:
        """Record until it is over; then close the record, as far as the phone still answers."""
        self._folder.record(self._run)
        with ExitStack() as open_:
            self._watch = Watch(self._phone.device)
            open_.callback(self._watch.close)
            self._log = PermissionLog(self._phone, self._folder, self._run.about.level, int(self._run.when[:4]))
            open_.callback(self._log.close)
            self._recorder = Recorder(
                self._phone, self._folder, self._watch, self._clock, self._run.about, self._say, self._pace
            )
            if self._watch.lost:
                self._say("the phone's touches cannot be read, so the record will not say that every touch is in it")
            ended = self._recorded(mode, clear, start, seconds)
        return Recorded(
            path=str(self._folder.path),
            steps=self._folder.steps,
            complete=self._run.complete,
            clean=self._run.clean,
            ended=ended,
            found=tuple(sorted(self._found)),
            left=self._left,
        )

    def _recorded(self, mode: Mode, clear: bool, start: bool, seconds: float | None) -> str:
        """Walk, and close the record however the walk ended; why it did."""
        try:
            ended = self._walked(mode, clear, start, seconds)
        except KeyboardInterrupt:
            ended = "stopped"
        except MingchaError:
            self._close()
            raise
        with suppress(KeyboardInterrupt):
            self._finish()
        return ended

    def _walked(self, mode: Mode, clear: bool, start: bool, seconds: float | None) -> str:
        self._begin(clear)
        if mode == "person":
            if start:
                self._recorder.start(self._run.package)
            self._say("walk through the app, one touch after each number; Ctrl-C ends the recording")
            record_walk(self._recorder, seconds)
            return "time"
        driver = Driver(self._recorder, Eyes(self._run.package), self._run.package, self._limits, self._say)
        sight = driver.start() if start else driver.awaited(_NOT_STARTED_BY_US)
        sight = driver.answer(sight, mode)
        if mode in ("find", "everywhere"):
            search = Search(driver)
            self._found = search.run(sight)
            if mode == "everywhere":
                return self._go_everywhere(driver)
            return "all found" if len(self._found) == len(search.sought) else "searched"
        driver.stay(self._limits.dwell if seconds is None else seconds)
        return "done"

    def _go_everywhere(self, driver: Driver) -> str:
        """To all pages, so that the record shows what is nowhere, with what was not entered."""
        sight = driver.eyes.see(self._recorder.shot)
        self._left = Everywhere(driver, Words(load()), self._limits.everywhere).run(sight)
        self._run.remark = f"not entered: {', '.join(self._left)}"[:_LONGEST] if self._left else "all entered"
        return "everything entered" if not self._left else "some entries left"

    def _begin(self, clear: bool) -> None:
        """The state before, and the screen before the app is started."""
        said, act = self._phone.installed(self._run.package), None
        version = _VERSION.search(said)
        self._run.version = version[1] if version else None
        if clear:
            act = Act(kind="clear", moment=self._clock.earliest())
            self._phone.clear(self._run.package)
        self._run.clean = clear or _NEVER_STARTED.search(said) is not None
        keep_packages(self._phone, self._clock, self._folder, self._run, "before")
        self._folder.record(self._run)
        self._recorder.take(act)

    def _finish(self) -> None:
        """The state after, and the record with what is known now; only a phone that answered to the end lost no touch."""
        self._say("closing the record")
        try:
            self._clock.again()
            self._run.steady = self._clock.steady
            self._run.ahead = self._clock.ahead().around(self._run.ahead)
            keep_packages(self._phone, self._clock, self._folder, self._run, "after")
            keep_appops(self._phone, self._clock, self._folder, self._run)
            self._phone.forget()
            self._recorder.rest()
            self._run.complete = not self._watch.lost
        finally:
            self._close()

    def _close(self) -> None:
        self._log.close()
        if self._log.kept:
            self._run.files[self._log.name] = self._log.note
        if not self._folder.record(self._run):
            self._say("run.yaml was changed by hand meanwhile and stays; what was recorded of the run is in .run.yaml")

"""``record runtime``: the agent put into an app's processes, and its log written until time, app or tester ends it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import msgspec

from mingcha.capture.runtime.devices import Process, described, find_device, is_android, processes, told, within
from mingcha.capture.runtime.gate import Gate
from mingcha.capture.runtime.hooks import hooks
from mingcha.capture.runtime.log import Log
from mingcha.capture.runtime.messages import Begun
from mingcha.capture.runtime.watching import Inbox, Told, Watched
from mingcha.catalogue.load import load
from mingcha.collect.runtime.ground import Seal, sealing
from mingcha.errors import UsageError

Progress = Callable[[str], object]
EVERY = 0.2
"""Seconds between looks at clocks and processes."""
NEW = 2.0
"""Seconds between looks for processes that the app has started."""
READY = 30.0
"""Seconds that an app may take until its own classes can be hooked."""
_GONE = ("device-lost", "connection-terminated")


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording came to. ``hooked`` and ``missing`` are of the first process; ``ended`` says why it ended."""

    path: str
    calls: int
    lost: int
    processes: tuple[str, ...]
    hooked: tuple[str, ...]
    missing: tuple[str, ...]
    ended: str


def record_runtime(
    package: str,
    out: Path,
    *,
    device: str | None = None,
    pid: int | None = None,
    spawn: bool = True,
    seconds: float | None = None,
    progress: Progress | None = None,
    seal: Seal | None = None,
) -> Recorded:
    """Record which sensitive interfaces ``package`` calls into the new file ``out``.

    ``device`` is Frida's id of one ("local" is this machine, "tcp:HOST:PORT" a frida-server), null the one at USB. ``spawn``
    starts the app, so that nothing is missed; otherwise its running processes are attached to, or the one of ``pid``.
    Ends after ``seconds``, when every process has ended, or at Ctrl-C. ``seal`` hashes values under the case's key and
    knows the planted ones; without it a key is drawn that nobody keeps. Raises UsageError.
    """
    say = progress or str
    found = find_device(device)
    tables = load()
    about = Told(
        package=package,
        device=described(found),
        catalogue=tables.digest,
        hooks=hooks(tables),
        seal=seal or sealing(secrets.token_bytes(32), {}),
    )
    android = pid is None and is_android(found)
    if pid is None and not android:
        raise UsageError(f"device {found.id}: is no Android device, so name the process with --pid")
    with Log(out) as log:
        return Recording(found, about, log, say).run(pid, spawn, seconds, android)


class Recording:
    """A recording under way."""

    def __init__(self, device: Any, about: Told, log: Log, say: Progress) -> None:
        self._device = device
        self._about = about
        self._log = log
        self._say = say
        self._inbox: Inbox = SimpleQueue()
        self._watched: list[Watched] = []
        self._gate = Gate(device, about.package)

    def run(self, pid: int | None, spawn: bool, seconds: float | None, android: bool) -> Recorded:
        """Record until something ends it; then say what it came to."""
        try:
            if android:
                self._open()
            self._start(pid, spawn)
            ended = self._follow(seconds, android)
        except KeyboardInterrupt:
            ended = "stopped"
        finally:
            self._stop()
        if not any(one.begun for one in self._watched):
            raise UsageError(
                f"{self._about.package}: over ({ended}) before its hooks were in place; nothing was recorded"
            )
        for one in self._watched:
            one.end(self._log, ended)
        return self._recorded(ended)

    def _open(self) -> None:
        """Without the gate, processes that the app starts are found by looking around, a moment late; the log tells which were."""
        try:
            self._gate.open()
        except UsageError as error:
            self._say(f"{error}; processes that the app starts later are joined a moment late")

    def _start(self, pid: int | None, spawn: bool) -> None:
        package = self._about.package
        if pid is not None:
            self._watch(Process(pid, package))
        elif spawn:
            self._say(f"starting {package}")
            with told(package):
                started = within(lambda: self._device.spawn([package]))
            try:
                self._watch(Process(started, package))
            finally:  # an app that could not be attached to must not stay stopped
                with told(package):
                    within(lambda: self._device.resume(started))
        else:
            self._attach(processes(self._device, package))

    def _attach(self, running: list[Process]) -> None:
        """Attach to what runs; a process that cannot be recorded (a sandbox without Java) is not in the way of the others."""
        problem = UsageError(f"{self._about.package}: does not run on it; start it, or let it be started")
        for process in running:
            try:
                self._watch(process)
            except UsageError as error:
                self._say(str(error))
                problem = error
        if not self._watched:
            raise problem

    def _watch(self, process: Process, late: bool = False) -> None:
        self._say(f"attaching to {process.name} ({process.pid})")
        self._watched.append(Watched(self._device, process, self._about, self._inbox, late))

    def _follow(self, seconds: float | None, android: bool) -> str:
        began = looked = time.monotonic()
        while True:
            self._take(EVERY)
            now = time.monotonic()
            for one in self._watched:
                if one.look(self._log):
                    self._say(f"{one.process.name}: silent; is it frozen, or was the connection lost?")
            if not self._watched[0].begun and now - began > READY:
                raise UsageError(
                    f"{self._about.package}: its classes did not come within {READY:.0f} s; nothing was recorded"
                )
            if seconds is not None and now - began >= seconds:
                return "time"
            last = self._watched[-1].ended
            if all(one.ended for one in self._watched) and (not android or last in _GONE):
                return last or ""
            self._meet()
            if android and now - looked > NEW:
                looked = now
                self._join()

    def _take(self, wait: float) -> None:
        """Write what has come, waiting for the first of it."""
        try:
            watched, message = self._inbox.get(timeout=wait)
            while True:
                watched.took(message, self._log)
                if isinstance(message, Begun):
                    self._say(f"recording {watched.process.name}")
                watched, message = self._inbox.get_nowait()
        except Empty:
            return

    def _meet(self) -> None:
        """Attach to processes of the app that are held at their start."""
        while (process := self._gate.next()) is not None:
            try:
                if process.pid not in self._running():
                    self._watch(process)
            except UsageError as error:
                self._say(str(error))
            finally:
                self._gate.release(process)

    def _join(self) -> None:
        """Attach to processes that the app has started since; what they called before is not in the log, and it says so."""
        try:
            for process in processes(self._device, self._about.package):
                if process.pid not in self._running():
                    self._watch(process, late=True)
        except UsageError as error:  # it has ended meanwhile, or the device is away: the next look tells
            self._say(str(error))

    def _running(self) -> set[int]:
        return {one.process.pid for one in self._watched if one.ended is None}

    def _stop(self) -> None:
        self._gate.close()
        for one in self._watched:
            try:
                one.stop()
            except UsageError as error:
                self._say(str(error))
        self._take(EVERY)

    def _recorded(self, ended: str) -> Recorded:
        first = self._watched[0]
        return Recorded(
            path=str(self._log.path),
            calls=self._log.calls,
            lost=sum(one.lost for one in self._watched),
            processes=tuple(dict.fromkeys(one.process.name for one in self._watched)),
            hooked=first.hooked,
            missing=first.missing,
            ended=ended,
        )

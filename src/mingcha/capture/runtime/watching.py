"""One process that is recorded: its session, its script, and the lines that its messages become."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec

from mingcha import __version__
from mingcha.capture.runtime.devices import Process, told, within
from mingcha.capture.runtime.hooks import Hook
from mingcha.capture.runtime.log import Log
from mingcha.capture.runtime.messages import Alive, Begun, Calls, Counts, Detached, Event, Fault, Later, Moment, checked
from mingcha.capture.runtime.sealed import Line, Telling
from mingcha.collect.runtime.calls import DESCRIPTOR, PROCESS, named
from mingcha.collect.runtime.ground import Seal
from mingcha.errors import UsageError

AGENT = Path(__file__).with_name("agent.js")
SILENT = 5.0
"""Seconds without a sign of life, which comes each second, after which a process counts as stalled."""
QUEUE = 20_000
"""Calls that may wait in the app; more are counted as lost."""
EARLY = 500
"""Messages that may come before the hooks are all in place."""
TOOL = "mingcha"


class Told(msgspec.Struct, frozen=True):
    """What a recording is about."""

    package: str
    device: str
    catalogue: str
    hooks: tuple[Hook, ...]
    seal: Seal


Inbox = SimpleQueue[tuple["Watched", Event]]


class Watched:
    """A process with the agent in it. Messages come on Frida's thread and wait in ``inbox`` with the process they are of."""

    def __init__(self, device: Any, process: Process, about: Told, inbox: Inbox, late: bool = False) -> None:
        self.process = process
        self.ended: str | None = None
        self.lost = 0
        self.begun = False
        self.hooked: tuple[str, ...] = ()
        self.missing: tuple[str, ...] = ()
        self._about = about
        self._inbox = inbox
        self._late = late
        self._early: list[Event] = []
        self._telling: Telling | None = None
        self._last: Moment = Moment(t=0, m=0)
        self._calls = 0
        self._heard = time.monotonic()
        self._stalled = self._stopping = False
        with told(str(self)):
            self._session = within(lambda: device.attach(process.pid))
            self._session.on("detached", self._detached)
            self._script = self._made_script()
            answer = within(lambda: self._script.exports_sync.install(*self._table()))
        if answer != {"available": True}:
            raise UsageError(f"{self}: there is no Java in it")

    def __str__(self) -> str:
        return f"process {self.process.pid} ({self.process.name})"

    def _made_script(self) -> Any:
        source = AGENT.read_text(encoding="utf-8")
        script = within(lambda: self._session.create_script(source, name=TOOL))
        script.on("message", self._message)
        within(script.load)
        return script

    def _table(self) -> tuple[Any, dict[str, Any]]:
        return msgspec.to_builtins(self._about.hooks), {"queue": QUEUE, "package": self._about.package}

    def _message(self, message: dict[str, Any], _: bytes | None) -> None:
        """On Frida's thread: only checked, then left for the recorder's."""
        self._inbox.put((self, checked(message["payload"]) if message["type"] == "send" else Fault()))

    def _detached(self, reason: str, *_: object) -> None:
        self._inbox.put((self, Detached(reason)))

    def took(self, said: Event, log: Log) -> None:
        """Write what a message says. What comes before the start line waits for it."""
        self._heard = time.monotonic()
        if isinstance(said, Detached):
            if not self._stopping:
                self.end(log, said.reason)
        elif self._telling is None:
            if isinstance(said, Begun):
                self._begin(said, log)
            elif len(self._early) < EARLY:
                self._early.append(said)
        else:
            self._write(said, self._telling, log)

    def _write(self, said: Event, telling: Telling, log: Log) -> None:
        if isinstance(said, Calls):
            hooks = len(self._about.hooks)
            log.write(telling.call(call) for call in said.calls if call.hook < hooks)
            self._answer()
        elif isinstance(said, Alive):
            self._last, self._calls, self.lost, self._stalled = said, said.calls, said.lost, False
            log.write([telling.line("alive", said, calls=said.calls, lost=said.lost, failed=said.failed)])
        elif isinstance(said, Later):
            log.write([telling.line("hooked", said, hooked=self._names(said.hooked))])
        elif isinstance(said, Fault):
            log.write([telling.line("gap", self._last, reason="agent_fault")])
            self._answer()  # it may have been a batch, and the agent waits for answers

    def _answer(self) -> None:
        with suppress(UsageError), told(str(self)):  # a script that has ended waits for none
            self._script.post({"type": "ack"})

    def _begin(self, said: Begun, log: Log) -> None:
        package = self._about.package
        own = said.process.partition(":")[0] == package and named(PROCESS, said.process)
        head = {"process": said.process if own else self.process.name, "pid": said.pid}
        self._telling = telling = Telling(self._about.hooks, self._about.seal, head, said.offset)
        self._last, self.begun = said, True
        self.hooked = self._names(said.hooked)
        found = set(said.hooked)
        self.missing = tuple(sorted(hook.name for hook in self._about.hooks if hook.id not in found))
        start = telling.line(
            "start", said, agent=TOOL, version=__version__, catalogue=self._about.catalogue, device=self._about.device,
            package=package, host=_here(), hooked=self.hooked, missing=self.missing,
        )  # fmt: skip
        log.write([start, *self._gaps(said, telling)])
        early, self._early = self._early, []
        for waiting in early:
            self.took(waiting, log)

    def _gaps(self, said: Begun, telling: Telling) -> list[Line]:
        """What of the catalogue cannot be watched; classes that are not there stand in the start line only."""
        lines = [telling.line("gap", said, reason="joined_late")] if self._late else []
        for gap in said.gaps:
            if gap.reason != "class_missing" and gap.hook < len(self._about.hooks):
                hook = self._about.hooks[gap.hook]
                where = {"class": hook.cls, "method": hook.method, "descriptor": named(DESCRIPTOR, gap.descriptor)}
                lines.append(telling.line("gap", said, reason=gap.reason, **where))
        return lines

    def _names(self, numbers: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(sorted(hook.name for hook in self._about.hooks if hook.id in set(numbers)))

    def look(self, log: Log) -> bool:
        """Whether the process has just become silent; the log says so once, at the last moment it was heard."""
        silent = not self._stalled and self.ended is None and time.monotonic() - self._heard > SILENT
        if not silent or self._telling is None:
            return False
        self._stalled = True
        log.write([self._telling.line("gap", self._last, reason="stalled")])
        return True

    def stop(self) -> None:
        """Take the hooks away and detach; what the agent still had to say is in the inbox then. Raises UsageError."""
        if self.ended is None:
            self._stopping = True
            with told(str(self)):
                self._count(within(self._script.exports_sync.stop, SILENT))
                within(self._session.detach, SILENT)

    def _count(self, told_last: Any) -> None:
        with suppress(msgspec.ValidationError):  # then the last sign of life stands
            last = msgspec.convert(told_last, Counts)
            self._last, self.lost, self._calls = last, last.lost, last.calls

    def end(self, log: Log, reason: str) -> None:
        """Write the end line, once."""
        if self.ended is None:
            self.ended = reason
            if self._telling is not None:
                log.write([self._telling.line("end", self._last, calls=self._calls, lost=self.lost, reason=reason)])


def _here() -> str:
    """What the clock of this machine says, so that the device's can be set right."""
    return dt.datetime.now(dt.UTC).isoformat("T", "milliseconds")  # noqa: TID251  # a recording tells both clocks

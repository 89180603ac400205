"""Stops new processes of the app at their first moment, so that what they call at once is recorded too."""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from mingcha.capture.runtime.devices import Process, told, within
from mingcha.errors import UsageError


class Gate:
    """While it is open the device holds every process that starts; those of other apps are let go at once."""

    def __init__(self, device: Any, package: str) -> None:
        self._device = device
        self._package = package
        self._held: SimpleQueue[Process] = SimpleQueue()
        self._started: SimpleQueue[Any] = SimpleQueue()
        self._thread = threading.Thread(target=self._sort, daemon=True)

    def open(self) -> None:
        """Begin to hold processes. Raises UsageError where the device cannot."""
        self._device.on("spawn-added", self._started.put)
        with told("new processes"):
            within(self._device.enable_spawn_gating)
        self._thread.start()

    def _sort(self) -> None:
        """On a thread of its own: other apps must not wait until the recorder has time."""
        while (spawn := self._started.get()) is not None:
            name = spawn.identifier or ""
            if name.partition(":")[0] == self._package:
                self._held.put(Process(spawn.pid, name))
            else:
                self.release(Process(spawn.pid, name))

    def next(self) -> Process | None:
        """A process of the app that is held; ``release`` it when its hooks are in place."""
        try:
            return self._held.get_nowait()
        except Empty:
            return None

    def release(self, process: Process) -> None:
        """Let a process run."""
        with suppress(UsageError), told(str(process.pid)):  # it has ended meanwhile
            within(lambda: self._device.resume(process.pid))

    def close(self) -> None:
        """Hold no more; what is still held is let go."""
        if self._thread.is_alive():
            self._started.put(None)
            with suppress(UsageError), told("new processes"):  # a device that is gone holds nothing
                within(self._device.disable_spawn_gating)
            while (process := self.next()) is not None:
                self.release(process)

"""The adb server on this machine, asked over its own protocol: devices, commands on a device, files from it.

Every answer has an end that shows it is whole (an exit code, a DONE), so a cable that is pulled out never looks like the end
of a file; every wait has a limit. The kept libraries were looked at: adbutils takes a cut answer of ``shell:`` for a whole one,
starts a program of its own when nobody listens, and brings ten packages for what is done here with a socket.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from mingcha.capture.screens.wire import CONNECT, RefusedError, Server, Wire, framed
from mingcha.errors import MingchaError, UsageError

SERVER: Server = ("127.0.0.1", 5037)
SECONDS = 20.0
"""Seconds that a command may take unless it says otherwise."""
_END = b"\nmingcha-exit:"
_STATES = {
    "unauthorized": "the phone does not trust this computer yet: unlock it and tap Allow on its question about USB debugging",
    "offline": "the phone does not answer: pull the cable out and in again, or run `adb reconnect`",
    "authorizing": "the phone is still being asked: unlock it and tap Allow",
    "no": "this user may not open the USB device: on Linux install the udev rules (package android-sdk-platform-tools-common)",
    "recovery": "the phone is in recovery mode: start it normally",
    "sideload": "the phone is in recovery mode: start it normally",
    "bootloader": "the phone is in its boot loader: start it normally",
}


class LostError(UsageError):
    """The device or the server went away; what was recorded so far stays."""


class Known(NamedTuple):
    """A device as the server lists it."""

    serial: str
    state: str


class Answer(NamedTuple):
    """What a command wrote, and its exit code."""

    code: int
    out: bytes
    err: bytes = b""

    @property
    def text(self) -> str:
        """Both outputs as text."""
        return (self.out + self.err).decode("utf-8", "replace").replace("\r\n", "\n")


class Adb:
    """The server at an address."""

    def __init__(self, server: Server = SERVER) -> None:
        self.server = server

    def devices(self) -> list[Known]:
        """The devices that the server knows. Raises UsageError."""
        with Wire(self.server, time.monotonic() + CONNECT) as wire:
            wire.ask("host:devices")
            rows = [line.split(None, 1) for line in wire.block().decode("utf-8", "replace").splitlines()]
        return [Known(row[0], row[1].split()[0]) for row in rows if len(row) == 2]

    def device(self, serial: str | None = None) -> Device:
        """The device of that serial number, or the only one there is. Raises UsageError that says what to do."""
        known = self.devices()
        chosen = [one for one in known if serial in (None, one.serial)]
        if not chosen:
            raise UsageError(
                f"no device {serial}; `adb devices` shows: {', '.join(one.serial for one in known) or 'none'}"
                if serial
                else "no device: connect the phone, switch USB debugging on in its developer options, and look with `adb devices`"
            )
        ready = [one for one in chosen if one.state == "device"]
        if len(ready) > 1:
            raise UsageError(f"several devices ({', '.join(one.serial for one in ready)}): name one with --device")
        if not ready:
            one = chosen[0]
            raise UsageError(f"device {one.serial} is {one.state}: {_STATES.get(one.state, 'it cannot be used so')}")
        return Device(self.server, ready[0].serial)


class Device:
    """One device, ready to be asked."""

    def __init__(self, server: Server, serial: str) -> None:
        self._server, self.serial = server, serial
        with self._connected(CONNECT) as wire:
            wire.ask(f"host-serial:{serial}:features")
            self._v2 = b"shell_v2" in wire.block().split(b",")

    def run(self, command: str, seconds: float = SECONDS) -> Answer:
        """Run a command to its end. Raises LostError if the answer is not whole, LimitError if it takes too long."""
        with self._transport(seconds) as wire:
            if not self._v2:  # raw, so that pictures come whole; both outputs are one, and the end must be asked for
                wire.ask(f"exec:({command}); code=$?; echo; echo mingcha-exit:$code")
                out, end, code = wire.to_end().rpartition(_END)
                if not end or not code.strip().isdigit():
                    raise LostError(self._gone("its answer was cut"))
                return Answer(int(code), out)
            wire.ask(f"shell,v2,raw:{command}")
            return Answer(*framed(wire))

    def text(self, command: str, seconds: float = SECONDS) -> str:
        """What a command says, whether it succeeds or not."""
        return self.run(command, seconds).text

    def stream(self, command: str) -> Wire:
        """A command that goes on by itself; the caller reads its lines and closes it.

        It runs in a terminal, so that it writes line by line and ends when the connection does.
        """
        wire = self._open(CONNECT)
        try:
            wire.ask(f"shell,v2,pty:{command}" if self._v2 else f"shell:{command}")
        except (MingchaError, KeyboardInterrupt):
            wire.close()
            raise
        wire.framed = self._v2
        return wire

    def pull(self, path: str, seconds: float = SECONDS) -> bytes | None:
        """A file of the device, whole; null if it is not there or may not be read."""
        with self._transport(seconds) as wire:
            wire.ask("sync:")
            name = path.encode()
            wire.send(b"RECV" + struct.pack("<I", len(name)) + name)
            parts: list[bytes] = []
            while True:
                word, size = struct.unpack("<4sI", wire.exactly(8))
                if word == b"DONE":
                    return b"".join(parts)
                if word != b"DATA":
                    return None
                parts.append(wire.exactly(size))

    @contextmanager
    def _transport(self, seconds: float) -> Iterator[Wire]:
        with self._open(seconds) as wire, self._told():
            yield wire

    @contextmanager
    def _connected(self, seconds: float) -> Iterator[Wire]:
        with Wire(self._server, time.monotonic() + seconds) as wire, self._told():
            yield wire

    def _open(self, seconds: float) -> Wire:
        wire = Wire(self._server, time.monotonic() + seconds)
        try:
            with self._told():
                wire.ask(f"host:transport:{self.serial}")
        except (MingchaError, KeyboardInterrupt):
            wire.close()
            raise
        return wire

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except RefusedError as error:
            raise LostError(self._gone(str(error))) from None

    def _gone(self, why: str) -> str:
        return f"device {self.serial} was lost ({why}): is the cable in? what was recorded so far is kept"

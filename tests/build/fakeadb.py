"""An adb server of the test: it speaks the protocol over TCP and shows one simulated phone, which may misbehave.

The server side is written from adb's own description of its protocol (OVERVIEW.TXT, SERVICES.TXT, SYNC.TXT in its sources), the phone's
answers in the forms that Android's tools print. No phone was at hand: what a real one prints differently is not known here.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from tests.build.fakephone import FakePhone

OKAY = b"OKAY"
PIECE = 16_384


@dataclass
class Faults:
    """How it misbehaves: ``cut`` ends the connection in the middle of the answer to a command that matches."""

    cut: str | None = None
    slow: tuple[str, float] | None = None
    gone: bool = False
    old: bool = False
    """A phone without the second shell protocol."""


@dataclass
class FakeAdb:
    """The server; ``devices`` are serial numbers with their states, the first of them is the phone."""

    phone: FakePhone
    devices: dict[str, str] = field(default_factory=lambda: {"FAKE01": "device"})
    faults: Faults = field(default_factory=Faults)
    asked: list[str] = field(default_factory=list)
    streams: dict[str, list[socket.socket]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.server: tuple[str, int] = ("127.0.0.1", self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.unplug()
        for thread in self._threads:
            thread.join(2)

    def unplug(self) -> None:
        """Pull the cable: every connection ends, and the device is not there any more."""
        self.faults.gone = True
        for wire in self._open:
            try:
                wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(wire)
            thread = threading.Thread(target=self._serve, args=(wire,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, wire: socket.socket) -> None:
        with wire:
            try:
                while (request := self._request(wire)) and self._answer(wire, request):
                    pass
            except OSError:
                return

    def _request(self, wire: socket.socket) -> str:
        head = _exactly(wire, 4)
        return _exactly(wire, int(head, 16)).decode() if head else ""

    def _answer(self, wire: socket.socket, request: str) -> bool:
        """Answer one request; whether another may follow on this connection."""
        self.asked.append(request)
        present = {} if self.faults.gone else self.devices
        if request == "host:devices":
            wire.sendall(OKAY + _block("".join(f"{serial}\t{state}\n" for serial, state in present.items())))
            return False
        if found := re.fullmatch(r"host-serial:(\w+):features", request):
            features = "cmd,stat_v2" if self.faults.old else "shell_v2,cmd,stat_v2"
            wire.sendall(OKAY + _block(features) if found[1] in present else _fail(f"device '{found[1]}' not found"))
            return False
        if found := re.fullmatch(r"host:transport:(\w+)", request):
            wire.sendall(OKAY if found[1] in present else _fail(f"device '{found[1]}' not found"))
            return found[1] in present
        if request == "sync:":
            wire.sendall(OKAY)
            self._sync(wire)
            return False
        kind, _, command = request.partition(":")
        if kind not in (("shell", "exec") if self.faults.old else ("shell", "exec", "shell,v2,raw", "shell,v2,pty")):
            wire.sendall(_fail("unknown service"))
            return False
        wire.sendall(OKAY)
        if command.startswith(("getevent -lt", "logcat")):
            self._stream(wire, command, framed="v2" in kind)
        else:
            self._run(wire, kind, command)
        return False

    def _run(self, wire: socket.socket, kind: str, command: str) -> None:
        if self.faults.slow and re.search(self.faults.slow[0], command):
            time.sleep(self.faults.slow[1])
        whole = (
            re.fullmatch(r"\((.*)\); code=\$\?; echo; echo mingcha-exit:\$code", command, re.DOTALL)
            if kind == "exec"
            else None
        )
        code, out = self.phone.shell(whole[1] if whole else command)
        if whole:
            out += f"\nmingcha-exit:{code}\n".encode()
        if "v2" in kind:
            out = b"".join(_frame(1, out[i : i + PIECE]) for i in range(0, len(out), PIECE)) + _frame(3, bytes([code]))
        cut = self.faults.cut is not None and re.search(self.faults.cut, command) is not None
        wire.sendall(out[: len(out) // 2] if cut else out)

    def _stream(self, wire: socket.socket, command: str, *, framed: bool) -> None:
        source = self.phone.events if command.startswith("getevent") else self.phone.log
        ending = threading.Event()

        def put(line: str) -> None:
            data = f"{line}\r\n".encode()
            try:
                wire.sendall(_frame(1, data) if framed else data)
            except OSError:
                ending.set()

        self.streams.setdefault(command, []).append(wire)
        source.listen(put)
        try:
            while not ending.is_set() and not source.ended.is_set() and wire.recv(1):
                pass
        finally:
            source.leave(put)

    def _sync(self, wire: socket.socket) -> None:
        word, size = struct.unpack("<4sI", _exactly(wire, 8))
        name = _exactly(wire, size).decode()
        data = self.phone.files.get(name)
        if word != b"RECV" or data is None:
            why = b"No such file or directory"
            wire.sendall(struct.pack("<4sI", b"FAIL", len(why)) + why)
            return
        parts = b"".join(
            struct.pack("<4sI", b"DATA", len(p)) + p for p in (data[i : i + PIECE] for i in range(0, len(data), PIECE))
        )
        answer = parts + struct.pack("<4sI", b"DONE", 0)
        cut = self.faults.cut is not None and re.search(self.faults.cut, f"RECV {name}") is not None
        wire.sendall(answer[: len(answer) // 2] if cut else answer)


def _exactly(wire: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = wire.recv(size - len(found))
        if not part:
            return b""
        found += part
    return found


def _block(text: str) -> bytes:
    return b"%04x" % len(text.encode()) + text.encode()


def _fail(why: str) -> bytes:
    return b"FAIL" + _block(why)


def _frame(kind: int, data: bytes) -> bytes:
    return struct.pack("<BI", kind, len(data)) + data

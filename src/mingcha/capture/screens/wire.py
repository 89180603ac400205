"""One connection to the adb server: requests, blocks, frames, and a limit to every wait."""

from __future__ import annotations

import socket  # noqa: TID251  # capture is where connections are opened
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

from mingcha.errors import LimitError, UsageError

Server = tuple[str, int]
CONNECT = 5.0
"""Seconds until the server must answer."""
LARGEST = 64 << 20


class RefusedError(UsageError):
    """The server said FAIL, or the connection ended before the answer did."""


class Wire:
    """One connection to the server; ``end`` is the moment (monotonic) when waiting ends, null for a stream."""

    def __init__(self, server: Server, end: float) -> None:
        self.end, self.framed = end, False
        self._size, self._rest = 0, bytearray()
        try:
            self._socket = socket.create_connection(server, CONNECT)
        except OSError as error:
            raise UsageError(
                f"no adb server at {server[0]}:{server[1]} ({error.strerror or error}): install Android's platform tools and run "
                "`adb start-server`"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; the command at its other end is ended too."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes whoever reads in another thread
        self._socket.close()

    def ask(self, request: str) -> None:
        """Make a request. Raises RefusedError if it is not granted."""
        data = request.encode()
        self.send(b"%04x" % len(data) + data)
        word = self.exactly(4)
        if word != b"OKAY":
            raise RefusedError(
                self.block().decode("utf-8", "replace")[:200] if word == b"FAIL" else f"no answer of adb: {word!r}"
            )

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._until()
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise RefusedError(str(error.strerror or error)) from None

    def block(self) -> bytes:
        """A block with its length in four hexadecimal digits."""
        length = self.exactly(4)
        try:
            return self.exactly(int(length, 16))
        except ValueError:
            raise RefusedError(f"no length: {length!r}") from None

    def exactly(self, size: int) -> bytes:
        """That many bytes."""
        if size > LARGEST:
            raise RefusedError(f"an answer of {size} bytes")
        parts = bytearray()
        while len(parts) < size:
            parts += self._some(min(size - len(parts), 1 << 20)) or self._cut()
        return bytes(parts)

    def to_end(self) -> bytes:
        """Everything until the other side closes."""
        parts = bytearray()
        while part := self._some(1 << 20):
            parts += part
            if len(parts) > LARGEST:
                raise RefusedError("an answer without end")
        return bytes(parts)

    def lines(self) -> Iterator[str]:
        """The lines of a stream as they come, however long that takes; ends with it, or when it is closed here."""
        rest, self.end = b"", float("inf")
        while (part := self._piece()) is not None:
            *whole, rest = (rest + part).split(b"\n")
            rest = rest[-(1 << 16) :]
            for line in whole:
                yield line.rstrip(b"\r").decode("utf-8", "replace")

    def _piece(self) -> bytes | None:
        """Some bytes of a stream; None at its end."""
        if not self.framed:
            return self._some(1 << 16) or None
        kind, size = struct.unpack("<BI", self.exactly(5))
        part = self.exactly(size)
        return None if kind == 3 else part if kind in (1, 2) else b""

    def _some(self, most: int) -> bytes:
        self._until()
        try:
            return self._socket.recv(most)
        except TimeoutError:
            raise LimitError("the phone did not answer in time: is it locked, busy or asleep?") from None
        except (OSError, ValueError) as error:
            raise RefusedError(str(getattr(error, "strerror", None) or error)) from None

    def _until(self) -> None:
        left = self.end - time.monotonic()
        if left <= 0:
            raise LimitError("the phone did not answer in time: is it locked, busy or asleep?")
        try:
            self._socket.settimeout(None if left == float("inf") else left)
        except OSError as error:
            raise RefusedError(str(error)) from None

    def _cut(self) -> bytes:
        raise RefusedError("the connection ended in the middle of an answer")


def framed(wire: Wire) -> tuple[int, bytes, bytes]:
    """Exit code and both outputs of a command in adb's second shell protocol."""
    parts = {1: bytearray(), 2: bytearray()}
    while True:
        kind, size = struct.unpack("<BI", wire.exactly(5))
        data = wire.exactly(size)
        if kind == 3:
            return data[0] if data else 255, bytes(parts[1]), bytes(parts[2])
        if kind in parts:
            parts[kind] += data
            if sum(map(len, parts.values())) > LARGEST:
                raise RefusedError("an answer without end")

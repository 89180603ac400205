"""A load generator: kept connections, one request after the other on each, or so many in a second whether answered or not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Check = Callable[[bytes], bool]
_ENOUGH = 30


@dataclass(frozen=True)
class Request:
    """Path, and words that the right answer holds."""

    path: str
    holds: bytes
    kind: str = ""


@dataclass
class Result:
    """What came back: seconds per answer, errors by what was wrong, bytes, and how long it all took."""

    seconds: float = 0
    took: list[float] = field(default_factory=list)
    by_kind: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    bytes: int = 0

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.took) / self.seconds

    def share(self, part: float) -> float:
        """The time within which this part of the answers came, in milliseconds."""
        ordered = sorted(self.took)
        return ordered[min(int(part * len(ordered)), len(ordered) - 1)] * 1000 if ordered else 0.0


class _Connection(asyncio.Protocol):
    """One kept connection: sends what it is given next as soon as the last answer is whole."""

    def __init__(self, load: Load) -> None:
        self.load, self.buffer, self.wanted = load, bytearray(), -1
        self.transport: asyncio.Transport | None = None
        self.asked: Request | None = None
        self.since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.load.idle(self)

    def ask(self, request: Request, since: float) -> None:
        assert self.transport is not None
        self.asked, self.since = request, since
        self.transport.write(b"GET " + request.path.encode() + self.load.head)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.wanted < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.wanted = end + 4 + _length(bytes(self.buffer[:end]))
        if len(self.buffer) >= self.wanted:
            answer, self.buffer, self.wanted = bytes(self.buffer), bytearray(), -1
            self.load.answered(self, answer)

    def connection_lost(self, problem: Exception | None) -> None:
        self.load.lost(self, problem)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


class Load:
    """Requests from an iterator over some connections; ``rate`` None: each as soon as the last was answered."""

    def __init__(self, port: int, requests: Iterator[Request], rate: float | None) -> None:
        self.head = (
            f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\nAccept-Language: zh-CN\r\n\r\n".encode()
        )
        self.port, self.requests, self.rate = port, requests, rate
        self.result = Result()
        self.free: list[_Connection] = []
        self.due: list[float] = []
        self.over = False
        self.stopped = asyncio.Event()

    async def run(self, seconds: float, connections: int) -> Result:
        """So long, over so many connections; what is on its way at the end is not counted."""
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self.port) for _ in range(connections)
        ]
        began = time.perf_counter()
        if self.rate is None:
            await asyncio.sleep(seconds)
        else:
            await self._paced(seconds, self.rate)
        self.over = True
        self.result.seconds = time.perf_counter() - began
        for transport, _ in made:
            transport.abort()
        return self.result

    async def _paced(self, seconds: float, rate: float) -> None:
        """A request is due at its moment; waiting for a free connection counts as waiting."""
        began = time.perf_counter()
        for number in range(int(seconds * rate)):
            moment = began + number / rate
            if (left := moment - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            if self.free:
                self.free.pop().ask(next(self.requests), moment)
            else:
                self.due.append(moment)

    def idle(self, one: _Connection) -> None:
        """A connection has nothing to do."""
        if self.over:
            return
        if self.rate is None:
            one.ask(next(self.requests), time.perf_counter())
        elif self.due:
            one.ask(next(self.requests), self.due.pop(0))
        else:
            self.free.append(one)

    def answered(self, one: _Connection, answer: bytes) -> None:
        """Count it, and go on."""
        if self.over:
            return
        took, asked = time.perf_counter() - one.since, one.asked
        assert asked is not None
        self.result.took.append(took)
        self.result.by_kind.setdefault(asked.kind, []).append(took)
        self.result.bytes += len(answer)
        if not answer.startswith(b"HTTP/1.1 200") or asked.holds not in answer:
            self.wrong(f"{asked.path}: {answer[:60]!r}")
        self.idle(one)

    def lost(self, one: _Connection, problem: Exception | None) -> None:
        """The server closed a connection that we keep."""
        if not self.over:
            self.wrong(f"connection lost: {one.asked} {problem}")

    def wrong(self, what: str) -> None:
        """An error; the first are kept whole."""
        self.result.errors.append(what if len(self.result.errors) < _ENOUGH else "")


def load(
    port: int, requests: Iterator[Request], seconds: float, *, connections: int = 16, rate: float | None = None
) -> Result:
    """Load the server on this port."""

    async def whole() -> Result:
        return await Load(port, requests, rate).run(seconds, connections)

    return asyncio.run(whole())

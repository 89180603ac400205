"""Servers on this machine that answer well or badly, and the only way tests reach them: a resolver made for the test."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from mingcha.capture.addresses import Endpoint, Url, public
from mingcha.capture.visits import Manners

Answering = bytes | Callable[[socket.socket, bytes], None]


def page(body: str | bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK", *headers: str) -> bytes:
    """A complete answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(data)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


def moved(to: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return page("", "text/html", status, f"Location: {to}")


class Web:
    """Hosts of the test: ``web["policy.test/path"] = answer``; whatever is not there answers 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Answering] = {}
        self.asked: list[str] = []
        self.requests: list[bytes] = []
        self.names: dict[str, list[str]] = {}
        self.looked_up: list[str] = []
        self.ending = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __setitem__(self, name: str, answer: Answering) -> None:
        self.answers[name] = answer

    def resolve(self, url: Url) -> tuple[Endpoint, ...]:
        """Hosts under .test that have answers lie here; everything else meets the real guard."""
        self.looked_up.append(url.host)
        if any(name.startswith(url.authority + "/") for name in self.answers):
            return (Endpoint("127.0.0.1", self._listener.getsockname()[1]),)
        return public(url, lambda host, port: self.names.get(host, [host]))

    def _accept(self) -> None:
        while not self.ending.is_set():
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(wire,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, wire: socket.socket) -> None:
        with wire:
            wire.settimeout(5)
            try:
                self._answer(wire)
            except OSError:
                return

    def _answer(self, wire: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            part = wire.recv(65536)
            if not part:
                return
            request += part
        path = request.split(b" ")[1].decode()
        host = next(line for line in request.decode().split("\r\n") if line.lower().startswith("host:"))[5:].strip()
        self.requests.append(request)
        self.asked.append(host + path)
        answer = self.answers.get(host + path, page("gone", status="404 Not Found"))
        if callable(answer):
            answer(wire, request)
        else:
            wire.sendall(answer)

    def close(self) -> None:
        """End every thread."""
        self.ending.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(2)


@pytest.fixture
def web() -> Iterator[Web]:
    """The hosts of a test."""
    made = Web()
    yield made
    made.close()


@pytest.fixture
def manners() -> Manners:
    """Quick manners with a clock that stands still."""
    return Manners(
        delay=0, seconds=5, total=30, size=200_000, now=lambda: dt.datetime(2026, 5, 1, 8, 30, tzinfo=dt.UTC)
    )

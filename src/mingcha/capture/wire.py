"""One HTTP request to one checked endpoint, by one deadline and with every count bounded.

``http.client`` reads the answer. Its own time limit is for each read, so that a byte a second holds it for ever; and it believes
a chunk of negative length. Both are settled below it, where bytes come off the socket.
"""

from __future__ import annotations

import http.client
import io
import re
import socket  # noqa: TID251  # capture is where connections are opened
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from mingcha import __version__
from mingcha.capture.addresses import Endpoint, Url
from mingcha.errors import LimitError, UsageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

USER_AGENT = f"Mingcha/{__version__} (privacy policy inspection)"
_ACCEPT = "text/html,application/xhtml+xml,application/pdf,text/plain,text/markdown,*/*;q=0.5"
_HEAD_ROOM = 1024 * 1024
"""Bytes of the wire that are not body: headers, sizes of chunks."""
_STEP = 64 * 1024
_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``body`` is without transfer and content encoding, names of headers are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of a name, or an empty text."""
        return next((value for key, value in self.headers if key == name), "")


_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_FRAMING = frozenset({"content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect", "keep-alive"})


def _passes(name: str) -> bool:
    """Whether a page in a browser may set this header; how the request is framed is ours to say."""
    return _TOKEN.fullmatch(name) is not None and name.lower() not in _FRAMING


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; a browser's page may also post."""

    url: Url
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: bytes = b""

    def encoded(self) -> bytes:
        """The request as bytes: the path is quoted and control characters are taken out, so nothing can be slipped in."""
        given = {
            "accept": _ACCEPT,
            "accept-language": "zh-CN,zh;q=0.9,en;q=0.5",
            "user-agent": USER_AGENT,
            **{name.lower(): value for name, value in (self.headers or {}).items() if _passes(name)},
            "host": self.url.authority,
            "accept-encoding": "identity, gzip;q=0.5",
            "connection": "close",
        }
        if self.body or self.method == "POST":
            given["content-length"] = str(len(self.body))
        lines = [f"{self.method} {self.url.path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
        clean = ("".join(c for c in line if c >= " " and c != "\x7f") for line in lines)
        return ("\r\n".join(clean) + "\r\n\r\n").encode("latin-1", "replace") + self.body


def ask(question: Question, endpoints: Sequence[Endpoint], *, seconds: float, size: int) -> Answer:
    """Ask and read the whole answer. Raises LimitError when it is too long or too slow, UsageError for what went wrong."""
    url = question.url
    deadline = time.monotonic() + seconds
    try:
        with closing(_connected(url, endpoints, deadline)) as wire:
            wire.settimeout(_left(deadline))
            wire.sendall(question.encoded())
            return _answer(wire, question.method, deadline, size)
    except TimeoutError:
        raise LimitError(f"{url.without_fragment()}: no complete answer within {seconds:g} s") from None
    except _TooLong:
        raise LimitError(f"{url.without_fragment()}: an answer of more than {size // 1024} KiB") from None
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or error
        raise UsageError(f"{url.host}: the connection cannot be trusted ({why})") from None
    except OSError as error:
        raise UsageError(f"{url.host}: the connection failed ({error.strerror or error})") from None
    except (http.client.HTTPException, ValueError, zlib.error) as error:
        raise UsageError(f"{url.without_fragment()}: the answer is broken ({_plain(error)})") from None


def _plain(error: Exception) -> str:
    """What went wrong, without characters by which a server could write on a terminal."""
    return "".join(c if c.isprintable() else "?" for c in f"{type(error).__name__}: {error}"[:200])


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


# --- connecting ------------------------------------------------------------------------------------------------------


def _connected(url: Url, endpoints: Iterable[Endpoint], deadline: float) -> socket.socket:
    """A connection to the first endpoint that takes one; no name is looked up here."""
    failed: OSError = ConnectionError("no endpoint")
    for endpoint in endpoints:
        family = socket.AF_INET6 if ":" in endpoint.address else socket.AF_INET
        raw = socket.socket(family, socket.SOCK_STREAM)
        try:
            raw.settimeout(min(_CONNECT_SECONDS, _left(deadline)))
            raw.connect((endpoint.address, endpoint.port))
            raw.settimeout(_left(deadline))
            return _secured(raw, url) if url.scheme == "https" else raw
        except OSError as error:
            raw.close()
            failed = error
    raise failed


def _secured(raw: socket.socket, url: Url) -> ssl.SSLSocket:
    return _context().wrap_socket(raw, server_hostname=url.host)


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


# --- reading ---------------------------------------------------------------------------------------------------------


class _TooLong(Exception):  # noqa: N818  # told as LimitError by ask()
    """More bytes than were allowed."""


class _Incoming(io.RawIOBase):
    """Bytes off a socket until the deadline, and no more of them than ``most``."""

    def __init__(self, wire: socket.socket, deadline: float, most: int) -> None:
        self._wire = wire
        self._deadline = deadline
        self._most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._wire.settimeout(_left(self._deadline))
        count = self._wire.recv_into(buffer)
        self._most -= count
        if self._most < 0:
            raise _TooLong
        return count


class _Source:
    """What HTTPResponse takes for a socket."""

    def __init__(self, incoming: _Incoming) -> None:
        self._incoming = incoming

    def makefile(self, *_: Any) -> io.BufferedReader:
        return io.BufferedReader(self._incoming)


def _answer(wire: socket.socket, method: str, deadline: float, size: int) -> Answer:
    source: Any = _Source(_Incoming(wire, deadline, size + _HEAD_ROOM))
    with closing(http.client.HTTPResponse(source, method=method)) as response:
        response.begin()
        headers = tuple((name.lower(), value.strip()) for name, value in response.getheaders())
        said = response.length
        body = _read(response, size)
        if said is not None and len(body) < said:
            raise http.client.IncompleteRead(b"", said - len(body))
        coding = response.getheader("content-encoding", "").strip().lower()
        return Answer(response.status, headers, decoded(body, coding, size))


def _read(response: http.client.HTTPResponse, size: int) -> bytes:
    parts, total = [], 0
    while part := response.read(_STEP):
        total += len(part)
        if total > size:
            raise _TooLong
        parts.append(part)
    return b"".join(parts)


_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""For zlib: what a coding may begin with. Servers send deflate with and without its wrapper."""


def decoded(body: bytes, coding: str, size: int) -> bytes:
    """The body without its content encoding, at most ``size`` bytes of it. Raises ValueError or zlib.error."""
    if coding in ("", "identity") or not body:
        return body
    if coding not in _WINDOWS:
        raise ValueError(f"encoded as {coding[:40]!r}, which was not asked for")
    windows = _WINDOWS[coding]
    for window in windows:
        try:
            return _inflated(body, window, size)
        except zlib.error:
            if window == windows[-1]:
                raise
    raise AssertionError


def _inflated(body: bytes, window: int, size: int) -> bytes:
    engine = zlib.decompressobj(window)
    data = engine.decompress(body, size + 1)
    if len(data) > size:
        raise _TooLong
    if not engine.eof:
        raise ValueError("the compressed answer breaks off")
    return data

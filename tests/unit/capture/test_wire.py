"""One request: whatever a server does, the answer is complete or an error of ours, in bounded time and memory."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from mingcha import __version__
from mingcha.capture.addresses import Endpoint, parse_url
from mingcha.capture.wire import USER_AGENT, Answer, Question, ask, decoded
from mingcha.errors import LimitError, MingchaError, UsageError

URL = parse_url("http://policy.test/a")
SIZE = 100_000


def asked(web: Any, seconds: float = 3) -> Answer:
    return ask(Question(URL), web.resolve(URL), seconds=seconds, size=SIZE)


def headers(*lines: str) -> bytes:
    return ("\r\n".join(["HTTP/1.1 200 OK", *lines]) + "\r\n\r\n").encode()


def endless(wire: socket.socket, request: bytes) -> None:
    wire.sendall(headers("Content-Type: text/html"))
    while True:
        wire.sendall(b"a" * 65536)


def endless_headers(wire: socket.socket, request: bytes) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        wire.sendall(b"X-A: b\r\n")


def endless_continue(wire: socket.socket, request: bytes) -> None:
    while True:
        wire.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def drip(wire: socket.socket, request: bytes) -> None:
    wire.sendall(headers("Content-Length: 1000"))
    for _ in range(16):
        wire.sendall(b"a")
        time.sleep(0.05)


def drip_headers(wire: socket.socket, request: bytes) -> None:
    for _ in range(16):
        wire.sendall(b"H")
        time.sleep(0.05)


def hang(wire: socket.socket, request: bytes) -> None:
    time.sleep(0.6)


def negative_chunk(wire: socket.socket, request: bytes) -> None:
    wire.sendall(headers("Transfer-Encoding: chunked") + b"-1\r\n")
    while True:
        wire.sendall(b"a" * 65536)


def endless_trailer(wire: socket.socket, request: bytes) -> None:
    wire.sendall(headers("Transfer-Encoding: chunked") + b"0\r\n")
    while True:
        wire.sendall(b"X: y\r\n" * 1000)


HOSTILE = [endless, endless_headers, endless_continue, drip, drip_headers, hang, negative_chunk, endless_trailer]


@pytest.mark.parametrize("server", HOSTILE, ids=lambda f: f.__name__)
def test_hostile_servers_end(web: Any, server: Callable[[socket.socket, bytes], None]) -> None:
    """Endless and slow answers end in an error of ours soon after the deadline."""
    web["policy.test/a"] = server
    start = time.monotonic()
    with pytest.raises(MingchaError):
        asked(web, 0.4)
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("server", [endless, drip, hang], ids=lambda f: f.__name__)
def test_limits_are_told_as_limits(web: Any, server: Callable[[socket.socket, bytes], None]) -> None:
    """Too long and too slow are told as such."""
    web["policy.test/a"] = server
    with pytest.raises(LimitError, match=r"more than 97 KiB|no complete answer within"):
        asked(web, 0.4)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        headers("Content-Length: 10") + b"short",
        headers("Transfer-Encoding: chunked") + b"5\r\nabc",
        headers("Transfer-Encoding: chunked") + b"zz\r\nabc",
        headers("Content-Encoding: br", "Content-Length: 3") + b"abc",
        headers("Content-Encoding: gzip, gzip", "Content-Length: 3") + b"abc",
        headers("Content-Encoding: gzip", "Content-Length: 3") + b"abc",
        headers("Content-Encoding: gzip", "Content-Length: 15") + gzip.compress(b"hello" * 50, mtime=0)[:15],
    ],
)
def test_broken_answers_are_refused(web: Any, data: bytes) -> None:
    """An answer that breaks off, is no HTTP or is encoded in a way that was not asked for is no document."""
    web["policy.test/a"] = data
    with pytest.raises(UsageError, match=r"policy\.test"):
        asked(web)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_bombs_are_bounded(web: Any, coding: str) -> None:
    """A small answer that swells beyond the limit is told as too long."""
    bomb = gzip.compress(b"\0" * 60_000_000, mtime=0) if coding == "gzip" else zlib.compress(b"\0" * 60_000_000)
    assert len(bomb) < SIZE
    web["policy.test/a"] = headers(f"Content-Encoding: {coding}", f"Content-Length: {len(bomb)}") + bomb
    with pytest.raises(LimitError, match="more than"):
        asked(web)


@pytest.mark.parametrize(
    "answer",
    [
        headers("Content-Length: 5") + b"hello",
        headers() + b"hello",
        headers("Transfer-Encoding: chunked") + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        headers("Content-Encoding: gzip") + gzip.compress(b"hello", mtime=0),
        headers("Content-Encoding: deflate") + zlib.compress(b"hello"),
        headers("Content-Encoding: deflate") + zlib.compress(b"hello", wbits=-15),
        b"HTTP/1.1 100 Continue\r\n\r\n" + headers("Content-Length: 5") + b"hello",
    ],
)
def test_bodies_arrive_whole(web: Any, answer: bytes) -> None:
    """The body is the same however a server frames and encodes it."""
    web["policy.test/a"] = answer
    assert asked(web).body == b"hello"


def test_the_request_says_who_asks(web: Any) -> None:
    """The request names Mingcha and its version, the host, and asks for no other encoding than we read."""
    web["policy.test/a"] = headers("Content-Length: 0")
    asked(web)
    lines = web.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /a HTTP/1.1"
    assert f"user-agent: {USER_AGENT}" in lines
    assert USER_AGENT.startswith(f"Mingcha/{__version__} ")
    assert "host: policy.test" in lines
    assert "accept-encoding: identity, gzip;q=0.5" in lines


def test_a_page_does_not_frame_a_request() -> None:
    """Headers that say where a request ends, or that are no headers, are not taken from a page."""
    given_headers = {"Transfer-Encoding": "chunked", "Content-Length": "9", "a: b\r\nc": "d", "": "x", "X-Page": "1"}
    head = Question(URL, "POST", given_headers, b"q").encoded().partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert [line for line in head if line.startswith((b"transfer", b"content-l", b"a:", b":", b"x-page"))] == [
        b"x-page: 1", b"content-length: 1"
    ]  # fmt: skip


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=3))
def test_nothing_slips_into_a_request(given_headers: dict[str, str]) -> None:
    """Whatever headers a page brings, the request has one end and stays one request."""
    head, _, body = Question(URL, headers=given_headers).encoded().partition(b"\r\n\r\n")
    assert body == b""
    assert all(b"\r" not in line and b"\n" not in line for line in head.split(b"\r\n"))
    assert len(head.split(b"\r\n")) <= 7 + len(given_headers)


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "policy.test")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("policy.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_untrusted_certificates_are_refused(tmp_path: Path) -> None:
    """A server whose certificate nobody vouches for is not asked for anything."""
    context, got = self_signed(tmp_path), []

    def serve(listener: socket.socket) -> None:
        wire, _ = listener.accept()
        with wire:
            try:
                got.append(context.wrap_socket(wire, server_side=True).recv(100))
            except (OSError, ValueError) as error:
                got.append(error)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        endpoint = Endpoint("127.0.0.1", listener.getsockname()[1])
        with pytest.raises(UsageError, match=r"cannot be trusted .self"):
            ask(Question(parse_url("https://policy.test/a")), (endpoint,), seconds=2, size=SIZE)
        thread.join(2)
    assert not isinstance(got[0], bytes)


def test_the_next_endpoint_is_tried(web: Any) -> None:
    """If the first checked address takes no connection, the second one does; none is looked up anew."""
    web["policy.test/a"] = headers("Content-Length: 2") + b"ok"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    (there,) = web.resolve(URL)
    nowhere = type(there)("127.0.0.1", port)
    assert ask(Question(URL), (nowhere, there), seconds=1, size=SIZE).body == b"ok"
    with pytest.raises(UsageError, match="the connection failed"):
        ask(Question(URL), (nowhere,), seconds=1, size=SIZE)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "x", ""]))
def test_any_bytes_decode_or_fail_as_told(data: bytes, coding: str) -> None:
    """Any bytes in any coding are decoded within the limit or refused with the two errors that ask() tells."""
    try:
        assert len(decoded(data, coding, SIZE)) <= SIZE
    except (ValueError, zlib.error):
        return

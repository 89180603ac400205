"""The HAR reader on what five tools write, on files that stop in the middle, and on hostile ones."""

from __future__ import annotations

import base64
import json
import random

import pytest

from mingcha.errors import FormatError
from mingcha.formats import jsonspans
from mingcha.formats.har import Har, decode, looks_like_har
from tests.build.hartraffic import device, entries_of, har, plan


def request(url: str = "https://a.example/x", **more: object) -> dict:
    """The least an entry must hold."""
    return {"request": {"method": "POST", "url": url, **more}}


def log(*entries: object, **more: object) -> bytes:
    """A HAR of entries."""
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "t", "version": "2"}, "entries": entries, **more}}
    ).encode()


def sample(count: int = 40, seed: int = 3) -> bytes:
    """A made-up HAR."""
    rng = random.Random(seed)
    values = device(rng)
    return har(entries_of(rng, values, plan(rng, values, count, 0.5), count), indent=None if seed % 2 else 2)


def test_fields() -> None:
    """Address, method, headers, time, status and body of an entry come out as they were written."""
    entry = {
        "startedDateTime": "2026-01-02T03:04:05+08:00",
        "serverIPAddress": "[::1]",
        **request(headers=[{"name": "A", "value": "b"}], postData={"mimeType": "text/plain", "text": "灯"}),
        "response": {"status": 204},
    }
    (found,), reading = decode(log(entry))
    assert (found.url, found.method, found.headers) == ("https://a.example/x", "POST", (("A", "b"),))
    assert (found.started, found.status, found.address) == ("2026-01-02T03:04:05+08:00", 204, "::1")
    assert (found.body, found.mime, found.lossless, found.encrypted) == ("灯".encode(), "text/plain", True, True)
    assert (reading.tool, reading.entries, reading.partial) == ("t 2", 1, False)


@pytest.mark.parametrize(
    ("post", "body", "lossless"),
    [
        ({"text": base64.b64encode(b"\0\xff\x1f").decode(), "encoding": "base64"}, b"\0\xff\x1f", True),  # PCAPdroid
        ({"text": "\x08\x96\x01\x12\x02ok"}, b"\x08\x96\x01\x12\x02ok", True),  # mitmproxy takes bytes for Latin-1
        ({"text": "caf\u00e9"}, "café".encode(), True),
        ({"text": "a\udcffb"}, b"a\xffb", True),  # mitmproxy, bytes that are no text
        ({"text": "\x1f\ufffd\x08"}, "\x1f\ufffd\x08".encode(), False),  # Playwright loses bytes
        ({"text": "not base64!", "encoding": "base64"}, b"not base64!", False),
    ],
)
def test_bodies(post: dict, body: bytes, lossless: bool) -> None:
    """Each tool's way to write bytes is undone, and a body that lost bytes says so."""
    (found,), _ = decode(log(request(postData=post)))
    assert (found.body, found.lossless) == (body, lossless)


def test_omitted_body() -> None:
    """A body that is said to be there and is not is told as omitted."""
    (gone, none), _ = decode(log(request(bodySize=44, postData={"text": ""}), request(bodySize=0)))
    assert (gone.omitted, none.omitted) == (True, False)


@pytest.mark.parametrize(
    ("length", "omitted"), [("227", True), ("0", False), ("", False), ("x", False), ("000", False)]
)
def test_omitted_body_by_its_header(length: str, omitted: bool) -> None:
    """Chromium's HAR counts 0 bytes for files and beacons that it did not keep; the length in the header tells of them."""
    (found,), _ = decode(log(request(bodySize=0, headers=[{"name": "content-length", "value": length}])))
    assert found.omitted is omitted


def test_params_and_cookies() -> None:
    """Parameters stand in for a missing body (Charles), listed cookies for a missing header."""
    row = [{"name": "u", "value": "1"}]
    (found, other), _ = decode(
        log(
            request(postData={"params": row}, cookies=row),
            request(cookies=row, headers=[{"name": "cookie", "value": "z=2"}]),
        )
    )
    assert (found.params, found.headers) == ((("u", "1"),), (("Cookie", "u=1"),))
    assert other.headers == (("cookie", "z=2"),)


def test_websocket() -> None:
    """Messages keep who sent them; binary ones are bytes again."""
    rows = [
        {"type": "send", "time": 1.5, "opcode": 1, "data": "{}"},
        {"type": "send", "opcode": 2, "data": "AP8="},
        {"type": "receive", "opcode": 1, "data": "x"},
    ]
    (found,), _ = decode(log({**request("wss://a.example"), "_webSocketMessages": rows}))
    assert [(m.sent, m.data, m.started) for m in found.messages] == [
        (True, b"{}", "1.5"),
        (True, b"\0\xff", ""),
        (False, b"x", ""),
    ]
    assert (found.kind, found.encrypted) == ("websocket", True)


def test_entries_that_are_none() -> None:
    """What is no entry is counted and left out, and the rest keeps its place."""
    found, reading = decode(log(request(), {"request": {}}, 7, {"request": {"url": 5}}, request("http://b.example")))
    assert [one.index for one in found] == [0, 3]
    assert (reading.entries, reading.unreadable) == (2, 2)


def test_only_the_entries_of_the_log() -> None:
    """Other lists, names inside of strings and entries inside of entries are no entries."""
    odd = request(postData={"text": '"entries":[{"request":{"url":"x"}}]'}, entries=[request("http://inner.example")])
    data = json.dumps({"log": {"pages": [request("http://page.example")], "entries": [odd], "x": [request()]}}).encode()
    found, _ = decode(data)
    assert [one.url for one in found] == ["https://a.example/x"]


def test_byte_order_mark() -> None:
    """A byte order mark, as Charles and Fiddler write it, is passed over."""
    assert len(decode(b"\xef\xbb\xbf" + log(request()))[0]) == 1


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"log": 1}', b"\xff\xfe{\0", b"PK\3\4"])
def test_not_a_har(data: bytes) -> None:
    """What does not start as a HAR is refused."""
    assert not looks_like_har(data)
    with pytest.raises(FormatError):
        Har(data)


@pytest.mark.parametrize("block", [1, 3, 64, 1 << 20])
def test_blocks(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the file is cut into blocks, the entries are those that a JSON reader finds."""
    monkeypatch.setattr(jsonspans, "_BLOCK", block)
    odd = [request(postData={"text": text}) for text in ("\\", '"', '\\"', "\\\\", '{"[', "}]\\", '\\\\"}')]
    data = log(*odd)
    found, reading = decode(data)
    assert [one.body.decode() for one in found] == [row["request"]["postData"]["text"] for row in odd]
    assert not reading.partial


def test_cut_anywhere() -> None:
    """A file that stops anywhere gives the entries before, unchanged, and says that it stops."""
    data = sample(12)
    whole, _ = decode(data)
    seen = set()
    for end in range(60, len(data) - 1, 97):
        found, reading = decode(data[:end])
        assert found == whole[: len(found)]
        assert reading.partial
        seen.add(len(found))
    assert seen >= set(range(12))


def test_large_sample() -> None:
    """Every entry of a made-up file is found, with or without spaces."""
    for seed in (3, 4):
        found, reading = decode(sample(200, seed))
        assert (len(found), reading.unreadable, reading.partial) == (200, 0, False)


def test_hostile() -> None:
    """Changed bytes, deep nesting and unbalanced brackets end in entries or in FormatError, nothing else."""
    rng = random.Random(9)
    data = sample(6)
    for _ in range(300):
        broken = bytearray(data)
        for _ in range(rng.randrange(1, 9)):
            broken[rng.randrange(len(broken))] = rng.choice(b'{}[]"\\\0\xff0')
        try:
            found, reading = decode(bytes(broken))
        except FormatError:
            continue
        assert len(found) == reading.entries
    deep = b'{"log":{"entries":[{"request":{"url":"u","x":' + b"[" * 200_000
    assert decode(deep)[1].partial
    nested = b'{"log":{"entries":[{"request":{"url":"u"},"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}]}}"
    assert decode(nested)[1].entries + decode(nested)[1].unreadable == 1
    assert decode(b'{"log":{' + b"}" * 1000)[0] == []

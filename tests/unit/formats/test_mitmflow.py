"""mitmproxy's flow files: each kind of flow, files that stop in the middle, and hostile ones."""

from __future__ import annotations

import random

import pytest

from mingcha.errors import FormatError
from mingcha.formats.mitmflow import Flows, looks_like_mitmflow
from mingcha.formats.tnetstring import record


def net(value: object) -> bytes:
    """A value as a typed netstring."""
    match value:
        case None:
            data, kind = b"", b"~"
        case bool():
            data, kind = str(value).lower().encode(), b"!"
        case int():
            data, kind = str(value).encode(), b"#"
        case float():
            data, kind = repr(value).encode(), b"^"
        case bytes():
            data, kind = value, b","
        case str():
            data, kind = value.encode(), b";"
        case list() | tuple():
            data, kind = b"".join(map(net, value)), b"]"
        case dict():
            data, kind = b"".join(net(key) + net(item) for key, item in value.items()), b"}"
        case _:
            raise TypeError(value)
    return str(len(data)).encode() + b":" + data + kind


def flow(**more: object) -> dict:
    """An HTTP flow with the fields of format 21."""
    return {
        "version": 21, "type": "http", "id": "x", "error": None,
        "server_conn": {"peername": ["203.0.113.9", 443], "sni": "api.example", "tls": True},
        "request": {
            "method": b"POST", "scheme": b"https", "host": "203.0.113.9", "port": 443, "authority": b"", "path": b"/v2/log?a=1",
            "headers": [[b"Host", b"api.example"], [b"Content-Type", b"application/json"], [b"X", b"\xff"]],
            "content": b"{}", "timestamp_start": 1700000000.25, "http_version": b"HTTP/2.0",
        },
        "response": {"status_code": 200}, "websocket": None, **more,
    }  # fmt: skip


def read(*flows: object) -> list:
    """The exchanges of flows."""
    return list(Flows(b"".join(map(net, flows))))


def test_http() -> None:
    """Address, method, headers, body, time and status come out as they were written."""
    (found,) = read(flow())
    assert (found.url, found.method, found.status) == ("https://api.example/v2/log?a=1", "POST", 200)
    assert (found.body, found.mime, found.address) == (b"{}", "application/json", "203.0.113.9")
    assert (found.started, found.headers[2], found.omitted) == ("1700000000.250000", ("X", "\udcff"), False)


def test_websocket() -> None:
    """Messages of a WebSocket keep who sent them."""
    messages = [[1, True, b"hi", 1.0, False, False], [2, False, b"\0", 2.0, False, False], "odd", [1]]
    (found,) = read(flow(websocket={"messages": messages}))
    assert [(m.sent, m.data) for m in found.messages] == [(True, b"hi"), (False, b"\0")]
    assert found.kind == "websocket"


def test_tcp() -> None:
    """A raw flow has its messages and its host."""
    (found,) = read(
        {"version": 21, "type": "tcp", "server_conn": {"sni": "push.example", "address": ["203.0.113.4", 7000], "tls": True},
         "messages": [[True, b"abc", 5.0]]}
    )  # fmt: skip
    assert (found.kind, found.url, found.address, found.messages[0].data) == (
        "tcp",
        "https://push.example",
        "203.0.113.4",
        b"abc",
    )


def test_other_records() -> None:
    """What is no flow, or from a version before names, is counted and left out."""
    flows = Flows(
        b"".join(map(net, [flow(), flow(version=3), 7, {"version": 21, "type": "dns"}, flow(request=5), flow()]))
    )
    assert [one.index for one in flows] == [0, 5]
    assert (flows.reading.entries, flows.reading.unreadable, flows.reading.partial) == (2, 4, False)
    assert flows.reading.tool == "mitmproxy flow format 21"


def test_cut_anywhere() -> None:
    """A file that stops anywhere gives the flows before and says that it stops."""
    one = net(flow())
    for end in range(len(one) + 5, 2 * len(one), 37):
        flows = Flows((one + one)[:end])
        assert len(list(flows)) == 1
        assert flows.reading.partial


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b'{"log": {', b"12", b"99999999999999999:1:a"])
def test_no_flow_file(data: bytes) -> None:
    """Other files are refused."""
    assert not looks_like_mitmflow(data)
    with pytest.raises(FormatError):
        Flows(data)


def test_hostile() -> None:
    """Changed bytes, depth and lengths end in flows, a stop, or FormatError."""
    rng = random.Random(1)
    data = net(flow()) * 3
    for _ in range(400):
        broken = bytearray(data)
        for _ in range(rng.randrange(1, 6)):
            broken[rng.randrange(3, len(broken))] = rng.choice(b"0123456789:,;]}#^!~\xff")
        try:
            flows = Flows(bytes(broken))
        except FormatError:
            continue
        assert len(list(flows)) == flows.reading.entries
    deep = b""
    for _ in range(200):
        deep = net([1]) if not deep else str(len(deep)).encode() + b":" + deep + b"]"
    with pytest.raises(FormatError, match="nested"):
        record(deep, 0)

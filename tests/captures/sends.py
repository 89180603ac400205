"""What is planted in a real capture, settled before anything is sent: which value, in which shape, where, to whom, over which protocol.

The encodings are those of ``tests.build.hartraffic``, made there and not by the code under test; quoting, packing, multipart and
framing are left to the clients' own libraries.
"""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.build.hartraffic import ENCODINGS, PACKAGE, device, hexes, message, value_of

VENDOR, OWN, PLAIN = "collect.vendor.example", "api.tested.example", "plain.vendor.example"
HOSTS = (VENDOR, OWN)
KINDS = (
    "dev.imei", "dev.oaid", "dev.android_id", "dev.mac", "dev.imsi", "dev.iccid", "basic.phone", "basic.name", "basic.email", "identity.id_number",
)  # fmt: skip
"""The ten values of the device."""
SHAPES = (
    "raw", "md5", "upper", "reversed", "sha256 salted", "base64 at 2", "hex", "sm3", "base64 of gzip", "url of base64 of json", "base64 twice",
    "raw", "sha1", "MD5", "bare", "imei14", "+86", "base64 of form of base64",
)  # fmt: skip


@dataclass(frozen=True)
class Send:
    """One transmission; ``planted`` is null for an innocent one.

    ``lost`` names the files in which the tool does not keep it, and what is left of it there: ``no body`` (an entry that says there
    was one), ``broken`` (bytes that are not text were replaced) or ``no entry``.
    """

    number: int
    planted: str | None
    shape: str
    place: str
    host: str
    protocol: str
    plain: bool
    request: dict[str, Any] = field(repr=False)
    lost: Mapping[str, str] = field(default_factory=dict)
    left_open: bool = False

    @property
    def digest(self) -> str:
        """The hash that it is sent under, or an empty text."""
        return {"md5": "md5", "MD5": "md5", "sha1": "sha1", "sha256 salted": "sha256", "sm3": "sm3"}.get(self.shape, "")


@dataclass(frozen=True)
class Plan:
    """The device's values and everything that is to be sent."""

    values: dict[str, list[str]]
    sends: tuple[Send, ...]

    def as_json(self) -> str:
        """The plan as the client reads it."""
        rows = [{"protocol": s.protocol, "request": s.request, "left_open": s.left_open} for s in self.sends]
        return json.dumps({"sends": rows}, ensure_ascii=False)


# --- places: how a text is put into a request ------------------------------------------------------------------------


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _json(text: str, rng: random.Random) -> dict[str, Any]:
    return {"events": [{"name": "start", "device": {"u": text, "t": rng.randrange(10**9)}}], "trace": hexes(rng, 32)}


def _file(text: str, rng: random.Random) -> bytes:
    return json.dumps(_json(text, rng), ensure_ascii=False).encode() + b"\n"


def _protobuf(text: str, rng: random.Random) -> bytes:
    inner = message({1: b"event", 2: text.encode(), 3: rng.randrange(10**6)})
    return message({1: rng.randrange(10**6), 2: b"v1", 4: inner})


def _grpc(text: str, rng: random.Random) -> bytes:
    found = _protobuf(text, rng)
    return b"\0" + len(found).to_bytes(4, "big") + found


def _content(mime: str, data: bytes, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "headers": {"Content-Type": mime}, "content": _b64(data), **more}


def _packed(packing: str) -> Callable[[str, random.Random], dict[str, Any]]:
    def made(text: str, rng: random.Random) -> dict[str, Any]:
        data = json.dumps(_json(text, rng), ensure_ascii=False).encode()
        return _content("application/json", data, pack=packing)

    return made


PLACES: dict[str, Callable[[str, random.Random], dict[str, Any]]] = {
    "query": lambda t, r: {"method": "GET", "params": {"a": "1", "u": t}},
    "path": lambda t, r: {"method": "GET", "more_path": quote(t, safe="")},
    "header": lambda t, r: {"method": "GET", "headers": {"X-Device": t}},
    "cookie": lambda t, r: {"method": "GET", "cookies": {"sid": hexes(r, 16), "u": quote(t, safe="")}},
    "form": lambda t, r: {"method": "POST", "data": {"v": "1", "u": t}},
    "json": lambda t, r: {"method": "POST", "json": _json(t, r)},
    "json in form": lambda t, r: {"method": "POST", "data": {"v": "2", "data": json.dumps(_json(t, r))}},
    "base64 of json in base64 of json": lambda t, r: {
        "method": "POST", "json": {"v": 3, "d": _b64(json.dumps({"w": _b64(json.dumps({"u": t}).encode())}).encode())},
    },
    "multipart": lambda t, r: {"method": "POST", "data": {"u": t}, "files": [("f", "a.bin", _b64(r.randbytes(64)), "application/octet-stream")]},
    "file": lambda t, r: {"method": "POST", "data": {"v": "1"}, "files": [("log", "log.json", _b64(_file(t, r)), "application/json")]},
    "packed file": lambda t, r: {
        "method": "POST", "data": {"v": "1"}, "files": [("log", "log.gz", _b64(gzip.compress(_file(t, r), mtime=0)), "application/gzip")],
    },
    "gzip": _packed("gzip"), "deflate": _packed("deflate"), "br": _packed("br"), "zstd": _packed("zstd"),
    "gzip without a word": lambda t, r: _content("application/octet-stream", gzip.compress(_file(t, r), mtime=0)),
    "protobuf": lambda t, r: _content("application/x-protobuf", _protobuf(t, r)),
    "packed protobuf": lambda t, r: _content("application/x-protobuf", _protobuf(t, r), pack="gzip"),
    "grpc": lambda t, r: _content("application/grpc", _grpc(t, r)),
    "chunks": lambda t, r: _content("application/json", json.dumps(_json(t, r)).encode(), chunked=True),
    "put": lambda t, r: {"method": "PUT", "json": _json(t, r)},
    "delete": lambda t, r: {"method": "DELETE", "headers": {"Content-Type": "application/json"}, "content": _b64(json.dumps(_json(t, r)).encode())},
    "socket text": lambda t, r: {"messages": [("text", "hello"), ("text", json.dumps(_json(t, r)))]},
    "socket bytes": lambda t, r: {"messages": [("bytes", _b64(_protobuf(t, r)))]},
    "socket packed": lambda t, r: {"messages": [("bytes", _b64(gzip.compress(_file(t, r), mtime=0)))]},
}  # fmt: skip
HEADERS_ARE_ASCII = {"header"}
LOST = {"delete": {"capture.har": "no body"}}
"""mitmproxy's HAR has bodies of POST, PUT and PATCH only; sockets that are open when the proxy stops are not in it at all."""
WAYS = {
    "query": ("url", "query", "u"), "path": ("url", "path"), "header": ("header", "x-device"), "cookie": ("cookie", "u"), "form": ("body", "form", "u"),
    "json": ("body", "json", "events[0].device.u"), "json in form": ("body", "form", "data", "json", "events[0].device.u"),
    "base64 of json in base64 of json": ("body", "json", "d", "base64", "json", "w", "base64", "json", "u"), "multipart": ("body", "multipart", "u"),
    "file": ("body", "multipart", "log", "json", "events[0].device.u"), "packed file": ("body", "multipart", "log", "gunzip", "json", "events[0].device.u"),
    "gzip": ("body", "*gunzip", "json", "events[0].device.u"), "deflate": ("body", "*inflate", "json", "events[0].device.u"),
    "br": ("body", "*unbrotli", "json", "events[0].device.u"), "zstd": ("body", "*unzstd", "json", "events[0].device.u"),
    "gzip without a word": ("body", "gunzip", "json", "events[0].device.u"), "protobuf": ("body", "protobuf", "4.2"),
    "packed protobuf": ("body", "*gunzip", "protobuf", "4.2"), "grpc": ("body", "protobuf", "4.2"), "chunks": ("body", "json", "events[0].device.u"),
    "put": ("body", "json", "events[0].device.u"), "delete": ("body", "json", "events[0].device.u"),
    "socket text": ("json", "events[0].device.u"), "socket bytes": ("protobuf", "4.2"), "socket packed": ("gunzip", "json", "events[0].device.u"),
}  # fmt: skip
"""The way to each value. Steps with a star stand in the flow file only: mitmproxy's HAR holds bodies with their encoding undone."""


# --- the plan --------------------------------------------------------------------------------------------------------


def plan(seed: int) -> Plan:
    """Every place over HTTP/1.1 and HTTP/2 or over a socket, some in plain text, with innocent requests between them."""
    rng = random.Random(seed)
    made = device(rng)
    values = {kind: made[kind] for kind in KINDS}
    sends: list[Send] = []
    for place, protocol, plain in _where():
        sends.append(_planted(len(sends), place, protocol, rng, values, plain=plain))
        if len(sends) % 6 == 0:
            sends.append(_innocent(len(sends), protocol, rng))
    sends.append(_planted(len(sends), "socket text", "websocket", rng, values, left_open=True))
    return Plan(values, tuple(sends))


def _where() -> Iterator[tuple[str, str, bool]]:
    for place in PLACES:
        if place.startswith("socket"):
            yield place, "websocket", False
        else:
            yield place, "1.1", False
            yield place, "2", False
    for place in ("query", "json", "form"):
        yield place, "1.1", True


def _planted(
    number: int,
    place: str,
    protocol: str,
    rng: random.Random,
    values: dict[str, list[str]],
    *,
    plain: bool = False,
    left_open: bool = False,
) -> Send:
    while True:
        tag, shape = KINDS[(number * 7) % len(KINDS)], rng.choice(SHAPES)
        text = ENCODINGS[shape](rng, value_of(values, tag))
        if text is not None and (text.isascii() or place not in HEADERS_ARE_ASCII):
            break
    host = PLAIN if plain else rng.choice(HOSTS)
    request = _addressed(PLACES[place](text, rng), number, host, protocol, plain=plain)
    lost = {"capture.har": "no entry"} if left_open else LOST.get(place, {})
    return Send(number, tag, shape, place, host, protocol, plain, request, lost, left_open)


def _innocent(number: int, protocol: str, rng: random.Random) -> Send:
    """A request as any app makes, with nothing of the device in it."""
    body = {"trace": hexes(rng, 32), "time": 1700000000000 + rng.randrange(10**9), "count": rng.randrange(10**9), "word": "推荐", "noise": _b64(rng.randbytes(30))}  # fmt: skip
    host, version = rng.choice(HOSTS), "1.1" if protocol == "websocket" else protocol
    request = _addressed({"method": "POST", "json": body}, number, host, version, plain=False)
    return Send(number, None, "", "json", host, version, False, request)


def _addressed(request: dict[str, Any], number: int, host: str, protocol: str, *, plain: bool) -> dict[str, Any]:
    scheme = "wss" if protocol == "websocket" else "http" if plain else "https"
    more = request.pop("more_path", "")
    return {**request, "url": f"{scheme}://{host}/s/{number:02}" + (f"/{more}" if more else "")}


def profile(values: dict[str, list[str]]) -> dict[str, Any]:
    """The device's profile as a tester writes it."""
    return {"package": PACKAGE, "values": values}

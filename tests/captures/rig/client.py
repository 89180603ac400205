"""The app of the test: it sends what the plan says with real client libraries, which do the quoting, packing and framing."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import ssl
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli
import httpx
import websockets.asyncio.client
import zstandard

PACKERS = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def send_all(plan: list[dict[str, Any]], proxy: str) -> Callable[[], None]:
    """Send everything; sockets that stay open, as an app's do when the tester stops the proxy, are ended by what comes back."""
    loop, kept = asyncio.new_event_loop(), []
    with _client(proxy, two=False) as one, _client(proxy, two=True) as two:
        for send in plan:
            if send["protocol"] == "websocket":
                socket = loop.run_until_complete(_socket(send, proxy))
                kept += [socket] if socket else []
            else:
                _request(two if send["protocol"] == "2" else one, send)

    def end() -> None:
        for socket in kept:
            socket.transport.abort()
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()

    return end


def _client(proxy: str, *, two: bool) -> httpx.Client:
    return httpx.Client(http1=not two, http2=two, proxy=proxy, verify=False, timeout=30)


def _request(client: httpx.Client, send: dict[str, Any]) -> None:
    given = dict(send["request"])
    method, url, packing = given.pop("method"), given.pop("url"), given.pop("pack", "")
    headers = dict(given.pop("headers", {}))
    if "content" in given:
        given["content"] = base64.b64decode(given["content"])
    if "files" in given:
        given["files"] = [(name, (file, base64.b64decode(data), mime)) for name, file, data, mime in given["files"]]
    if "cookies" in given:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in given.pop("cookies").items())
    if packing:
        headers["Content-Encoding"] = packing
        given["content"] = PACKERS[packing](given["content"])
    if given.pop("chunked", False):
        given["content"] = _pieces(given["content"])
    answer = client.request(method, url, headers=headers, **given)
    answer.raise_for_status()
    wanted = {"1.1": "HTTP/1.1", "2": "HTTP/2"}[send["protocol"]]
    if answer.http_version != wanted:
        raise RuntimeError(f"{url} went by {answer.http_version}, not {wanted}")


def _pieces(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), 40):
        yield data[at : at + 40]


async def _socket(send: dict[str, Any], proxy: str) -> Any:
    context = ssl._create_unverified_context()
    socket = await websockets.asyncio.client.connect(send["request"]["url"], ssl=context, proxy=proxy, open_timeout=30)
    for kind, data in send["request"]["messages"]:
        await socket.send(data if kind == "text" else base64.b64decode(data))
        await asyncio.wait_for(socket.recv(), 30)
    if send["left_open"]:
        return socket
    await socket.close()
    return None


def plan_of(path: str) -> list[dict[str, Any]]:
    """The sends of a plan's file."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)["sends"]

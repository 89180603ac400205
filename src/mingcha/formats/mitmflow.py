"""mitmproxy's flow files: records of typed netstrings, one for each flow, HTTP with WebSocket messages, TCP, UDP and DNS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from mingcha.errors import FormatError
from mingcha.formats.exchange import Exchange, Message, Pair, Reading
from mingcha.formats.tnetstring import record

_OLDEST = 7
"""Format numbers before this one (mitmproxy 4, 2018) kept lists where names are now."""
_HEAD = 12


def looks_like_mitmflow(data: bytes | memoryview) -> bool:
    """Whether the file starts with the length of a record and the record is a dictionary of netstrings."""
    size, colon, rest = bytes(data[:64]).partition(b":")
    return bool(colon) and size.isdigit() and len(size) <= _HEAD and rest.partition(b":")[0].isdigit()


class Flows:
    """The flows of a file; walk over it once, then ask ``reading`` how it ended. Raises FormatError if it is none."""

    def __init__(self, data: bytes | memoryview) -> None:
        if not looks_like_mitmflow(data):
            raise FormatError("no flow file: it does not start with a netstring", 0)
        self._data = memoryview(data)
        self._version: int | None = None
        self._read = self._unreadable = 0
        self._stopped = False

    @property
    def reading(self) -> Reading:
        """How far the walk came."""
        tool = "mitmproxy" if self._version is None else f"mitmproxy flow format {self._version}"
        return Reading(tool, self._read, self._unreadable, self._stopped)

    def __iter__(self) -> Iterator[Exchange]:
        """Every flow that can be read, in the file's order; a record that is cut off or broken ends the walk."""
        self._read = self._unreadable = at = 0
        self._stopped = False
        while at < len(self._data):
            try:
                flow, at = record(self._data, at)
            except FormatError:
                self._stopped = True
                return
            found = self._exchange(flow)
            self._read += found is not None
            self._unreadable += found is None
            if found is not None:
                yield found

    def _exchange(self, flow: Any) -> Exchange | None:
        if not isinstance(flow, dict):
            return None
        version = flow.get("version")
        self._version = version if isinstance(version, int) else self._version
        if not isinstance(version, int) or version < _OLDEST:
            return None
        index = self._read + self._unreadable
        kind = flow.get("type")
        if kind == "http" and isinstance(flow.get("request"), dict):
            return _http(index, flow)
        return _raw(index, flow, kind) if kind in {"tcp", "udp"} else None


def _http(index: int, flow: dict[str, Any]) -> Exchange:
    request = flow["request"]
    response = flow.get("response")
    socket = flow.get("websocket")
    messages = _messages(socket, content=2, when=3, sender=1) if isinstance(socket, dict) else ()
    content = request.get("content")
    headers = tuple(_headers(request.get("headers")))
    status = response.get("status_code") if isinstance(response, dict) else 0
    return Exchange(
        index=index,
        started=_time(request.get("timestamp_start")),
        method=_text(request.get("method"))[:32],
        url=_url(request, headers),
        headers=headers,
        mime=next((value[:200] for name, value in headers if name.lower() == "content-type"), ""),
        body=content if isinstance(content, bytes) else b"",
        omitted=content is None,
        messages=messages,
        status=status if isinstance(status, int) and 0 < status < 1000 else 0,
        address=_peer(flow.get("server_conn")),
        kind="websocket" if messages else "http",
    )


def _raw(index: int, flow: dict[str, Any], kind: Literal["tcp", "udp"]) -> Exchange:
    server = flow.get("server_conn")
    name = _text(server.get("sni")) if isinstance(server, dict) else ""
    address = _peer(server)
    shut = isinstance(server, dict) and bool(server.get("tls"))
    return Exchange(
        index=index,
        started=_time(flow.get("timestamp_created")),
        method="",
        url=f"{'https' if shut else kind}://{name or address}",
        messages=_messages(flow, content=1, when=2, sender=0),
        address=address,
        kind=kind,
    )


def _messages(holder: dict[str, Any], *, content: int, when: int, sender: int) -> tuple[Message, ...]:
    rows = holder.get("messages")
    return tuple(
        Message(bool(row[sender]), _bytes(row[content]), _time(row[when]))
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, list) and len(row) > max(content, when, sender)
    )


def _headers(rows: Any) -> Iterator[Pair]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == 2:
            yield _text(row[0]), _text(row[1])


def _url(request: dict[str, Any], headers: tuple[Pair, ...]) -> str:
    """The address as the app saw it: the host it asked for, where the proxy only knows the machine."""
    scheme, port = _text(request.get("scheme")) or "http", request.get("port")
    asked = _text(request.get("authority")) or next((v for n, v in headers if n.lower() == "host"), "")
    host = asked or _text(request.get("host"))
    usual = {"http": 80, "https": 443}.get(scheme)
    if not asked and isinstance(port, int) and port != usual:
        host = f"{host}:{port}"
    return f"{scheme}://{host}{_text(request.get('path'))}"


def _peer(server: Any) -> str:
    for name in ("peername", "ip_address", "address"):
        pair = server.get(name) if isinstance(server, dict) else None
        if isinstance(pair, list) and pair:
            return _text(pair[0])[:64]
    return ""


def _time(value: Any) -> str:
    return (
        f"{value:.6f}"
        if isinstance(value, float) and abs(value) < 1e12
        else str(value)[:40]
        if isinstance(value, int)
        else ""
    )


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else _text(value).encode("utf-8", "replace")


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) else ""

"""A server for HTTP/1.1, HTTP/2 and WebSocket on loopback: it answers everything, and notes what came over which protocol."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import ipaddress
import json
import logging
import socket
import threading
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypercorn.asyncio import serve
from hypercorn.config import Config


class Server:
    """Runs in a thread of its own; ``log`` holds a row for every request and every socket."""

    def __init__(self, folder: Path, pages: dict[str, str]) -> None:
        self.log: list[dict[str, Any]] = []
        self._pages = pages
        self._tls, self._plain = _listening(), _listening()
        self.tls_port, self.plain_port = self._tls.getsockname()[1], self._plain.getsockname()[1]
        self._certificate = _certificate(folder)
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def paths(self) -> set[str]:
        """The paths that something was sent to; what a browser asks before it sends does not count."""
        return {row["path"] for row in list(self.log) if row["method"] != "OPTIONS"}

    def _run(self) -> None:
        config = Config()
        config.bind = [f"fd://{self._tls.fileno()}"]
        config.insecure_bind = [f"fd://{self._plain.fileno()}"]
        config.certfile, config.keyfile = self._certificate
        config.alpn_protocols = ["h2", "http/1.1"]
        config.graceful_timeout = config.shutdown_timeout = 1
        config.errorlog = logging.getLogger("rig")
        self._loop.run_until_complete(serve(self._app, config, shutdown_trigger=self._stop.wait))

    async def _app(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await {"http": self._http, "websocket": self._socket, "lifespan": _lifespan}[scope["type"]](
            scope, receive, send
        )

    async def _http(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            body, more = body + event.get("body", b""), event.get("more_body", False)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        row = {
            "path": scope["path"],
            "method": scope["method"],
            "protocol": scope["http_version"],
            "tls": scope["scheme"] == "https",
        }
        self.log.append(
            {
                **row,
                "size": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
                "packed": headers.get("content-encoding", ""),
            }
        )
        page = self._pages.get(scope["path"])
        answer = page.encode() if page is not None else b'{"ok":true}'
        kind = b"text/html; charset=utf-8" if page is not None else b"application/json"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind), *_let(headers)]})
        await send({"type": "http.response.body", "body": answer})

    async def _socket(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] == "websocket.receive":
            data = event.get("bytes") or (event.get("text") or "").encode()
            self.log.append(
                {
                    "path": scope["path"],
                    "method": "",
                    "protocol": "websocket",
                    "tls": scope["scheme"] == "wss",
                    "size": len(data),
                }
            )
            await send({"type": "websocket.send", "text": "ok"})


def _let(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Every page may ask for everything, with its cookies."""
    origin = headers.get("origin")
    if origin is None:
        return []
    wanted = headers.get("access-control-request-headers", "*")
    let = {"origin": origin, "headers": wanted, "methods": "GET, POST", "credentials": "true"}
    return [(f"access-control-allow-{name}".encode(), value.encode("latin-1")) for name, value in let.items()]


async def _lifespan(_: dict[str, Any], receive: Any, send: Any) -> None:
    while True:
        event = await receive()
        await send({"type": event["type"] + ".complete"})
        if event["type"] == "lifespan.shutdown":
            return


def _listening() -> socket.socket:
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    found.listen(64)
    found.setblocking(False)
    return found


def _certificate(folder: Path) -> tuple[str, str]:
    """A certificate that nobody trusts: the proxy is told not to look at it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rig.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("*.example"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = folder / "server.pem", folder / "server.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(*form))
    return str(files[0]), str(files[1])


def rows(server: Server, path: Path) -> None:
    """The log as a file."""
    path.write_text(json.dumps(server.log), "utf-8")

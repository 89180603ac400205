"""L3 and L4: what normal visitors notice while others hold connections open, or try passwords."""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.service.drills import world
from tests.service.drills.client import TOKEN, Browser, Server
from tests.service.postgres import free_port

ROOT = Path(__file__).parents[3]
BEAT = 1.0
"""Seconds between two bytes of a slow sender."""


def main() -> None:
    """Start the server, disturb it, look things up meanwhile."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("heads", "bodies", "logins", "quiet"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=400)
    parser.add_argument("--nginx", default="", help="the program, to be put in front as docs/operate.md says")
    parser.add_argument("--rate", type=float, default=50)
    given = parser.parse_args()
    world.begin()
    from mingcha.service import demo

    app = demo.app(demo.make(), "演示手电筒", "cn.mingcha.demo.flashlight").pk
    server, stop, told = Server(), threading.Event(), Counter[str]()
    slow: list[threading.Thread] = []
    front: Front | None = None
    try:
        server.start()
        Browser(server.port).get("/health")
        port = server.port
        if given.nginx:
            front = Front(given.nginx, server.port)
            port = front.port
        slow = _disturb(given, port, stop, told)
        time.sleep(min(3, given.seconds / 4))
        times, errors = _looked_up(
            port, f"/app/{app}/", given.seconds, "10.9.9.9" if given.kind == "logins" else "", told
        )
    finally:
        stop.set()
        if front is not None:
            front.stop()
        server.kill()
        [one.join() for one in slow]
    cuts = quantiles(times or [999], n=100) if len(times) > 1 else [999] * 99
    print(
        json.dumps(
            {
                "p50_ms": round(cuts[49] * 1000),
                "p95_ms": round(cuts[94] * 1000),
                "answered": len(times),
                "errors": errors,
                "told": told,
            }
        )
    )


class Front:
    """nginx with the configuration that docs/operate.md shows, without its TLS."""

    def __init__(self, program: str, behind: int) -> None:
        self.port = free_port()
        folder = Path(os.environ["MINGCHA_DATA"]) / "nginx"
        folder.mkdir()
        shown = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "operate.md").read_text("utf-8"), re.DOTALL)[0]
        kept = [line for line in shown.splitlines() if "ssl_" not in line]
        site = (
            "\n".join(kept)
            .replace("443 ssl http2", f"127.0.0.1:{self.port}")
            .replace("listen 80", f"listen 127.0.0.1:{free_port()}")
        )
        site = site.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace("Proto https", "Proto http")
        temporary = "".join(
            f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{ worker_connections 2048; }}\n"
            f"http {{ access_log off;\n{temporary}{site}\n}}\n"
        )
        self.process = subprocess.Popen([program, "-p", str(folder), "-c", "nginx.conf", "-e", f"{folder}/error.log"])
        time.sleep(1)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def _disturb(given: Any, port: int, stop: threading.Event, told: Counter[str]) -> list[threading.Thread]:
    work: Callable[..., None] = {"heads": _trickle, "bodies": _trickle, "logins": _guess, "quiet": _trickle}[given.kind]
    count = {"logins": 8, "quiet": 0}.get(given.kind, 1)
    made = [threading.Thread(target=work, args=(given, port, stop, told, at, count)) for at in range(count)]
    [one.start() for one in made]
    return made


def _trickle(given: Any, port: int, stop: threading.Event, told: Counter[str], *_: int) -> None:
    """Many connections, each of which sends a byte a second, within its head or within its body."""
    begun = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    if given.kind == "bodies":
        begun = f"POST /verify/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\na".encode()
    opened: list[socket.socket] = []
    while not stop.is_set():
        while len(opened) < given.connections and not stop.is_set():
            with suppress(OSError):
                source = f"127.0.{1 + told['opened'] // 200 % 200}.{1 + told['opened'] % 200}"
                one = socket.create_connection(("127.0.0.1", port), 5, source_address=(source, 0))
                one.sendall(begun)
                opened.append(one)
                told["opened"] += 1
        stop.wait(BEAT)
        for one in list(opened):
            try:
                one.send(b"x")
            except OSError:
                told["closed by the server"] += 1
                opened.remove(one)
    for one in opened:
        one.close()


def _guess(given: Any, port: int, stop: threading.Event, told: Counter[str], at: int, count: int) -> None:
    """Wrong passwords, for one name after another, from one address after another, at an even rate."""
    browser = Browser(port, timeout=30)
    due = time.monotonic() + at / given.rate
    tried = at
    while not stop.wait(max(0, due - time.monotonic())):
        browser.address = f"10.1.{tried >> 8 & 255}.{tried & 255}"
        try:
            status, _ = browser.post("/accounts/login/", login=f"name-{tried}", password="wrong-password")
            told[str(status)] += 1
        except ConnectionError:
            told["no answer"] += 1
        tried += count
        due += count / given.rate


def _looked_up(port: int, path: str, seconds: float, address: str, told: Counter[str]) -> tuple[list[float], int]:
    """One visitor after another, four in a second; a time for each that was answered."""
    times: list[float] = []
    errors, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        browser, began = Browser(port, timeout=10, address=address), time.monotonic()
        try:
            status, _ = browser.get(path)
            errors += status != 200
            told[f"look-up {status}"] += 1
        except ConnectionError:
            errors += 1
        times.append(time.monotonic() - began)
        browser.connection.close()
        time.sleep(max(0, 0.25 - times[-1]))
    return times, errors


if __name__ == "__main__":
    main()

"""One whole capture: python session.py PLAN FOLDER PART [CHROMIUM]; PART is "client" or "browser".

A server, mitmdump in front of it, and a client that sends the plan; everything on loopback. Writes flows.mitm, capture.har (and
browser.har), server.json and tools.json.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from client import plan_of, send_all
from server import Server, rows

HERE = Path(__file__).parent
SECONDS = 45
"""A session that takes longer is stopped, and says where it stood."""


def main(plan: str, folder: Path, part: str, chromium: str = "") -> None:
    """Capture, and leave only when everything that was started has ended."""
    given = json.loads(Path(plan).read_text("utf-8"))
    tools = {"mitmproxy": version("mitmproxy")}
    end = None
    with Server(folder, given.get("pages", {})) as server:
        with _proxy(folder, server) as proxy:
            if part == "client":
                end = send_all(plan_of(plan), proxy)
            else:
                from browse import browse

                tools |= {"playwright": version("playwright")}
                wanted = set(given["paths"])
                har = folder / "browser.har"
                tools["chromium"] = browse(given["start"], proxy, chromium, har, lambda: wanted <= server.paths())
            time.sleep(0.3)  # until the proxy has the answers as well
        if end:
            end()
        rows(server, folder / "server.json")
    (folder / "tools.json").write_text(json.dumps(tools), "utf-8")


@contextmanager
def _proxy(folder: Path, server: Server) -> Iterator[str]:
    """mitmdump as a tester starts it, until it has written its files."""
    port = _free_port()
    command = [
        str(Path(sys.executable).parent / "mitmdump"), "-q", "--listen-host", "127.0.0.1", "--listen-port", str(port), "-w", str(folder / "flows.mitm"),
        "--set", f"hardump={folder / 'capture.har'}", "--set", f"confdir={folder / 'ca'}", "--set", "ssl_insecure=true", "-s", str(HERE / "redirect.py"),
    ]  # fmt: skip
    ports = {"RIG_TLS_PORT": str(server.tls_port), "RIG_PLAIN_PORT": str(server.plain_port)}
    with (
        (folder / "mitmdump.log").open("wb") as log,
        subprocess.Popen(command, env=os.environ | ports, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        if process.poll() is not None:
            raise RuntimeError(f"mitmdump ended with {process.returncode}")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("mitmdump does not listen")


if __name__ == "__main__":
    faulthandler.dump_traceback_later(SECONDS, exit=True)
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:5])

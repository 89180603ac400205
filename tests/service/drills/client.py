"""A real server of a drill's installation, and a browser's manners towards it: cookies, tokens, forms; nothing but the standard library."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

from tests.service.postgres import free_port

TOKEN = "a" * 32


class Server:
    """Granian as the product starts it, in a group of its own, so that a kill meets all of it at once."""

    def __init__(self, workers: int = 2) -> None:
        self.port = free_port()
        self.workers = workers
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        from mingcha.service.serving import web_command

        command = web_command("127.0.0.1", self.port, self.workers)
        with open(os.path.join(os.environ["MINGCHA_DATA"], "server.log"), "ab") as log:
            self.process = subprocess.Popen(command, start_new_session=True, stdout=log, stderr=log)
        self.ready()

    def ready(self, patience: float = 60) -> int:
        """Wait until it answers at all; with what."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            with suppress(OSError):
                return Browser(self.port).get("/health")[0]
            time.sleep(0.05)
        raise TimeoutError("the server does not answer")

    def cpu(self) -> float:
        """Seconds of processor that all its processes have used."""
        assert self.process is not None
        stats = [one.read_text().rpartition(") ")[2].split() for one in Path("/proc").glob("[0-9]*/stat")]
        ticks = sum(int(one[11]) + int(one[12]) for one in stats if int(one[2]) == self.process.pid)
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """`kill -9`, every process of it."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Browser:
    """One person's browser: one connection, his session, a form token."""

    def __init__(self, port: int, session: str = "", *, address: str = "", timeout: float = 60) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.port, self.session, self.address = port, session, address

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Send a form; gives status and where it leads, or the page."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        try:
            self.connection.request(method, path, body, self._headers())
            answer = self.connection.getresponse()
            page = answer.read().decode(errors="replace")
        except (http.client.HTTPException, OSError) as problem:
            self.connection.close()
            raise ConnectionError(str(problem) or type(problem).__name__) from problem
        return answer.status, answer.headers.get("Location", "") or page

    def _headers(self) -> dict[str, str]:
        cookies = f"csrftoken={TOKEN}" + (f"; sessionid={self.session}" if self.session else "")
        told = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        if self.address:  # as a proxy with TLS in front says it
            told |= {
                "X-Forwarded-For": self.address,
                "X-Forwarded-Proto": "https",
                "Referer": f"https://127.0.0.1:{self.port}/",
            }
        return told


def signed_in(account: object) -> str:
    """A session of an account that has just shown password and second factor."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()  # type: ignore[attr-defined]
    session.save()
    return str(session.session_key)

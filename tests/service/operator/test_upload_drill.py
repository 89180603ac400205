"""U1 over HTTP: the server is killed at ten random moments of an upload of 200 MB, which goes on each time where it stopped."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SIZE, PART, KILLS = 200 << 20, 8 << 20, 10
TOKEN = "c" * 32
SEATED = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from importlib import import_module
from django.conf import settings
from mingcha.service.actions.acting import VISITOR, perform
account = perform("account", "create", VISITOR, None, {"username": "drill", "password": "long-enough-7781"})
store = import_module(settings.SESSION_ENGINE).SessionStore()
store["_auth_user_id"], store["_auth_user_hash"] = str(account.pk), account.get_session_auth_hash()
store["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
store.save()
print(store.session_key)
"""


class Server:
    """The real web server over one data folder, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = free()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MINGCHA")}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "mingcha.service.settings",
            "MINGCHA_MODE": "test",
            "MINGCHA_DATA": str(folder),
        }
        self.uploads = folder / "uploads" / "files"
        made = subprocess.run(
            [sys.executable, "-c", SEATED], env=self.environment, check=True, capture_output=True, text=True
        )
        self.session = made.stdout.split()[-1]
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = [
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--workers",
            "1",
            "--no-ws",
            "--log-level",
            "critical",
        ]
        command = [sys.executable, "-m", "granian", *words, "mingcha.service.wsgi:application"]
        self.running = subprocess.Popen(command, env=self.environment, start_new_session=True)
        for _ in range(300):
            try:
                return self.asked("GET", "/health")[0] and None
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        assert self.running is not None
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()

    def asked(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            cookies = f"sessionid={self.session}; csrftoken={TOKEN}"
            connection.request(
                method,
                path,
                body,
                {"Cookie": cookies, "X-CSRFToken": TOKEN}
                | {name.replace("_", "-"): value for name, value in headers.items()},
            )
            answer = connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as problem:
            raise ConnectionError from problem
        finally:
            connection.close()
        return answer.status, json.loads(text) if text.startswith(b"{") else {}


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.long
def test_an_upload_survives_ten_kills_of_the_server(tmp_path: Path) -> None:
    """It goes on each time at the last certain byte, no kill costs more than one part, the hash is right, and a sweep leaves nothing."""
    from mingcha.service.intake.uploads import Uploads

    chance = random.Random(62)
    server = Server(tmp_path)
    server.start()
    data = chance.randbytes(SIZE)
    begun = server.asked(
        "POST", "/upload/begin", f"name=a.apk&size={SIZE}", Content_Type="application/x-www-form-urlencoded"
    )
    key, at, sent, kills = begun[1]["id"], 0, 0, sorted(chance.sample(range(SIZE // PART), KILLS))
    try:
        while at < SIZE:
            part = data[at : at + PART]
            if kills and at // PART >= kills[0]:
                kills.pop(0)
                threading.Timer(chance.random() * 0.1, server.kill).start()
            sent += 1
            try:
                status, told = server.asked(
                    "PUT",
                    f"/upload/{key}/put",
                    part,
                    Upload_Offset=str(at),
                    Upload_Sha256=hashlib.sha256(part).hexdigest(),
                )
                assert status == 200, told
                at = told["received"]
            except OSError:
                pass
            if server.running is not None and ended(server.running):
                server.start()
                at = server.asked("GET", f"/upload/{key}/status")[1]["received"]
        assert server.asked("POST", f"/upload/{key}/finish")[1]["sha256"] == hashlib.sha256(data).hexdigest()
    finally:
        server.kill()
    assert not kills
    assert sent <= SIZE // PART + KILLS
    assert len(Uploads(server.uploads).sweep(time.time() + 2 * 86_400)) == 1
    assert list(server.uploads.iterdir()) == []


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the kill that was planned has come; one that is on its way is waited for."""
    for _ in range(15):
        if process.poll() is not None:
            return True
        if threading.active_count() == 1:
            return process.poll() is not None
        time.sleep(0.02)
    return process.poll() is not None

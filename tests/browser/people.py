"""A real server, a real browser, and people who sign in and click; nothing is written behind the pages."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

SHANGHAI = timezone(timedelta(hours=8))
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Server:
    """`mingcha serve` in mode `test`, with the passwords it printed."""

    url: str
    folder: Path
    passwords: dict[str, str] = field(default_factory=dict)

    def at(self, moment: str) -> None:
        """Set the legal clock."""
        wanted = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        (self.folder / "clock").write_text(str((wanted - datetime.now(UTC)).total_seconds()))

    def wait(self, path: str, seconds: float) -> int:
        """Until a page answers 200; the last status otherwise."""
        until, status = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                    return int(answer.status)
            except HTTPError as error:
                status = error.code
            except (URLError, OSError):
                pass
            time.sleep(0.2)
        return status


@contextmanager
def server(folder: Path, database: str | None, moment: str, **environment: str) -> Iterator[Server]:
    """Start it on a free port; stop it, and everything it started, at the end."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    made = Server(f"http://127.0.0.1:{port}", folder)
    folder.mkdir(parents=True, exist_ok=True)
    made.at(moment)
    wanted = os.environ | {
        "MINGCHA_MODE": "test", "MINGCHA_DATA": str(folder / "data"), "MINGCHA_TEST_CLOCK": str(folder / "clock"), "MINGCHA_URL": made.url,
        "MINGCHA_TICK": "1", "PYTHONUNBUFFERED": "1", **environment,
    }  # fmt: skip
    wanted.pop("DJANGO_SETTINGS_MODULE", None)
    wanted.pop("MINGCHA_DATABASE_URL", None)
    if database is not None:
        wanted["MINGCHA_DATABASE_URL"] = database
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mingcha", "serve", "--port", str(port)],
            env=wanted,
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        try:
            status = made.wait("/", 60)
            text = (folder / "server.log").read_text()
            assert status == 200, f"/ answers {status} after 60 s:\n{text[-3000:]}"
            made.passwords = dict(re.findall(r"^  (\w+) +(\S+)$", text, re.MULTILINE))
            yield made
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def code(secret: str, half_minute: int) -> str:
    """The six digits of an authenticator app (RFC 6238) for one half minute, counted since 1970."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", half_minute), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


@contextmanager
def browser() -> Iterator[Any]:
    """Headless Chromium."""
    from playwright.sync_api import sync_playwright

    found = next(path for path in BROWSERS if Path(path).exists())
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield made
        made.close()


class Person:
    """One person at a browser of his own."""

    def __init__(self, server: Server, browser: Any, name: str = "") -> None:
        self.server, self.name = server, name
        self.page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN").new_page()
        self.page.set_default_timeout(15_000)
        self.secret, self.shown = "", 0

    def goto(self, path: str) -> Any:
        """Open a page of the server; it must answer."""
        answer = self.page.goto(self.server.url + path)
        assert answer.status < 400, f"{path}: {answer.status}\n{self.page.inner_text('body')[:600]}"
        return self.page

    def sign_in(self) -> Person:
        """With password; the first time an authenticator app is set up, after that its code is shown."""
        self._password()
        self.goto("/accounts/2fa/totp/activate/")
        if "reauthenticate" in self.page.url:
            self.page.fill("input[name=password]", self.server.passwords[self.name])
            self._submit("input[name=password]")
        self.secret = self.page.input_value("#authenticator_secret")
        self._show_code()
        return self.sign_in_again()

    def sign_in_again(self) -> Person:
        """With password and the authenticator's code."""
        self._password()
        self._show_code()
        return self

    def _show_code(self) -> None:
        """A code nobody has used: each is taken once, and a neighbouring half minute's is taken too.

        This half minute's is shown where it can be, so that one that ends on the way is still taken.
        """
        self.shown = max(self.shown + 1, int(time.time()) // 30)
        while self.shown > int(time.time()) // 30 + 1:
            time.sleep(0.2)
        self.page.fill("input[name=code]", code(self.secret, self.shown))
        self._submit("input[name=code]")
        assert self.page.locator("input[name=code]").count() == 0, self.page.inner_text("main")[:400]

    def _password(self) -> None:
        self.page.context.clear_cookies()
        self.goto("/accounts/login/")
        self.page.fill("input[name=login]", self.name)
        self.page.fill("input[name=password]", self.server.passwords[self.name])
        self._submit("input[name=password]")

    def _submit(self, field: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(
                f"form:has({field}) button[type=submit], form:has({field}) button:not([type])"
            ).first.click()

    def press(self, name: str) -> None:
        """Follow a link or push a button by its words."""
        target = (
            self.page.get_by_role("link", name=name, exact=True)
            .or_(self.page.get_by_role("button", name=name, exact=True))
            .first
        )
        with self.page.expect_navigation():
            target.click()
        self._answered()

    def act(self, path: str, verb: str, **fields: str) -> None:
        """On the page of a thing: follow the link of a verb, fill in its form, send it; it must be done."""
        self.goto(path)
        self.press(verb)
        for name, value in fields.items():
            self.fill(name.replace("__", ":"), value)
        self.send()

    def fill(self, name: str, value: str) -> None:
        """One field, whatever it is; of a choice the first option that holds the words."""
        field = self.page.locator(f'[name="{name}"]').first
        if field.evaluate("e => e.tagName") == "SELECT":
            options = field.locator("option").all_inner_texts()
            field.select_option(label=next(text for text in options if value in text))
        else:
            field.fill(value)

    def send(self) -> None:
        """Push the button of the page's form."""
        with self.page.expect_navigation():
            self.page.locator("main form:not([method=get]) button").last.click()
        self._answered()

    def _answered(self) -> None:
        problem = self.page.locator(".errors")
        assert problem.count() == 0, f"{self.name} at {self.page.url}: {problem.first.inner_text()}"
        assert "没有权限" not in self.page.title(), f"{self.name} may not: {self.page.url}"

    def patiently(self, done: Any, seconds: float = 150) -> None:
        """Until it is so."""
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, f"never came about: {self.page.url}\n{self.text()[:800]}"
            self.page.wait_for_timeout(300)

    def text(self) -> str:
        """What the page says."""
        return str(self.page.inner_text("main"))

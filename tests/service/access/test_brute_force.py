"""Guessing passwords, second factors and codes (H1): counted together by all workers, and no stranger locks staff out of their passkeys."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

PASSWORD = "a long enough secret 7"
WRONG = "not the secret at all 8"
LOGIN = "/accounts/login/"


class Worker:
    """One process of the service, asked over a pipe."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.service.access.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def post(self, path: str, address: str, **fields: str) -> dict[str, Any]:
        """What a try was answered."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"path": path, "address": address, "fields": fields}) + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def end(self) -> None:
        """Close the pipe; it leaves by itself."""
        self._process.communicate(timeout=20)


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Worker, Worker]]:
    """Two workers on one database of their own, with one account and one complaint."""
    folder = tmp_path_factory.mktemp("workers")
    environment = {
        **os.environ,
        "MINGCHA_DATA": str(folder),
        "MINGCHA_DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "MINGCHA_TEST_CLOCK": "",
    }
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BEGIN], env=environment, capture_output=True, text=True, timeout=120
    )
    assert made.returncode == 0, made.stderr
    both = Worker(environment), Worker(environment)
    yield both
    for one in both:
        one.end()


_BEGIN = f"""
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from mingcha.service import clock
from mingcha.service.intake import codes
from mingcha.service.models import Account, Authority, Complaint
from django.conf import settings
for name in ("known", "staff"):
    Account.objects.create_user(username=name, password={PASSWORD!r})
office = Authority.objects.create(name="x", code="x")
Complaint.objects.create(kind="report", number="N1", code=codes.stored("AAAA2222BBBB", settings.CONFIGURATION.secret("codes").encode()),
                         subject_name="x", category="other", narrative="x", authority=office, received=clock.now())
"""


def test_wrong_passwords_are_counted_by_all_workers_together(workers: tuple[Worker, Worker]) -> None:
    """H1: after five wrong passwords, three at one worker and two at the other, from five addresses, neither takes the right one."""
    first, second = workers
    for at, worker in enumerate((first, second, first, second, first)):
        assert worker.post(LOGIN, f"192.0.2.{at}", login="known", password=WRONG)["status"] == 200
    for worker in workers:
        answer = worker.post(LOGIN, "198.51.100.9", login="known", password=PASSWORD)
        assert answer["status"] == 200, "not signed in: the count of the other worker holds here"
    assert first.post(LOGIN, "198.51.100.9", login="staff", password=PASSWORD)["status"] == 302, (
        "others sign in as before"
    )


def test_codes_of_receipts_are_counted_by_all_workers_together(workers: tuple[Worker, Worker]) -> None:
    """H1: ten tries an hour from one address over both workers; the eleventh is refused although number and code are right."""
    right = {"number": "N1", "code": "AAAA-2222-BBBB"}
    for at in range(10):
        answer = workers[at % 2].post("/track/", "192.0.2.77", number="N1", code="CCCC-3333-DDDD")
        assert answer["status"] == 422
    for worker in workers:
        assert worker.post("/track/", "192.0.2.77", **right)["status"] == 422
    assert workers[0].post("/track/", "192.0.2.78", **right)["place"] == "/mine/", "another address is not held up"


def test_ten_tries_in_any_hour(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """H1: the hour is any hour, not one of the clock: each try gives its place back when an hour has passed since it."""
    from types import SimpleNamespace

    from django.core.cache.backends import base
    from django.test import RequestFactory

    from mingcha.service import passing
    from mingcha.service.access import limits

    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    moment = {"now": 0.0}
    for module in (base, passing):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: 1_800_000_000 + moment["now"]))

    def tried(minute: float) -> bool:
        moment["now"] = minute * 60
        return limits.allowed(request, "h1", 10, 3600)

    assert all(tried(minute) for minute in range(50, 60))
    assert not tried(60.5), "another hour of the clock, the same hour for us"
    assert not tried(109.5)
    assert [tried(110.5), tried(110.5)] == [True, False], "the first try is an hour ago, the second is not"


def test_guessing_codes_is_hopeless() -> None:
    """H1: 10,000 addresses at ten tries an hour against a million live receipts of 60 bits meet one in an hour with less than 1e-6."""
    from mingcha.service.intake import codes
    from mingcha.service.pages.complaining import tracking

    space = len(set(codes.ALPHABET)) ** codes.LENGTH
    assert space == 2**60
    tries = 10_000 * tracking.TRIES
    assert tries * 1_000_000 / space < 1e-6


def test_strangers_cannot_push_counts_out_of_the_table(db: None) -> None:
    """H1: the count of an account under attack survives a thousand other counts: the table of the shared cache is not culled early."""
    from django.core.cache import cache

    cache.set("zz-count-of-staff", [1, 2, 3, 4, 5], 300)
    cache.set("00-count-of-staff", [1, 2, 3, 4, 5], 300)
    for at in range(1000):
        cache.add(f"limit:flood:{at}", 1, 300)
    assert cache.get("zz-count-of-staff") == cache.get("00-count-of-staff") == [1, 2, 3, 4, 5]


@pytest.fixture
def staff(made: Any) -> Any:
    """A case handler with a password."""
    account = made.account("handler-a")
    account.set_password(PASSWORD)
    account.save()
    return account


def test_the_second_factor_is_counted_too(made: Any, staff: Any) -> None:
    """H1: five wrong codes after the right password, from five addresses; then the right code of the authenticator is refused too."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    Authenticator.objects.filter(user=staff).delete()
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(staff, secret)
    for at in range(5):
        browser = _half_in(f"192.0.2.{at}")
        assert browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    right = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
    late = _half_in("192.0.2.200").post("/accounts/2fa/authenticate/", {"code": right})
    assert late.status_code == 200, "still at the form: the right code came too late"


def _half_in(address: str) -> Any:
    """A browser that gave the right password and owes the second factor."""
    from django.test import Client

    browser = Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=address)
    answer = browser.post(LOGIN, {"login": "handler-a", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    return browser


def test_a_stranger_does_not_lock_staff_out_of_their_passkey(made: Any, staff: Any) -> None:
    """H1: while the password is locked by a stranger's tries, the passkey of the same account signs in, and the desk opens."""
    from django.test import Client

    key = Passkey(staff)
    for at in range(7):
        Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=f"192.0.2.{at}").post(
            LOGIN, {"login": "handler-a", "password": WRONG}
        )
    browser = Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR="198.51.100.1")
    assert browser.post(LOGIN, {"login": "handler-a", "password": PASSWORD}).status_code == 200, (
        "the password is locked"
    )
    asked = browser.get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"}).json()
    challenge = asked["request_options"]["publicKey"]["challenge"]
    answer = browser.post("/accounts/2fa/webauthn/login/", {"credential": json.dumps(key.answer(challenge))})
    assert answer.status_code == 302
    assert browser.get("/desk/").status_code == 200


class Passkey:
    """An authenticator in software: one P-256 key, registered for an account, that answers challenges."""

    def __init__(self, account: Any) -> None:
        from allauth.mfa.models import Authenticator
        from cryptography.hazmat.primitives.asymmetric import ec

        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = b"passkey-of-a-test"
        self.user = account.pk
        Authenticator.objects.create(
            user=account,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "x", "credential": self._registration()},
        )

    def _registration(self) -> dict[str, Any]:
        from fido2.cbor import encode
        from fido2.cose import ES256

        cose = encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + cose
        data = self._data(0x45) + attested
        statement = encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = json.dumps({"type": "webauthn.create", "challenge": "", "origin": "http://127.0.0.1"}).encode()
        response = {"clientDataJSON": _web(client), "attestationObject": _web(statement)}
        return {
            "id": _web(self.id),
            "rawId": _web(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(b"127.0.0.1").digest() + bytes([flags]) + struct.pack(">I", 1)

    def answer(self, challenge: str) -> dict[str, Any]:
        """A challenge, signed."""
        from allauth.account.utils import user_pk_to_url_str
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        from mingcha.service.models import Account

        client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": "http://127.0.0.1"}).encode()
        data = self._data(0x05)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        handle = user_pk_to_url_str(Account.objects.get(pk=self.user)).encode()
        response = {
            "clientDataJSON": _web(client),
            "authenticatorData": _web(data),
            "signature": _web(signed),
            "userHandle": _web(handle),
        }
        return {
            "id": _web(self.id),
            "rawId": _web(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }


def _web(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_behind_a_proxy_each_client_has_its_own_address() -> None:
    """H1: over TLS the limits by address count the address that the proxy names last, not the proxy's own nor one the client made up."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PROXY],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "MINGCHA_TLS": "yes"},
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == ["203.0.113.5", "203.0.113.5"]


_PROXY = """
import django, json
django.setup()
from django.test import RequestFactory
from allauth.core.internal.httpkit import get_client_ip
from mingcha.service.access.limits import address
request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.66, 203.0.113.5")
print(json.dumps([address(request), get_client_ip(request)]))
"""

"""Every route has its rule, every unsafe one asks for the token against forged requests, every answer has its headers (A1, C1, C2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.access import survey, world

_UNSAFE = ("post", "put", "patch", "delete")
_OURS = ("account_", "mfa_")


def test_every_route_has_a_rule_and_every_rule_a_route(db: None) -> None:
    """A route without a rule fails the build, and so does a rule for a route that is gone; allauth's own routes guard themselves."""
    from mingcha.service.access.rules import RULES

    names = {route.name for route in survey.routes() if not route.name.startswith(_OURS)}
    assert None not in names
    assert names - set(RULES) == set(), "routes without a rule"
    assert set(RULES) - names == set(), "rules without a route"


def test_a_route_without_a_rule_lets_nobody_in(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgetting a rule closes the route, also to an administrator."""
    from mingcha.service.access.rules import RULES

    monkeypatch.delitem(RULES, "about")
    monkeypatch.delitem(RULES, "api:apps")
    for doer in ("visitor", "admin", "handler-a"):
        browser = survey.client(made, doer)
        assert browser.get("/about/").status_code == 403
        assert browser.get("/api/v1/apps").status_code == 403


def _addresses(made: world.World) -> list[str]:
    from django.urls import reverse

    found = []
    for route in survey.routes():
        _, arguments = next(iter(survey.places(route, made)))
        found.append(reverse(route.name, kwargs=arguments))
    return found


@pytest.mark.parametrize("doer", ["visitor", "complainant-a", "handler-a"])
def test_no_unsafe_request_passes_without_its_token(made: Any, doer: str) -> None:
    """C1: POST, PUT, PATCH and DELETE of every route of the URL table without the token are 403, signed in or not."""
    browser = survey.client(made, doer)
    browser.handler.enforce_csrf_checks = True
    passed = [
        (method, address, answer.status_code)
        for address in _addresses(made)
        for method in _UNSAFE
        if (answer := getattr(browser, method)(address, "{}", content_type="application/json")).status_code != 403
    ]
    assert passed == []


def test_no_unsafe_request_passes_from_another_origin(made: Any) -> None:
    """C1: with the right token in cookie and header, but the origin of another site, every POST is 403."""
    from django.middleware.csrf import _get_new_csrf_string

    browser = survey.client(made, "handler-a")
    browser.handler.enforce_csrf_checks = True
    token = _get_new_csrf_string()
    browser.cookies["csrftoken"] = token
    foreign = {"X-CSRFToken": token, "Origin": "https://evil.example"}
    passed = [
        (address, answer.status_code)
        for address in _addresses(made)
        if (answer := browser.post(address, "{}", content_type="application/json", headers=foreign)).status_code != 403
    ]
    assert passed == []
    case = made.a.things["case-secret"].pk
    own = {"X-CSRFToken": token, "Origin": "http://127.0.0.1"}
    answer = browser.post(f"/api/v1/case/{case}/note", '{"text": "x"}', content_type="application/json", headers=own)
    assert answer.status_code == 200, "the same request from our own pages passes: the refusals above are the origin's"


def test_settings_hold_the_shields_up() -> None:
    """C2: the middleware is there and in its order, cookies are closed to scripts, and TLS brings HSTS and secure cookies."""
    from django.conf import settings

    order = [
        "django.middleware.security.SecurityMiddleware",
        "mingcha.service.access.headers.Headers",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "mingcha.service.access.gate.Gate",
    ]
    assert [one for one in settings.MIDDLEWARE if one in order] == order
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.DEBUG is False


def test_production_sends_hsts_and_secure_cookies(tmp_path: Any) -> None:
    """C2: in mode production every answer over TLS has HSTS, cookies are secure, and a plain request is sent to TLS."""
    import json
    import os
    import subprocess
    import sys

    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PRODUCTION], capture_output=True, text=True, timeout=60,
        env={**os.environ, "MINGCHA_MODE": "production", "MINGCHA_DATA": str(tmp_path), "MINGCHA_DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3", "MINGCHA_TEST_CLOCK": ""},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert found["hsts"] == "max-age=31536000"
    assert found["plain"] == [301, "https://127.0.0.1/privacy/"]
    assert found["secure"] == [True, True]


_PRODUCTION = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
browser = Client(SERVER_NAME="127.0.0.1")
safe, plain = browser.get("/privacy/", secure=True), browser.get("/privacy/")
print(json.dumps({"hsts": safe.headers.get("Strict-Transport-Security"), "plain": [plain.status_code, plain.headers.get("Location")],
                  "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE]}))
"""

"""Uploads in parts over HTTP: resumed, never mixed, each its sender's alone (U1, U2)."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("db")
PART = 1 << 16
DATA = random.Random(6).randbytes(5 * PART + 17)


def begun(browser: Any, size: int = len(DATA), **more: Any) -> str:
    answer = browser.post("/upload/begin", {"name": "app.apk", "size": size} | more)
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["id"])


def put(browser: Any, key: str, offset: int, part: bytes, digest: str | None = None) -> Any:
    headers = {"Upload-Offset": str(offset), "Upload-Sha256": digest or hashlib.sha256(part).hexdigest()}
    return browser.put(f"/upload/{key}/put", part, content_type="application/octet-stream", headers=headers)


def whole(browser: Any, data: bytes = DATA) -> str:
    """A finished upload."""
    key = begun(browser, len(data))
    for at in range(0, len(data), PART):
        assert put(browser, key, at, data[at : at + PART]).status_code == 200
    assert browser.post(f"/upload/{key}/finish").json()["sha256"] == hashlib.sha256(data).hexdigest()
    return key


def test_an_upload_goes_on_where_it_stopped(firm: Any) -> None:
    """After a break the status says where to go on; a part sent twice changes nothing; the hash of the whole is right."""
    browser = firm.browser("operator")
    key = begun(browser)
    for at in (0, PART, PART):
        assert put(browser, key, at, DATA[at : at + PART]).status_code == 200
    again = firm.browser("operator")
    assert again.get(f"/upload/{key}/status").json()["received"] == 2 * PART
    for at in range(2 * PART, len(DATA), PART):
        assert put(again, key, at, DATA[at : at + PART]).status_code == 200
    for _ in range(2):
        assert again.post(f"/upload/{key}/finish").json()["sha256"] == hashlib.sha256(DATA).hexdigest()


def test_gaps_changes_and_wrong_hashes_are_refused_with_the_place_to_go_on(firm: Any) -> None:
    """Out of order 409 with the expected byte, other content 409, wrong hash 422, beyond the end 413, finished too soon 409."""
    browser = firm.browser("operator")
    key = begun(browser)
    assert put(browser, key, 0, DATA[:PART]).status_code == 200
    gap = put(browser, key, 2 * PART, DATA[:PART])
    assert (gap.status_code, gap.json()["expected"]) == (409, PART)
    assert put(browser, key, 0, b"x" * PART).status_code == 409
    assert put(browser, key, PART, DATA[PART : 2 * PART], "0" * 64).status_code == 422
    assert put(browser, key, PART, DATA).status_code == 413
    early = browser.post(f"/upload/{key}/finish")
    assert (early.status_code, early.json()["expected"]) == (409, PART)
    assert browser.get(f"/upload/{key}/status").json()["received"] == PART


def test_two_clients_on_one_upload_end_with_one_file(firm: Any) -> None:
    """Both send every part in turn; what one sent the other need not, and the file is whole."""
    one, other = firm.browser("operator"), firm.browser("operator")
    key = begun(one)
    for at in range(0, len(DATA), PART):
        assert [put(who, key, at, DATA[at : at + PART]).status_code for who in (one, other)] == [200, 200]
    assert other.post(f"/upload/{key}/finish").json()["sha256"] == hashlib.sha256(DATA).hexdigest()


def test_an_upload_is_its_senders_alone(firm: Any) -> None:
    """With the very key another account and a visitor find nothing, put nothing and finish nothing."""
    key = begun(firm.browser("operator"))
    for stranger in (firm.browser("rival"), firm.browser("clerk"), firm.browser()):
        assert stranger.get(f"/upload/{key}/status").status_code == 404
        assert put(stranger, key, 0, DATA[:PART]).status_code == 404
        assert stranger.post(f"/upload/{key}/finish").status_code == 404
    for wrong in (key.partition(".")[0], key[:-1], "..%2F..%2Fkeys", "x"):
        assert firm.browser("operator").get(f"/upload/{wrong}/status").status_code == 404


def test_whoever_has_no_account_works_first(firm: Any) -> None:
    """A visitor begins no upload without proof of work, and no upload is too big, empty or of no size."""
    assert firm.browser().post("/upload/begin", {"name": "a", "size": 10}).status_code == 429
    for size, status in ((0, 422), (-1, 422), ("x", 422), ((2 << 30) + 1, 413)):
        assert firm.browser("operator").post("/upload/begin", {"name": "a", "size": size}).status_code == status


def test_every_unsafe_request_needs_the_token(firm: Any) -> None:
    """Without the CSRF token nothing begins, grows or ends."""
    from django.test import Client

    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    browser.force_login(
        firm.office.made.accounts["operator"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert browser.post("/upload/begin", {"name": "a", "size": 10}).status_code == 403
    assert put(browser, "x", 0, b"x").status_code == 403
    assert browser.post("/upload/x/finish").status_code == 403


def test_a_form_takes_what_was_uploaded_in_parts(firm: Any) -> None:
    """A self-check is begun with an uploaded package, byte for byte; another account's upload is not taken."""
    from pathlib import Path

    from mingcha.service.models import SelfCheck

    data = (Path(__file__).parents[3] / "demo" / "flashlight-fixed.apk").read_bytes()
    browser = firm.browser("operator")
    address = f"/operator/apps/{firm.subject.pk}/check/"
    stolen = whole(firm.browser("rival"), data)
    assert browser.post(address, {"sample_upload": stolen}).status_code == 422
    key = whole(browser, data)
    assert browser.post(address, {"sample_upload": key}).status_code == 302
    sample = SelfCheck.objects.get().version.sample
    assert (sample.sha256, sample.name) == (hashlib.sha256(data).hexdigest(), "app.apk")
    assert browser.get(f"/upload/{key}/status").status_code == 404, "what was taken is forgotten"

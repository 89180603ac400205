"""The API: the same verbs and the same values as the pages, tokens that never give more than their account, refusals in both languages."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.service.access import survey

JSON = "application/json"


def _token(made: Any, name: str) -> str:
    answer = survey.client(made, name).post("/api/v1/tokens", {"name": "x", "days": 30}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["token"])


def _bearer(token: str) -> Any:
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1", headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)


def test_a_token_reads_and_acts_as_its_account(made: Any) -> None:
    """With a token, without session and without the token of forms, its account's cases are read and a note is written in its name."""
    from mingcha.service.ledger import events_of

    case = made.a.things["case-secret"]
    program = _bearer(_token(made, "handler-a"))
    assert program.get(f"/api/v1/case/{case.pk}").json()["number"] == case.number
    answer = program.post(f"/api/v1/case/{case.pk}/note", {"text": "由程序记录"}, content_type=JSON)
    assert answer.status_code == 200
    last = events_of(case)[-1]
    assert (last.act, last.actor, last.body) == (
        "note",
        f"account:{made.account('handler-a').pk}",
        {"text": "由程序记录"},
    )


def test_a_token_is_never_a_fresh_second_factor(made: Any) -> None:
    """An act that asks for a fresh second factor is refused to a token of the same account that may do it in a browser; so is a new token."""
    complaint = made.a.things["complaint-kept"]
    address = f"/api/v1/complaint/{complaint.pk}/open-identity"
    program = _bearer(_token(made, "officer-a"))
    refused = program.post(address, {"reason": "x"}, content_type=JSON)
    assert refused.status_code == 403
    assert "second factor" in refused.json()["en"]
    assert program.post("/api/v1/tokens", {"name": "y", "days": 3}, content_type=JSON).status_code == 403
    assert survey.client(made, "officer-a").post(address, {"reason": "x"}, content_type=JSON).status_code == 200


def test_only_the_hash_of_a_token_is_kept(made: Any) -> None:
    """The secret is in one answer and nowhere in the database; what is kept is its SHA-256."""
    from mingcha.service.models import ApiToken, Event

    token = _token(made, "handler-a")
    row = ApiToken.objects.get()
    assert row.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token not in json.dumps(list(Event.objects.values_list("body", flat=True)))


@pytest.mark.parametrize("way", ["forged", "expired", "revoked", "inactive", "no role"])
def test_a_token_that_is_not_valid_opens_nothing(made: Any, way: str) -> None:
    """A made-up, expired or revoked token and one of a closed account are 401, also beside a good session; one whose role ended is 403."""
    from datetime import timedelta

    from mingcha.service import clock
    from mingcha.service.models import ApiToken, Grant

    token = _token(made, "handler-a")
    account = made.account("handler-a")
    rows = ApiToken.objects.all()
    if way == "forged":
        token = token[:-1] + ("a" if token[-1] != "a" else "b")
    elif way == "expired":
        rows.update(expires=clock.now() - timedelta(seconds=1))
    elif way == "revoked":
        number = rows.get().pk
        answer = _bearer(token).post(f"/api/v1/account/{account.pk}/revoke-token", {"token": number}, content_type=JSON)
        assert answer.status_code == 200
    elif way == "inactive":
        type(account).objects.filter(pk=account.pk).update(is_active=False)
    else:
        Grant.objects.filter(account=account).update(ended=clock.now())
    browser = survey.client(made, "approver-a")
    answer = browser.get("/api/v1/case", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == (403 if way == "no role" else 401)
    assert set(answer.json()) == {"zh", "en"}


def test_a_token_opens_no_page(made: Any) -> None:
    """Tokens are for the API: pages send their bearer to sign in."""
    program = _bearer(_token(made, "handler-a"))
    assert program.get("/desk/").headers["Location"].startswith("/accounts/login/")


def test_a_token_is_made_for_oneself_alone(made: Any) -> None:
    """An owner who may give roles makes no token for another's account, and ends none of another's."""
    browser = survey.client(made, "owner-a")
    other = made.account("owner-b").pk
    data = {"name": "x", "digest": "0" * 64}
    assert browser.post(f"/api/v1/account/{other}/create-token", data, content_type=JSON).status_code == 403
    _token(made, "owner-b")
    assert browser.post(f"/api/v1/account/{other}/revoke-token", {"token": 1}, content_type=JSON).status_code == 403


def test_refusals_have_their_numbers_and_both_languages(made: Any) -> None:
    """401 signed out, 403 not his, 404 not there, 409 not now, 422 not readable: each with zh and en."""
    case, document = made.a.things["case-secret"].pk, made.a.things["document-order"].pk
    handler, visitor = survey.client(made, "handler-a"), survey.client(made, "visitor")
    for browser, path, data, status in (
        (visitor, f"case/{case}/note", {"text": "x"}, 401),
        (handler, f"case/{case}/order", {}, 403),
        (handler, f"case/{case}/fly", {}, 404),
        (handler, f"case/{made.b.things['case-secret'].pk}/note", {"text": "x"}, 404),
        (handler, f"case/{survey.ABSENT}/note", {"text": "x"}, 404),
        (handler, f"case/{case}/serve-order", {"way": "x", "receiver": "x"}, 409),
        (survey.client(made, "legal-a"), f"document/{document}/review", {}, 409),
        (handler, f"case/{case}/note", {"text": 7, "more": 1}, 422),
        (handler, f"case/{case}/assign", {"handler": 2**70}, 422),
        (handler, f"case/{case}/note", {"text": "a\0b"}, 422),
        (handler, f"case/{case}/note", [1], 422),
    ):
        answer = browser.post(f"/api/v1/{path}", json.dumps(data), content_type=JSON)
        assert (path, answer.status_code) == (path, status)
        told = answer.json()
        assert set(told) == {"zh", "en"}
        assert told["zh"] != told["en"]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff", b'"x"', b"[" * 100_000, b'{"text": "\\ud800"}', b" " * (1 << 20) + b"{}", b"NaN"]
)
def test_whatever_is_no_object_is_refused_quietly(made: Any, body: bytes) -> None:
    """Broken, deep and long bodies are 422, never an error of the server."""
    browser = survey.client(made, "handler-a")
    case = made.a.things["case-secret"].pk
    assert browser.post(f"/api/v1/case/{case}/note", body, content_type=JSON).status_code == 422


def test_what_visitors_may_do_is_not_had_through_the_api(made: Any) -> None:
    """F1: complaints, requests and followings cost proof of work on their pages; through the API nobody does them, whoever he is."""
    from mingcha.service.models import Complaint, Follow

    before = Complaint.objects.count(), Follow.objects.count()
    data = {
        "kind": "report",
        "code": "EEEE4444FFFF",
        "subject_name": "x",
        "category": "other",
        "narrative": "x",
        "authority": made.a.authority.pk,
    }
    for name in survey.DOERS:
        browser = survey.client(made, name)
        for path, sent in (
            ("report/receive", data),
            ("complaint/receive", data),
            ("follow/ask", {"subject": made.a.subject.pk, "email": "a@b.cn"}),
        ):
            assert browser.post(f"/api/v1/{path}", sent, content_type=JSON).status_code in (401, 403)
            process, verb = path.split("/")
            assert browser.post(f"/desk/do/{process}/{verb}/", {**sent, "work_nonce": ""}).status_code in (
                302,
                403,
                404,
            )
    assert (Complaint.objects.count(), Follow.objects.count()) == before


def test_the_openapi_file_describes_every_verb(made: Any) -> None:
    """Each verb that somebody may do by right has a path with the shape of its data, and each reference in the file leads somewhere."""
    from mingcha.service.actions.acting import VERBS
    from mingcha.service.api.schema import address, offered

    text = survey.client(made, "visitor").get("/api/v1/openapi.json").content.decode()
    told = json.loads(text)
    assert told["openapi"].startswith("3.")
    wanted = {f"/api/v1/{address(one)}" for one in VERBS.values() if offered(one.rule)}
    assert len(wanted) > 50
    assert wanted <= set(told["paths"])
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(told["components"]["schemas"])
    order = told["paths"]["/api/v1/case/{id}/serve-order"]["post"]
    shape = order["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert told["components"]["schemas"][shape]["required"] == ["way", "receiver"]


def test_there_is_no_page_of_documentation_that_loads_from_elsewhere(made: Any) -> None:
    """No route of the API answers with HTML, and its description names no other host."""
    browser = survey.client(made, "visitor")
    assert browser.get("/api/v1/docs").status_code in (401, 404)
    assert browser.get("/api/v1/docs").headers["Content-Type"].startswith(JSON)
    assert "http" not in browser.get("/api/v1/openapi.json").content.decode().replace('"type": "http"', "")


def test_the_app_as_json_is_the_app_as_page(made: Any) -> None:
    """API and page tell the same values of an app, and a finding's sentence is the public's, never the one of the file."""
    browser = survey.client(made, "visitor")
    number = made.a.subject.pk
    told = browser.get(f"/api/v1/apps/{number}").json()
    assert "parts" not in told
    assert told == browser.get(f"/app/{number}/page.json").json()
    assert [one["sentence"] for one in told["findings"]] == [dict.fromkeys(("zh", "en"), made.a.mark("findingknown"))]


def test_the_calculator_reckons_as_the_page(made: Any) -> None:
    """Five working days from Monday 2 March 2026 end on Monday 9 March; a wrong day is 422."""
    browser = survey.client(made, "visitor")
    told = browser.get("/api/v1/calculator", {"key": "rectification", "start": "2026-03-02", "length": "5"})
    assert told.status_code == 200, told.content
    assert told.json()["last"] == "2026-03-09"
    assert browser.get("/api/v1/calculator", {"key": "rectification", "start": "x"}).status_code == 422

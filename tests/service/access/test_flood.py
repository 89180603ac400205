"""A flood of complaints (F1): each costs proof of work, one address has a number an hour, and the officers' queue stays usable."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.service.access import survey

ABOUT = {"kind": "report", "subject_kind": "app", "subject_name": "某应用", "category": "other"}


@pytest.fixture(autouse=True)
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task of some hundred hashes."""
    from mingcha.service.access import effort

    monkeypatch.setattr(effort, "DIFFICULTY", 8)


def _solved() -> dict[str, str]:
    from mingcha.service.access import effort
    from mingcha.service.intake import work

    task = effort.challenge("complaint")
    nonce = next(str(at) for at in range(1_000_000) if work.is_solution(task, str(at), effort.DIFFICULTY))
    return {"work_challenge": task, "work_nonce": nonce}


def _sent(address: str, proof: dict[str, str]) -> Any:
    """The three pages of the form."""
    from django.test import Client

    browser = Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=address)
    assert browser.post("/complain/", ABOUT).status_code == 302
    assert browser.post("/complain/story/", {"narrative": "没点同意就读了通讯录。"}).status_code == 302
    return browser.post("/complain/send/", {"anonymous": "yes", **proof})


def _count() -> int:
    from mingcha.service.models import Complaint

    return Complaint.objects.count()


def test_without_proof_of_work_nothing_is_received(made: Any) -> None:
    """No proof, a wrong one, one for another form, one made up, and one used before: each is refused, and nothing is written."""
    from mingcha.service.access import effort

    good = _solved()
    before = _count()
    for at, proof in enumerate(
        (
            {},
            {**good, "work_nonce": "zz"},
            {**good, "work_challenge": effort.challenge("inspect")},
            {"work_challenge": "1.complaint.9999999999.1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA", "work_nonce": "1"},
            {"work_challenge": good["work_challenge"], "work_nonce": ""},
        )
    ):
        assert _sent(f"192.0.2.{at}", proof).status_code == 422
        assert _count() == before
    assert _sent("192.0.2.50", good).status_code == 302
    assert _sent("192.0.2.51", good).status_code == 422, "the same proof again, from elsewhere"
    assert _count() == before + 1


def test_one_address_has_ten_an_hour(made: Any) -> None:
    """With a fresh proof each: ten are received, the eleventh and twelfth are not; another address is not held up."""
    before = _count()
    answers = [_sent("192.0.2.7", _solved()).status_code for _ in range(12)]
    assert answers == [302] * 10 + [422] * 2
    assert _sent("192.0.2.8", _solved()).status_code == 302
    assert _count() == before + 11


def test_the_officers_queue_stays_usable_in_a_flood(made: Any) -> None:
    """With 5,000 complaints waiting, the desk and the list open within two seconds, the list has pages, and what is old is still found."""
    from mingcha.service import clock, ledger
    from mingcha.service.models import Complaint

    now = clock.now()
    Complaint.objects.bulk_create(
        Complaint(
            kind="report", number=f"F{at}", code=f"{at:064}", subject_name="洪水", category="other", narrative="x" * 500, authority=made.a.authority, received=now, state="received",
        )
        for at in range(5000)
    )  # fmt: skip
    officer = survey.client(made, "officer-a")
    for address in ("/desk/", "/desk/complaints/", "/desk/complaints/?state=accepted", "/api/v1/report"):
        officer.get(address)
        since = time.perf_counter()
        answer = officer.get(address)
        assert answer.status_code == 200
        assert time.perf_counter() - since < 2, address
        assert len(answer.content) < 400_000, address
    accepted = officer.get("/desk/complaints/?state=accepted").content.decode()
    assert made.a.things["complaint-kept"].number in accepted
    assert "洪水" not in accepted
    flood = Complaint.objects.get(number="F17")
    flood.state = ""
    ledger.record(flood, "receive", "visitor", now)
    data = {"reason": "批量提交", "channel": ""}
    assert officer.post(f"/api/v1/report/{flood.pk}/refuse", data, content_type="application/json").status_code == 200

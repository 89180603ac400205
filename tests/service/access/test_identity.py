"""Who complained is nowhere (PV1): words that mark a person are sent in, and looked for in everything that is kept, shown, sent and logged."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.access import survey

NAME, PHONE, EMAIL = "王canaryzq某", "13900canaryzq", "canaryzq@example.cn"
LETTER, PLACE = "我是canaryzqletter本人", "canaryzqplace"
MARK = "canaryzq"


@pytest.fixture
def mail() -> Iterator[None]:
    """Mail goes into files below the data folder, as an installation without a mail server does."""
    from django.test import override_settings

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend"):
        yield


def _picture() -> bytes:
    """A photo whose metadata tell where and of whom it is."""
    from PIL import Image

    made = Image.new("RGB", (40, 40), "red")
    exif = made.getexif()
    exif[0x010E] = PLACE
    exif[0x013B] = PLACE
    data = io.BytesIO()
    made.save(data, "JPEG", exif=exif, comment=PLACE.encode())
    assert PLACE.encode() in data.getvalue()
    return data.getvalue()


def _complained(made: Any, monkeypatch: pytest.MonkeyPatch, **fields: str) -> Any:
    """A complaint with a name, through the pages; the browser that sent it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from mingcha.service.access import effort
    from mingcha.service.intake import work

    monkeypatch.setattr(effort, "DIFFICULTY", 4)
    task = effort.challenge("complaint")
    nonce = next(str(at) for at in range(10_000) if work.is_solution(task, str(at), 4))
    browser = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    browser.post(
        "/complain/",
        {
            "kind": "complaint",
            "subject_kind": "app",
            "subject_name": made.a.subject.name,
            "app": made.a.subject.pk,
            "category": "other",
        },
    )
    browser.post("/complain/story/", {"narrative": "没点同意就读了通讯录。"})
    sent = {
        "name": NAME, "phone": PHONE, "email": EMAIL, "authority": made.a.authority.pk, "work_challenge": task, "work_nonce": nonce,
        "picture": SimpleUploadedFile(f"{PLACE}.jpg", _picture(), "image/jpeg"), **fields,
    }  # fmt: skip
    browser.answer = browser.post("/complain/send/", sent)
    return browser


def _newest() -> Any:
    from mingcha.service.models import Complaint

    return Complaint.objects.order_by("-pk")[0]


def _dump() -> Iterator[tuple[str, str]]:
    """Every column of every table as text."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            heads = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for head, value in zip(heads, row, strict=True):
                    text = (
                        bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
                    )
                    yield f"{table}.{head}", text


def _sessions() -> Iterator[str]:
    """What sessions hold, decoded."""
    from django.contrib.sessions.models import Session

    yield from (str(one.get_decoded()) for one in Session.objects.all())


def _cached() -> Iterator[str]:
    """What the shared cache holds, decoded."""
    import base64
    import pickle

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        for key, value in cursor.fetchall():
            yield f"{key} {pickle.loads(base64.b64decode(value))}"


def test_who_complained_is_nowhere(
    made: Any, mail: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """PV1: after complaint, messages, reading of the identity, forwarding, lead, answer, reminders and packages: in no row, event, session, cache, file name, mail, log,
    and in no page of the operator, the public or another officer; the vault gives it to the complaint officer who said why."""
    from django.conf import settings

    from mingcha.service import clock, reminding
    from mingcha.service.models import Event

    caplog.set_level(logging.INFO)
    person = _complained(made, monkeypatch)
    assert person.answer.status_code == 302, person.answer.content.decode()
    complaint = _newest()
    assert person.get("/complain/receipt/").status_code == 200
    assert person.post("/mine/write/", {"text": LETTER}).status_code == 302
    officer = survey.client(made, "officer-a")
    for verb, data in (
        ("accept", {}),
        ("open-identity", {"reason": "核实身份"}),
        ("write", {"text": "请补充材料"}),
        ("make-lead", {}),
        ("forward", {}),
    ):
        answer = officer.post(f"/desk/do/complaint/{complaint.pk}/{verb}/", data)
        assert answer.status_code == 302, (verb, answer.content.decode())
        if verb == "open-identity":
            assert NAME in officer.get(f"/desk/complaints/{complaint.pk}/").content.decode(), (
                "the vault opens for whom it should"
            )
    assert NAME not in officer.get(f"/desk/complaints/{complaint.pk}/").content.decode(), (
        "and shows it for one act alone"
    )
    owner = survey.client(made, "owner-a")
    assert (
        owner.post(
            f"/api/v1/complaint/{complaint.pk}/answer", {"text": "已处理"}, content_type="application/json"
        ).status_code
        == 200
    )
    reminding.send(clock.now())

    places = list(_dump())
    assert len(places) > 1000
    assert [place for place, text in places if MARK in text] == []
    assert [text for text in (*_sessions(), *_cached()) if MARK in text] == []
    assert MARK not in str(list(Event.objects.values_list("actor", "body")))
    files = [path for path in Path(settings.DATA).rglob("*") if path.is_file()]
    assert any("evidence" in path.parts for path in files)
    assert [path for path in files if MARK in path.name] == []
    assert [
        path for path in Path(settings.EMAIL_FILE_PATH).rglob("*") if path.is_file() and MARK in path.read_text("utf-8")
    ] == []
    assert MARK not in caplog.text

    package = person.get("/mine/package.zip").content
    with zipfile.ZipFile(io.BytesIO(package)) as bag:
        told = {name: bag.read(name) for name in bag.namelist()}
    assert any(complaint.number.encode() in data for data in told.values())
    assert [name for name, data in told.items() if MARK.encode() in name.encode() + data] == []
    for doer in ("visitor", "owner-a", "clerk-a", "handler-a", "inspector-a", "officer-b", "auditor", "admin"):
        browser = survey.client(made, doer)
        for address in (
            f"/desk/complaints/{complaint.pk}/", f"/operator/complaints/{complaint.pk}/", f"/api/v1/complaint/{complaint.pk}", "/api/v1/complaint", "/desk/", "/operator/",
            f"/app/{made.a.subject.pk}/", f"/app/{made.a.subject.pk}/page.json", f"/app/{made.a.subject.pk}/feed/",
            f"/desk/evidence/{complaint.attachments.get().shared_id}/",
        ):  # fmt: skip
            assert MARK not in survey._text(browser.get(address)), (doer, address)


@pytest.mark.parametrize("where", ["vault", "ledger", "after"])
def test_an_error_page_and_its_log_tell_nobody(
    made: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    """PV1: when the service breaks in the middle of receiving a complaint, the page and the logged traceback hold nothing of the person, and nothing is half written."""
    from mingcha.service import ledger, vault
    from mingcha.service.models import Complaint, Identity
    from mingcha.service.pages.complaining import filing

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("something broke")

    before = Complaint.objects.count(), Identity.objects.count()
    with monkeypatch.context() as patch:
        if where == "after":
            patch.setattr(filing.codes, "shown", broken)
        elif where == "ledger":
            patch.setattr(ledger, "record", broken)
        else:
            patch.setattr("mingcha.service.actions.complaints.commitments.sealed", broken)
        person = _complained(made, monkeypatch)
    assert person.answer.status_code == 500
    assert MARK not in person.answer.content.decode()
    assert "something broke" in caplog.text
    assert MARK not in caplog.text
    if where != "after":
        assert (Complaint.objects.count(), Identity.objects.count()) == before
    assert [text for text in _sessions() if MARK in text] == []
    assert vault.unseal(vault.seal({"x": 1})) == {"x": 1}


def test_the_receipt_s_code_is_not_in_the_session(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stolen database does not open a complaint whose writer never came to the page of the receipt: the code waits sealed."""
    person = _complained(made, monkeypatch)
    waiting = list(_sessions())
    shown = person.get("/complain/receipt/").content.decode()
    code = next(
        part for part in shown.replace("<", " ").replace(">", " ").split() if len(part) == 14 and part.count("-") == 2
    )
    assert [text for text in waiting if code in text or code.replace("-", "") in text] == []


def test_a_draft_waits_sealed(made: Any) -> None:
    """What was filled in so far lies in the session sealed: the story of somebody who stopped half way is in no table."""
    from django.test import Client

    browser = Client(SERVER_NAME="127.0.0.1")
    browser.post("/complain/", {"kind": "complaint", "subject_kind": "app", "subject_name": "x", "category": "other"})
    browser.post("/complain/story/", {"narrative": f"{LETTER}"})
    assert browser.get("/complain/send/").status_code == 200
    assert [text for text in _sessions() if MARK in text] == []
    assert [place for place, text in _dump() if MARK in text] == []

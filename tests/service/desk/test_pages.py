"""The desk's lists and pages: words instead of ids, doors only for whom they open, nothing internal for operators."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.service.desk.test_house import client
from tests.service.test_story import Office

DEMO = Path(__file__).parents[3] / "demo"
pytestmark = pytest.mark.usefixtures("db")


def complaint(office: Office, kind: str = "report", code: str = "K7MQ2XW9RTHB") -> Any:
    """One that was just received."""
    return office.act(
        "admin", kind, "receive", None, kind=kind, code=code, subject_name="某应用", category="other", narrative="……",
        authority=office.made.authority.pk, name="王小明", phone="13800138000",
    )  # fmt: skip


def case(office: Office) -> Any:
    """A case of the demonstration's app."""
    from mingcha.service.models import Lead

    office.act(
        "handler", "lead", "open", None, subject=office.subject.pk, authority=office.made.authority.pk, source="media", summary="报道",
    )  # fmt: skip
    lead = Lead.objects.get()
    office.act("handler", "lead", "assign", lead, handler=office.made.accounts["handler"].pk)
    office.act("handler", "lead", "file", lead)
    return lead.case


def test_lists_name_states_in_words_and_choose_by_them() -> None:
    """The choice of states is in the page's language and offers what is there; a state nobody is in shows everything."""
    office = Office()
    made = complaint(office)
    office.act("officer", "report", "refuse", complaint(office, code="K7MQ2XW9RTHC"), reason="不属于受理范围")
    browser = client(office, "officer")
    page = browser.get("/desk/complaints/").content.decode()
    assert '<option value="received">已收到</option>' in page
    assert '<option value="not-accepted">不予处理</option>' in page
    assert '<option value="received">received</option>' in browser.get("/en/desk/complaints/").content.decode()
    assert made.number not in browser.get("/desk/complaints/?state=not-accepted").content.decode()
    assert made.number in browser.get("/desk/complaints/?state=<b>").content.decode()


def test_nobody_is_offered_a_form_that_is_not_his() -> None:
    """A lawyer's list of leads and page of a case have no button that would lead him to a page that is not there."""
    office = Office()
    made = case(office)
    for name, may in (("handler", True), ("legal", False)):
        browser = client(office, name)
        leads, page = (browser.get(path).content.decode() for path in ("/desk/leads/", f"/desk/cases/{made.pk}/"))
        assert ("/desk/do/lead/open/" in leads) is may
        for address in (f"/desk/cases/{made.pk}/handover/", f"/desk/cases/{made.pk}/package.zip"):
            assert (address in page) is may
            assert browser.get(address).status_code == (200 if may else 404)


def test_what_waits_is_what_one_may_do_by_ones_own_role() -> None:
    """An inspection under way is no lawyer's, though anybody may cancel his own; no page leads to a form that is not there."""
    from mingcha.service import clock, ledger
    from mingcha.service.models import Task

    office = Office()
    made = case(office)
    task = Task.objects.create(subject=office.subject, case=made, purpose="first", planned=clock.now())
    ledger.record(task, "plan", "engine", clock.now())
    address = f"/desk/do/task/{task.pk}/cancel/"
    for name, may in (("handler", True), ("legal", False)):
        browser = client(office, name)
        for page in ("/desk/", f"/desk/tasks/{task.pk}/"):
            assert (address in browser.get(page).content.decode()) is may, (name, page)
        assert browser.get(address).status_code == (200 if may else 404)
    boss, account = client(office, "admin"), office.made.accounts["legal"]
    assert f"/desk/do/account/{account.pk}/close/" not in boss.get(f"/desk/accounts/{account.pk}/").content.decode()


def test_who_has_nothing_here_is_led_on() -> None:
    """Without a role one comes to claiming; with a role that waits for its second factor to setting one up; an operator to his own page."""
    from django.test import Client

    from mingcha.service.actions.acting import VISITOR, perform

    office = Office()
    office.made.accounts["plain"] = perform(
        "account", "create", VISITOR, None, {"username": "plain", "password": "long-enough-7781"}
    )
    assert client(office, "plain").get("/desk/").url == "/operator/claims/"
    assert client(office, "operator").get("/desk/").url == "/operator/"
    bare = Client(SERVER_NAME="127.0.0.1")
    bare.force_login(office.made.accounts["legal"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert bare.get("/desk/").url == "/accounts/2fa/"
    assert "须先设置" in bare.get("/accounts/2fa/").content.decode()


def test_an_identity_is_read_with_its_names_in_words() -> None:
    """Right after giving a reason the officer reads name and phone under their labels, and how a complaint ended is said in words."""
    office = Office()
    made = complaint(office, "complaint")
    browser = client(office, "officer")
    browser.post(f"/desk/do/complaint/{made.pk}/open-identity/", {"reason": "核实身份"})
    page = browser.get(f"/desk/complaints/{made.pk}/").content.decode()
    assert "<dt>姓名</dt><dd>王小明</dd>" in page
    assert "<dt>电话</dt><dd>13800138000</dd>" in page
    made.outcome = "withdrawn"
    made.save(update_fields=["outcome"])
    assert "已撤回" in client(office, "handler").get(f"/desk/complaints/{made.pk}/").content.decode()


def test_an_operator_reads_no_internal_remark_of_a_finding() -> None:
    """Who looked at a finding, and what he noted, stands on the inspector's page and not on the operator's."""
    from mingcha.service import clock
    from mingcha.service.models import Finding, Task

    office = Office()
    made = case(office)
    task = Task.objects.create(subject=office.subject, case=made, purpose="first", planned=clock.now())
    finding = Finding.objects.create(
        task=task, case=made, subject=office.subject, clause="idm-2019/1.1", sentence={"zh": "句子。", "en": "Sentence."},
        evidence=[{"sentence": "x", "place": ""}], notified=clock.now(),
    )  # fmt: skip
    doer = office.doer("inspector2")
    from mingcha.service import ledger

    ledger.record(finding, "suspect", "engine", clock.now())
    ledger.record(finding, "confirm", doer.name, clock.now(), {"reason": "内部备注"})
    address = f"/desk/findings/{finding.pk}/"
    assert "内部备注" in client(office, "handler").get(address).content.decode()
    page = client(office, "operator").get(address).content.decode()
    assert "句子。" in page
    assert "内部备注" not in page
    assert str(doer.account) not in page


def test_a_file_is_found_without_reading_every_complaint() -> None:
    """Opening a picture costs as many queries among twenty complaints as among two."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from mingcha.service import clock
    from mingcha.service.actions import files
    from mingcha.service.actions.acting import VISITOR, Doing
    from mingcha.service.models import Attachment

    office = Office()
    browser = client(office, "officer")
    doing = Doing(VISITOR, clock.now(), "receive")

    def pictured(code: str) -> int:
        rows = [files.keep(doing, io.BytesIO(name.encode()), name, "picture") for name in (f"o{code}", f"s{code}")]
        Attachment.objects.create(complaint=complaint(office, code=code), original=rows[0], shared=rows[1])
        return rows[1].pk

    counts = []
    for round_ in (range(2), range(2, 20)):
        numbers = [pictured(f"K7MQ2XW9R{at:03d}") for at in round_]
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get(f"/desk/evidence/{numbers[-1]}/")
        assert answer.status_code == 200
        assert answer.getvalue().startswith(b"sK7MQ2XW9R")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_tasks_job_is_its_own() -> None:
    """Task 1 does not show how far task 12 is; a task that was taken up again shows its newest job."""
    from mingcha.service.models import Job, Task
    from mingcha.service.pages.progress import job_of

    for key in ("task-1", "task-12"):
        Job.objects.create(kind="inspection", key=key, payload={})
    assert getattr(job_of(Task(pk=1)), "key", "") == "task-1"
    Job.objects.create(kind="inspection", key="task-1~2", payload={})
    assert getattr(job_of(Task(pk=1)), "key", "") == "task-1~2"
    assert job_of(Task(pk=3)) is None
    assert job_of(None) is None


def test_a_box_is_ticked_by_nobody_else() -> None:
    """A field that is off unless somebody says so comes up without its tick."""
    from mingcha.service.actions.acting import VERBS, VISITOR
    from mingcha.service.pages import forms

    fields = {one.name: one for one in forms.fields(VERBS["complaint", "receive"], None, VISITOR)}
    assert (fields["to_operator"].kind, fields["to_operator"].value) == ("check", "")


def test_an_old_subject_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that cannot hold all subjects offers those found by name, and always the one that is chosen."""
    from mingcha.service.actions.acting import ENGINE, perform
    from mingcha.service.pages import forms

    office = Office()
    perform("subject", "register", ENGINE, None, {"name": "示例地图", "package": "cn.example.map"})
    monkeypatch.setattr(forms, "_MOST", 1)
    browser, old = client(office, "handler"), office.subject
    option, chosen = (f'<option value="{old.pk}"{mark}>{old}' for mark in ("", " selected"))
    assert option not in browser.get("/desk/do/lead/open/").content.decode()
    assert option in browser.get("/desk/do/lead/open/?find=手电").content.decode()
    assert chosen in browser.get(f"/desk/do/lead/open/?subject={old.pk}").content.decode()
    assert browser.get("/desk/do/lead/open/?find=%00&subject=9999999").status_code == 200


def test_a_sample_is_handed_in_in_parts() -> None:
    """A handler uploads a package in parts and hands it in under its key; without a package the form says so and keeps what was uploaded."""
    import hashlib

    office = Office()
    made = case(office)
    browser, data = client(office, "handler"), (DEMO / "flashlight.apk").read_bytes()
    key = browser.post("/upload/begin", {"name": "灯.apk", "size": len(data)}).json()["id"]
    headers = {"Upload-Offset": "0", "Upload-Sha256": hashlib.sha256(data).hexdigest()}
    browser.put(f"/upload/{key}/put", data, content_type="application/octet-stream", headers=headers)
    address = f"/desk/cases/{made.pk}/handover/"
    refused = browser.post(address, {"policy_upload": key})
    assert refused.status_code == 422
    assert "请选择安装包" in browser.post(address).content.decode()
    browser.post(f"/upload/{key}/finish")
    refused = browser.post(address, {"policy_upload": key})
    assert f'name="policy_upload" value="{key}"' in refused.content.decode()
    assert browser.post(address, {"sample_upload": key, "channel": "官网"}).status_code == 302
    version = office.subject.versions.get()
    assert (version.sample.name, version.sample.sha256, version.channel) == ("灯.apk", headers["Upload-Sha256"], "官网")
    assert browser.get(f"/upload/{key}/status").status_code == 404


def test_a_token_is_shown_once_and_ended_at_will() -> None:
    """The secret made on the page opens the API, stands on one page alone, and opens nothing once it is revoked."""
    import re

    from django.test import Client

    from mingcha.service.models import ApiToken

    office = Office()
    browser = client(office, "handler")
    assert browser.post("/desk/tokens/", {"act": "create", "name": "", "days": "30"}).status_code == 422
    assert browser.post("/desk/tokens/", {"act": "create", "name": "夜间导出", "days": "30"}).status_code == 302
    first, second = (browser.get("/desk/tokens/") for _ in range(2))
    secret = re.search(r"mingcha_[\w-]{43}", first.content.decode())
    assert secret is not None
    assert first["Cache-Control"] == "no-store"
    assert secret[0] not in second.content.decode()
    assert "夜间导出" in second.content.decode()
    program, shown = Client(SERVER_NAME="127.0.0.1"), {"Authorization": f"Bearer {secret[0]}"}
    assert program.get("/api/v1/case", headers=shown).status_code == 200
    stranger = client(office, "legal")
    assert stranger.post("/desk/tokens/", {"act": "revoke", "token": ApiToken.objects.get().pk}).status_code == 422
    browser.post("/desk/tokens/", {"act": "revoke", "token": ApiToken.objects.get().pk})
    assert program.get("/api/v1/case", headers=shown).status_code == 401


def test_what_was_written_is_not_lost_when_the_second_factor_ages() -> None:
    """A strong act asks for the factor before its form is shown; where that has aged meanwhile, the form comes back filled in, with the way to show it."""
    office = Office()
    made = complaint(office)
    browser, address = client(office, "officer"), f"/desk/do/report/{made.pk}/open-identity/"
    assert browser.get(address).status_code == 200
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    assert "reauthenticate" in browser.get(address).url
    answer = browser.post(address, {"reason": "核实身份，写了很久"})
    assert answer.status_code == 422
    assert "核实身份，写了很久" in answer.content.decode()
    assert "reauthenticate" in answer.content.decode()


def test_a_token_needs_a_fresh_second_factor() -> None:
    """Without one just shown, the page asks for it, and makes none."""
    from mingcha.service.models import ApiToken

    office = Office()
    browser = client(office, "handler")
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    answer = browser.post("/desk/tokens/", {"act": "create", "name": "x", "days": "30"})
    assert "reauthenticate" in answer.url
    assert not ApiToken.objects.exists()


def test_what_shows_at_the_commit_alone_is_refused_in_words() -> None:
    """A reference to nothing, which the database sees when all is to be committed, is no error of the server."""
    from django.db import IntegrityError
    from django.test import RequestFactory

    from mingcha.service.pages.doing import tried
    from mingcha.service.text import Text

    def deed() -> None:
        raise IntegrityError("FOREIGN KEY constraint failed")

    refused = tried(RequestFactory().post("/"), deed, Text("已办理。", "Done."))
    assert refused == Text("所指的对象不存在。", "Something that is referred to is not there.")

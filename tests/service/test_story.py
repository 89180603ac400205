"""One matter from a complaint to the end of the ladder, by actions alone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "demo"
pytestmark = pytest.mark.usefixtures("db")


class Office:
    """The demonstration's people, and short ways to let them act."""

    def __init__(self) -> None:
        from mingcha.service import demo

        self.made = demo.make()
        self.subject = demo.app(self.made, "演示手电筒", "cn.mingcha.demo.flashlight")

    def doer(self, name: str) -> Any:
        from mingcha.service.actions.acting import doer_of

        return doer_of(self.made.accounts[name], strong=True, second_factor=True)

    def act(self, who: str, process: str, verb: str, thing: Any, /, **data: Any) -> Any:
        from mingcha.service.actions.acting import perform

        return perform(process, verb, self.doer(who), thing, data)

    def version(self, who: str, apk: str, policy: str, answers: str) -> Any:
        """Hand files in and make a version of them."""
        from mingcha.service import clock
        from mingcha.service.actions import files
        from mingcha.service.actions.acting import Doing
        from mingcha.service.models import Version

        doing = Doing(self.doer(who), clock.now(), "receive")
        kept = {
            kind: files.keep(doing, io.BytesIO((DEMO / name).read_bytes()), name, kind)
            for kind, name in (("sample", apk), ("policy", policy), ("answers", answers))
        }
        self.act(who, "subject", "add-version", self.subject, **{kind: row.pk for kind, row in kept.items()})
        return Version.objects.get(sample=kept["sample"])

    def inspect(self, case: Any, version: Any, purpose: str, first: str, second: str) -> Any:
        """Plan the task, run its job here, and let the second inspector sign."""
        task = self.act(
            "handler", "task", "plan", None, version=version.pk, purpose=purpose, case=case.pk,
            first=self.made.accounts[first].pk, second=self.made.accounts[second].pk,
        )  # fmt: skip
        run_job(f"task-{task.pk}")
        task.refresh_from_db()
        return self.act(second, "task", "review", task)


def run_job(key: str) -> None:
    """The job's steps, as a worker would take them, without the engine."""
    from mingcha.service import inspections  # noqa: F401
    from mingcha.service.jobs.fence import holding, take
    from mingcha.service.jobs.registry import steps_of
    from mingcha.service.models import Job
    from mingcha.service.models.jobs import JobWorker

    JobWorker.objects.get_or_create(name="here", defaults={"host": "here", "pid": 1})
    taken = take(key, "here", attempts=3)
    assert taken is not None
    state: dict[str, Any] = {}
    with holding(taken):
        for step in steps_of("inspection"):
            state = step.run(Job.objects.get(key=key).payload, state)


def test_a_case_from_complaint_to_restoration(clock: Any) -> None:
    """Complaint, lead, inspection, order; the first deadline missed, warned, removed, acknowledged, rectified, restored; replay gives every state."""
    from mingcha.casework.chain import check
    from mingcha.service import ledger
    from mingcha.service.actions.acting import Refused
    from mingcha.service.clock import SHANGHAI
    from mingcha.service.models import Case, Complaint, Document, Lead

    clock.set("2026-03-02T09:00")
    office = Office()
    complaint = office.act(
        "admin", "complaint", "receive", None, kind="complaint", code="K7MQ2XW9RTHB", subject=office.subject.pk, subject_name="演示手电筒",
        category="no-consent", narrative="没点同意就读了我的通讯录。", authority=office.made.authority.pk, name="王某", phone="13800000000",
    )  # fmt: skip
    office.act("officer", "complaint", "accept", complaint)
    office.act("officer", "complaint", "make-lead", complaint)
    lead = Lead.objects.get()
    office.act("officer", "lead", "assign", lead, handler=office.made.accounts["handler"].pk)
    office.act("handler", "lead", "file", lead)
    case = Case.objects.get()
    first = office.version("handler", "flashlight.apk", "policy.html", "answers.yaml")
    office.inspect(case, first, "first", "inspector1", "inspector2")
    assert case.findings.count() > 3, "the demo app's planted violations are suspected"
    office.act("inspector1", "case", "record-result", case)
    office.act("handler", "case", "notify-findings", case)
    for finding in case.findings.all():
        office.act("inspector2", "finding", "confirm", finding, reason="已核对证据")
    office.act("handler", "case", "draft-order", case, measures="请于期限内完成整改。", days=5)
    office.act("legal", "document", "review", Document.objects.get())
    office.act("approver", "case", "order", case)
    office.act("handler", "case", "serve-order", case, way="电子送达", receiver="operator")
    due = case.deadlines.get(clock="rectification").due
    assert due.astimezone(SHANGHAI).isoformat() == "2026-03-10T00:00:00+08:00", (
        "five working days after Monday 2 March end on Monday 9 March at 24:00"
    )
    clock.set("2026-03-10T08:00")
    office_engine(case, "miss-deadline")
    office.act("handler", "case", "draft-notice", case, measures="逾期未整改，现予通报。", days=5)
    office.act("legal", "document", "review", Document.objects.get(kind="notice"))
    office.act("approver", "case", "issue-notice", case)
    office.act("publisher", "case", "publish", case)
    clock.set("2026-03-18T08:00")
    office_engine(case, "miss-notice")
    office.act("handler", "case", "draft-removal", case, measures="请予下架。")
    office.act("legal", "document", "review", Document.objects.get(kind="removal"))
    office.act("approver", "case", "remove", case)
    for store in ("store1", "store2"):
        office.act(store, "case", "acknowledge-removal", case, proof="下架截图")
    clock.set("2026-05-20T08:00")
    twin = office.version("operator", "flashlight-fixed.apk", "policy-fixed.html", "answers-fixed.yaml")
    clauses = list(case.findings.values_list("clause", flat=True))
    office.act(
        "operator", "case", "file-while-removed", case, version=twin.pk, answers=dict.fromkeys(clauses, "已改。")
    )
    office.inspect(case, twin, "re-inspection", "inspector3", "inspector4")
    with pytest.raises(Refused, match=r"2\.1"):
        office.act("inspector3", "case", "pass-while-removed", case)
    with pytest.raises(Refused, match="first inspection"):
        office.act("inspector1", "case", "pass-while-removed", case)
    judged = {f"idm-2019/{number}": "新政策已写明，经人工核对。" for number in ("2.1", "6.3", "6.5")}
    office.act("inspector3", "case", "pass-while-removed", case, judged=judged)
    office.act("operator", "case", "commit", case, reason="承诺不再违规。")
    office.act("handler", "case", "draft-restoration", case, reason="整改到位，同意恢复上架。")
    office.act("legal", "document", "review", Document.objects.get(kind="restoration"))
    office.act("approver", "case", "restore", case, reason="整改到位")
    case.refresh_from_db()
    assert case.state == "closed-restored"
    assert set(case.findings.values_list("state", flat=True)) == {"rectified"}
    states = ledger.replayed()
    for thing in (
        case,
        lead,
        *Complaint.objects.all(),
        *Document.objects.all(),
        *case.tasks.all(),
        *case.findings.all(),
    ):
        thing.refresh_from_db()
        assert states[thing.process, thing.pk] == thing.state
    assert check(list(ledger.links())) == []


def office_engine(case: Any, verb: str) -> None:
    """What the engine does when a time is over."""
    from mingcha.service.actions.acting import ENGINE, perform

    perform("case", verb, ENGINE, case)

"""Inspection tasks: planned, run by a job, signed by a second inspector."""

from __future__ import annotations

from msgspec import Struct

from mingcha.service.actions.acting import Body, Doing, Note, Reason, Refused, verb
from mingcha.service.jobs.outbox import enqueue
from mingcha.service.models import Account, Case, Seat, Subject, Task, Version
from mingcha.service.roles import Role
from mingcha.service.text import Text
from mingcha.service.tickets import holder


class Cancel(Struct, frozen=True, forbid_unknown_fields=True):
    """Why; and, for a visitor, the secret part of the link to the inspection that he asked for."""

    text: str = ""
    key: str = ""


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be inspected, why, and by whom (in a case: two inspectors)."""

    version: int
    purpose: str = "request"
    case: int | None = None
    first: int | None = None
    second: int | None = None


@verb("task", "plan", Plan)
def plan(doing: Doing, _: None, data: Plan) -> Body:
    """Plan an inspection; its job is asked for in the same transaction."""
    version = Version.objects.select_related("subject", "sample").filter(pk=data.version).first()
    if version is None or version.sample is None or data.purpose not in Task.PURPOSES:
        raise Refused(Text("没有可检测的版本。", "There is no version to inspect."))
    case = _case(doing, data, version.subject) if data.case else None
    if case is None and data.purpose in ("first", "re-inspection"):
        raise Refused(Text("首次检测和复测须在案件中下达。", "First and repeated inspections belong to a case."))
    if case is None and not _reachable(doing, version):
        raise Refused(Text("没有可检测的版本。", "There is no version to inspect."))
    made = Task.objects.create(
        case=case,
        subject=version.subject,
        version=version,
        purpose=data.purpose,
        first_id=data.first if case else (doing.account.pk if doing.doer.account else None),
        second_id=data.second if case else None,
        planned=doing.at,
    )
    enqueue("inspection", {"task": made.pk}, f"task-{made.pk}")
    return {
        "thing": made,
        "version": version.pk,
        "sample": version.sample.sha256,
        "purpose": data.purpose,
        "case": case.number if case else None,
    }


def _reachable(doing: Doing, version: Version) -> bool:
    """Outside a case: what the public handed in, and an operator's own. What an authority took for a case shows in no public inspection."""
    public = version.sample is not None and version.sample.source == "public"
    return public or any(
        one.operator_id is not None and one.operator_id == version.subject.operator_id for one in doing.doer.grants
    )


def _case(doing: Doing, data: Plan, subject: Subject) -> Case:
    case = Case.objects.select_for_update().filter(pk=data.case or 0, subject=subject).first()
    if case is None or not any(one.authority_id == case.authority_id for one in doing.doer.grants):
        raise Refused(Text("案件与版本不符。", "The case is not about this version."))
    people = _inspectors(case, data)
    if data.purpose == "re-inspection" and _first_inspectors(case) & people:
        raise Refused(
            Text("复测须由首次检测人员以外的人员进行。", "A re-inspection is done by others than the first inspectors.")
        )
    if Seat.objects.filter(case=case, account__in=people, recused=True).exists():
        raise Refused(Text("已回避的人员不能参与检测。", "Somebody who recused himself cannot inspect."))
    role = Role.INSPECTOR if data.purpose == "first" else f"{Role.INSPECTOR}-again"
    for person in people:
        Seat.objects.get_or_create(case=case, account_id=person, role=role)
    return case


def _inspectors(case: Case, data: Plan) -> set[int]:
    """Two different inspectors of the authority."""
    people = {one for one in (data.first, data.second) if one}
    fit = Account.objects.filter(
        pk__in=people, grants__role=Role.INSPECTOR, grants__authority=case.authority, grants__ended=None
    )
    if len(people) != 2 or fit.distinct().count() != 2:
        raise Refused(Text("须有两名本部门执法人员。", "Two inspectors of this authority are needed."))
    return people


def _first_inspectors(case: Case) -> set[int]:
    return set(Seat.objects.filter(case=case, role=Role.INSPECTOR).values_list("account", flat=True))


@verb("task", "cancel", Cancel)
def cancel(doing: Doing, task: Task, data: Cancel) -> Body:
    """Ask the job to stop: its authority's inspectors in a case, elsewhere who asked for it."""
    from mingcha.service.jobs.outbox import cancel as stop
    from mingcha.service.models import Job

    if not _asked_by(doing, task, data.key):
        raise Refused(Text("只能取消自己申请的检测。", "Only who asked for an inspection may cancel it."))
    for job in Job.objects.filter(key__in=_keys(task)):
        stop(job)
    return {"note": data.text}


def _asked_by(doing: Doing, task: Task, key: str) -> bool:
    account = doing.doer.account
    if task.case is not None:
        return account is not None
    return holder("task", key) == task.pk or (account is not None and task.first_id == account.pk)


def _keys(task: Task) -> list[str]:
    """The jobs of a task: the first one, and those that took it up again (`outbox.again`)."""
    return [f"task-{task.pk}", *(f"task-{task.pk}~{turn}" for turn in range(2, 12))]


@verb("task", "review")
def review(doing: Doing, task: Task, data: Note) -> Body:
    """The second inspector looks through the result and signs."""
    if task.case is None or doing.account.pk != task.second_id:
        raise Refused(Text("由第二名执法人员复核签字。", "The second inspector reviews and signs."))
    if task.report is None:
        raise Refused(Text("没有检测报告。", "There is no report."))
    return {"report": task.report.sha256, "note": data.text}


@verb("task", "fail", Reason)
def fail(doing: Doing, task: Task, data: Reason) -> Body:
    """Its job was given up."""
    task.ended_at, task.message = doing.at, data.reason[:300]
    task.save(update_fields=["ended_at", "message"])
    return {"why": data.reason}

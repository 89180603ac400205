"""Inspection tasks: planned, run by a job, signed by a second inspector."""

from __future__ import annotations

from msgspec import Struct

from mingcha.service.actions import seats
from mingcha.service.actions.acting import Body, Doing, Note, Reason, Refused, verb
from mingcha.service.jobs.outbox import enqueue
from mingcha.service.models import Case, Subject, Task, Version
from mingcha.service.roles import Role
from mingcha.service.text import Text
from mingcha.service.tickets import holder

_INSPECTED = {
    "first": (seats.FIRST, ("under-inspection", "findings-review")),
    "re-inspection": (seats.AGAIN, ("re-inspection", "removed")),
}
"""What is inspected in a case: whose part it is, and in which states of the case."""


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
    if case is None and data.purpose in _INSPECTED:
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
    """The case, in which a handler of its authority plans what its state asks for; the inspectors get their part in it. Raises Refused."""
    case = Case.objects.select_for_update().filter(pk=data.case or 0, subject=subject).first()
    if case is None or not _of_case(doing, case, Role.HANDLER):
        raise Refused(Text("案件与版本不符。", "The case is not about this version."))
    seats.unbarred(doing, case)
    part, states = _INSPECTED.get(data.purpose, ("", ()))
    if case.state not in states:
        raise Refused(
            Text("案件现阶段不做这种检测。", "This inspection does not belong to the present state of the case.")
        )
    seats.inspectors(case, {one for one in (data.first, data.second) if one}, part)
    return case


def _of_case(doing: Doing, case: Case, *roles: Role) -> bool:
    """Whether the doer works on cases of this authority."""
    wanted = roles or (Role.HANDLER, Role.INSPECTOR)
    return any(one.authority_id == case.authority_id and one.role in wanted for one in doing.doer.grants)


@verb("task", "cancel", Cancel)
def cancel(doing: Doing, task: Task, data: Cancel) -> Body:
    """Ask the job to stop: its authority's handlers and inspectors in a case, elsewhere who asked for it."""
    from mingcha.service.jobs.outbox import cancel as stop
    from mingcha.service.models import Job

    if task.case is not None:
        seats.unbarred(doing, task.case)
    if not (_of_case(doing, task.case) if task.case is not None else _asked_by(doing, task, data.key)):
        raise Refused(Text("只能取消自己申请的检测。", "Only who asked for an inspection may cancel it."))
    for job in Job.objects.filter(key__in=_keys(task)):
        stop(job)
    return {"note": data.text}


def _asked_by(doing: Doing, task: Task, key: str) -> bool:
    account = doing.doer.account
    return holder("task", key) == task.pk or (account is not None and task.first_id == account.pk)


def _keys(task: Task) -> list[str]:
    """The jobs of a task: the first one, and those that took it up again (`outbox.again`)."""
    return [f"task-{task.pk}", *(f"task-{task.pk}~{turn}" for turn in range(2, 12))]


@verb("task", "review")
def review(doing: Doing, task: Task, data: Note) -> Body:
    """The second inspector looks through the result and signs."""
    if task.case is None or doing.account.pk != task.second_id:
        raise Refused(Text("由第二名执法人员复核签字。", "The second inspector reviews and signs."))
    seats.unbarred(doing, task.case)
    if task.report is None:
        raise Refused(Text("没有检测报告。", "There is no report."))
    return {"report": task.report.sha256, "note": data.text}


@verb("task", "fail", Reason)
def fail(doing: Doing, task: Task, data: Reason) -> Body:
    """Its job was given up."""
    task.ended_at, task.message = doing.at, data.reason[:300]
    task.save(update_fields=["ended_at", "message"])
    return {"why": data.reason}

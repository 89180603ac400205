"""A case: its people, its notes, the result of its first inspection."""

from __future__ import annotations

from msgspec import Struct

from mingcha.service.actions import documents, seats
from mingcha.service.actions.acting import Body, Doing, Note, Nothing, Reason, Refused, verb
from mingcha.service.actions.drafting import signed_task
from mingcha.service.models import Account, Case, Seat
from mingcha.service.roles import Role
from mingcha.service.text import Text


class AssignPeople(Struct, frozen=True, forbid_unknown_fields=True):
    """The new case handler."""

    handler: int


@verb("case", "record-result")
def record_result(doing: Doing, case: Case, data: Note) -> Body:
    """The first inspection is done and signed by the second inspector."""
    seats.inspects(doing, case)
    task = signed_task(case, "first")
    return {"report": task.report.sha256 if task.report else "", "note": data.text}


@verb("case", "notify-findings", Nothing)
def notify_findings(doing: Doing, case: Case, data: Nothing) -> Body:
    """The operator is told of every suspected and confirmed finding it was not told of before, and may answer."""
    seats.unbarred(doing, case)
    if case.operator is None:
        raise Refused(Text("尚未确定运营者。", "The operator is not known yet."))
    open_ones = case.findings.exclude(state="withdrawn").filter(notified=None)
    clauses = sorted(open_ones.values_list("clause", flat=True))
    if not clauses:
        raise Refused(Text("没有尚未告知的问题。", "There is no finding that the operator was not told of."))
    open_ones.update(notified=doing.at)
    return {"clauses": clauses, "operator": case.operator.pk}


@verb("case", "dismiss", Reason)
def dismiss(doing: Doing, case: Case, data: Reason) -> Body:
    """Nothing is left to answer for, and no order or warning says otherwise."""
    seats.take(doing, case, Role.APPROVER)
    if case.findings.exclude(state__in=("withdrawn", "rectified")).exists():
        raise Refused(Text("尚有未处理的问题。", "There are findings nobody settled."))
    for kind in ("order", "notice"):
        documents.fell(case, kind)
    return {"reason": data.reason}


@verb("case", "recuse", Reason)
def recuse(doing: Doing, case: Case, data: Reason) -> Body:
    """Step aside; a handler stays in name until another is assigned, and may do nothing more."""
    Seat.objects.filter(case=case, account=doing.account).update(recused=True)
    Seat.objects.get_or_create(case=case, account=doing.account, role="recused", defaults={"recused": True})
    return {"reason": data.reason}


@verb("case", "assign", AssignPeople)
def assign(doing: Doing, case: Case, data: AssignPeople) -> Body:
    """Another handler of the authority who did not recuse himself and did not sign; whoever stepped aside names no successor."""
    seats.unbarred(doing, case)
    handler = Account.objects.filter(
        pk=data.handler, grants__role=Role.HANDLER, grants__authority=case.authority, grants__ended=None, is_active=True
    ).first()
    if handler is None or Seat.objects.filter(case=case, account=handler).exclude(role=Role.HANDLER).exists():
        raise Refused(
            Text(
                "请指定本部门未参与其他环节的承办人。",
                "Choose a handler of this authority with no other part in the case.",
            )
        )
    case.handler = handler
    case.save(update_fields=["handler"])
    Seat.objects.get_or_create(case=case, account=handler, role=Role.HANDLER)
    return {"handler": handler.pk}


@verb("case", "note", Note)
def note(_: Doing, case: Case, data: Note) -> Body:
    """A remark for the file."""
    return {"text": data.text}

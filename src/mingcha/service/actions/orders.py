"""The order to rectify: drafted, signed, served, extended, answered by a new version, inspected again."""

from __future__ import annotations

from msgspec import Struct

from mingcha.service import terms
from mingcha.service.actions import clocks, documents, findings, seats
from mingcha.service.actions.acting import Body, Doing, Nothing, Reason, Refused, verb
from mingcha.service.actions.drafting import LONGEST, Draft, bounded, drafted, signed_task
from mingcha.service.models import Case, Document, Filing, Task, Version
from mingcha.service.roles import Role
from mingcha.service.text import Text


class Serve(Struct, frozen=True, forbid_unknown_fields=True):
    """How it was served, and to whom."""

    way: str
    receiver: str


class AskExtension(Struct, frozen=True, forbid_unknown_fields=True):
    """How many working days more, and why."""

    days: int
    reason: str


class Rectified(Struct, frozen=True, forbid_unknown_fields=True):
    """What was changed for each clause, and the new version."""

    version: int
    answers: dict[str, str]


class Passed(Struct, frozen=True, forbid_unknown_fields=True):
    """Why each finding that the report of the re-inspection leaves open is held for rectified, by clause."""

    note: str = ""
    judged: dict[str, str] = {}


@verb("case", "draft-order", Draft)
def draft_order(doing: Doing, case: Case, data: Draft) -> Body:
    """A draft over every confirmed finding."""
    seats.handles(doing, case)
    return drafted(doing, case, "order", data)


@verb("case", "order", Nothing)
def order(doing: Doing, case: Case, data: Nothing) -> Body:
    """Sign the order; another one only where the one before was withdrawn."""
    documents.fell(case, "order")
    made = documents.issued(doing, case, "order")
    return {"document": made.number, "days": made.data["days"]}


@verb("case", "serve-order", Serve)
def serve_order(doing: Doing, case: Case, data: Serve) -> Body:
    """The clock runs from service; the days are the order's own."""
    seats.unbarred(doing, case)
    made = _served(doing, case, "order", data)
    return {"document": made.number, "days": made.data["days"], "way": data.way}


def _served(doing: Doing, case: Case, kind: str, data: Serve) -> Document:
    made = (
        case.documents.select_for_update().filter(kind=kind, state__in=("issued", "published")).order_by("-pk").first()
    )
    if made is None or not (data.way.strip() and data.receiver.strip()):
        raise Refused(
            Text(
                "没有待送达的文书，或未写明送达方式和受送达人。",
                "There is nothing to serve, or the way of service or who took it is missing.",
            )
        )
    made.served, made.served_to = doing.at, data.receiver.strip()[:120]
    made.save(update_fields=["served", "served_to"])
    doing.record(made, "serve", number=made.number, way=data.way)
    return made


@verb("case", "ask-extension", AskExtension)
def ask_extension(doing: Doing, case: Case, data: AskExtension) -> Body:
    """Before the time is over, with reason."""
    row = clocks.running(case, "rectification").first()
    if row is None or doing.at > row.due:
        raise Refused(Text("请在期限届满前提出。", "Ask before the time is over."))
    _reasoned(data)
    return {"asked": data.days, "reason": data.reason}


@verb("case", "extend", AskExtension)
def extend(doing: Doing, case: Case, data: AskExtension) -> Body:
    """The old due moment is kept in the event."""
    seats.take(doing, case, Role.APPROVER)
    _reasoned(data)
    row = clocks.running(case, "rectification").select_for_update().first()
    if row is None:
        raise Refused(Text("没有运行中的整改期限。", "No time for rectification is running."))
    old = row.due
    terms.extended(row, data.days)
    return {"by": data.days, "from": old.isoformat(), "to": row.due.isoformat(), "reason": data.reason}


def _reasoned(data: AskExtension) -> None:
    if not 1 <= data.days <= LONGEST or not data.reason.strip():
        raise Refused(
            Text(
                f"请写明天数（1至{LONGEST}个工作日）和理由。",
                f"Give a number of working days (1 to {LONGEST}), and the reason.",
            )
        )


@verb("case", "refuse-extension", Reason)
def refuse_extension(doing: Doing, case: Case, data: Reason) -> Body:
    """With reason."""
    seats.take(doing, case, Role.APPROVER)
    return {"reason": data.reason}


@verb("case", "file-rectification", Rectified)
@verb("case", "file-while-removed", Rectified)
def file_rectification(doing: Doing, case: Case, data: Rectified) -> Body:
    """An answer for each finding of the order, and a version of this subject that was handed in after the case was opened."""
    version = Version.objects.filter(pk=data.version, subject=case.subject, obtained__gte=case.opened).first()
    if version is None:
        raise Refused(Text("请先提交整改后的版本。", "Upload the rectified version first."))
    wanted = set(case.findings.filter(state__in=("confirmed", "not-rectified")).values_list("clause", flat=True))
    missing = sorted(clause for clause in wanted if not data.answers.get(clause, "").strip())
    if missing:
        raise Refused(Text(f"请逐项说明：{'、'.join(missing)}。", f"Answer each finding: {', '.join(missing)}."))
    made = Filing.objects.create(
        case=case,
        version=version,
        answers={name: data.answers[name] for name in sorted(wanted)},
        by=doing.account,
        filed=doing.at,
    )
    return {"filing": made.pk, "version": version.pk, "clauses": sorted(wanted)}


@verb("case", "pass", Passed)
@verb("case", "pass-while-removed", Passed)
def let_pass(doing: Doing, case: Case, data: Passed) -> Body:
    """An inspector of the re-inspection, who did not do the first one, holds every finding for rectified."""
    seats.inspects(doing, case, seats.AGAIN)
    if case.findings.filter(state="disputed").exists():
        raise Refused(Text("尚有异议未处理的问题。", "There are disputed findings that nobody settled."))
    told = findings.settle(doing, _reinspected(case), data.judged)
    if left := _left(told):
        raise Refused(Text(f"尚有未整改的问题：{'、'.join(left)}。", f"Not rectified: {', '.join(left)}."))
    return {"findings": told, "note": data.note}


def _reinspected(case: Case) -> Task:
    """The newest re-inspection, which must be of what was filed last: nobody is judged by a version he has replaced. Raises Refused."""
    filing = case.filings.order_by("-pk").first()
    task = signed_task(case, "re-inspection")
    if filing is None or task.version_id != filing.version_id:
        raise Refused(Text("须先复测最近提交的版本。", "The version filed last must be inspected first."))
    return task


def _left(told: dict[str, str]) -> list[str]:
    return sorted(clause for clause, state in told.items() if state != "rectified")


@verb("case", "return", Draft)
def give_back(doing: Doing, case: Case, data: Draft) -> Body:
    """The re-inspection shows that something is left: once more time to rectify."""
    bounded(data)
    if case.returned:
        raise Refused(Text("已退回整改一次。", "It was already sent back once."))
    told = _failed(doing, case)
    case.returned = True
    case.save(update_fields=["returned"])
    return {"measures": data.measures, "days": data.days, "findings": told}


@verb("case", "fail", Reason)
@verb("case", "fail-after-warning", Reason)
def fail(doing: Doing, case: Case, data: Reason) -> Body:
    """The re-inspection shows that it was not rectified."""
    return {"reason": data.reason, "findings": _failed(doing, case)}


def _failed(doing: Doing, case: Case) -> dict[str, str]:
    """Settle the findings by the re-inspection; one at least is left. Raises Refused."""
    seats.take(doing, case, Role.APPROVER)
    told = findings.settle(doing, _reinspected(case), {})
    if not _left(told):
        raise Refused(Text("复测结果未显示有未整改的问题。", "The re-inspection shows nothing that is not rectified."))
    return told

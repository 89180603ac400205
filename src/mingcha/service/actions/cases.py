"""The ladder of a case: results, order, service, extension, rectification, re-inspection, warning, removal, restoration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from mingcha.service import papers, terms
from mingcha.service.actions import clocks, documents, findings
from mingcha.service.actions.acting import Body, Doing, Note, Nothing, Reason, Refused, verb
from mingcha.service.models import Case, Document, Filing, Listing, Seat, Task, Version
from mingcha.service.roles import Role
from mingcha.service.text import Text


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """What the document says beside the findings; ``days`` is set by this document itself, in working days."""

    measures: str
    days: int = 5


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


class Direct(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the steps between are left out."""

    ground: str
    reason: str


class Acknowledge(Struct, frozen=True, forbid_unknown_fields=True):
    """A store says that it took the app down, with its proof."""

    proof: str


class AssignPeople(Struct, frozen=True, forbid_unknown_fields=True):
    """The new case handler."""

    handler: int


# --- inspection ------------------------------------------------------------------------------------------------------


@verb("case", "record-result")
def record_result(_: Doing, case: Case, data: Note) -> Body:
    """The first inspection is done and signed by the second inspector."""
    task = _task(case, "first")
    return {"report": task.report.sha256 if task.report else "", "note": data.text}


@verb("case", "notify-findings", Nothing)
def notify_findings(doing: Doing, case: Case, data: Nothing) -> Body:
    """The operator is told of every suspected and confirmed finding, and may answer."""
    if case.operator is None:
        raise Refused(Text("尚未确定运营者。", "The operator is not known yet."))
    open_ones = case.findings.exclude(state="withdrawn").filter(notified=None)
    clauses = sorted(open_ones.values_list("clause", flat=True))
    open_ones.update(notified=doing.at)
    return {"clauses": clauses, "operator": case.operator.pk}


@verb("case", "dismiss", Reason)
def dismiss(doing: Doing, case: Case, data: Reason) -> Body:
    """Nothing is left to answer for."""
    if case.findings.filter(state__in=("suspected", "confirmed", "disputed")).exists():
        raise Refused(Text("尚有未处理的问题。", "There are findings nobody settled."))
    return {"reason": data.reason}


def _task(case: Case, purpose: str) -> Task:
    """The newest signed task of a purpose. Raises Refused."""
    found = case.tasks.filter(purpose=purpose, state="reviewed").order_by("-pk").first()
    if found is None or found.report is None:
        raise Refused(
            Text(
                "检测尚未完成或未经第二名执法人员签字。",
                "The inspection is not done or not signed by the second inspector.",
            )
        )
    return found


# --- order to rectify ------------------------------------------------------------------------------------------------


@verb("case", "draft-order", Draft)
def draft_order(doing: Doing, case: Case, data: Draft) -> Body:
    """A draft over every confirmed finding."""
    _handler(doing, case)
    return _drafted(doing, case, "order", data)


def _drafted(doing: Doing, case: Case, kind: str, data: Draft) -> Body:
    confirmed = list(case.findings.filter(state__in=("confirmed", "not-rectified")).order_by("clause"))
    if not confirmed:
        raise Refused(Text("没有已确认的问题。", "There is no confirmed finding."))
    if not 1 <= data.days <= 60 or not data.measures.strip():
        raise Refused(
            Text(
                "请写明整改要求和期限（1至60个工作日）。",
                "Say what is to be done, and within how many working days (1 to 60).",
            )
        )
    made = documents.drafted(doing, case, kind, _told(case, confirmed, data))
    return {"document": made.pk, "days": data.days}


def _told(case: Case, confirmed: Iterable[Any], data: Draft) -> dict[str, Any]:
    """What the template gets: nothing but plain values."""
    version = next((one.task.version for one in confirmed if one.task.version), None)
    return {
        "case": case.number,
        "authority": case.authority.name,
        "operator": case.operator.name if case.operator else "",
        "subject": case.subject.name,
        "package": case.subject.package,
        "version": str(version) if version else "",
        "measures": data.measures,
        "days": data.days,
        "findings": [papers.told(one) for one in confirmed],
    }


@verb("case", "order", Nothing)
def order(doing: Doing, case: Case, data: Nothing) -> Body:
    """Sign the order."""
    made = documents.issued(doing, case, "order")
    return {"document": made.number, "days": made.data["days"]}


@verb("case", "serve-order", Serve)
def serve_order(doing: Doing, case: Case, data: Serve) -> Body:
    """The clock runs from service; the days are the order's own."""
    made = _served(doing, case, "order", data)
    return {"document": made.number, "days": made.data["days"], "way": data.way}


def _served(doing: Doing, case: Case, kind: str, data: Serve) -> Document:
    made = (
        case.documents.select_for_update().filter(kind=kind, state__in=("issued", "published")).order_by("-pk").first()
    )
    if made is None or not data.way.strip():
        raise Refused(
            Text("没有待送达的文书，或未写明送达方式。", "There is nothing to serve, or the way of service is missing.")
        )
    made.served = doing.at
    made.save(update_fields=["served"])
    doing.record(made, "serve", number=made.number, way=data.way)
    return made


@verb("case", "ask-extension", AskExtension)
def ask_extension(doing: Doing, case: Case, data: AskExtension) -> Body:
    """Before the time is over, with reason."""
    row = clocks.running(case, "rectification").first()
    if row is None or doing.at > row.due or not 1 <= data.days <= 60 or not data.reason.strip():
        raise Refused(
            Text("请在期限届满前提出，并写明天数和理由。", "Ask before the time is over, with days and reason.")
        )
    return {"asked": data.days, "reason": data.reason}


@verb("case", "extend", AskExtension)
def extend(doing: Doing, case: Case, data: AskExtension) -> Body:
    """The old due moment is kept in the reckoning."""
    row = clocks.running(case, "rectification").select_for_update().first()
    if row is None:
        raise Refused(Text("没有运行中的整改期限。", "No time for rectification is running."))
    old = row.due
    terms.extended(row, data.days)
    return {"by": data.days, "from": old.isoformat(), "to": row.due.isoformat(), "reason": data.reason}


@verb("case", "refuse-extension", Reason)
def refuse_extension(_: Doing, case: Case, data: Reason) -> Body:
    """With reason."""
    return {"reason": data.reason}


# --- rectification and re-inspection ---------------------------------------------------------------------------------


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
    """Another inspector than the first holds every finding for rectified."""
    told = _settled(doing, case, data.judged)
    if left := sorted(clause for clause, state in told.items() if state != "rectified"):
        raise Refused(Text(f"尚有未整改的问题：{'、'.join(left)}。", f"Not rectified: {', '.join(left)}."))
    return {"findings": told, "note": data.note}


def _settled(doing: Doing, case: Case, judged: dict[str, str]) -> dict[str, str]:
    """Settle the findings by the newest re-inspection, which must be of what was filed last."""
    filing = case.filings.order_by("-pk").first()
    task = _task(case, "re-inspection")
    if filing is None or task.version_id != filing.version_id:
        raise Refused(Text("须先复测最近提交的版本。", "The version filed last must be inspected first."))
    if Seat.objects.filter(case=case, account=doing.account, role=Role.INSPECTOR).exists():
        raise Refused(
            Text("由首次检测人员以外的执法人员认定。", "An inspector who did not do the first inspection decides.")
        )
    return findings.settle(doing, task, judged)


@verb("case", "return", Draft)
def give_back(doing: Doing, case: Case, data: Draft) -> Body:
    """Once more time to rectify."""
    if case.returned:
        raise Refused(Text("已退回整改一次。", "It was already sent back once."))
    case.returned = True
    case.save(update_fields=["returned"])
    return {"measures": data.measures, "days": data.days}


@verb("case", "fail", Reason)
@verb("case", "fail-after-warning", Reason)
def fail(doing: Doing, case: Case, data: Reason) -> Body:
    """The re-inspection shows that it was not rectified."""
    told = findings.settle(doing, _task(case, "re-inspection"), {})
    if not any(state == "not-rectified" for state in told.values()):
        raise Refused(Text("复测结果未显示有未整改的问题。", "The re-inspection shows nothing that is not rectified."))
    return {"reason": data.reason, "findings": told}


# --- warning, removal, restoration -----------------------------------------------------------------------------------


_MISSED = {"miss-deadline": "rectification", "miss-notice": "notice"}


@verb("case", "miss-deadline", Nothing)
@verb("case", "miss-notice", Nothing)
def miss(doing: Doing, case: Case, data: Nothing) -> Body:
    """The engine saw a due moment pass; service was proven, or no clock would run. A provisional date is never missed."""
    row = clocks.running(case, _MISSED[doing.act]).first()
    if row is None or terms.state(row, doing.at) != "missed":
        raise Refused(Text("期限尚未届满。", "The time is not over."))
    return {"clock": row.clock, "due": row.due.isoformat()}


@verb("case", "draft-notice", Draft)
def draft_notice(doing: Doing, case: Case, data: Draft) -> Body:
    """A draft of the public warning."""
    _handler(doing, case)
    return _drafted(doing, case, "notice", data)


@verb("case", "issue-notice", Nothing)
def issue_notice(doing: Doing, case: Case, data: Nothing) -> Body:
    """Sign the warning; another person publishes it."""
    made = documents.issued(doing, case, "notice")
    return {"document": made.number}


@verb("case", "publish", Nothing)
def publish(doing: Doing, case: Case, data: Nothing) -> Body:
    """The publication officer publishes what an approver issued."""
    made = case.documents.select_for_update().filter(kind="notice", state="issued").first()
    if made is None:
        raise Refused(Text("须先由批准人签发通报。", "An approver issues the warning first."))
    made.published = doing.at
    made.save(update_fields=["published"])
    doing.record(made, "publish", number=made.number)
    return {"document": made.number, "days": made.data["days"]}


@verb("case", "draft-removal", Draft)
def draft_removal(doing: Doing, case: Case, data: Draft) -> Body:
    """A draft of the notice to the stores."""
    _handler(doing, case)
    return _drafted(doing, case, "removal", data)


@verb("case", "remove", Nothing)
def remove(doing: Doing, case: Case, data: Nothing) -> Body:
    """Every store where the app is listed is told."""
    if not case.deadlines.filter(clock="notice", state="missed").exists():
        raise Refused(Text("通报的期限尚未届满。", "The time set by the warning is not over."))
    return _removed(doing, case)


@verb("case", "remove-directly", Direct)
def remove_directly(doing: Doing, case: Case, data: Direct) -> Body:
    """For repeated violations or technical countermeasures only."""
    if data.ground not in ("repeated", "countermeasure") or not data.reason.strip():
        raise Refused(
            Text(
                "直接下架仅限反复出现问题或技术对抗，并须说明理由。",
                "Only for repeated violations or technical countermeasures, with reason.",
            )
        )
    return {**_removed(doing, case), "ground": data.ground, "reason": data.reason}


def _removed(doing: Doing, case: Case) -> Body:
    stores = Listing.objects.filter(subject=case.subject, state="listed")
    made = documents.issued(doing, case, "removal", {"stores": sorted(stores.values_list("platform__name", flat=True))})
    stores.update(state="ordered", since=doing.at)
    return {"document": made.number, "stores": made.data["stores"]}


@verb("case", "acknowledge-removal", Acknowledge)
def acknowledge(doing: Doing, case: Case, data: Acknowledge) -> Body:
    """Each store for itself; the clock stops when all have."""
    mine = [one.platform_id for one in doing.doer.grants if one.role == Role.PLATFORM]
    listing = (
        Listing.objects.filter(subject=case.subject, platform__in=mine, state="ordered")
        .select_related("platform")
        .first()
    )
    if listing is None or not data.proof.strip():
        raise Refused(
            Text("没有待确认的下架，或未写明证明。", "There is nothing to acknowledge, or the proof is missing.")
        )
    listing.state, listing.since = "removed", doing.at
    listing.save(update_fields=["state", "since"])
    if not Listing.objects.filter(subject=case.subject, state="ordered").exists():
        clocks.stop(case, "removal-acknowledgement", doing.at)
    return {"store": listing.platform.name, "proof": data.proof}


@verb("case", "commit", Reason)
def commit(_: Doing, case: Case, data: Reason) -> Body:
    """The operator's commitment, needed for restoration."""
    return {"text": data.reason}


@verb("case", "draft-restoration", Reason)
def draft_restoration(doing: Doing, case: Case, data: Reason) -> Body:
    """A draft of the notice that the app may be listed again."""
    _handler(doing, case)
    settled = list(case.findings.filter(state="rectified").order_by("clause"))
    made = documents.drafted(doing, case, "restoration", _told(case, settled, Draft(measures=data.reason)))
    return {"document": made.pk}


@verb("case", "restore", Reason)
def restore(doing: Doing, case: Case, data: Reason) -> Body:
    """Ban over, re-inspection passed, commitment filed."""
    from mingcha.service.ledger import events_of

    if clocks.running(case, "relisting-ban").filter(due__gte=doing.at).exists():
        raise Refused(Text("禁止上架期限尚未届满。", "The ban on relisting is not over."))
    done = {event.act for event in events_of(case)}
    if not {"pass-while-removed", "commit"} <= done:
        raise Refused(Text("须复测通过并提交承诺。", "It needs a passed re-inspection and a commitment."))
    stores = Listing.objects.filter(subject=case.subject, state__in=("ordered", "removed"))
    names = sorted(stores.values_list("platform__name", flat=True))
    made = documents.issued(doing, case, "restoration", {"stores": names})
    stores.update(state="restored", since=doing.at)
    return {"document": made.number, "stores": names, "reason": data.reason}


@verb("case", "disconnect", Reason)
def disconnect(_: Doing, case: Case, data: Reason) -> Body:
    """Access is ended."""
    return {"reason": data.reason}


# --- people and notes ------------------------------------------------------------------------------------------------


@verb("case", "recuse", Reason)
def recuse(doing: Doing, case: Case, data: Reason) -> Body:
    """Step aside; a handler stays in name until another is assigned, and may do nothing more."""
    Seat.objects.filter(case=case, account=doing.account).update(recused=True)
    Seat.objects.get_or_create(case=case, account=doing.account, role="recused", defaults={"recused": True})
    return {"reason": data.reason}


@verb("case", "assign", AssignPeople)
def assign(_: Doing, case: Case, data: AssignPeople) -> Body:
    """Another handler of the authority who did not recuse himself and did not sign."""
    from mingcha.service.models import Account

    handler = Account.objects.filter(
        pk=data.handler, grants__role=Role.HANDLER, grants__authority=case.authority, grants__ended=None
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


def _handler(doing: Doing, case: Case) -> None:
    """The case's handler, unless recused."""
    if (
        case.handler_id != doing.account.pk
        or Seat.objects.filter(case=case, account=doing.account, recused=True).exists()
    ):
        raise Refused(Text("由本案承办人办理。", "The handler of this case does it."))

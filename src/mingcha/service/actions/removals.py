"""After a missed deadline: public warning, removal from stores, and the way back."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from mingcha.casework import wording
from mingcha.service import terms
from mingcha.service.actions import clocks, documents, seats
from mingcha.service.actions.acting import Body, Doing, Nothing, Reason, Refused, verb
from mingcha.service.actions.drafting import Draft, drafted, told
from mingcha.service.ledger import events_of
from mingcha.service.models import Case, Listing
from mingcha.service.roles import Role
from mingcha.service.text import Text


class Direct(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the steps between are left out."""

    ground: str
    reason: str


class Acknowledge(Struct, frozen=True, forbid_unknown_fields=True):
    """A store says that it took the app down, with its proof."""

    proof: str


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
    seats.handles(doing, case)
    return drafted(doing, case, "notice", data)


@verb("case", "issue-notice", Nothing)
def issue_notice(doing: Doing, case: Case, data: Nothing) -> Body:
    """Sign the warning; another person publishes it."""
    documents.stands(case, "order")
    made = documents.issued(doing, case, "notice")
    return {"document": made.number}


@verb("case", "publish", Nothing)
def publish(doing: Doing, case: Case, data: Nothing) -> Body:
    """The publication officer publishes what an approver, and nobody else but he, issued."""
    seats.take(doing, case, Role.PUBLISHER)
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
    seats.handles(doing, case)
    return drafted(doing, case, "removal", data)


@verb("case", "remove", Nothing)
def remove(doing: Doing, case: Case, data: Nothing) -> Body:
    """Every store where the app is listed is told: the warning's time is over, or the re-inspection after it failed."""
    documents.stands(case, "notice")
    missed = case.deadlines.filter(clock="notice", state="missed").exists()
    if not missed and not any(event.act == "fail-after-warning" for event in events_of(case)):
        raise Refused(_not_yet(case, doing.at))
    return _removed(doing, case)


def _not_yet(case: Case, at: datetime) -> Text:
    """Why the app cannot be removed yet, and what to do where no calendar says when it can."""
    row = clocks.running(case, "notice").first()
    if row is None or not row.provisional or row.due > at:
        return Text("通报的期限尚未届满。", "The time set by the warning is not over.")
    end = wording.ends(row.due)
    return Text(
        f"通报期限暂定{end.zh}，但放假安排公布前不能认定逾期。请系统管理员安装含新一年放假安排的更新（见运维手册“Clocks”一节），期限随即重新计算。",
        f"The warning's time is provisional ({end.en}): nobody is late before the holidays are published. Ask the administrator to install the "
        "update that holds the new year's calendar (docs/operate.md, Clocks); the time is then reckoned anew.",
    )


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
    seats.handles(doing, case)
    settled = list(case.findings.filter(state="rectified").order_by("clause"))
    made = documents.drafted(doing, case, "restoration", told(case, settled, Draft(measures=data.reason)))
    return {"document": made.pk}


@verb("case", "restore", Reason)
def restore(doing: Doing, case: Case, data: Reason) -> Body:
    """Ban over, re-inspection passed, commitment filed."""
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
def disconnect(doing: Doing, case: Case, data: Reason) -> Body:
    """Access is ended."""
    seats.take(doing, case, Role.APPROVER)
    return {"reason": data.reason}

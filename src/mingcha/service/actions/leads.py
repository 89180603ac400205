"""Leads: assigned, merged, filed as cases or not."""

from __future__ import annotations

from msgspec import Struct

from mingcha.service.actions.acting import Body, Doing, Reason, Refused, verb
from mingcha.service.actions.holding import open_cases
from mingcha.service.models import Account, Authority, Case, Lead, Seat, Subject
from mingcha.service.numbers import next_number
from mingcha.service.roles import Role
from mingcha.service.text import Text


class Open(Struct, frozen=True, forbid_unknown_fields=True):
    """A lead that no complaint brought: media, sampling, referral …"""

    subject: int
    authority: int
    source: str
    summary: str


class Assign(Struct, frozen=True, forbid_unknown_fields=True):
    """To whom."""

    handler: int


class Merge(Struct, frozen=True, forbid_unknown_fields=True):
    """Into which lead."""

    into: int


@verb("lead", "open", Open)
def open_lead(doing: Doing, _: None, data: Open) -> Body:
    """Register a lead."""
    subject, authority = (
        Subject.objects.filter(pk=data.subject).first(),
        Authority.objects.filter(pk=data.authority).first(),
    )
    if subject is None or authority is None or data.source not in Lead.SOURCES:
        raise Refused(Text("请选择对象、部门和来源。", "Choose subject, authority and source."))
    if not any(one.authority_id == authority.pk for one in doing.doer.grants):
        raise Refused(Text("只能为本部门登记线索。", "Leads are registered for one's own authority."))
    made = Lead.objects.create(
        number=next_number("lead"),
        source=data.source,
        subject=subject,
        authority=authority,
        summary=data.summary,
        registered=doing.at,
    )
    return {"thing": made, "source": data.source, "subject": subject.pk, "number": made.number}


@verb("lead", "assign", Assign)
def assign(_: Doing, lead: Lead, data: Assign) -> Body:
    """To a case handler of the same authority."""
    handler = Account.objects.filter(
        pk=data.handler, grants__role=Role.HANDLER, grants__authority=lead.authority, grants__ended=None, is_active=True
    ).first()
    if handler is None:
        raise Refused(Text("只能分派给本部门的承办人。", "It can be assigned to a case handler of this authority."))
    lead.handler = handler
    lead.save(update_fields=["handler"])
    return {"handler": handler.pk}


@verb("lead", "merge", Merge)
def merge(doing: Doing, lead: Lead, data: Merge) -> Body:
    """Into another lead on the same subject; each complaint keeps its own clocks."""
    into = (
        Lead.objects.select_for_update()
        .filter(pk=data.into, subject=lead.subject, authority=lead.authority)
        .exclude(pk=lead.pk)
        .first()
    )
    if into is None or into.ended:
        raise Refused(Text("只能并入同一对象的未办结线索。", "It can go into an open lead on the same subject."))
    lead.complaints.update(lead=into)
    lead.merged_into = into
    lead.save(update_fields=["merged_into"])
    doing.later.append((into, "join", {"from": lead.number}))
    return {"into": into.number}


@verb("lead", "file")
def file(doing: Doing, lead: Lead, data: object) -> Body:
    """Open a case, unless the subject has an open one; its row is locked, so that two leads do not open two."""
    if lead.handler_id != doing.account.pk:
        raise Refused(Text("由被分派的承办人立案。", "The assigned handler files it."))
    Subject.objects.select_for_update().get(pk=lead.subject_id)
    if open_cases(lead.subject).exists():
        raise Refused(Text("该对象已有未办结案件，请并案。", "There is an open case on this subject: merge instead."))
    case = Case.objects.create(
        number=next_number("case"), subject=lead.subject, operator=lead.subject.operator, authority=lead.authority, lead=lead,
        handler=doing.account, opened=doing.at,
    )  # fmt: skip
    Seat.objects.create(case=case, account=doing.account, role=Role.HANDLER)
    doing.record(case, "open", lead=lead.number, number=case.number, subject=lead.subject.pk)
    return {"case": case.number}


@verb("lead", "decline", Reason)
def decline(_: Doing, lead: Lead, data: Reason) -> Body:
    """Not filed, with reason."""
    return {"reason": data.reason}

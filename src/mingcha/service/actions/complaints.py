"""Complaints 投诉 and reports 举报: received, taken up, passed on, answered, closed, reviewed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from msgspec import Struct

from mingcha.casework import commitments
from mingcha.service import vault
from mingcha.service.actions.acting import Body, Doing, Forbidden, Note, Reason, Refused, verb
from mingcha.service.intake import codes
from mingcha.service.models import Attachment, Authority, Complaint, Evidence, Identity, Lead, Message, Subject
from mingcha.service.numbers import next_number
from mingcha.service.roles import Role
from mingcha.service.text import Text

KEEPS_IDENTITY = timedelta(days=3 * 365)
"""How long an identity is kept (our retention table): the limitation of penalties is two years, and one year for review and suit."""
CATEGORIES = {
    "no-rules": Text("未公开收集使用规则", "no rules made public"),
    "unclear": Text("未说明目的、方式和范围", "purpose, way or scope not told"),
    "no-consent": Text("未经同意收集使用", "taken or used without consent"),
    "unnecessary": Text("收集无关的个人信息", "takes what it does not need"),
    "shared": Text("未经同意向他人提供", "given to others without consent"),
    "rights": Text("不能删除、更正、注销或投诉无回应", "no way to delete, correct, cancel or complain"),
    "other": Text("其他", "other"),
}


class Receive(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the form sends. ``code`` is the secret shown once to the person; only its hash is kept."""

    kind: str
    code: str
    subject: int | None = None
    subject_kind: str = "app"
    subject_name: str
    version: str = ""
    channel: str = ""
    category: str
    narrative: str
    wish: str = ""
    happened: date | None = None
    contacted: date | None = None
    authority: int
    name: str = ""
    phone: str = ""
    email: str = ""
    to_operator: bool = False
    public: bool = False
    pictures: tuple[tuple[int, int], ...] = ()
    """Rows of evidence: sealed original and shared copy of each picture."""


class Refuse(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is not taken up, and which channel takes it."""

    reason: str
    channel: str = ""


class Close(Struct, frozen=True, forbid_unknown_fields=True):
    """How it ended."""

    outcome: str
    reason: str


class Solved(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether it was really solved, in the person's own eyes."""

    solved: bool


class MakeLead(Struct, frozen=True, forbid_unknown_fields=True):
    """Into which lead it goes; none: a new one, about this subject."""

    lead: int | None = None
    subject: int | None = None
    summary: str = ""


@verb("complaint", "receive", Receive)
def receive_complaint(doing: Doing, _: None, data: Receive) -> Body:
    """A complaint: the receiving body's rules say whether a name and a way to reach the person are needed."""
    office = _office(data)
    if office.needs_identity and not (data.name.strip() and (data.phone.strip() or data.email.strip())):
        raise Refused(
            Text(
                "投诉须填写姓名和联系方式；不愿实名的，可以改为举报。",
                "A complaint needs a name and a way to reach you; a report does not.",
            )
        )
    return _received(doing, data, "complaint", office)


@verb("report", "receive", Receive)
def receive_report(doing: Doing, _: None, data: Receive) -> Body:
    """A report, anonymous if the person wants."""
    return _received(doing, data, "report", _office(data))


def _office(data: Receive) -> Authority:
    found = Authority.objects.filter(pk=data.authority).first()
    if found is None:
        raise Refused(Text("没有这个受理机关。", "There is no such receiving body."))
    return found


def _received(doing: Doing, data: Receive, kind: str, office: Authority) -> Body:
    if data.category not in CATEGORIES or not data.narrative.strip() or not data.subject_name.strip():
        raise Refused(Text("请写明对象、问题类别和经过。", "Say what it is about, of which kind, and what happened."))
    fields = (
        "subject_kind",
        "subject_name",
        "version",
        "channel",
        "category",
        "narrative",
        "wish",
        "happened",
        "contacted",
        "to_operator",
        "public",
    )
    made = Complaint.objects.create(
        kind=kind, number=next_number(kind), code=codes.stored(data.code, settings.CONFIGURATION.secret("codes").encode()),
        subject=Subject.objects.filter(pk=data.subject).first() if data.subject else None, authority=office,
        received=doing.at, **{name: getattr(data, name) for name in fields},
    )  # fmt: skip
    body = {"number": made.number, "category": made.category, "identity": _identity(doing, made, data)}
    return {"thing": made, **body, "pictures": _attached(made, data.pictures) if data.pictures else []}


def _attached(made: Complaint, pictures: tuple[tuple[int, int], ...]) -> list[str]:
    """The hashes of the shared copies, now that the pictures are the complaint's."""
    _fresh([number for pair in pictures for number in pair])
    for original, shared in pictures:
        Attachment.objects.create(complaint=made, original_id=original, shared_id=shared)
    copies = Evidence.objects.filter(pk__in=[pair[1] for pair in pictures]).order_by("pk")
    return [one.sha256 for one in copies]


def _fresh(numbers: list[int]) -> None:
    """Pictures that belong to nothing yet: whoever names a number must not get another's file into his package."""
    used = Q(pk__in=Attachment.objects.values("original")) | Q(pk__in=Attachment.objects.values("shared"))
    found = Evidence.objects.filter(pk__in=numbers, kind="picture", source="complainant").exclude(used)
    if found.count() != len(numbers):
        raise Refused(Text("请重新上传照片。", "Upload the pictures again."))


def _identity(doing: Doing, made: Complaint, data: Receive) -> dict[str, Any] | None:
    """Seal who it was; the chain gets a commitment. None for an anonymous report."""
    value = {"name": data.name.strip(), "phone": data.phone.strip(), "email": data.email.strip()}
    if not any(value.values()):
        return None
    salt = vault.salt()
    sealed = commitments.sealed(value, salt)
    Identity.objects.create(
        complaint=made, sealed=vault.seal({"value": value, "salt": salt.hex()}), commitment=sealed["commitment"],
        erase_after=doing.at + KEEPS_IDENTITY,
    )  # fmt: skip
    return sealed


@verb("complaint", "ask-completion", Reason)
def ask_completion(_: Doing, complaint: Complaint, data: Reason) -> Body:
    """What is missing goes to the person as a message."""
    return {"reason": data.reason}


@verb("complaint", "complete")
def complete(doing: Doing, complaint: Complaint, data: Note) -> Body:
    """The person adds what was missing."""
    _said(doing, complaint, data.text)
    return {}


@verb("complaint", "accept")
def accept(_: Doing, complaint: Complaint, data: Note) -> Body:
    """Taken up."""
    return {"note": data.text}


@verb("complaint", "refuse", Refuse)
@verb("report", "refuse", Refuse)
def refuse(_: Doing, complaint: Complaint, data: Refuse) -> Body:
    """Not taken up: with reason, and the channel that takes it."""
    if not data.reason.strip():
        raise Refused(Text("请说明不予受理的理由。", "Give the reason."))
    return {"reason": data.reason, "channel": data.channel}


@verb("complaint", "make-lead", MakeLead)
@verb("report", "make-lead", MakeLead)
def make_lead(doing: Doing, complaint: Complaint, data: MakeLead) -> Body:
    """Put it into a lead, new or there; its own clocks go on."""
    lead = (
        Lead.objects.select_for_update().filter(pk=data.lead, authority=complaint.authority).first()
        if data.lead
        else _new_lead(doing, complaint, data)
    )
    if lead is None:
        raise Refused(Text("没有这条线索。", "There is no such lead."))
    if data.lead and not lead.ladder.may("join", lead.state):
        raise Refused(Text("这条线索已办结，请另立新线索。", "This lead has ended; make a new one."))
    complaint.lead = lead
    complaint.subject = lead.subject
    complaint.save(update_fields=["lead", "subject"])
    doing.later.append((lead, "join", {"from": complaint.number}))
    return {"lead": lead.number}


def _new_lead(doing: Doing, complaint: Complaint, data: MakeLead) -> Lead:
    subject = Subject.objects.filter(pk=data.subject).first() if data.subject else complaint.subject
    if subject is None:
        raise Refused(Text("请先登记检查对象。", "Put the subject on record first."))
    made = Lead.objects.create(
        number=next_number("lead"),
        source=complaint.kind,
        subject=subject,
        authority=complaint.authority,
        summary=data.summary,
        registered=doing.at,
    )
    doing.record(made, "open", source=complaint.kind, subject=subject.pk, number=made.number)
    return made


@verb("complaint", "forward")
def forward(_: Doing, complaint: Complaint, data: Note) -> Body:
    """To the operator, without the identity unless the person agreed."""
    if complaint.subject is None or complaint.subject.operator is None:
        raise Refused(Text("尚未确定运营者，不能转办。", "The operator is not known yet."))
    return {"operator": complaint.subject.operator.pk, "identity": complaint.to_operator}


@verb("complaint", "answer")
def answer(_: Doing, complaint: Complaint, data: Note) -> Body:
    """The operator's answer."""
    if not data.text.strip():
        raise Refused(Text("请填写答复。", "Write the answer."))
    complaint.answer = data.text
    complaint.save(update_fields=["answer"])
    return {"length": len(data.text)}


@verb("complaint", "judge", Reason)
def judge(_: Doing, complaint: Complaint, data: Reason) -> Body:
    """What the officer found."""
    return {"reason": data.reason}


@verb("complaint", "close", Close)
def close(_: Doing, complaint: Complaint, data: Close) -> Body:
    """Ended; how is another field than the state."""
    if data.outcome not in ("resolved", "not-resolved"):
        raise Refused(Text("请选择结果：已解决或未解决。", "Say whether it was resolved."))
    return _outcome(complaint, data.outcome) | {"reason": data.reason}


@verb("report", "close", Reason)
def close_report(_: Doing, complaint: Complaint, data: Reason) -> Body:
    """The person is told what came of it."""
    return {"reason": data.reason}


@verb("complaint", "withdraw")
@verb("report", "withdraw")
def withdraw(_: Doing, complaint: Complaint, data: Note) -> Body:
    """The person takes it back."""
    return _outcome(complaint, "withdrawn")


def _outcome(complaint: Complaint, outcome: str) -> dict[str, Any]:
    complaint.outcome = outcome
    complaint.save(update_fields=["outcome"])
    return {"outcome": outcome}


@verb("complaint", "say-solved", Solved)
@verb("report", "say-solved", Solved)
def say_solved(_: Doing, complaint: Complaint, data: Solved) -> Body:
    """Whether it was really solved."""
    complaint.solved = "yes" if data.solved else "no"
    complaint.save(update_fields=["solved"])
    return {"solved": data.solved}


@verb("complaint", "ask-review", Reason)
def ask_review(_: Doing, complaint: Complaint, data: Reason) -> Body:
    """Once."""
    from mingcha.service.ledger import events_of

    if any(event.act == "ask-review" for event in events_of(complaint)):
        raise Refused(Text("复核只能申请一次。", "A review can be asked for once."))
    return {}


@verb("complaint", "end-review", Close)
def end_review(_: Doing, complaint: Complaint, data: Close) -> Body:
    """The review's result."""
    return _outcome(complaint, data.outcome) | {"reason": data.reason}


@verb("complaint", "write")
@verb("report", "write")
def write(doing: Doing, complaint: Complaint, data: Note) -> Body:
    """A message, to the officer or to the person."""
    _said(doing, complaint, data.text)
    return {"from_person": doing.doer.complaint == complaint.pk}


def _said(doing: Doing, complaint: Complaint, text: str) -> None:
    if not text.strip():
        raise Refused(Text("请填写内容。", "Write something."))
    person = doing.doer.complaint == complaint.pk
    Message.objects.create(
        complaint=complaint,
        from_person=person,
        account=None if person else doing.account,
        sealed=vault.seal(text[:5000]),
        sent=doing.at,
    )


@verb("complaint", "open-identity", Reason)
@verb("report", "open-identity", Reason)
def open_identity(doing: Doing, complaint: Complaint, data: Reason) -> Body:
    """Reading the identity is an event with a reason; the page reads it with `identity_of` right after."""
    if Role.COMPLAINT_OFFICER not in doing.doer.roles:
        raise Forbidden(Text("只有投诉受理人员可以查阅。", "Only complaint officers may."))
    return {"reason": data.reason}


def identity_of(complaint: Complaint) -> dict[str, str] | None:
    """Who complained. Called only where `open-identity` was just performed, or by the person with the code."""
    row = Identity.objects.filter(complaint=complaint, erased=None).first()
    return None if row is None or row.sealed is None else vault.unseal(row.sealed)["value"]


@verb("complaint", "erase-identity")
@verb("report", "erase-identity")
def erase_identity(doing: Doing, complaint: Complaint, data: Note) -> Body:
    """At the end of its term: value and salt go, the commitment in the chain stays and says nothing."""
    Identity.objects.filter(complaint=complaint).update(sealed=None, erased=doing.at)
    Message.objects.filter(complaint=complaint, from_person=True).update(sealed=None)
    return {"erased": True}

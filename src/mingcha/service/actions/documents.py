"""Documents: drafted, passed by a lawyer, issued with number, hash and signature, served, published, withdrawn."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from mingcha.casework.canonical import canonical
from mingcha.service import papers, seals
from mingcha.service.actions import files
from mingcha.service.actions.acting import Body, Doing, Note, Reason, Refused, verb
from mingcha.service.models import Case, Document, Seat
from mingcha.service.numbers import next_number
from mingcha.service.roles import Role
from mingcha.service.text import Text


def drafted(doing: Doing, case: Case, kind: str, data: Mapping[str, Any]) -> Document:
    """A new draft of a kind; earlier drafts of the kind that were not issued are returned."""
    for old in case.documents.select_for_update().filter(kind=kind, state__in=("draft", "reviewed")):
        doing.record(old, "return", reason="replaced by a new draft")
    made = Document.objects.create(
        kind=kind, case=case, data=dict(data), template=papers.TEMPLATE, data_hash=_hash(data)
    )
    doing.record(made, "draft", case=case.number, of=kind, data=made.data_hash)
    return made


def issued(doing: Doing, case: Case, kind: str, extra: Mapping[str, Any] | None = None) -> Document:
    """Number, print and sign the draft that passed legal review. Raises Refused where there is none."""
    draft = case.documents.select_for_update().filter(kind=kind, state="reviewed").first()
    if draft is None:
        raise Refused(Text("须先有经法制审核的文书。", "A legally reviewed draft is needed first."))
    _apart(doing, case)
    draft.number = next_number(kind)
    draft.data = {
        **draft.data,
        **(extra or {}),
        "number": draft.number,
        "date": doing.at.date().isoformat(),
        "verify": papers.address(draft.number),
    }
    draft.data_hash = _hash(draft.data)
    printed = papers.pdf(kind, draft.data)
    draft.pdf = files.keep(doing, io.BytesIO(printed), f"{draft.number}.pdf", "document")
    draft.signature = seals.signed(draft.number, draft.data_hash, draft.pdf.sha256)
    draft.issued = doing.at
    draft.save()
    doing.record(draft, "issue", number=draft.number, data=draft.data_hash, pdf=draft.pdf.sha256, case=case.number)
    return draft


def _apart(doing: Doing, case: Case) -> None:
    """Nobody approves what he handled, inspected or reviewed, nor after he recused himself."""
    seats = Seat.objects.filter(case=case, account=doing.account).exclude(role=Role.APPROVER)
    if seats.exists() or Seat.objects.filter(case=case, account=doing.account, recused=True).exists():
        raise Refused(
            Text("承办、检测或审核过本案的人员不能签发。", "Who handled, inspected or reviewed this case cannot sign.")
        )
    Seat.objects.get_or_create(case=case, account=doing.account, role=Role.APPROVER)


def _hash(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(dict(data))).hexdigest()


@verb("document", "review")
def review(doing: Doing, document: Document, data: Note) -> Body:
    """A lawyer of the authority who did nothing else in the case."""
    if Seat.objects.filter(case=document.case, account=doing.account).exclude(role=Role.LEGAL).exists():
        raise Refused(Text("承办或检测过本案的人员不能审核。", "Who handled or inspected this case cannot review it."))
    Seat.objects.get_or_create(case=document.case, account=doing.account, role=Role.LEGAL)
    return {"note": data.text, "data": document.data_hash}


@verb("document", "return", Reason)
def give_back(_: Doing, document: Document, data: Reason) -> Body:
    """Back to the handler."""
    return {"reason": data.reason}


@verb("document", "withdraw", Reason)
def withdraw(doing: Doing, document: Document, data: Reason) -> Body:
    """A published or served document no longer holds; its page says so, and why."""
    document.withdrawn, document.withdrawal_reason = doing.at, data.reason
    document.save(update_fields=["withdrawn", "withdrawal_reason"])
    return {"number": document.number, "reason": data.reason}

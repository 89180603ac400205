"""Documents: drafted, passed by a lawyer, issued with number, hash and signature, served, published, withdrawn."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from mingcha.casework.canonical import canonical
from mingcha.service import papers, seals
from mingcha.service.actions import clocks, files, seats
from mingcha.service.actions.acting import Body, Doing, Note, Reason, Refused, verb
from mingcha.service.models import Case, Document
from mingcha.service.numbers import next_number
from mingcha.service.roles import Role
from mingcha.service.text import Text

_FALLEN = ("suspected", "disputed", "withdrawn")
_STARTS = {"order": ("rectification",), "notice": ("notice",), "removal": ("removal-acknowledgement", "relisting-ban")}
"""The clocks that run from a paper, by its kind."""


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
    seats.take(doing, case, Role.APPROVER)
    _holds(case, draft)
    term = papers.term(kind, draft.data["days"], doing.at, case.authority.receives)
    return signed(doing, draft, {**draft.data, **(extra or {}), "term": term}, "issue")


def signed(doing: Doing, paper: Document, data: Mapping[str, Any], act: str) -> Document:
    """Give it its number, print it, sign number, data and print, and write that down."""
    number = next_number(paper.kind)
    day, place = doing.at.date().isoformat(), papers.address(number)
    paper.number, paper.data = number, {**data, "number": number, "date": day, "verify": place}
    paper.data_hash = _hash(paper.data)
    printed = papers.pdf(paper.kind, paper.data)
    paper.pdf = files.keep(doing, io.BytesIO(printed), f"{number}.pdf", "document")
    paper.signature = seals.signed(number, paper.data_hash, paper.pdf.sha256)
    paper.issued = doing.at
    paper.save()
    doing.record(paper, act, number=number, data=paper.data_hash, pdf=paper.pdf.sha256, case=paper.case.number)
    return paper


def _holds(case: Case, draft: Document) -> None:
    """What was withdrawn or disputed since it was drafted is not signed: nobody is accused of what no longer stands. Raises Refused."""
    listed = {one["clause"] for one in draft.data["findings"]}
    states = list(case.findings.filter(clause__in=listed).values_list("clause", "state"))
    fallen = {clause for clause, state in states if state in _FALLEN} - {
        clause for clause, state in states if state not in _FALLEN
    }
    if fallen:
        raise Refused(
            Text(
                f"拟稿后问题已撤销或有异议，请重新拟稿：{'、'.join(sorted(fallen))}。",
                f"Withdrawn or disputed since it was drafted, draft it anew: {', '.join(sorted(fallen))}.",
            )
        )


def stands(case: Case, kind: str) -> None:
    """The newest issued paper of a kind was not withdrawn: nothing follows from one that was. Raises Refused."""
    newest = _newest(case, kind)
    if newest is not None and newest.withdrawn is not None:
        raise Refused(
            Text(f"{newest.number}已撤回，不能据此办理。", f"{newest.number} was withdrawn: nothing can rest on it.")
        )


def fell(case: Case, kind: str) -> None:
    """No issued paper of a kind holds: there was none, or it was withdrawn. Raises Refused."""
    newest = _newest(case, kind)
    if newest is not None and newest.withdrawn is None:
        raise Refused(Text(f"{newest.number}仍然有效，请先撤回。", f"{newest.number} still holds: withdraw it first."))


def _newest(case: Case, kind: str) -> Document | None:
    return case.documents.filter(kind=kind, issued__isnull=False).order_by("-pk").first()


def _hash(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(dict(data))).hexdigest()


@verb("document", "review")
def review(doing: Doing, document: Document, data: Note) -> Body:
    """A lawyer of the authority who did nothing else in the case."""
    seats.take(doing, document.case, Role.LEGAL)
    return {"note": data.text, "data": document.data_hash}


@verb("document", "return", Reason)
def give_back(doing: Doing, document: Document, data: Reason) -> Body:
    """Back to the handler."""
    seats.unbarred(doing, document.case)
    return {"reason": data.reason}


@verb("document", "withdraw", Reason)
def withdraw(doing: Doing, document: Document, data: Reason) -> Body:
    """An issued document no longer holds; its page says so, and why. What ran from it runs no more: nobody misses a time that is not set."""
    seats.unbarred(doing, document.case)
    for clock in _STARTS.get(document.kind, ()):
        clocks.cancel(document.case, clock, doing.at)
    return ended(doing, document, data.reason)


def ended(doing: Doing, document: Document, reason: str) -> Body:
    """From now on its page says that it no longer holds, and why."""
    document.withdrawn, document.withdrawal_reason = doing.at, reason
    document.save(update_fields=["withdrawn", "withdrawal_reason"])
    return {"number": document.number, "reason": reason}

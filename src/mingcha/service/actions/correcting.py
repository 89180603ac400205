"""An issued document with a slip in its words is corrected 更正: another one with its own number names it and takes its place.

What was decided stays: findings, days and the clocks that run are those of the first. A decision that does not hold is withdrawn instead.
"""

from __future__ import annotations

from msgspec import Struct

from mingcha.service import papers
from mingcha.service.actions import documents, seats
from mingcha.service.actions.acting import Body, Doing, Refused, verb
from mingcha.service.actions.words import CHOICES
from mingcha.service.models import Document
from mingcha.service.roles import Role
from mingcha.service.text import Text

_AFTER = {"served": "serve", "published": "publish"}
"""What was done with the first, and is done at once with the one in its place."""


class Correct(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the document, what it ought to say, and why."""

    part: str
    text: str
    reason: str


@verb("document", "correct", Correct)
def correct(doing: Doing, document: Document, data: Correct) -> Body:
    """An approver signs the corrected one; it is served or published where the first was."""
    seats.take(doing, document.case, Role.APPROVER)
    if data.part not in dict(CHOICES["part"]) or not data.text.strip() or not data.reason.strip():
        raise Refused(
            Text(
                "请选择更正的内容，并写明正确的文字和理由。",
                "Choose the part, and write what it ought to say, and why.",
            )
        )
    if document.data.get(data.part) == data.text:
        raise Refused(Text("更正前后的文字相同。", "That is what it says already."))
    made = _corrected(doing, document, data)
    after = _AFTER.get(document.state)
    if after is not None:
        setattr(made, document.state, doing.at)
        made.save(update_fields=[document.state])
        doing.record(made, after, number=made.number, way=f"更正{document.number}")
    told = documents.ended(doing, document, f"已更正，以{made.number}代替：{data.reason}")
    return {**told, "part": data.part, "instead": made.number}


def _corrected(doing: Doing, first: Document, data: Correct) -> Document:
    made = Document(kind=first.kind, case=first.case, template=papers.TEMPLATE, served_to=first.served_to)
    said = {**first.data, data.part: data.text, "corrects": first.number, "correction": data.reason}
    if first.state in _AFTER:
        said["term"] = f"期限不因更正而改变，仍按{first.number}计算。"
    made.data, made.data_hash = said, ""
    made.save()
    return documents.signed(doing, made, said, "replace")

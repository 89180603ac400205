"""Things as JSON: what one reader may see of one row, by list of fields, so that a new column is told to nobody until somebody says to whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mingcha.render.legible import legible
from mingcha.service import ledger
from mingcha.service.actions.acting import Doer, authority_of, by_right, open_acts
from mingcha.service.models import Document, Finding
from mingcha.service.models.thing import Thing
from mingcha.service.pages.desk import reach
from mingcha.service.roles import Role

Values = dict[str, Any]

_COMPLAINT = (
    "number", "subject_id", "subject_name", "subject_kind", "version", "channel", "category", "narrative", "wish", "happened", "answer", "outcome", "received",
)  # fmt: skip
_OWN_WORDS = ("contacted", "solved", "public", "to_operator")
"""What the writer said of himself: for officers and for him."""
STAFF: dict[str, tuple[str, ...]] = {
    "complaint": (*_COMPLAINT, *_OWN_WORDS, "lead_id"),
    "report": (*_COMPLAINT, *_OWN_WORDS, "lead_id"),
    "lead": ("number", "source", "subject_id", "summary", "handler_id", "merged_into_id", "registered"),
    "case": ("number", "subject_id", "operator_id", "handler_id", "lead_id", "opened", "returned"),
    "task": ("case_id", "subject_id", "version_id", "purpose", "first_id", "second_id", "report_id", "message", "planned", "ended_at"),
    "finding": ("clause", "case_id", "subject_id", "task_id", "sentence", "evidence", "answer", "answered", "notified"),
    "document": ("kind", "number", "case_id", "data", "data_hash", "issued", "served", "published", "withdrawn", "withdrawal_reason"),
    "subject": ("kind", "name", "package", "operator_id", "app_type", "registered"),
    "claim": ("subject_id", "account_id", "operator_id", "name", "credit_code", "note", "signer", "asked"),
    "selfcheck": ("operator_id", "subject_id", "version_id", "task_id", "answers", "statement", "authority_id", "filed", "remark"),
}  # fmt: skip
"""What the officers of the authority see. Who complained is in none of these: reading that is an act of its own, on its own page."""
OTHERS: dict[str, tuple[str, ...]] = {
    "complaint": ("number", "subject_id", "subject_name", "version", "channel", "category", "narrative", "wish", "happened", "answer", "outcome", "received"),
    "case": ("number", "subject_id", "opened"),
    "task": ("subject_id", "version_id", "purpose", "message", "planned", "ended_at"),
    "finding": ("clause", "case_id", "subject_id", "sentence", "answer", "answered", "notified"),
    "document": ("kind", "number", "case_id", "data", "data_hash", "issued", "served", "published", "withdrawn", "withdrawal_reason"),
    "subject": ("kind", "name", "package", "operator_id", "app_type", "registered"),
    "claim": ("subject_id", "operator_id", "name", "credit_code", "note", "signer", "asked"),
    "selfcheck": ("operator_id", "subject_id", "version_id", "task_id", "answers", "statement", "authority_id", "filed", "remark"),
}  # fmt: skip
"""What operators and stores see of what reaches them."""
PERSON = (*_COMPLAINT, *_OWN_WORDS)
"""What the writer of a complaint sees of it."""


def line(thing: Thing, doer: Doer) -> Values:
    """One row, for a list or as the answer to an act."""
    state = thing.state_name
    told = {name: _plain(getattr(thing, name)) for name in _fields(thing, doer)} | _more(
        thing, staff=_staff(thing, doer)
    )
    return {
        "process": thing.process,
        "id": thing.pk,
        "state": {"id": thing.state, "zh": state.zh, "en": state.en},
        **_seen(told),
    }


def whole(thing: Thing, doer: Doer) -> Values:
    """The row, what may be done with it now, and what was done."""
    return {**line(thing, doer), "acts": _acts(thing, doer), "history": _history(thing, staff=_staff(thing, doer))}


def _fields(thing: Thing, doer: Doer) -> tuple[str, ...]:
    if _staff(thing, doer):
        return STAFF.get(thing.process, ())
    if doer.complaint is not None:
        return PERSON if thing.process in ("complaint", "report") and thing.pk == doer.complaint else ()
    return OTHERS.get(thing.process, ())


def _staff(thing: Thing, doer: Doer) -> bool:
    """Whether he reads it as an officer: somebody may be one here and not there."""
    mine = reach.bodies(doer)
    return bool(mine) and authority_of(thing) in (None, *mine)


def _more(thing: Thing, *, staff: bool) -> Values:
    if isinstance(thing, Finding) and not staff:
        return {"sentence": {lang: thing.sentence.get(lang, "") for lang in ("zh", "en")}}
    if isinstance(thing, Document):
        return {"sha256": thing.pdf.sha256 if thing.pdf else None}
    return {}


def _acts(thing: Thing, doer: Doer) -> list[Values]:
    return [
        {"verb": one.act, "zh": one.rule.zh, "en": one.rule.en, "strong": one.rule.strong}
        for one in open_acts(doer, thing)
        if by_right(doer, one.rule, thing)
    ]


def _history(thing: Thing, *, staff: bool) -> list[Values]:
    """Officers see every event with its body; others the public acts, without who did them and what was noted."""
    acts = thing.ladder.acts
    rows = [
        one for one in ledger.events_of(thing) if staff or acts[one.act].public or Role.COMPLAINANT in acts[one.act].who
    ]
    told = [{"time": one.time, "act": one.act, "zh": acts[one.act].zh, "en": acts[one.act].en} for one in rows]
    return (
        [
            {**row, "seq": one.seq, "actor": one.actor, "body": _seen(one.body)}
            for row, one in zip(told, rows, strict=True)
        ]
        if staff
        else told
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _seen(value: Any) -> Any:
    """Every text in it without characters that nobody sees, line by line."""
    if isinstance(value, str):
        return "\n".join(map(legible, value.split("\n")))
    if isinstance(value, dict):
        return {key: _seen(inner) for key, inner in value.items()}
    return [_seen(inner) for inner in value] if isinstance(value, list | tuple) else value

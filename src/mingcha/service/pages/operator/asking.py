"""The questions of a report on one page, and what was filled in, in the rows of an answers file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mingcha.catalogue.load import load
from mingcha.judge.findings import open_questions
from mingcha.model.clause import Language
from mingcha.service.actions.acting import Refused
from mingcha.service.models import SelfCheck
from mingcha.service.pages.reports import stored
from mingcha.service.text import Text

YES, NO = "yes", "no"


@dataclass(frozen=True)
class Asked:
    """One question: ``value`` is what was answered before or is being filled in, ``proof`` what is named to show it."""

    name: str
    clause: str
    question: str
    about: str
    ask: str
    number: bool
    value: str = ""
    proof: str = ""


def anchor(clause: str) -> str:
    """The mark of a clause on a page."""
    return "c-" + "".join(one if one.isalnum() else "-" for one in clause)


def questions(check: SelfCheck, lang: Language) -> list[Asked]:
    """What was answered before, and what the newest report still asks, in the order of the clauses."""
    clauses = {clause.id: clause for rules in load().regulations.values() for clause in rules.clauses}
    rows: dict[tuple[str, str, str], Asked] = {}
    for given in check.answers:
        clause = clauses.get(str(given.get("clause")))
        known = next((one for one in clause.questions if one.id == given.get("question")), None) if clause else None
        if clause is not None and known is not None:
            _add(rows, clause.id, known, given, lang)
    report = check.task.report if check.task is not None else None
    if report is not None:
        for row in open_questions(stored(report.sha256), clauses.values(), lang):
            known = next(one for one in clauses[row.clause].questions if one.id == row.question)
            _add(rows, row.clause, known, {"about": row.about}, lang)
    order = {name: at for at, name in enumerate(clauses)}
    made = sorted(rows.values(), key=lambda one: (order[one.clause], one.question, one.about))
    return [replace(one, name=f"q{at}") for at, one in enumerate(made)]


def _add(
    rows: dict[tuple[str, str, str], Asked], clause: str, question: Any, given: Mapping[str, Any], lang: Language
) -> None:
    about, answer = str(given.get("about") or ""), given.get("answer")
    value = "" if answer is None else {True: YES, False: NO}[answer] if isinstance(answer, bool) else str(answer)
    made = Asked(
        "",
        clause,
        question.id,
        about,
        question.text[lang],
        question.answer == "number",
        value,
        str(given.get("proof") or ""),
    )
    rows.setdefault((clause, question.id, about), made)


def refilled(rows: list[Asked], sent: Mapping[str, str]) -> list[Asked]:
    """The questions with what was sent, where something was."""
    return [
        replace(one, value=sent.get(one.name, one.value), proof=sent.get(f"{one.name}-proof", one.proof))
        for one in rows
    ]


def given(rows: list[Asked], sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of an answers file; a question left open again takes its answer back. Raises Refused for what is no number."""
    made = []
    for one in refilled(rows, sent):
        row = {
            "clause": one.clause,
            "question": one.question,
            **({"about": one.about} if one.about else {}),
            "answer": _answer(one),
        }
        made.append(row | ({"proof": one.proof.strip()[:200]} if one.proof.strip() else {}))
    return made


def _answer(one: Asked) -> bool | int | None:
    text = one.value.strip()
    if not text:
        return None
    if not one.number:
        if text not in (YES, NO):
            raise Refused(Text("请选择是或否。", "Choose yes or no."))
        return text == YES
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(Text(f"请填写数字：{one.ask}", f"A number is asked for: {one.ask}"))
    return int(text)

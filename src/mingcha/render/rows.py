"""Each verdict as a row of the page, in the order the reader needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mingcha.model.clause import Clause, Wording
from mingcha.model.verdict import PersonAnswer, Trace, Verdict
from mingcha.render.asking import question_text, subject
from mingcha.render.evidence import evidence
from mingcha.render.finding import finding
from mingcha.render.following import apart_from, settling
from mingcha.render.leads import LEADS_SHOWN, leads
from mingcha.render.missing import missing, queries
from mingcha.render.reading import Reading
from mingcha.render.spots import anchor_of
from mingcha.render.tracing import node
from mingcha.render.view import Lead, Node, Reply, Row

EVIDENCE_SHOWN = {"operator": 20, "regulator": 100, "public": 0}
_NOTHING = Wording(title="", gloss="", regulator="", operator="", public="", remedy="", decide_by="")


def rows(reading: Reading) -> tuple[Row, ...]:
    """All verdicts: for the operator the gravest and the most nearly decided first, for others in the order of the text."""
    made = [row(reading, verdict) for verdict in reading.report.verdicts]
    return tuple(sorted(made, key=_urgency) if reading.reader == "operator" else made)


def _urgency(row: Row) -> tuple[Any, ...]:
    return (not row.leads, -row.gravity)


def row(reading: Reading, verdict: Verdict) -> Row:
    """One verdict, told with the clause it judges."""
    clause = reading.clauses.get(verdict.clause)
    wording = _wording(clause, reading.lang)
    labels = reading.words.labels
    short = verdict.clause.partition("/")[2] or verdict.clause
    number = short if len(reading.rule_sets) < 2 else verdict.clause
    gravity = clause.gravity if clause else 0
    return Row(
        id=verdict.clause,
        number=number,
        anchor=anchor_of(verdict.clause),
        category=_category(reading, clause),
        article=clause.cites.article if clause else "",
        title=wording.title or labels["unknown_clause"],
        text=clause.cites.text if clause else "",
        label=clause.cites.label if clause else "",
        unverified=labels["unverified"] if clause and clause.cites.label != "V" else "",
        gloss=wording.gloss,
        outcome=verdict.outcome,
        outcome_word=reading.value("outcome_word", verdict.outcome),
        finding=finding(reading, verdict),
        remedy=wording.remedy if reading.reader != "public" else "",
        decide_by=wording.decide_by if reading.reader != "public" else "",
        gravity=gravity,
        gravity_word=labels.get(f"gravity{gravity}", ""),
        draft=labels["draft"] if clause and clause.status == "draft" else "",
        **(_details(reading, verdict) if reading.reader != "public" else _NO_DETAILS),
    )


_NO_DETAILS: dict[str, Any] = {
    "evidence": (), "more_evidence": "", "leads": (), "more_leads": "", "missing": (), "questions": (), "answers": (),
    "trace": None, "applies": None,
}  # fmt: skip


def _details(reading: Reading, verdict: Verdict) -> dict[str, Any]:
    """Evidence, leads, what is missing and how it was judged: for readers who work with them, never for the public page."""
    followed = settling(reading, verdict)
    whole, verdict = verdict, apart_from(verdict, [reading.judged[name] for name in followed])
    undetermined = verdict.outcome == "not determined"
    facts = [fact for fact in map(reading.fact, verdict.evidence) if fact] if not undetermined else []
    pointers = _pointers(reading, verdict, followed) if undetermined else ()
    shown = len(facts) if reading.full else EVIDENCE_SHOWN[reading.reader]
    hints = len(pointers) if reading.full else LEADS_SHOWN
    return {
        "evidence": tuple(evidence(reading, fact) for fact in facts[:shown]),
        "more_evidence": _more(reading, "more_evidence", len(facts) - shown),
        "leads": pointers[:hints],
        "more_leads": _more(reading, "more_leads", len(pointers) - hints),
        "missing": missing(reading, verdict.waits),
        "questions": queries(reading, verdict),
        "answers": replies(
            reading, (reading.report.answers[n] for n in verdict.answers if n < len(reading.report.answers))
        ),
        "trace": _tree(reading, whole.clause, whole.trace),
        "applies": _tree(reading, whole.clause, whole.applies),
        "follows": tuple((_called(reading, name), anchor_of(name)) for name in followed),
    }


def _pointers(reading: Reading, verdict: Verdict, followed: tuple[str, ...]) -> tuple[Lead, ...]:
    """The leads that the entries of the followed clauses do not show."""
    told = {lead.evidence.id for name in followed for lead in leads(reading, reading.judged[name])}
    return tuple(lead for lead in leads(reading, verdict) if lead.evidence.id not in told)


def _called(reading: Reading, clause: str) -> str:
    """A clause by number and title."""
    known = reading.clauses.get(clause)
    return f"{clause} {_wording(known, reading.lang).title}" if known else clause


def _more(reading: Reading, sentence: str, count: int) -> str:
    return reading.words.say(sentence, count=count) if count > 0 else ""


def _tree(reading: Reading, clause: str, trace: Trace | None) -> Node | None:
    return node(reading, clause, trace) if trace else None


def _wording(clause: Clause | None, lang: str) -> Wording:
    if clause is None:
        return _NOTHING
    return clause.wording.get(lang) or clause.wording.get("zh") or _NOTHING  # type: ignore[call-overload]


def _category(reading: Reading, clause: Clause | None) -> str:
    regulation = reading.catalogue.regulations.get(clause.id.partition("/")[0]) if clause else None
    names = regulation.categories.get(clause.category, {}) if regulation and clause else {}
    return names.get(reading.lang) or names.get("zh") or ""


def replies(reading: Reading, answers: Iterable[PersonAnswer]) -> tuple[Reply, ...]:
    """What people answered, with who they are, when they said it and by what proof."""
    return tuple(
        Reply(
            clause=given.clause,
            question=question_text(reading, given.clause, given.question),
            answer=_answer(reading, given.answer),
            about=subject(reading, given.about),
            who=reading.joined(filter(None, (given.who, given.role))),
            date=given.date or "",
            proof=given.proof or "",
        )
        for given in answers
    )


def _answer(reading: Reading, answer: bool | int) -> str:
    return reading.words.labels["yes" if answer else "no"] if isinstance(answer, bool) else str(answer)

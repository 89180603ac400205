"""What can be said about verdicts after judging: findings with stable names, accepted ones, open questions, comparison."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from mingcha.errors import RecordError
from mingcha.model.artefact import Place
from mingcha.model.clause import Clause
from mingcha.model.fact import Fact
from mingcha.model.report import Comparison, Report
from mingcha.model.verdict import PersonAnswer, Trace, Verdict

_NOWHERE = Place(sha256="")
_encode = msgspec.json.Encoder(order="sorted").encode


def fingerprint(fact: Fact) -> str:
    """Twelve hex digits of what a fact says, wherever it stands: the same in the next version of the app."""
    bare = msgspec.structs.replace(fact, place=_NOWHERE, id="", sources=())
    return hashlib.sha256(_encode(bare)).hexdigest()[:12]


def findings(report: Report) -> Iterator[tuple[Verdict, str]]:
    """Each breached clause with the fingerprint of each fact that carries it ("" where answers alone do)."""
    by_id = report.base.by_id
    for verdict in report.verdicts:
        if verdict.outcome == "breached":
            prints = sorted({fingerprint(by_id[i]) for i in verdict.evidence if i in by_id}) or [""]
            yield from ((verdict, print_) for print_ in prints)


# --- accepted findings -----------------------------------------------------------------------------------------------


class Accepted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One accepted finding: why, and until when (ISO date). Without ``finding`` every finding of the clause is accepted."""

    clause: str
    reason: str
    until: str
    finding: str | None = None


def read_baseline(data: bytes) -> tuple[Accepted, ...]:
    """Accepted findings from YAML: ``accepted:``, a list. Raises RecordError; a row without a reason is refused."""
    import yaml

    from mingcha.catalogue.load import yaml_loader

    try:
        rows = msgspec.convert(yaml.load(data, Loader=yaml_loader())["accepted"], tuple[Accepted, ...])
    except (yaml.YAMLError, msgspec.ValidationError, TypeError, KeyError, UnicodeError, RecursionError) as error:
        raise RecordError(f"not a baseline file: {' '.join(str(error).split())}") from error
    for row in rows:
        if not row.reason.strip():
            raise RecordError(f"baseline: {row.clause} is accepted without a reason; write one")
    return rows


def unaccepted(report: Report, accepted: Iterable[Accepted], day: str) -> list[tuple[Verdict, str]]:
    """Findings that no row accepts on that day."""
    valid = {(row.clause, row.finding) for row in accepted if row.until >= day}
    return [
        (verdict, print_)
        for verdict, print_ in findings(report)
        if (verdict.clause, print_) not in valid and (verdict.clause, None) not in valid
    ]


# --- open questions --------------------------------------------------------------------------------------------------


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """A question nobody answered yet, and the clause it would help to decide."""

    clause: str
    question: str
    ask: str
    about: str | None = None


def open_questions(report: Report, clauses: Iterable[Clause], lang: str) -> list[OpenQuestion]:
    """What a person could answer to decide the clauses left open, in the order of the clauses, each once.

    ``clauses`` may hold more than were judged: a clause that follows others asks their questions.
    """
    verdicts = {verdict.clause: verdict for verdict in report.verdicts if verdict.outcome == "not determined"}
    known = {clause.id: clause for clause in clauses}
    found: dict[tuple[str, str, str | None], OpenQuestion] = {}
    for name in known:
        if name in verdicts:
            for whose in (name, *_elsewhere(verdicts[name])):
                for row in _questions(known[whose], verdicts[name], report.answers, lang) if whose in known else ():
                    found.setdefault((row.clause, row.question, row.about), row)
    return list(found.values())


def _elsewhere(verdict: Verdict) -> list[str]:
    """The other clauses whose answers would help: those followed that are open, and those whose questions are asked."""
    roots = [trace for trace in (verdict.applies, verdict.trace) if trace is not None]
    asked = [wait.clause for wait in verdict.waits if wait.clause]
    return sorted({*asked, *(name for root in roots for name in _open_followed(root))})


def _open_followed(trace: Trace) -> Iterator[str]:
    if trace.word == "all" and trace.about and trace.answer == "unknown":
        yield trace.about
    for part in trace.parts:
        yield from _open_followed(part)


def _questions(
    clause: Clause, verdict: Verdict, answers: tuple[PersonAnswer, ...], lang: str
) -> Iterator[OpenQuestion]:
    whose = {wait: wait.clause or verdict.clause for wait in verdict.waits if wait.question}
    asked = {(wait.question, wait.about) for wait, name in whose.items() if name == clause.id}
    done = {(a.question, a.about) for a in answers if a.clause == clause.id}
    for question in clause.questions:
        if question.states is not None and "$about" not in question.states.values():
            asked.add((question.id, None))
        text = question.text["zh" if lang == "zh" else "en"]
        for name, about in sorted(asked - done, key=lambda key: (key[0] or "", key[1] or "")):
            if name == question.id:
                yield OpenQuestion(clause=clause.id, question=question.id, ask=text, about=about)


# --- two reports -----------------------------------------------------------------------------------------------------


def compare(old: Report, new: Report) -> Comparison:
    """What changed between two reports; a fact that only moved has not changed."""
    before = {verdict.clause: verdict.outcome for verdict in old.verdicts}
    changed = [
        (v.clause, before.get(v.clause, "not judged"), v.outcome)
        for v in new.verdicts
        if before.get(v.clause, "not judged") != v.outcome
    ]
    return Comparison(verdicts=tuple(changed), appeared=_only(new, old), gone=_only(old, new))


def _only(one: Report, other: Report) -> tuple[Fact, ...]:
    known = {fingerprint(fact) for fact in other.facts}
    kept: dict[str, Fact] = {}
    for fact in one.facts:
        kept.setdefault(fingerprint(fact), fact)
    return tuple(fact for print_, fact in kept.items() if print_ not in known)

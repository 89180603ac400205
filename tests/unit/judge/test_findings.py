"""Fingerprints, accepted findings, open questions, comparison."""

from __future__ import annotations

import msgspec
import pytest

from mingcha.catalogue.load import load
from mingcha.errors import RecordError
from mingcha.judge.evaluate import judge
from mingcha.judge.findings import Accepted, compare, findings, fingerprint, open_questions, read_baseline, unaccepted
from mingcha.model.artefact import Case, Place
from mingcha.model.fact import PermissionDeclared
from mingcha.model.report import FORMAT, FactsFile, Report, Tool
from mingcha.model.verdict import PersonAnswer, Trace, Verdict, Wait

TOOL = Tool(name="mingcha", version="0", catalogue="")


def permission(name: str, at: int = 0) -> PermissionDeclared:
    return PermissionDeclared(place=Place(sha256="0", at=at), permission=name, id=f"{name}{at}")


def report(*facts: PermissionDeclared, outcome: str = "breached", answers: tuple[PersonAnswer, ...] = ()) -> Report:
    trace = Trace(word="seen", answer="unknown")
    waits = (Wait(question="no_channel_published"),)
    verdict = Verdict(
        clause="idm-2019/6.5", outcome=outcome, trace=trace, evidence=tuple(f.id for f in facts), waits=waits
    )  # type: ignore[arg-type]
    return Report(
        format=FORMAT,
        tool=TOOL,
        case=Case(),
        facts=facts,
        regulations=("idm-2019",),
        verdicts=(verdict,),
        answers=answers,
    )


def test_fingerprint_forgets_the_place() -> None:
    """The same fact elsewhere, or in the next version of the app, has the same name."""
    assert fingerprint(permission("a", 1)) == fingerprint(permission("a", 2))
    assert fingerprint(permission("a")) != fingerprint(permission("b"))


def test_accepted_findings_count_until_their_day() -> None:
    """A row accepts its finding up to and including its day; another finding of the clause stays new."""
    both = report(permission("a"), permission("b", 1))
    row = Accepted(clause="idm-2019/6.5", reason="known", until="2026-01-31", finding=fingerprint(permission("a")))
    assert len(list(findings(both))) == 2
    assert [p for _, p in unaccepted(both, [row], "2026-01-31")] == [fingerprint(permission("b"))]
    assert len(unaccepted(both, [row], "2026-02-01")) == 2


def test_a_clause_can_be_accepted_whole() -> None:
    """A row without a finding accepts every finding of its clause."""
    row = Accepted(clause="idm-2019/6.5", reason="known", until="2026-01-31")
    assert unaccepted(report(permission("a")), [row], "2026-01-01") == []


@pytest.mark.parametrize("text", ["", "accepted: 3", "accepted:\n- {clause: x, until: '2026-01-01'}", "{", "a: b"])
def test_a_broken_baseline_is_one_line(text: str) -> None:
    """What is no baseline file is refused with a RecordError of one line."""
    with pytest.raises(RecordError) as caught:
        read_baseline(text.encode())
    assert "\n" not in str(caught.value)


def test_a_reason_is_required() -> None:
    """An accepted finding without a reason is refused, naming the clause."""
    with pytest.raises(RecordError, match=r"idm-2019/6\.5"):
        read_baseline(b"accepted: [{clause: idm-2019/6.5, reason: ' ', until: '2026-01-01'}]")


def test_open_questions_leave_out_what_was_answered() -> None:
    """A clause left open asks what its trace waits for and what a person could observe, except what was answered."""
    clauses = [load().clause("idm-2019/6.5")]
    left = open_questions(report(outcome="not determined"), clauses, "zh")
    assert {q.question for q in left} == {"no_channel_published", "complaint_late"}
    given = (PersonAnswer(clause="idm-2019/6.5", question="no_channel_published", answer=False),)
    left = open_questions(report(outcome="not determined", answers=given), clauses, "zh")
    assert {q.question for q in left} == {"complaint_late"}
    assert open_questions(report(outcome="met"), clauses, "zh") == []


def test_a_clause_that_follows_asks_the_others_questions_once() -> None:
    """What stands open in a followed clause is asked under that clause's name, whoever follows it, and only while it is open."""
    rules = load()
    names = ("tc260-sa-2020/3.8", "miit-2020/8")
    base = FactsFile(format=FORMAT, tool=TOOL, case=Case())
    known = [clause for regulation in rules.regulations.values() for clause in regulation.clauses]

    def asked(*answers: PersonAnswer) -> list[tuple[str, str]]:
        given = msgspec.structs.replace(base, answers=answers)
        done = judge([rules.clause(name) for name in names], given.base, Case(), answers, rules.is_a)
        fields = {name: getattr(given, name) for name in given.__struct_fields__}
        found = open_questions(Report(**fields, regulations=("miit-2020",), verdicts=done), known, "zh")
        return [(row.clause, row.question) for row in found]

    both = [("idm-2019/3.7", "lured_or_misled"), ("idm-2019/3.7", "true_purpose_hidden")]
    assert asked() == both
    no = [PersonAnswer(clause=clause, question=question, answer=False) for clause, question in both]
    assert asked(no[0]) == both[1:]
    assert asked(*no) == []


def test_compare_tells_what_appeared_and_went_but_not_what_moved() -> None:
    """A fact at another byte is the same fact; verdicts that changed are listed with both outcomes."""
    old, new = report(permission("a"), permission("b")), report(permission("b", 9), permission("c"), outcome="met")
    found = compare(old, new)
    assert [f.permission for f in found.appeared] == ["c"]  # type: ignore[attr-defined]
    assert [f.permission for f in found.gone] == ["a"]  # type: ignore[attr-defined]
    assert found.verdicts == (("idm-2019/6.5", "breached", "met"),)
    assert msgspec.json.decode(msgspec.json.encode(found))["verdicts"]

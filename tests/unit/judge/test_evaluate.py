"""The seven words, in three values, over facts written by hand."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest

from mingcha.catalogue import conditions
from mingcha.judge.evaluate import Scene, evaluate, judge
from mingcha.model.artefact import Case, Place
from mingcha.model.clause import Citation, Clause, Condition, Followed
from mingcha.model.fact import Fact, InformationTaken, PermissionDeclared, SdkPresent
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.verdict import PersonAnswer, Wait

PARENTS = {"dev.imei": "dev.id", "dev.oaid": "dev.id", "dev.id": "generic.pi"}


def is_a(child: str, parent: str) -> bool:
    step: str | None = child
    while step is not None and step != parent:
        step = PARENTS.get(step)
    return step == parent


def at(number: int) -> Place:
    return Place(sha256="0", at=number)


def permission(name: str, number: int = 0, *, dangerous: bool | None = True) -> Fact:
    return PermissionDeclared(place=at(number), permission=name, dangerous=dangerous)


def taken(information: str | None, grade: Any = "observed", phase: Any = None) -> Fact:
    return InformationTaken(place=at(0), information=information, grade=grade, phase=phase, party="app")


def answer(written: dict[str, Any], base: FactBase, *given: PersonAnswer, case: Case | None = None) -> tuple[str, Any]:
    trace = evaluate(conditions.read(written), Scene("c/1", base, case or Case(), given, is_a))
    return trace.answer, trace


WHOLE = [Covered(kind="PermissionDeclared"), Covered(kind="InformationTaken"), Covered(kind="SdkPresent")]
SEEN = {"seen": "PermissionDeclared", "where": {"permission": "b"}}


def test_seen_is_yes_when_a_fact_matches_even_in_an_incomplete_base() -> None:
    """One matching fact is enough, and the trace names it."""
    base = FactBase.of([permission("b")])
    said, trace = answer(SEEN, base)
    assert (said, trace.facts) == ("yes", (base.facts[0].id,))


def test_seen_is_no_only_where_the_kind_is_covered() -> None:
    """Nothing found is no in a covered base and unknown in one that is not."""
    assert answer(SEEN, FactBase.of([permission("a")], WHOLE))[0] == "no"
    said, trace = answer(SEEN, FactBase.of([permission("a")]))
    assert (said, trace.waits[0].kind) == ("unknown", "PermissionDeclared")


def test_a_gap_takes_the_no_away_and_is_named() -> None:
    """A gap that overlaps makes absence unknown and stands in the trace by its number."""
    gap = Gap(collector="c", reason="partial", hides=("PermissionDeclared",), code="x")
    said, trace = answer(SEEN, FactBase.of([], WHOLE, [gap]))
    assert (said, trace.waits[0].gaps) == ("unknown", (0,))


def test_a_gap_elsewhere_takes_nothing_away() -> None:
    """A gap over another value of a tested field does not overlap."""
    gap = Gap(collector="c", reason="partial", hides=("PermissionDeclared",), code="x", where={"permission": "z"})
    assert answer(SEEN, FactBase.of([], WHOLE, [gap]))[0] == "no"


def test_missing_evidence_does_not_undo_what_somebody_else_looked_at() -> None:
    """A gap for an artefact nobody handed in leaves coverage by another source standing."""
    gap = Gap(collector="case", reason="missing", hides=("PermissionDeclared",), code="x")
    assert answer(SEEN, FactBase.of([], WHOLE, [gap]))[0] == "no"


def test_coverage_within_bounds_covers_only_that() -> None:
    """Coverage of one value answers questions about it and no wider ones."""
    covered = [Covered(kind="PermissionDeclared", where={"permission": "b"})]
    assert answer(SEEN, FactBase.of([], covered))[0] == "no"
    assert answer({"seen": "PermissionDeclared"}, FactBase.of([], covered))[0] == "unknown"


def test_a_null_field_makes_the_match_unknown() -> None:
    """A candidate whose tested field is not known is neither a hit nor a miss."""
    written = {"seen": "InformationTaken", "where": {"phase": "P1"}}
    base = FactBase.of([taken("dev.imei")], WHOLE)
    said, trace = answer(written, base)
    assert (said, trace.waits[0].field, trace.waits[0].fact) == ("unknown", "phase", base.facts[0].id)


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("dev.imei", "yes"), ({"is_a": "dev.id"}, "yes"), ({"is_a": "generic.pi"}, "yes"), ({"is_a": "dev.oaid"}, "no"),
        ({"in": ["dev.oaid", "dev.imei"]}, "yes"), ({"in": ["dev.oaid"]}, "no"),
    ],
)  # fmt: skip
def test_tests_of_a_field(test: Any, said: str) -> None:
    """Equality, lists and the taxonomy: a child is its parents, never its sisters."""
    base = FactBase.of([taken("dev.imei")], WHOLE)
    assert answer({"seen": "InformationTaken", "where": {"information": test}}, base)[0] == said


@pytest.mark.parametrize(("test", "said"), [({">": 3}, "yes"), ({">": 4}, "no"), ({"<": 5}, "yes"), ({">=": 4}, "yes")])
def test_order(test: Any, said: str) -> None:
    """Numbers compare strictly or not, as written; the boundary counts."""
    base = FactBase.of([SdkPresent(place=at(0), sdk="x", score=4, signals=())], WHOLE)
    assert answer({"seen": "SdkPresent", "where": {"score": test}}, base)[0] == said


def test_a_list_matches_when_one_element_does() -> None:
    """A field that holds several values is tested by each."""
    fact = PermissionDeclared(place=at(0), permission="p", information=("dev.oaid", "loc"))
    base = FactBase.of([fact], WHOLE)
    assert answer({"seen": "PermissionDeclared", "where": {"information": {"is_a": "dev.id"}}}, base)[0] == "yes"
    assert answer({"seen": "PermissionDeclared", "where": {"information": "dev.imei"}}, base)[0] == "no"


def test_at_least_counts_values_and_not_places() -> None:
    """The same permission asked for twice is one."""
    written = {"at_least": 2, "seen": "PermissionDeclared", "by": "permission"}
    assert answer(written, FactBase.of([permission("a", 1), permission("a", 2)], WHOLE))[0] == "no"
    assert answer(written, FactBase.of([permission("a", 1), permission("b", 2)]))[0] == "yes"
    assert answer(written, FactBase.of([permission("a", 1)]))[0] == "unknown"


def test_some_binds_each_fact() -> None:
    """The inner condition sees the fields of the fact it is asked for, and only those that hold are named."""
    base = FactBase.of([SdkPresent(place=at(n), sdk=s, score=n, signals=()) for n, s in ((1, "a"), (4, "b"))], WHOLE)
    inner = {"seen": "SdkPresent", "where": {"sdk": "$it.sdk", "score": {">": 3}}}
    said, trace = answer({"some": "SdkPresent", "as": "it", "then": inner}, base)
    assert said == "yes"
    assert [base.by_id[i].sdk for i in trace.facts] == ["b"]  # type: ignore[attr-defined]


def test_ask_is_answered_by_the_right_person_about_the_right_thing() -> None:
    """An answer counts for its clause, question and subject; contradicting answers leave it open."""
    yes = PersonAnswer(clause="c/1", question="q", answer=True, about="a")
    written = {"ask": "q", "about": "a"}
    empty = FactBase.of([])
    assert answer(written, empty, yes)[0] == "yes"
    assert answer(written, empty, msgspec.structs.replace(yes, answer=False))[0] == "no"
    for other in ({"about": "b"}, {"clause": "c/2"}, {"question": "r"}):
        assert answer(written, empty, msgspec.structs.replace(yes, **other))[0] == "unknown"
    assert answer(written, empty, yes, msgspec.structs.replace(yes, answer=False))[0] == "unknown"


YES, NO, OPEN = {"seen": "SdkPresent"}, {"seen": "PermissionDeclared"}, {"seen": "InformationTaken"}
LOGIC = FactBase.of([SdkPresent(place=at(0), sdk="a", score=1, signals=())], [Covered(kind="PermissionDeclared")])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"all": [YES, NO, OPEN]}, "no"), ({"all": [YES, OPEN]}, "unknown"), ({"all": [YES, YES]}, "yes"),
        ({"any": [NO, OPEN, YES]}, "yes"), ({"any": [NO, OPEN]}, "unknown"), ({"any": [NO, NO]}, "no"),
        ({"not": YES}, "no"), ({"not": NO}, "yes"), ({"not": OPEN}, "unknown"),
    ],
)  # fmt: skip
def test_logic_is_kleenes(written: dict[str, Any], said: str) -> None:
    """A settled part decides where it can; otherwise one unknown part leaves the whole unknown."""
    assert answer(written, LOGIC)[0] == said


def test_the_case_is_a_variable_and_null_there_is_unknown() -> None:
    """``$case.type`` is the confirmed type; not confirmed is not known."""
    written = {"seen": "SdkPresent", "where": {"score": "$case.type"}}
    base = FactBase.of([SdkPresent(place=at(0), sdk="a", score=38, signals=())], WHOLE)
    assert answer(written, base, case=Case(type=38))[0] == "yes"
    assert answer(written, base, case=Case(type=1))[0] == "no"
    assert answer(written, base)[0] == "unknown"


def clause(applies: Condition | None, breached: Condition) -> Clause:
    return Clause(
        id="c/1", category="1", cites=Citation(article="", text="", label="V"), machine="full", breached_when=breached,
        applies_when=applies, wording={}, examples=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("applies", "breached", "outcome"),
    [
        (None, YES, "breached"), (None, NO, "met"), (None, OPEN, "not determined"), (NO, YES, "not applicable"),
        (OPEN, YES, "not determined"), (OPEN, NO, "not determined"), (YES, YES, "breached"),
    ],
)  # fmt: skip
def test_outcomes(applies: Any, breached: Any, outcome: str) -> None:
    """Yes is breached, no is met; a clause that does not apply, or may not, accuses nobody."""
    read = conditions.read
    rule = clause(read(applies) if applies else None, read(breached))
    assert judge([rule], LOGIC, Case(), (), is_a)[0].outcome == outcome


def test_evidence_names_the_facts_that_carry_the_outcome_and_no_others() -> None:
    """Of an ``any`` only the parts that are yes are evidence."""
    base = FactBase.of([taken("dev.imei"), taken("loc"), permission("a")], WHOLE)
    written = {"any": [{"seen": "InformationTaken", "where": {"information": "loc"}}, SEEN]}
    verdict = judge([clause(None, conditions.read(written))], base, Case(), (), is_a)[0]
    assert [base.by_id[i].information for i in verdict.evidence] == ["loc"]  # type: ignore[attr-defined]


def following(*rules: Followed, own: Condition | None = None, applies: Condition | None = None) -> Clause:
    """A clause that follows others, and may say more of its own."""
    bare = clause(applies, conditions.read(YES))
    return msgspec.structs.replace(bare, id="m/1", breached_when=own, follows=rules)


def other(breached: Any, applies: Any = None, number: int = 1) -> Followed:
    read = conditions.read
    return Followed(clause=f"c/{number}", breached_when=read(breached), applies_when=read(applies) if applies else None)


IDLE = other(YES, NO)


@pytest.mark.parametrize(
    ("rules", "own", "outcome"),
    [
        ([other(YES), other(NO)], None, "breached"), ([other(YES), other(OPEN)], None, "breached"),
        ([other(NO), other(NO)], None, "met"), ([other(NO), other(OPEN)], None, "not determined"),
        ([IDLE], None, "not applicable"), ([IDLE, IDLE], None, "not applicable"), ([IDLE, other(NO)], None, "met"),
        ([IDLE, other(OPEN)], None, "not determined"), ([IDLE], NO, "met"), ([other(NO)], YES, "breached"),
        ([other(NO)], OPEN, "not determined"), ([other(YES, OPEN)], None, "not determined"),
        ([other(NO, OPEN)], None, "not determined"), ([other(NO, OPEN), other(YES)], None, "breached"),
    ],
)  # fmt: skip
def test_a_clause_follows_others(rules: list[Followed], own: Any, outcome: str) -> None:
    """Any followed breach is one, only all met is met, and where nothing followed applies the clause does not either."""
    rule = following(*rules, own=conditions.read(own) if own else None)
    assert judge([rule], LOGIC, Case(), (), is_a)[0].outcome == outcome


@pytest.mark.parametrize("rules", [[other(YES)], [other(OPEN)], [other(YES, OPEN)], [other(NO)], [IDLE]])
def test_what_follows_one_clause_says_what_that_one_says(rules: list[Followed]) -> None:
    """A mirror has the outcome, the evidence and the waits of the clause it mirrors."""
    (rule,) = rules
    plain = msgspec.structs.replace(clause(rule.applies_when, rule.breached_when or conditions.read(YES)), id="c/1")
    mirrored, said = (judge([c], LOGIC, Case(), (), is_a)[0] for c in (following(rule), plain))
    assert (mirrored.outcome, mirrored.evidence) == (said.outcome, said.evidence)
    assert [wait.kind for wait in mirrored.waits] == [wait.kind for wait in said.waits]


def test_a_clause_that_may_not_apply_follows_nobody_into_a_breach() -> None:
    """An own ``applies_when`` stands before what is followed."""
    closed, open_ = (following(other(YES), applies=conditions.read(word)) for word in (NO, OPEN))
    outcomes = [verdict.outcome for verdict in judge([closed, open_], LOGIC, Case(), (), is_a)]
    assert outcomes == ["not applicable", "not determined"]


def test_following_goes_on_through_what_is_followed() -> None:
    """A clause followed by way of another counts as well, and its node carries its own id."""
    middle = Followed(clause="c/2", follows=(other(YES, number=3),))
    verdict = judge([following(middle)], LOGIC, Case(), (), is_a)[0]
    assert verdict.outcome == "breached"
    assert verdict.trace is not None
    assert (verdict.trace.about, verdict.trace.parts[0].about) == ("c/2", "c/3")
    assert verdict.evidence == (LOGIC.facts[0].id,)


ASKED = {"ask": "q"}


def test_answers_to_a_followed_clause_count_and_its_questions_are_named() -> None:
    """An answer is looked for under the followed clause, never under the follower, and an open question says whose it is."""
    rule = following(other(ASKED))
    assert judge([rule], LOGIC, Case(), (), is_a)[0].waits == (Wait(question="q", clause="c/1"),)
    theirs, ours = (PersonAnswer(clause=name, question="q", answer=True) for name in ("c/1", "m/1"))
    verdict = judge([rule], LOGIC, Case(), (theirs,), is_a)[0]
    assert (verdict.outcome, verdict.answers) == ("breached", (0,))
    assert judge([rule], LOGIC, Case(), (ours,), is_a)[0].outcome == "not determined"


def test_a_question_of_another_clause_is_answered_there() -> None:
    """``of`` asks another clause's question: its answer counts, and the wait names the clause."""
    rule = msgspec.structs.replace(clause(None, conditions.read({**ASKED, "of": "c/9"})), id="m/1")
    assert judge([rule], LOGIC, Case(), (), is_a)[0].waits == (Wait(question="q", clause="c/9"),)
    for name, outcome in (("c/9", "met"), ("m/1", "not determined")):
        given = PersonAnswer(clause=name, question="q", answer=False)
        assert judge([rule], LOGIC, Case(), (given,), is_a)[0].outcome == outcome


def refined(word: Any) -> list[Any]:
    """What a condition may turn into when more is known; an open one into anything."""
    return [YES, NO, OPEN] if word is OPEN else [word]


def test_more_knowledge_never_flips_what_is_followed() -> None:
    """Whatever becomes of the open parts of two followed clauses, breached, met and not applicable do not change places."""
    words = [(applies, breached) for applies in (None, YES, NO, OPEN) for breached in (YES, NO, OPEN)]
    said: dict[str, str] = {}

    def outcome(*pairs: tuple[Any, Any]) -> str:
        rule = following(*(other(breached, applies, number) for number, (applies, breached) in enumerate(pairs)))
        key = repr(pairs)
        if key not in said:
            said[key] = judge([rule], LOGIC, Case(), (), is_a)[0].outcome
        return said[key]

    for one, two in itertools.product(words, words):
        before = outcome(one, two)
        for later in itertools.product(*map(refined, (*one, *two))):
            after = outcome(later[:2], later[2:])
            assert before in ("not determined", after), (one, two, later)

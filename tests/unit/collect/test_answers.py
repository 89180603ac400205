"""Answers from YAML, and the facts and coverage they become."""

from __future__ import annotations

import pytest

from mingcha.catalogue.load import load
from mingcha.collect.answers import Answers, collect, read
from mingcha.errors import RecordError
from mingcha.model.artefact import Artefact
from mingcha.model.fact import StepsTo
from mingcha.model.factbase import Covered
from mingcha.model.verdict import PersonAnswer

TABLES = load()
SHEET = Artefact(sha256="a" * 64, kind="answers", name="answers.yaml", size=1)


def found(**row: object) -> list[object]:
    given = PersonAnswer(**{"clause": "idm-2019/1.3", "question": "taps_to_policy", "answer": 6, **row})  # type: ignore[arg-type]
    return list(collect(Answers(SHEET, (given,)), TABLES))


def test_a_number_becomes_a_fact_and_coverage() -> None:
    """Six taps to the policy are a fact that stands in the answers file, and the way there is covered."""
    fact, covered = found()
    assert isinstance(fact, StepsTo)
    assert (fact.target, fact.taps, fact.found, fact.place.sha256, fact.place.unit) == (
        "policy",
        6,
        True,
        "a" * 64,
        "entry",
    )
    assert covered == Covered(kind="StepsTo", where={"target": "policy"}, collector="answers")


@pytest.mark.parametrize(
    ("said", "answer"), [("是", True), ("yes", True), ("true", True), ("否", False), ("no", False), ("6", 6), ("0", 0)]
)
def test_yes_and_no_as_people_write_them(said: str, answer: object) -> None:
    """Yes and no count in both languages; a number stays a number."""
    (row,) = read(f"answers: [{{clause: c, question: q, answer: {said}}}]".encode()).given
    assert row.answer == answer
    assert type(row.answer) is type(answer)


def test_open_rows_are_left_out() -> None:
    """A sheet half filled in gives the answers it has; the printed question is ignored."""
    rows = read(
        "answers:\n- {clause: c, question: q, ask: 为什么？, answer: }\n- {clause: c, question: r, answer: 是}".encode()
    ).given
    assert [row.question for row in rows] == ["r"]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe\x00", b"answers: 3", b"[1, 2]", b"answers: [1]", b"answers: [{answer: true}]", b"a: &a [*a]",
        b"answers: [{clause: c, question: q, answer: maybe}]", b"{" * 2000, b"answers: !!python/object:os.system {}",
        b"answers: [{clause: c, question: q, answer: true, answer: false}]", b"x" * ((1 << 20) + 1),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(data: bytes) -> None:
    """What is no answers file ends in a RecordError of one line."""
    with pytest.raises(RecordError) as caught:
        read(data)
    assert "\n" not in str(caught.value)


def test_a_question_nobody_asks_is_refused_by_name() -> None:
    """A wrong clause or question is told with what there is."""
    with pytest.raises(RecordError, match="taps_to_policy"):
        found(question="taps")
    with pytest.raises(RecordError, match="idm-2019/9"):
        found(clause="idm-2019/9")


@pytest.mark.parametrize(("question", "answer"), [("taps_to_policy", True), ("taps_to_policy", -1)])
def test_the_kind_of_answer_must_fit(question: str, answer: object) -> None:
    """Yes is no number of taps and a number is no yes: nobody is judged by a slip of the pen."""
    with pytest.raises(RecordError, match="a number from 0"):
        found(question=question, answer=answer)
    with pytest.raises(RecordError, match="yes or no"):
        found(clause="idm-2019/3.4", question="box_ticked_at_first", answer=1)


def test_contradicting_answers_state_nothing() -> None:
    """Six taps and two taps are neither: no fact, no coverage, a gap instead."""
    rows = tuple(PersonAnswer(clause="idm-2019/1.3", question="taps_to_policy", answer=taps) for taps in (6, 2))
    kinds = {type(item).__name__ for item in collect(Answers(SHEET, rows), TABLES)}
    assert kinds == {"Gap"}

"""A person's answers: read from YAML, and turned into facts where a question says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from mingcha.catalogue.load import Catalogue, yaml_loader
from mingcha.collect.findings import Collector, Finding
from mingcha.errors import CatalogueError, RecordError
from mingcha.model.artefact import Artefact, Place, clip
from mingcha.model.clause import Question
from mingcha.model.fact import AnyFact, Fact
from mingcha.model.factbase import Covered, Gap
from mingcha.model.verdict import PersonAnswer

_LARGEST = 1 << 20


class About(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The app a sheet of answers was written for; null where it does not say."""

    package: str | None = None
    version_code: int | None = None


class Sheet(Struct, frozen=True, kw_only=True):
    """What a file of answers says: the answers in order, and about which app."""

    given: tuple[PersonAnswer, ...] = ()
    app: About = About()


class Answers:
    """The answers of one file, in order."""

    def __init__(self, artefact: Artefact, given: tuple[PersonAnswer, ...]) -> None:
        self.artefact = artefact
        self.given = given


def read(data: bytes) -> Sheet:
    """Answers from YAML: ``answers:``, a list; rows whose ``answer`` is null are still open. Raises RecordError."""
    import yaml

    if len(data) > _LARGEST:
        raise RecordError("an answers file is at most 1 MiB")
    try:
        raw = yaml.load(data, Loader=yaml_loader())
        rows = [_row(row) for row in raw["answers"] if row.get("answer") is not None]
        return msgspec.convert({"given": rows, "app": raw.get("app") or {}}, Sheet)
    except (yaml.YAMLError, UnicodeError) as error:
        raise RecordError(f"the answers file is not YAML: {' '.join(str(error).split())}") from error
    except (msgspec.ValidationError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RecordError(f"not an answers file (write one with `mingcha questions report.json`): {error}") from error


_WORDS = {"yes": True, "no": False, "是": True, "否": False}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the model wants it: without the printed question, yes and no in any of the ways people write them."""
    answer = row["answer"]
    plain = {name: value for name, value in row.items() if name != "ask"}
    return {**plain, "answer": _WORDS.get(answer, answer) if isinstance(answer, str) else answer}


def collect(answers: Answers, tables: Catalogue) -> Iterator[Finding]:
    """Facts and coverage for answers to questions that state a fact; all others serve the word ``ask``."""
    for number, given in enumerate(answers.given):
        question = _question(given, tables)
        _fits(given, question)
        if question.states is None:
            continue
        if _contradicted(given, answers.given):
            yield _conflict(given, question)
        else:
            yield from _stated(given, question, _place(answers.artefact, number, given, question))


COLLECTOR = Collector("answers", "answers", (), collect)


def _fits(given: PersonAnswer, question: Question) -> None:
    """Yes or no where that is asked, a number from 0 where a number is. Raises RecordError."""
    yes_or_no = isinstance(given.answer, bool)
    if yes_or_no != (question.answer == "yes/no") or given.answer < 0:
        wanted = "yes or no" if question.answer == "yes/no" else "a number from 0"
        raise RecordError(f"answers: {given.clause} {given.question} is answered by {wanted}, not {given.answer!r}")


def _contradicted(given: PersonAnswer, others: tuple[PersonAnswer, ...]) -> bool:
    same = (given.clause, given.question, given.about)
    return any((o.clause, o.question, o.about) == same and o.answer != given.answer for o in others)


def _conflict(given: PersonAnswer, question: Question) -> Gap:
    """Answers that contradict one another state nothing."""
    return Gap(
        collector="answers",
        reason="partial",
        hides=((question.states or {})["kind"],),
        code="answers.conflict",
        values={"clause": given.clause, "question": given.question},
    )


def _question(given: PersonAnswer, tables: Catalogue) -> Question:
    try:
        clause = tables.clause(given.clause)
    except CatalogueError as error:
        raise RecordError(f"answers: {error}") from error
    for question in clause.questions:
        if question.id == given.question:
            return question
    known = ", ".join(q.id for q in clause.questions) or "none"
    raise RecordError(f"answers: {given.clause} has no question {given.question!r} (it has: {known})")


def _place(artefact: Artefact, number: int, given: PersonAnswer, question: Question) -> Place:
    quote = f"{question.text['zh']} {_spoken(given.answer)} ({given.role or '?'}, {given.date or '?'})"
    return Place(sha256=artefact.sha256, path="answers", at=number, unit="entry", quote=clip(quote))


def _spoken(answer: bool | int) -> str:
    return {True: "是", False: "否"}[answer] if isinstance(answer, bool) else str(answer)


def _stated(given: PersonAnswer, question: Question, place: Place) -> Iterator[Finding]:
    """The fact that the answer states, and that the person has fully looked at it."""
    variables = {"$answer": given.answer, "$about": given.about}
    template = {name: _filled(value, variables) for name, value in (question.states or {}).items()}
    if question.fact_when == "any" or given.answer is (question.fact_when == "yes"):
        yield _fact({**template, "place": place})
    constant = {name: value for name, value in (question.states or {}).items() if value != "$answer" and name != "kind"}
    where = constant if question.covers is None else question.covers
    where = {name: _filled(value, variables) for name, value in where.items()}
    yield Covered(kind=template["kind"], where=where, collector="answers")


def _filled(value: Any, variables: dict[str, Any]) -> Any:
    return variables.get(value, value) if isinstance(value, str) else value


def _fact(raw: dict[str, Any]) -> Fact:
    try:
        fact: Fact = msgspec.convert(msgspec.to_builtins(raw), AnyFact)
    except msgspec.ValidationError as error:
        raise RecordError(f"answers: {error}") from error
    return fact

"""How a clause was judged, as a tree of sentences."""

from __future__ import annotations

from typing import Any

from mingcha.model.verdict import Trace
from mingcha.render.asking import question_text, subject
from mingcha.render.evidence import sentence
from mingcha.render.reading import Reading
from mingcha.render.spots import anchor_of
from mingcha.render.view import Node

PARTS_SHOWN = 12


def node(reading: Reading, clause: str, trace: Trace) -> Node:
    """One step and those below it; the steps of a followed clause (an ``all`` about it) ask that clause's questions."""
    if trace.word == "all" and trace.about in reading.judged and not reading.full:
        return _elsewhere(reading, trace)
    clause = trace.about if trace.word == "all" and trace.about else clause
    kind = reading.words.kinds.get(trace.kind or "", trace.kind or "")
    question = question_text(reading, clause, trace.question) if trace.question else ""
    text = reading.words.say(
        f"trace_{trace.word}",
        kind=kind,
        where=condition(reading, trace.where, trace.kind or ""),
        question=question,
        about=trace.about if trace.word == "all" else subject(reading, trace.about),
    )
    return Node(
        text,
        trace.answer,
        reading.value("answer_word", trace.answer),
        _note(reading, trace),
        _parts(reading, clause, trace),
    )


def _elsewhere(reading: Reading, trace: Trace) -> Node:
    """A clause that is judged on the same page: its entry tells the rest."""
    text = reading.words.say("trace_same", about=trace.about)
    return Node(text, trace.answer, reading.value("answer_word", trace.answer), "", (), anchor_of(trace.about or ""))


def _note(reading: Reading, trace: Trace) -> str:
    if not trace.facts or trace.word == "some":
        return ""
    return reading.words.say("trace_facts", count=len(trace.facts), ids=reading.joined(trace.facts[:3]))


def _parts(reading: Reading, clause: str, trace: Trace) -> tuple[Node, ...]:
    """The steps below; under ``some`` each stands under the fact it was tried with."""
    below = [node(reading, clause, part) for part in trace.parts[:PARTS_SHOWN]]
    if trace.word != "some" or len(trace.facts) != len(trace.parts):
        return tuple(below)
    facts = [reading.fact(identity) for identity in trace.facts[:PARTS_SHOWN]]
    return tuple(
        Node(sentence(reading, fact) if fact else "?", step.answer, step.answer_word, "", (step,))
        for fact, step in zip(facts, below, strict=True)
    )


def condition(reading: Reading, where: dict[str, Any], kind: str) -> str:
    """The tests on a fact's fields, in words."""
    return reading.joined(_test(reading, field, test, kind) for field, test in where.items())


def _test(reading: Reading, field: str, test: Any, kind: str) -> str:
    operator, wanted = next(iter(test.items())) if isinstance(test, dict) else ("=", test)
    word = reading.value(field, wanted, kind) or _flag(reading, wanted)
    return reading.words.say(f"op_{operator}", field=reading.words.fields.get(field, field), value=word)


def _flag(reading: Reading, wanted: Any) -> str:
    return reading.words.labels["unknown" if wanted is None else "yes" if wanted is True else "no"]


def tested(value: Any, test: Any) -> bool:
    """Whether a plain value passes an equality, ``in`` or ``not_in`` test; other tests count as passed."""
    if not isinstance(test, dict):
        return bool(value == test)
    if "not_in" in test:
        return value not in test["not_in"]
    return value in test["in"] if "in" in test else True

"""What stands in the way of an answer: gaps, fields nobody knows, questions nobody answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mingcha.model.factbase import Gap
from mingcha.model.verdict import Verdict, Wait
from mingcha.render.asking import question_text, subject
from mingcha.render.evidence import sentence
from mingcha.render.reading import Reading
from mingcha.render.spots import spot_of
from mingcha.render.view import Query
from mingcha.render.wording import fill


def gap_sentence(reading: Reading, gap: Gap) -> str:
    """What was not looked at, in one sentence; a code without a sentence of its own gets the general one."""
    template = reading.words.gaps.get(gap.code)
    if template:
        told = {name: reading.value(name, value) for name, value in gap.values.items()}
        return fill(_NOTHING.sub("", template) if told.get("count") == "0" else template, told, "?")
    where = [gap.place.path or spot_of(reading, gap.place).artefact] if gap.place else []
    return reading.words.say(
        "gap_generic",
        reason=reading.value("reason", gap.reason),
        where=reading.joined([*where, *gap.values.values()]),
        hides=hidden(reading, [gap]),
        code=gap.code,
    )


_JOINED = frozenset(
    {
        "SaidAgainstDone",
        "SaidNotDone",
        "ForeignNameInPolicy",
        "InformationTaken",
        "RequestBurst",
        "ReadRate",
        "RepeatedAsking",
    }
)
"""Kinds that follow from others: nobody looks at them, they are open as long as the others are."""
_NOTHING = re.compile(r"\[[^\[\]]*\{count\}[^\[\]]*\]")
"""A part of a sentence that counts: it goes where there is nothing to count."""


def hidden(reading: Reading, gaps: Iterable[Gap]) -> str:
    """The kinds of fact that gaps may hide, by name."""
    return reading.joined(dict.fromkeys(reading.words.kinds.get(kind, kind) for gap in gaps for kind in gap.hides))


def missing(reading: Reading, waits: Iterable[Wait]) -> tuple[str, ...]:
    """Every wait as a sentence, each once; questions are told apart (``queries``)."""
    return tuple(dict.fromkeys(line for wait in waits if wait.kind for line in _wait(reading, wait)))


def _wait(reading: Reading, wait: Wait) -> Iterator[str]:
    kind = reading.words.kinds.get(wait.kind or "", wait.kind or "")
    if wait.field:
        fact = reading.fact(wait.fact)
        field = reading.words.fields.get(wait.field, wait.field)
        yield reading.words.say("wait_field", kind=kind, field=field, fact=sentence(reading, fact) if fact else "")
        return
    known = [reading.report.gaps[number] for number in wait.gaps if number < len(reading.report.gaps)]
    for gap in known:
        yield reading.words.say("wait_gap", kind=kind, gap=gap_sentence(reading, gap))
    if not known:
        yield reading.words.say("wait_joined" if wait.kind in _JOINED else "wait_kind", kind=kind)


def queries(reading: Reading, verdict: Verdict) -> tuple[Query, ...]:
    """The open questions of one verdict, each once with all it is asked about."""
    asked: dict[tuple[str, str], list[str]] = {}
    for wait in verdict.waits:
        if wait.question:
            key = (wait.clause or verdict.clause, wait.question)
            asked.setdefault(key, []).extend([subject(reading, wait.about)] if wait.about else [])
    return tuple(
        Query(name, question_text(reading, clause, name), tuple(abouts)) for (clause, name), abouts in asked.items()
    )

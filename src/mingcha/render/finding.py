"""The sentence of a breached clause, chosen by what breached it: a clause that names two faults accuses only of the one that was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mingcha.model.clause import Clause, Wording
from mingcha.model.verdict import Trace, Verdict
from mingcha.render.reading import Reading


def finding(reading: Reading, verdict: Verdict) -> str:
    """What is said of a breached clause; the sentence for all its faults where one that was found has none of its own."""
    clause = reading.clauses.get(verdict.clause)
    if clause is None or verdict.outcome != "breached":
        return ""
    return reading.words.labels["sentence_join"].join(dict.fromkeys(_sentences(reading, clause, verdict.trace)))


def _sentences(reading: Reading, clause: Clause, trace: Trace | None) -> list[str]:
    wording = clause.wording.get(reading.lang) or clause.wording["zh"]
    found: list[str] = []
    for branch in _branches(trace) if trace is not None else ():
        told = _told(reading, clause, wording, branch)
        if not told:
            return [getattr(wording, reading.reader)]
        found += told
    return found or [getattr(wording, reading.reader)]


def _branches(trace: Trace) -> Iterator[Trace]:
    """The alternatives that hold."""
    if trace.word != "any":
        yield trace
    for part in trace.parts if trace.word == "any" else ():
        if part.answer == "yes":
            yield from _branches(part)


def _told(reading: Reading, clause: Clause, wording: Wording, branch: Trace) -> list[str]:
    """The sentences for one alternative: a followed clause tells its own, where it is not the only one."""
    if _is_followed(branch):
        other, inner = reading.clauses.get(branch.about or ""), branch.parts[-1] if branch.parts else None
        alone = len(clause.follows) == 1 and clause.breached_when is None
        if other is None or inner is None:
            return []
        return _sentences(reading, clause if alone else other, inner)
    case = next((case for case in wording.cases if not tags(branch).isdisjoint(case.by)), None)
    sentence = getattr(case, reading.reader) if case else ""
    return [sentence] if sentence else []


def _is_followed(trace: Trace) -> bool:
    return trace.word == "all" and trace.about is not None


def tags(trace: Trace) -> frozenset[str]:
    """The words a step is known by: questions, kinds, the fields they are tested on and the words they are tested for."""
    own = {word for word in (trace.kind, trace.question) if word} | {*trace.where, *_words(list(trace.where.values()))}
    below = [tags(part) for part in trace.parts if trace.word != "any" or part.answer == "yes"]
    return frozenset(own).union(*below)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _words(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _words(item)

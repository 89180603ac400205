"""Clauses that say again what others say: what their entries leave to those of the others, judged on the same page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from mingcha.model.verdict import Trace, Verdict, Wait
from mingcha.render.reading import Reading

T = TypeVar("T")


def settling(reading: Reading, verdict: Verdict) -> tuple[str, ...]:
    """The clauses on this page that came out as this one did, and so tell why; none where nothing may be left out."""
    if reading.full:
        return ()
    followed = [step for step in _followed(verdict.trace) if step.about in reading.judged]
    same = [step.about or "" for step in followed if verdict.trace and step.answer == verdict.trace.answer]
    return tuple(dict.fromkeys(same))


def _followed(trace: Trace | None) -> Iterator[Trace]:
    """The clauses a clause follows stand alone, or side by side with its own condition."""
    for step in (trace, *trace.parts) if trace is not None else ():
        if step.word == "all" and step.about:
            yield step


def apart_from(verdict: Verdict, others: Sequence[Verdict]) -> Verdict:
    """The verdict with only the steps, evidence, answers and waits that the others do not tell."""
    if not others:
        return verdict
    names = {other.clause for other in others}
    known = {_asked(wait) for other in others for wait in other.waits}
    return replace(
        verdict,
        trace=_without_steps(verdict.trace, names),
        evidence=_without(verdict.evidence, (other.evidence for other in others)),
        answers=_without(verdict.answers, (other.answers for other in others)),
        waits=tuple(wait for wait in verdict.waits if _asked(wait) not in known),
    )


def _asked(wait: Wait) -> Wait:
    """What is waited for, whosever question it is."""
    return replace(wait, clause=None)


def _without_steps(trace: Trace | None, clauses: set[str]) -> Trace | None:
    if trace is None or (trace.word == "all" and trace.about in clauses):
        return None
    return replace(trace, parts=tuple(p for p in trace.parts if not (p.word == "all" and p.about in clauses)))


def _without(items: tuple[T, ...], told: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    known = {item for one in told for item in one}
    return tuple(item for item in items if item not in known)

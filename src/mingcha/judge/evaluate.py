"""``judge(clauses, base, …)``: every clause answered in three values, each with its trace.

A pure function of the clause, the facts, the answers and the case. Kleene's three-valued logic; a test on a null field is
unknown; "none matches" is no only where the base is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mingcha.model.artefact import Case
from mingcha.model.clause import All, Any_, Ask, AtLeast, Clause, Condition, Followed, Not, Seen, Some
from mingcha.model.fact import Fact
from mingcha.model.factbase import FactBase, Where
from mingcha.model.verdict import Answer, Outcome, PersonAnswer, Trace, Verdict, Wait

IsA = Callable[[str, str], bool]

_OUTCOME: dict[Answer, Outcome] = {"yes": "breached", "no": "met", "unknown": "not determined"}
_ANSWER: dict[Outcome, Answer] = {"breached": "yes", "met": "no", "not applicable": "no", "not determined": "unknown"}
_NEGATED: dict[Answer, Answer] = {"yes": "no", "no": "yes", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a condition is evaluated against; ``bound`` holds the facts named by ``some``.

    ``clause`` is the clause whose questions are asked, ``home`` the one that is judged, if that is another.
    """

    clause: str
    base: FactBase
    case: Case
    answers: tuple[PersonAnswer, ...]
    is_a: IsA
    bound: Mapping[str, Fact] = field(default_factory=dict)
    home: str | None = None


def judge(
    clauses: Iterable[Clause], base: FactBase, case: Case, answers: tuple[PersonAnswer, ...], is_a: IsA
) -> tuple[Verdict, ...]:
    """One verdict for each clause, in the order given. ``is_a(child, parent)`` walks the taxonomy."""
    return tuple(_verdict(c, Scene(c.id, base, case, answers, is_a)) for c in clauses)


def _verdict(rule: Clause | Followed, scene: Scene) -> Verdict:
    applies = evaluate(rule.applies_when, scene) if rule.applies_when else None
    if applies is not None and applies.answer == "no":
        return _closed(scene, "not applicable", None, applies)
    outcome, trace = _tested(rule, scene)
    if applies is not None and applies.answer == "unknown":
        return _closed(scene, "not determined", trace, applies)
    return _closed(scene, outcome, trace, applies)


def _tested(rule: Clause | Followed, scene: Scene) -> tuple[Outcome, Trace]:
    """The rule's own condition or one of the clauses it follows: any of them breaches it.

    A clause that applies to nothing cannot be breached; where it is all there is, the rule applies to nothing either.
    """
    own = [evaluate(rule.breached_when, scene)] if rule.breached_when else []
    others = [_verdict(other, _elsewhere(scene, other.clause)) for other in rule.follows]
    parts = (*own, *map(_followed, others))
    answers = {part.answer for part in parts}
    answer: Answer = "yes" if "yes" in answers else _weakest(answers, "no")
    trace = parts[0] if len(parts) == 1 else Trace(word="any", answer=answer, parts=parts)
    idle = not own and all(other.outcome == "not applicable" for other in others)
    return ("not applicable" if idle else _OUTCOME[answer]), trace


def _elsewhere(scene: Scene, clause: str) -> Scene:
    """The same facts and answers, seen from another clause."""
    return replace(scene, clause=clause, bound={}, home=scene.home or scene.clause)


def _followed(verdict: Verdict) -> Trace:
    """A followed clause's verdict as one node; while nobody knows whether it applies, its test settles nothing."""
    parts = tuple(part for part in (verdict.applies, verdict.trace) if part is not None)
    answer = _ANSWER[verdict.outcome]
    if answer == "unknown":
        parts = tuple(part for part in parts if part.answer != "no")
    return Trace(word="all", answer=answer, about=verdict.clause, parts=parts)


def _closed(scene: Scene, outcome: Outcome, trace: Trace | None, applies: Trace | None) -> Verdict:
    """The verdict with the leaves that carry it: those that agree with the outcome, or all hints if undetermined."""
    roots = [t for t in (applies, trace) if t is not None]
    leaves = [leaf for root in roots for leaf in _carrying(root)]
    waits = [w for root in roots if root.answer == "unknown" for leaf in _unknown(root) for w in leaf.waits]
    return Verdict(
        clause=scene.clause,
        outcome=outcome,
        trace=trace,
        applies=applies,
        evidence=_once(f for leaf in leaves for f in leaf.facts),
        answers=_once(a for leaf in leaves for a in leaf.answers),
        waits=_once(waits),
    )


def _once(items: Iterable[Any]) -> tuple[Any, ...]:
    kept: list[Any] = []
    for item in items:
        if item not in kept:
            kept.append(item)
    return tuple(kept)


def _carrying(trace: Trace) -> Iterable[Trace]:
    """The leaves whose own answer is the reason for the answer of the whole; of an open ``all`` also what does hold."""
    if not trace.parts:
        yield trace
    for part in trace.parts:
        flipped = _NEGATED[part.answer] if trace.word == "not" else part.answer
        if flipped == trace.answer or (trace.word == "all" and trace.answer == "unknown"):
            yield from _carrying(part)
    if trace.parts and trace.facts:
        yield _bare(trace)


def _bare(trace: Trace) -> Trace:
    """The node itself, without what is below it."""
    return Trace(word=trace.word, answer=trace.answer, kind=trace.kind, facts=trace.facts, waits=trace.waits)


def _unknown(trace: Trace) -> Iterable[Trace]:
    if trace.answer == "unknown":
        yield trace
        for part in trace.parts:
            yield from _unknown(part)


# --- the seven words -----------------------------------------------------------------------------------------------


def evaluate(condition: Condition, scene: Scene) -> Trace:
    """The trace of one condition."""
    return _EVALUATE[type(condition)](condition, scene)


def _seen(condition: Seen, scene: Scene) -> Trace:
    where = _resolved(condition.where, scene)
    hits, maybes = _matching(condition.kind, where, scene)
    if hits:
        return Trace(word="seen", answer="yes", kind=condition.kind, where=where, facts=_ids(hits))
    waits = _waits(condition.kind, where, maybes, scene)
    return Trace(
        word="seen",
        answer="unknown" if waits else "no",
        kind=condition.kind,
        where=where,
        facts=tuple(fact.id for fact, _ in maybes),
        waits=waits,
    )


def _at_least(condition: AtLeast, scene: Scene) -> Trace:
    where = _resolved(condition.where, scene)
    hits, maybes = _matching(condition.kind, where, scene)
    values = {getattr(fact, condition.by) for fact in hits}
    enough = len(values - {None}) >= condition.n
    unsure = [(fact, condition.by) for fact in hits if getattr(fact, condition.by) is None]
    waits = () if enough else _waits(condition.kind, where, maybes + unsure, scene)
    answer: Answer = "yes" if enough else "unknown" if waits else "no"
    return Trace(word="at_least", answer=answer, kind=condition.kind, where=where, facts=_ids(hits), waits=waits)


def _some(condition: Some, scene: Scene) -> Trace:
    where = _resolved(condition.where, scene)
    hits, maybes = _matching(condition.kind, where, scene)
    parts = [evaluate(condition.then, _bind(scene, condition.name, fact)) for fact in hits]
    holding = [(f, p) for f, p in zip(hits, parts, strict=True) if p.answer == "yes"]
    open_ = [(f, p) for f, p in zip(hits, parts, strict=True) if p.answer == "unknown"]
    if holding:
        answer: Answer = "yes"
        waits: tuple[Wait, ...] = ()
    else:
        waits = _waits(condition.kind, where, maybes, scene)
        answer = "unknown" if waits or open_ else "no"
    kept = holding or open_
    return Trace(
        word="some",
        answer=answer,
        kind=condition.kind,
        where=where,
        facts=_ids(f for f, _ in kept) or tuple(f.id for f, _ in maybes),
        waits=waits,
        parts=tuple(p for _, p in kept) or tuple(parts),
    )


def _ask(condition: Ask, scene: Scene) -> Trace:
    about = _value(condition.about, scene)
    nobody = condition.about is not None and about is None  # a subject that is not known was not asked about
    whose = condition.of or scene.clause
    found = [
        (number, given.answer)
        for number, given in enumerate(scene.answers)
        if not nobody and given.clause == whose and given.question == condition.question and given.about == about
    ]
    said = {bool(answer) for _, answer in found}
    answer: Answer = "unknown" if len(said) != 1 else "yes" if said == {True} else "no"
    elsewhere = whose if whose != (scene.home or scene.clause) else None
    waits = (Wait(question=condition.question, about=about, clause=elsewhere),) if answer == "unknown" else ()
    return Trace(
        word="ask",
        answer=answer,
        question=condition.question,
        about=about,
        answers=tuple(number for number, _ in found),
        waits=waits,
    )


def _all(condition: All, scene: Scene) -> Trace:
    parts = tuple(evaluate(part, scene) for part in condition.parts)
    answers = {part.answer for part in parts}
    return Trace(word="all", answer="no" if "no" in answers else _weakest(answers, "yes"), parts=parts)


def _any(condition: Any_, scene: Scene) -> Trace:
    parts = tuple(evaluate(part, scene) for part in condition.parts)
    answers = {part.answer for part in parts}
    return Trace(word="any", answer="yes" if "yes" in answers else _weakest(answers, "no"), parts=parts)


def _not(condition: Not, scene: Scene) -> Trace:
    part = evaluate(condition.part, scene)
    return Trace(word="not", answer=_NEGATED[part.answer], parts=(part,))


def _weakest(answers: set[Answer], settled: Answer) -> Answer:
    return "unknown" if "unknown" in answers else settled


_EVALUATE: dict[type, Callable[[Any, Scene], Trace]] = {
    Seen: _seen,
    AtLeast: _at_least,
    Some: _some,
    Ask: _ask,
    All: _all,
    Any_: _any,
    Not: _not,
}

# --- matching ------------------------------------------------------------------------------------------------------


def _bind(scene: Scene, name: str, fact: Fact) -> Scene:
    return replace(scene, bound={**scene.bound, name: fact})


def _value(text: Any, scene: Scene) -> Any:
    """``$it.field`` and ``$case.field`` replaced by what they stand for; ``$it`` alone is the fact's id."""
    if not isinstance(text, str) or not text.startswith("$"):
        return text
    name, _, attribute = text[1:].partition(".")
    if name == "case":
        return getattr(scene.case, attribute)
    fact = scene.bound[name]
    return getattr(fact, attribute) if attribute else fact.id


def _resolved(where: Where, scene: Scene) -> Where:
    return {
        key: {op: _value(v, scene) for op, v in test.items()} if isinstance(test, dict) else _value(test, scene)
        for key, test in where.items()
    }


def _ids(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(fact.id for fact in facts)


def _matching(kind: str, where: Where, scene: Scene) -> tuple[list[Fact], list[tuple[Fact, str]]]:
    """Facts that match, and facts that may match, each with the field that is not known."""
    hits: list[Fact] = []
    maybes: list[tuple[Fact, str]] = []
    for fact in scene.base.of_kind(kind):
        answer, unknown = _fits(fact, where, scene.is_a)
        if answer == "yes":
            hits.append(fact)
        elif answer == "unknown":
            maybes.append((fact, unknown))
    return hits, maybes


def _fits(fact: Fact, where: Where, is_a: IsA) -> tuple[Answer, str]:
    unknown = ""
    for name, test in where.items():
        answer = _test(getattr(fact, name), test, is_a)
        if answer == "no":
            return "no", ""
        if answer == "unknown":
            unknown = unknown or name
    return ("unknown", unknown) if unknown else ("yes", "")


def _test(value: Any, test: Any, is_a: IsA) -> Answer:
    """One field against one test. A list matches when one element does; null on either side is unknown."""
    if isinstance(value, tuple):
        answers = {_test(element, test, is_a) for element in value}
        return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"
    operator, wanted = next(iter(test.items())) if isinstance(test, dict) else ("=", test)
    if value is None or wanted is None:
        return "unknown"
    return "yes" if _OPERATORS[operator](value, wanted, is_a) else "no"


_OPERATORS: dict[str, Callable[[Any, Any, IsA], bool]] = {
    "=": lambda value, wanted, _: bool(value == wanted),
    "in": lambda value, wanted, _: value in wanted,
    "not_in": lambda value, wanted, _: value not in wanted,
    "<": lambda value, wanted, _: bool(value < wanted),
    ">": lambda value, wanted, _: bool(value > wanted),
    "<=": lambda value, wanted, _: bool(value <= wanted),
    ">=": lambda value, wanted, _: bool(value >= wanted),
    "is_a": lambda value, wanted, is_a: is_a(value, wanted),
}


def _waits(kind: str, where: Where, maybes: list[tuple[Fact, str]], scene: Scene) -> tuple[Wait, ...]:
    """Everything that keeps "none matches" from being a no; empty when it is a no."""
    waits = [Wait(kind=kind, field=name, fact=fact.id) for fact, name in maybes]
    fixed: Where = {k: v for k, v in where.items() if v is not None}
    if not scene.base.is_complete(kind, fixed):
        waits.append(Wait(kind=kind, gaps=scene.base.hiding(kind, fixed)))
    return tuple(waits)

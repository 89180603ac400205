"""More knowledge never turns breached into met or back; order never matters; silence decides nothing."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingcha.catalogue.load import load
from mingcha.judge.evaluate import judge
from mingcha.model.artefact import Case, Place
from mingcha.model.clause import All, Any_, Ask, AtLeast, Clause, Condition, Not, Seen, Some
from mingcha.model.fact import Fact, InformationSent, PermissionRequested, StepsTo
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.report import FORMAT, FactsFile, Tool, encode
from mingcha.model.verdict import PersonAnswer
from tests.clauses.examples import base_of

CATALOGUE = load()
CLAUSES = [clause for regulation in CATALOGUE.regulations.values() for clause in regulation.clauses]

INFORMATION = st.sampled_from(["dev.imei", "dev.id", "loc.precise"])
PHASE = st.sampled_from(["P1", "P3", None])
KINDS = {
    "InformationSent": {"information": INFORMATION, "receiver": st.sampled_from(["app", "umeng-analytics", None]), "phase": PHASE},
    "PermissionRequested": {"permission": st.sampled_from(["a", "b", "c"]), "phase": PHASE},
    "StepsTo": {"target": st.sampled_from(["policy", "complaint"]), "taps": st.sampled_from([2, 4, 6, None])},
}  # fmt: skip
CLASSES: dict[str, type[Fact]] = {
    "InformationSent": InformationSent, "PermissionRequested": PermissionRequested, "StepsTo": StepsTo,
}  # fmt: skip
CONSTANT: dict[str, dict[str, Any]] = {
    "InformationSent": {"host": "h.example"},
    "PermissionRequested": {},
    "StepsTo": {},
}


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """A fact whose fields are known or null."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    fields = {name: draw(values) for name, values in KINDS[kind].items()}
    return CLASSES[kind](place=Place(sha256="0", at=draw(st.integers(0, 5))), **CONSTANT[kind], **fields)


@st.composite
def wheres(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Tests on some fields of a kind: equality, a list, an order, a parent."""
    chosen = draw(st.lists(st.sampled_from(sorted(KINDS[kind])), unique=True, max_size=2))
    where: dict[str, Any] = {}
    for name in chosen:
        value = draw(KINDS[kind][name].filter(lambda v: v is not None))
        shape = draw(st.integers(0, 2))
        if isinstance(value, int) and shape:
            where[name] = {">": value}
        elif name == "information" and shape:
            where[name] = {"is_a": value}
        else:
            where[name] = {"in": [value]} if shape == 2 else value
    return where


def conditions() -> st.SearchStrategy[Condition]:
    """Conditions over the three kinds, all seven words, a few levels deep."""
    kinds = st.sampled_from(sorted(KINDS))
    seen = kinds.flatmap(lambda k: st.builds(Seen, kind=st.just(k), where=wheres(k)))
    at_least = kinds.flatmap(
        lambda k: st.builds(
            AtLeast, n=st.integers(1, 2), kind=st.just(k), by=st.sampled_from(sorted(KINDS[k])), where=wheres(k)
        )
    )
    ask = st.builds(Ask, question=st.sampled_from(["q1", "q2"]), about=st.none())

    def deeper(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        some = kinds.flatmap(
            lambda k: st.builds(Some, kind=st.just(k), name=st.just("it"), where=wheres(k), then=inner)
        )
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(st.builds(All, parts=parts), st.builds(Any_, parts=parts), st.builds(Not, part=inner), some)

    return st.recursive(st.one_of(seen, at_least, ask), deeper, max_leaves=6)


COVERS = st.lists(
    st.sampled_from(sorted(KINDS)).flatmap(
        lambda k: st.builds(Covered, kind=st.just(k), where=st.one_of(st.just({}), _plain(k)))
    ),
    max_size=4,
)


def _plain(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    name = sorted(KINDS[kind])[0]
    return KINDS[kind][name].filter(lambda v: v is not None).map(lambda value: {name: value})


GAPS = st.lists(
    st.builds(
        Gap,
        collector=st.just("c"),
        reason=st.sampled_from(["partial", "missing"]),
        code=st.just("x"),
        hides=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=2).map(tuple),
    ),
    max_size=2,
)
ANSWERS = st.lists(
    st.builds(PersonAnswer, clause=st.just("t/1"), question=st.sampled_from(["q1", "q2"]), answer=st.booleans()),
    max_size=2,
).map(tuple)


def outcome(condition: Condition, base: FactBase, answers: tuple[PersonAnswer, ...] = ()) -> str:
    """What a clause with this condition says."""
    clause = msgspec.structs.replace(CLAUSES[0], id="t/1", breached_when=condition, applies_when=None)
    return judge([clause], base, Case(), answers, CATALOGUE.is_a)[0].outcome


def matches(fact: Fact, where: dict[str, Any]) -> bool:
    """Whether a fact may lie in the region ``where`` of coverage (a null field may be anything)."""
    return all(getattr(fact, name) in (value, None) for name, value in where.items())


def extended(base: FactBase, new: list[Fact], randomness: random.Random) -> FactBase:
    """More knowledge: facts where the base is not complete, null fields filled, gaps removed."""
    whole = [c for c in base.covered if base.is_complete(c.kind, c.where)]
    added = [f for f in new if not any(c.kind == type(f).__name__ and matches(f, c.where) for c in whole)]
    filled = [_filled(fact, whole, randomness) for fact in base.facts]
    gaps = [gap for gap in base.gaps if randomness.random() < 0.5]
    return FactBase.of([*filled, *added], base.covered, gaps)


def _filled(fact: Fact, whole: list[Covered], randomness: random.Random) -> Fact:
    values = {"phase": ["P1", "P3"], "receiver": ["app", "umeng-analytics"], "taps": [2, 4, 6]}
    null = [name for name in values if getattr(fact, name, 0) is None]
    return msgspec.structs.replace(fact, **{name: randomness.choice(values[name]) for name in null})


@settings(max_examples=600, deadline=None, derandomize=True)
@given(
    conditions(),
    st.lists(facts(), max_size=5),
    COVERS,
    GAPS,
    ANSWERS,
    st.lists(facts(), max_size=4),
    st.integers(0, 2**32),
)
def test_more_knowledge_never_flips(
    condition: Condition,
    known: list[Fact],
    covered: list[Covered],
    gaps: list[Gap],
    answers: tuple[PersonAnswer, ...],
    new: list[Fact],
    seed: int,
) -> None:
    """A verdict of breached or met stays what it was when facts are added outside coverage, nulls filled, gaps removed."""
    base = FactBase.of(known, covered, gaps)
    before = outcome(condition, base, answers)
    after = outcome(condition, extended(base, new, random.Random(seed)), answers)
    assert {before, after} != {"breached", "met"}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(facts(), max_size=6), COVERS, GAPS, st.randoms(use_true_random=False))
def test_order_changes_no_byte(
    known: list[Fact], covered: list[Covered], gaps: list[Gap], mixed: random.Random
) -> None:
    """Facts, coverage and gaps in any order make the same file, byte for byte."""

    def written(base: FactBase) -> bytes:
        tool = Tool(name="t", version="0", catalogue="")
        return encode(
            FactsFile(format=FORMAT, tool=tool, case=Case(), facts=base.facts, covered=base.covered, gaps=base.gaps)
        )

    once = written(FactBase.of(known, covered, gaps))
    for items in (known, covered, gaps):
        mixed.shuffle(items)
    assert written(FactBase.of(known, covered, gaps)) == once


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_silence_decides_nothing(clause: Clause) -> None:
    """With no facts, no coverage and no answers no clause is breached, met or not applicable."""
    verdict = judge([clause], FactBase.of([]), Case(), (), CATALOGUE.is_a)[0]
    assert verdict.outcome == "not determined"
    assert verdict.waits


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_gaps_only_take_verdicts_away(clause: Clause) -> None:
    """A gap over any one kind of fact leaves an example's outcome, or makes it not determined; it never flips it."""
    for example in clause.examples:
        base = base_of(example)
        answers = tuple(msgspec.convert({"clause": clause.id, **a}, PersonAnswer) for a in example.answers)
        case = msgspec.convert(example.case, Case)
        for kind in {c.kind for c in base.covered} | {type(f).__name__ for f in base.facts}:
            gap = Gap(collector="t", reason="partial", hides=(kind,), code="t")
            wider = FactBase.of(base.facts, base.covered, [*base.gaps, gap])
            verdict = judge([clause], wider, case, answers, CATALOGUE.is_a)[0]
            assert verdict.outcome in (example.outcome, "not determined"), (kind, example)

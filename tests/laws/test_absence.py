"""A sentence that is not there, or that the reader misses, never makes a breach unless the silence is measured to count."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingcha.catalogue.load import load
from mingcha.collect.policy import collector as policy
from mingcha.formats.page import Document, read
from mingcha.judge.evaluate import judge
from mingcha.model.artefact import Artefact, Case
from mingcha.model.fact import ProvisionAbsent, ProvisionStated
from mingcha.model.factbase import FactBase
from mingcha.relate.joins import relate

DEMO = Path(__file__).parents[2] / "demo" / "policy-fixed.html"
TABLES = load()
PROVEN = {row.provision for row in TABLES.measured if row.proves_absence}
CLAUSES = [clause for rules in TABLES.regulations.values() for clause in rules.clauses]
ARTEFACT = Artefact(sha256="0" * 64, kind="policy", name="policy.html", size=1)


@cache
def document() -> Document:
    return read(DEMO.read_bytes(), DEMO.name)


def base_of(kept: frozenset[int]) -> FactBase:
    """The facts of the demo policy with only these paragraphs."""
    whole = document()
    part = Document(whole.title, whole.language, tuple(p for p in whole.paragraphs if p.number in kept))
    return relate(FactBase().with_findings(policy.collect(ARTEFACT, part, TABLES)), Case(), TABLES)


def breached(base: FactBase) -> dict[str, set[str]]:
    """Clauses breached by the text alone, with the kinds of fact that carry it."""
    verdicts = judge(CLAUSES, base, Case(), (), TABLES.is_a)
    return {
        verdict.clause: {type(base.by_id[fact]).__name__ for fact in verdict.evidence}
        for verdict in verdicts
        if verdict.outcome == "breached"
    }


@cache
def whole() -> tuple[dict[str, set[str]], set[str]]:
    base = base_of(frozenset(p.number for p in document().paragraphs))
    return breached(base), {fact.provision for fact in base.facts if isinstance(fact, ProvisionStated)}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_taking_sentences_out_breaches_nothing_but_by_measured_silence(data: st.DataObject) -> None:
    """Whatever paragraphs are missing, a new breach rests on a provision called absent, and only proven ones are so called."""
    numbers = [paragraph.number for paragraph in document().paragraphs]
    gone = data.draw(st.sets(st.sampled_from(numbers), min_size=1))
    base = base_of(frozenset(numbers) - gone)
    absent = {fact.provision for fact in base.facts if isinstance(fact, ProvisionAbsent)}
    assert absent <= PROVEN
    new = {clause: kinds for clause, kinds in breached(base).items() if clause not in whole()[0]}
    assert all("ProvisionAbsent" in kinds for kinds in new.values()), new


def test_the_whole_text_states_what_could_be_taken_out() -> None:
    """The law above is tried on a policy that states most provisions, and is not true of an empty text."""
    assert len(whole()[1]) >= 12
    assert len(document().paragraphs) >= 30


def test_measured_silence_is_told() -> None:
    """With every paragraph taken out that comes near minors, the policy is called silent on them: the law can be broken."""
    stated = {"minors"} & PROVEN
    terms = TABLES.terms["zh"]
    words = [terms.pattern(name) for name in terms.near["minors"]]
    kept = frozenset(p.number for p in document().paragraphs if not any(word.search(p.text) for word in words))
    absent = {fact.provision for fact in base_of(kept).facts if isinstance(fact, ProvisionAbsent)}
    assert stated <= absent
    assert stated

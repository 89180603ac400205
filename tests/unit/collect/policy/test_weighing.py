"""The model that weighs statements drops and lets through only what it may, and its absence leaves the rules as they are."""

from __future__ import annotations

import pytest

from mingcha.collect.policy import weighing
from mingcha.collect.policy.actors import APP, Actor
from mingcha.collect.policy.deeds import Act
from mingcha.collect.policy.mentions import Mention
from mingcha.collect.policy.negation import Mood
from mingcha.collect.policy.text import Sentence
from mingcha.collect.policy.weighing import Said, Weights, weighed
from tests.unit.collect.policy.test_statements import TABLES, said

TERMS = TABLES.terms["zh"]
TEXT = "我们会收集您的手机号码。"
PHONE = Mention("basic.phone", 7, 11)
LABELS: tuple[Said, ...] = (
    ("collect", False, "app"), ("collect", False, "third"), ("collect", True, "app"), ("share", False, "app"),
)  # fmt: skip
LIKELY, UNLIKELY = 5.0, -5.0


def model(*bias: float) -> Weights:
    """A model that thinks the same of every sentence."""
    return Weights(labels=LABELS, bias=bias, weights={}, cues={}, leads=(), drop=0.25, let=0.5)


def settled(
    monkeypatch: pytest.MonkeyPatch,
    bias: tuple[float, ...],
    found: list[Act],
    text: str = TEXT,
    topics: frozenset[str] = frozenset({"collection"}),
) -> set[Said]:
    """What is stated in the end, with a model that has this bias."""
    monkeypatch.setattr(weighing, "weights", lambda: model(*bias))
    kept = weighed(TERMS, Sentence(number=1, text=text, plain=text), topics, [PHONE], found)
    assert all(act.kinds == [PHONE] for act in kept)
    return {(act.does, act.mood.negated, "app" if act.actor.who == "app" else "third") for act in kept}


def act(who: Actor = APP, *, negated: bool = False, told: bool = False) -> Act:
    """A collecting that the rules read."""
    return Act("collect", 3, 5, who, mood=Mood(negated=negated), told=told, kinds=[PHONE])


ALL_UNLIKELY = (UNLIKELY,) * 4
ALL_LIKELY = (LIKELY,) * 4


def test_what_is_unlikely_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A collecting by the app that the model does not believe is gone."""
    assert settled(monkeypatch, ALL_UNLIKELY, [act()]) == set()


def test_denials_and_third_parties_stay_as_the_rules_read_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model takes away neither a denial nor what somebody else is said to do."""
    assert settled(monkeypatch, ALL_UNLIKELY, [act(negated=True)]) == {("collect", True, "app")}
    assert settled(monkeypatch, ALL_UNLIKELY, [act(Actor("other"))]) == {("collect", False, "third")}


def test_what_was_missed_is_let_through_but_never_a_denial(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rules read nothing, likely statements come in with all types of the sentence; a likely denial does not."""
    expected = {("collect", False, "app"), ("collect", False, "third"), ("share", False, "app")}
    assert settled(monkeypatch, ALL_LIKELY, []) == expected
    assert settled(monkeypatch, (UNLIKELY, UNLIKELY, LIKELY, UNLIKELY), []) == set()


@pytest.mark.parametrize("found", [[act()], [act(negated=True)], [act(Actor("other"))]])
def test_nothing_is_added_where_the_rules_read_something(monkeypatch: pytest.MonkeyPatch, found: list[Act]) -> None:
    """A denial, or somebody else's collecting, gets no collecting by the app beside it."""
    assert len(settled(monkeypatch, ALL_LIKELY, found)) == 1


def test_nothing_is_added_without_the_topic_or_where_it_need_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence that is not about taking or giving, or that says "need not", keeps silent."""
    assert settled(monkeypatch, ALL_LIKELY, [], topics=frozenset({"rights"})) == set()
    assert settled(monkeypatch, ALL_LIKELY, [], text="您无需提供您的手机号码。") == set()


def test_the_party_changes_only_where_the_clause_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unlikely collecting by the app becomes a likely one by a third party, unless the clause itself says "we"."""
    third = (UNLIKELY, LIKELY, UNLIKELY, UNLIKELY)
    assert settled(monkeypatch, third, [act()]) == {("collect", False, "third")}


def test_without_its_file_the_rules_alone_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rules read comes back as it is."""
    monkeypatch.setattr(weighing, "weights", lambda: None)
    found = [act()]
    assert weighed(TERMS, Sentence(number=1, text=TEXT, plain=TEXT), frozenset(), [PHONE], found) is found


def test_a_broken_file_counts_as_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Bytes that are no model of this shape are no model."""
    file = tmp_path_factory.mktemp("model") / "statements.json"
    file.write_text('{"labels": 3}')
    monkeypatch.setattr(weighing, "FILE", file)
    weighing.weights.cache_clear()
    try:
        assert weighing.weights() is None
    finally:
        weighing.weights.cache_clear()


def test_the_shipped_model_is_whole() -> None:
    """Every feature has a number for each statement, and every list of words that it asks for exists."""
    shipped = weighing.weights()
    assert shipped is not None
    assert all(len(row) == len(shipped.labels) for row in shipped.weights.values())
    assert len(shipped.bias) == len(shipped.labels)
    for language, lists in shipped.cues.items():
        assert {*lists, *shipped.leads} <= set(TABLES.terms[language].words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们不会收集您的通讯录。", {("collect", "other.contacts", "app", True)}),
        ("第三方会收集您的设备型号。", {("collect", "dev.model", None, False)}),
        ("我们会收集您的手机号码。", {("collect", "basic.phone", "app", False)}),
    ],
)
def test_plain_sentences_are_not_weighed_away(text: str, expected: set[tuple[object, ...]]) -> None:
    """With the shipped model a plain denial, a plain third party and a plain collecting stay what they are."""
    assert {one[0] for one in said(text)} == {one[0] for one in expected}
    assert {one[2:] for one in said(text)} == {one[2:] for one in expected}

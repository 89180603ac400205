"""Weighs what the rules read of a sentence: a small linear model drops what is unlikely and lets through what they missed.

The rules are precise about the sentences they were written on and less so about others. The model asks of a sentence, by
what the rules said, its topics, its form and some forty lists of words, how likely each of a few statements is. It has no
say about denials, about what the rules read of third parties, nor about rows and entries of lists, whose columns tell. Without its file the
rules alone decide. ``scripts/train_statements.py`` makes the file; the card beside it says from what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import exp, log1p

import msgspec

from mingcha.catalogue.load import HOME
from mingcha.collect.policy.actors import APP, Actor
from mingcha.collect.policy.deeds import Act
from mingcha.collect.policy.information import NAMING
from mingcha.collect.policy.mentions import GENERIC, Mention, is_technique
from mingcha.collect.policy.text import Sentence
from mingcha.model.terms import Terms
from mingcha.model.words import Does

FILE = HOME / "models" / "statements.json"
Said = tuple[str, bool, str]
"""What is done, whether it is denied, and by whom ("app" or "third")."""
_TOPICS = (
    "collection", "permission", "sharing", "use", "storage", "security", "minors", "rights", "contact", "revision", "closure",
)  # fmt: skip
_MANY = 10
_TEXT_LIMIT = 600
"""Characters of a sentence in which words are looked for."""


class Weights(msgspec.Struct, frozen=True):
    """``labels`` are the statements weighed; ``weights`` has for each feature a number for each of them."""

    labels: tuple[Said, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]
    cues: dict[str, tuple[str, ...]]
    """By language, the lists of words that are features."""
    leads: tuple[str, ...]
    """Lists whose words are looked for in the sentence that announced the list."""
    drop: float
    let: float


@cache
def weights() -> Weights | None:
    """The shipped model, or None where there is none."""
    try:
        return msgspec.json.decode(FILE.read_bytes(), type=Weights)
    except (OSError, msgspec.MsgspecError):
        return None


def weighed(
    terms: Terms, sentence: Sentence, topics: frozenset[str], about: Sequence[Mention], found: list[Act]
) -> list[Act]:
    """What the sentence states in the end: acts that are likely enough, and those that were missed."""
    model = weights()
    if model is None or not (about or found):
        return found
    said = {label for act in found for label in _labels(act)}
    asked = features(
        sentence, topics, about, said,
        item=any(not act.end for act in found), conditional=any(act.mood.condition for act in found),
        known=any(one.kind != GENERIC for act in found for one in act.kinds),
    )  # fmt: skip
    cued = cues(terms, sentence.plain, sentence.lead, model.cues.get(terms.language, ()), model.leads)
    chances = likely(model, asked | cued)
    missed = {label for label, chance in chances.items() if chance > model.let} - said
    unlikely = {label for label in said if chances.get(label, 1.0) <= model.drop and _is_apps(label)}
    let = _let_through(terms, sentence, said - unlikely, missed) if topics & NAMING else set()
    return _settled(found, unlikely, let, _objects(terms, sentence, about))


def _is_apps(label: Said) -> bool:
    """What the app itself is said to do: denials, and what others are said to do, are left as the rules read them."""
    _, negated, who = label
    return who == "app" and not negated


def _let_through(terms: Terms, sentence: Sentence, said: set[Said], missed: set[Said]) -> set[Said]:
    """Nothing where the rules read a taking or giving that is kept, nor where the sentence says what need not be; and no denial."""
    if terms.has("state_void_no", sentence.plain) or any(does in _DEEDS for does, *_ in said):
        return set()
    return {label for label in missed if not label[1]}


def _labels(act: Act) -> list[Said]:
    who = ["app" if act.actor.who == "app" else "third", *(["third"] if act.actor.also else [])]
    return [(act.does, act.mood.negated, one) for one in who]


def _settled(found: list[Act], unlikely: set[Said], missed: set[Said], objects: list[Mention]) -> list[Act]:
    kept: list[Act] = []
    for act in found:
        own = _labels(act)[0]
        third = (own[0], own[1], "third")
        if own not in unlikely:
            kept.append(act)
        elif act.actor.also or (third in missed and not act.told):
            kept.append(replace(act, actor=_ACTORS["third"]))
    told = {label for act in kept for label in _labels(act)}
    new = [Act(_DEEDS[does], 0, 1, _ACTORS[who], kinds=objects) for does, _, who in sorted(missed - told)]
    return [*kept, *new] if objects else kept


_ACTORS: dict[str, Actor] = {"app": APP, "third": Actor("other")}
_DEEDS: dict[str, Does] = {"collect": "collect", "share": "share"}


def _objects(terms: Terms, sentence: Sentence, about: Sequence[Mention]) -> list[Mention]:
    return [one for one in about if not is_technique(terms, sentence.plain, one)]


def cues(terms: Terms, text: str, lead: str, lists: Sequence[str], leads: Sequence[str]) -> dict[str, float]:
    """Which lists of words a sentence, and the one that announced its list, has a word of."""
    text, lead = text[:_TEXT_LIMIT], lead[-_TEXT_LIMIT:]
    found = {f"{terms.language}:{name}": 1.0 for name in lists if terms.has(name, text)}
    return found | {f"lead {name}": 1.0 for name in leads if lead and terms.has(name, lead)}


def likely(model: Weights, features: Mapping[str, float]) -> dict[Said, float]:
    """How likely each statement is."""
    sums = list(model.bias)
    for name, value in features.items():
        for n, weight in enumerate(model.weights.get(name, ())):
            sums[n] += weight * value
    return {label: 1 / (1 + exp(-sum_)) for label, sum_ in zip(model.labels, sums, strict=True)}


def features(
    sentence: Sentence,
    topics: frozenset[str],
    about: Sequence[Mention],
    said: Iterable[Said],
    *,
    item: bool,
    conditional: bool,
    known: bool,
) -> dict[str, float]:
    """What the model is told of a sentence, beside its words; ``said`` is what the rules read of it."""
    text = sentence.plain
    named = [one.kind for one in about]
    found = {f"said {does} {'not ' if negated else ''}{who}": 1.0 for does, negated, who in said}
    found |= {f"topic {topic}": 1.0 for topic in topics & set(_TOPICS)}
    flags = {
        "item": item,
        "conditional": conditional,
        "known": known,
        "lead": bool(sentence.lead),
        "header": bool(sentence.header),
        "english": sentence.language == "en",
        "colon": text.endswith(("：", ":")),
        "semicolon": text.endswith(("；", ";")),
        "stop": text.endswith(("。", ".")),
        "names": bool(named),
        "names known": any(kind != GENERIC for kind in named),
    }
    found |= {name: 1.0 for name, holds in flags.items() if holds}
    return found | {"types": min(len(named), _MANY) / 5, "length": log1p(len(text)) / 4}

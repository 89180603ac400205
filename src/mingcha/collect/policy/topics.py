"""What each sentence of a policy is about: by model, by rules where data are wanting, without a model by rules alone.

The topics are those of CAPP-130 (what is collected, which permissions are asked, whom it is shared with …) and two of our own,
``cross_border`` and ``personalisation``. A sentence may have several, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mingcha.collect.policy.model import Model, Surroundings, model_of, scores
from mingcha.collect.policy.outline import surroundings
from mingcha.collect.policy.topic_rules import alone, always

LEARNT = (
    "collection", "permission", "sharing", "use", "storage", "security", "minors", "rights", "contact", "revision", "closure",
)  # fmt: skip
RULED = ("cross_border", "personalisation")
_SENTENCE_LIMIT = 600
"""Characters of a sentence that are read: no labelled one is longer."""


class Topics(NamedTuple):
    """The topics of each sentence, and whether a model had a part in them; if not, rules alone did, and the report must say so."""

    of: list[frozenset[str]]
    learnt: bool


def topics(sentences: Sequence[str], headings: Sequence[str] | None = None, language: str = "zh") -> Topics:
    """The topics of all sentences of one policy, in its order and in the plain form of ``policy_text.plain``.

    ``headings`` has for each sentence the headings over it, outermost first with ``|`` between; without it they are read
    from the sentences. Sentences of another policy must not be in the same call: a sentence is read with its neighbours.
    """
    return read(sentences, headings, language, model_of(language))


def read(sentences: Sequence[str], headings: Sequence[str] | None, language: str, model: Model | None) -> Topics:
    """``topics`` with a model that is given, or without one."""
    texts = [sentence[:_SENTENCE_LIMIT] for sentence in sentences]
    around = surroundings(texts, headings)
    found = _by_rules(texts, around, language) if model is None else _by_model(texts, around, model)
    rows = zip(found, texts, around.titles, strict=True)
    return Topics([said.union(always(language, text, title)) for said, text, title in rows], model is not None)


def _by_model(texts: Sequence[str], around: Surroundings, model: Model) -> list[frozenset[str]]:
    found: list[set[str]] = [set() for _ in texts]
    for sentence, topic in np.argwhere(scores(model, texts, around) > 0):
        found[sentence].add(model.topics[topic])
    return [frozenset(said) for said in found]


def _by_rules(texts: Sequence[str], around: Surroundings, language: str) -> list[frozenset[str]]:
    rows = zip(texts, around.headings, around.titles, strict=True)
    return [frozenset(alone(language, text, heading, title)) for text, heading, title in rows]

"""A policy being read: its sentences, the words of its language, and how a finding names its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mingcha.collect.policy_text import Sentence
from mingcha.model.artefact import Place
from mingcha.model.fact import Provision, ProvisionStated, clip
from mingcha.model.terms import Terms


@dataclass(frozen=True, slots=True)
class Reading:
    """What every rule is given."""

    sha256: str
    sentences: tuple[Sentence, ...]
    terms: Terms

    def place(self, sentence: Sentence) -> Place:
        """Where the sentence stands."""
        return Place(sha256=self.sha256, at=sentence.number, unit="paragraph", quote=clip(sentence.text))

    def stated(self, provision: Provision, sentence: Sentence, **parameters: Any) -> ProvisionStated:
        """The provision, seen in this sentence."""
        return ProvisionStated(place=self.place(sentence), provision=provision, **parameters)

    def with_words(self, *names: str) -> Iterator[tuple[int, Sentence]]:
        """Sentences that have a word of each list, with their position; headings are none."""
        patterns = [self.terms.pattern(name) for name in names]
        for number, sentence in enumerate(self.sentences):
            if not sentence.title and all(pattern.search(sentence.plain) for pattern in patterns):
                yield number, sentence

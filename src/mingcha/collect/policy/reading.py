"""A policy being read: its sentences, the words of its language, and how a finding names its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mingcha.collect.policy.text import Sentence, clauses_of
from mingcha.formats.page import Document
from mingcha.model.artefact import Place, clip
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Rule, Terms
from mingcha.model.words import DocumentRole, Provision


@dataclass(frozen=True, slots=True)
class Reading:
    """What every rule is given."""

    sha256: str
    sentences: tuple[Sentence, ...]
    terms: Terms
    topics: tuple[frozenset[str], ...] = ()
    """What each sentence is about (`policy_topics`), in the order of ``sentences``."""
    role: DocumentRole = "main"
    """Which document of the policy this is."""

    def place(self, sentence: Sentence) -> Place:
        """Where the sentence stands."""
        return Place(sha256=self.sha256, at=sentence.number, unit="paragraph", quote=clip(sentence.text))

    def whole(self, document: Document) -> Place:
        """The document itself, at its first paragraph."""
        first = document.paragraphs[0].text if document.paragraphs else ""
        return Place(sha256=self.sha256, at=1 if first else None, unit="paragraph", quote=clip(first))

    def stated(self, provision: Provision, sentence: Sentence, **parameters: Any) -> ProvisionStated:
        """The provision, seen in this sentence."""
        return ProvisionStated(place=self.place(sentence), provision=provision, **parameters)

    def told(self) -> Iterator[tuple[int, Sentence]]:
        """All sentences that are no headings, with their position."""
        return ((number, sentence) for number, sentence in enumerate(self.sentences) if not is_title(sentence))

    def about(self, at: int, topics: frozenset[str]) -> bool:
        """Whether a sentence has one of these topics."""
        return at < len(self.topics) and not topics.isdisjoint(self.topics[at])

    def with_words(self, *names: str) -> Iterator[tuple[int, Sentence]]:
        """Sentences that have a word of each list, with their position; headings are none."""
        first, *others = (self.terms.pattern(name) for name in names)
        for number, sentence in enumerate(self.sentences):
            found = first.search(sentence.plain) and all(other.search(sentence.plain) for other in others)
            if found and not is_title(sentence):
                yield number, sentence


_TITLE_LIMIT = 60


def is_title(sentence: Sentence) -> bool:
    """Whether a sentence is a heading; a whole paragraph that is marked as one is none."""
    return sentence.title and len(sentence.plain) <= _TITLE_LIMIT and not sentence.plain.endswith(("。", "；", "！"))


_ENGLISH_COMPANY = re.compile(
    r"(?:[A-Z][\w&.'-]*,? ){1,6}(?:\([A-Z]\w+\) )?(?:Inc|Ltd|LLC|L\.L\.C|Limited|Corporation|Corp|GmbH|B\.V|S\.A|PLC|Pte|Co)\b\.?"
)


def companies(terms: Terms, sentence: Sentence) -> list[str]:
    """Names of companies in a sentence; English ones are told by their capitals."""
    if terms.language == "en":
        return [name.strip(" ,") for name in _ENGLISH_COMPANY.findall(sentence.text)]
    return terms.companies(sentence.plain)


def states(terms: Terms, rule: Rule, text: str) -> bool:
    """Whether a plain sentence meets a rule."""
    if any(terms.has(name, text) for name in rule.unless):
        return False
    if not rule.within:
        return all(terms.has(name, text) for name in rule.needs)
    return any(_in_order(terms, rule, clause) for clause in clauses_of(text))


def _in_order(terms: Terms, rule: Rule, clause: str) -> bool:
    at = 0
    for number, name in enumerate(rule.needs):
        found = terms.pattern(name).search(clause, at, len(clause) if number == 0 else at + rule.within)
        if found is None:
            return False
        at = found.end()
    return True

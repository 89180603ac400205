"""Where a text states nothing that a rule knows as some provision: the sentences that come nearest, for a person to read.

They are also what keeps a missed phrase from becoming a breach: a provision with a near sentence is never called absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.text import Sentence
from mingcha.model.fact import ProvisionNear, ProvisionStated

SHOWN = 3
"""Sentences shown for one provision."""


def nearest(reading: Reading, stated: Iterable[ProvisionStated]) -> Iterator[ProvisionNear]:
    """For each provision without a statement the first sentences that have a word of each of its lists (`Terms.near`).

    Sentences come before titles: a title tells less, but it is not silence either.
    """
    found = {fact.provision for fact in stated}
    for provision, lists in reading.terms.near.items():
        if provision not in found:
            for sentence in islice(_with_words(reading, lists), SHOWN):
                yield ProvisionNear(place=reading.place(sentence), provision=provision)


def _with_words(reading: Reading, lists: tuple[str, ...]) -> Iterator[Sentence]:
    patterns = [reading.terms.pattern(name) for name in lists]
    ordered = sorted(reading.sentences, key=lambda sentence: sentence.title)
    return (sentence for sentence in ordered if all(pattern.search(sentence.plain) for pattern in patterns))

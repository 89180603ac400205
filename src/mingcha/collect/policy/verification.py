"""What people must show or hand in before a request of theirs is met."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Terms

_DEMAND = r"(?:@demands@)[^，。；]{0,20}?(?P<condition>@hard_condition@)"


def demanded(terms: Terms, text: str) -> str | None:
    """The condition that is hard to meet which a sentence demands, as it is written."""
    found = terms.compiled(_DEMAND).search(text)
    return found["condition"] if found else None


def verifications(reading: Reading) -> Iterator[ProvisionStated]:
    """That people must show who they are before a request is met; ``form`` is a demand that is hard to meet."""
    for _, sentence in reading.with_words("verifies", "verified_for"):
        yield reading.stated("verification", sentence, form=demanded(reading.terms, sentence.plain))

"""A sentence of a policy beside what rests on it: short, with its place and the anchor of its mark."""

from __future__ import annotations

from mingcha.model.fact import Fact
from mingcha.render.policyview import Cite
from mingcha.render.reading import Reading
from mingcha.render.spots import place_of

CITED = 80
"""Characters of a sentence that is cited."""
SOURCES_CITED = 3


def cite(reading: Reading, fact: Fact) -> Cite:
    """The sentence a fact was read from."""
    quote = fact.place.quote
    short = quote if len(quote) <= CITED else quote[: CITED - 1] + "…"
    return Cite(short, place_of(reading, fact.place), reading.anchor(fact.place))


def sources_cited(reading: Reading, fact: Fact) -> tuple[Cite, ...]:
    """The sentences of the policy that a joined fact was drawn from, where it stands elsewhere itself."""
    if fact.place.unit == "paragraph":
        return ()
    sources = [source for source in map(reading.fact, fact.sources) if source and source.place.unit == "paragraph"]
    return tuple(dict.fromkeys(cite(reading, source) for source in sources))[:SOURCES_CITED]

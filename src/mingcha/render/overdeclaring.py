"""What a policy says of nothing that was seen in the app, and names in it that are another's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mingcha.model.fact import Fact
from mingcha.render.citing import cite
from mingcha.render.reading import Reading
from mingcha.render.said import Linked


def overdeclared_rows(reading: Reading) -> Iterator[Linked]:
    """What the policy says and nothing in the app shows, and names that are another's."""
    for fact in reading.all("SaidNotDone"):
        quoted = cite(reading, _spoken(reading, fact))
        kind = reading.value("what", fact.what, "SaidNotDone")
        yield (kind, reading.value(fact.what, fact.value), quoted.quote or "—"), quoted.anchor
    for fact in _listed_unseen(reading):
        quoted = cite(reading, fact)
        yield (reading.words.say("listed_unseen"), fact.name, quoted.quote or "—"), quoted.anchor
    for fact in reading.all("ForeignNameInPolicy"):
        quoted = cite(reading, fact)
        kind = reading.words.say("foreign_name", form=reading.value("form", fact.form, "ForeignNameInPolicy"))
        yield (kind, fact.name, quoted.quote or "—"), quoted.anchor


def _spoken(reading: Reading, fact: Fact) -> Fact:
    """The sentence a joined fact was drawn from; the fact itself where it stands in the policy."""
    if fact.place.unit == "paragraph":
        return fact
    return next((f for f in map(reading.fact, fact.sources) if f and f.place.unit == "paragraph"), fact)


def _listed_unseen(reading: Reading) -> Iterator[Any]:
    """SDKs that the policy lists and the app was not seen to have, where hidden code leaves open whether it has them."""
    if not reading.all("AppDeclared"):
        return
    inside = {fact.sdk for fact in reading.all("SdkPresent")}
    stated = {fact.value for fact in reading.all("SaidNotDone") if fact.what == "sdk"}
    named: dict[str, list[Any]] = defaultdict(list)
    for fact in reading.all("SdkNamed"):
        if "ios" not in fact.name.lower():
            named[fact.name].append(fact)
    for name, facts in named.items():
        if name not in stated and all(fact.sdk and fact.sdk not in inside for fact in facts):
            yield facts[0]

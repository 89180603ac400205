"""Which information a policy names, for whom, why and when; what it denies; and the purposes it gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from mingcha.collect.policy.parties import Parties
from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.text import ITEM_LIMIT, Sentence, clauses_of, run_on, without_number
from mingcha.model.fact import InformationNamedInPolicy, PolicyDenial, PolicyStatement, PurposeStated
from mingcha.model.terms import Terms

Action = Literal["collect", "share"]

GENERIC = "generic.pi"
KEPT = 3
"""Places kept for one type and party; the first ones, in order."""
TAKING = frozenset({"collection", "sharing"})
_LEAD_REACH = 40
"""Sentences between an item and the one that announced its list, at most."""
NAMING = TAKING | {"permission"}
"""Topics of sentences that say what is taken or given."""

# --- what is named ---------------------------------------------------------------------------------------------------


class Told(NamedTuple):
    """A statement and the sentence it was read from.

    ``listed``: its type stands in a list of types. ``item``: the verb is that of the sentence, heading or table around it.
    """

    at: int
    fact: PolicyStatement
    listed: bool
    item: bool


def named(reading: Reading, others: Parties, told: Iterable[Told]) -> Iterator[InformationNamedInPolicy]:
    """The types that statements say are collected or shared, or list in a sentence about that; each at its first places.

    A permission does not name what another sentence says is not taken.
    """
    count: Counter[tuple[str, str | None, bool]] = Counter()
    seen: set[tuple[int, str, str | None]] = set()
    told = tuple(told)
    denied = {one.fact.information for one in told if one.fact.negated and not one.fact.condition}
    for one in told:
        fact = one.fact
        key = one.at, fact.information, fact.party
        if key in seen or not _counts(reading, others, one):
            continue
        if fact.permission and fact.information in denied:
            continue
        seen.add(key)
        way = fact.information, fact.party, fact.permission is None
        count[way] += 1
        if count[way] <= KEPT:
            yield InformationNamedInPolicy(
                place=fact.place,
                information=fact.information,
                clear=fact.clear,
                party=fact.party,
                purpose=fact.purpose,
                condition=fact.condition,
            )


def _counts(reading: Reading, others: Parties, one: Told) -> bool:
    """Whether a statement says that the information is taken, in a sentence that is about taking, giving or permissions."""
    if one.fact.negated or one.at in others.of_sentence:
        return not one.fact.negated
    about = reading.topics[one.at] if reading.topics else NAMING
    taken = one.fact.does in ("collect", "share") or (one.listed and bool(about & TAKING))
    return taken and (bool(about & NAMING) or (one.item and not about and _led_to_taking(reading, one.at)))


def _led_to_taking(reading: Reading, at: int) -> bool:
    """A row of a list of what is collected, or an item whose list was announced by a sentence about taking."""
    sentence = reading.sentences[at]
    if not sentence.lead:
        return sentence.row is not None
    near = range(at - 1, max(-1, at - _LEAD_REACH), -1)
    lead = next((n for n in near if reading.sentences[n].plain == sentence.lead), None)
    return lead is not None and bool(reading.topics[lead] & NAMING)


_SPEAKS_OF_ELSE = ("definition", "law_only", "not_handling")


def speaks_of_handling(terms: Terms, sentence: Sentence) -> bool:
    """The sentence, the one that introduces its list, or its table says that information is taken, used or given."""
    defines = terms.pattern("definition_start").match(without_number(sentence.plain)) is not None
    if sentence.title or defines or any(terms.has(name, sentence.plain) for name in _SPEAKS_OF_ELSE):
        return False
    around = sentence.lead + " ".join(sentence.header or ())
    if terms.has("denied_list", sentence.lead + sentence.heading):
        return False
    if terms.has("handling", sentence.plain) or terms.has("handling", around.lower()):
        return True
    bare = len(sentence.plain) <= ITEM_LIMIT and not terms.has("says_more", sentence.plain)
    return bare and terms.has("heading_collects", sentence.heading)


# --- what is denied --------------------------------------------------------------------------------------------------


def denials(reading: Reading, others: Parties) -> Iterator[PolicyDenial]:
    """What the policy says is not collected or not shared, without any exception or condition."""
    terms = reading.terms
    for at, sentence in enumerate(reading.sentences):
        if sentence.title or _excepted(reading, at):
            continue
        found = list(_denied(terms, sentence))
        entry = others.of_sentence.get(at)
        for action, kind in found:
            for party in entry.sdks if entry else ("app",):
                yield PolicyDenial(place=reading.place(sentence), information=kind, party=party, action=action)


def _excepted(reading: Reading, at: int) -> bool:
    """An exception, a condition or a qualification stands in the sentence, its lead, or right behind it."""
    sentence = reading.sentences[at]
    after = reading.sentences[at + 1].plain if at + 1 < len(reading.sentences) else ""
    text = sentence.lead + sentence.plain if reading.terms.has("denied_list", sentence.lead) else sentence.plain
    doubts = ("exception", "only_here", "qualified")
    return any(reading.terms.has(name, text) for name in doubts) or (
        reading.terms.pattern("exception_start").match(after) is not None or text.endswith(("：", ":"))
    )


def _denied(terms: Terms, sentence: Sentence) -> Iterator[tuple[Action, str]]:
    """An item of a list of what is not collected, or a clause "we do not" + verb + "any of your" + types."""
    if terms.has("denied_list", sentence.lead):
        yield from (
            ("collect", kind) for kind in sorted({kind for kind, *_ in terms.named(sentence.plain)} - {GENERIC})
        )
        return
    clauses = [run_on(sentence.plain)] if terms.language == "en" else clauses_of(sentence.plain)
    for clause in clauses:
        for found in terms.compiled(_DENIAL).finditer(clause):
            action: Action = "share" if terms.has("share", found["verb"]) else "collect"
            if not terms.has("other_party", clause[: found.start()]):
                yield from ((action, kind) for kind in _run(terms, clause[found.end() :]))


_DENIAL = r"(?:@firm_negation@)(?:会|再|曾|将|能)? ?(?P<verb>@denied_verb@)(?:(?:、|或|和|及|/| )+(?:@denied_verb@|@denied_also@))*"
_FILLER = r"(?>@filler@| )*+$"
_TAIL_LIMIT = 200
"""A flat denial has no longer tail; one that has speaks of something else as well."""


def _run(terms: Terms, text: str) -> list[str]:
    """The types a text consists of, with nothing but fillers between and behind them."""
    filler = terms.compiled(_FILLER)
    kinds: list[str] = []
    at = 0
    text = text.rstrip(".。;； ")
    if len(text) > _TAIL_LIMIT:
        return []
    for kind, start, end in terms.named(text):
        if not filler.match(text[at:start]):
            return []
        kinds.append(kind)
        at = end
    if not filler.match(text[at:]):
        return []
    specific = sorted(set(kinds) - {GENERIC})
    return specific or ([GENERIC] if kinds and terms.has("any", text) else [])


# --- purposes --------------------------------------------------------------------------------------------------------


def purposes(reading: Reading) -> Iterator[PurposeStated]:
    """Every purpose given for taking information."""
    terms = reading.terms
    for at, sentence in reading.with_words("app_collects", "purpose_start"):
        if not speaks_of_handling(terms, sentence) or not any(k != GENERIC for k, *_ in terms.named(sentence.plain)):
            continue
        found = purposes_in(terms, sentence.plain)
        only = bool(found) and all(_only_improves(terms, purpose) for purpose in found)
        then = reading.sentences[at + 1].plain if at + 1 < len(reading.sentences) else ""
        forced = _forced(terms, f"{sentence.plain}，{then}")
        for purpose in found:
            yield PurposeStated(place=reading.place(sentence), purpose=purpose, only_improvement=only, forced=forced)


_PURPOSE = r"(?:@purpose_start@)(?P<purpose>[^。；：（）]{2,80}?)(?=[。；：（）]|，?(?:@purpose_end@)|$|，[^，]*(?:@app_collects@|@when@))"


def purposes_in(terms: Terms, text: str) -> list[str]:
    """The purposes a plain sentence gives, in its own words."""
    found = (match["purpose"].strip("，、 ") for match in terms.compiled(_PURPOSE).finditer(text))
    return [purpose for purpose in found if len(purpose) > 1]


def _only_improves(terms: Terms, purpose: str) -> bool:
    """Nothing but improving, pushing or research: with those words taken away nothing is left."""
    if not terms.has("improvement", purpose):
        return False
    rest = terms.pattern("improvement").sub("", purpose)
    rest = terms.pattern("purpose_filler").sub("", terms.pattern("improved").sub("", rest))
    return not rest.strip("， ")


def _forced(terms: Terms, text: str) -> bool | None:
    """True and false only where the sentence says so."""
    if terms.has("not_forced", text):
        return False
    return True if terms.has("forced", text) else None

"""What else a policy states: notices, switches, consent by use, and what the catalogue's rules find; and all of it together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from mingcha.collect.policy.identity import dates, operators
from mingcha.collect.policy.lists import lists, open_lists
from mingcha.collect.policy.reading import Reading, states
from mingcha.collect.policy.rights import cancellations, rights, verifications, way, way_at
from mingcha.collect.policy.storage import abroad, places, retentions
from mingcha.collect.policy.text import run_on, without_number
from mingcha.collect.policy.ways import lines, path
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Rule, Terms

KEPT = 5
"""Sentences kept for a provision without parameters; the first ones, in order."""

Rules = Callable[[Reading], Iterator[ProvisionStated]]

# --- by word lists alone ---------------------------------------------------------------------------------------------


def by_rules(reading: Reading) -> Iterator[ProvisionStated]:
    """The provisions for which the catalogue's rules are enough."""
    for rule in reading.terms.provisions:
        for _, sentence in reading.with_words(*rule.needs):
            if states(reading.terms, rule, sentence.plain):
                yield reading.stated(rule.provision, sentence, form=rule.form)


def measures(reading: Reading) -> Iterator[ProvisionStated]:
    """Measures named one by one in a list that is announced as such."""
    for _, sentence in reading.with_words("secure"):
        if reading.terms.has("measures", sentence.lead) and not reading.terms.has("not_security", sentence.plain):
            yield reading.stated("security", sentence)


# --- notices ---------------------------------------------------------------------------------------------------------

_REVISION = frozenset({"revision"})


def notices(reading: Reading) -> Iterator[ProvisionStated]:
    """How changes of the policy are told: ``form`` "active" (people are notified) or "publish" (it is only put up)."""
    for at, sentence in reading.told():
        text = sentence.plain
        if not _of_changes(reading, at) or reading.terms.has("not_notice", text):
            continue
        if reading.terms.has("notify_active", text):
            yield reading.stated("update_notice", sentence, form="active")
        elif reading.terms.has("notify_publish", text):
            yield reading.stated("update_notice", sentence, form="publish")


def _of_changes(reading: Reading, at: int) -> bool:
    """The sentence says what will be done when the policy changes: in so many words, or by its topic."""
    terms, text = reading.terms, reading.sentences[at].plain
    if terms.has("change", text) and _of_the_policy(terms, text):
        return terms.has("will", text)
    if not terms.has("tells", text) or not (terms.has("will", text) or terms.has("look_again", text)):
        return False
    before = at > 0 and reading.sentences[at - 1].number == reading.sentences[at].number
    heading = reading.sentences[at].path[-1] if reading.sentences[at].path else ""
    alone = terms.pattern("change").fullmatch(without_number(heading)) is not None
    headed = alone or (terms.has("change", heading) and _of_the_policy(terms, heading))
    return headed or reading.about(at, _REVISION) or (before and reading.about(at - 1, _REVISION))


def _of_the_policy(terms: Terms, text: str) -> bool:
    return terms.has("document", text) or terms.has("document_too", text)


_NO_PROFILE = ("definition", "no_profile")


# --- personalisation -------------------------------------------------------------------------------------------------


_CHOSEN_BY = r"(?:@based_on@)[^。；]{0,30}?(?:@traits@)[^。；]{0,24}?(?:@to_you@)[^。；，]{0,6}(?:@offered@)"
"""Content chosen by something known of people, in other words."""


def personalisations(reading: Reading) -> Iterator[ProvisionStated]:
    """Content or advertising chosen by what is known of people; ``form`` "denied" where it is said not to be done."""
    for _, sentence in reading.told():
        text = sentence.plain
        if any(reading.terms.has(name, text) for name in _NO_PROFILE):
            continue
        if not (reading.terms.has("chosen_for_you", text) or reading.terms.compiled(_CHOSEN_BY).search(text)):
            continue
        yield reading.stated(
            "personalisation", sentence, form="denied" if reading.terms.has("not_chosen", text) else None
        )


def switches(reading: Reading) -> Iterator[ProvisionStated]:
    """Ways to switch personalisation off; a sentence that names no way is none."""
    for at, sentence in lines(reading):
        if not reading.terms.has("switch", sentence.plain):
            continue
        text = sentence.plain
        ways = path(reading.terms, text) or reading.terms.has("switch_way", text)
        if reading.terms.has("switch_consequence", text) and not ways:
            continue
        if not _personal(reading, at) or not _switches(reading.terms, text):
            continue
        found = way_at(reading, at)
        if found or reading.terms.has("switch_way", text):
            yield reading.stated("personalisation_switch", sentence, way=found)


_EARLIER = 5
"""Sentences back to which "the push" may refer."""


def _personal(reading: Reading, at: int) -> bool:
    sentence, terms = reading.sentences[at], reading.terms
    if terms.has("personal", sentence.plain) or terms.has("chosen_for_you", sentence.plain):
        return True
    if terms.has("cookie", sentence.plain):
        return any(terms.has("relevance", other.plain) for other in reading.sentences[at : at + 4])
    if _refers_back(reading, at):
        return True
    earlier = reading.sentences[max(0, at - _EARLIER) : at]
    return terms.has("pushed", sentence.plain) and any(terms.has("chosen_for_you", other.plain) for other in earlier)


def _refers_back(reading: Reading, at: int) -> bool:
    """It speaks of such messages as the sentence before calls chosen; marketing as such is another thing."""
    terms, sentence = reading.terms, reading.sentences[at]
    before = reading.sentences[at - 1] if at else sentence
    refers = terms.has("said_before", sentence.plain) and not terms.has("marketing", sentence.plain)
    return refers and before.number == sentence.number and terms.has("chosen_for_you", before.plain)


def _switches(terms: Terms, text: str) -> bool:
    rule = Rule(provision="personalisation_switch", needs=("people_may", "switch"), within=60)
    return way(terms, text) is not None or states(terms, rule, run_on(text)) or terms.has("switch_way", text)


# --- consent ---------------------------------------------------------------------------------------------------------


def consents_by_use(reading: Reading) -> Iterator[ProvisionStated]:
    """Sentences that take using the app for consent."""
    rules = (
        Rule(provision="consent_by_use", needs=("use_act", "deemed"), within=80),
        Rule(provision="consent_by_use", needs=("deemed", "accept"), within=30),
    )
    for _, sentence in reading.with_words("use_act", "deemed", "accept"):
        text = run_on(sentence.plain)
        if not reading.terms.has("explicit_act", text) and all(states(reading.terms, rule, text) for rule in rules):
            form = "continued use" if reading.terms.has("after_change", text) else "use"
            yield reading.stated("consent_by_use", sentence, form=form)


ALL: tuple[Rules, ...] = (
    by_rules, measures, dates, operators, rights, cancellations, verifications, lists, retentions, places, abroad, notices, personalisations, switches,
    open_lists, consents_by_use,
)  # fmt: skip


def provisions(reading: Reading) -> Iterator[ProvisionStated]:
    """Everything above; of equal statements the first few."""
    count: Counter[tuple[object, ...]] = Counter()
    for rules in ALL:
        for fact in rules(reading):
            key = (fact.provision, fact.number, fact.unit, fact.form, fact.way)
            count[key] += 1
            if count[key] <= KEPT:
                yield fact

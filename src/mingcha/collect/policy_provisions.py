"""What else a policy states: lists, times, places, notices, switches, open lists, consent by use; and all of it together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from mingcha.collect.policy_channels import path
from mingcha.collect.policy_identity import dates, operators
from mingcha.collect.policy_reading import Reading, states
from mingcha.collect.policy_replies import spans
from mingcha.collect.policy_rights import cancellations, rights, way
from mingcha.collect.policy_text import Sentence, run_on, without_menus
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


# --- lists -----------------------------------------------------------------------------------------------------------


def lists(reading: Reading) -> Iterator[ProvisionStated]:
    """Lists of SDKs and of what is collected: ``form`` "link" where people are sent to them, "inline" where they stand."""
    for provision in ("sdk_list", "collection_list"):
        for sentence in reading.sentences:
            if not reading.terms.has(provision, sentence.plain):
                continue
            if sentence.title:
                yield reading.stated(provision, sentence, form="inline")
            elif reading.terms.has("list_exists", without_menus(sentence.plain)):
                yield reading.stated(provision, sentence, form="link")


# --- times and places ------------------------------------------------------------------------------------------------

_RETENTION_UNITS = ("calendar day", "month", "year", "working day", "hour")
_RETENTION_REACH = 30


def retentions(reading: Reading) -> Iterator[ProvisionStated]:
    """How long information is kept: a number with its unit, or without number where only the need is named."""
    for _, sentence in reading.with_words("keep"):
        text = sentence.plain
        kept = [span for span in spans(reading.terms, text) if _keeps(reading.terms, text, span.start, span.end)]
        if kept:
            yield reading.stated("retention", sentence, number=kept[0].number, unit=kept[0].unit)
        elif reading.terms.has("keep_general", text) and reading.terms.has("information_word", text):
            yield reading.stated("retention", sentence, form="as long as needed")


def _keeps(terms: Terms, text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - _RETENTION_REACH) : start], text[end : end + 12]
    near = re.split(r"[；。]", before)[-1]
    return terms.has("keep", near + after) and not terms.has("not_retention", near + after)


def abroad(reading: Reading) -> Iterator[ProvisionStated]:
    """Moving information abroad: ``form`` "not done", "conditional" or "done"."""
    for _, sentence in reading.with_words("abroad", "move"):
        text = sentence.plain
        if not reading.terms.has("information_word", text) or not _crosses(reading.terms, text):
            continue
        conditional = reading.terms.has("case", text)
        denied = reading.terms.has("not_abroad", text)
        form = "not done" if denied and not conditional else "conditional" if conditional else "done"
        yield reading.stated("cross_border", sentence, form=form)


def _crosses(terms: Terms, text: str) -> bool:
    if terms.has("definition", text) or terms.has("not_crossing", text):
        return False
    orders = (("abroad", "move"), ("move", "abroad"))
    return any(states(terms, Rule(provision="cross_border", needs=names, within=24), text) for names in orders)


# --- notices, switches, consent --------------------------------------------------------------------------------------


def notices(reading: Reading) -> Iterator[ProvisionStated]:
    """How changes of the policy are told: ``form`` "active" (people are notified) or "publish" (it is only put up)."""
    for _, sentence in reading.with_words("change", "document"):
        text = sentence.plain
        if reading.terms.has("not_notice", text) or not reading.terms.has("will", text):
            continue
        if reading.terms.has("notify_active", text):
            yield reading.stated("update_notice", sentence, form="active")
        elif reading.terms.has("notify_publish", text):
            yield reading.stated("update_notice", sentence, form="publish")


def switches(reading: Reading) -> Iterator[ProvisionStated]:
    """Ways to switch personalisation off."""
    for _, sentence in reading.with_words("personal", "switch", "you"):
        if not reading.terms.has("switch_consequence", sentence.plain) and _switches(reading.terms, sentence.plain):
            yield reading.stated("personalisation_switch", sentence, way=way(reading.terms, sentence.plain))


def _switches(terms: Terms, text: str) -> bool:
    rule = Rule(provision="personalisation_switch", needs=("people_may", "switch"), within=60)
    return path(terms, text) is not None or states(terms, rule, run_on(text))


def open_lists(reading: Reading) -> Iterator[ProvisionStated]:
    """Lists of information we collect that end open."""
    for _, sentence in reading.with_words("collect"):
        if sentence.header is None and _ends_open(reading.terms, sentence):
            yield reading.stated("open_list", sentence)


_LIST_REACH = 200
_LAST_ITEM = 14
_PURPOSE_REACH = 6


def _ends_open(terms: Terms, sentence: Sentence) -> bool:
    """We collect → named types → "and other information", with nothing about purposes between the first two."""
    text = sentence.plain
    if any(terms.has(name, text) for name in ("definition", "law_only", "firm_denial", "minor", "collection_list")):
        return False
    return any(_is_open_end(terms, text, end.start()) for end in terms.pattern("open_end").finditer(text)) or any(
        _is_open_start(terms, text, start) for start in terms.pattern("open_start").finditer(text)
    )


def _is_open_end(terms: Terms, text: str, at: int) -> bool:
    window = text[max(0, at - _LIST_REACH) : at]
    verbs = list(terms.pattern("we_collect").finditer(window))
    if not verbs or window.endswith(("该", "此", "上述", "前述")):
        return False
    named = [end for kind, _, end in terms.named(window) if kind != "generic.pi" and end > verbs[0].end()]
    if not named or len(window) - named[-1] > _LAST_ITEM:
        return False
    verb = max(found.start() for found in verbs if found.end() <= named[-1])
    return not terms.has("purpose_clause", window[max(0, verb - _PURPOSE_REACH) :])


def _is_open_start(terms: Terms, text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 30) : found.start()]
    after = text[found.end() : found.end() + 30]
    named = any(kind != "generic.pi" for kind, *_ in terms.named(after))
    return named and terms.has("we_collect", before) and not terms.has("purpose_clause", before)


def consents_by_use(reading: Reading) -> Iterator[ProvisionStated]:
    """Sentences that take using the app for consent."""
    rules = (
        Rule(provision="consent_by_use", needs=("use_act", "deemed"), within=40),
        Rule(provision="consent_by_use", needs=("deemed", "accept"), within=20),
    )
    for _, sentence in reading.with_words("use_act", "deemed", "accept"):
        text = run_on(sentence.plain)
        if not reading.terms.has("explicit_act", text) and all(states(reading.terms, rule, text) for rule in rules):
            form = "continued use" if reading.terms.has("after_change", text) else "use"
            yield reading.stated("consent_by_use", sentence, form=form)


ALL: tuple[Rules, ...] = (
    by_rules, dates, operators, rights, cancellations, lists, retentions, abroad, notices, switches, open_lists,
    consents_by_use,
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

"""How long information is kept, where, and whether it leaves the country."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading, states
from mingcha.collect.policy.replies import spans
from mingcha.collect.policy.text import run_on
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Rule, Terms

_RETENTION_REACH = {"zh": 30, "en": 80}
"""Characters before a number in which the word for keeping stands, by language."""
_ERASED_REACH = 30
_GENERAL_REACH = 60
_STORAGE = frozenset({"storage"})


def retentions(reading: Reading) -> Iterator[ProvisionStated]:
    """How long information is kept: a number with its unit, or without number by what rule the time is fixed."""
    for at, sentence in reading.with_words("keep"):
        text = sentence.plain
        kept = [span for span in spans(reading.terms, text) if _keeps(reading.terms, text, span.start, span.end)]
        for span in kept:
            yield reading.stated("retention", sentence, number=span.number, unit=span.unit)
        if not kept and _kept_by_rule(reading, at):
            yield reading.stated("retention", sentence, form="as long as needed")
    for _, sentence in reading.told():
        if _by_label(reading.terms, sentence.plain) or _at_once(reading.terms, sentence.plain):
            yield reading.stated("retention", sentence, form="as long as needed")


def _keeps(terms: Terms, text: str, start: int, end: int) -> bool:
    reach = _RETENTION_REACH.get(terms.language, _RETENTION_REACH["zh"])
    before, after = text[max(0, start - reach) : start], text[end : end + 12]
    near = re.split(r"[；。]", before)[-1]
    return terms.has("keep", near + after) and not terms.has("not_retention", near + after)


def _kept_by_rule(reading: Reading, at: int) -> bool:
    """The time is that of the need, the law, the use of the account, or until people delete it themselves."""
    terms, text = reading.terms, reading.sentences[at].plain
    if terms.has("not_kept", text):
        return False
    informed = terms.has("information_word", text)
    if terms.has("keep_general", text) and informed:
        return True
    if not (informed or reading.about(at, _STORAGE)):
        return False
    text = terms.pattern("past_term").sub("", text)
    return any(_near(terms, text, found) for found in terms.pattern("keep").finditer(text))


def _near(terms: Terms, text: str, found: re.Match[str]) -> bool:
    """A rule for the time stands near the word for keeping; a need alone is none without a word for time."""
    start, end = max(0, found.start() - _GENERAL_REACH), found.end() + _GENERAL_REACH
    around = re.split(r"[；。]", text[start : found.start()])[-1] + text[found.start() : end]
    return terms.has("keep_rule", around) or (terms.has("keep_need", around) and terms.has("term_word", around))


_LABEL = r"(?:@term_label@)[^，。：:]{0,6}[：:]"


def _by_label(terms: Terms, text: str) -> bool:
    """A line such as "kept: until you delete it"."""
    found = None if terms.has("change", text) else terms.compiled(_LABEL).search(text)
    return found is not None and terms.has("kept_upto", text[found.end() :])


def _at_once(terms: Terms, text: str) -> bool:
    """What is erased as soon as its task is done; what people ask for, or breaches, are no tasks."""
    found = terms.pattern("at_once").search(text)
    if found is None or terms.has("not_at_once", text):
        return False
    return terms.has("erased_now", text[found.end() : found.end() + _ERASED_REACH])


# --- places ----------------------------------------------------------------------------------------------------------------


def places(reading: Reading) -> Iterator[ProvisionStated]:
    """Where information is stored, other than in the country (a rule of the catalogue): on the device, in a named cloud, abroad."""
    for at, sentence in reading.with_words("keep", "kept_at"):
        text = sentence.plain
        rule = (
            Rule(provision="storage_place", needs=names, within=40)
            for names in (("keep", "kept_at"), ("kept_at", "keep"))
        )
        stored = (
            reading.terms.has("information_word", text)
            or reading.about(at, _STORAGE)
            or reading.terms.has("only_at", text)
        )
        if (
            stored
            and not reading.terms.has("not_kept_at", text)
            and any(states(reading.terms, one, text) for one in rule)
        ):
            yield reading.stated("storage_place", sentence)


def abroad(reading: Reading) -> Iterator[ProvisionStated]:
    """Moving information abroad: ``form`` "not done", "conditional" or "done"."""
    for at, sentence in reading.told():
        if not _may_cross(reading, at):
            continue
        text = sentence.plain
        conditional = reading.terms.has("case", text) or reading.terms.has("stays_except", text)
        denied = reading.terms.has("not_abroad", text)
        form = "not done" if denied and not _excepted(reading, at) else "conditional" if conditional else "done"
        yield reading.stated("cross_border", sentence, form=form)


_CROSS_REACH = {"en": 140}
"""Characters between moving and abroad, where it is not 40."""


def _excepted(reading: Reading, at: int) -> bool:
    """A denial with an exception; what would be asked for first should it ever be done is no exception."""
    text = reading.sentences[at].plain
    return reading.terms.has("case", text) and not reading.terms.has("not_now", text)


def _may_cross(reading: Reading, at: int) -> bool:
    """It speaks of information that is moved abroad, or of what stays except in cases that are named."""
    terms, text = reading.terms, reading.sentences[at].plain
    if terms.has("definition", text) or terms.has("not_crossing", text):
        return False
    if terms.has("in_china", text) and terms.has("keep", text) and terms.has("stays_except", text):
        return True
    text = run_on(text) if terms.language == "en" else text
    if not terms.has("abroad", text) or not (
        terms.has("information_word", text) or "cross_border" in _topics(reading, at)
    ):
        return False
    orders = (("abroad", "move"), ("move", "abroad"))
    reach = _CROSS_REACH.get(terms.language, 40)
    return any(states(terms, Rule(provision="cross_border", needs=names, within=reach), text) for names in orders)


def _topics(reading: Reading, at: int) -> frozenset[str]:
    return reading.topics[at] if at < len(reading.topics) else frozenset()

"""How long information is kept, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading, is_title, states
from mingcha.collect.policy.replies import Span, spans
from mingcha.collect.policy.terms_kept import (
    authorised,
    erased_after,
    gives_term,
    item_of_terms,
    not_afterwards,
    ruled,
    span_possible,
    term_cell,
    under_terms,
)
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Rule, Terms

_RETENTION_REACH = {"zh": 30, "en": 80}
"""Characters before a number in which the word for keeping stands, by language."""
_ERASED_REACH = 30
_GENERAL_REACH = 60
_STORAGE = frozenset({"storage"})


def retentions(reading: Reading) -> Iterator[ProvisionStated]:
    """How long information is kept: a number with its unit, or without number by what rule the time is fixed."""
    for at, sentence in enumerate(reading.sentences):
        if is_title(sentence) and not gives_term(reading.terms, sentence):
            continue
        kept = list(_times(reading, at))
        for span in kept:
            yield reading.stated("retention", sentence, number=span.number, unit=span.unit)
        if not kept and _without_number(reading, at):
            yield reading.stated("retention", sentence, form="as long as needed")


def _times(reading: Reading, at: int) -> Iterator[Span]:
    """The times a sentence keeps things for; of a row those in the column for it."""
    sentence, terms = reading.sentences[at], reading.terms
    if sentence.row:
        yield from spans(terms, term_cell(terms, sentence))
    text = sentence.plain
    for span in spans(terms, text) if span_possible(terms, sentence) else ():
        if _keeps(terms, text, span.start, span.end) or erased_after(terms, text, span) or gives_term(terms, sentence):
            yield span


def _without_number(reading: Reading, at: int) -> bool:
    """The rule for the time, in so many words, as a label, as an item of a list of times, or by what is done when it is over."""
    sentence, terms = reading.sentences[at], reading.terms
    text = sentence.plain
    if sentence.row and ruled(terms, term_cell(terms, sentence)):
        return True
    if (terms.has("keep", text) and _kept_by_rule(reading, at)) or _by_label(terms, text) or _at_once(terms, text):
        return True
    listed = item_of_terms(terms, sentence) or under_terms(terms, sentence)
    return listed or authorised(terms, text) or not_afterwards(terms, text)


def _keeps(terms: Terms, text: str, start: int, end: int) -> bool:
    """A word for keeping before the number, or right after it, and nothing between that makes it a time for an answer."""
    reach = _RETENTION_REACH.get(terms.language, _RETENTION_REACH["zh"])
    before, after = text[max(0, start - reach) : start], text[end : end + 12]
    near = re.split(r"[；。]", before)[-1]
    words = list(terms.pattern("keep").finditer(near))
    if terms.has("keep_need", before[-_NEEDED:]) and terms.has("keep", text[end:]):
        return True
    between = _UNTIL_CLOSED.sub("", near[words[-1].start() :] if words else near)
    doubted = terms.has("not_retention", between + _AFTER.split(after)[0])
    return bool(words or terms.has("keep", after)) and not doubted


_NEEDED = 8
_UNTIL_CLOSED = re.compile("(?:至|到|为|：)[^，。；]{0,10}注销[^，。；]{0,6}")
"""Kept until so long after the account is closed."""
_AFTER = re.compile("[，；。（]|, ")


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

"""Who a policy says it is by, and of what date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy_channels import channels
from mingcha.collect.policy_reading import Reading, companies
from mingcha.collect.policy_text import Sentence
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Terms

_DATE = re.compile(r"(20[012]\d) ?(?:年|[-./]) ?(1[0-2]|0?[1-9]) ?(?:月|[-./]) ?(3[01]|[12]\d|0?[1-9])(?!\d)")
_NAMED_MONTH = (
    r"(?:(?P<month>@month_name@) (?P<day>3[01]|[12]?\d)(?:st|nd|rd|th)?,? |(?P<first>3[01]|[12]?\d) (?P<later>@month_name@),? )"
    r"(?P<year>20[012]\d)"
)
_DATE_KINDS = (("effective", "date_effective"), ("updated", "date_updated"), ("published", "date_published"))
_DATE_REACH = 16


def dates(reading: Reading) -> Iterator[ProvisionStated]:
    """Dates the policy gives for itself: effective, updated, published; ``way`` is the ISO date."""
    for sentence in reading.sentences:
        for day, start, end in _days(reading.terms, sentence.plain):
            around = sentence.plain[max(0, start - _DATE_REACH) : end + 8]
            form = next((form for form, words in _DATE_KINDS if reading.terms.has(words, around)), None)
            if form and not reading.terms.has("not_date", around):
                yield reading.stated("date", sentence, form=form, way=day)


def _days(terms: Terms, text: str) -> Iterator[tuple[str, int, int]]:
    """ISO dates in a plain text, each with its place."""
    for found in _DATE.finditer(text):
        yield f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", found.start(), found.end()
    months = terms.words.get("month_name", ())
    for found in terms.compiled(_NAMED_MONTH).finditer(text) if months else ():
        month = months.index((found["month"] or found["later"]).removesuffix("s")) + 1
        yield f"{found['year']}-{month:02}-{int(found['day'] or found['first']):02}", found.start(), found.end()


def operators(reading: Reading) -> Iterator[ProvisionStated]:
    """Who runs the app: ``form`` "name" with the company, "address" with where it sits."""
    for _, sentence in reading.with_words("operator"):
        if sentence.header or not _names_operator(reading.terms, sentence):
            continue
        for company in companies(reading.terms, sentence)[:1]:
            yield reading.stated("operator_identity", sentence, form="name", way=company)
    for _, sentence in reading.with_words("seat"):
        for channel in channels(reading.terms, sentence.plain):
            if channel.form == "address" and not sentence.header:
                yield reading.stated("operator_identity", sentence, form="address", way=channel.way)


def _names_operator(terms: Terms, sentence: Sentence) -> bool:
    """The company is the one that speaks, not one of those it works with."""
    others = terms.has("sdk", f"{sentence.heading} {sentence.plain}") or terms.has("other_party", sentence.heading)
    return terms.has("own", sentence.plain) and not others and not terms.has("not_operator", sentence.plain)

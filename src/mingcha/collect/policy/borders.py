"""Whether information leaves the country: denied, only in cases, or done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading, states
from mingcha.collect.policy.text import Sentence, is_item, run_on
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Rule, Terms


def abroad(reading: Reading) -> Iterator[ProvisionStated]:
    """Moving information abroad: ``form`` "not done", "conditional", "perhaps" or "done"."""
    for at, sentence in reading.told():
        if not _may_cross(reading, at):
            continue
        text = sentence.plain
        conditional = _in_cases(reading.terms, text)
        denied = reading.terms.has("not_abroad", text)
        if _of_contents(sentence) or (conditional and _if_ever(reading, at)):
            continue
        form = "not done" if denied and not _excepted(reading, at) else "conditional" if conditional else "done"
        if form == "done" and _PERHAPS.search(text):
            form = "perhaps"
        yield reading.stated("cross_border", sentence, form=form)


def _of_contents(sentence: Sentence) -> bool:
    """A line of a table of contents, which states nothing."""
    return is_item(sentence.text) and len(sentence.plain) <= _LINE and not re.search("[。，；：.]$|，", sentence.plain)


_LINE = 24
_PERHAPS = re.compile(r"可能(?!性|的)|\b(?:may|might|could)\b")


def _if_ever(reading: Reading, at: int) -> bool:
    """What would be done should it ever be, said right after the denial."""
    before = reading.sentences[at - 1].plain if at else ""
    denied = reading.terms.has("not_abroad", before) and reading.terms.has("abroad", before)
    return denied and reading.terms.has("future", reading.sentences[at].plain)


_CROSS_REACH = {"en": 140}
"""Characters between moving and abroad, where it is not 40."""


def _excepted(reading: Reading, at: int) -> bool:
    """A denial with an exception; what would be asked for first should it ever be done is no exception."""
    text = reading.sentences[at].plain
    cases = reading.terms.has("case", text) or _IF.search(text) is not None
    return cases and not reading.terms.has("not_now", text)


def _in_cases(terms: Terms, text: str) -> bool:
    """It is done in cases that are named, or once something has been done for it."""
    return any(terms.has(name, text) for name in ("case", "stays_except")) or _IF.search(text) is not None


_IF = re.compile("(?:^|[，。；：])[如若](?!实|下|何|同|上|期|此|前|干)|确需|确有|仅在|当您使用")
"""How a condition begins, in so few letters that a list of words would find it everywhere."""


def _may_cross(reading: Reading, at: int) -> bool:
    """It speaks of information that is moved abroad, or of what stays except in cases that are named."""
    terms, text = reading.terms, reading.sentences[at].plain
    if terms.has("definition", text) or terms.has("not_crossing", text):
        return False
    stays = terms.has("in_china", text) and terms.has("keep", text)
    if stays and (terms.has("stays_except", text) or terms.compiled(_CROSSES).search(text)):
        return True
    if _to_a_country(terms, text) or (terms.has("export_rules", text) and terms.compiled(_CROSSES).search(text)):
        return True
    text = run_on(text) if terms.language == "en" else text
    if not terms.has("abroad", text) or not (
        terms.has("information_word", text) or "cross_border" in _topics(reading, at)
    ):
        return False
    orders = (("abroad", "move"), ("move", "abroad"))
    reach = _CROSS_REACH.get(terms.language, 40)
    return any(states(terms, Rule(provision="cross_border", needs=names, within=reach), text) for names in orders)


_CROSSES = "(?:确需|需要?|如)[^，。；]{0,6}(?:跨境|出境|向境外)"
"""What stays in the country in principle, unless it must cross."""
_COUNTRY = (
    r"(?:@carry@)[^，。；]{0,24}?(?:@foreign@)[^，。；]{0,10}|(?:@foreign@)[^，。；]{0,10}?(?:@site@)[^。；]{0,16}(?:@carry@)"
    r"|(?:@site@)[^，。；]{0,8}(?:@foreign@)[^。；]{0,16}(?:@carry@)"
)


def _to_a_country(terms: Terms, text: str) -> bool:
    """Information that is carried to another country, named or not; not a vendor's seat, nor a law."""
    if not _of_information(terms, text) or terms.has("not_carried", text):
        return False
    return terms.compiled(_COUNTRY).search(run_on(text) if terms.language == "en" else text) is not None


def _of_information(terms: Terms, text: str) -> bool:
    return terms.has("information_word", text) or next(terms.named(text), None) is not None


def _topics(reading: Reading, at: int) -> frozenset[str]:
    return reading.topics[at] if at < len(reading.topics) else frozenset()

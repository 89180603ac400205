"""Terms that a policy defines for itself by listing types of information: "设备信息，是指 IMEI、Android ID…".

"Personal information" and its like are left out: what the law's own definition lists is not what an app collects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.text import Sentence, following, introduces, without_number
from mingcha.model.artefact import clip
from mingcha.model.fact import PolicyDefinition
from mingcha.model.terms import Terms

_GENERIC = "generic."
_LEAST = 2
"""Types of information that make a list."""
_REACH = 12
"""Items of a list that are read after "device information includes:"."""
_BACK = 240
"""Characters before "(hereinafter: device information)" in which its list stands."""

_PATTERNS = {
    "zh": (
        r"(?:^|[，。；：、“「（])(?:(?:@defined_here@)[的中里]?){0,3}[“「《]?(?P<term>[\u4e00-\u9fffa-z]{1,14}?(?:@defined_kind@))[”」》]?"
        r"(?:（[^（）]{0,30}）)?，?(?P<verb>@defines@|：)(?P<list>.+)"
    ),
    "en": (
        r"(?:^|[“\",.;：:(（] ?)(?P<term>[a-z][a-z' -]{2,40}?(?:@defined_kind@))[”\"]?,? (?:\([^()]{0,40}\) )?(?P<verb>@defines@)"
        r" (?P<list>.+)"
    ),
}
_CALLED = {
    "zh": r"（(?:[^（）“”]{0,6})(?:@called_below@)[为：“「]{0,3}(?P<term>[\u4e00-\u9fffa-z]{1,14}?(?:@defined_kind@))[”」]?）",
    "en": r"[(（](?:[^()（）“”\"]{0,30}(?:@called_below@)?[^()（）“”\"]{0,20})[“\"](?P<term>[a-z][a-z' -]{2,40}(?:@defined_kind@))[”\"][)）]",
}


def definitions(reading: Reading) -> Iterator[PolicyDefinition]:
    """Every term defined by at least two types of information, once."""
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for at, sentence in reading.told():
        for term, listed in _defined(reading, at, sentence):
            kinds = _kinds(reading.terms, listed)
            if len(kinds) >= _LEAST and (term, kinds) not in seen:
                seen.add((term, kinds))
                yield PolicyDefinition(place=reading.place(sentence), term=clip(term), information=kinds)


def _defined(reading: Reading, at: int, sentence: Sentence) -> Iterator[tuple[str, str]]:
    terms = reading.terms
    text = without_number(sentence.plain)
    found = _pattern(terms, "is").search(text)
    if found and _is_definition(terms, sentence, found):
        yield _name(found["term"]), found["list"] + _items(reading, at, found["list"])
    for called in _pattern(terms, "called").finditer(text):
        if _may_be_defined(terms, called["term"]):
            before = text[max(0, called.start() - _BACK) : called.start()]
            yield _name(called["term"]), _last_list(terms, before)


@cache
def _template(language: str, form: str) -> str:
    table = _PATTERNS if form == "is" else _CALLED
    return table.get(language, "(?!)")


def _pattern(terms: Terms, form: str) -> re.Pattern[str]:
    return terms.compiled(_template(terms.language, form))


def _is_definition(terms: Terms, sentence: Sentence, found: re.Match[str]) -> bool:
    """Said to be one, or standing where definitions do, or the whole sentence being "X includes …"."""
    if not _may_be_defined(terms, found["term"]):
        return False
    if found["verb"] in ("：", ":"):
        return terms.has("defining_heading", sentence.heading)
    whole = found.start() <= 1
    said = terms.has("defines_only", found["verb"]) or terms.has(
        "defined_here", found[0][: found.start("verb") - found.start()]
    )
    return whole or said or terms.has("defining_heading", sentence.heading)


def _name(term: str) -> str:
    """The term itself: 设备信息 of 我们收集的设备信息."""
    return term.rpartition("的")[2].strip()


def _may_be_defined(terms: Terms, term: str) -> bool:
    """A term says what kind of information it means: 设备信息, 收件人信息, but not 非必要个人信息 nor 此类信息."""
    name = _name(term)
    general = [end - start for kind, start, end in terms.named(name) if kind.startswith(_GENERIC) and end == len(name)]
    said = len(name) - (general[0] if general else 0)
    return (
        said > 0
        and (not general or general[0] <= _SHORT_GENERAL.get(terms.language, 0))
        and not terms.has("not_a_term", name)
    )


_SHORT_GENERAL = {"zh": len("信息"), "en": len("information")}
"""信息 and "data" may end a term; 个人信息 and "personal data" are what is left out."""


def _items(reading: Reading, at: int, listed: str) -> str:
    """The items of a list that begins where the sentence ends."""
    sentence = reading.sentences[at]
    if not introduces(sentence.plain) or len(listed) > _BACK:
        return ""
    lead = sentence.plain
    later = following(reading.sentences, at, _REACH)
    return "；" + "；".join(part.plain for part in later if part.lead.endswith(lead))


def _last_list(terms: Terms, before: str) -> str:
    """What is listed at the end of a text: after its last full stop and the last verb that takes a list."""
    start = max(before.rfind(mark) for mark in ("。", "；", "：", ". ", "; ", ": ")) + 1
    part = before[start:]
    verbs = [found.end() for found in terms.pattern("before_list").finditer(part)]
    return part[verbs[-1] :] if verbs else part


def _kinds(terms: Terms, listed: str) -> tuple[str, ...]:
    kinds = {kind for kind, *_ in terms.named(listed)}
    return tuple(sorted(kind for kind in kinds if not kind.startswith(_GENERIC)))

"""Ways that a text gives: addresses, numbers and pages to reach somebody, and menu paths in the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from mingcha.collect.policy.reading import Reading, is_title
from mingcha.collect.policy.text import Sentence
from mingcha.model.terms import Terms, alternation

EMAIL = re.compile(r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\d.@/=-])(?:400[- ]?\d{3,4}[- ]?\d{3,4}|800[- ]?\d{3}[- ]?\d{4}|(?:\+?86[- ]?)?1[3-9]\d{9}"
    r"|(?:\+?86[- ]?)?(?:（0\d{2,3}）|0\d{2,3}[- ]?) ?\d{7,8}|95\d{3,6}|10\d{3}|96\d{3,4}|\+\d{1,3}[ -]\d[\d -]{5,13}\d)(?![\d@.])"
)
_URL = re.compile(
    r"https?://[a-z0-9.-]{4,80}[a-z0-9/_.?=&%#-]{0,120}|(?<![@a-z0-9.])(?:kf|help|kefu|support)\.[a-z0-9.-]{4,60}"
)
_PATH_JOINT = r"(?:[-=]{0,3}>{1,3}|-{1,3}|›|»|/|-?》(?![，。；：、）]))"
_STEP = r"[“「【\[‘\"《]?[a-z0-9\u4e00-\u9fff&+]{1,16}[”」】\]’\"》]?"
_PATH = re.compile(rf"{_STEP}(?:\s?{_PATH_JOINT}\s?{_STEP}){{1,8}}")
_ADDRESS_END = r"[\u4e00-\u9fffa-z0-9（）、·\-]{3,80}(?:号|室|层|楼|座|大厦|广场|园区?|中心|部|幢)[0-9a-z\-]{0,8}"
_STREET = re.compile("路|街|大道|号|镇|村|园区|胡同|弄")
_REFERS = re.compile("(?:提供|公布|公示|所列|列明)的")
"""After the name of a service: it is where the ways are told, not one of them."""
CERTAIN = ("e-mail", "phone", "online service")
"""Forms of ways that are addresses or numbers by themselves."""


class Channel(NamedTuple):
    """A way to reach somebody: its form as the fact names it, and what to use."""

    form: str
    way: str


def channels(terms: Terms, text: str, lead: str = "") -> Iterator[Channel]:
    """All ways a plain text gives; the words that tell what a number is may stand in the sentence that announces it."""
    yield from (Channel("e-mail", found[0]) for found in EMAIL.finditer(text))
    phones = _PHONE.finditer(EMAIL.sub(" ", text)) if terms.has("phone_mark", f"{lead} {text}") else ()
    yield from (Channel("phone", found[0].strip()) for found in phones)
    for form in ("form", "online service", "messenger"):
        if named := _named(terms, form.replace(" ", "_"), text):
            yield Channel(form, path(terms, text) or named)
    if terms.has("page_mark", text) and (page := _URL.search(text)):
        yield Channel("online service", page[0])
    if terms.has("address_mark", f"{lead} {text}") and (address := _address(terms, text)):
        yield Channel("address", address)


def _named(terms: Terms, form: str, text: str) -> str | None:
    """The service, form or messenger a text names; rather a page or a number of its own than "customer service" alone."""
    pattern = terms.pattern(form)
    vague: str | None = None
    found = pattern.search(text)
    while found:
        if not _REFERS.match(text, found.end()):
            if not terms.pattern("vague_service").fullmatch(found[0]):
                return found[0]
            vague = vague or found[0]
        found = pattern.search(text, found.start() + 1)
    return vague


@cache
def _address_patterns(places: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    starts = (rf"(?:中国（?)?(?:{alternation(places)})", "[\u4e00-\u9fff]{2,3}市")
    return tuple(re.compile(start + _ADDRESS_END) for start in starts if places)


def _address(terms: Terms, text: str) -> str | None:
    """A postal address: from a place name on, or else from a city."""
    patterns = _address_patterns(terms.words.get("place", ()))
    found = (match[0] for pattern in patterns for match in pattern.finditer(text))
    return next((address for address in found if _STREET.search(address)), None)


def path(terms: Terms, text: str) -> str | None:
    """The menu path a plain text gives, such as 我的-设置-账号与安全."""
    for found in _PATH.finditer(text):
        if terms.has("path_start", found[0]) or found[0].count("【") >= 2 or found[0].count("“") >= 2:
            return found[0].strip("、 ")
    return None


def lines(reading: Reading) -> Iterator[tuple[int, Sentence]]:
    """All sentences but headings; a short numbered line that holds an address, a number or a path is none."""
    for at, sentence in enumerate(reading.sentences):
        if not is_title(sentence) or gives(reading.terms, sentence.plain):
            yield at, sentence


def gives(terms: Terms, text: str) -> bool:
    """Whether a line has an address, a number or a menu path in it."""
    return any(pattern.search(text) for pattern in (EMAIL, _URL, _PHONE)) or path(terms, text) is not None

"""Ways to reach the operator: contacts, and channels for complaints about personal information."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from mingcha.collect.policy.reading import Reading, is_title
from mingcha.collect.policy.text import Sentence, following, introduces, without_menus
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Terms, alternation

_EMAIL = re.compile(r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\d.@/=-])(?:400[- ]?\d{3,4}[- ]?\d{3,4}|800[- ]?\d{3}[- ]?\d{4}|(?:\+?86[- ]?)?1[3-9]\d{9}"
    r"|(?:\+?86[- ]?)?(?:（0\d{2,3}）|0\d{2,3}[- ]?) ?\d{7,8}|95\d{3,6}|10\d{3}|96\d{3,4}|\+\d{1,3}[ -]\d[\d -]{5,13}\d)(?![\d@.])"
)
_URL = re.compile(
    r"https?://[a-z0-9.-]{4,80}[a-z0-9/_.?=&%#-]{0,120}|(?<![@a-z0-9.])(?:kf|help|kefu|support)\.[a-z0-9.-]{4,60}"
)
_PATH_JOINT = r"(?:-{1,3}|>{1,3}|›|/|-》)"
_STEP = r"[“「【\[‘\"《]?[a-z0-9\u4e00-\u9fff&+]{1,16}[”」】\]’\"》]?"
_PATH = re.compile(rf"{_STEP}(?:\s?{_PATH_JOINT}\s?{_STEP}){{1,8}}")
_ADDRESS_END = r"[\u4e00-\u9fffa-z0-9（）、·\-]{3,80}(?:号|室|层|楼|座|大厦|广场|园区?|中心|部|幢)[0-9a-z\-]{0,8}"
_STREET = re.compile("路|街|大道|号|镇|村|园区|胡同|弄")
REACH = 8
"""Sentences after "by the following ways:" in which the ways are looked for."""


class Channel(NamedTuple):
    """A way to reach somebody: its form as the fact names it, and what to use."""

    form: str
    way: str


def channels(terms: Terms, text: str) -> Iterator[Channel]:
    """All ways a plain text gives."""
    yield from (Channel("e-mail", found[0]) for found in _EMAIL.finditer(text))
    phones = _PHONE.finditer(_EMAIL.sub(" ", text)) if terms.has("phone_mark", text) else ()
    yield from (Channel("phone", found[0].strip()) for found in phones)
    for form in ("form", "online service", "messenger"):
        found = terms.pattern(form.replace(" ", "_")).search(text)
        if found:
            yield Channel(form, path(terms, text) or found[0])
    if terms.has("page_mark", text) and (found := _URL.search(text)):
        yield Channel("online service", found[0])
    if terms.has("address_mark", text) and (address := _address(terms, text)):
        yield Channel("address", address)


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


def _given(reading: Reading, at: int) -> Iterator[tuple[Sentence, Channel]]:
    """The ways a sentence gives; if it announces them, also those that follow."""
    sentence = reading.sentences[at]
    yield from ((sentence, channel) for channel in channels(reading.terms, sentence.plain))
    if introduces(sentence.plain) or reading.terms.has("following", sentence.plain):
        for later in following(reading.sentences, at, REACH):
            if not (is_title(later) or any(reading.terms.has(name, later.plain) for name in _NO_WAY)):
                yield from ((later, channel) for channel in channels(reading.terms, later.plain))


_NO_WAY = ("external", "placeholder")
"""Words of lines that give no way to us."""


_CONTACT = frozenset({"contact"})


def contacts(reading: Reading) -> Iterator[ProvisionStated]:
    """Every way to reach the operator, once."""
    for place, channel in _ours(reading):
        yield reading.stated("contact", place, form=channel.form, way=channel.way)


def _ours(reading: Reading) -> Iterator[tuple[Sentence, Channel]]:
    seen: set[Channel] = set()
    for at, sentence in enumerate(reading.sentences):
        alone = _EMAIL.fullmatch(sentence.plain)
        if is_title(sentence) and not alone:
            continue
        if not (alone or reading.terms.has("contact", sentence.plain) or reading.about(at, _CONTACT)):
            continue
        if reading.terms.has("external", sentence.plain) or _of_somebody_else(reading.terms, sentence):
            continue
        for place, channel in _given(reading, at):
            if channel not in seen and _reaches_us(reading.terms, place, channel):
                seen.add(channel)
                yield place, channel


def _reaches_us(terms: Terms, sentence: Sentence, channel: Channel) -> bool:
    """A number or an address is a contact; a service is one only where people are told to use it."""
    if channel.form == "address":
        near = (sentence.plain, sentence.lead, sentence.before)
        return not terms.has("seat_label", sentence.plain) or any(terms.has("mailing", text) for text in near)
    if channel.form in ("e-mail", "phone"):
        return True
    if channel.form == "online service" and terms.pattern("vague_service").fullmatch(channel.way):
        return False
    told = any(terms.has("reach_us", text) for text in (sentence.plain, sentence.lead, sentence.before))
    return told and not terms.has("complaint_data", sentence.plain)


def _of_somebody_else(terms: Terms, sentence: Sentence) -> bool:
    """An entry of an SDK list, with the contact of its vendor."""
    return sentence.header is not None or terms.has("sdk", f"{sentence.heading} {sentence.plain}")


# --- complaints ------------------------------------------------------------------------------------------------------------


def complaint_channels(reading: Reading) -> Iterator[ProvisionStated]:
    """Every channel offered for complaints to the operator itself, once; without form where it is only referred to."""
    seen: set[Channel] = set()
    blank = any(reading.terms.has("placeholder", sentence.plain) for sentence in reading.sentences)
    for at, sentence in reading.told():
        if not _of_complaints(reading, at):
            continue
        found = [*_given(reading, at), *_nearby(reading, at)]
        if not found and reading.terms.has("referred", without_menus(sentence.plain)):
            found = [(place, channel) for place, channel in _ours(reading) if channel.form in _CERTAIN]
            if found or not (introduces(sentence.plain) or blank):
                yield reading.stated("complaint_channel", sentence)
        for place, channel in found:
            if channel not in seen and (channel.form != "address" or _reaches_us(reading.terms, place, channel)):
                seen.add(channel)
                yield reading.stated("complaint_channel", place, form=channel.form, way=channel.way)


def _of_complaints(reading: Reading, at: int) -> bool:
    """The sentence offers a way to complain: in so many words, by its heading, or as the label of a number or address."""
    sentence, terms = reading.sentences[at], reading.terms
    if _of_somebody_else(terms, sentence):
        return False
    text = _to_us(terms, without_menus(sentence.plain))
    if terms.has("complaint", text):
        return offers_complaints(terms, sentence) or _labels(terms, text)
    if any(terms.has(name, text) for name in _NO_COMPLAINT):
        return False
    if terms.has("wronged", text) and terms.has("believes", text) and not terms.has("not_wronged", text):
        asks = terms.has("delete", text) or terms.has("correct", text)
        return not asks and terms.has("channel_verb", text) and terms.has("invites", text)
    headed = terms.has("complaint", sentence.heading) and not terms.has("about_others", sentence.heading)
    return headed and terms.has("contact", text) and next(_given(reading, at), None) is not None


def _to_us(terms: Terms, text: str) -> str:
    """The clauses that speak of nobody outside, such as a regulator; all of them if every one does."""
    own = [clause for clause in _CLAUSE.split(text) if not terms.has("external", clause)]
    return "，".join(own) or text


_CLAUSE = re.compile("[，；]")
_NO_COMPLAINT = ("external", "about_others", "complaint_data", "channel_change")


def offers_complaints(terms: Terms, sentence: Sentence) -> bool:
    """The sentence tells people how to complain to the operator about personal information."""
    text = _to_us(terms, without_menus(sentence.plain))
    if any(terms.has(name, text) for name in _NO_COMPLAINT):
        return False
    return all(terms.has(name, text) for name in ("complaint", "channel_verb", "invites"))


def _labels(terms: Terms, text: str) -> bool:
    """A label such as "complaints: 400-…", or the officer for complaints."""
    others = ("external", "about_others", "channel_change")
    return terms.has("complaint_label", text) and not any(terms.has(name, text) for name in others)


def _nearby(reading: Reading, at: int) -> Iterator[tuple[Sentence, Channel]]:
    """The ways in the next sentences of a section on contact, where the complaint's own sentence gives none."""
    terms = reading.terms
    if not (
        terms.has("contact", reading.sentences[at].heading) or terms.has("complaint_label", reading.sentences[at].plain)
    ):
        return
    for later in following(reading.sentences, at, REACH):
        if not (is_title(later) or terms.has("external", later.plain)):
            yield from ((later, channel) for channel in channels(terms, later.plain) if channel.form in _CERTAIN)


_CERTAIN = ("e-mail", "phone", "online service")

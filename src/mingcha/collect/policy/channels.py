"""Ways to reach the operator: contacts, and channels for complaints about personal information."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading, is_title
from mingcha.collect.policy.text import Sentence, following, introduces, without_menus
from mingcha.collect.policy.ways import CERTAIN, EMAIL, Channel, channels, gives, lines
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Terms

REACH = 8
"""Sentences after "by the following ways:" in which the ways are looked for."""

Found = tuple[Sentence, Channel]
"""A way, and where it is given."""


def _given(reading: Reading, at: int) -> Iterator[Found]:
    """The ways a sentence gives; if it announces them, also those that follow."""
    sentence, terms = reading.sentences[at], reading.terms
    yield from ((sentence, channel) for channel in channels(terms, sentence.plain))
    if introduces(sentence.plain) or terms.has("following", sentence.plain):
        yield from _after(reading, at, sentence.plain)


def _after(reading: Reading, at: int, lead: str = "") -> Iterator[Found]:
    """The ways in the sentences after one, up to the next heading."""
    terms = reading.terms
    for later in following(reading.sentences, at, REACH):
        titled = is_title(later) and not gives(terms, later.plain)
        if not (titled or any(terms.has(name, later.plain) for name in _NO_WAY) or _of_others(terms, later.plain)):
            named = "" if terms.companies(later.plain) else lead
            yield from ((later, channel) for channel in channels(terms, later.plain, named))


_NO_WAY = ("external", "placeholder")
"""Words of lines that give no way to us."""


_CONTACT = frozenset({"contact"})


def contacts(reading: Reading) -> Iterator[ProvisionStated]:
    """Every way to reach the operator, once."""
    for place, channel in _ours(reading):
        yield reading.stated("contact", place, form=channel.form, way=channel.way)


def _ours(reading: Reading) -> Iterator[Found]:
    seen: set[Channel] = set()
    for at, sentence in enumerate(reading.sentences):
        alone = EMAIL.fullmatch(sentence.plain)
        if is_title(sentence) and not (alone or gives(reading.terms, sentence.plain)):
            continue
        if not (alone or reading.terms.has("contact", sentence.plain) or reading.about(at, _CONTACT)):
            continue
        if reading.terms.has("external", sentence.plain) or _of_somebody_else(reading.terms, sentence):
            continue
        for place, channel in _given(reading, at):
            if channel not in seen and _reaches_us(reading.terms, place, channel):
                seen.add(channel)
                yield place, channel


_KINDS = 3
"""So many kinds of information in a sentence make it one on what is collected."""


def _reaches_us(terms: Terms, sentence: Sentence, channel: Channel) -> bool:
    """A number or an address is a contact; a service is one only where people are told to use it."""
    near = (sentence.plain, sentence.lead, sentence.before, *sentence.path[-1:])
    if channel.form == "address":
        return not terms.has("seat_label", sentence.plain) or any(terms.has("mailing", text) for text in near)
    if channel.form in ("e-mail", "phone"):
        return True
    if channel.form == "online service" and terms.pattern("vague_service").fullmatch(channel.way):
        return False
    if len({kind for kind, *_ in terms.named(sentence.plain)}) > _KINDS:
        return False
    told = any(terms.has("reach_us", text) for text in near)
    return told and not terms.has("complaint_data", sentence.plain)


def _of_somebody_else(terms: Terms, sentence: Sentence) -> bool:
    """An entry of an SDK list, with the contact of its vendor; of the headings over it the nearest that says so decides."""
    if sentence.header is not None or terms.has("sdk", sentence.plain):
        return True
    if terms.has("document", sentence.plain) and terms.has("reach_us", sentence.plain):
        return False
    vendor = terms.has("vendor", sentence.plain) and terms.companies(sentence.plain)
    if vendor and not (terms.has("own", sentence.plain) or terms.has("contact", " ".join(sentence.path[-1:]))):
        return True
    for heading in reversed(sentence.path):
        if any(terms.has(name, heading) for name in ("contact", "complaint", "rights_said")):
            return False
        if terms.has("sdk", heading):
            return True
    return False


# --- complaints ------------------------------------------------------------------------------------------------------------


def complaint_channels(reading: Reading) -> Iterator[ProvisionStated]:
    """Every channel offered for complaints to the operator itself, once; also without form where it is referred to."""
    seen: set[Channel] = set()
    general = [way for way in _ours(reading) if _is_general(reading.terms, *way)]
    blank = any(reading.terms.has("placeholder", sentence.plain) for sentence in reading.sentences)
    for at, sentence in lines(reading):
        if not _of_complaints(reading, at):
            continue
        found = [way for way in _ways_to_complain(reading, at) if _takes(reading.terms, *way)]
        if not found:
            named = _names_the_place(reading.terms, sentence.plain) and not blank
            if not (named or (general and _refers(reading.terms, sentence))):
                continue
            yield reading.stated("complaint_channel", sentence)
        for place, channel in found or general:
            if channel not in seen:
                seen.add(channel)
                yield reading.stated("complaint_channel", place, form=channel.form, way=channel.way)


def _takes(terms: Terms, place: Sentence, channel: Channel) -> bool:
    """An address people are told to write to, or a place to go to; "customer service" alone is none."""
    if channel.form == "address":
        return _reaches_us(terms, place, channel)
    return channel.form != "online service" or not terms.pattern("vague_service").fullmatch(channel.way)


def _is_general(terms: Terms, place: Sentence, channel: Channel) -> bool:
    """An address or number, or a service that a section on contact names: not one for a single matter."""
    return channel.form in ("e-mail", "phone") or (
        channel.form == "online service" and terms.has("contact", place.heading)
    )


def _of_complaints(reading: Reading, at: int) -> bool:
    """The sentence offers people to complain to us: in so many words, as its label, by its heading, or for a wrong."""
    sentence, terms = reading.sentences[at], reading.terms
    if _of_somebody_else(terms, sentence) or _of_others(terms, sentence.plain):
        return False
    if _answered(terms, sentence):
        return True
    if _of_data(terms, sentence.plain):
        return False
    text = _to_us(terms, _TITLED.sub("", without_menus(sentence.plain)))
    if terms.has("external", text) or terms.has("channel_change", text):
        return False
    if terms.has("complaint", text):
        return _addressed(terms, text) or terms.has("complaint_label", text) or _own_heading(terms, sentence)
    if terms.has("wronged", text) and not terms.has("not_wronged", text):
        asks = terms.has("delete", text) or terms.has("correct", text)
        reaches = terms.has("channel_verb", text) and terms.has("invites", text)
        return reaches and not asks and (terms.has("believes", text) or terms.has("if_people", text))
    return _own_heading(terms, sentence) and terms.has("contact", text) and next(_given(reading, at), None) is not None


def _answered(terms: Terms, sentence: Sentence) -> bool:
    """In the section on contact: within what time complaints are answered, so that its ways are for them too."""
    heading = " ".join(sentence.path[-1:])
    return terms.has("contact", heading) and terms.compiled(_ANSWERS).search(sentence.plain) is not None


_ANSWERS = r"[日天]内[^，。；]{0,8}(?:@reply@)[^，。；]{0,8}(?:@complaint@)|(?:@complaint@)[^。；]{0,16}[日天]内[^，。；]{0,8}(?:@reply@)"


def _addressed(terms: Terms, text: str) -> bool:
    return terms.has("invites", text) or terms.has("if_people", text)


def _own_heading(terms: Terms, sentence: Sentence) -> bool:
    """The nearest heading speaks of complaints to us."""
    heading = sentence.path[-1] if sentence.path else ""
    return terms.has("complaint", heading) and not terms.has("about_others", heading)


def _of_others(terms: Terms, text: str) -> bool:
    """It is about what other people do, and not about personal information."""
    return terms.has("about_others", text) and not (terms.has("matter", text) and not terms.has("by_others", text))


def _of_data(terms: Terms, text: str) -> bool:
    """It says what is collected or kept for complaints, and no clause of its own gives an address or number."""
    if terms.has("complaint_label", text) or not terms.has("complaint_data", text):
        return False
    return not any(_gives_number(terms, clause) for clause in _CLAUSE.split(text))


def _gives_number(terms: Terms, clause: str) -> bool:
    told = terms.has("channel_verb", clause) and not terms.has("complaint_data", clause)
    return told and any(channel.form in ("e-mail", "phone") for channel in channels(terms, clause))


def _to_us(terms: Terms, text: str) -> str:
    """The clauses that speak of nobody outside, such as a regulator; all of them if every one does."""
    own = [clause for clause in _CLAUSE.split(text) if not terms.has("external", clause)]
    return "，".join(own) or text


_TITLED = re.compile("《[^》]{0,40}》")
_CLAUSE = re.compile("[，；]")


def _ways_to_complain(reading: Reading, at: int) -> list[Found]:
    """The ways of the sentence, of the list it announces, of the rest of its paragraph, and of its section on contact or complaints."""
    sentence, terms = reading.sentences[at], reading.terms
    found = list(_given(reading, at))
    section = terms.has("contact", sentence.heading) or terms.has("complaint_label", sentence.plain)
    if section or _own_heading(terms, sentence):
        found += [(place, channel) for place, channel in _after(reading, at) if channel.form in CERTAIN]
    if found:
        return found
    return [(place, channel) for place, channel in _after(reading, at) if place.number == sentence.number]


def _refers(terms: Terms, sentence: Sentence) -> bool:
    """It tells people to contact us, or says that one may complain to us, and leaves the way to another place."""
    text = without_menus(sentence.plain)
    return (
        _answered(terms, sentence)
        or terms.has("referred", text)
        or terms.compiled(_COMPLAINS_TO_US).search(text) is not None
    )


def _names_the_place(terms: Terms, text: str) -> bool:
    """It names the section, or has the link, where the way is."""
    return _SECTION.search(text) is not None or terms.has("here", text)


_SECTION = re.compile(
    r"第[^，。；第]{1,6}[条章节部分款][^，。；]{0,14}(?:联系|方式|渠道|途径)|[“「【《][^”」】》]{0,12}联系[^”」】》]{0,8}[”」】》]"
    r"|(?:文末|末尾|结尾)[^，。；]{0,12}(?:联系|方式|渠道)|section \d|section below|contact us.{0,3} section"
)
_COMPLAINS_TO_US = r"向(?:我们|我司|我行|我方|本公司|平台|客服|公司)[^，。；]{0,14}(?:@complaint@)"

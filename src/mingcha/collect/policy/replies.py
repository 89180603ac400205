"""Within what time a policy promises to answer whom: a number, a unit, and what the promise is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mingcha.catalogue.calendar import over_limit
from mingcha.collect.policy.firm import firm
from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.text import Sentence, without_menus
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Terms

_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_SCALES = {"十": 10, "百": 100}
_BEFORE, _AFTER = {"zh": 40, "en": 120}, {"zh": 70, "en": 120}
"""How far from the number a word still speaks of it, in characters, by language."""
_KEPT = 5
_UNITS = ("working day", "calendar day", "hour", "month")


@dataclass(frozen=True, slots=True)
class Span:
    """A number of a unit of time in a sentence, and where it stands."""

    number: int
    unit: str
    start: int
    end: int


def number_of(text: str, names: dict[str, int]) -> int | None:
    """The number written in digits, in Chinese, or as a word the language names."""
    if text.isdecimal() or text in names:
        return names.get(text) or int(text)
    total = digit = 0
    for character in text:
        if character in _SCALES:
            total += (digit or 1) * _SCALES[character]
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return None
    return total + digit


_FROM = re.compile(r"\d{1,2} ?[-~～至到] ?(?=\d{1,3} ?(?:个|日|天|工作|小时|working|business|days))")
"""The lower end of "3-5 days"; the upper one is what is promised."""


def spans(terms: Terms, text: str) -> Iterator[Span]:
    """All times a plain sentence names; dates are none."""
    for found in terms.time.finditer(_FROM.sub(lambda start: " " * len(start[0]), text)):
        number, unit = number_of(found["number"], terms.numbers), terms.unit_of.get(found["unit"])
        dated = unit == "calendar day" and text[: found.start()].endswith("月")
        if number and unit and not dated and not (unit == "year" and number >= 100):
            yield Span(number, unit, found.start(), found.end())


def replies(reading: Reading) -> Iterator[ProvisionStated]:
    """Every promised time for an answer, with what it is for; of equal promises the first few."""
    count: Counter[tuple[object, ...]] = Counter()
    for at, sentence in reading.told():
        if not _answers(reading.terms, sentence.plain, sentence.plain):
            continue
        form = "firm" if firm(reading.terms, sentence.plain) else None
        for span, scope in _promised(reading, at):
            count[span.number, span.unit, scope, form] += 1
            if count[span.number, span.unit, scope, form] <= _KEPT:
                yield reading.stated(
                    "reply_deadline", sentence, number=span.number, unit=span.unit, scope=scope, form=form,
                    over_limit=over_limit(span.number, span.unit),
                )  # fmt: skip


def _promised(reading: Reading, at: int) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """The times one sentence promises an answer within, each with what it is for."""
    terms, sentence = reading.terms, reading.sentences[at]
    found = list(spans(terms, sentence.plain))
    for number, span in enumerate(found):
        if span.unit in _UNITS and not _kept_on(terms, sentence, span) and _promises(terms, sentence.plain, span):
            own = _before_doubt(terms, _own(sentence.plain, found[number + 1 :]), span)
            own = terms.compiled(_ANSWER_LABEL).sub("", own)
            scope = _scope(terms, sentence, own)
            answered = reading.about(at, _RIGHTS_TOPICS) or _headed(terms, sentence) or terms.has("answers", own)
            scope = _widened(reading, at, own, scope or (("request",) if answered else ()))
            if scope:
                yield span, scope


_LONG = {"month": 1, "calendar day": 60}
"""From so many on a time is one of keeping, where nobody is answered."""


def _kept_on(terms: Terms, sentence: Sentence, span: Span) -> bool:
    """Whether it tells how long information is kept once an account is closed: "erased within six months after you close it"."""
    if span.number < _LONG.get(span.unit, span.number + 1):
        return False
    before = sentence.plain[: span.start]
    closed = terms.has("cancel_after", before) or _ONCE_CLOSED.search(before) is not None
    return closed and not terms.has("answers", sentence.plain) and _ASKED.search(sentence.plain) is None


_ONCE_CLOSED, _ASKED = re.compile(r"注销[^，。；]{0,8}(?:后|之日起|完成|成功)"), re.compile(r"请求|申请|要求|诉求")
_ANSWER_LABEL = r"^\W*[^，。；：]{0,8}(?:@answers@|响应)[^，。；：]{0,6}："
"""A label such as "answers and complaints:" says less than the section it stands in."""


def _before_doubt(terms: Terms, own: str, span: Span) -> str:
    """The text without what people may do if the answer does not please them."""
    found = terms.pattern("not_pleased").search(own, span.end)
    return own[: found.start()] if found else own


def _headed(terms: Terms, sentence: Sentence) -> bool:
    """It has a label such as "time to answer", or stands under a heading on contact or on people's rights."""
    heading = " ".join(sentence.path[-1:])
    under = any(terms.has(name, heading) for name in ("contact", "rights_said"))
    return under or terms.compiled(_LABEL).search(sentence.plain) is not None


_LABEL = r"(?:@reply@)(?:时间|时限|期限|周期)[^，。；：]{0,4}[：为是]"


def _own(text: str, later: list[Span]) -> str:
    """The text up to the clause of the next number, which speaks of something else."""
    upto = text[: later[0].start] if later else text
    return upto.rpartition("，")[0] or upto if later else text


def _promises(terms: Terms, text: str, span: Span) -> bool:
    """A limit of time, near a word of answering, and not one of the times that limit something else."""
    before = text[max(0, span.start - _BEFORE.get(terms.language, 40)) : span.start]
    after = text[span.end : span.end + _AFTER.get(terms.language, 70)]
    limits = (
        terms.has("limit_after", after[:24]) or terms.has("limit_before", before[-12:]) or terms.has("reply", after[:6])
        or terms.compiled(_TERM_OF_ANSWER).search(before) is not None
    )  # fmt: skip
    answers = _answers(terms, before + "#" + after, text)
    late = terms.pattern("later").match(after.lstrip())
    return bool(limits and answers and not late and not terms.has("not_reply", before + "#" + after))


def _answers(terms: Terms, near: str, text: str) -> bool:
    """A word of answering; or what is erased when people close their account, where the language has words of its own for it."""
    return terms.has("reply", near) or (terms.has("closes_then", text) and terms.has("done_then", near))


_TERM_OF_ANSWER = r"(?:@reply@)[^，。；]{0,3}(?:时间|时限|期限|周期|时效)[^。；]{0,24}$"
_RIGHTS = (("correction", "correct"), ("deletion", "delete"), ("cancellation", "cancel"))


def _scope(terms: Terms, sentence: Sentence, own: str) -> tuple[str, ...]:
    """What the promise is for: told by the sentence's ``own`` words, else by the one before if this one continues it."""
    about = _closing(terms, sentence, _about(terms, own), own)
    general = terms.has("request", own)
    if not about and _continues(terms, sentence):
        about = _about(terms, sentence.before)
        if terms.has("all_above", own) or about == ("access",):
            about = (*(scope for scope in about if scope != "access"), "request")
    if about:
        return about
    around = f"{sentence.before} {sentence.lead} {sentence.heading}"
    return ("request",) if general or terms.has("request", around) else ()


def _closing(terms: Terms, sentence: Sentence, about: tuple[str, ...], own: str) -> tuple[str, ...]:
    """What is deleted once an account is closed, or below a heading on closing it, is part of that."""
    heading = " ".join(sentence.path[-1:]) if sentence.path else ""
    closed = terms.has("cancel_account", own) or terms.has("cancel_after", own)
    under = terms.has("cancel", heading) and not terms.has("delete", heading)
    if about == ("deletion",) and (under or (closed and not terms.has("request", own))):
        return ("cancellation",)
    if about == ("deletion", "cancellation") and closed and not terms.has("deletes_data", own):
        return ("cancellation",)
    return about


_SECTION = 80
"""Sentences a section on people's rights goes on for, at most."""
_APART = 6
"""So many sentences about something else end it."""


def _widened(reading: Reading, at: int, own: str, scope: tuple[str, ...]) -> tuple[str, ...]:
    """The scope of "the above requests" is the section; an answer to whoever writes in is one to complaints too if those are named."""
    if scope != ("request",):
        return scope
    terms, sentence = reading.terms, reading.sentences[at]
    earlier = " ".join(other.plain for other in reading.sentences[max(0, at - _APART) : at])
    near = [own, f"{sentence.before} {sentence.lead}", *_section_before(reading, at)]
    single = _of_one_right(terms, sentence)
    rights = [] if single else [text for text in sentence.path if _of_rights(terms, text)]
    around = (own,) if single else (own, sentence.heading, earlier)
    if rights or any(terms.has("section_request", text) for text in around):
        found = {
            *_of_section(reading, at),
            *_below(reading, at, sentence.path[: sentence.path.index(rights[0])] if rights else None),
        }
        found |= {"complaint"} if any(_takes_complaints(terms, text) for text in near) else set()
        return (*(scope for scope in _SCOPES if scope in found), "request")
    if any(terms.compiled(_EXERCISED).search(text) for text in near[:2]):
        found = set(_below(reading, at, ()))
        return (*(scope for scope in _SCOPES if scope in found), "request")
    return ("complaint", "request") if any(_takes_complaints(terms, text) for text in near) else scope


def _of_rights(terms: Terms, heading: str) -> bool:
    return terms.has("rights_said", heading) or terms.has("section_request", heading)


def _of_one_right(terms: Terms, sentence: Sentence) -> bool:
    """The nearest heading is that of a single right, such as taking consent back."""
    heading = " ".join(sentence.path[-1:])
    return sum(terms.has(name, heading) for name in ("access", "correct", "delete", "cancel", "withdraw")) == 1


_SCOPES = ("correction", "deletion", "cancellation", "complaint")
_EXERCISED = r"(?:行使|exercise)[^。；.]{0,16}(?:权利|权益|right)"
"""People who want to use their rights are told to write here, so that all the text's rights are meant."""


_BELOW = 200
"""Sentences back, at most: a text of promises alone must not take quadratic time."""


def _below(reading: Reading, at: int, path: tuple[str, ...] | None) -> Iterator[str]:
    """The rights that are offered before a sentence in the sections on rights below the headings of ``path``."""
    terms = reading.terms
    for number in range(max(0, at - _BELOW), at if path is not None else 0):
        sentence = reading.sentences[number]
        if sentence.path[: len(path or ())] != path:
            continue
        if not any(terms.has("rights_said", heading) or terms.has("manage", heading) for heading in sentence.path):
            continue
        if sentence.title or terms.has("people_ask", sentence.plain):
            yield from (scope for scope in _about(terms, sentence.plain) if scope in _SCOPES[:3])


def _takes_complaints(terms: Terms, text: str) -> bool:
    named = "complaint" in _about(terms, text)
    wronged = terms.has("wronged", text) and terms.has("believes", text) and not terms.has("not_wronged", text)
    ours = (terms.has("channel_verb", text) or _labelled_address(terms, text)) and not terms.has("about_others", text)
    return (named or wronged) and ours and not terms.has("complaint_data", text)


def _labelled_address(terms: Terms, text: str) -> bool:
    return terms.has("complaint_label", text) and re.search(r"@|\d{7}", text) is not None


def _section_before(reading: Reading, at: int) -> list[str]:
    """The sentences before one under the same heading, if that speaks of contact."""
    sentence = reading.sentences[at]
    if not reading.terms.has("contact", sentence.heading):
        return []
    return [other.plain for other in reading.sentences[max(0, at - _NEAR) : at] if other.path == sentence.path]


_NEAR = 8
"""Sentences back to whoever is answered."""


def _of_section(reading: Reading, at: int) -> list[str]:
    """The rights that the sentences before one offer, back to where the text speaks of something else."""
    found: set[str] = set()
    apart = 0
    for number in range(at - 1, max(-1, at - _SECTION), -1):
        sentence = reading.sentences[number]
        told = number < len(reading.topics) and not _RIGHTS_TOPICS.isdisjoint(reading.topics[number])
        apart = 0 if told or sentence.title else apart + 1
        if apart > _APART:
            break
        if sentence.title or (told and reading.terms.has("people_ask", sentence.plain)):
            found.update(scope for scope in _about(reading.terms, sentence.plain) if scope != "access")
    return [scope for scope in _SCOPES if scope in found]


_RIGHTS_TOPICS = frozenset({"rights", "contact", "minors"})


def _about(terms: Terms, text: str) -> tuple[str, ...]:
    """The rights and complaints a text speaks of, menus aside."""
    text = without_menus(terms.pattern("document_change").sub("", text))
    found = [scope for scope, words in _RIGHTS if terms.has(words, text)]
    if terms.has("complaint", text) and not terms.has("external", text) and not terms.has("about_others", text):
        found.append("complaint")
    if not found and terms.has("copy_only", text):
        found.append("access")
    return tuple(found)


def _continues(terms: Terms, sentence: Sentence) -> bool:
    """The sentence before speaks of a request to us, and this one says what we do with it."""
    asks = terms.has("request", sentence.before) and terms.has("channel_verb", sentence.before)
    return asks and terms.pattern("continues").match(sentence.plain) is not None

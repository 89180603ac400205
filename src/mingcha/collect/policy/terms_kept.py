"""Where a time of keeping stands when no sentence says "kept": in a column, in an item of a list of times, in what is erased when."""

from __future__ import annotations

import re

from mingcha.collect.policy.replies import Span
from mingcha.collect.policy.text import Sentence, is_item, plain
from mingcha.model.terms import Terms

_ITEM_LIMIT = 60
_ERASED_WITHIN = 24
_COLUMN = r"(?:@term_label@)|(?:@keep@)[^，。；]{0,6}(?:@term_word@)"


def term_cell(terms: Terms, sentence: Sentence) -> str:
    """The cell of a row that stands in the column for the time of keeping."""
    for name, cell in zip(sentence.header or (), sentence.row or (), strict=False):
        if terms.compiled(_COLUMN).search(plain(name)):
            return plain(cell)
    return ""


def ruled(terms: Terms, cell: str) -> bool:
    """A cell or a label's value that says until when, without a number."""
    return any(terms.has(name, cell) for name in ("kept_upto", "keep_rule", "keep_general"))


def span_possible(terms: Terms, sentence: Sentence) -> bool:
    """The sentence, or the heading over it, speaks of keeping, or it says what is erased after a time."""
    told = any(terms.has("keep", text) for text in (sentence.plain, _heading(sentence)))
    return told or any(terms.has(name, sentence.plain) for name in ("erased_now", "made_anonymous"))


def _heading(sentence: Sentence) -> str:
    """The nearest heading over a line that may look like one itself."""
    return next((heading for heading in reversed(sentence.path) if heading != sentence.plain), "")


_VALUE = re.compile(r"[^：]{2,24}：(?P<value>[^：。]{1,40})。?$")


def gives_term(terms: Terms, sentence: Sentence) -> bool:
    """A short item "orders: 3 years" below a heading on keeping."""
    found = _value(terms, sentence)
    return bool(found) and terms.time.search(found) is not None and not terms.has("not_retention", found)


def item_of_terms(terms: Terms, sentence: Sentence) -> bool:
    """The same without a number: "registration: until the account is cancelled"; or "time: the shortest needed"."""
    found = _value(terms, sentence)
    timed = terms.compiled(_COLUMN).search(_heading(sentence)) is not None
    return bool(found) and (terms.has("kept_upto", found) or (timed and ruled(terms, found)))


def _value(terms: Terms, sentence: Sentence) -> str:
    """What stands behind the colon of a short line below a heading on keeping, if it names a time or information."""
    if not terms.has("keep", _heading(sentence)) or len(sentence.plain) > _ITEM_LIMIT:
        return ""
    found = _VALUE.search(sentence.plain)
    if found is None:
        return ""
    label = sentence.plain[: found.start("value")]
    kind = terms.has("term_word", label) or terms.has("information_word", label) or is_item(sentence.text)
    return found["value"] if kind or next(terms.named(label), None) else ""


_UNUSED = r"[^，。；]{0,8}(?:没有|未|不)[^，。；]{0,6}(?:登录|登陆|使用|操作|活跃)"
_LATER = r"(?:后|之后|以后|期满|届满)"
_ERASED = r"(?:@erased_now@|@made_anonymous@)"
_AFTER_TASK = (
    r"(?:完成|结束|使用|处理|识别|分析|上传|转写|验证|认证|核验|到期|达成|实现)[^，。；]{0,8}后[^，。；]{0,4}$"
)


def erased_after(terms: Terms, text: str, span: Span) -> bool:
    """What is erased a time after something; what people ask for is an answer, and no time of keeping."""
    clause = re.split(r"[；。]", text[span.end : span.end + _ERASED_WITHIN + 16])[0]
    found = terms.compiled(_ERASED).search(clause[: _ERASED_WITHIN + 4])
    if found is None or terms.has("request", text):
        return False
    if terms.language == "zh":
        if re.match(_UNUSED, clause):
            return next(terms.named(clause), None) is not None or terms.has("information_word", clause)
        if re.match(_LATER, clause):
            return any(terms.has("information_word", part) for part in (clause, text[: span.start])) and _of_things(
                terms, text
            )
        return re.search(_AFTER_TASK, text[max(0, span.start - 24) : span.start]) is not None
    return re.search(r"\b(?:after|every) (?:a period of )?$", text[: span.start]) is not None


def _of_things(terms: Terms, text: str) -> bool:
    """It is information that is erased, and not the account."""
    return not terms.has("account_erased", text)


_AUTHORISED = r"(?:期间|过程中|while you use)[^。；]{0,10}授权我们[^，。；]{0,20}使用|授权我们[^，。；]{0,24}(?:使用|处理)[^。；]{0,20}(?:直至|直到)"


def authorised(terms: Terms, text: str) -> bool:
    """People let us use their information for as long as they use the service."""
    return (
        terms.has("information_word", text)
        and not terms.has("permission_word", text)
        and bool(terms.compiled(_AUTHORISED).search(text))
    )


_NOT_AFTER = r"(?:完毕|完成|结束|使用|识别|验证)后[^。；]{0,8}不(?:予|作|做|再|会)?(?:保存|保留|留存|存储|储存)|即用即删|用完即删|用后即焚"


def not_afterwards(terms: Terms, text: str) -> bool:
    """What is not kept once it has been used."""
    return terms.language == "zh" and re.search(_NOT_AFTER, text) is not None


def under_terms(terms: Terms, sentence: Sentence) -> bool:
    """A sentence below a heading on the time of keeping that says by what rule it is fixed."""
    timed = terms.compiled(_COLUMN).search(_heading(sentence)) is not None
    return timed and terms.has("keep_general", terms.pattern("past_term").sub("", sentence.plain))

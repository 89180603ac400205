"""Who a policy says it is by, and of what date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading, companies, is_title
from mingcha.collect.policy.replies import number_of
from mingcha.collect.policy.text import Sentence
from mingcha.collect.policy.ways import channels
from mingcha.model.artefact import clip
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Terms

_GAP = r"[ 【】\[\]]{0,3}"
_DATE = re.compile(
    rf"(20[012]\d){_GAP}(?:年|[-./]){_GAP}(1[0-2]|0?[1-9]){_GAP}(?:月|[-./]){_GAP}(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_NAMED_MONTH = (
    r"(?:(?P<month>@month_name@)[. ]{1,2}(?P<day>3[01]|[12]?\d)(?:st|nd|rd|th)?[, ]{1,2}"
    r"|(?P<first>3[01]|[12]?\d)(?:st|nd|rd|th)?[ -](?P<later>@month_name@)[., -]{1,2})"
    r"(?P<year>20[012]\d)"
)
_MONTH = re.compile(
    r"(?<![\d/.-])(?P<month>1[0-2]|0?[1-9])[/-](?P<year>20[012]\d)(?!\d)|(?P<y>20[012]\d) ?年 ?(?P<m>1[0-2]|0?[1-9]) ?月(?! ?[\d【])"
)
"""A month without a day."""
_COMPACT = re.compile(r"(?<!\d)(20[012]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_WRITTEN = re.compile(
    "(二[〇零○][〇零○一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DATE_KINDS = (("effective", "date_effective"), ("updated", "date_updated"), ("published", "date_published"))
_DATE_REACH = 16
_FIRST_LINES = 12
"""Sentences among which a line that is only a date is the policy's own."""
_END_LINES = 6
_ALONE = re.compile(r"(?:\W|日|时间|日期|隐私政策|隐私协议|版本号?|v?\d(?:\.\d+)*){0,20}")


def dates(reading: Reading) -> Iterator[ProvisionStated]:
    """Dates the policy gives for itself: effective, updated, published; ``way`` is the ISO date, or year and month."""
    for at, sentence in enumerate(reading.sentences):
        for day, start, end in _days(reading.terms, sentence.plain):
            around = sentence.plain[max(0, start - _DATE_REACH) : end + 8]
            form = _kind(reading.terms, sentence.plain, start, end)
            if (
                form is None
                and not _FIRST_LINES <= at < len(reading.sentences) - _END_LINES
                and _ALONE.fullmatch(sentence.plain[:start] + sentence.plain[end:])
            ):
                form = "updated"
            if form and not reading.terms.has("not_date", around):
                yield reading.stated("date", sentence, form=form, way=day)


def _kind(terms: Terms, text: str, start: int, end: int) -> str | None:
    """What happened on a day: what is said right after it, else the nearest word before it."""
    before, after = text[max(0, start - _DATE_REACH) : start], text[end : end + 8]
    last = max(
        ((found.end(), form) for form, words in _DATE_KINDS for found in terms.pattern(words).finditer(before)),
        default=None,
    )
    if last:
        return last[1]
    return next((form for form, words in _DATE_KINDS if terms.has(words, after)), None)


def _days(terms: Terms, text: str) -> Iterator[tuple[str, int, int]]:
    """ISO dates in a plain text, each with its place."""
    for found in _DATE.finditer(text):
        yield f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", found.start(), found.end()
    for found in _COMPACT.finditer(text):
        yield "-".join(found.groups()), found.start(), found.end()
    for found in _WRITTEN.finditer(text):
        year = "".join(str(number_of(digit.replace("〇", "零").replace("○", "零"), {})) for digit in found[1])
        month, day = (number_of(word, {}) or 0 for word in found.groups()[1:])
        yield f"{year}-{month:02}-{day:02}", found.start(), found.end()
    for found in _MONTH.finditer(text):
        yield f"{found['year'] or found['y']}-{int(found['month'] or found['m']):02}", found.start(), found.end()
    months = terms.words.get("month_name", ())
    for found in terms.compiled(_NAMED_MONTH).finditer(text) if months else ():
        month = months.index((found["month"] or found["later"]).removesuffix("s")) % 12 + 1
        yield f"{found['year']}-{month:02}-{int(found['day'] or found['first']):02}", found.start(), found.end()


# --- the operator ------------------------------------------------------------------------------------------------------------

_NAME = r"(?P<name>[\u4e00-\u9fffa-z0-9（）·&. \[\]-]{2,60}?(?:@operator_kind@))"
_FORMS = (
    rf"^[【“「]?{_NAME}[】”」]?(?:及其[\u4e00-\u9fff]{{2,12}})?（?(?:以下|下称|简称|又称|统称|“|「|或称)",
    rf"(?:由|系由|是由)[【“「]?{_NAME}[】”」]?(?:及其[\u4e00-\u9fff]{{2,12}})?(?:（[^）]{{1,60}}）)?(?:[为向][您你])?(?:@runs@)",
    rf"(?:@operator_label@)(?:为|是|即|：|:|，){{1,2}}[【“「]?{_NAME}[】”」]?",
    rf"我们”?(?:，即|，?指的是|，?是指|，?具体指|，?即|，?指|，?是){{1,2}}[【“「]?{_NAME}",
    rf"^(?:（\d{{1,2}}）|\d{{1,2}}[.、])?[【“「]?{_NAME}[】”」]?[，的、]?(?:联系地址|注册地址|办公地址|住所)",
    rf"[【“「]?{_NAME}[】”」]?(?:及其[\u4e00-\u9fff]{{2,12}})?(?:（[^）]{{1,60}}）)?(?:深知|高度重视|非常重视|十分重视|尊重并|一贯重视|充分尊重)",
    rf"^[【“「]?{_NAME}[】”」]?系[^。]{{0,80}}运营",
    rf"^[【“「]?{_NAME}[^。（]{{0,160}}（[^）]{{0,60}}我们",
    rf"(?:由|指|介绍){_NAME}(?:[^。（]{{0,20}}（[^）]{{0,40}}）)?[^。（]{{0,12}}（[^）]{{0,30}}我们",
    rf"：{_NAME}[^。：]{{0,40}}(?:合称|统称|以下简称)",
    rf"(?:版权所有|©)[ ©\d-]{{1,12}}{_NAME}",
    rf"适用于[【“「]?{_NAME}[】”」]?(?:及其[\u4e00-\u9fff]{{2,12}})?(?:（[^）]{{1,60}}）)?(?:@runs@)",
    rf"您与{_NAME}[^。，]{{0,20}}(?:签订|签署|订立|之间)",
    rf"由您(?:（[^）]{{0,24}}）)?[和与]{_NAME}",
    rf"法人主体，?即[【“「]?{_NAME}",
    rf"的[【“「]{_NAME}[】”」](?:及其|（)",
    rf"是[【“「]?{_NAME}[】”」]?(?:旗下|推出|开发|研发|运营|打造|自主|出品)[^。；]{{0,10}}(?:@product@)",
    rf"我们（(?:即|指|也即)?[：:]?[【“「]?{_NAME}",
    rf"(?:著作权|版权|所有权|知识产权)(?:均?归|属于?|由)[【“「]?{_NAME}",
    rf"^[【“「]?{_NAME}[】”」]?(?:将|会|承诺|郑重承诺|致力于)[^，。；]{{0,6}}(?:按照|遵照|依照|依据|根据|遵守|尊重|保护)(?:本|您|你|用户)",
    rf"^\W{{0,3}}{_NAME}$",
)
"""How Chinese texts name who runs the app, in the plain form."""
_SPEAKS = (
    rf"{_NAME}(?:及其?[\u4e00-\u9fff、/]{{2,14}})?（[^）]{{0,40}}(?:我们|我司|我行|本公司|我方|我校|本行)[^）]{{0,8}}）"
)
"""A name that is said to be "we" in what follows speaks, whatever else the sentence is about."""
_TITLE = rf"^{_NAME}[^。，：；（]{{0,16}}(?:@policy@)(?:$|[（(])"
"""The title of the policy with the company's name in it."""
_THANKS = rf"(?:使用|信任|选择|欢迎|感谢)[^。，；]{{0,6}}?{_NAME}(?:及其[\u4e00-\u9fff]{{2,12}})?(?:的|所?提供的|旗下的?|开发的)[^。，；]{{0,12}}(?:@product@)"
"""How a text begins that thanks people for using a company's product."""
_TITLES = 6
_SHORT = 12
_ENGLISH_SELF = re.compile(
    r"((?:[A-Z][\w&.'-]*,? (?:of |and |for |the )?){1,8})\((?:[^()]{0,40}, )?(?:hereinafter |referred to as |collectively |together )*"
    r"[“\"'‘](?:we|us|our|We|Us)[”\"'’,]"
)
_MADE = "(?:[Bb]uilt|[Dd]eveloped|[Oo]perated|[Pp]ublished|[Oo]wned|[Cc]reated|[Mm]aintained|[Mm]ade|[Dd]esigned|[Pp]rovided)"
_ENGLISH_BY = re.compile(rf"{_MADE} by ([A-Z][a-z'-]+ [A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?)")
_ENGLISH_APP_BY = re.compile(
    rf"(?:[Aa]pp|APP|[Aa]pplication|[Gg]ame|[Ww]ebsite|[Ss]oftware|[Pp]roduct)\b[^.;,]{{0,24}} (?:is|was|are|were|been) [^.;,]{{0,24}}{_MADE} by ([A-Z][\w'-]+)(?=[ .,;)])"
)
_ENGLISH_FOOTER = re.compile(
    r"(?:©|\([Cc]\)|[Cc]opyright)[^A-Za-z]{0,16}((?:[A-Z][\w'-]* ){0,4}(?:Studios?|Labs?|Software|Technolog(?:y|ies)|Games|Foundation|University|Solutions|Group|Team))\b"
)
"""How English texts name who speaks, by capitals."""
_PERSON = (
    r"(?:(?:@person_label@)(?:姓名|名称)?[：为是]|自然人)(?:自然人|个人)?(?:开发者)?(?P<one>(?:@surname@)[\u4e00-\u9fff]{1,2})(?:$|[，。（])"
    r"|由(?:独立|个人)?开发者(?P<maker>(?:@surname@)[\u4e00-\u9fff]{1,2}?)(?:个人)?(?:@runs@)"
    r"|由(?P<other>(?:@surname@)[\u4e00-\u9fff]{1,2})个人(?:@runs@)"
    r"|(?:@own_product@)[^，。；]{0,8}(?:由|是)(?P<by>(?:@surname@)[\u4e00-\u9fff]{1,2})(?:独立|自主|一人|个人)?(?:开发|制作|运营|编写)(?!商|者|团队|公司)"
    r"|(?:©|copyright|（c）)[^\u4e00-\u9fff，。]{0,24}?(?P<footer>(?:@surname@)[\u4e00-\u9fff]{1,2})\W{0,3}(?:保留|版权|all rights|$)"
    r"|(?:独立|个人)开发者[：:]?(?P<alone>(?:@surname@)[\u4e00-\u9fff]{1,2}?)(?:的|开发|维护|制作|运营|独立|[，。]|$)"
    r"|^\W{0,3}(?P<self>(?:@surname@)[\u4e00-\u9fff]{1,2})（(?:以下|下称|简称)[^）]{0,8}[“「](?:我[”」]|本人|开发者)"
)
"""One person who runs it, by a common family name."""
_PLACEHOLDER = re.compile(r"x{2,}|\*{2,}|_{2,}")
"""A form that nobody filled in names nobody."""
_NOT_BEFORE = re.compile(r".*(?:由|指|与|和|者|为|介绍|系(?!统))(?=[\u4e00-\u9fff]{4})")
_LAST_LINES = 14


def operators(reading: Reading) -> Iterator[ProvisionStated]:
    """Who runs the app: ``form`` "name" with the company, "address" with where it sits."""
    for at, sentence in enumerate(reading.sentences):
        person = _person(reading, sentence)
        if person and not reading.terms.has("placeholder", sentence.plain):
            yield reading.stated("operator_identity", sentence, form="name", way=next(filter(None, person.groups())))
        named = _english(reading.terms, sentence)
        if named:
            yield reading.stated("operator_identity", sentence, form="name", way=clip(named))
            continue
        if sentence.header or not reading.terms.has("operator_kind", sentence.plain):
            continue
        name = _operator(reading, at)
        if name and not _PLACEHOLDER.search(name):
            yield reading.stated("operator_identity", sentence, form="name", way=clip(name))
    for _, sentence in reading.with_words("seat"):
        for channel in channels(reading.terms, sentence.plain):
            if channel.form == "address" and not sentence.header:
                yield reading.stated("operator_identity", sentence, form="address", way=channel.way)


def _person(reading: Reading, sentence: Sentence) -> re.Match[str] | None:
    """One person named as who runs it; no brand that stands in the title, and no row of a list."""
    found = reading.terms.compiled(_PERSON).search(sentence.plain) if not sentence.header else None
    name = next(filter(None, found.groups())) if found else ""
    titles = "".join(other.plain for other in reading.sentences[:_TITLED] if other is not sentence)
    return found if found and name not in titles and not reading.terms.has("vendor", name) else None


_TITLED = 2


def _english(terms: Terms, sentence: Sentence) -> str | None:
    """Who speaks in an English text, by a name in capitals that is "we" or that the app is made by; no vendor."""
    if terms.language != "en" or sentence.header:
        return None
    forms = (_ENGLISH_SELF, _ENGLISH_BY, _ENGLISH_APP_BY, _ENGLISH_FOOTER)
    found = next(filter(None, (form.search(sentence.text) for form in forms)), None)
    return found[1].strip(" ,") if found and not terms.has("vendor", found[1].lower()) else None


def _operator(reading: Reading, at: int) -> str | None:
    """The name a sentence gives of who speaks: in a usual form, or as the company of a sentence on who runs the app."""
    return _by_form(reading, at) or _named_as_we(reading, at)


def _named_as_we(reading: Reading, at: int) -> str | None:
    """A company that is said to be "we", has the label of an operator before it, or stands in the title or the first words of thanks."""
    sentence, terms = reading.sentences[at], reading.terms
    if terms.language != "zh" or _PLACEHOLDER.search(sentence.plain):
        return None
    firms = companies(terms, sentence)
    for form in (_SPEAKS, _TITLE, _THANKS) if at < _TITLES else (_SPEAKS,):
        says = terms.compiled(form).search(sentence.plain)
        named = [name for name in firms if name in says[0]] if says else []
        if named:
            return named[0]
        if says and form is _TITLE and len(says["name"]) <= _SHORT:
            return says["name"]
    if _of_others(terms, sentence):
        return None
    if at and terms.has("contact", " ".join(sentence.path[-1:])) and terms.compiled(_IN_CONTACT).search(sentence.plain):
        return next((name for name in firms if name in sentence.plain[:_SHORT_LINE]), None)
    return next((name for name in firms if terms.compiled(_LABEL).search(sentence.plain.partition(name)[0])), None)


_SHORT_LINE = 40
_IN_CONTACT = r"^\W{0,3}(?:公司|企业|单位|主体|机构)(?:全称|名称)?：|^[^，。：；]{2,30}(?:@company@)\W{0,2}$"
"""A line of the section on contact that is a company's name."""
_LABEL = r"(?:@operator_label@)[【“「]?$"


def _by_form(reading: Reading, at: int) -> str | None:
    """The name in one of the usual forms."""
    sentence, terms = reading.sentences[at], reading.terms
    if _of_others(terms, sentence):
        return None
    own = terms.has("operator", sentence.plain) and terms.has("own", sentence.plain)
    if own and not is_title(sentence) and (named := companies(terms, sentence)):
        return named[0]
    if terms.language != "zh":
        speaks = any(terms.has(name, sentence.plain) for name in ("own", "operator")) or terms.has(
            "contact", f"{sentence.heading} {sentence.before}"
        )
        named = companies(terms, sentence) if speaks else []
        return named[0] if named and not terms.has("not_own", sentence.plain) else None
    for form in _FORMS[:-1] if not is_title(sentence) else ():
        found = terms.compiled(form).search(sentence.plain)
        if found and not _is_vendor(terms, sentence, found["name"]):
            return _bare(found["name"])
    last = at >= len(reading.sentences) - _LAST_LINES
    alone = terms.compiled(_FORMS[-1]).search(sentence.plain) if last and len(sentence.plain) <= 40 else None
    return alone["name"].strip() if alone and companies(terms, sentence) else None


def _bare(name: str) -> str:
    return _NOT_BEFORE.sub("", name).strip("【】“”「」 ")


def _is_vendor(terms: Terms, sentence: Sentence, name: str) -> bool:
    """A known vendor of a service in the app, where nothing says that it is the app's own company."""
    own = any(terms.has(words, sentence.plain) for words in ("own", "self_named", "operator_label", "seat"))
    return terms.has("vendor", name) and not own


def _of_others(terms: Terms, sentence: Sentence) -> bool:
    """The company is one of those it works with, not the one that speaks."""
    others = terms.has("sdk", f"{sentence.heading} {sentence.plain}") or terms.has("other_party", sentence.heading)
    return others or terms.has("not_operator", sentence.plain)

"""What a policy says the app takes, and whom it gives to, weighed so that no denial, permission or "may" is told as a deed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mingcha.model.artefact import Place
from mingcha.render.reading import Reading

_MAY = re.compile(
    r"(?<![您你])可能(?:会|需|将|要|与|向|把|对|传|提供|共享|分享|收集|使用|获取|访问|读取|存储|保存|转移|委托|披露|被|也|还|无法避免|通过|利用|根据|基于|依据|仅|按|推送|推荐|展示)"
    r"|\b(?:may|might|could)\b(?! be interested)",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"共享|分享|提供|出售|披露|公开|转让|转移|转交|委托|传播|交易|出租|share|disclos|provid|transfer|sell|sold",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"自行(?:向社会)?公开|(?:已经?|其他已经?)?(?:合法|依法)(?:向社会)?公开(?:披露)?的?|已经?公开(?:披露)?的"
    r"|(?:made|already|lawfully) (?:public|disclosed)(?: by (?:you|the individual|themselves))?",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"(?:不|未|禁止|拒绝)[^，,。；;：:]{0,30}?(?:共享|分享|提供|出售|披露|公开|转让|转移|传播|交易|出租)"
    r"|\b(?:not|never|nor)\b[^,.;:]{0,40}?(?:share|disclos|provid|transfer|sell)",
    re.IGNORECASE,
)
_EXCEPTED = re.compile(
    r"除|但|例外|以下|下列|如下|仅|只|否则|\b(?:unless|except|only|but|without|following)\b", re.IGNORECASE
)
_CONTACTED = re.compile(r"投诉|举报|联系我们|责任部门|负责人|客服|complain|contact us|officer", re.IGNORECASE)
_THEIRS = re.compile(
    r"[您你](?:本人)?(?:的[^，,。；;]{0,4})?(?:手机|电话|邮箱|邮件|联系)|your (?:e-?mail|phone|telephone|contact)",
    re.IGNORECASE,
)
_CONTACT = "generic.contact"


def hedged(fact: Any) -> bool:
    """Whether the sentence says only that it may be."""
    return bool(_MAY.search(fact.place.quote))


def led_by_may(reading: Reading, fact: Any) -> bool:
    """Whether the sentence says only that it may be, or is an item of a list whose announcement says so."""
    if hedged(fact):
        return True
    quote, place = fact.place.quote, fact.place
    if place.unit != "paragraph" or place.at is None or _OWN_SUBJECT.search(quote):
        return False
    for number in range(place.at, max(0, place.at - LIST_LONGEST), -1):
        paragraph = reading.paragraphs.get((place.sha256, place.path, number))
        if paragraph is None or paragraph.level:
            return False
        before = paragraph.text.partition(quote)[0] if number == place.at else paragraph.text
        lead = _LEAD.search(before)
        if lead:
            return _MAY.search(lead[0]) is not None
    return False


LIST_LONGEST = 40
"""Paragraphs back to the sentence that announces a list."""
_LEAD = re.compile(r"[^。；;\n]*[：:]\s*$")
_OWN_SUBJECT = re.compile(
    r"(?:我们|我司|本公司|本平台|本应用)(?:会|将|需|可能|收集|采集|获取|读取)|\bwe (?:will|may|need|collect|use)\b",
    re.IGNORECASE,
)


# --- what is taken ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claims:
    """Facts by what they are worth, plain words before vague ones.

    ``taken``: it says so; ``asked``: only a permission that opens the type is named; ``disputed``: one sentence says so and
    another flatly denies it, ``denials`` are those others.
    """

    taken: tuple[Any, ...]
    asked: tuple[Any, ...]
    disputed: tuple[Any, ...]
    denials: tuple[Any, ...]


def claims(reading: Reading) -> Claims:
    """What the app itself is said to take; neither what only a definition lists, nor the operator's own address."""
    defined = {fact.place for fact in reading.all("PolicyDefinition")}
    said = [f for f in _saying(reading) if f.party == "app" and f.place not in defined and not own_address(reading, f)]
    said.sort(key=lambda fact: (not fact.clear, fact.purpose is None, fact.place.order))
    asked = [fact for fact in said if getattr(fact, "permission", None) and not fact.clear]
    taken = [fact for fact in said if fact not in asked]
    collect, use = _denials(reading, "collect"), _denials(reading, "use")
    disputed = [fact for fact in taken if covering(reading, fact, collect)]
    known = {fact.information for fact in taken}
    asked = [f for f in asked if f.information not in known and not covering(reading, f, [*collect, *use])]
    against = [denial for fact in disputed for denial in covering(reading, fact, collect)]
    taken = [fact for fact in taken if fact not in disputed]
    return Claims(tuple(taken), tuple(asked), tuple(disputed), tuple(dict.fromkeys(against)))


def _saying(reading: Reading) -> list[Any]:
    """Statements, which know denials; types that are merely named somewhere only where no statement names one."""
    found = [f for f in reading.all("PolicyStatement") if not f.negated and f.does != "share"]
    named = [fact for fact in found if not is_root(reading, fact)]
    return named or [f for f in reading.all("InformationNamedInPolicy") if not is_root(reading, f)]


def is_root(reading: Reading, fact: Any) -> bool:
    """Whether a fact speaks of personal information as such."""
    row = reading.catalogue.information.get(fact.information)
    return row is not None and row.parent is None


def own_address(reading: Reading, fact: Any) -> bool:
    """The operator's own address or number, in a sentence on complaints: used by the reader of the policy, not taken from them."""
    if not reading.catalogue.is_a(fact.information, _CONTACT) or getattr(fact, "does", "use") == "collect":
        return False
    return bool(_CONTACTED.search(fact.place.quote)) and not _THEIRS.search(fact.place.quote)


def _denials(reading: Reading, does: str) -> list[Any]:
    """Flat denials for the app, but those of personal information as such, which say nothing of one type."""
    facts = [f for f in reading.all("PolicyStatement") if f.negated and not f.condition and f.does == does]
    if does == "collect":
        facts += [fact for fact in reading.all("PolicyDenial") if fact.action == "collect"]
    return [fact for fact in facts if fact.party == "app" and not is_root(reading, fact)]


def covering(reading: Reading, fact: Any, denials: Iterable[Any]) -> list[Any]:
    """The denials that speak of the type of a fact, or of a wider one."""
    return [denial for denial in denials if reading.catalogue.is_a(fact.information, denial.information)]


def deeds(facts: Iterable[Any]) -> tuple[str, ...]:
    """What is done with the types: the gravest deed of each, collecting before using before keeping."""
    best: dict[str, str] = {}
    for fact in facts:
        does = getattr(fact, "does", "collect")
        best[fact.information] = min(best.get(fact.information, does), does, key=_DEEDS.index)
    return tuple(does for does in _DEEDS if does in best.values())


_DEEDS = ("collect", "use", "store")


def declaring(reading: Reading) -> list[Any]:
    """The types named in the policy as taken: not those whose sentence only shares them, denies them, or asks a permission."""
    worth = claims(reading)
    stated = [fact for fact in (*worth.taken, *worth.disputed) if type(fact).__name__ == "PolicyStatement"]
    taken = {fact.information for fact in stated}
    statements = {(fact.place, fact.information) for fact in reading.all("PolicyStatement")}
    return [
        fact
        for fact in reading.all("InformationNamedInPolicy")
        if fact.party != "app" or fact.information in taken or (fact.place, fact.information) not in statements
    ]


def certainty(reading: Reading, facts: Iterable[Any]) -> str:
    """Whether the types are said to be taken ("will"), said so only with a "may" ("may"), or some this and some that ("both")."""
    sure: dict[str, bool] = {}
    for fact in facts:
        sure[fact.information] = sure.get(fact.information, False) or not led_by_may(reading, fact)
    return "will" if all(sure.values()) else "both" if any(sure.values()) else "may"


# --- whom it is given to ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Giving:
    """Facts on giving: to somebody named, perhaps to somebody named, to nobody in particular, and flat denials.

    ``excepted`` are the places of sentences that speak of giving under a condition.
    """

    named: tuple[Any, ...]
    maybe: tuple[Any, ...]
    vague: tuple[Any, ...]
    denied: tuple[Any, ...]
    excepted: frozenset[Place]


def giving(reading: Reading) -> Giving:
    """A sentence that denies sharing states no sharing; what people have made public themselves is not given away."""
    sharing = [fact for fact in reading.all("PolicyStatement") if fact.does == "share" and fact.party == "app"]
    given = [fact for fact in sharing if not fact.negated and not _published(fact)]
    others = [f for f in reading.all("PolicyStatement") if f.party != "app" and not f.negated and (f.party or f.named)]
    receiving = [fact for fact in given if fact.receiver and not _ANYBODY.match(fact.receiver.strip("、，,；;。 "))]
    named = [*reading.all("SdkNamed"), *reading.all("RecipientNamed"), *receiving, *others]
    flat = {fact.place for fact in sharing if fact.negated and not fact.condition} - {fact.place for fact in given}
    stated = [
        f for f in reading.all("ProvisionStated") if f.provision == "sharing" and f.form not in ("denied", "not done")
    ]
    stated = [fact for fact in stated if fact.place not in flat and not _refused(fact) and not _published(fact)]
    conditional = {f.place for f in sharing if f.condition} - {f.place for f in given if not f.condition}
    return Giving(
        named=tuple(fact for fact in named if not _perhaps(fact)),
        maybe=tuple(fact for fact in named if _perhaps(fact)),
        vague=(*given, *stated),
        denied=tuple(fact for fact in sharing if fact.negated and not fact.condition and is_root(reading, fact)),
        excepted=frozenset(conditional),
    )


_ANYBODY = re.compile(
    r"任何|any\b|(?:(?:其他|其它|相关|有关|无关|该|此类|上述)的?)?(?:第三方|第三人|他人|别人|用户|对方|公司|组织|个人|机构|境外)$|(?:other |such |the )?(?:third part(?:y|ies)|others|users?)$",
    re.IGNORECASE,
)
"""Receivers that a sentence speaks of to deny or except them, and words that name nobody."""


def _perhaps(fact: Any) -> bool:
    """Whether a sentence says that it may be given, only under a condition, or only what names nobody; a list's entry is firm."""
    kind = type(fact).__name__
    if kind == "SdkNamed":
        return False
    return bool(getattr(fact, "condition", None)) or hedged(fact) or _NOBODYS.search(fact.place.quote) is not None


_NOBODYS = re.compile(
    r"非个人(?:身份)?信息|(?:经过?|进行)?(?:统计加工|匿名化|去标识化|去身份化|脱敏)[^，。；]{0,8}(?:后|的|处理)"
    r"|non-personal(?:ly)?|aggregated?|anonymi[sz]ed|de-identified",
    re.IGNORECASE,
)
"""What has been made to name nobody any more."""


def _published(fact: Any) -> bool:
    """Whether the only publishing a sentence speaks of is that by the people themselves, or was lawful before."""
    quote = fact.place.quote
    return bool(_PUBLISHED.search(quote)) and not _GIVING.search(_PUBLISHED.sub("", quote))


def excepted(fact: Any) -> bool:
    """Whether a statement's condition is the exception of a denial: "we give it to nobody, unless you consent"."""
    if fact.negated or not fact.condition or not _EXCEPTION.search(fact.condition):
        return False
    rest = fact.place.quote.lower().replace(fact.condition.lower(), "")
    return _DENIED_DEED.search(rest) is not None


_EXCEPTION = re.compile(
    r"^(?:[^，。；]{0,8}除|未经|未征得|未获|未得到|未取得|没有)|例外|\b(?:unless|except|without)\b", re.IGNORECASE
)
_DENIED_DEED = re.compile(
    r"(?:不会|不得|不将|不向|不与|不对|不再|绝不|从不|均不|并不|不予)[^，,。；;：:]{0,30}?"
    r"(?:共享|分享|提供|出售|披露|公开|转让|转移|传播|交易|出租|收集|采集|获取|使用|读取)"
    r"|\b(?:not|never|nor)\b[^,.;:]{0,40}?(?:shar|disclos|provid|transfer|sell|collect|use)",
    re.IGNORECASE,
)


def _refused(fact: Any) -> bool:
    """Whether a sentence flatly says that nothing is given, whatever was read from it."""
    return bool(_REFUSED.search(fact.place.quote)) and not _EXCEPTED.search(fact.place.quote)

"""Who does what a clause says: the app, somebody else, or the person who uses it."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, cast

from mingcha.model.terms import Terms

Who = Literal["app", "other", "you"]
_LEAD = 48
"""Characters before a word for somebody in which a preposition makes an object of it."""
_NEAR_END = 10
_ASIDE = re.compile(r"（[^（）]{0,300}）|《[^《》]{0,60}》")
"""Names no subject: "all products (those of partners included)"."""
_NAME = re.compile(r"[a-z0-9\u4e00-\u9fff+·（） -]{0,24}$")


class Actor(NamedTuple):
    """``also`` somebody else does it too ("we and our partners"); ``name`` is how the text calls somebody else."""

    who: Who
    also: bool = False
    name: str | None = None


APP = Actor("app")

_WHO = r"(?P<app>@state_we@)|(?P<other>@state_others@)|(?P<you>@state_you@)(?!的|个人|信息|数据|隐私|资料|身份|设备|账|敏感|行为|特征|画像|体验|权益|群体|端|名)"
_OBJECT = r"(?:@state_of@)[^，。会将可需要使]{0,10}$|(?:@state_towards@)[^，。会将可需要使时后请供集]{0,40}$"
_AGENT = r"(?:@state_by@)[^，。会将可需要]{0,10}$"
_BESIDES = r"(?:@state_of_others@)*"
_RELATIVE = rf"(?:@state_relative@){_BESIDES}$"
"""Says which third party is meant: "the third parties that work with us"; it makes no object of them."""
_BOTH = r"(?:和|与|及|或|以及|及其|和/或|/|、| and | or | and/or )(?:@state_of_others@|our |the )*"
_AGREES = r"(?:@state_agrees@)"
_ITS = re.compile(r"[^，。；会将可需要我在]{1,10}的")
"""Behind "you": what they made or gave is spoken of, not what they do."""


_WHILE = re.compile(r"[^，。；]{1,20}?(?:时|过程中)(?=会|将|需)")
"""Behind "you": it says when, and the verb behind it is somebody else's."""


def subject(terms: Terms, text: str) -> Actor | None:
    """The last one the text names who is no object there and whose possession is not what is meant.

    Who agrees does not act: somebody else does what people agree to.
    """
    found: Actor | None = None
    end = last = 0
    before = ""
    text = _ASIDE.sub("", text)
    for match in terms.compiled(_WHO).finditer(text):
        who = cast("Who", match.lastgroup)
        lead = text[max(0, match.start() - _LEAD) : match.start()]
        owns = text[match.end() : match.end() + 1] == "的"
        if who == before == "other" and match.start() == last:
            pass
        elif (
            who == "other"
            and found
            and found.who == "app"
            and terms.compiled(_BOTH).fullmatch(text[end : match.start()])
        ):
            found = Actor("app", also=True)
        elif not owns and not (_before_you(terms, lead) if who == "you" else _is_object(terms, lead)):
            if who == "you" and (_ITS.match(text, match.end()) or _WHILE.match(text, match.end())):
                pass
            elif who == "you" and terms.compiled(_AGREES).match(text, match.end()):
                found = found if found and found.who != "you" else None
            else:
                found = Actor(who, name=_name(terms, text, match) if who == "other" else None)
        joined = found is not None and found.who == "app" and terms.compiled(_BOTH).fullmatch(text[end : match.start()])
        last, before = match.end(), who
        end = match.end() if who == "app" and not owns and not (end and joined) else end
    return found


def _is_object(terms: Terms, lead: str) -> bool:
    lead = terms.compiled(_RELATIVE).sub("", lead) if "的" in lead[-_NEAR_END:] else lead
    return terms.compiled(_OBJECT).search(lead) is not None and terms.compiled(_AGENT).search(lead) is None


def _before_you(terms: Terms, lead: str) -> bool:
    return terms.compiled("(?:@state_before_you@) ?$").search(lead) is not None


def _name(terms: Terms, text: str, match: re.Match[str]) -> str | None:
    """What stands before "SDK" or "有限公司", where it is a name."""
    if not terms.has("state_named", match[0]):
        return None
    before = _NAME.search(text[: match.start()])
    name = re.split(
        r"接入了?|集成了?|嵌入了?|使用|通过|由|向|给|与|和|及|、|的|是|为|该|此", before[0] if before else ""
    )[-1].strip(" （）")
    return f"{name} {match[0]}".strip() if len(name) > 1 else None

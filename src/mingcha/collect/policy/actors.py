"""Who does what a clause says: the app, somebody else, or the person who uses it."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, cast

from mingcha.model.terms import Terms

Who = Literal["app", "other", "you"]
_LEAD = 16
"""Characters before a word for somebody in which a preposition makes an object of it."""
_NAME = re.compile(r"[a-z0-9\u4e00-\u9fff+·（） -]{0,24}$")


class Actor(NamedTuple):
    """``also`` somebody else does it too ("we and our partners"); ``name`` is how the text calls somebody else."""

    who: Who
    also: bool = False
    name: str | None = None


APP = Actor("app")

_WHO = r"(?P<app>@state_we@)|(?P<other>@state_others@)|(?P<you>@state_you@)(?!的|个人|信息|数据|隐私|资料|身份|设备|账|敏感)"
_OBJECT = r"(?:@state_of@)[^，。会将可需要使]{0,10}$"
_AGENT = r"(?:@state_by@)[^，。会将可需要]{0,10}$"
_BOTH = (
    r"(?:和|与|及|或|以及|及其|/| and | or | and/or )(?:我们的|其|其他|我们授权的|我们合作的|our |授权的|相关|合作的)?$"
)


def subject(terms: Terms, text: str) -> Actor | None:
    """The last one the text names who is no object there and whose possession is not what is meant."""
    found: Actor | None = None
    end = last = 0
    for match in terms.compiled(_WHO).finditer(text):
        who = cast("Who", match.lastgroup)
        lead = text[max(0, match.start() - _LEAD) : match.start()]
        owns = text[match.end() : match.end() + 1] == "的"
        if who == "other" and match.start() == last > 0:
            pass
        elif (
            who == "other" and found and found.who == "app" and terms.compiled(_BOTH).search(text[end : match.start()])
        ):
            found = Actor("app", also=True)
        elif not owns and not (_before_you(terms, lead) if who == "you" else _is_object(terms, lead)):
            found = Actor(who, name=_name(terms, text, match) if who == "other" else None)
        last = match.end()
        end = match.end() if who == "app" and not owns else end
    return found


def _is_object(terms: Terms, lead: str) -> bool:
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

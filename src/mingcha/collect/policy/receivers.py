"""Whom a sharing gives information to, as the text calls them."""

from __future__ import annotations

import re

from mingcha.model.terms import Terms

_ENGLISH_TO = re.compile(
    r"\b(?:with|to) (?P<who>[a-z][^,.;，。；]{2,60}?)(?=$|[,.;，。；]| for | in order| to | when | as | if | who | unless )"
)
_TO = re.compile(r"(?:向|与|和|同(?!意)|跟|给)(?P<who>[^，。；向与]{2,24}?)$")
_GIVEN = re.compile(r"^(?:给|至|到)?(?P<who>[^，。；的将用]{2,24}?)(?:$|，|用于|以便|以)")
_INSIDE = re.compile(r"^(?:向|与)(?P<who>.+?)(?:提供|传输|发送|共享|透露|分享)$")
_MODAL = re.compile(r"(?:可能|将|(?<!委员)(?<!协)(?<!学)会|可以|也){1,3}$")
_INFORMATION = re.compile(r"(?:信息|数据|资料|内容|记录)$")
"""Behind "and" stands a second thing that is given, not somebody."""


def receiver_of(terms: Terms, before: str, verb: str, after: str) -> str | None:
    """The receiver as written; ``before`` and ``after`` are the clause around the verb."""
    if terms.language == "en":
        found = _ENGLISH_TO.search(after)
    else:
        found = _INSIDE.search(verb) or _TO.search(before)
        if found is None and verb.endswith(("给", "至", "委托", "告知")):
            found = _GIVEN.search(after)
    who = _MODAL.sub("", found["who"]).strip("的 ") if found else ""
    return None if _INFORMATION.search(who) else who or None

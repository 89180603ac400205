"""Which promised times are firm enough to decide a clause without a person: one actor, one number, one thing, no doubt.

A sentence that merely names a time near a word of complaint speaks of many things: refunds, other people's duties, office hours,
older versions, limits on the user. A firm promise is our own ("我们…"), names one time, in the clause that says what we do within it,
speaks of correcting or deleting personal information, cancelling an account or a complaint in so many words, and has none of the words
that make it doubtful. Everything else is left to a person. Whether a promise in calendar days is over the limit is another question
(`catalogue.calendar`): thirty days are not, from every day of the calendar.
"""

from __future__ import annotations

import re

from mingcha.model.terms import Terms

_WITHIN = re.compile(
    r"(?:我们|我司|本公司|本平台)[^，。；：:]{0,24}?(?:将|会|承诺|在|于)[^，。；：:\d]{0,24}?"
    r"(?P<number>\d{1,3}|[一二三四五六七八九十两]{1,4}) ?(?:个?(?:工作|自然)?日|天)(?:之)?内[^，。；]{0,16}?"
    r"(?:完成|处理|答复|回复|反馈|受理|办结|核查|删除|更正|注销)"
)
_ABOUT = re.compile(
    r"(?:更正|删除)[^。；]{0,8}个人信息|(?:更正|删除|注销)[^，。；]{0,12}(?:请求|申请|要求)|注销[^，。；]{0,6}(?:账号|帐号|账户|帐户)"
    r"|(?:投诉|举报)"
)
_ANY_TIME = re.compile(r"(?:\d+|[一二三四五六七八九十两]+) ?(?:个?工作日|个?自然日|日(?!期)|天|小时|个月|年)")
_PERSONAL_COMPLAINT = re.compile(r"个人信息|隐私|合法权益")


def firm(terms: Terms, text: str) -> bool:
    """Whether a plain Chinese sentence is a firm promise of an answer in working days; other languages have none yet."""
    if terms.language != "zh" or terms.has("promise_doubt", text):
        return False
    found = _WITHIN.search(text)
    if found is None or len(_ANY_TIME.findall(text)) != 1:
        return False
    clause_end = text.find("，", found.end())
    about = _ABOUT.search(text, 0, len(text) if clause_end < 0 else clause_end)
    if about is None:
        return False
    complaint_alone = about[0] in ("投诉", "举报")
    return not complaint_alone or _PERSONAL_COMPLAINT.search(text) is not None

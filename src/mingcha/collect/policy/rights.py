"""What a policy offers people: access, correction, deletion, withdrawal, cancelling the account, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.reading import Reading, is_title, states
from mingcha.collect.policy.text import Sentence, clauses_of, following, introduces, run_on, without_menus
from mingcha.collect.policy.verification import demanded
from mingcha.collect.policy.ways import channels, lines, path
from mingcha.model.artefact import clip
from mingcha.model.fact import ProvisionStated
from mingcha.model.terms import Rule, Terms
from mingcha.model.words import Provision

_RIGHTS: tuple[tuple[Provision, str, str], ...] = (
    ("access", "access", "own_information"),
    ("correction", "correct", "own_information"),
    ("deletion", "delete", "own_information"),
    ("withdrawal", "withdraw", "consent"),
)
_RIGHT_REACH = {"zh": 30, "en": 70}
"""Characters between "you may", the verb, and what it is done to, by language."""
_WAY_REACH = 6
"""Sentences after an announcement in which the way is looked for."""
_TOLD = frozenset({"rights", "minors", "contact", "storage"})
"""Topics of sentences in which rights are offered in other words than the usual."""


def rights(reading: Reading) -> Iterator[ProvisionStated]:
    """Rights offered to people, with the way to use them where the sentence, or the list it announces, gives one."""
    for provision, verb, thing in _RIGHTS:
        rule = Rule(
            provision=provision,
            needs=("people_may", verb, thing),
            within=_RIGHT_REACH.get(reading.terms.language, _RIGHT_REACH["zh"]),
        )
        for at, sentence in lines(reading):
            if (
                reading.terms.has(thing, sentence.plain)
                and (_offers(reading.terms, rule, sentence.plain) or _grants(reading, at, verb))
            ) or _under_right(reading, at, verb):
                condition = demanded(reading.terms, sentence.plain) if provision in _CONDITIONED else None
                yield reading.stated(provision, sentence, way=way_at(reading, at), form=condition)


_CONDITIONED = ("correction", "deletion")
"""Rights whose conditions item 6.2 is about, besides cancelling."""


def _offers(terms: Terms, rule: Rule, text: str) -> bool:
    text = terms.pattern("document_change").sub("", text)
    if rule.provision == "withdrawal" and _takes_back(terms, text):
        return True
    if terms.has("no_right", text) or (rule.provision != "withdrawal" and terms.has("no_information_right", text)):
        return False
    return states(terms, rule, run_on(text)) or _if_wanted(terms, rule, text)


_TAKES_BACK = r"(?:@may_take_back@)(?:(?!我们[需会将可]|we )[^。；]){0,40}?(?:(?:@take_back@)[^，。；]{0,14}(?:@consent@)|撤[回销][^，。；]{0,8}(?:个人)?信息)(?![^，。；]{0,4}(?:的决定|所?对应|后|前|时|失败|弹窗))"
_OF_CONSENT = (
    r"(?:权限|授权|permission)(?:(?!我们)[^，。；：]){0,10}(?:可以?|随时)(?:(?!我们)[^，。；]){0,6}(?:@take_back@)"
)
_LINE = r"^\W*(?:（?[0-9a-z一二三四五六七八九十]{1,3}[）.、])?\W*(?:@take_back@)[^，。：]{0,8}(?:@consent@)[^，。：]{0,4}：\w"
_TURNED_OFF = r"(?:@turn_off@)[^。；]{0,20}(?:@consent@)[^。；]{0,16}(?:@take_back@)[^。；]{0,6}(?:@consent@)"


def _takes_back(terms: Terms, text: str) -> bool:
    """People take consent back, or turn a permission off, which is said to be the same."""
    return any(terms.compiled(form).search(text) for form in (_TAKES_BACK, _OF_CONSENT, _LINE, _TURNED_OFF))


def _if_wanted(terms: Terms, rule: Rule, text: str) -> bool:
    """A clause "if you want to …", and another that says how."""
    _, verb, thing = rule.needs
    wanted = terms.compiled(rf"(?:@if_wanted@)[^，。；]{{0,5}}?(?:@{verb}@)[^，。；]{{0,12}}(?:@{thing}@)").search(text)
    return wanted is not None and way(terms, text) is not None


def _under_right(reading: Reading, at: int, verb: str) -> bool:
    """What stands under a heading that names the right ("right to erasure"), and says the same or what to press."""
    sentence, terms = reading.sentences[at], reading.terms
    heading = sentence.path[-1] if sentence.path else ""
    if not (_RIGHT.search(heading) and terms.has(verb, heading)) or is_title(sentence):
        return False
    text = sentence.plain
    if terms.has("no_grant", text) or terms.has("no_right", text) or _is_case(text) or _ASIDE.match(text):
        return False
    return terms.has(verb, text) or (verb == "withdraw" and terms.has("turn_off", text))


_ASIDE = re.compile("请您?(?:注意|知晓|理解)|但|当您|当你|一旦|如您|若您|如果您")
"""How a remark on a right begins, which does not grant it."""
_RIGHT = re.compile(r"权(?:利)?(?:$|[（）])|right (?:to|of)|right$")


def _grants(reading: Reading, at: int, verb: str) -> bool:
    """The same in free words, where the topic is people's rights: the verb, or the heading's, and that people may."""
    sentence, terms = reading.sentences[at], reading.terms
    if _listed_right(terms, sentence, verb):
        return True
    if terms.has("no_grant", sentence.plain) or not (
        reading.about(at, _TOLD) or terms.has("rights_said", sentence.plain)
    ):
        return False
    text = terms.pattern("document_change").sub("", sentence.plain)
    if _is_case(text):
        return False
    found = terms.pattern(verb).search(text)
    if found is None:
        return terms.has(verb, sentence.heading.rpartition(" ")[2]) and terms.has("people_ask", text)
    near = text[max(0, found.start() - 60) : found.end() + 40]
    return terms.has("people_ask", near)


def _listed_right(terms: Terms, sentence: Sentence, verb: str) -> bool:
    """An item of a list that is announced as what people may do: "you have these rights: to see …"."""
    announced = terms.has("rights_said", sentence.lead) and terms.has("people_ask", sentence.lead)
    return announced and terms.has(verb, sentence.plain) and not _is_case(sentence.plain)


_TOLD_ELSEWHERE = (
    r"(?:@cancel@)[^。；]{0,16}(?:@told_as@)[^，。；]{0,8}(?:@told_in@)"
    r"|(?:@told_as@)[^，。；]{0,8}(?:@told_in@)[^。；]{0,16}(?:@cancel@)|(?:@told_in@)[^，。；]{0,16}(?:@cancel@)[^，。；]{0,8}(?:@told_as@)"
)
"""A page or document that tells how an account is cancelled."""


def way(terms: Terms, text: str) -> str | None:
    """How a right is used: a menu path, else a page that tells, else a channel, else the clause that says what to press or whom to ask."""
    found = path(terms, text)
    if found:
        return found
    if terms.has("cancel", text) and (told := terms.compiled(_TOLD_ELSEWHERE).search(text)):
        return clip(told[0])
    channel = next((c for c in channels(terms, text) if c.form != "address"), None)
    if channel:
        return channel.way
    clauses = clauses_of(text)
    return next((clip(clause) for name in ("press", "ask_us") for clause in clauses if terms.has(name, clause)), None)


def way_at(reading: Reading, at: int) -> str | None:
    """The way a sentence gives, or the one in the list or the sentence that follows it."""
    sentence = reading.sentences[at]
    found = way(reading.terms, sentence.plain)
    if found:
        return found
    announces = introduces(sentence.plain) or reading.terms.has("following", sentence.plain)
    later = following(reading.sentences, at, _WAY_REACH if announces else 1)
    ways = (way(reading.terms, other.plain) for other in later if announces or other.number == sentence.number)
    return next((other for other in ways if other), None)


_SECTION_REACH = 30
_USED = r"(?:@rights_used@)[^，。；]{0,8}(?:权利|请求|权益|rights|request)"


def _for_all(reading: Reading, at: int) -> str | None:
    """The way that a later sentence of the same section gives for every right in it: "to use these rights, write to …"."""
    sentence, terms = reading.sentences[at], reading.terms
    for later in reading.sentences[at + 1 : at + 1 + _SECTION_REACH]:
        if sentence.path[:1] != later.path[:1]:
            return None
        if terms.compiled(_USED).search(later.plain) and not terms.has("dead", later.plain):
            found = way(terms, later.plain)
            if found:
                return found
    return None


# --- cancelling the account ----------------------------------------------------------------------------------------------


def cancellations(reading: Reading) -> Iterator[ProvisionStated]:
    """Cancelling the account as a right: ``way`` is how, ``form`` a condition that is hard to meet (also told apart)."""
    for at, sentence in lines(reading):
        if not (_speaks_of_cancelling(reading.terms, sentence) or _under_its_heading(reading, at)):
            continue
        text = sentence.plain
        condition = reading.terms.pattern("hard_condition").search(text)
        demanded = condition is not None and reading.terms.has("you", text)
        if reading.terms.has("cancel_sanction", without_menus(text)) or not (demanded or _cancels(reading, at)):
            continue
        found = way_at(reading, at) or _in_paragraph(reading, at)
        found = found or (_for_all(reading, at) if _is_right(reading.terms, sentence) else None)
        yield reading.stated("account_cancellation", sentence, way=found, form=condition[0] if condition else None)


def _in_paragraph(reading: Reading, at: int) -> str | None:
    """The way that the rest of the paragraph announces for it: "you can reach us as follows"."""
    terms, number = reading.terms, reading.sentences[at].number
    for later in range(at + 1, min(at + 1 + _WAY_REACH, len(reading.sentences))):
        text = reading.sentences[later].plain
        if reading.sentences[later].number != number:
            return None
        if terms.has("ask_us", text) and terms.has("people_ask", text):
            return way_at(reading, later)
    return None


def _is_right(terms: Terms, sentence: Sentence) -> bool:
    """It says that people may, and is neither a case nor a condition."""
    if _is_case(sentence.plain) or terms.has("if_people", sentence.plain[:8]):
        return False
    return terms.has("rights_said", f"{sentence.lead} {sentence.plain}") or terms.has("people_may", sentence.plain)


def _speaks_of_cancelling(terms: Terms, sentence: Sentence) -> bool:
    """It names an account that is cancelled, or stands under a heading that does and says the same in short."""
    text = sentence.plain
    if terms.has("cancel_account", text) or terms.compiled(_CLOSES).search(text):
        return True
    if not terms.has("cancel", text):
        return False
    told = any(terms.has(name, text) for name in ("press", "ask_us")) and _addressed(terms, text)
    return bool(
        told or terms.has("cancel", sentence.heading) or path(terms, text) or terms.compiled(_LABEL).search(text)
    )


def _addressed(terms: Terms, text: str) -> bool:
    return terms.has("people_ask", text) or terms.has("if_people", text)


_CLOSES = r"(?:@closes@)[^，。；：、]{0,6}(?:@account@)(?!@of_account@)"
"""Closing an account in other words; not what is in the account."""


def _cancels(reading: Reading, at: int) -> bool:
    """People may do it; it is neither what happens before or afterwards nor what we do to them."""
    sentence, terms = reading.sentences[at], reading.terms
    text = terms.pattern("cancel_after").sub("", sentence.plain)
    if (terms.has("cancel_not", text) and path(terms, text) is None) or _is_case(text):
        return False
    menu = path(terms, text)
    if menu and (
        any(terms.has(name, menu) for name in ("cancel", "delete_account")) or terms.compiled(_CLOSES).search(menu)
    ):
        return True
    if terms.compiled(_TOLD_ELSEWHERE).search(text):
        return True
    listed = terms.has("rights_said", sentence.lead) and terms.has("people_ask", sentence.lead)
    if listed and terms.has("cancel_account", text):
        return True
    if menu and states(
        terms, Rule(provision="account_cancellation", needs=("cancel_account", "cancel_way"), within=20), text
    ):
        return True
    if any(
        _ordered(terms, names, text) for names in (("may_cancel", "cancel_account"), ("cancel_account", "cancel_way"))
    ):
        return True
    if (
        terms.compiled(_LABEL).search(sentence.plain)
        or _under_its_heading(reading, at)
        or any(_pressed(terms, clause) for clause in clauses_of(text))
    ):
        return way_at(reading, at) is not None
    asks = terms.has("people_ask", text) and terms.has("cancel", text)
    return asks and reading.about(at, _TOLD) and (way_at(reading, at) or _in_paragraph(reading, at)) is not None


_LABEL = r"^\W*(?:（?[0-9a-z一二三四五六七八九十]{1,3}[）.、])?\W*(?:您?如何|怎样)?(?:@cancel_account@|@cancel@)[^，。：]{0,8}："


"""A line such as "cancelling: in the settings"."""
_BELOW = 3


def _under_its_heading(reading: Reading, at: int) -> bool:
    """One of the first sentences under a heading that speaks of it, if it says how or whom to ask and not about what."""
    terms, text = reading.terms, reading.sentences[at].plain
    titles = [other.plain for other in reading.sentences[max(0, at - _BELOW) : at] if other.title]
    if not titles or not terms.has("cancel_account", titles[-1]):
        return False
    return way(terms, text) is not None and not terms.has("question", text)


def _pressed(terms: Terms, clause: str) -> bool:
    """A clause that says where to press for it."""
    return terms.has("press", clause) and terms.has("cancel_account", clause)


def _is_case(text: str) -> bool:
    """An item of a list of cases ("…的"), which offers nothing."""
    return text.rstrip("。；， ").endswith("的")


_BRACKETS = re.compile("（[^）]{0,60}）")


def _ordered(terms: Terms, names: tuple[str, ...], text: str) -> bool:
    rule = Rule(provision="account_cancellation", needs=names, within=40)
    addressed = terms.has("you", text) or terms.has("invites", text)
    return addressed and states(terms, rule, run_on(_BRACKETS.sub("", text)))

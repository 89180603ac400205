"""What a policy offers people: access, correction, deletion, withdrawal, cancelling the account, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mingcha.collect.policy.channels import channels, path
from mingcha.collect.policy.reading import Reading, states
from mingcha.collect.policy.text import Sentence, clauses_of, following, introduces, run_on, without_menus
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
        for at, sentence in reading.with_words(thing):
            if _offers(reading.terms, rule, sentence.plain) or _grants(reading, at, verb):
                condition = demanded(reading.terms, sentence.plain) if provision in _CONDITIONED else None
                yield reading.stated(provision, sentence, way=way_at(reading, at), form=condition)


_CONDITIONED = ("correction", "deletion")
"""Rights whose conditions item 6.2 is about, besides cancelling."""
_DEMAND = r"(?:@demands@)[^，。；]{0,20}?(?P<condition>@hard_condition@)"


def demanded(terms: Terms, text: str) -> str | None:
    """The condition that is hard to meet which a sentence demands, as it is written."""
    found = terms.compiled(_DEMAND).search(text)
    return found["condition"] if found else None


def verifications(reading: Reading) -> Iterator[ProvisionStated]:
    """That people must show who they are before a request is met; ``form`` is a demand that is hard to meet."""
    for _, sentence in reading.with_words("verifies", "verified_for"):
        yield reading.stated("verification", sentence, form=demanded(reading.terms, sentence.plain))


def _offers(terms: Terms, rule: Rule, text: str) -> bool:
    text = terms.pattern("document_change").sub("", text)
    if terms.has("no_right", text) or (rule.provision != "withdrawal" and terms.has("no_information_right", text)):
        return False
    return states(terms, rule, run_on(text))


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


def way(terms: Terms, text: str) -> str | None:
    """How a right is used: a menu path, else a channel, else the clause that says what to press or whom to ask."""
    found = path(terms, text)
    if found:
        return found
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


# --- cancelling the account ----------------------------------------------------------------------------------------------


def cancellations(reading: Reading) -> Iterator[ProvisionStated]:
    """Cancelling the account as a right: ``way`` is how, ``form`` a condition that is hard to meet (also told apart)."""
    for at, sentence in reading.told():
        if not (_speaks_of_cancelling(reading.terms, sentence) or _under_its_heading(reading, at)):
            continue
        text = sentence.plain
        condition = reading.terms.pattern("hard_condition").search(text)
        demanded = condition is not None and reading.terms.has("you", text)
        if reading.terms.has("cancel_sanction", without_menus(text)) or not (demanded or _cancels(reading, at)):
            continue
        yield reading.stated(
            "account_cancellation", sentence, way=way_at(reading, at), form=condition[0] if condition else None
        )


def _speaks_of_cancelling(terms: Terms, sentence: Sentence) -> bool:
    """It names an account that is cancelled, or stands under a heading that does and says the same in short."""
    if terms.has("cancel_account", sentence.plain):
        return True
    return terms.has("cancel", sentence.plain) and terms.has("cancel", sentence.heading)


def _cancels(reading: Reading, at: int) -> bool:
    """People may do it; it is neither what happens before or afterwards nor what we do to them."""
    sentence, terms = reading.sentences[at], reading.terms
    text = terms.pattern("cancel_after").sub("", sentence.plain)
    if (terms.has("cancel_not", text) and path(terms, text) is None) or _is_case(text):
        return False
    menu = path(terms, text)
    if menu and any(terms.has(name, menu) for name in ("cancel", "delete_account")):
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
    return asks and reading.about(at, _TOLD) and way_at(reading, at) is not None


_LABEL = r"^\W*(?:（?[0-9a-z一二三四五六七八九十]{1,3}[）.、])?\W*(?:您?如何|怎样)?(?:@cancel_account@)[^，。：]{0,8}："


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

"""What else a policy states: rights and their ways, lists, times, places, notices, open lists, consent by use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from mingcha.collect.policy_channels import channels, path
from mingcha.collect.policy_reading import Reading, companies
from mingcha.collect.policy_replies import spans
from mingcha.collect.policy_text import Sentence, clauses_of, run_on, without_menus
from mingcha.model.fact import Provision, ProvisionStated, clip
from mingcha.model.terms import Rule, Terms

KEPT = 5
"""Sentences kept for a provision without parameters; the first ones, in order."""

Rules = Callable[[Reading], Iterator[ProvisionStated]]

# --- by word lists alone ---------------------------------------------------------------------------------------------


def by_rules(reading: Reading) -> Iterator[ProvisionStated]:
    """The provisions for which the catalogue's rules are enough."""
    for rule in reading.terms.provisions:
        for _, sentence in reading.with_words(*rule.needs):
            if states(reading.terms, rule, sentence.plain):
                yield reading.stated(rule.provision, sentence, form=rule.form)


def states(terms: Terms, rule: Rule, text: str) -> bool:
    """Whether a plain sentence meets a rule."""
    if any(terms.has(name, text) for name in rule.unless):
        return False
    if not rule.within:
        return all(terms.has(name, text) for name in rule.needs)
    return any(_in_order(terms, rule, clause) for clause in clauses_of(text))


def _in_order(terms: Terms, rule: Rule, clause: str) -> bool:
    at = 0
    for number, name in enumerate(rule.needs):
        found = terms.pattern(name).search(clause, at, len(clause) if number == 0 else at + rule.within)
        if found is None:
            return False
        at = found.end()
    return True


# --- the document itself ---------------------------------------------------------------------------------------------

_DATE = re.compile(r"(20[012]\d) ?(?:年|[-./]) ?(1[0-2]|0?[1-9]) ?(?:月|[-./]) ?(3[01]|[12]\d|0?[1-9])(?!\d)")
_NAMED_MONTH = (
    r"(?:(?P<month>@month_name@) (?P<day>3[01]|[12]?\d)(?:st|nd|rd|th)?,? |(?P<first>3[01]|[12]?\d) (?P<later>@month_name@),? )"
    r"(?P<year>20[012]\d)"
)
_DATE_KINDS = (("effective", "date_effective"), ("updated", "date_updated"), ("published", "date_published"))
_DATE_REACH = 16


def dates(reading: Reading) -> Iterator[ProvisionStated]:
    """Dates the policy gives for itself: effective, updated, published; ``way`` is the ISO date."""
    for sentence in reading.sentences:
        for day, start, end in _days(reading.terms, sentence.plain):
            around = sentence.plain[max(0, start - _DATE_REACH) : end + 8]
            form = next((form for form, words in _DATE_KINDS if reading.terms.has(words, around)), None)
            if form and not reading.terms.has("not_date", around):
                yield reading.stated("date", sentence, form=form, way=day)


def _days(terms: Terms, text: str) -> Iterator[tuple[str, int, int]]:
    """ISO dates in a plain text, each with its place."""
    for found in _DATE.finditer(text):
        yield f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", found.start(), found.end()
    months = terms.words.get("month_name", ())
    for found in terms.compiled(_NAMED_MONTH).finditer(text) if months else ():
        month = months.index(found["month"] or found["later"]) + 1
        yield f"{found['year']}-{month:02}-{int(found['day'] or found['first']):02}", found.start(), found.end()


def operators(reading: Reading) -> Iterator[ProvisionStated]:
    """Who runs the app: ``form`` "name" with the company, "address" with where it sits."""
    for _, sentence in reading.with_words("operator"):
        if sentence.header or not _names_operator(reading.terms, sentence):
            continue
        for company in companies(reading.terms, sentence)[:1]:
            yield reading.stated("operator_identity", sentence, form="name", way=company)
    for _, sentence in reading.with_words("seat"):
        for channel in channels(reading.terms, sentence.plain):
            if channel.form == "address" and not sentence.header:
                yield reading.stated("operator_identity", sentence, form="address", way=channel.way)


def _names_operator(terms: Terms, sentence: Sentence) -> bool:
    """The company is the one that speaks, not one of those it works with."""
    others = terms.has("sdk", f"{sentence.heading} {sentence.plain}") or terms.has("other_party", sentence.heading)
    return terms.has("own", sentence.plain) and not others and not terms.has("not_operator", sentence.plain)


# --- rights ----------------------------------------------------------------------------------------------------------

_RIGHTS: tuple[tuple[Provision, str, str], ...] = (
    ("access", "access", "own_information"),
    ("correction", "correct", "own_information"),
    ("deletion", "delete", "own_information"),
    ("withdrawal", "withdraw", "consent"),
)


_RIGHT_REACH = {"zh": 30, "en": 70}
"""Characters between "you may", the verb, and what it is done to, by language."""


def rights(reading: Reading) -> Iterator[ProvisionStated]:
    """Rights offered to people, with the way to use them where the sentence gives one."""
    for provision, verb, thing in _RIGHTS:
        rule = Rule(provision=provision, needs=("people_may", verb, thing), within=_RIGHT_REACH[reading.terms.language])
        for _, sentence in reading.with_words("people_may", verb, thing):
            if _offers(reading.terms, rule, sentence.plain):
                yield reading.stated(provision, sentence, way=way(reading.terms, sentence.plain))


def _offers(terms: Terms, rule: Rule, text: str) -> bool:
    text = terms.pattern("document_change").sub("", text)
    if terms.has("no_right", text) or (rule.provision != "withdrawal" and terms.has("no_information_right", text)):
        return False
    return states(terms, rule, run_on(text))


def way(terms: Terms, text: str) -> str | None:
    """How a right is used: a menu path, else a channel, else the clause that says what to press."""
    found = path(terms, text)
    if found:
        return found
    channel = next((c for c in channels(terms, text) if c.form != "address"), None)
    if channel:
        return channel.way
    return next((clip(clause) for clause in clauses_of(text) if terms.has("press", clause)), None)


def cancellations(reading: Reading) -> Iterator[ProvisionStated]:
    """Cancelling the account as a right: ``way`` is how, ``form`` a condition that is hard to meet."""
    for at, sentence in reading.with_words("cancel_account"):
        text = sentence.plain
        if reading.terms.has("cancel_sanction", text) or not _cancels(reading.terms, sentence):
            continue
        found = way(reading.terms, text)
        if found is None and at + 1 < len(reading.sentences) and reading.terms.has("following", text[-12:]):
            found = way(reading.terms, reading.sentences[at + 1].plain)
        condition = reading.terms.pattern("hard_condition").search(text)
        yield reading.stated("account_cancellation", sentence, way=found, form=condition[0] if condition else None)


def _cancels(terms: Terms, sentence: Sentence) -> bool:
    """People may do it; it is neither what happens before or afterwards nor what we do to them."""
    text = terms.pattern("cancel_after").sub("", sentence.plain)
    if terms.has("cancel_not", text) and path(terms, text) is None:
        return False
    return any(_ordered(terms, names, text) for names in (("may_cancel", "cancel_account"), ("cancel_account", "cancel_way")))


def _ordered(terms: Terms, names: tuple[str, ...], text: str) -> bool:
    rule = Rule(provision="account_cancellation", needs=names, within=40)
    return terms.has("you", text) and states(terms, rule, run_on(text))


# --- lists -----------------------------------------------------------------------------------------------------------


def lists(reading: Reading) -> Iterator[ProvisionStated]:
    """Lists of SDKs and of what is collected: ``form`` "link" where people are sent to them, "inline" where they stand."""
    for provision in ("sdk_list", "collection_list"):
        for sentence in reading.sentences:
            if not reading.terms.has(provision, sentence.plain):
                continue
            if sentence.title:
                yield reading.stated(provision, sentence, form="inline")
            elif reading.terms.has("list_exists", without_menus(sentence.plain)):
                yield reading.stated(provision, sentence, form="link")


# --- times and places ------------------------------------------------------------------------------------------------

_RETENTION_UNITS = ("calendar day", "month", "year", "working day", "hour")
_RETENTION_REACH = 30


def retentions(reading: Reading) -> Iterator[ProvisionStated]:
    """How long information is kept: a number with its unit, or without number where only the need is named."""
    for _, sentence in reading.with_words("keep"):
        text = sentence.plain
        kept = [span for span in spans(reading.terms, text) if _keeps(reading.terms, text, span.start, span.end)]
        if kept:
            yield reading.stated("retention", sentence, number=kept[0].number, unit=kept[0].unit)
        elif reading.terms.has("keep_general", text) and reading.terms.has("information_word", text):
            yield reading.stated("retention", sentence, form="as long as needed")


def _keeps(terms: Terms, text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - _RETENTION_REACH) : start], text[end : end + 12]
    near = re.split(r"[；。]", before)[-1]
    return terms.has("keep", near + after) and not terms.has("not_retention", near + after)


def abroad(reading: Reading) -> Iterator[ProvisionStated]:
    """Moving information abroad: ``form`` "not done", "conditional" or "done"."""
    for _, sentence in reading.with_words("abroad", "move"):
        text = sentence.plain
        if not reading.terms.has("information_word", text) or not _crosses(reading.terms, text):
            continue
        conditional = reading.terms.has("case", text)
        denied = reading.terms.has("not_abroad", text)
        form = "not done" if denied and not conditional else "conditional" if conditional else "done"
        yield reading.stated("cross_border", sentence, form=form)


def _crosses(terms: Terms, text: str) -> bool:
    if terms.has("definition", text) or terms.has("not_crossing", text):
        return False
    orders = (("abroad", "move"), ("move", "abroad"))
    return any(states(terms, Rule(provision="cross_border", needs=names, within=24), text) for names in orders)


# --- notices, switches, consent --------------------------------------------------------------------------------------


def notices(reading: Reading) -> Iterator[ProvisionStated]:
    """How changes of the policy are told: ``form`` "active" (people are notified) or "publish" (it is only put up)."""
    for _, sentence in reading.with_words("change", "document"):
        text = sentence.plain
        if reading.terms.has("not_notice", text) or not reading.terms.has("will", text):
            continue
        if reading.terms.has("notify_active", text):
            yield reading.stated("update_notice", sentence, form="active")
        elif reading.terms.has("notify_publish", text):
            yield reading.stated("update_notice", sentence, form="publish")


def switches(reading: Reading) -> Iterator[ProvisionStated]:
    """Ways to switch personalisation off."""
    for _, sentence in reading.with_words("personal", "switch", "you"):
        if not reading.terms.has("switch_consequence", sentence.plain) and _switches(reading.terms, sentence.plain):
            yield reading.stated("personalisation_switch", sentence, way=way(reading.terms, sentence.plain))


def _switches(terms: Terms, text: str) -> bool:
    rule = Rule(provision="personalisation_switch", needs=("people_may", "switch"), within=60)
    return path(terms, text) is not None or states(terms, rule, run_on(text))


def open_lists(reading: Reading) -> Iterator[ProvisionStated]:
    """Lists of information we collect that end open."""
    for _, sentence in reading.with_words("collect"):
        if sentence.header is None and _ends_open(reading.terms, sentence):
            yield reading.stated("open_list", sentence)


_LIST_REACH = 200
_LAST_ITEM = 14
_PURPOSE_REACH = 6


def _ends_open(terms: Terms, sentence: Sentence) -> bool:
    """We collect → named types → "and other information", with nothing about purposes between the first two."""
    text = sentence.plain
    if any(terms.has(name, text) for name in ("definition", "law_only", "firm_denial", "minor", "collection_list")):
        return False
    return any(_is_open_end(terms, text, end.start()) for end in terms.pattern("open_end").finditer(text)) or any(
        _is_open_start(terms, text, start) for start in terms.pattern("open_start").finditer(text)
    )


def _is_open_end(terms: Terms, text: str, at: int) -> bool:
    window = text[max(0, at - _LIST_REACH) : at]
    verbs = list(terms.pattern("we_collect").finditer(window))
    if not verbs or window.endswith(("该", "此", "上述", "前述")):
        return False
    named = [end for kind, _, end in terms.named(window) if kind != "generic.pi" and end > verbs[0].end()]
    if not named or len(window) - named[-1] > _LAST_ITEM:
        return False
    verb = max(found.start() for found in verbs if found.end() <= named[-1])
    return not terms.has("purpose_clause", window[max(0, verb - _PURPOSE_REACH) :])


def _is_open_start(terms: Terms, text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 30) : found.start()]
    after = text[found.end() : found.end() + 30]
    named = any(kind != "generic.pi" for kind, *_ in terms.named(after))
    return named and terms.has("we_collect", before) and not terms.has("purpose_clause", before)


def consents_by_use(reading: Reading) -> Iterator[ProvisionStated]:
    """Sentences that take using the app for consent."""
    rule = Rule(provision="consent_by_use", needs=("use_act", "deemed", "accept"), within=40)
    for _, sentence in reading.with_words("use_act", "deemed", "accept"):
        text = run_on(sentence.plain)
        if not reading.terms.has("explicit_act", text) and states(reading.terms, rule, text):
            form = "continued use" if reading.terms.has("after_change", text) else "use"
            yield reading.stated("consent_by_use", sentence, form=form)


ALL: tuple[Rules, ...] = (
    by_rules, dates, operators, rights, cancellations, lists, retentions, abroad, notices, switches, open_lists,
    consents_by_use,
)  # fmt: skip


def provisions(reading: Reading) -> Iterator[ProvisionStated]:
    """Everything above; of equal statements the first few."""
    count: Counter[tuple[object, ...]] = Counter()
    for rules in ALL:
        for fact in rules(reading):
            key = (fact.provision, fact.number, fact.unit, fact.form, fact.way)
            count[key] += 1
            if count[key] <= KEPT:
                yield fact

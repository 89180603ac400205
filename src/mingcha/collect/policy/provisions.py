"""What else a policy states: notices, switches, consent by use, and what the catalogue's rules find; and all of it together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from mingcha.collect.policy.borders import abroad
from mingcha.collect.policy.identity import dates, operators
from mingcha.collect.policy.lists import lists, open_lists
from mingcha.collect.policy.reading import Reading, states
from mingcha.collect.policy.rights import cancellations, rights, way, way_at
from mingcha.collect.policy.storage import places, retentions
from mingcha.collect.policy.text import run_on, without_number
from mingcha.collect.policy.verification import verifications
from mingcha.collect.policy.ways import lines, path
from mingcha.model.fact import ProvisionStated
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


def measures(reading: Reading) -> Iterator[ProvisionStated]:
    """Measures named one by one in a list that is announced as such."""
    for _, sentence in reading.with_words("secure"):
        if reading.terms.has("measures", sentence.lead) and not reading.terms.has("not_security", sentence.plain):
            yield reading.stated("security", sentence)


def shared(reading: Reading) -> Iterator[ProvisionStated]:
    """With whom, as an item of a list whose announcement says that information is shared."""
    terms = reading.terms
    for _, sentence in reading.with_words("share", "other_party"):
        announced = terms.has("share", sentence.lead) and terms.has("information_word", sentence.lead)
        if announced and not any(terms.has(name, sentence.plain) for name in ("not_sharing", "definition")):
            yield reading.stated("sharing", sentence)


# --- notices ---------------------------------------------------------------------------------------------------------

_REVISION = frozenset({"revision"})


def notices(reading: Reading) -> Iterator[ProvisionStated]:
    """How changes of the policy are told: ``form`` "active" (people are notified) or "publish" (it is only put up)."""
    for at, sentence in reading.told():
        text = sentence.plain
        if not _of_changes(reading, at) or reading.terms.has("not_notice", text):
            continue
        if reading.terms.has("of_processing", text) and not _headed_by_change(reading, at):
            continue
        if reading.terms.has("notify_active", reading.terms.compiled(_BY_POSTING).sub("", text)):
            yield reading.stated("update_notice", sentence, form="active")
        elif reading.terms.has("notify_publish", text):
            yield reading.stated("update_notice", sentence, form="publish")


_BY_POSTING = (
    r"通过[^，。；]{0,14}(?:发布|公布|公示|更新|张贴|刊登)[^，。；]{0,24}(?:通知|告知|提示)(?:[您你]|用户)?"
    r"|(?:notify|notified|inform|informed|let you know|tell)[^.;]{0,50} by (?:posting|publishing|updating|placing|changing)"
)
"""People are "notified" by nothing but the new text's being put up."""


def _of_changes(reading: Reading, at: int) -> bool:
    """The sentence says what will be done when the policy changes: in so many words, or by its topic."""
    terms, text = reading.terms, reading.sentences[at].plain
    if terms.has("change", text) and _of_the_policy(terms, text):
        return terms.has("will", text) or (
            terms.has("then", text) and terms.compiled(_CHANGED).search(text) is not None
        )
    if not terms.has("tells", text) or not (terms.has("will", text) or terms.has("look_again", text)):
        return False
    before = at > 0 and reading.sentences[at - 1].number == reading.sentences[at].number
    return (
        _headed_by_change(reading, at) or reading.about(at, _REVISION) or (before and reading.about(at - 1, _REVISION))
    )


def _headed_by_change(reading: Reading, at: int) -> bool:
    """The nearest heading speaks of changes of the policy, or of nothing but changes."""
    terms, path = reading.terms, reading.sentences[at].path
    heading = path[-1] if path else ""
    alone = terms.compiled(_CHANGE_ALONE).fullmatch(without_number(heading)) is not None
    return alone or (terms.has("change", heading) and _of_the_policy(terms, heading))


_CHANGED = (
    r"(?:@document@|@document_too@)[^，。；]{0,12}(?:@change@)|(?:@change@)[^，。；]{0,6}(?:@document@|@document_too@)"
)
_CHANGE_ALONE = "(?:(?:@change@)(?:[和与及、]|以及| and )?(?:通知|告知|公告|生效)?){1,3}s?"


def _of_the_policy(terms: Terms, text: str) -> bool:
    return terms.has("document", text) or terms.has("document_too", text)


_NO_PROFILE = ("definition", "no_profile")


# --- personalisation -------------------------------------------------------------------------------------------------


_CHOSEN_BY = r"(?:@based_on@)[^。；]{0,30}?(?:@traits@)[^。；]{0,24}?(?:@to_you@)[^。；，]{0,6}(?:@offered@)"
"""Content chosen by something known of people, in other words."""


def personalisations(reading: Reading) -> Iterator[ProvisionStated]:
    """Content or advertising chosen by what is known of people; ``form`` "denied" where it is said not to be done."""
    for _, sentence in reading.told():
        text = sentence.plain
        if any(reading.terms.has(name, text) for name in _NO_PROFILE) or not _chosen(reading.terms, text):
            continue
        yield reading.stated(
            "personalisation", sentence, form="denied" if reading.terms.has("not_chosen", text) else None
        )


def _chosen(terms: Terms, text: str) -> bool:
    """Something is chosen for people by what is known of them; advice to read or do something is none."""
    text = terms.pattern("advice").sub("", text)
    return terms.has("chosen_for_you", text) or any(
        terms.compiled(form).search(text) for form in (_CHOSEN_BY, _CHOSEN_BY_YOURS)
    )


_CHOSEN_BY_YOURS = (
    r"(?:@based_on@)(?:您|你|用户)的[^。；]{0,40}?(?:@traits@)[^。；]{0,24}?(?:(?:@to_you@)[^。；，]{0,4}生成[^。；，]{0,6})?(?:@arranged@)"
    r"|(?:@offered@|发送)[^。；]{0,30}(?:基于|根据|依据|结合|按照|依)(?:您|你|用户)的?[^。；，]{0,6}(?:@traits@)"
    r"|(?:提取|分析|统计|学习|挖掘)(?:您|你|用户)的?[^。；]{0,24}(?:偏好|兴趣|喜好|习惯)[^。；]{0,10}(?:特征|标签|画像)"
)
"""The same where "for you" is left out: by your …; or what is drawn from your habits."""


def switches(reading: Reading) -> Iterator[ProvisionStated]:
    """Ways to switch personalisation off; a sentence that names no way is none."""
    for at, sentence in lines(reading):
        if not reading.terms.has("switch", sentence.plain):
            continue
        text = sentence.plain
        ways = path(reading.terms, text) or reading.terms.has("switch_way", text)
        if reading.terms.has("switch_consequence", text) and not ways:
            continue
        if not _personal(reading, at) or not _switches(reading.terms, text):
            continue
        found = way_at(reading, at)
        if found or reading.terms.has("switch_way", text):
            yield reading.stated("personalisation_switch", sentence, way=found)


_EARLIER = 5
"""Sentences back to which "the push" may refer."""


def _personal(reading: Reading, at: int) -> bool:
    sentence, terms = reading.sentences[at], reading.terms
    if terms.has("personal", sentence.plain) or _chosen(terms, sentence.plain):
        return True
    if terms.has("cookie", sentence.plain):
        return any(terms.has("relevance", other.plain) for other in reading.sentences[at : at + 4])
    if _refers_back(reading, at):
        return True
    earlier = reading.sentences[max(0, at - _EARLIER) : at]
    return terms.has("pushed", sentence.plain) and any(_chosen(terms, other.plain) for other in earlier)


def _refers_back(reading: Reading, at: int) -> bool:
    """It speaks of such messages as the sentence before calls chosen; marketing as such is another thing."""
    terms, sentence = reading.terms, reading.sentences[at]
    before = reading.sentences[at - 1] if at else sentence
    refers = terms.has("said_before", sentence.plain) and not terms.has("marketing", sentence.plain)
    return refers and before.number == sentence.number and _chosen(terms, before.plain)


def _switches(terms: Terms, text: str) -> bool:
    rule = Rule(provision="personalisation_switch", needs=("people_may", "switch"), within=60)
    return way(terms, text) is not None or states(terms, rule, run_on(text)) or terms.has("switch_way", text)


# --- consent ---------------------------------------------------------------------------------------------------------


def consents_by_use(reading: Reading) -> Iterator[ProvisionStated]:
    """Sentences that take using the app for consent."""
    rules = (
        Rule(provision="consent_by_use", needs=("use_act", "deemed"), within=80),
        Rule(provision="consent_by_use", needs=("deemed", "accept"), within=30),
    )
    for _, sentence in reading.with_words("use_act", "accept"):
        text = run_on(sentence.plain)
        said = all(states(reading.terms, rule, text) for rule in rules) or reading.terms.compiled(_CONFIRMS).search(
            text
        )
        if said and not reading.terms.has("explicit_act", text):
            form = "continued use" if reading.terms.has("after_change", text) else "use"
            yield reading.stated("consent_by_use", sentence, form=form)


_CONFIRMS = r"继续使用[^。；]{0,20}[您你](?:确认|承认|知悉并)[^。；]{0,12}(?:同意|接受)"
"""By using it on people "confirm" that they agree."""


ALL: tuple[Rules, ...] = (
    by_rules, measures, shared, dates, operators, rights, cancellations, verifications, lists, retentions, places, abroad, notices, personalisations, switches,
    open_lists, consents_by_use,
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

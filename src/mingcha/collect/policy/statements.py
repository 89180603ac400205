"""What the policy says is done, or not done, with each type of information: one statement a type, a deed and a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy.actors import APP, Actor
from mingcha.collect.policy.acts import acts, rest
from mingcha.collect.policy.deeds import Act
from mingcha.collect.policy.information import GENERIC, TAKING, Told, purposes_in
from mingcha.collect.policy.items import Leads, of_item, of_sdk
from mingcha.collect.policy.mentions import Mention, listed, mentions
from mingcha.collect.policy.own import OwnNames, own_names
from mingcha.collect.policy.parties import Entry, Parties, tells_information
from mingcha.collect.policy.permissions import PermissionNames
from mingcha.collect.policy.reading import Reading, is_title
from mingcha.collect.policy.text import Sentence, without_number
from mingcha.collect.policy.weighing import weighed
from mingcha.model.artefact import clip
from mingcha.model.fact import PolicyStatement
from mingcha.model.terms import Terms

SENTENCE_MOST = 40
"""Statements kept of one sentence; the first ones."""
POLICY_MOST = 3000
UMBRELLAS = frozenset({"dev", "dev.generic", "dev.network"})
"""Types so wide that a list behind them says what is meant."""
HANDLING = frozenset(
    {"collection", "permission", "sharing", "use", "storage", "cross_border", "personalisation", "minors"}
)


class Setting(NamedTuple):
    """What stands around a sentence: the entry of a list it belongs to, and the last heading."""

    entry: Entry | None
    heading: str


def statements(reading: Reading, tables: Catalogue, others: Parties) -> tuple[Told, ...]:
    """All statements, in the order of the text."""
    return tuple(islice(_all(reading, tables, others), POLICY_MOST))


def _all(reading: Reading, tables: Catalogue, others: Parties) -> Iterator[Told]:
    above = {row.parent for row in tables.information.values()}
    names = PermissionNames(reading.terms, tables)
    own, leads = own_names(reading), Leads(reading.terms)
    heading = ""
    for at, sentence in enumerate(reading.sentences):
        if is_title(sentence):
            heading = sentence.plain
            continue
        setting = Setting(others.of_sentence.get(at), heading)
        found = _of_row(reading, at, setting, leads) if setting.entry else _of_sentence(reading, at, own, leads)
        seen: set[tuple[object, ...]] = set()
        for act in found:
            in_list = {one.start for one in listed(act.kinds)}
            for one in _kinds(act):
                if one.kind in UMBRELLAS and _is_enumerated(reading.terms, sentence.plain, one, act.kinds):
                    continue
                key = (act.does, one.kind, act.actor.who, act.mood.negated)
                if one.kind in tables.information and key not in seen and len(seen) < SENTENCE_MOST:
                    seen.add(key)
                    permission = _permission(names, reading, at, one)
                    clear = one.kind not in above and permission is None
                    for fact in _stated(reading, sentence, act, one.kind, setting, clear=clear, permission=permission):
                        yield Told(at, fact, listed=one.start in in_list, item=not act.end)


def _kinds(act: Act) -> list[Mention]:
    """The types the deed is done with, each once; the general word only where nothing else is named."""
    kinds = {one.kind: one for one in reversed(act.kinds)}
    return [one for kind, one in reversed(kinds.items()) if kind != GENERIC] or list(kinds.values())


_LISTED = re.compile(r"（[^（）]{0,200}）")


def _is_enumerated(terms: Terms, text: str, one: Mention, kinds: list[Mention]) -> bool:
    """Whether brackets right behind a general word list all that it means: "network information (type of network)"."""
    found = _LISTED.match(text, one.end)
    if found is None or terms.has("open_list_mark", found[0]):
        return False
    return any(found.start() <= other.start < found.end() for other in kinds)


def _stated(
    reading: Reading, sentence: Sentence, act: Act, kind: str, setting: Setting, *, clear: bool, permission: str | None
) -> Iterator[PolicyStatement]:
    terms, entry = reading.terms, setting.entry
    party = "app" if act.actor.who == "app" else None
    other = act.actor.who == "other"
    ids = entry.sdks if entry and other else ()
    purpose = clip(entry.purpose) if entry and entry.purpose else next(iter(purposes_in(terms, sentence.plain)), None)
    for who in (*(ids or (party,)), *((None,) if act.actor.also else ())):
        yield PolicyStatement(
            place=reading.place(sentence),
            does=act.does,
            information=kind,
            clear=clear,
            party=who,
            named=(clip(entry.name) if entry else act.actor.name) if other else None,
            negated=act.mood.negated,
            receiver=clip(act.receiver) if act.receiver else None,
            purpose=purpose,
            condition=act.mood.condition,
            function=_function(terms, sentence.plain, setting.heading),
            permission=permission,
        )


def _permission(names: PermissionNames, reading: Reading, at: int, one: Mention) -> str | None:
    """The permission by which alone the type is named."""
    about = reading.topics[at] if reading.topics else frozenset()
    if not one.permission and ("permission" not in about or about & TAKING):
        return None
    text = reading.sentences[at].plain
    return names.told(text, one.kind) or names.opening(text[one.start : one.end], one.kind)


def _of_row(reading: Reading, at: int, setting: Setting, leads: Leads) -> list[Act]:
    """What a row or a line of an entry of an SDK list says: the SDK takes what is named."""
    entry = setting.entry
    assert entry is not None
    terms, sentence = reading.terms, reading.sentences[at]
    kinds = [one for one in mentions(terms, entry.about[at]) if one.kind != GENERIC]
    taken = [Act("collect", 0, 0, Actor("other"), kinds=kinds)] if kinds else []
    if sentence.row:
        led = leads.of(sentence.lead)
        given = led is not None and led.does == "share" and led.actor.who == "app" and not led.mood.negated
        return [*taken, Act("share", 0, 0, APP, kinds=list(kinds))] if kinds and given else taken
    if kinds and tells_information(terms, sentence):
        return taken
    told = acts(terms, sentence.plain, list(mentions(terms, sentence.plain)), Actor("other"))
    return told if any(act.actor.who == "other" for act in told) else taken


def _of_sentence(reading: Reading, at: int, own: OwnNames, leads: Leads) -> list[Act]:
    terms, sentence = reading.terms, reading.sentences[at]
    topics = reading.topics[at] if reading.topics else frozenset()
    if _states_nothing(terms, sentence, topics):
        return []
    about = [one for one in mentions(terms, sentence.plain) if not _is_goal(sentence.plain, one)]
    found = _by_rules(reading, at, own, leads, topics, about)
    return found if sentence.row else weighed(terms, sentence, topics, about, found)


def _is_goal(plain: str, one: Mention) -> bool:
    """Whether a place is only where something goes: "to outside the region you are in", not "information on where you are"."""
    return _GOAL.search(plain[: one.start]) is not None and _DATA.match(plain[one.start :]) is None


_GOAL = re.compile(
    r"(?:(?:传|送|转移|提供|披露|存储|保存|存放)[至到往于在]{1,2}|来自)[您你用户]{0,2}的?所在的?[^，。；的]{0,8}$"
)
"""Before a place that something is sent to, which is not what is sent."""
_DATA = re.compile(r"[^，。；：]{0,12}?(?:信息|数据|资料|记录)(?!中心|库|处理)")
"""The place, with others beside it, as what is taken."""


def _states_nothing(terms: Terms, sentence: Sentence, topics: frozenset[str]) -> bool:
    """A definition, or a case in which the law asks for no consent."""
    bare = without_number(sentence.plain)
    if terms.pattern("definition_start").match(bare) or (terms.has("definition", bare) and "collection" not in topics):
        return True
    return terms.has("law_only", sentence.plain) or terms.has("law_only", sentence.lead)


def _by_rules(
    reading: Reading, at: int, own: OwnNames, leads: Leads, topics: frozenset[str], about: list[Mention]
) -> list[Act]:
    terms, sentence = reading.terms, reading.sentences[at]
    item = [] if _speaks(terms, sentence.plain) else of_item(reading, at, about, leads)
    found = acts(terms, own.masked(sentence.plain), about, Actor("other") if of_sdk(terms, sentence) else APP)
    if topics and not topics & HANDLING and not item:
        return [act for act in found if act.told and act.verb != "give"]
    led = leads.of(sentence.lead) if found else None
    if led and led.mood.negated:
        found = [act if act.told else replace(act, mood=led.mood) for act in found]
    taken = [
        act
        for act in item
        if all(act.does != one.does for one in found) and (sentence.row or not any(one.verb != "used" for one in found))
    ]
    if topics & TAKING:
        _take_rest(terms, sentence.plain, about, taken, found)
    return [*taken, *found]


_LISTING = r"[^，。；]{0,40}(?:@state_told_of@)，?(?:@state_such_as@)"


def _take_rest(terms: Terms, text: str, about: list[Mention], taken: list[Act], found: list[Act]) -> None:
    """Lists of types in a sentence about taking or sharing that no verb was found for go with the first deed that fits."""
    more = rest(terms, text, about, [*taken, *found])
    if not taken and not found and terms.compiled(_LISTING).match(without_number(text)):
        more = about
    fitting = [act for act in [*taken, *found] if act.does in ("collect", "share") and not act.mood.negated]
    if more and fitting:
        fitting[0].kinds += more
    elif more and not terms.has("firm_negation", text) and not terms.has("state_says", text):
        others = terms.has("third_collects", text) and not terms.has("we_take", text)
        taken.append(Act("collect", 0, 0, Actor("other") if others else APP, kinds=more))


_SPEAKS = r"(?:@state_we@|@state_others@)[^，。；：]{0,30}(?:@state_speaks@)[^，。；：]{0,40}(?:@share@|@collect@|@state_used@)|(?:@state_says@)"


def _speaks(terms: Terms, text: str) -> bool:
    """A sentence that says something itself is no item of a list of types."""
    return terms.compiled(_SPEAKS).search(text) is not None


_FUNCTION = r"(?:使用|开启|体验|通过)(?:我们的|我们提供的|我们|本应用的|本)?[“【「]?(?P<what>[^，。；“”【】的]{2,16}?)[”】」]?(?:的)?(?:功能|服务)"


_NO_FUNCTION = re.compile(r"[和与及或等的]$|^(?:该|此|以下|上述|这些|前述|其他|相关|本)")


def _function(terms: Terms, text: str, heading: str) -> str | None:
    found = terms.compiled(_FUNCTION).search(text)
    if found and not terms.has("state_we", found["what"]) and not _NO_FUNCTION.search(found["what"]):
        return clip(found["what"])
    bare = without_number(heading)
    return (
        clip(bare) if bare and terms.has("state_function", bare) and not terms.has("heading_collects", bare) else None
    )

"""What the policy says is done, or not done, with each type of information: one statement a type, a deed and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from mingcha.catalogue.load import Catalogue
from mingcha.collect.policy_acts import GENERIC, Act, acts
from mingcha.collect.policy_information import purposes_in
from mingcha.collect.policy_parties import Entry, Parties
from mingcha.collect.policy_reading import Reading
from mingcha.collect.policy_text import Sentence, without_number
from mingcha.model.artefact import clip
from mingcha.model.fact import PolicyStatement
from mingcha.model.terms import Terms

SENTENCE_MOST = 40
"""Statements kept of one sentence; the first ones."""
POLICY_MOST = 3000
PHRASE_LIMIT = 80
HANDLING = frozenset({"collection", "permission", "sharing", "use", "storage", "cross_border", "personalisation", "minors"})


class Setting(NamedTuple):
    """What stands around a sentence: the entry of a list it belongs to, and the last heading."""

    entry: Entry | None
    heading: str


def statements(reading: Reading, tables: Catalogue, others: Parties) -> Iterator[PolicyStatement]:
    """All statements, in the order of the text."""
    yield from islice(_all(reading, tables, others), POLICY_MOST)


def _all(reading: Reading, tables: Catalogue, others: Parties) -> Iterator[PolicyStatement]:
    above = {row.parent for row in tables.information.values()}
    heading = ""
    for at, sentence in enumerate(reading.sentences):
        if sentence.title:
            heading = sentence.plain
            continue
        setting = Setting(others.of_sentence.get(at), heading)
        found = _of_row(reading, at, setting) if setting.entry else _of_sentence(reading, at)
        seen: set[tuple[object, ...]] = set()
        for act in found:
            for kind in _kinds(act):
                key = (act.does, kind, act.actor, act.mood.negated)
                if kind in tables.information and key not in seen and len(seen) < SENTENCE_MOST:
                    seen.add(key)
                    yield from _stated(reading, sentence, act, kind, kind not in above, setting)


def _kinds(act: Act) -> list[str]:
    """The types the deed is done with; the general word only where nothing else is named."""
    kinds = list(dict.fromkeys(kind for kind, _ in act.kinds))
    return [kind for kind in kinds if kind != GENERIC] or kinds


def _stated(
    reading: Reading, sentence: Sentence, act: Act, kind: str, clear: bool, setting: Setting
) -> Iterator[PolicyStatement]:
    terms, entry = reading.terms, setting.entry
    party = "app" if act.actor == "app" else None
    ids = entry.sdks if entry and act.actor == "other" else ()
    purpose = clip(entry.purpose) if entry and entry.purpose else next(iter(purposes_in(terms, sentence.plain)), None)
    for who in ids or (party,):
        yield PolicyStatement(
            place=reading.place(sentence),
            does=act.does,
            information=kind,
            clear=clear,
            party=who,
            named=(clip(entry.name) if entry else act.named) if act.actor == "other" else None,
            negated=act.mood.negated,
            receiver=clip(act.receiver) if act.receiver else None,
            purpose=purpose,
            condition=act.mood.condition,
            function=_function(terms, sentence.plain, setting.heading),
        )


def _of_row(reading: Reading, at: int, setting: Setting) -> list[Act]:
    """What a row or a line of an entry of an SDK list says: the SDK takes what is named."""
    entry = setting.entry
    assert entry is not None
    told = acts(reading.terms, reading.sentences[at].plain, "other")
    if any(act.actor == "other" for act in told):
        return told
    kinds = [(kind, start) for kind, start, _ in reading.terms.named(entry.about[at]) if kind != GENERIC]
    return [Act("collect", 0, 0, "other", kinds=kinds)] if kinds else []


_NOTHING = ("law_only", "state_about", "state_right")


def _of_sentence(reading: Reading, at: int) -> list[Act]:
    terms, sentence = reading.terms, reading.sentences[at]
    topics = reading.topics[at] if reading.topics else frozenset()
    defines = terms.pattern("definition_start").match(without_number(sentence.plain)) or terms.has("definition", sentence.plain)
    if defines or any(terms.has(name, sentence.plain) for name in _NOTHING) or terms.has("law_only", sentence.lead):
        return []
    if topics and not topics & HANDLING:
        return []
    return acts(terms, sentence.plain) or _of_item(reading, at)


def _of_item(reading: Reading, at: int) -> list[Act]:
    """An item has the verb of the sentence that introduces its list, or of the heading over it."""
    terms, sentence = reading.terms, reading.sentences[at]
    kinds = [(kind, start) for kind, start, _ in terms.named(sentence.plain)]
    if not kinds:
        return []
    around = sentence.lead or " ".join(sentence.header or ()).lower()
    led = [act for act in acts(terms, f"{around}信息")] if around else []
    if led:
        last = led[-1]
        return [Act(last.does, 0, 0, last.actor, last.named, last.mood, last.receiver, kinds=kinds)]
    if terms.has("heading_collects", sentence.heading) and (sentence.row or len(sentence.plain) <= PHRASE_LIMIT):
        return [Act("collect", 0, 0, "app", kinds=kinds)]
    return []


_FUNCTION = r"(?:使用|开启|体验|通过)(?:我们的|我们提供的|我们|本应用的|本)?[“【「]?(?P<what>[^，。；“”【】的]{2,16}?)[”】」]?(?:的)?(?:功能|服务)"


def _function(terms: Terms, text: str, heading: str) -> str | None:
    found = terms.compiled(_FUNCTION).search(text)
    if found and not terms.has("state_we", found["what"]):
        return clip(found["what"])
    bare = without_number(heading)
    return clip(bare) if bare and terms.has("state_function", bare) and not terms.has("heading_collects", bare) else None

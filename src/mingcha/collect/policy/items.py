"""Items of lists and rows of tables: what a sentence that only names things takes from the one that announced it, or its heading."""

from __future__ import annotations

import re

from mingcha.collect.policy.actors import APP, Actor
from mingcha.collect.policy.acts import acts
from mingcha.collect.policy.deeds import Act
from mingcha.collect.policy.information import GENERIC
from mingcha.collect.policy.mentions import Mention, mentions
from mingcha.collect.policy.reading import Reading
from mingcha.collect.policy.text import Sentence, without_number
from mingcha.model.terms import Terms

LEAD_LIMIT = 200
ITEM_START = 6
"""Characters before the first type named in an item that only names types, at most."""


class Leads:
    """What sentences that announce lists say, each read once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._read: dict[str, Act | None] = {}

    def of(self, lead: str) -> Act | None:
        """The last deed of the sentence, whatever it names itself."""
        if lead not in self._read:
            self._read[lead] = _led(self._terms, lead)
        return self._read[lead]


def _led(terms: Terms, lead: str) -> Act | None:
    if not lead:
        return None
    whole = f"{lead[-LEAD_LIMIT:]}{terms.words.get('information_word', ('',))[0]}"
    found = acts(terms, whole, list(mentions(terms, whole)))
    told = [act for act in found if not act.weak] or [act for act in found if act.does == "collect"]
    return told[-1] if told else None


def of_item(reading: Reading, at: int, about: list[Mention], leads: Leads) -> list[Act]:
    """An item has the verb of the sentence that introduces its list, or of the heading over it."""
    terms, sentence = reading.terms, reading.sentences[at]
    around = sentence.lead or " ".join(sentence.header or ()).lower()
    named = about or (_unnamed(terms, sentence) if sentence.row or _only_names(terms, sentence.plain, about) else [])
    if not named:
        return []
    act = leads.of(around)
    if act and (about or not act.mood.negated):
        return [Act(act.does, 0, 0, act.actor, mood=act.mood, receiver=act.receiver, kinds=named)]
    collects = reading.role == "collection_list" or _under_collecting(terms, sentence)
    if collects and (sentence.row or _only_names(terms, sentence.plain, about)):
        return [Act("collect", 0, 0, Actor("other") if of_sdk(terms, sentence) else APP, kinds=named)]
    return []


_KEYED = re.compile(r"[^：，。]{1,14}：")


def of_sdk(terms: Terms, sentence: Sentence) -> bool:
    """A line "information: …" right under a heading that names an SDK, which no list of entries was made of."""
    return bool(sentence.path) and _KEYED.match(sentence.plain) is not None and terms.has("sdk", sentence.path[-1])


def _under_collecting(terms: Terms, sentence: Sentence) -> bool:
    """Whether the nearest heading that says what is done says that information is collected."""
    for heading in reversed(sentence.path):
        if terms.has("heading_collects", heading):
            return True
        if terms.has("heading_else", heading):
            return False
    return False


_PART_END = re.compile(r"[（，。；：:]|--| - ")


def _only_names(terms: Terms, text: str, about: list[Mention]) -> bool:
    """An item that begins with the name of some information, or with a word and a colon before it, and has no verb of its own there."""
    bare = terms.compiled("^(?:@state_such_as@)[，：]?").sub("", without_number(text))
    offset = len(text) - len(bare)
    parts = _PART_END.split(bare, maxsplit=2)
    if terms.has("state_finite", parts[0]):
        return False
    if about and about[0].start - offset <= max(ITEM_START, len(parts[0]) + 2):
        return True
    return terms.compiled("(?:@state_thing@|@state_information@)$").search(parts[0]) is not None


def _unnamed(terms: Terms, sentence: Sentence) -> list[Mention]:
    """The whole item, which names information that no term knows."""
    if sentence.row and not any(
        terms.has("heading_collects", cell.lower()) or terms.has("row_information", cell)
        for cell in sentence.header or ()
    ):
        return []
    return [Mention(GENERIC, 0, len(sentence.plain))]

"""Words that promise something of value for a permission or for information."""

from __future__ import annotations

from mingcha.collect.screens.controls import tappable
from mingcha.collect.screens.items import Item
from mingcha.collect.screens.kinds import about_permission
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import CLAUSES, Words

_GAP = 5
_DIALOG = 7
"""Texts of a dialog, its buttons among them."""
_FORM, _FIELDS = 14, 2
"""Texts of a form, and fields of one that asks for more than how to reach somebody."""


def reward(seen: Seen) -> str | None:
    """Words that promise something for information: in one text, or in a dialog or form where another one asks for it."""
    texts = [item for item in seen.sheet.texts if item.alone]
    plain = next((item.text for item in texts if _promises(item.plain, seen.words)), None)
    if plain is not None:
        return plain
    asks = _dialog_asks(seen, texts) or _form_asks(seen, texts)
    promised = next((item for item in texts if _promised(item.plain, seen.words)), None)
    return promised.text if asks and promised is not None and not _denied(texts, seen.words) else None


def _promises(plain: str, words: Words) -> bool:
    """One text that says both what is to be given and what is got for it."""
    if words.has("ui_reward_not", plain) or not words.has("ui_gives", plain):
        return False
    given = words.has("ui_data", plain) or words.has("ui_reward_for", plain)
    return given and _worth(plain, words)


def _worth(plain: str, words: Words) -> bool:
    """Something of value, not a word that only holds the letters of one."""
    plain = words.without("ui_reward_else", plain)
    return words.has("ui_reward", plain) or bool(words.joined("ui_gift_verb", "ui_gift", plain, gap=_GAP))


def _promised(plain: str, words: Words) -> bool:
    """Something of value with the verb of giving it: a shop where points can be spent promises none."""
    plain, things = words.without("ui_reward_else", plain), ("ui_gift", "ui_reward")
    pairs = [("ui_gift_verb", thing) for thing in things] + [(thing, "ui_paid_out") for thing in things]
    return any(words.joined(one, other, plain, gap=_GAP) for one, other in pairs)


def _denied(texts: list[Item], words: Words) -> bool:
    return any(words.has("ui_reward_not", item.plain) for item in texts)


def _dialog_asks(seen: Seen, texts: list[Item]) -> bool:
    """A dialog of few words with a button that gives in, and a permission or information to be given."""
    if seen.fields or len(texts) > _DIALOG or not seen.says_yes or not (seen.says_no or "agree" in seen.labels):
        return False
    return about_permission(seen) or any(_gives(item.plain, seen.words) for item in texts)


def _gives(plain: str, words: Words) -> bool:
    data = words.has("ui_data", plain) or words.has("ui_reward_for", plain)
    return data and any(words.has("ui_gives", clause) for clause in CLAUSES.split(plain))


def _form_asks(seen: Seen, texts: list[Item]) -> bool:
    """A form for information whose button is named after what is got for it."""
    words = seen.words
    personal = [item for item in seen.fields if words.has("ui_data", item.plain)]
    buttons = [item for item in tappable(seen.sheet) if item.button and item not in seen.titles]
    gets = any(words.has("ui_to_get", item.plain) for item in buttons)
    return len(personal) >= _FIELDS and len(texts) <= _FORM and gets

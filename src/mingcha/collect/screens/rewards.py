"""Words that promise something of value for a permission or for information."""

from __future__ import annotations

from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words

_GAP = 5
_DIALOG = 5
"""Texts of a dialog, its buttons among them."""


def reward(seen: Seen) -> str | None:
    """Words that promise something for information; in a dialog its title may promise what the text asks for."""
    texts = [item for item in seen.sheet.texts if item.alone]
    plain = next((item.text for item in texts if _promises(item.plain, seen.words)), None)
    if plain is None and seen.titles and seen.says_yes and seen.says_no and len(texts) <= _DIALOG:
        title = seen.titles[0]
        both = [item for item in texts if item is not title and _promises(title.plain + "，" + item.plain, seen.words)]
        return title.text if both and seen.words.has("ui_reward", title.plain) else None
    return plain


def _promises(plain: str, words: Words) -> bool:
    if words.has("ui_reward_not", plain) or not words.has("ui_gives", plain):
        return False
    given = words.has("ui_data", plain) or words.has("ui_reward_for", plain)
    return given and (words.has("ui_reward", plain) or bool(words.joined("ui_gift_verb", "ui_gift", plain, gap=_GAP)))

"""Words that promise something of value for a permission or for information."""

from __future__ import annotations

from mingcha.collect.screens.seen import Seen


def reward(seen: Seen) -> str | None:
    """Words that promise something for information."""
    for item in seen.sheet.texts:
        plain = item.plain
        if (
            item.alone
            and seen.words.has("ui_reward", plain)
            and seen.words.has("ui_gives", plain)
            and (seen.words.has("ui_data", plain) or seen.words.has("ui_reward_for", plain))
            and not seen.words.has("ui_reward_not", plain)
        ):
            return item.text
    return None

"""Whether a screen tells that the policy has changed: a dialog that says so, or a line on the main screen."""

from __future__ import annotations

import re

from mingcha.collect.screens.items import Sheet
from mingcha.collect.screens.reading import ScreenReading
from mingcha.collect.screens.wording import Words

_NEAR = 10
"""Characters between the word for a change and the policy's name."""
_LONGEST = 80
_SENTENCES = re.compile("[。！!；;？?\n]|(?<=[a-z])[.] ")
_DIALOGS = frozenset({"consent", "other", "login"})
_ASKS_TO_READ = ("ui_read_words", "ui_tap_words", "ui_please")
"""What a line on the main screen has to say besides: without it, it may be a headline on somebody else's policy."""


def tells_of_change(sheet: Sheet, reading: ScreenReading, words: Words) -> str | None:
    """The text that tells of a changed policy; what only may change some day, and a list of old versions, tell nothing."""
    dialog = reading.kind in _DIALOGS and bool({button.label for button in reading.buttons} & {"agree", "go"})
    if not dialog and reading.kind != "main":
        return None
    for item in sheet.texts:
        told = item.alone and any(
            _changed(part, words) for part in _SENTENCES.split(item.plain) if len(part) <= _LONGEST
        )
        if told and (dialog or any(words.has(name, item.plain) for name in _ASKS_TO_READ)):
            return item.text
    return None


def _changed(sentence: str, words: Words) -> bool:
    if words.has("ui_changed_not", sentence):
        return False
    changed, named = words.spans("ui_changed", sentence), words.spans("ui_policy", sentence)
    return any(0 <= max(a, c) - min(b, d) <= _NEAR for a, b in changed for c, d in named)

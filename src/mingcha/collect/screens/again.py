"""Whether a question says of itself that it is put again after a no."""

from __future__ import annotations

import re

from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words

_SENTENCE = re.compile("[。！!；;\n]")
_QUOTES = re.compile('[“”「」『』"]')
"""Around what was tapped: the words count, the marks do not."""


def asks_again(seen: Seen) -> bool:
    """Words that tell of an earlier no; those on what comes later, or what would be, are none."""
    renewed = seen.has("ui_renewed")
    for item in seen.sheet.texts:
        for sentence in _SENTENCE.split(_QUOTES.sub("", item.plain)) if item.alone else ():
            if seen.words.has("ui_not_now", sentence):
                continue
            if _tells_of_a_no(sentence, seen.words):
                return True
            # To read it once more is also asked where the paper is a new one.
            if not renewed and seen.words.has("ui_again_weak", sentence):
                return True
    return False


def _tells_of_a_no(sentence: str, words: Words) -> bool:
    if words.has("ui_again", sentence) or words.joined("ui_earlier", "ui_said_no", sentence, gap=10):
        return True
    earlier = words.joined("ui_earlier", "ui_said_off", sentence, gap=10)
    return (
        bool(earlier)
        and words.has("ui_you", sentence)
        and bool(words.joined("ui_said_off", "ui_off_what", sentence, gap=4))
    )

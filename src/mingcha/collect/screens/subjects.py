"""What a question of the app's own is about: the policy, or something else that is done by it.

Many questions name the policy and are not about it: whoever wants no personalised advertising "in line with our policy" has not
refused the policy. The policy is asked about where a sentence speaks of agreeing to it, or where nothing else is asked about.
"""

from __future__ import annotations

import re

from mingcha.collect.screens.groups import asked
from mingcha.collect.screens.leading import TITLE
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words

_NEAR, _FAR = 4, 24
"""Characters between a word for consent and the policy's name: other papers' names stand there too."""
_SENTENCES = re.compile("(?<=[。！!；;？?\n])")


def asks_about_policy(seen: Seen) -> bool:
    """Whether a question that is put on a screen is the policy's own."""
    sentences = [_without_special_papers(one, seen.words) for one in _sentences(seen)]
    if not any(seen.words.has("ui_policy", one) for one in sentences):
        return not seen.has("ui_policy")  # it is named, if at all, as a special thing's own paper
    if any(_agrees_to_it(one, seen.words) for one in sentences):
        return not _titled_special(seen)
    return not _asks_something_else(seen)


def _sentences(seen: Seen) -> list[str]:
    alone = [item.plain for item in seen.sheet.texts if item.alone]
    return [part for plain in alone for part in _SENTENCES.split(plain) if part]


def _without_special_papers(sentence: str, words: Words) -> str:
    """The sentence without names of papers that are a special thing's own: those on children, or on members."""
    return TITLE.sub(lambda name: "" if words.has("ui_special", name[0]) else name[0], sentence)


def _agrees_to_it(sentence: str, words: Words) -> bool:
    """A word for consent, and the policy's name after it with nothing between that makes it a mere basis."""
    agreed = [end for _, end in words.spans("ui_consents", sentence)]
    named = [start for start, _ in words.spans("ui_policy", sentence)]
    pairs = [(end, start) for end in agreed for start in named if 0 <= start - end <= _FAR]
    between = (sentence[end:start] for end, start in pairs)
    return any(not words.has("ui_basis", words_on) and not words.has("ui_special", words_on) for words_on in between)


def _asks_something_else(seen: Seen) -> bool:
    """A title names a special thing, or the question itself is whether one wants it or gives a permission."""
    return _titled_special(seen) or any(_wants_special(one, seen.words) for one in _sentences(seen))


def _titled_special(seen: Seen) -> bool:
    """Joining a club, playing a game: who agrees to the policy for that has refused that alone."""
    titles = [item.plain for item in seen.titles if not seen.words.has("ui_policy", item.plain)]
    return any(seen.words.has("ui_special", plain) for plain in titles)


def _wants_special(sentence: str, words: Words) -> bool:
    """A question with a word for wanting before what is wanted, or a word for consent right before it."""
    if words.joined("ui_consents", "ui_special", sentence, gap=_NEAR):
        return True
    if not (words.has("ui_question", sentence) or words.has("ui_whether", sentence)):
        return False
    special = bool(words.joined("ui_wanting", "ui_special", sentence, gap=_FAR))
    return special or bool(asked(sentence, words))

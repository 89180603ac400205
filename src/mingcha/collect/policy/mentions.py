"""Types of information a clause names as something that is handled.

Left out: a way in which something is done ("通过短信通知您"), what is sent to the person, and a word that is only part of another thing
("手机号登录"). A word before "permission" names a permission, and the information only by what that permission opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mingcha.model.terms import Terms

GENERIC = "generic.pi"
_TECHNIQUE = "net.cookie"
"""Named as a technique more often than as information."""
_PARTS = frozenset({"dev.hw", "dev.memory", "media.storage"})
"""Parts of a device, where something may be done."""
NEAR = 40
"""Characters around a word that are looked at."""


class Mention(NamedTuple):
    """A type of information with its place in the sentence; ``permission``: only a permission for it is named."""

    kind: str
    start: int
    end: int
    permission: bool = False


_THING = r"(?:@state_thing@)(?!@state_no_thing@)"
_WAY_BEFORE = r"(?:@mention_by@)[^，。；：]{0,22}$"
_WAY_AFTER = r"^[^，。；：]{0,12}?(?:@mention_way@)"
_SENT = r"(?:@mention_sent@)(?!的)[^，。；：]{0,8}$"
_PERMISSION = r"^(?:[^，。；：]{0,4}|(?:[、和及与或/][^，。；：、和及与或/]{1,8}){1,8})(?:@permission@)"
_PART = r"^(?:@mention_part@)"


def mentions(terms: Terms, sentence: str) -> Iterator[Mention]:
    """The types a plain sentence names."""
    for kind, a, b in terms.named(sentence):
        before, after = sentence[max(0, a - NEAR) : a], sentence[b : b + 2 * NEAR]
        if terms.compiled(_PART).search(after) or (terms.has("mention_by", before) and _is_way(terms, before, after)):
            continue
        if terms.compiled(_SENT).search(before):
            continue
        if _is_place(terms, kind, before, after) or terms.compiled(_PARTY).search(after):
            continue
        asked = terms.has("permission", sentence[a:b]) or terms.compiled(_PERMISSION).search(after) is not None
        yield Mention(kind, a, b, asked)


_IN = re.compile(r"(?:在|于)[^，。；：、]{0,8}$")
_INSIDE = re.compile(r"^(?:中|里|内|上)")
_PARTY = r"^的[^，。；：、]{0,10}(?:@state_providers@)"
"""What a third party has or gives is said to tell which party is meant."""


def _is_place(terms: Terms, kind: str, before: str, after: str) -> bool:
    """A part of the device in which something is done: "in the memory", "in the settings"."""
    return (
        terms.language == "zh"
        and kind in _PARTS
        and _IN.search(before) is not None
        and _INSIDE.match(after) is not None
    )


def _is_way(terms: Terms, before: str, after: str) -> bool:
    return (
        terms.compiled(_WAY_BEFORE).search(before) is not None and terms.compiled(_WAY_AFTER).search(after) is not None
    )


def is_technique(terms: Terms, sentence: str, mention: Mention) -> bool:
    """A cookie as a way of storing, not as the information in it."""
    return mention.kind == _TECHNIQUE and terms.compiled("^(?:@mention_data@)").search(sentence[mention.end :]) is None


def things(terms: Terms, text: str, start: int, about: Sequence[Mention]) -> list[Mention]:
    """The first thing behind ``start`` that is information without any known name ("your preferences"), as information in general."""
    found = terms.compiled(_THING).search(text, start)
    if found is None or any(one.start < found.end() and found.start() < one.end for one in about):
        return []
    return [Mention(GENERIC, found.start(), found.end())]


def listed(found: Sequence[Mention]) -> list[Mention]:
    """Those that stand next to another one, as items of a list do."""
    return [
        one
        for n, one in enumerate(found)
        if (n and one.start - found[n - 1].end <= 2) or (n + 1 < len(found) and found[n + 1].start - one.end <= 2)
    ]

"""What a question about permissions says: which ones it asks for, and what for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from mingcha.collect.screens.groups import GROUPS, asked, heading
from mingcha.collect.screens.items import Item, Sheet
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import CLAUSES, Words

_QUOTED = re.compile('[“「『"][^”」』"]{1,20}[”」』"]')
_LETTER = re.compile(r"\w")
_LEFT = 1
"""Letters that a mere request may have beside its words."""
_MORE, _CLAUSE = 5, 8
"""Characters of a text, and of a clause, that may be a purpose."""
_NO_PURPOSE = ("ui_question", "ui_if_refused", "ui_shut_out", "ui_off_said", "ui_purpose_vague", "ui_reward")
Purpose = Literal["clear", "vague", "none"]


class Asked(Struct, frozen=True, kw_only=True):
    """The permissions a dialog speaks of, by group, and whether it says what they are for."""

    groups: tuple[str, ...]
    purpose: Purpose
    text: str | None = None
    implied: bool = False
    """Whether the purpose is told in no words for one, by what is done with the permission."""
    unsure: bool = False
    """Whether the dialog says something more that may be a purpose in other words."""


def permission(seen: Seen, *, own: bool) -> Asked:
    """Which permissions are asked for, and what the dialog says they are for; ``own``: the app explains, not the system asks."""
    words = seen.words
    labelled = {button.box for button in seen.buttons}
    texts = [item for item in seen.sheet.texts if item.alone and item.box not in labelled]
    asking = [item for item in texts if words.has("ui_permission_asks", item.plain)]
    groups = _groups_of(seen, asking, texts)
    said = [item for item in texts[1:] if item.plain != texts[0].plain] or texts
    plain_words = next((item for item in texts if _tells(item, words)), None)
    clear = plain_words or next(
        (i for i in said if _acts_for(_after_asking(i, words, own=own) if i in asking else i.plain, words)), None
    )
    vague = next((item for item in texts if any(_empty(c, words) for c in CLAUSES.split(item.plain))), None)
    implied = clear is not None and plain_words is None
    purpose: Purpose = "clear" if clear else "vague" if vague else "none"
    text = clear or vague
    more = [item for item in texts if item not in asking and len(item.plain) >= _MORE]
    unsure = [i for i in more if not words.has("ui_permission_usual", i.plain) and not _bare_request(i.plain, words)]
    if purpose == "none" and own and not seen.has("ui_reward"):
        text = next((i for i in unsure if i in said and _explains(i.plain, words)), None)
        purpose, implied = ("clear", True) if text else (purpose, implied)
    return Asked(groups=groups, purpose=purpose, text=text.text if text else None, implied=implied, unsure=bool(unsure))


def _groups_of(seen: Seen, asking: list[Item], texts: list[Item]) -> tuple[str, ...]:
    """By the text that asks, else by rows that are headed by them, else by any text, else by the button that agrees."""
    words, heads = seen.words, headings(seen)
    plains = [[item.plain for item in items] for items in (asking, texts)]
    if not asking or not groups_in(plains[0], words):
        plains = [[_wanted(plain, words) for plain in plains[1]], plains[1]]
        if len(heads) > 1:
            return heads
    found = (groups_in(some, words) for some in [*plains, [b.plain for b in seen.buttons if b.label == "agree"]])
    return next((groups for groups in found if groups), ())


def _wanted(plain: str, words: Words) -> str:
    """The text without clauses on what is not done."""
    return "，".join(clause for clause in CLAUSES.split(plain) if clause and not words.has("ui_will_not", clause))


def _after_asking(item: Item, words: Words, *, own: bool) -> str:
    """On a page of the app's own, what a text says beside the clause that asks."""
    clauses = CLAUSES.split(item.plain) if own else []
    return "，".join(clause for clause in clauses if not words.has("ui_permission_asks", clause))


def tells_any(sheet: Sheet, words: Words) -> bool:
    """Whether any text of a screen tells some purpose, whatever it is for."""
    return any(_tells(item, words) or words.has("ui_purpose_vague", item.plain) for item in sheet.texts if item.alone)


def purposes_on(sheet: Sheet, words: Words, *, notes: bool = False) -> tuple[str, ...]:
    """Groups of permissions named in a text that tells a purpose, or under a title that names them.

    ``notes``: beside the system's question, so that what the app does with it under such a title is a purpose in any words.
    """
    found: list[str] = []
    for item in sheet.texts:
        tells = item.alone and _tells(item, words)
        if tells or (notes and item.alone and _acts_for(item.plain, words)):
            above = groups_in(_right_above(item, sheet), words)
            found += (asked(item.plain, words) or above) if tells or above else ()
    return tuple(dict.fromkeys(found))


def _right_above(item: Item, sheet: Sheet) -> list[str]:
    near = 0.05 * sheet.size[1]
    return [other.plain for other in sheet.texts if other.alone and 0 <= item.box[1] - other.box[3] < near]


def headings(seen: Seen) -> tuple[str, ...]:
    """The groups that rows are headed by."""
    found = (heading(item.plain, seen.words) for item in seen.sheet.texts if item.alone)
    return tuple(dict.fromkeys(group for group in found if group))


def groups_in(plains: list[str], words: Words) -> tuple[str, ...]:
    """The groups of permissions that any of these texts speaks of."""
    return tuple(dict.fromkeys(group for plain in plains for group in asked(plain, words)))


def _tells(item: Item, words: Words) -> bool:
    """A purpose that is more than an empty phrase, and more than what anybody can do who holds the permission."""
    if words.has("ui_question", item.plain):
        return False
    clauses = [clause for clause in CLAUSES.split(item.plain) if clause and not words.has("ui_able", clause)]
    return any(words.has("ui_purpose", clause) and _says_more(clause, words) for clause in clauses)


def _says_more(clause: str, words: Words) -> bool:
    """Whether something is left of a clause that is neither an empty phrase nor a mere request."""
    return not _empty(clause, words) and not _bare_request(clause, words)


def _empty(clause: str, words: Words) -> bool:
    """A phrase that fits any app: a better experience, normal service."""
    pairs = (("ui_more", "ui_vague_thing"), ("ui_vague_thing", "ui_more"))
    if words.has("ui_purpose_vague", clause) or any(words.joined(a, b, clause, gap=6) for a, b in pairs):
        return True
    return words.has("ui_purpose", clause) and _nothing_left(clause, words, ("ui_purpose", "ui_purpose_filler"))


def _nothing_left(plain: str, words: Words, names: Iterable[str]) -> bool:
    """Whether a text is made of words of these lists, but for a letter."""
    taken = [span for name in names for span in words.spans(name, plain)]
    rest = "".join(" " if any(a <= n < b for a, b in taken) else letter for n, letter in enumerate(plain))
    return len(_LETTER.findall(rest)) <= _LEFT


def _acts_for(plain: str, words: Words) -> bool:
    """A clause that names what the app does with it, in no words for a purpose."""
    if words.has("ui_question", plain):
        return False
    clauses = [clause for clause in CLAUSES.split(plain) if clause and not words.has("ui_able", clause)]
    return any(
        words.has("ui_acts_for", clause) and _says_more(clause, words) and not words.has("ui_permission_usual", clause)
        for clause in clauses
    )


def _explains(plain: str, words: Words) -> bool:
    """A clause of the app's own page that says something, and neither asks, threatens nor sends to the settings."""
    if any(words.has(name, plain) for name in _NO_PURPOSE):
        return False
    return any(
        len(clause) >= _CLAUSE and _says_more(clause, words) and not words.has("ui_permission_usual", clause)
        for clause in CLAUSES.split(plain)
    )


def _bare_request(plain: str, words: Words) -> bool:
    """Nothing but the wish for a permission, or that it is off."""
    names = (*(f"ui_ask_{group}" for group in GROUPS), "ui_permission_asks", "ui_permission_about", "ui_bare")
    rest = _QUOTED.sub("", plain)
    for name in names:
        rest = words.without(name, rest)
    return len(_LETTER.findall(rest)) <= _LEFT

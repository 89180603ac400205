"""What a screen's words say about consent: passive consent, no way to refuse, what refusing ends, rewards, purposes."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from mingcha.collect.screens.controls import tappable
from mingcha.collect.screens.groups import asked
from mingcha.collect.screens.items import Item, Sheet
from mingcha.collect.screens.kinds import Seen
from mingcha.collect.screens.wording import Words
from mingcha.model.words import ScreenKind

_MORE = 5
"""Characters of a text in a dialog that may be a purpose."""
Purpose = Literal["clear", "vague", "none"]


class Asked(Struct, frozen=True, kw_only=True):
    """The permissions a dialog speaks of, by group, and whether it says what they are for."""

    groups: tuple[str, ...]
    purpose: Purpose
    text: str | None = None
    unsure: bool = False
    """Whether the dialog says something more that may be a purpose in other words."""


def first_with(seen: Seen, name: str) -> str | None:
    """The first text that has a word of the list."""
    return next((item.text for item in seen.sheet.texts if seen.words.has(name, item.plain)), None)


def passive(seen: Seen) -> str | None:
    """Words that call something else consent to the policy, where neither a box nor a plain "agree" asks for it."""
    if any(tick.means == "consent" for tick in seen.ticks) or "agree" in seen.labels:
        return None
    for item in seen.sheet.texts:
        plain = item.plain
        if (
            item.alone
            and seen.words.has("ui_passive", plain)
            and not seen.words.has("ui_passive_not", plain)
            and _of_terms(plain, seen)
        ):
            return item.text
    return None


def _of_terms(plain: str, seen: Seen) -> bool:
    return any(seen.words.has(name, plain) for name in ("ui_policy", "ui_other_terms", "ui_box_terms"))


def no_refuse(seen: Seen, kind: ScreenKind) -> bool | None:
    """A consent dialog without a way to say no; a small cross counts as one."""
    if kind != "consent":
        return None
    if seen.says_no or any(_cross(item, seen.words) for item in seen.sheet.items):
        return False
    return None if _others(seen) else True


def _others(seen: Seen) -> bool:
    """Something else to tap whose meaning is not known: it may be a way out."""
    known = {button.box for button in seen.buttons}
    names = ("ui_policy", "ui_other_terms", "ui_read_more", "ui_read_words", "ui_box_terms", "ui_back")
    return any(
        item.box not in known and not any(seen.words.has(name, item.plain) for name in names) and len(item.plain) <= 24
        for item in tappable(seen.sheet)
    )


def _cross(item: Item, words: Words) -> bool:
    return item.clickable is not False and (
        words.whole("ui_close", item.plain) or (item.role == "image" and words.has("ui_close_names", item.name.lower()))
    )


def shuts_out(seen: Seen) -> bool:
    """A button that leaves, or a sentence that says what refusing ends."""
    if any(b.label == "leave" or (b.label == "refuse" and seen.words.has("ui_leave", b.plain)) for b in seen.buttons):
        return True
    for item in seen.sheet.texts:
        for sentence in re.split("[。！!；;\n]", item.plain):
            refused = seen.words.spans("ui_if_refused", sentence)
            ends = seen.words.spans("ui_shut_out", sentence)
            if refused and ends and min(refused) < max(ends) and not seen.words.has("ui_not_shut_out", sentence):
                return True
    return False


def bundled(seen: Seen, kind: ScreenKind) -> bool:
    """One yes for the policy and for other things besides."""
    scopes = [tick.plain for tick in seen.ticks if tick.means == "consent"]
    if any(seen.words.count("ui_besides", scope) >= 2 for scope in scopes):
        return True
    if not seen.has("ui_all"):
        return False
    return seen.words.count("ui_besides", seen.whole) >= 2 and (kind != "permission")


def reward(seen: Seen) -> str | None:
    """Words that promise something for information."""
    for item in seen.sheet.texts:
        plain = item.plain
        if (
            item.alone
            and seen.words.has("ui_reward", plain)
            and seen.words.has("ui_gives", plain)
            and seen.words.has("ui_data", plain)
        ):
            return item.text
    return None


def permission(seen: Seen) -> Asked:
    """Which permissions are asked for, and what the dialog says they are for."""
    words = seen.words
    labelled = {button.box for button in seen.buttons}
    texts = [item for item in seen.sheet.texts if item.alone and item.box not in labelled]
    asking = [item for item in texts if words.has("ui_permission_asks", item.plain)]
    groups = groups_in([item.plain for item in asking], words) or groups_in([item.plain for item in texts], words)
    clear = next((item for item in texts if _tells(item, words)), None)
    vague = next((item for item in texts if words.has("ui_purpose_vague", item.plain)), None)
    purpose: Purpose = "clear" if clear else "vague" if vague else "none"
    text = clear or vague
    more = [item for item in texts if item not in asking and len(item.plain) >= _MORE]
    unsure = any(not words.has("ui_permission_usual", item.plain) for item in more)
    return Asked(groups=groups, purpose=purpose, text=text.text if text else None, unsure=unsure)


def tells_any(sheet: Sheet, words: Words) -> bool:
    """Whether any text of a screen tells some purpose, whatever it is for."""
    return any(_tells(item, words) or words.has("ui_purpose_vague", item.plain) for item in sheet.texts if item.alone)


def purposes_on(sheet: Sheet, words: Words) -> tuple[str, ...]:
    """Groups of permissions named in a text that tells a purpose, or under a title that names them."""
    found: list[str] = []
    for item in sheet.texts:
        if _tells(item, words) and item.alone:
            above = [
                other.plain
                for other in sheet.texts
                if other.alone and 0 <= item.box[1] - other.box[3] < 0.05 * sheet.size[1]
            ]
            found += asked(item.plain, words) or groups_in(above, words)
    return tuple(dict.fromkeys(found))


def groups_in(plains: list[str], words: Words) -> tuple[str, ...]:
    """The groups of permissions that any of these texts speaks of."""
    return tuple(dict.fromkeys(group for plain in plains for group in asked(plain, words)))


def _tells(item: Item, words: Words) -> bool:
    """A purpose that is more than an empty phrase."""
    asks = words.has("ui_question", item.plain)
    return not asks and words.has("ui_purpose", item.plain) and not words.has("ui_purpose_vague", item.plain)

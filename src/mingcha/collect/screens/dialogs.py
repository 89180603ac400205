"""What a screen's words say about consent: passive consent, no way to refuse, what refusing ends, rewards, purposes."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from mingcha.collect.screens.controls import tappable
from mingcha.collect.screens.groups import GROUPS, asked
from mingcha.collect.screens.items import Item, Sheet
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words
from mingcha.model.words import ScreenKind

_SENTENCE, _PAGE = 60, 400
"""Letters of a sentence and of its page on which a banner may call something consent."""
_SPAN, _NAMES, _NAME = 14, 4, 24
_QUOTED = re.compile('[“「『"][^”」』"]{1,20}[”」』"]')
_LETTER = re.compile(r"\w")
_LEFT = 1
"""Letters that a mere request may have beside its words."""
_CLAUSES = re.compile("[，。；！!;,\n]|(?<=[a-z])[.]")
_MORE = 5
"""Characters of a text in a dialog that may be a purpose."""
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


def first_with(seen: Seen, name: str) -> str | None:
    """The first text that has a word of the list."""
    return next((item.text for item in seen.sheet.texts if seen.words.has(name, item.plain)), None)


def passive(seen: Seen) -> str | None:
    """Words that call something else consent to the policy, where neither a box nor a plain "agree" asks for it."""
    if any(tick.means == "consent" for tick in seen.ticks) or "agree" in seen.labels:
        return None
    for item in seen.sheet.texts:
        plain = _with_names_after(item, seen)
        if item.alone and _amounts_to_consent(plain, seen.words) and _of_terms(plain, seen):
            return item.text
    return None


def banner(seen: Seen) -> str | None:
    """The same on a page that asks nothing, in one short sentence that names the policy itself."""
    text = passive(seen)
    short = text is not None and len(text) <= _SENTENCE * (1 + text.isascii()) and len(seen.whole) <= _PAGE
    named = text is not None and seen.words.has("ui_policy", seen.words.plain(text))
    terms = any(
        seen.words.has(name, item.plain) for name in ("ui_policy", "ui_other_terms") for item in seen.titles[:1]
    )
    return text if short and named and not terms else None


def _amounts_to_consent(plain: str, words: Words) -> bool:
    """Something is called consent; not where it is denied or asked."""
    if words.has("ui_passive_not", plain) or words.has("ui_question", plain):
        return False
    found = words.joined("ui_amounts", "ui_consents", plain, gap=_SPAN) + words.spans("ui_passive", plain)
    # What amounts to it must be something that a person does: "the policy shows that …" is none.
    return any(not _negated(plain[:start], words) and words.has("ui_going_on", plain[:end]) for start, end in found)


def _negated(before: str, words: Words) -> bool:
    """Whether a word right before denies what follows, or a longer one ("will not") in the same clause."""
    clause = _CLAUSES.split(before)[-1]
    found = words.spans("ui_not_before", clause)
    return any(end - start > 1 or end >= len(clause) - 1 for start, end in found)


def _with_names_after(item: Item, seen: Seen) -> str:
    """A text with the names that follow it as links of their own, where it ends with the word for consent."""
    plain = item.plain
    ends = [end for _, end in seen.words.spans("ui_consents", plain)]
    if not ends or max(ends) < len(plain.rstrip("：:")):
        return plain
    after = [other for other in seen.sheet.texts if other.alone and other is not item and _follows(item, other)]
    return plain + "".join(other.plain for other in after[:_NAMES] if len(other.plain) <= _NAME)


def _follows(item: Item, other: Item) -> bool:
    """Whether a text stands right of another or in one of the next lines."""
    high = item.box[3] - item.box[1]
    return 0 <= other.box[1] - item.box[1] <= 4 * high and (
        other.box[1] > item.box[1] or other.box[0] >= item.box[2] - 4
    )


def _of_terms(plain: str, seen: Seen) -> bool:
    return any(seen.words.has(name, plain) for name in ("ui_policy", "ui_other_terms", "ui_box_terms"))


def no_refuse(seen: Seen, kind: ScreenKind) -> bool | None:
    """A consent dialog without a way to say no; a small cross counts as one."""
    if kind != "consent":
        return None
    if seen.says_no or any(_cross(item, seen.words) for item in seen.sheet.items):
        return False
    return None if _others(seen) or _may_decline(seen) else True


def _may_decline(seen: Seen) -> bool:
    """A box left empty, a form that may be left, a mark like a cross, or a sentence on how to say no."""
    open_box = any(tick.means == "consent" and tick.checked is not True for tick in seen.ticks)
    form = any(item.role == "field" for item in seen.sheet.items)
    mark = any(seen.words.whole("ui_close", item.plain) for item in seen.sheet.texts)
    return (
        open_box or form or mark or any(_tells_how(item.plain, seen.words) for item in seen.sheet.texts if item.alone)
    )


def _tells_how(plain: str, words: Words) -> bool:
    """A sentence says that one may refuse."""
    pairs = (("ui_if_refused", "ui_may"), ("ui_may", "ui_if_refused"))
    return words.has("ui_other_way", plain) or any(words.joined(a, b, plain, gap=6) for a, b in pairs)


def _others(seen: Seen) -> bool:
    """Something else to tap whose meaning is not known: it may be a way out."""
    known = {button.box for button in seen.buttons}
    names = ("ui_policy", "ui_other_terms", "ui_read_more", "ui_box_terms", "ui_back")
    return any(
        item.box not in known
        and not any(seen.words.has(name, item.plain) for name in names)
        and not seen.words.whole("ui_read_words", item.plain)
        and len(item.plain) <= 24
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
            if _ends_all(sentence, seen.words):
                return True
    return False


def _ends_all(sentence: str, words: Words) -> bool:
    """Refusing, then what it ends; or: only who agrees may use the app."""
    if words.has("ui_not_shut_out", sentence):
        return False
    refused = words.spans("ui_if_refused", sentence)
    ends = words.spans("ui_shut_out", sentence)
    if refused and ends and min(refused) < max(ends):
        # Without one permission, or one piece of information, one function may end: then the app itself must be named.
        return not asked(sentence, words) or words.has("ui_whole_app", sentence)
    return bool(words.joined("ui_must_agree", "ui_only_then", sentence, gap=24))


def bundled(seen: Seen, kind: ScreenKind) -> bool:
    """One yes for the policy and for other things besides."""
    words = seen.words
    scopes = [tick.plain for tick in seen.ticks if tick.means == "consent"]
    if any(words.count("ui_besides", scope) >= 2 for scope in scopes):
        return True
    if not any(_all_at_once(item.plain, words) for item in seen.sheet.texts if item.alone):
        return False
    many = words.count("ui_besides", seen.whole) >= 2 or len(asked(seen.whole, words)) >= 2
    return many and kind != "permission"


def _all_at_once(plain: str, words: Words) -> bool:
    return any(not _negated(plain[:start], words) for start, _ in words.spans("ui_all", plain))


def asks_again(seen: Seen) -> bool:
    """Words that tell of an earlier no; those on what comes later, or what would be, are none."""
    for item in seen.sheet.texts:
        for sentence in re.split("[。！!；;\n]", item.plain) if item.alone else ():
            if seen.words.has("ui_not_now", sentence):
                continue
            if _tells_of_a_no(sentence, seen.words):
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


def permission(seen: Seen) -> Asked:
    """Which permissions are asked for, and what the dialog says they are for."""
    words = seen.words
    labelled = {button.box for button in seen.buttons}
    texts = [item for item in seen.sheet.texts if item.alone and item.box not in labelled]
    asking = [item for item in texts if words.has("ui_permission_asks", item.plain)]
    groups = groups_in([item.plain for item in asking], words) or groups_in([item.plain for item in texts], words)
    said = texts[1:] or texts
    plain_words = next((item for item in texts if _tells(item, words)), None)
    clear = plain_words or next((i for i in said if i not in asking and _acts_for(i.plain, words)), None)
    vague = next((item for item in texts if any(_empty(c, words) for c in _CLAUSES.split(item.plain))), None)
    implied = clear is not None and plain_words is None
    purpose: Purpose = "clear" if clear else "vague" if vague else "none"
    text = clear or vague
    more = [item for item in texts if item not in asking and len(item.plain) >= _MORE]
    unsure = any(not words.has("ui_permission_usual", i.plain) and not _bare_request(i.plain, words) for i in more)
    return Asked(groups=groups, purpose=purpose, text=text.text if text else None, implied=implied, unsure=unsure)


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
    if words.has("ui_question", item.plain):
        return False
    clauses = [clause for clause in _CLAUSES.split(item.plain) if clause]
    return any(words.has("ui_purpose", clause) and _says_more(clause, words) for clause in clauses)


def _says_more(clause: str, words: Words) -> bool:
    """Whether something is left of a clause that is neither an empty phrase nor a mere request."""
    return not _empty(clause, words) and not _bare_request(clause, words)


def _empty(clause: str, words: Words) -> bool:
    """A phrase that fits any app: a better experience, normal service."""
    pairs = (("ui_more", "ui_vague_thing"), ("ui_vague_thing", "ui_more"))
    return words.has("ui_purpose_vague", clause) or any(words.joined(a, b, clause, gap=6) for a, b in pairs)


def _acts_for(plain: str, words: Words) -> bool:
    """A clause that names what the app does with it, in no words for a purpose."""
    if words.has("ui_question", plain):
        return False
    clauses = [clause for clause in _CLAUSES.split(plain) if clause]
    return any(
        words.has("ui_acts_for", clause) and _says_more(clause, words) and not words.has("ui_permission_usual", clause)
        for clause in clauses
    )


def _bare_request(plain: str, words: Words) -> bool:
    """Nothing but the wish for a permission, or that it is off."""
    rest = _QUOTED.sub("", plain)
    names = (*(f"ui_ask_{group}" for group in GROUPS), "ui_permission_asks", "ui_permission_about", "ui_bare")
    for name in names:
        for start, end in sorted(words.spans(name, rest), reverse=True):
            rest = rest[:start] + " " * (end - start) + rest[end:]
    return len(_LETTER.findall(rest)) <= _LEFT

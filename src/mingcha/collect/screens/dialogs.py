"""What a screen's words say about consent: passive consent, no way to refuse, what refusing ends, several things at once."""

from __future__ import annotations

import re

from mingcha.collect.screens.controls import tappable
from mingcha.collect.screens.groups import asked
from mingcha.collect.screens.items import Item, within
from mingcha.collect.screens.seen import Seen, steps_away
from mingcha.collect.screens.wording import CLAUSES, Words
from mingcha.model.words import ScreenKind

_PAPERS = frozenset({"policy", "sdk_list", "settings", "permission", "main", "other app", "launcher"})
_NO = frozenset({"refuse", "leave", "cancel", "skip"})
_SENTENCE, _PAGE = 60, 400
"""Letters of a sentence and of its page on which a banner may call something consent."""
_SPAN, _NAMES, _NAME = 14, 4, 24
_SENTENCES = re.compile("(?<=[。！!；;？?\n])")
"""A sentence keeps its mark: what is asked is not said."""


def first_with(seen: Seen, name: str) -> str | None:
    """The first text that has a word of the list."""
    return next((item.text for item in seen.sheet.texts if seen.words.has(name, item.plain)), None)


def passive(seen: Seen) -> str | None:
    """Words that call something else consent to the policy, where neither a box nor a plain "agree" asks for it."""
    found = _passive(seen)
    return found[0].text if found else None


def _passive(seen: Seen) -> tuple[Item, str] | None:
    """The text that says so, and its words with the names that follow it."""
    if any(tick.means == "consent" for tick in seen.ticks) or "agree" in seen.labels:
        return None
    for item in seen.sheet.texts:
        plain = _with_names_after(item, seen)
        if item.alone and _amounts_to_consent(plain, seen.words) and _of_terms(plain, seen):
            return item, plain
    return None


def banner(seen: Seen) -> str | None:
    """The same on a page that asks nothing, in one short sentence that names the policy itself."""
    found = _passive(seen)
    if found is None:
        return None
    text, plain = found[0].text, found[1]
    short = len(text) <= _SENTENCE * (1 + text.isascii()) and len(seen.whole) <= _PAGE
    named = seen.words.has("ui_policy", plain)
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
    return any(
        words.has("ui_going_on", plain[:end])
        and not _negated(plain[:start], words)
        and not words.has("ui_not_before", plain[start:end])  # "even if you do not agree"
        for start, end in found
    )


def _negated(before: str, words: Words) -> bool:
    """Whether a word right before denies what follows, or a longer one ("will not") in the same clause."""
    clause = CLAUSES.split(before)[-1]
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
    if any(b.label in _NO and not b.by_place for b in seen.buttons) or any(
        _cross(item, seen.words) for item in seen.sheet.items
    ):
        return False
    return None if seen.says_no or _others(seen) or _may_decline(seen) else True


def _may_decline(seen: Seen) -> bool:
    """A box left empty, a form that may be left, a mark like a cross or an arrow, or a sentence on how to say no."""
    open_box = any(tick.means == "consent" and tick.checked is not True for tick in seen.ticks)
    form = any(item.role == "field" for item in seen.sheet.items)
    mark = any(_wordless(item, seen) for item in seen.sheet.items) or any(
        steps_away(item.plain, seen.words) for item in seen.sheet.texts
    )
    return (
        open_box or form or mark or any(_tells_how(item.plain, seen.words) for item in seen.sheet.texts if item.alone)
    )


def _wordless(item: Item, seen: Seen) -> bool:
    """A picture without words that can be touched: it may be a cross, or a button whose words are drawn."""
    held = [tick.box for tick in seen.ticks] + [text.box for text in seen.sheet.texts]
    bare = not any(within(box, item.box) for box in held)
    return item.role == "image" and item.clickable is True and not item.plain and bare


def _tells_how(plain: str, words: Words) -> bool:
    """A sentence says that one may refuse."""
    pairs = (("ui_if_refused", "ui_may"), ("ui_may", "ui_if_refused"))
    return words.has("ui_other_way", plain) or any(words.joined(a, b, plain, gap=6) for a, b in pairs)


def _others(seen: Seen) -> bool:
    """Something else to tap whose meaning is not known: it may be a way out."""
    known = {button.box for button in seen.buttons}
    names = ("ui_policy", "ui_other_terms", "ui_read_more", "ui_box_terms", "ui_back", "ui_aside")
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


def bundled(seen: Seen, kind: ScreenKind, *, asking: bool) -> bool:
    """One yes for the policy and for other things besides: by the words of a box anywhere, else only where something is asked."""
    words = seen.words
    scopes = [tick.plain for tick in seen.ticks if tick.means == "consent"]
    if any(words.count("ui_besides", scope) >= 2 for scope in scopes):
        return True
    if kind not in _PAPERS and any(_several_yeses(item.plain, words) for item in seen.sheet.texts if item.alone):
        return True
    if not asking:
        return False
    if not any(_all_at_once(item.plain, words) for item in seen.sheet.texts if item.alone):
        return False
    many = words.count("ui_besides", seen.whole) >= 2 or len(asked(seen.whole, words)) >= 2
    return many and kind != "permission"


def _several_yeses(plain: str, words: Words) -> bool:
    """One sentence in which something is called consent to the policy and to two other things besides, none of it denied."""
    for sentence in _SENTENCES.split(plain):
        clauses = [clause for clause in CLAUSES.split(sentence) if clause]
        agreed = [clause for clause in clauses if words.has("ui_agrees", clause)]
        denied = any(
            words.has(name, sentence) for name in ("ui_will_not", "ui_passive_not", "ui_question", "ui_if_refused")
        )
        if (
            len(agreed) > 1
            and not denied
            and words.count("ui_besides", sentence) > 1
            and words.has("ui_going_on", sentence)
        ):
            return True
    return False


def _all_at_once(plain: str, words: Words) -> bool:
    return any(not _negated(plain[:start], words) for start, _ in words.spans("ui_all", plain))

"""Answers in words of no list, told by their place: the other one beside a known answer, or the only way on from a question."""

from __future__ import annotations

from mingcha.collect.screens import pages
from mingcha.collect.screens.controls import Button, in_line, tappable
from mingcha.collect.screens.items import Item, union
from mingcha.collect.screens.kinds import about_information, about_permission, names_paper
from mingcha.collect.screens.seen import Seen, steps_away
from mingcha.collect.screens.wording import Label, Words, bare_label
from mingcha.formats.uidump import Box

_LONGEST, _LONGEST_LATIN = 12, 26
_MOST = 4
"""Buttons that a screen with a question has at most."""
_NEAR = 3.0
"""Heights of a button within which its neighbour stands in a picture."""
_CROSS, _FAR = (0.03, 0.1), 3.0
"""A cross's side as shares of the screen's width, and how far from the dialog it stands, in its own heights."""
_NO = frozenset({"refuse", "leave", "cancel", "skip"})
_YES = frozenset({"agree", "go"})
_CLEAR = frozenset({"agree", "refuse", "leave", "skip"})
_NEVER = ("ui_policy", "ui_question", "ui_asks_why", "ui_title_login", "ui_log_out", "ui_leave_not", "ui_skip_not")
_ASIDE = ("ui_aside", "ui_other_terms", "ui_read_words", "ui_read_more")
_ANSWERS = ("ui_agree", "ui_agree_not", "ui_refuse", "ui_skip", "ui_leave")
"""A label with such a word that is yet no answer is the name of something."""


def by_place(seen: Seen) -> tuple[Button, ...]:
    """Buttons that answer the screen's question by where they stand; none where it asks nothing, or where two could be meant."""
    return (*_in_words(seen), *_crosses(seen))


def _crosses(seen: Seen) -> tuple[Button, ...]:
    """A small picture to tap, right over or under a question's dialog, or in its upper corner: most likely its cross."""
    texts = [item for item in seen.sheet.texts if item.alone]
    if seen.sheet.origin != "tree" or not texts or not seen.says_yes or not _asks(seen):
        return ()
    window = union([item.box for item in texts])
    found = [item for item in seen.sheet.items if _like_a_cross(item, seen) and _beside_dialog(item.box, window)]
    return tuple(
        Button(label="cancel", text="", plain="", box=item.box, target=item.target, by_place=True) for item in found[:1]
    )


def _like_a_cross(item: Item, seen: Seen) -> bool:
    left, top, right, bottom = item.box
    wide = seen.sheet.size[0]
    small = (
        _CROSS[0] * wide < right - left < _CROSS[1] * wide
        and abs((right - left) - (bottom - top)) < 0.2 * wide * _CROSS[1]
    )
    return item.role == "image" and item.clickable is True and not item.plain and small


def _beside_dialog(box: Box, window: Box) -> bool:
    high = box[3] - box[1]
    middle = abs((box[0] + box[2]) - (window[0] + window[2])) < 2 * high
    under = middle and 0 <= box[1] - window[3] < _FAR * high
    corner = box[2] > window[2] - high and window[1] - _FAR * high < box[1] < window[1] + 2 * high
    return under or corner


def _in_words(seen: Seen) -> tuple[Button, ...]:
    """The same for buttons with words of no list."""
    strange = _strange(seen)
    if not strange or len(strange) + len(seen.buttons) > _MOST or not _asks(seen):
        return ()
    answers = [button for button in seen.buttons if not steps_away(button.plain, seen.words)]
    said_yes = any(button.label in _YES for button in answers)
    said_no = any(button.label in _NO for button in answers)
    if len(strange) == 1 and not answers and _only_way(seen):
        return _one(strange[0], seen.words, no=False)
    strange = [item for item in strange if not _one_word(item)]
    if len(strange) == 1 and said_yes != said_no:
        return _one(strange[0], seen.words, no=said_yes)
    negative = [item for item in strange if _negative(item, seen.words)]
    if len(strange) == 2 and not answers and len(negative) == 1:
        other = strange[0] if negative[0] is strange[1] else strange[1]
        return (*_one(negative[0], seen.words, no=True), *_one(other, seen.words, no=False))
    return ()


def _one_word(item: Item) -> bool:
    """One English word may name anything."""
    return item.plain.isascii() and " " not in item.plain


def _one(item: Item, words: Words, *, no: bool) -> tuple[Button, ...]:
    """A no by its place is never a clear refusal: putting it off, or calling it off."""
    if not no and _negative(item, words):
        return ()
    off = _negative(item, words) or words.starts("ui_goes_back", bare_label(item.plain))
    label: Label = ("cancel" if off else "skip") if no else "go"
    return (Button(label=label, text=item.text, plain=item.plain, box=item.box, target=item.target, by_place=True),)


def _strange(seen: Seen) -> list[Item]:
    """Buttons without a known meaning that may be an answer."""
    known = {button.box for button in seen.buttons}
    found = [item for item in tappable(seen.sheet) if item.role == "text" and item.box not in known]
    if seen.sheet.origin == "picture":
        found = [item for item in found if item not in seen.titles and (item.button or _next_to_one(item, seen))]
    return [item for item in found if item.button or item.origin == "picture" if _may_answer(item, seen.words)]


def _next_to_one(item: Item, seen: Seen) -> bool:
    """Whether a line of a picture stands beside a known answer, or right over or under it in the same middle."""
    high = item.box[3] - item.box[1]
    for button in seen.buttons:
        gap = max(item.box[1] - button.target[3], button.target[1] - item.box[3])
        if gap < _NEAR * high and in_line(item.box, button.box):
            return True
    return False


def _may_answer(item: Item, words: Words) -> bool:
    bare = bare_label(item.plain)
    if not bare or len(bare) > (_LONGEST_LATIN if bare.isascii() else _LONGEST) or not any(map(str.isalpha, bare)):
        return False
    if _negative(item, words):
        return not any(words.has(name, item.plain) for name in (*_NEVER, "ui_refuse", "ui_leave"))
    begins = words.starts("ui_begins", bare)
    if not begins and (words.is_name(bare) or words.ends("ui_thing_end", bare)):
        return False
    aside = () if begins else _ASIDE
    return not any(words.has(name, item.plain) for name in (*_NEVER, *aside, *_ANSWERS))


def _asks(seen: Seen) -> bool:
    """Whether consent or a permission is asked for, and nothing is to be filled in."""
    if seen.fields or pages.listed(seen) or (seen.titled("ui_form_else") and not seen.labels & _CLEAR):
        return False
    agreeing = "agree" in seen.labels or seen.has("ui_agrees") or any(t.means == "consent" for t in seen.ticks)
    paper = names_paper(seen) and (agreeing or seen.has("ui_read_words"))
    return paper or about_permission(seen) or ("agree" in seen.labels and about_information(seen))


def _only_way(seen: Seen) -> bool:
    """A box for consent, or words that call going on consent: then one button is the way on."""
    return any(tick.means == "consent" for tick in seen.ticks) or (
        seen.has("ui_passive") or bool(seen.words.joined("ui_amounts", "ui_consents", seen.whole, gap=14))
    )


def _negative(item: Item, words: Words) -> bool:
    bare = bare_label(item.plain)
    return words.starts("ui_negative", bare) and not words.starts("ui_negative_not", bare)

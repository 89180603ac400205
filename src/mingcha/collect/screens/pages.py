"""Pages that a person looks for: to cancel an account, to take consent back, to complain, the switch of personalised content, settings."""

from __future__ import annotations

import re

from mingcha.collect.screens.controls import tappable
from mingcha.collect.screens.items import Item
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words, bare_label

_SHORT = 24
_DIALOG, _ANSWERS = 5, 2
"""Texts of a dialog, its two buttons among them."""
_AND = re.compile(" and | & |[与和及、]")


def cancellation(seen: Seen) -> bool:
    """A title and a button that end an account, and no list that only leads there."""
    words = seen.words
    goes = [
        item for item in seen.sheet.texts
        if item.clickable is not False and item not in seen.titles[:1] and _cancels(item, words)
    ]  # fmt: skip
    if seen.titled("ui_title_settings", whole=True) or asks_why(seen, "ui_cancel_root"):
        return False
    return (seen.titled("ui_title_cancellation") and bool(goes)) or _cancels_by_signs(seen) or _last_question(seen)


def _last_question(seen: Seen) -> bool:
    """A dialog of few words that says what ending the account loses, with a button that ends it and one that does not."""
    words = seen.words
    texts = [item for item in seen.sheet.texts if item.alone]
    rows = [item for item in tappable(seen.sheet) if len(item.plain) <= _SHORT]
    ends = [item for item in rows if words.has("ui_cancellation_said", item.plain) and _cancels(item, words)]
    said = any(words.has("ui_cancellation_said", item.plain) for item in texts if item not in rows)
    body = "\n".join(item.plain for item in texts if item not in rows)
    loses = said or words.has("ui_cancel_body", body)
    return len(texts) <= _DIALOG and len(rows) == _ANSWERS == len(ends) + 1 and loses and not seen.has("ui_cancel_not")


def _cancels_by_signs(seen: Seen) -> bool:
    """A title with the root of the word, a word on accounts below it, and something to go on with."""
    words = seen.words
    if not seen.titled("ui_cancel_root") or seen.has("ui_cancel_not") or len(seen.entries) > 1:
        return False
    rows = [item for item in tappable(seen.sheet) if item not in seen.titles]
    goes = [item for item in rows if len(item.plain) <= _SHORT and words.has("ui_submit", item.plain)]
    body = "\n".join(item.plain for item in seen.sheet.texts if item not in seen.titles[:1])
    return bool(goes or seen.labels & {"go", "agree"}) and words.has("ui_cancel_body", body)


def _cancels(item: Item, words: Words) -> bool:
    if words.whole("ui_cancellation_go", item.plain):
        return True
    return len(bare_label(item.plain)) <= 14 and item.button and words.has("ui_cancellation_said", item.plain)


def asks_why(seen: Seen, name: str) -> bool:
    """Whether a title with a word of the list asks how or why."""
    return any(seen.words.has("ui_asks_why", item.plain) for item in seen.titles if seen.words.has(name, item.plain))


def withdrawal(seen: Seen) -> bool:
    """A title that takes consent back, and a button that does, or that goes on; no question that asks for consent."""
    words = seen.words
    heads = [item for item in seen.titles if len(item.plain) <= _SHORT and _takes_back(item.plain, words)]
    if not heads or listed(seen) or any(words.has("ui_asks_why", item.plain) for item in heads):
        return False
    buttons = [item for item in tappable(seen.sheet) if item not in heads and len(item.plain) <= _SHORT]
    does = any(words.has("ui_takes_back", item.plain) and item.button for item in buttons)
    return does or (heads[0] is seen.titles[0] and "go" in seen.labels and "agree" not in seen.labels)


def _takes_back(plain: str, words: Words) -> bool:
    pairs = (("ui_takes_back", "ui_taken_back"), ("ui_taken_back", "ui_takes_back"))
    return words.has("ui_title_withdrawal", plain) or any(words.joined(a, b, plain, gap=12) for a, b in pairs)


def complaint(seen: Seen) -> bool:
    """A title on complaints over a form, over what to complain of or where to; or a page that tells twice where to send one."""
    words = seen.words
    if listed(seen) or any(words.has("ui_headline", item.plain) for item in seen.titles):
        return False
    form = words.has("ui_complaint_form", seen.whole) or bool(seen.fields)
    tells = seen.titled("ui_title_complaint") and not _asked_in_title(seen) and words.has("ui_complaint", seen.whole)
    if tells and form and not words.has("ui_complaint_not", seen.whole):
        return True
    return _kinds_of_complaint(seen) or _where_to_complain(seen)


def _kinds_of_complaint(seen: Seen) -> bool:
    """A title of nothing but complaints, over rows to choose from, one of which is on information or on what is complained of."""
    words = seen.words
    head = next((item for item in seen.titles if words.has("ui_complaint", item.plain)), None)
    if head is None or not words.tiled("ui_complaint_part", head.plain) or words.has("ui_complaint_not", head.plain):
        return False
    rows = [item for item in tappable(seen.sheet) if item not in seen.titles and len(item.plain) <= _SHORT]
    return len(rows) > 1 and any(
        words.has(name, item.plain) for name in ("ui_complaint", "ui_data", "ui_policy_about") for item in rows
    )


def _where_to_complain(seen: Seen) -> bool:
    """Two lines, each of which begins with complaints and where to send them."""
    lines = [
        item
        for item in seen.sheet.texts
        if any(start == 0 for start, _ in seen.words.joined("ui_complaint", "ui_complaint_to", item.plain, gap=1))
    ]
    return len(lines) > 1


def _asked_in_title(seen: Seen) -> bool:
    """Whether the title that speaks of complaints is a question, as a headline is."""
    heads = [item for item in seen.titles if seen.words.has("ui_title_complaint", item.plain)]
    return any(seen.words.has("ui_question", item.plain) for item in heads)


def personalisation(seen: Seen) -> bool:
    """A page whose business the switch is: by its title, or because it has no other switch and leads nowhere."""
    if not seen.switches or seen.titled("ui_title_settings", whole=True):
        return False
    alone = len(seen.switches) == sum(item.role == "switch" for item in seen.sheet.items)
    return seen.titled("ui_title_personalisation") or (alone and not seen.entries)


def settings(seen: Seen) -> bool:
    """A title of settings, or rows that lead to three such places."""
    by_title = seen.titled("ui_title_settings", whole=True) or _settings_by_parts(seen)
    return by_title or len({entry.to for entry in seen.entries}) >= 3


def _settings_by_parts(seen: Seen) -> bool:
    """A title of several names of settings, over rows to tap."""
    parts = [part for part in _AND.split(seen.titles[0].plain) if part] if seen.titles else []
    named = len(parts) > 1 and all(
        seen.words.whole("ui_settings_part", part) or seen.words.whole("ui_title_settings", part) for part in parts
    )
    return named and (bool(seen.entries) or bool(seen.switches))


def listed(seen: Seen) -> bool:
    """Whether the screen is a list that leads to other places."""
    return seen.titled("ui_title_settings", whole=True) or len({entry.to for entry in seen.entries}) >= 3

"""Where a screen leads: links to the policy, rows and buttons named after a place, and the switch of personalised content."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from mingcha.collect.screens.controls import before_switch, words_of
from mingcha.collect.screens.items import Item, Sheet, beside
from mingcha.collect.screens.wording import Words, bare_label
from mingcha.formats.uidump import Box

To = Literal[
    "policy", "settings", "privacy", "account_cancellation", "complaint", "personalisation_switch", "withdrawal",
    "correction", "deletion",
]  # fmt: skip

TITLE = re.compile(r"《[^《》]{1,40}》")
_NAMED = re.compile(r"(?:[A-Z][\w'’]* )*Privacy (?:Policy|Notice|Statement|Agreement)\b")
_AND = re.compile(r"[|·｜/、•]|以及|及其|[与和及]| and | & ")
_MARK = re.compile(r"[|·｜•]")
_NAME = 24
_NEAR = 6
"""Letters between "read" and the policy's name."""
_ENTRIES: dict[str, To] = {
    "ui_entry_settings": "settings",
    "ui_entry_privacy": "privacy",
    "ui_entry_cancellation": "account_cancellation",
    "ui_entry_complaint": "complaint",
    "ui_entry_personalisation": "personalisation_switch",
    "ui_title_withdrawal": "withdrawal",
    "ui_title_correction": "correction",
    "ui_title_deletion": "deletion",
}


_TILED: tuple[tuple[str, str, To], ...] = (
    ("ui_complaint", "ui_complaint_part", "complaint"),
    ("ui_cancel_root", "ui_cancel_part", "account_cancellation"),
    ("ui_personal_root", "ui_personal_part", "personalisation_switch"),
)
"""Names that are made of such words alone, one of them a root."""


class Link(Struct, frozen=True, kw_only=True):
    """The name of a policy that stands on the screen as something to open."""

    text: str
    box: Box
    lines: tuple[Box, ...] = ()


class Switch(Struct, frozen=True, kw_only=True):
    """A switch of personalised content."""

    on: bool | None
    text: str
    box: Box


class Entry(Struct, frozen=True, kw_only=True):
    """A row or button that leads somewhere."""

    to: To
    text: str
    box: Box


def links(sheet: Sheet, words: Words) -> tuple[Link, ...]:
    """Names of policies in brackets, or alone as something to tap."""
    found: dict[str, Link] = {}
    for item in sheet.texts:
        if item.role not in ("text", "box"):
            continue
        names = [name for name in TITLE.findall(item.text) if words.has("ui_policy", words.plain(name))]
        names += _NAMED.findall(item.text) if len(item.text) > 30 else []
        if not names and (_is_link(item, words) or _in_a_row_of_names(item, words)):
            names = [item.text.strip()]
        for name in names:
            own = len(name) >= len(item.text.strip()) - 2
            if own or name not in found:
                found[name] = Link(text=name, box=item.box, lines=item.lines)
    return tuple(found.values())


def to_read(sheet: Sheet, words: Words) -> tuple[Link, ...]:
    """Names of policies that a sentence asks to read."""
    found = []
    for item in sheet.texts:
        for _, end in words.joined("ui_read_words", "ui_policy", item.plain, gap=_NEAR):
            found.append(Link(text=item.plain[:end][-_NAME:], box=item.box, lines=item.lines))
    return tuple(found[:1])


def _is_link(item: Item, words: Words) -> bool:
    """A short text of its own that names the policy and nothing else, or an English name in capitals within a sentence."""
    spans = words.spans("ui_policy", item.plain)
    if not spans:
        return False
    rest = item.plain[: spans[0][0]] + item.plain[spans[0][1] :]
    if any(words.has(name, rest) for name in ("ui_tap_words", "ui_read_words")):
        return len(bare_label(rest)) <= 4
    return item.clickable is True and len(bare_label(rest)) <= 4


def _in_a_row_of_names(item: Item, words: Words) -> bool:
    """One of several names in a line, divided by marks or "and", is a policy's."""
    if words.has("ui_question", item.plain) or words.has("ui_asks_why", item.plain):
        return False
    names = [name for name in _AND.split(item.plain) if name]
    if len(names) < 2 or max(map(len, names)) > _NAME:
        return False
    marked = _MARK.search(item.plain) is not None
    fellow = all(_is_policy_name(name, words) or words.has("ui_other_terms", name) for name in names)
    return (marked or fellow) and any(_is_policy_name(name, words) for name in names)


def switches(sheet: Sheet, words: Words) -> tuple[Switch, ...]:
    """Switches in whose row personalised content is named."""
    found = []
    titled = any(
        words.has("ui_title_personalisation", item.plain) for item in sheet.texts[:2] if len(item.plain) <= _NAME
    )
    for item in sheet.items:
        if item.role not in ("switch", "box"):
            continue
        named = before_switch(item, sheet) or item
        if item.role == "box" and named is item:
            named = (words_of(item, sheet) or item) if titled else item
            if named is item or words.has("ui_policy", named.plain):
                continue
        if is_personalised(named.plain, words):
            found.append(Switch(on=item.checked, text=named.text, box=item.box))
    return tuple(found)


def is_personalised(plain: str, words: Words) -> bool:
    """Whether a text names content chosen by what is known of a person, and not a theme or a voice made to their taste."""
    if words.has("ui_personalised_not", plain):
        return False
    suited = words.joined("ui_personal_root", "ui_personal_what", plain, gap=6)
    return words.has("ui_personalised_switch", plain) or bool(suited) or words.whole("ui_personal_root", plain)


def entries(sheet: Sheet, words: Words) -> tuple[Entry, ...]:
    """Short texts that are the name of a place to go to, in reading order."""
    found: dict[tuple[str, Box], Entry] = {}
    switched = [item.box for item in sheet.items if item.role == "switch"]
    first = max(min((item.box[1] for item in sheet.texts), default=0), int(0.09 * sheet.size[1]))
    for item in sheet.texts:
        drawn = item.role == "image" and item.clickable is True
        if (
            not (drawn or item.role == "text")
            or item.clickable is False
            or (item.clickable is None and item.box[1] <= first)
        ):
            continue
        if any(beside(box, item.box) for box in switched):
            continue
        bare = bare_label(item.plain)
        to = next((to for name, to in _ENTRIES.items() if words.whole(name, item.plain)), None)
        if to is None and _is_policy_name(bare, words):
            to = "policy"
        if to is None:
            to = next((to for root, part, to in _TILED if words.has(root, bare) and words.tiled(part, bare)), None)
        if to is None and _ends_account(bare, words):
            to = "account_cancellation"
        if to is None and len(bare) <= 12 and _ends(bare, words, "ui_complaint") and words.has("ui_data", bare):
            to = "complaint"
        if to is not None:
            found[to, item.box] = Entry(to=to, text=item.text, box=item.target if item.clickable else item.box)
    return tuple(found.values())


def _ends_account(bare: str, words: Words) -> bool:
    """A verb that ends an account, at most the app's name, and the account."""
    found = words.joined("ui_ends_account", "ui_account_named", bare, gap=4)
    return any(start == 0 and end == len(bare) for start, end in found)


def _ends(bare: str, words: Words, name: str) -> bool:
    return any(end == len(bare) for _, end in words.spans(name, bare)) and not words.has("ui_asks_why", bare)


def _is_policy_name(bare: str, words: Words) -> bool:
    spans = words.spans("ui_policy", bare)
    if not spans or len(bare) > 24 or "，" in bare:
        return False
    rest = bare[max(end for _, end in spans) :].strip("》")
    parts = [part for part in _AND.split(rest) if part]
    return all(words.whole("ui_policy_suffix", part) or words.whole("ui_other_terms", part) for part in parts)

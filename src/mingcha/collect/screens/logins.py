"""Pages to log in or to open an account: fields for who somebody is, and a button that goes in."""

from __future__ import annotations

from mingcha.collect.screens import pages
from mingcha.collect.screens.controls import tappable
from mingcha.collect.screens.items import Item
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words, bare_label

_LONGEST = 12
_FORM = 2
"""Fields of a form that asks who somebody is."""


def login(seen: Seen) -> bool:
    """Fields and a button to go in, or two ways in; not a page that ends an account, and no list."""
    if seen.titled("ui_cancel_root") or pages.listed(seen):
        return False
    words = seen.words
    if seen.has("ui_login_failed") and not seen.fields:
        return False
    go = [
        item
        for item in seen.sheet.texts
        if item.clickable is not False and (words.whole("ui_login_go", item.plain) or _logs_in(item, words))
    ]
    fields = [item for item in seen.fields if item.password or words.has("ui_login_field", item.plain)]
    if seen.titled("ui_form_else") and not seen.titled("ui_title_login") and not any(_logs_in(i, words) for i in go):
        return False
    if (fields and go) or (seen.titled("ui_title_login") and (fields or go)) or len(go) >= 2:
        return True
    named = any(_logs_in(item, words) for item in go) and (bool(seen.links) or seen.has("ui_passive"))
    return named or _opens_account(seen, fields)


def _opens_account(seen: Seen, fields: list[Item]) -> bool:
    """A form with a name and a secret, or one that asks only who somebody is over a box for consent to the policy."""
    secret = [item for item in fields if seen.words.has("ui_login_secret", item.plain)]
    goes = bool(seen.buttons or tappable(seen.sheet))
    other = [item for item in seen.fields if item.plain and item not in fields]
    consents = len(seen.fields) >= _FORM and not other and any(tick.means == "consent" for tick in seen.ticks)
    return goes and (0 < len(secret) < len(fields) or consents)


def _logs_in(item: Item, words: Words) -> bool:
    bare = bare_label(item.plain)
    if item.clickable is False or not item.alone or len(bare) > _LONGEST:
        return False
    if item.origin == "picture" and not item.button:
        return False
    return words.has("ui_title_login", bare) and not words.has("ui_log_out", bare)

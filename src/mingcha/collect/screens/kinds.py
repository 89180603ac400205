"""What kind of screen it is; where nothing speaks clearly for one kind, "other"."""

from __future__ import annotations

import re
from itertools import pairwise

from mingcha.collect.screens import pages
from mingcha.collect.screens.groups import asked
from mingcha.collect.screens.items import Item, centre
from mingcha.collect.screens.leading import TITLE
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words, bare_label
from mingcha.model.words import ScreenKind

_LONG, _LONG_HAN = 60, 20
"""Characters of text that a policy's first screen has at least under its title."""
_BODY_WORDS = 1
_BY_TITLE: tuple[tuple[str, ScreenKind], ...] = (
    ("ui_title_withdrawal", "withdrawal"),
    ("ui_title_deletion", "deletion"),
    ("ui_title_correction", "correction"),
    ("ui_title_account", "account"),
)


def kind_of(seen: Seen) -> ScreenKind:
    """The first kind that holds."""
    for kind, holds in (
        ("permission", _permission),
        ("withdrawal", pages.withdrawal),
        ("consent", _plain_question),
        ("purpose", _plain_request),
        ("main", _main),
        ("login", _login),
        ("cancellation", pages.cancellation),
        ("policy", _policy),
        ("sdk_list", _sdk_list),
        ("consent", _consent),
        ("purpose", _purpose),
        ("personalisation", pages.personalisation),
        ("complaint", pages.complaint),
        ("settings", pages.settings),
    ):
        if holds(seen):
            return kind  # type: ignore[return-value]
    for name, kind in _BY_TITLE:
        if seen.titled(name) and not any(entry.to != kind for entry in seen.entries) and not pages.asks_why(seen, name):
            return kind
    return "other"


def by_package(package: str | None, own: str | None, words: Words) -> ScreenKind | None:
    """What the owner of a window tells by itself, unless it is the app inspected."""
    if package is None or package == own:
        return None
    if package in words.words("ui_packages_launcher"):
        return "launcher"
    if package in words.words("ui_packages_permission"):
        return None
    return "other app" if own is not None or package in words.words("ui_packages_settings") else None


def _permission(seen: Seen) -> bool:
    """The system's question with both answers; its page of permissions asks nothing."""
    if not seen.labels & {"agree", "grant"} or "refuse" not in seen.labels:
        return False
    system = seen.sheet.package in seen.words.words("ui_packages_permission")
    asking = [item for item in seen.sheet.texts if item.alone and seen.words.has("ui_permission_asks", item.plain)]
    asking = [item for item in asking if any(asked(item.plain, seen.words))]
    if system:
        return bool(asking)
    named = [
        item
        for item in asking
        if _quotes(item.text) or (_asks_by_name(item) and seen.words.has("ui_question", item.plain))
    ]
    # Without a package only the system's own way of asking counts: a name, a question, no word on what for.
    return seen.sheet.package is None and bool(named) and not seen.has("ui_policy")


def _quotes(text: str) -> bool:
    return any(mark in text for mark in '“”"「」')


def _asks_by_name(item: Item) -> bool:
    return "是否允许" in item.plain or item.plain.startswith(("要允许", "允许", "allow "))


def _main(seen: Seen) -> bool:
    """Tabs in one row at the foot of the screen."""
    foot = 0.88 * seen.sheet.size[1]
    rows: dict[int, list[Item]] = {}
    for item in seen.sheet.texts:
        if centre(item.box)[1] > foot and len(item.plain) <= 10 and item.clickable is not False:
            rows.setdefault(round(centre(item.box)[1] / (0.02 * seen.sheet.size[1])), []).append(item)
    return any(_tabs(sorted(row, key=lambda item: item.box[0]), seen) for row in rows.values())


def _tabs(row: list[Item], seen: Seen) -> bool:
    """Evenly spread over the whole width, and one of them named as such tabs are."""
    if not 2 <= len(row) <= 6:
        return False
    if len(row) == 2 and not any(seen.words.whole("ui_main_home", item.plain) for item in row):
        return False
    middles = [centre(item.box)[0] for item in row]
    steps = [b - a for a, b in pairwise(middles)]
    wide = seen.sheet.size[0]
    even = max(steps) - min(steps) < 0.25 * wide / len(row)
    spread = middles[0] < 0.3 * wide and middles[-1] > 0.7 * wide
    return even and spread and any(seen.words.whole("ui_main_tabs", item.plain) for item in row)


def _login(seen: Seen) -> bool:
    words = seen.words
    go = [item for item in seen.sheet.texts if words.whole("ui_login_go", item.plain) or _logs_in(item, words)]
    fields = [item for item in seen.fields if item.password or words.has("ui_login_field", item.plain)]
    titled = seen.titled("ui_title_login")
    consenting = any(_logs_in(item, words) for item in go) and (
        bool(seen.links) or bool(seen.words.has("ui_passive", seen.whole))
    )
    return bool((fields and go) or (titled and (fields or go)) or len(go) >= 2 or consenting) and not pages.listed(seen)


def _logs_in(item: Item, words: Words) -> bool:
    bare = bare_label(item.plain)
    if item.clickable is False or not item.alone or len(bare) > 12 or (item.origin == "picture" and not item.button):
        return False
    return words.has("ui_title_login", bare) and not words.has("ui_log_out", bare)


def _policy(seen: Seen) -> bool:
    """A page with a policy's name as its title, and a policy's words under it."""
    body = [item for item in seen.sheet.texts if item not in seen.titles[:1]]
    long = sum(len(item.plain) for item in body if item.alone)
    named = any(is_policy_title(item.plain, seen.words) for item in seen.titles)
    plain = "".join(item.plain for item in body)
    spoken = seen.words.count("ui_policy_body", plain) >= _BODY_WORDS and seen.words.has("ui_policy_self", plain)
    return (
        named
        and spoken
        and long >= (_LONG_HAN if _HAN(plain) else _LONG)
        and not (seen.says_yes and seen.says_no)
        and not (seen.labels & {"agree"})
    )


def _HAN(plain: str) -> bool:  # noqa: N802
    return any("\u4e00" <= letter <= "\u9fff" for letter in plain)


def is_policy_title(plain: str, words: Words) -> bool:
    """Whether a title is a policy's name and no sentence about policies."""
    bare = bare_label(plain)
    spans = words.spans("ui_policy", bare)
    limit = 24 if _HAN(bare) else 48
    asks = any(words.has(name, bare) for name in ("ui_asks_why", "ui_tap_words")) or words.has("ui_question", plain)
    return (
        bool(spans)
        and not asks
        and len(bare) <= limit
        and len(bare) - max(end for _, end in spans) <= 6
        and "，" not in bare
    )


def _sdk_list(seen: Seen) -> bool:
    return seen.titled("ui_sdk_list_title") and not seen.says_yes and len(seen.whole) > 2 * _LONG


def _consent(seen: Seen) -> bool:
    """Asks to agree to the policy; where no policy is named, both clear answers to a question about information."""
    if pages.listed(seen) and not seen.labels & {"agree"}:
        return False
    named = seen.has("ui_policy") or any(
        seen.words.has("ui_consent_paper", seen.words.plain(title))
        for item in seen.sheet.texts
        for title in TITLE.findall(item.text)
    )
    agreeing = "agree" in seen.labels
    ticked = any(tick.means == "consent" for tick in seen.ticks)
    if named and (agreeing or ticked or seen.words.has("ui_agrees", seen.whole)):
        return agreeing or "go" in seen.labels
    if named and seen.says_no and "go" in seen.labels and _puts_a_question(seen):
        return True
    asks = seen.words.has("ui_agrees", seen.whole.replace("不同意", ""))
    about = seen.words.has("ui_data", seen.whole) and any(
        "隐私" in item.plain or "privacy" in item.plain for item in seen.titles
    )
    return agreeing and bool(seen.labels & {"refuse", "leave"}) and about and asks and not _about_permission(seen)


def _puts_a_question(seen: Seen) -> bool:
    """A text names the policy and ends with a question that is no offer to read."""
    return any(
        seen.words.has("ui_policy", item.plain)
        and item.plain.endswith(("?", "？"))
        and not seen.words.has("ui_read_words", re.split("[，。；]", item.plain)[-1])
        for item in seen.sheet.texts
    )


def _plain_question(seen: Seen) -> bool:
    """Both answers, in clear words, to a question that names the policy: whatever page lies behind it."""
    both = "agree" in seen.labels and bool(seen.labels & {"refuse", "leave", "skip"})
    return both and seen.has("ui_policy") and _consent(seen)


def _plain_request(seen: Seen) -> bool:
    """Both answers, in clear words, to a question about a permission."""
    both = "agree" in seen.labels and bool(seen.labels & {"refuse", "skip"})
    return both and not seen.has("ui_policy") and _purpose(seen)


def _about_permission(seen: Seen) -> bool:
    return seen.has("ui_permission_about") and bool(asked(seen.whole, seen.words))


def _purpose(seen: Seen) -> bool:
    return (
        _about_permission(seen)
        and seen.says_yes
        and (seen.says_no or "agree" in seen.labels)
        and not pages.listed(seen)
        and len(seen.whole) < 400
    )

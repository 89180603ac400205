"""What kind of screen it is; where nothing speaks clearly for one kind, "other"."""

from __future__ import annotations

import re
from itertools import pairwise

from mingcha.collect.screens import logins, pages
from mingcha.collect.screens.groups import GROUPS, asked, heading
from mingcha.collect.screens.items import FOOT, Item, centre
from mingcha.collect.screens.leading import TITLE
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.wording import Words, bare_label
from mingcha.model.words import ScreenKind

_LONG, _LONG_HAN = 60, 20
"""Characters of text that a policy's first screen has at least under its title."""
_FEW = 240
"""Letters of a dialog that only asks to read."""
_BODY_WORDS = 1
_ASIDE = re.compile("[（(][^（）()]{1,16}[)）]")
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
        ("login", logins.login),
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
    foot = FOOT * seen.sheet.size[1]
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


def _policy(seen: Seen) -> bool:
    """A page with a policy's name as its title, and a policy's words under it."""
    body = [item for item in seen.sheet.texts if item not in seen.titles[:1]]
    long = sum(len(item.plain) for item in body if item.alone)
    named = any(is_policy_title(item.plain, seen.words) for item in seen.titles)
    plain = "\n".join(item.plain for item in body)
    spoken = seen.words.count("ui_policy_body", plain) >= _BODY_WORDS and seen.words.has("ui_policy_self", plain)
    return (
        named
        and spoken
        and long >= (_LONG_HAN if _in_chinese(plain) else _LONG)
        and not (seen.says_yes and seen.says_no)
        and not (seen.labels & {"agree"})
    )


def _in_chinese(plain: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in plain)


def is_policy_title(plain: str, words: Words) -> bool:
    """Whether a title is a policy's name and no sentence about policies."""
    bare = bare_label(_ASIDE.sub("", plain)) or bare_label(plain)
    spans = words.spans("ui_policy", bare)
    limit = 24 if _in_chinese(bare) else 48
    asks = any(words.has(name, bare) for name in ("ui_asks_why", "ui_tap_words")) or words.has("ui_question", plain)
    return (
        bool(spans)
        and not asks
        and len(bare) <= limit
        and len(bare) - max(end for _, end in spans) <= 6
        and "，" not in bare
        and not any(words.has("ui_renewed", bare[end:]) for _, end in spans)
    )


def _sdk_list(seen: Seen) -> bool:
    return seen.titled("ui_sdk_list_title") and not seen.says_yes and len(seen.whole) > 2 * _LONG


def _consent(seen: Seen) -> bool:
    """Asks to agree to the policy; where no policy is named, both clear answers to a question about information."""
    if pages.listed(seen) and not seen.labels & {"agree"}:
        return False
    named = names_paper(seen)
    agreeing = "agree" in seen.labels
    ticked = any(tick.means == "consent" for tick in seen.ticks)
    if named and (agreeing or ticked or seen.words.has("ui_agrees", seen.whole)):
        return agreeing or "go" in seen.labels
    if named and seen.says_no and "go" in seen.labels and (_puts_a_question(seen) or _asks_to_read(seen)):
        return True
    asks = seen.words.has("ui_agrees", seen.whole.replace("不同意", ""))
    return agreeing and seen.says_no and about_information(seen) and asks and not about_permission(seen)


def names_paper(seen: Seen) -> bool:
    """Whether a policy is named, or in brackets another paper on what is done with information."""
    return seen.has("ui_policy") or any(
        seen.words.has("ui_consent_paper", seen.words.plain(title))
        for item in seen.sheet.texts
        for title in TITLE.findall(item.text)
    )


def about_information(seen: Seen) -> bool:
    """Whether a title is that of a paper on information, and some information is named."""
    return seen.has("ui_data") and seen.titled("ui_consent_title")


def _asks_to_read(seen: Seen) -> bool:
    """A dialog of few words asks to read the policy."""
    asks = any(
        seen.words.joined("ui_please", "ui_policy", item.plain, gap=10)
        or (seen.words.has("ui_policy", item.plain) and seen.words.has("ui_decide", item.plain))
        for item in seen.sheet.texts
    )
    return asks and len(seen.whole) < _FEW and not seen.fields


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


def about_permission(seen: Seen) -> bool:
    """Whether the screen speaks of having a permission, and of which."""
    rows = len({group for item in seen.sheet.texts if (group := heading(item.plain, seen.words))})
    if rows > 1 and seen.says_yes:
        return True
    if not asked(seen.whole, seen.words):
        return False
    given = any(b.label == "agree" and not b.by_place and asked(b.plain, seen.words) for b in seen.buttons)
    about = seen.has("ui_permission_about") or any(_needs_one(item.plain, seen.words) for item in seen.sheet.texts)
    return about or (given and seen.says_no)


def _needs_one(plain: str, words: Words) -> bool:
    """A sentence says that what a permission opens is needed: a verb of access right before its name."""
    told = words.has("ui_needs", plain) or words.has("ui_purpose", plain)
    return told and any(words.joined("ui_takes", f"ui_ask_{name}", plain, gap=4) for name in GROUPS)


def _alone(seen: Seen) -> bool:
    """A button that agrees and no other: in a picture only one with a surface of its own, for a row of a list has none."""
    drawn = {item.box for item in seen.sheet.items if item.button}
    picture = seen.sheet.origin == "picture"
    return any(b.label == "agree" and (b.box in drawn or not picture) for b in seen.buttons)


def _purpose(seen: Seen) -> bool:
    return (
        about_permission(seen)
        and seen.says_yes
        and (seen.says_no or _alone(seen))
        and not pages.listed(seen)
        and len(seen.whole) < 400
    )

"""What kind of screen it is; where nothing speaks clearly for one kind, "other"."""

from __future__ import annotations

from itertools import pairwise

from mingcha.collect.screens.controls import Button, Tick
from mingcha.collect.screens.groups import asked
from mingcha.collect.screens.items import Item, Sheet, centre
from mingcha.collect.screens.leading import TITLE, Entry, Link, Switch
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


class Seen:
    """A sheet with what was found on it, and the questions that the kinds are decided by."""

    def __init__(
        self,
        sheet: Sheet,
        words: Words,
        buttons: tuple[Button, ...],
        ticks: tuple[Tick, ...],
        links: tuple[Link, ...],
        switches: tuple[Switch, ...],
        entries: tuple[Entry, ...],
    ) -> None:
        self.sheet, self.words = sheet, words
        self.buttons, self.ticks, self.links = buttons, ticks, links
        self.switches, self.entries = switches, entries
        self.whole = "\n".join(item.plain for item in sheet.texts if item.alone)
        self.labels = {button.label for button in buttons}
        texts = sorted(sheet.texts, key=lambda item: (item.box[1] // 8, item.box[0]))
        heads = [item for item in texts if item.alone and not _steps_away(item, words)]
        self.titles = ([item for item in heads if item.clickable is not True] or heads)[:2]

    def has(self, name: str) -> bool:
        """Whether any text on the screen has a word of the list."""
        return self.words.has(name, self.whole)

    def titled(self, name: str, *, whole: bool = False) -> bool:
        """Whether a title has, or is, a word of the list."""
        test = self.words.whole if whole else self.words.has
        return any(test(name, item.plain) and len(item.plain) <= 24 for item in self.titles)

    @property
    def fields(self) -> list[Item]:
        """Fields to fill in; in a picture, lone texts that ask for what a login asks."""
        if self.sheet.origin == "tree":
            return [item for item in self.sheet.items if item.role == "field"]
        return [item for item in self.sheet.texts if _asks_login(item, self.words)]

    @property
    def says_yes(self) -> bool:
        """A button that agrees, or goes on."""
        return bool(self.labels & {"agree", "go"})

    @property
    def says_no(self) -> bool:
        """A button that refuses in any words."""
        return bool(self.labels & {"refuse", "leave", "cancel", "skip"})


def _steps_away(item: Item, words: Words) -> bool:
    return words.whole("ui_close", item.plain) or words.whole("ui_back", item.plain)


def _asks_login(item: Item, words: Words) -> bool:
    bare = bare_label(item.plain)
    return len(bare) <= 12 and words.has("ui_login_field", bare) and not words.has("ui_login_go", bare)


def kind_of(seen: Seen) -> ScreenKind:
    """The first kind that holds."""
    for kind, holds in (
        ("permission", _permission),
        ("consent", _plain_question),
        ("purpose", _plain_request),
        ("main", _main),
        ("login", _login),
        ("cancellation", _cancellation),
        ("policy", _policy),
        ("sdk_list", _sdk_list),
        ("consent", _consent),
        ("purpose", _purpose),
        ("personalisation", _personalisation),
        ("complaint", _complaint),
        ("settings", _settings),
    ):
        if holds(seen):
            return kind  # type: ignore[return-value]
    for name, kind in _BY_TITLE:
        if seen.titled(name) and not seen.entries:
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
    return bool((fields and go) or (titled and (fields or go)) or len(go) >= 2 or consenting) and not _listed(seen)


def _logs_in(item: Item, words: Words) -> bool:
    bare = bare_label(item.plain)
    if item.clickable is False or not item.alone or len(bare) > 12 or (item.origin == "picture" and not item.button):
        return False
    return words.has("ui_title_login", bare) and not words.has("ui_log_out", bare)


def _listed(seen: Seen) -> bool:
    return seen.titled("ui_title_settings", whole=True) or len({entry.to for entry in seen.entries}) >= 3


def _cancellation(seen: Seen) -> bool:
    words = seen.words
    goes = [
        item for item in seen.sheet.texts
        if item.clickable is not False and item not in seen.titles[:1] and _cancels(item, words)
    ]  # fmt: skip
    return seen.titled("ui_title_cancellation") and bool(goes) and not seen.titled("ui_title_settings", whole=True)


def _cancels(item: Item, words: Words) -> bool:
    if words.whole("ui_cancellation_go", item.plain):
        return True
    return len(bare_label(item.plain)) <= 14 and item.button and words.has("ui_cancellation_said", item.plain)


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
    asks = words.has("ui_asks_why", bare) or words.has("ui_question", plain)
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
    if _listed(seen) and not seen.labels & {"agree"}:
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
    asks = seen.words.has("ui_agrees", seen.whole.replace("不同意", ""))
    about = seen.words.has("ui_data", seen.whole) and any(
        "隐私" in item.plain or "privacy" in item.plain for item in seen.titles
    )
    return agreeing and bool(seen.labels & {"refuse", "leave"}) and about and asks and not _about_permission(seen)


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
        and not _listed(seen)
        and len(seen.whole) < 400
    )


def _personalisation(seen: Seen) -> bool:
    """A page whose business the switch is: by its title, or because it has no other switch and leads nowhere."""
    if not seen.switches or seen.titled("ui_title_settings", whole=True):
        return False
    alone = len(seen.switches) == sum(item.role == "switch" for item in seen.sheet.items)
    return seen.titled("ui_title_personalisation") or (alone and not seen.entries)


def _complaint(seen: Seen) -> bool:
    words = seen.words
    return (
        seen.titled("ui_title_complaint")
        and words.has("ui_complaint", seen.whole)
        and (words.has("ui_complaint_form", seen.whole) or bool(seen.fields))
        and not words.has("ui_complaint_not", seen.whole)
        and not _listed(seen)
    )


def _settings(seen: Seen) -> bool:
    return seen.titled("ui_title_settings", whole=True) or len({entry.to for entry in seen.entries}) >= 3

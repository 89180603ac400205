"""One screen read: its kind, its controls, what its words say about consent, and how its texts are set."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from mingcha.collect.screens import again, answers, controls, dialogs, leading, picture, rewards, telling
from mingcha.collect.screens.controls import Button, Tick
from mingcha.collect.screens.items import Sheet
from mingcha.collect.screens.kinds import by_package, is_policy_title, kind_of
from mingcha.collect.screens.leading import Entry, Link, Switch
from mingcha.collect.screens.picture import Pixels
from mingcha.collect.screens.seen import Seen
from mingcha.collect.screens.subjects import asks_about_policy
from mingcha.collect.screens.telling import Asked
from mingcha.collect.screens.wording import Words
from mingcha.formats.uidump import Box
from mingcha.model.words import ScreenKind

Language = Literal["zh-Hans", "zh-Hant", "en"]
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN_WORD = re.compile("[A-Za-z]{2,}")
_SHORT, _OFFERS = 24, 80
_BANNER = frozenset({"other", "main", "offer"})
_PAPERS = frozenset({"policy", "sdk_list", "permission", "other app", "launcher"})
"""Kinds of screen that promise nothing, whatever they speak of."""
_ASKING = frozenset({"consent", "permission", "purpose", "login"})


class Offer(Struct, frozen=True, kw_only=True):
    """A short text that can be tapped, whatever it means."""

    text: str
    plain: str
    target: Box


class Setting(Struct, frozen=True, kw_only=True):
    """How a text is set: ``pixels`` high (one em), ``contrast`` as WCAG ratio, null where no picture tells; its language."""

    pixels: float | None = None
    contrast: float | None = None
    language: Language | None = None


class ScreenReading(Struct, frozen=True, kw_only=True):
    """What one screen shows. ``origin`` is where its words came from: "none" means that nobody could read it.

    ``passive``: doing something else is called consent. ``no_refuse``: a consent dialog without any way to say no; null where
    that cannot be told. ``shuts_out``: it says that refusing ends the app or its service. ``size`` in pixels.
    """

    kind: ScreenKind | None
    origin: Literal["tree", "picture", "none"]
    package: str | None = None
    language: Language | None = None
    buttons: tuple[Button, ...] = ()
    ticks: tuple[Tick, ...] = ()
    links: tuple[Link, ...] = ()
    switches: tuple[Switch, ...] = ()
    entries: tuple[Entry, ...] = ()
    permission: Asked | None = None
    names_policy: bool = False
    asks_policy: bool = False
    """Whether the question that is put is about the policy itself, and not about something done by it."""
    passive: str | None = None
    no_refuse: bool | None = None
    shuts_out: bool = False
    asks_again: bool = False
    bundled: bool = False
    reward: str | None = None
    leads_out: str | None = None
    shares: bool = False
    body: Setting | None = None
    title: str = ""
    size: tuple[int, int] = (0, 0)
    fields: tuple[Box, ...] = ()
    purposes: tuple[str, ...] = ()
    """Groups of permissions for which some text of the screen says what they are needed for."""
    groups: tuple[str, ...] = ()
    """All groups of permissions that any text of the screen speaks of."""
    tells: bool = False
    """Whether any text of the screen tells some purpose."""
    offers: tuple[Offer, ...] = ()
    """Short texts that can be tapped."""
    off: tuple[str, ...] = ()
    """Groups of permissions that some text says the app does not have."""

    def names_groups(self, groups: tuple[str, ...]) -> bool:
        """Whether the screen speaks of one of these groups at all."""
        return any(group in self.groups for group in groups)

    @property
    def agree(self) -> tuple[Button, ...]:
        """What agrees: clear words, or where there are none, words that go on."""
        clear = self._labelled("agree", "grant") if self.kind == "permission" else self._labelled("agree")
        return clear or (self._labelled("go") if self.kind != "permission" else ())

    @property
    def refuse(self) -> tuple[Button, ...]:
        """What refuses: clear words, leaving, or cancelling."""
        return self._labelled("refuse", "leave", "cancel")

    @property
    def skip(self) -> tuple[Button, ...]:
        """What puts it off, or goes on without agreeing."""
        return self._labelled("skip")

    def _labelled(self, *labels: str) -> tuple[Button, ...]:
        if self.kind not in ("consent", "permission", "purpose"):
            return ()
        return tuple(button for button in self.buttons if button.label in labels)


UNREAD = ScreenReading(kind=None, origin="none")


def read_sheet(sheet: Sheet, words: Words, own: str | None, pixels: Pixels | None = None) -> ScreenReading:
    """Read one screen; ``own`` is the package of the app inspected."""
    if sheet.blind:
        return ScreenReading(
            kind=by_package(sheet.package, own, words), origin="none", package=sheet.package, size=sheet.size
        )
    seen = Seen(
        sheet,
        words,
        controls.buttons(sheet, words),
        controls.ticks(sheet, words),
        leading.links(sheet, words),
        leading.switches(sheet, words),
        leading.entries(sheet, words),
    )
    seen = seen.with_buttons(answers.by_place(seen))
    kind = _kind(seen, own)
    reward = rewards.reward(seen) if kind not in _PAPERS else None
    if kind == "other" and reward is not None:
        kind = "offer"
    asking = kind in _ASKING
    return ScreenReading(
        kind=kind,
        origin=sheet.origin,
        package=sheet.package,
        language=language_of("".join(item.text for item in sheet.texts if item.alone), words),
        buttons=seen.buttons,
        ticks=seen.ticks,
        links=(seen.links or _mentioned(seen, kind))
        if kind not in ("policy", "permission", "other app", "launcher")
        else (),
        switches=seen.switches,
        entries=seen.entries if kind != "policy" else (),
        permission=telling.permission(seen, own=kind == "purpose") if kind in ("permission", "purpose") else None,
        names_policy=seen.has("ui_policy"),
        asks_policy=kind == "consent" and asks_about_policy(seen),
        passive=dialogs.passive(seen) if asking else dialogs.banner(seen) if kind in _BANNER else None,
        no_refuse=dialogs.no_refuse(seen, kind),
        shuts_out=asking and dialogs.shuts_out(seen),
        asks_again=kind in ("consent", "permission", "purpose") and again.asks_again(seen),
        bundled=dialogs.bundled(seen, kind, asking=asking),
        reward=reward,
        leads_out=dialogs.first_with(seen, "ui_leads_out"),
        shares=seen.has("ui_shares"),
        body=_body(seen, pixels) if kind == "policy" else None,
        title=seen.titles[0].text if seen.titles else "",
        size=sheet.size,
        fields=tuple(item.box for item in sheet.items if item.role == "field"),
        purposes=telling.purposes_on(sheet, words),
        tells=telling.tells_any(sheet, words),
        groups=telling.groups_in([item.plain for item in sheet.texts], words),
        off=telling.groups_in([item.plain for item in sheet.texts if words.has("ui_off_said", item.plain)], words),
        offers=tuple(
            Offer(text=item.text, plain=item.plain, target=item.target if item.clickable else item.box)
            for item in controls.tappable(sheet)
            if len(item.plain) <= _SHORT
        )[:_OFFERS],
    )


def _mentioned(seen: Seen, kind: ScreenKind) -> tuple[Link, ...]:
    """A question that asks to read the policy names it as something to open, brackets or not."""
    return leading.to_read(seen.sheet, seen.words) if kind in ("consent", "login") else ()


def _kind(seen: Seen, own: str | None) -> ScreenKind:
    """By the window's owner, then by what it shows; of the system's own windows only its question counts."""
    words, package = seen.words, seen.sheet.package
    kind = by_package(package, own, words) or kind_of(seen)
    system = package is not None and package in words.words("ui_packages_permission")
    return "other app" if system and kind != "permission" else kind


def language_of(text: str, words: Words) -> Language | None:
    """The language of what stands on a screen; None where there is too little of it."""
    han = len(_HAN.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if han >= 4 and han >= latin:
        return "zh-Hant" if words.more_traditional(text) else "zh-Hans"
    return "en" if latin >= 4 and latin > han else None


def _body(seen: Seen, pixels: Pixels | None) -> Setting:
    """Size and contrast of the longest paragraph under the title, and the language of all of them."""
    body = [item for item in seen.sheet.texts if item.alone and not is_policy_title(item.plain, seen.words)]
    longest = max(body, key=lambda item: len(item.plain), default=None)
    if longest is None:
        return Setting()
    language = language_of("".join(item.text for item in body), seen.words)
    if pixels is None:
        return Setting(language=language)
    drawn = picture.ink(pixels, longest.box)
    return Setting(
        pixels=longest.em or picture.em_of(pixels, longest.box, longest.text),
        contrast=drawn.contrast if drawn else None,
        language=language,
    )

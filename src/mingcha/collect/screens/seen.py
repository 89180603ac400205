"""A sheet with what was found on it, and the questions that the kinds of screens are decided by."""

from __future__ import annotations

from mingcha.collect.screens.controls import Button, Tick
from mingcha.collect.screens.items import Item, Sheet
from mingcha.collect.screens.leading import Entry, Link, Switch
from mingcha.collect.screens.wording import Words, bare_label


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
        heads = [item for item in texts if item.alone and not steps_away(item.plain, words)]
        self.titles = ([item for item in heads if item.clickable is not True] or heads)[:2]

    def with_buttons(self, more: tuple[Button, ...]) -> Seen:
        """The same screen with more buttons whose meaning is known."""
        both = (*self.buttons, *more)
        return Seen(self.sheet, self.words, both, self.ticks, self.links, self.switches, self.entries)

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


def steps_away(plain: str, words: Words) -> bool:
    """An arrow back or a cross: it leaves, and answers nothing."""
    return words.whole("ui_close", plain) or words.whole("ui_back", plain)


def _asks_login(item: Item, words: Words) -> bool:
    bare = bare_label(item.plain)
    return len(bare) <= 12 and words.has("ui_login_field", bare) and not words.has("ui_login_go", bare)

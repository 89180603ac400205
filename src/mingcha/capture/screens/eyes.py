"""What the recorder sees when it walks alone: the screen as the screens' reader reads it, and what on it may be touched."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import yaml

from mingcha.capture.screens.acts import Shot
from mingcha.catalogue.load import Catalogue, load
from mingcha.collect.screens import ocr
from mingcha.collect.screens.controls import Button, Tick
from mingcha.collect.screens.reading import ScreenReading
from mingcha.collect.screens.screen import Reader
from mingcha.collect.screens.wording import Words, bare_label
from mingcha.formats.uidump import Box, Node
from mingcha.model.words import ScreenKind

_ENTRY = ("policy", "account_cancellation", "complaint", "personalisation_switch")
_LONGEST = 16


class Ways(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``ways.yaml``."""

    never: tuple[str, ...]
    personal: tuple[str, ...]
    doors: tuple[str, ...]


class Door(NamedTuple):
    """Something to touch that leads on; ``to`` is what it leads to, null where its label only lies on the way."""

    rank: int
    label: str
    box: Box
    to: str | None = None


class Sight(NamedTuple):
    """A screen as it was read; ``mark`` is the same for the same screen, ``own`` whether it is the app's."""

    reading: ScreenReading
    mark: str | None
    own: bool | None
    shot: Shot

    @property
    def kind(self) -> ScreenKind | None:
        """What it was taken for."""
        return self.reading.kind


class Eyes:
    """Reads screens of one app."""

    def __init__(self, package: str, tables: Catalogue | None = None) -> None:
        self._package, self._words = package, Words(tables or load())
        self._reader = Reader(self._words, package, use_ocr=False)
        self._slow = Reader(self._words, package, use_ocr=True) if ocr.is_there() else None

    def see(self, shot: Shot) -> Sight:
        """Read what was taken."""
        moment = self._reader.read(shot.tree, shot.picture)
        if moment.reading.origin == "none" and self._slow is not None and shot.picture is not None:
            moment = self._slow.read(shot.tree, shot.picture)  # seconds, so only where the tree shows nothing
        owner = moment.reading.package or (shot.window.package if shot.window else None)
        return Sight(moment.reading, moment.fingerprint, owner == self._package if owner else None, shot)

    def never(self, label: str) -> bool:
        """Whether a label says that a touch would do something."""
        plain = self._words.plain(label)
        return any(word in plain for word in _ways().never)

    def personal(self, label: str) -> bool:
        """Whether a label in plain form names the person's own page."""
        return label in _ways().personal

    def doors(self, sight: Sight) -> list[Door]:
        """What may be touched to get on, best first: what is looked for, then what usually leads there."""
        entries = (e for e in sight.reading.entries if e.to in _ENTRY and not self.never(e.text))
        known = [Door(_ENTRY.index(e.to), self._plain(e.text), e.box, e.to) for e in entries]
        nodes = sight.shot.dump.nodes if sight.shot.dump else ()
        ways = [door for node in nodes if (door := self._door(node, nodes)) is not None]
        found: dict[tuple[str, Box], Door] = {}
        for door in (*known, *ways):
            found.setdefault((door.label, door.box), door)
        return sorted(found.values(), key=lambda door: (door.rank, door.box[1], door.box[0]))

    def _door(self, node: Node, nodes: tuple[Node, ...]) -> Door | None:
        label = self._plain(node.text or node.description)
        rank = _rank(label)
        if rank is None or len(label) > _LONGEST + 8 or self.never(label):
            return None
        above: Node | None = node
        while above is not None and not above.clickable:
            above = nodes[above.parent] if above.parent >= 0 else None
        target = above if above is not None and above.bounds else node
        return Door(rank, label, target.bounds) if target.bounds else None

    def _plain(self, text: str) -> str:
        return bare_label(self._words.plain(text))


@cache
def _ways() -> Ways:
    """The words, once."""
    source = (Path(__file__).parent / "ways.yaml").read_bytes()
    return msgspec.convert(yaml.safe_load(source), Ways)


def _rank(label: str) -> int | None:
    """How soon a label is tried; null where it leads nowhere that is looked for."""
    ways = _ways()
    if label in ways.doors:
        return 10 + ways.doors.index(label)
    return 100 + ways.personal.index(label) if label in ways.personal else None


def consent_boxes(sight: Sight, *, unsure: bool) -> list[Tick]:
    """Boxes that ask for consent and are not ticked, or where that cannot be told."""
    empty = (False, None) if unsure else (False,)
    return [tick for tick in sight.reading.ticks if tick.means == "consent" and tick.checked in empty]


def first(*groups: tuple[Button, ...]) -> Button | None:
    """The first button of the first group that has one."""
    return next((button for group in groups for button in group), None)

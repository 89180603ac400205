"""The screens of a run: what they show, and the phases that they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Finding
from mingcha.collect.run.everywhere import Everywhere, everywhere
from mingcha.collect.run.folder import STEPS, RunFolder
from mingcha.collect.run.forms import asked
from mingcha.collect.run.gaps import gap
from mingcha.collect.run.gates import shut
from mingcha.collect.run.moments import Moment, written
from mingcha.collect.run.openings import answered
from mingcha.collect.run.pages import Page, pages_of
from mingcha.collect.run.phases import Phases, Seen, phases_of
from mingcha.collect.run.untold import doubted
from mingcha.collect.screens.findings import NAME, YIELDS, findings
from mingcha.collect.screens.first import was_clean
from mingcha.collect.screens.notices import tells_of_change
from mingcha.collect.screens.walk import Walk, WalkStep, read_walk
from mingcha.collect.screens.wording import Words, masked
from mingcha.errors import FormatError
from mingcha.model.artefact import Place, clip
from mingcha.model.fact_joined import ChangeNotice
from mingcha.model.fact_observed import (
    ActMade,
    PermissionRequested,
    RefusalOutcome,
    ScreenSeen,
    StepsTo,
    ThirdPartyOpened,
)
from mingcha.model.factbase import Covered, Gap
from mingcha.model.proved import narrowed
from mingcha.model.words import Choice

_SURE = 1.0
"""Seconds of error up to which a capture's moments can be set before or after a touch."""
_STARTS = frozenset({"start", "install", "clear"})
"""Acts after which the app's first screen is the first one since."""


class Walks:
    """The walks of a run. Its phases are those of the one walk; of several nobody can tell what was done between them."""

    def __init__(self, folder: RunFolder, tables: Catalogue) -> None:
        self._folder = folder
        self._tables = tables
        self._walks: dict[str, Walk] = {}
        self._gaps: list[Gap] = []
        for name in folder.of_kind("screens"):
            self._read(name)
        seen = [self._seen(name, walk) for name, walk in self._walks.items()]
        self.phases = Phases(())
        if len(seen) == 1:
            rows, complete = seen[0]
            self.phases = phases_of(rows, start=folder.record.start, complete=complete)
        times = sorted(one.at for rows, _ in seen for one in rows)
        self.first = written(times[0]) if times else None
        self.last = written(times[-1]) if times else None
        self.screens = sum(len(walk.steps) for walk in self._walks.values())

    def findings(self) -> Iterator[Finding]:
        """Facts, coverage and gaps of the screens."""
        for name, walk in self._walks.items():
            yield from self._of(name, walk)
        yield from self._gaps

    def _of(self, name: str, walk: Walk) -> Iterator[Finding]:
        """What one walk shows, as far as its record lets it be told."""
        place, dumps = self._places(name), self._dumps(name, walk)
        pages = pages_of(walk, dumps, self._words)
        touches, ways = self._whole(walk), all(step.led for step in walk.steps[1:])
        been = self._been(walk, dumps) if touches and ways else Everywhere()
        yield from _proved(name, been, place)
        yield from asked(walk, pages, self._words, self._tables, place, whole=touches and ways)
        if not was_clean(walk, told=self._clean):
            yield from _notices(pages, self._words, place)
        for found in self._read_off(walk, pages, dumps, place):
            kept = doubted(found, touches=touches, ways=ways, began=_began(walk))
            if isinstance(kept, Gap):
                yield from narrowed(kept, been.nowhere, texts=been.languages)
            elif kept is not None:
                yield self._on_the_clock(name, kept)

    def _read_off(
        self, walk: Walk, pages: Sequence[Page], dumps: dict[str, bytes], place: Callable[[str, str], Place]
    ) -> Iterator[Finding]:
        """What the screens show; with their trees also which page barred the way, and what was answered before another app opened."""
        record, words, tables = self._folder.record, self._words, self._tables
        shut_out = {(place(one.answered.file, "").sha256, one.about) for one, _ in shut(walk, dumps, words, tables)}
        sure = all(note.error <= _SURE for note in record.files.values())
        for found in findings(walk, record.run, place, tables, clean=self._clean):
            if isinstance(found, RefusalOutcome) and (found.place.sha256, found.refused) in shut_out:
                yield msgspec.structs.replace(found, outcome="blocked")
            elif isinstance(found, ThirdPartyOpened):
                opened = answered(found, walk, pages, place, words, tables)
                yield msgspec.structs.replace(opened, run=record.run, time=opened.time if sure else None)
            else:
                yield found

    def _places(self, name: str) -> Callable[[str, str], Place]:
        """A file of a walk, or where it is none the walk itself, as a place."""
        inside = name.removesuffix(STEPS)

        def place(file: str, quote: str) -> Place:
            known = inside + file if inside + file in self._folder.artefacts else name
            return Place(sha256=self._folder.sha256(known), unit="entry", quote=quote)

        return place

    def _dumps(self, name: str, walk: Walk) -> dict[str, bytes]:
        """The trees of a walk by their names in its steps."""
        inside = name.removesuffix(STEPS)
        named = {step.step.dump for step in walk.steps if step.step.dump}
        return {dump: self._folder.whole(inside + dump) for dump in named if inside + dump in self._folder.files}

    def _been(self, walk: Walk, dumps: dict[str, bytes]) -> Everywhere:
        """What a named tester says is nowhere and the walk bears out; nothing where he does not say whether somebody was signed in.

        Not the walk alone: a view may answer a touch and not say so, and only a person sees that.
        """
        record = self._folder.record
        if record.account is None or record.by is None:
            return Everywhere()
        language = record.device.language if record.start == "clean" and _began(walk) else None
        been = everywhere(walk, dumps, self._words, record.account, language=language)
        return been._replace(nowhere=been.nowhere & frozenset(record.not_found))

    @cached_property
    def _words(self) -> Words:
        return Words(self._tables)

    @property
    def _clean(self) -> bool | None:
        """Whether the record says that the app was newly installed, or its data cleared, right before."""
        start = self._folder.record.start
        return None if start is None else start == "clean"

    def _on_the_clock(self, name: str, found: Finding) -> Finding:
        """A screen or an act with its time on the device's clock, as all other facts of the run have it."""
        if not isinstance(found, ScreenSeen | ActMade | PermissionRequested | ThirdPartyOpened):
            return found
        moment = self._moment(name, found.time)
        phase = {"phase": self.phases.at(moment)} if isinstance(found, PermissionRequested) else {}
        return msgspec.structs.replace(found, time=moment.text if moment else None, **phase)

    def _read(self, name: str) -> None:
        inside, folder = name.removesuffix(STEPS), self._folder
        try:
            files = {file.removeprefix(inside): folder.whole(file) for file in folder.files if file.startswith(inside)}
            self._walks[name] = read_walk(
                folder.whole(name),
                files,
                self._tables,
                package=folder.record.package,
                density=folder.record.device.density / 160 if folder.record.device.density else None,
                ocr=True,
            )
        except FormatError as error:
            self._gaps.append(gap("screens", "run.unreadable", "unreadable", name, YIELDS, why=str(error)))

    def _seen(self, name: str, walk: Walk) -> tuple[list[Seen], bool]:
        """The screens that have a time, and whether every touch is known: a lost line may hold one."""
        told = [(step, self._moment(name, step.step.time)) for step in walk.steps]
        rows = [
            _one(before, step, moment, self._moment(name, before.done.time if before and before.done else None))
            for (before, _), (step, moment) in pairwise([(None, None), *told])
            if step is not None and moment is not None
        ]
        return rows, self._whole(walk) and len(rows) == len(walk.steps)

    def _whole(self, walk: Walk) -> bool:
        """Whether every touch was recorded: the record says so, and no line of it was lost."""
        return self._folder.record.acts == "complete" and not walk.source.partial

    def _moment(self, name: str, text: str | None) -> Moment | None:
        return self._folder.moment(name, text or "", related=True)


def _notices(pages: Sequence[Page], words: Words, place: Callable[[str, str], Place]) -> Iterator[ChangeNotice]:
    """The first screen that tells of a changed policy. That nobody was told, by mail or in any other way, no walk shows.

    Of an app that was used before: whoever is new is told of no change by a first dialog, whatever its title says.
    """
    for page in pages:
        told = tells_of_change(page.sheet, page.step.reading, words)
        if told is not None:
            way = "横幅" if page.step.kind == "main" else "弹窗"
            yield ChangeNotice(place=place(page.step.file, clip(masked(told))), given=True, way=way)
            return


def _proved(name: str, been: Everywhere, place: Callable[[str, str], Place]) -> Iterator[Finding]:
    """What is nowhere in the app; or how much of it was left out, where the walk was not everywhere."""
    if been.left:
        yield gap(NAME, "run.not_everywhere", "partial", name, ("StepsTo",), count=len(been.left))
    if been.languages:
        yield Covered(kind="ScreenText", where={"of": "policy"}, collector=NAME)
    for target in sorted(been.nowhere):
        yield StepsTo(place=place("", ""), target=target, found=False)
        yield Covered(kind="StepsTo", where={"target": target}, collector=NAME)


def _began(walk: Walk) -> bool:
    """Whether the first of the app's own screens came up by starting it, or from the launcher."""
    first = next((step for step in walk.steps if step.own is not False), None)
    if first is None or first.led is None:
        return False
    before = walk.before(first)
    return first.led.kind in _STARTS or (before is not None and before.kind == "launcher")


def _one(before: WalkStep | None, step: WalkStep, moment: Moment, made: Moment | None) -> Seen:
    """A screen with the act that led to it, and what that act decided on the screen before."""
    decided = before.done if before else None
    choice: Choice | None = "undecided" if before and _slid_away(before, step) else decided.choice if decided else None
    here, there = step.moment.fingerprint, before.moment.fingerprint if before else None
    return Seen(
        at=moment.time,
        screen=step.kind,
        own=step.own,
        act=step.led.kind if step.led else None,
        choice=choice,
        about=decided.about if decided else None,
        done=made.time if made else None,
        same=here is not None and here == there,
    )


def _slid_away(before: WalkStep, step: WalkStep) -> bool:
    """Whether a question, or a screen that nobody could read, went with a swipe or a key: some are answered that way."""
    act = step.led.kind if step.led else None
    return (
        act in ("swipe", "type")
        and before.own is not False
        and before.kind in ("consent", "login", None)
        and step.kind not in (before.kind, "policy", "sdk_list")
    )

"""The screens of a run: what they show, and the phases that they tell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Finding
from mingcha.collect.run.folder import STEPS, RunFolder
from mingcha.collect.run.gaps import gap
from mingcha.collect.run.moments import Moment, written
from mingcha.collect.run.phases import Phases, Seen, phases_of
from mingcha.collect.run.untold import doubted
from mingcha.collect.screens.findings import YIELDS, findings
from mingcha.collect.screens.walk import Walk, WalkStep, read_walk
from mingcha.errors import FormatError
from mingcha.model.artefact import Place
from mingcha.model.fact_observed import ActMade, PermissionRequested, ScreenSeen
from mingcha.model.factbase import Gap
from mingcha.model.words import Choice

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
        clean = None if self._folder.record.start is None else self._folder.record.start == "clean"
        for name, walk in self._walks.items():
            inside = name.removesuffix(STEPS)

            def place(file: str, quote: str, inside: str = inside, name: str = name) -> Place:
                known = inside + file if inside + file in self._folder.artefacts else name
                return Place(sha256=self._folder.sha256(known), unit="entry", quote=quote)

            told = findings(walk, self._folder.record.run, place, self._tables, clean=clean)
            touches, ways, began = self._whole(walk), all(step.led for step in walk.steps[1:]), _began(walk)
            for found in told:
                kept = doubted(found, touches=touches, ways=ways, began=began)
                if kept is not None:
                    yield self._on_the_clock(name, kept)
        yield from self._gaps

    def _on_the_clock(self, name: str, found: Finding) -> Finding:
        """A screen or an act with its time on the device's clock, as all other facts of the run have it."""
        if not isinstance(found, ScreenSeen | ActMade | PermissionRequested):
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

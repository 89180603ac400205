"""A walk through an app: its screens in order, each read, with what was done between them and what that decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from mingcha.catalogue.load import Catalogue
from mingcha.collect.screens.choices import Decision, decision
from mingcha.collect.screens.kinds import by_package
from mingcha.collect.screens.reading import ScreenReading
from mingcha.collect.screens.screen import Moment, Reader
from mingcha.collect.screens.wording import Words
from mingcha.errors import FormatError
from mingcha.formats.steps import Step, StepAct, Steps, read_steps
from mingcha.formats.uidump import read_dump
from mingcha.model.words import ScreenKind

SOON = timedelta(seconds=5)
"""How long a screen may take to follow an act."""
_SAMPLE = 40
"""Dumps looked at to find out whose walk it is."""


@dataclass(frozen=True, slots=True)
class WalkStep:
    """One moment: ``number`` counts from 1, ``led`` is what was done before and led here, ``done`` what was decided on it."""

    number: int
    step: Step
    moment: Moment
    own: bool | None
    led: StepAct | None
    done: Decision | None = None

    @property
    def reading(self) -> ScreenReading:
        """What the screen shows."""
        return self.moment.reading

    @property
    def kind(self) -> ScreenKind | None:
        """What it was taken for."""
        return self.moment.reading.kind

    @property
    def file(self) -> str:
        """The file that shows it best."""
        return self.step.dump or self.step.picture or ""

    @property
    def read(self) -> bool:
        """Whether its words could be read."""
        return self.moment.reading.origin != "none" and not self.moment.partial


def moment_of(step: WalkStep) -> datetime | None:
    """When a screen was seen; None without a time or with one that is none."""
    try:
        return datetime.fromisoformat(step.step.time) if step.step.time else None
    except ValueError:
        return None


def soon(step: WalkStep, later: WalkStep, within: timedelta) -> bool:
    """Whether a screen came so soon after another; not where a time is missing."""
    one, other = moment_of(step), moment_of(later)
    if one is None or other is None or (one.tzinfo is None) != (other.tzinfo is None):
        return False
    return timedelta(0) <= other - one <= within


@dataclass(frozen=True, slots=True)
class Walk:
    """The whole walk. ``package`` is the app's, given or found; ``density`` pixels per dp."""

    steps: tuple[WalkStep, ...]
    source: Steps
    package: str | None
    density: float | None
    ocr: bool

    def before(self, step: WalkStep) -> WalkStep | None:
        """The moment before."""
        return self.steps[step.number - 2] if step.number > 1 else None

    def after(self, step: WalkStep) -> WalkStep | None:
        """The moment after."""
        return self.steps[step.number] if step.number < len(self.steps) else None

    def settled(self, step: WalkStep, within: timedelta = SOON) -> WalkStep:
        """The last screen that came by itself soon after this one: a dialog may need a moment to go."""
        last = step
        for later in self.steps[step.number :]:
            if later.led is None or later.led.kind != "none" or not soon(step, later, within):
                break
            last = later
        return last


def read_walk(
    steps: bytes,
    files: Mapping[str, bytes],
    tables: Catalogue,
    *,
    package: str | None,
    density: float | None,
    ocr: bool,
) -> Walk:
    """Read a walk from ``steps.jsonl`` and its files by name. Raises FormatError if the steps cannot be read at all."""
    source = read_steps(steps)
    words = Words(tables)
    own = package or _whose(source, files, words)
    reader = Reader(words, own, use_ocr=ocr)
    moments = [
        WalkStep(
            number=number,
            step=step,
            moment=_with_package(reader.read(_file(files, step.dump), _file(files, step.picture)), step, own, words),
            own=None,
            led=step.act,
        )
        for number, step in enumerate(source.steps, 1)
    ]
    known = [replace(moment, own=_is_own(moment, own)) for moment in moments]
    walk = Walk(tuple(known), source, own, density, ocr)
    decided = tuple(replace(moment, done=_decided(walk, moment, words, tables)) for moment in known)
    return replace(walk, steps=decided)


def _decided(walk: Walk, moment: WalkStep, words: Words, tables: Catalogue) -> Decision | None:
    """What the act after a moment decided, by the screen that it led to once that stood still."""
    follower = walk.after(moment)
    if follower is None:
        return None
    return decision(moment.reading, follower.led, walk.settled(follower).reading, words, tables)


def _file(files: Mapping[str, bytes], name: str | None) -> bytes | None:
    return files.get(name) if name else None


def _with_package(moment: Moment, step: Step, own: str | None, words: Words) -> Moment:
    """Where no tree tells the window's owner, the recorder does."""
    if moment.reading.package is not None:
        return moment
    told = step.package or (step.activity or "").partition("/")[0] or None
    if told is None or "." not in told:
        return moment
    kind = by_package(told, own, words) or moment.reading.kind
    return replace(moment, reading=msgspec.structs.replace(moment.reading, package=told, kind=kind))


def _is_own(moment: WalkStep, own: str | None) -> bool | None:
    """Whether the app's own window shows; null where nobody can tell."""
    package = moment.reading.package
    return None if package is None or own is None else package == own


def _whose(source: Steps, files: Mapping[str, bytes], words: Words) -> str | None:
    """The package that owns most windows, the system's left aside."""
    system = frozenset[str]().union(
        *(words.words(f"ui_packages_{name}") for name in ("permission", "bars", "settings", "launcher"))
    )
    seen: Counter[str] = Counter()
    for step in source.steps[:_SAMPLE]:
        try:
            dump = read_dump(files.get(step.dump or "", b""))
        except FormatError:
            continue
        packages = {node.package for node in dump.nodes if node.package} - system
        seen.update(packages)
    best = seen.most_common(2)
    return best[0][0] if best and (len(best) == 1 or best[0][1] > best[1][1]) else None

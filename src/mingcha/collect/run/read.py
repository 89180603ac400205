"""What was read on the device in a run: events of recorders as facts on the device's clock, and how often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Finding
from mingcha.collect.run.folder import RunFolder
from mingcha.collect.run.gaps import gap
from mingcha.collect.run.moments import Moment, first_and_last
from mingcha.collect.run.phases import Phases
from mingcha.collect.runtime.ground import Ground, sealing
from mingcha.collect.runtime.importing import import_runtime
from mingcha.collect.runtime.permissions import CHOSEN, changes
from mingcha.collect.traffic.profile import Profile
from mingcha.errors import FormatError, RecordError, UsageError
from mingcha.formats.packagedump import PackageDump
from mingcha.model.artefact import Place
from mingcha.model.event import Event, Imported
from mingcha.model.fact_joined import ReadRate
from mingcha.model.fact_observed import InformationRead, PermissionGranted, PermissionRequested
from mingcha.model.factbase import Gap, Reason
from mingcha.model.words import Phase

READ = ("InformationRead", "ReadRate")
ASKED = ("PermissionRequested",)
STATES = ("PermissionGranted", "PermissionChanged")
_LEAST_MINUTES = 0.5
"""A rate over less time says nothing."""
_ASKED_WHILE_RUNNING = 23
"""Apps made for this Android and later open no permission by being installed: a person has to."""


class Found(NamedTuple):
    """One event that belongs to the app, when it was, and in which phase."""

    event: Event
    moment: Moment | None
    phase: Phase | None


class Read:
    """Reads the logs of a run."""

    def __init__(self, folder: RunFolder, phases: Phases, profile: Profile, tables: Catalogue) -> None:
        self._folder = folder
        self._phases = phases
        self._tables = tables
        planted = {known.value: known.tag for known in profile.values}
        self._seal = sealing(folder.key, planted)

    def findings(self) -> Iterator[Finding]:
        """Facts and gaps of every log and every dump."""
        for name in self._folder.of_kind("runtime"):
            try:
                imported = import_runtime(self._folder.whole(name), self._ground(name))
            except FormatError:
                yield _gap("run.unknown_file", "unreadable", name, (*READ, *ASKED))
                continue
            yield from self._log(name, imported)
        yield from self._packages()

    def _ground(self, name: str) -> Ground:
        note, record = self._folder.note(name), self._folder.record
        return Ground(
            tables=self._tables,
            sha256=self._folder.sha256(name),
            package=record.package,
            offset=record.device.offset,
            year=note.year,
            dumped=note.dumped,
            seal=self._seal,
        )

    def _log(self, name: str, imported: Imported) -> Iterator[Finding]:
        found = [self._found(name, event) for event in imported.events if self._mine(event)]
        yield from self._reads(found)
        yield from self._rates(found)
        yield from self._asked(found)
        yield _gap("run.partial_runtime", "partial", name, (*READ, *ASKED), tool=imported.tool)
        if imported.partial:
            yield _gap("run.cut", "partial", name, (*READ, *ASKED), count=imported.accounted.get("unreadable", 0))

    def _mine(self, event: Event) -> bool:
        return event.package in (None, self._folder.record.package) or self._folder.record.package is None

    def _found(self, name: str, event: Event) -> Found:
        told = event.clock.time or event.clock.local or ""
        moment = self._folder.moment(name, told, related=True, step=event.clock.step)
        return Found(event, moment, None if _by_android(event) else self._phases.at(moment))

    def _reads(self, found: Iterable[Found]) -> Iterator[InformationRead]:
        groups: dict[tuple[Any, ...], list[Found]] = defaultdict(list)
        for one in found:
            for information in one.event.information:
                groups[information, _interface(one.event), _outcome(one.event), one.phase, _actor(one.event)].append(
                    one
                )
        for (information, interface, outcome, phase, actor), rows in groups.items():
            first, last = first_and_last(one.moment for one in rows)
            yield InformationRead(
                place=rows[0].event.place,
                information=information,
                interface=interface,
                outcome=outcome,
                phase=phase,
                actor=actor,
                run=self._folder.record.run,
                time=first,
                last=last,
                count=sum(one.event.count for one in rows),
            )

    def _rates(self, found: Iterable[Found]) -> Iterator[ReadRate]:
        """Reads that gave a value, for each minute of a phase that lasted long enough to count."""
        counts: dict[tuple[str, Phase], list[Found]] = defaultdict(list)
        for one in found:
            if one.phase is not None and one.event.grade == "observed":
                for information in one.event.information:
                    counts[information, one.phase].append(one)
        for (information, phase), rows in counts.items():
            minutes = self._phases.minutes(phase)
            if minutes >= _LEAST_MINUTES:
                rate = round(sum(one.event.count for one in rows) / minutes, 3)
                yield ReadRate(place=rows[0].event.place, information=information, phase=phase, per_minute=rate)

    def _asked(self, found: Iterable[Found]) -> Iterator[PermissionRequested]:
        for one in found:
            if one.event.kind == "asked" and one.event.permission:
                yield PermissionRequested(
                    place=one.event.place,
                    permission=one.event.permission,
                    information=self._opens(one.event.permission),
                    phase=one.phase,
                    run=self._folder.record.run,
                    time=one.moment.text if one.moment else None,
                )

    def _opens(self, permission: str) -> tuple[str, ...] | None:
        row = self._tables.permissions.get(permission)
        return row.information if row else None

    # --- dumps of packages

    def _packages(self) -> Iterator[Finding]:
        dumps = {name: self._folder.dumps[name] for name in self._folder.of_kind("packages")}
        for name, dump in dumps.items():
            yield from self._granted(name, dump)
            if dump.partial:
                yield _gap("run.cut", "partial", name, STATES, count=len(dump.unreadable))
        yield from self._compared(dumps)
        if dumps:
            yield _gap("run.partial_packages", "partial", ", ".join(dumps), STATES)

    def _granted(self, name: str, dump: PackageDump) -> Iterator[PermissionGranted]:
        """Permissions of the app that were open when the dump was made, though only a person may open them and none noted so.

        What the person opened by himself, or the maker of the device or its administrator for him, says nothing against the app.
        Nor does such a state of an app made for Android 6 and later: it cannot open them, but a tester's tool can while it
        installs the app (``adb install -g``) and leaves no note. Its permissions are told, and in no phase.
        """
        app = dump.package(self._folder.record.package or "")
        moment = self._folder.moment(name, self._folder.note(name).dumped or "", related=True)
        itself = app is not None and app.target_sdk is not None and app.target_sdk < _ASKED_WHILE_RUNNING
        for one in app.permissions if app else ():
            if one.granted and one.form == "runtime" and not CHOSEN & {*one.flags}:
                yield PermissionGranted(
                    place=Place(sha256=self._folder.sha256(name), at=one.line, unit="entry", quote=one.name),
                    permission=one.name,
                    information=self._opens(one.name),
                    phase=self._phases.at(moment) if itself else None,
                    run=self._folder.record.run,
                    time=moment.text if moment else None,
                )

    def _compared(self, dumps: dict[str, PackageDump]) -> Iterator[Finding]:
        """What changed between the dump marked ``before`` and the one marked ``after``."""
        by_role = {self._folder.note(name).role: name for name in dumps}
        if "before" not in by_role or "after" not in by_role:
            return
        if self._folder.record.package is None:
            raise RecordError(f"run {self._folder.record.run}: to compare two dumps, run.yaml must name the package")
        earlier, later = by_role["before"], by_role["after"]
        try:
            yield from changes(
                dumps[earlier], dumps[later], self._folder.record.package, self._ground(earlier), self._ground(later)
            )
        except UsageError as error:
            yield _gap("run.unreadable", "partial", later, STATES, why=str(error))


def _by_android(event: Event) -> bool:
    """Whether the stack holds frames, and none of the app's or an SDK's: a person who pastes reads the clipboard so.

    Such a read accuses nobody of having come too early, so it is in no phase.
    """
    return bool(event.stack) and event.actor.kind == "unknown" and event.actor.frame is None


def _interface(event: Event) -> str | None:
    return event.interfaces[0] if len(event.interfaces) == 1 else None


def _outcome(event: Event) -> Any:
    return None if event.outcome == "unknown" else event.outcome


def _actor(event: Event) -> str | None:
    if event.actor.kind == "sdk":
        return event.actor.id
    return "app" if event.actor.kind == "app" else None


def _gap(code: str, reason: Reason, name: str, hides: tuple[str, ...], **values: object) -> Gap:
    return gap("runtime", code, reason, name, hides, **values)

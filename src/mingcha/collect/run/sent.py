"""What a run sent, and whom it contacted: captures as facts on the device's clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Finding
from mingcha.collect.hosts import domain_owners, owner_of
from mingcha.collect.run.folder import RunFolder
from mingcha.collect.run.gaps import gap
from mingcha.collect.run.moments import Moment, first_and_last
from mingcha.collect.run.phases import Phases
from mingcha.collect.traffic.matcher import Matcher
from mingcha.collect.traffic.profile import Profile
from mingcha.collect.traffic.reading import read_traffic
from mingcha.collect.traffic.sealing import Seal
from mingcha.collect.traffic.sendings import Baseline, Contact, Sending, Traffic, baseline_of
from mingcha.errors import FormatError
from mingcha.formats.exchange import Reading
from mingcha.formats.har import Har, looks_like_har
from mingcha.formats.mitmflow import Flows
from mingcha.formats.pcap import looks_like_pcap, read_pcap
from mingcha.formats.pcapdroid import Connection, parse
from mingcha.model.artefact import Place, clip
from mingcha.model.fact_observed import HostContacted, InformationSent, PlainTransport
from mingcha.model.factbase import Gap, Reason
from mingcha.model.words import Phase, Tie

SENT = ("InformationSent", "HostContacted", "PlainTransport")


class Sent:
    """Reads the captures of a run, the idle phone's first."""

    def __init__(self, folder: RunFolder, phases: Phases, profile: Profile, tables: Catalogue) -> None:
        self._folder = folder
        self._phases = phases
        self._owners = domain_owners(tables)
        self._matcher = Matcher(profile)
        self._seal = Seal(folder.key)

    def findings(self) -> Iterator[Finding]:
        """Facts and gaps of every capture."""
        names = self._folder.of_kind("traffic")
        idle = [name for name in names if self._folder.note(name).role == "baseline"]
        baseline = _together(self._read(name, None)[0] for name in idle)
        for name in names:
            if name not in idle:
                yield from self._capture(name, baseline)
        for name in self._folder.of_kind("connections"):
            yield from self._connections(name)

    def _read(self, name: str, baseline: Baseline | None) -> tuple[Traffic, Reading]:
        data = memoryview(self._folder.files[name])
        capture: Any = Har(data) if looks_like_har(data) else Flows(data)
        return read_traffic(capture, self._matcher, self._seal, baseline), capture.reading

    def _capture(self, name: str, baseline: Baseline) -> Iterator[Finding]:
        traffic, reading = self._read(name, baseline)
        yield from self._sendings(name, traffic.sendings)
        yield from self._contacts(name, traffic.contacts)
        yield from _gaps(name, traffic, reading)
        if self._folder.note(name).ahead is None:
            yield _gap("run.clock_not_related", "partial", name, hides=("InformationSent",))

    def _moment(self, name: str, text: str) -> Moment | None:
        return self._folder.moment(name, text, related=False)

    def _tie(self, name: str, named: bool) -> Tie | None:
        if self._folder.note(name).only_app:
            return "capture"
        return "package" if named else None

    def _place(self, name: str, entry: int, quote: str) -> Place:
        return Place(sha256=self._folder.sha256(name), at=entry, unit="entry", quote=clip(quote))

    def _sendings(self, name: str, sendings: Iterable[Sending]) -> Iterator[Finding]:
        groups: dict[tuple[Any, ...], list[tuple[Sending, Moment | None]]] = defaultdict(list)
        for one in sendings:
            moment = self._moment(name, one.started)
            phase = self._phases.at(moment)
            groups[one.information, one.host, one.variant, one.confidence, phase, one.plain, one.named].append(
                (one, moment)
            )
        for (information, host, variant, confidence, phase, plain, named), rows in groups.items():
            first = rows[0][0]
            times = first_and_last(moment for _, moment in rows)
            shared = {
                "place": self._place(name, first.index, first.trail),
                "information": information,
                "host": host,
                "receiver": owner_of(host, self._owners),
                "phase": phase,
                "run": self._folder.record.run,
                "count": len({one.index for one, _ in rows}),
            }
            yield InformationSent(
                **shared,
                encoding=variant,
                confidence=confidence,
                tie=self._tie(name, named),
                time=times[0],
                last=times[1],
            )
            if plain and confidence == "planted":
                yield PlainTransport(**shared, time=times[0])

    def _contacts(self, name: str, contacts: Iterable[Contact]) -> Iterator[Finding]:
        groups: dict[tuple[str, Phase | None], list[tuple[Contact, Moment | None]]] = defaultdict(list)
        for one in contacts:
            moment = self._moment(name, one.started)
            groups[one.host, self._phases.at(moment)].append((one, moment))
        for (host, phase), rows in groups.items():
            if host:
                seen = sum(not one.opaque for one, _ in rows)
                yield self._contact(name, host, phase, rows[0][0].entry, [m for _, m in rows], seen)

    def _contact(
        self, name: str, host: str, phase: Phase | None, entry: int, moments: list[Moment | None], seen: int | None
    ) -> HostContacted:
        first, last = first_and_last(moments)
        return HostContacted(
            place=self._place(name, entry, host),
            host=host,
            owner=owner_of(host, self._owners),
            phase=phase,
            run=self._folder.record.run,
            time=first,
            last=last,
            count=len(moments),
            decrypted=seen,
        )

    def _connections(self, name: str) -> Iterator[Finding]:
        """Hosts and times of this app, nothing of what went over the connections."""
        try:
            rows, cut = (
                self._packets(name) if looks_like_pcap(memoryview(self._folder.files[name])) else self._listed(name)
            )
        except FormatError as error:
            yield _gap("run.unreadable", "unreadable", name, why=str(error))
            return
        groups: dict[tuple[str, Phase | None], list[tuple[int, Moment | None]]] = defaultdict(list)
        for entry, host, moment in rows:
            groups[host, self._phases.at(moment)].append((entry, moment))
        for (host, phase), found in groups.items():
            yield self._contact(name, host, phase, found[0][0], [moment for _, moment in found], 0)
        yield _gap("run.partial_traffic", "partial", name)
        if cut:
            yield _gap("run.cut", "partial", name)

    def _listed(self, name: str) -> tuple[list[_Row], bool]:
        """PCAPdroid's list, of which only this app's rows count."""
        found = parse(self._folder.whole(name))
        package = self._folder.record.package
        mine = [row for row in found.rows if package is not None and row.package == package]
        rows = [
            (row.row, host, self._folder.moment(name, row.first, related=True)) for row in mine if (host := _host(row))
        ]
        return rows, bool(found.partial or found.unreadable)

    def _packets(self, name: str) -> tuple[list[_Row], bool]:
        """Packets, which say nothing of apps: they count where the record says that the capture is of this app alone."""
        found = read_pcap(self._folder.whole(name))
        names = found.names if self._folder.note(name).only_app else ()
        rows = [(one.packet, one.host, self._moment(name, f"{one.time:.6f}")) for one in names]
        return rows, found.partial


_Row = tuple[int, str, Moment | None]
"""Entry of the file, host, when."""


def _host(row: Connection) -> str:
    """The host that a row names; an address alone is none."""
    named = row.info.split("://")[-1].split("/")[0].rsplit(":", 1)[0].strip().lower()
    return named if "." in named and not named.replace(".", "").isdigit() else ""


def _together(found: Iterable[Traffic]) -> Baseline:
    planted: set[tuple[str, str]] = set()
    digests: set[str] = set()
    for traffic in found:
        one = baseline_of(traffic)
        planted |= one.planted
        digests |= one.digests
    return Baseline(frozenset(planted), frozenset(digests))


def _gaps(name: str, traffic: Traffic, reading: Reading) -> Iterator[Gap]:
    """What of a capture could not be looked into; and that one run never shows all."""
    yield _gap("run.partial_traffic", "partial", name)
    if reading.partial or reading.unreadable:
        yield _gap("run.cut", "partial", name, count=reading.unreadable)
    if hidden := sum(traffic.opaque.values()):
        yield _gap("run.not_decrypted", "protected", name, count=hidden)
    if traffic.missing:
        yield _gap("run.no_decoder", "unreadable", name, what=", ".join(sorted(traffic.missing)))
    if traffic.cut or traffic.dropped or traffic.omitted:
        yield _gap("run.not_searched", "too big", name, count=traffic.cut + traffic.dropped + traffic.omitted)


def _gap(code: str, reason: Reason, name: str, hides: tuple[str, ...] = SENT, **values: object) -> Gap:
    return gap("traffic", code, reason, name, hides, **values)

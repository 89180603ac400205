"""A run as facts: its record, its screens, what it read and sent, each on the phases that the screens tell."""

from __future__ import annotations

from collections.abc import Iterator

from mingcha.catalogue.load import Catalogue
from mingcha.collect.findings import Finding
from mingcha.collect.run.folder import RunFolder
from mingcha.collect.run.moments import written
from mingcha.collect.run.phases import Phases
from mingcha.collect.run.read import Read
from mingcha.collect.run.sent import Sent
from mingcha.collect.run.walks import Walks
from mingcha.model.artefact import Place
from mingcha.model.fact_observed import PhaseSpan, RunRecorded


def collect(folder: RunFolder, tables: Catalogue) -> Iterator[Finding]:
    """Everything that the files of one run show. Raises RecordError for a record or profile that cannot be used."""
    walks = Walks(folder, tables)
    yield _recorded(folder, walks)
    yield from walks.findings()
    yield from _spans(folder, walks.phases)
    profile = folder.profile(tables)
    yield from Sent(folder, walks.phases, profile, tables).findings()
    yield from Read(folder, walks.phases, profile, tables).findings()


def _recorded(folder: RunFolder, walks: Walks) -> RunRecorded:
    record = folder.record
    return RunRecorded(
        place=Place(sha256=folder.artefact.sha256, unit="entry"),
        run=record.run,
        name=folder.artefact.name,
        package=record.package,
        version_code=record.version_code,
        by=record.by,
        device=record.device.model,
        system=record.device.system,
        start=record.start,
        first=walks.first,
        last=walks.last,
        screens=walks.screens,
        recorders=tuple(sorted({kind for kind in folder.kinds.values() if kind})),
    )


def _spans(folder: RunFolder, phases: Phases) -> Iterator[PhaseSpan]:
    for number, span in enumerate(phases.spans):
        yield PhaseSpan(
            place=Place(sha256=folder.artefact.sha256, path="phases", at=number, unit="entry"),
            run=folder.record.run,
            phase=span.phase,
            start=written(span.start),
            end=written(span.end),
        )

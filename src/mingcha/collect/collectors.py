"""Every collector, and running them over a case so that each failure ends in a gap and never in a lost case."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mingcha.catalogue.load import Catalogue
from mingcha.collect import answers, calls, flows, hosts, manifest, protection, sdks, signer, texts
from mingcha.collect.findings import FROM_POLICY, Collector, Finding
from mingcha.errors import FormatError, LimitError, MingchaError
from mingcha.model.artefact import Artefact, ArtefactKind
from mingcha.model.fact_observed import RunRecorded
from mingcha.model.factbase import Gap, Reason

OBSERVED: dict[str, tuple[str, ...]] = {
    "traffic": ("InformationSent", "HostContacted", "PlainTransport"),
    "runtime": ("InformationRead", "PermissionGranted", "PermissionRequested", "PermissionChanged", "ReadRate"),
    "screens": (
        "ConsentPrompt", "ConsentControl", "ScreenText", "StepsTo", "RefusalOutcome", "ThirdPartyOpened", "FieldAsked",
        "RepeatedAsking", "RequestBurst", "ChangeNotice",
    ),
    "records": ("RequestHandled",),
}  # fmt: skip
"""Evidence that is missing unless somebody hands it in, and the kinds of fact only it can show."""


def _policy(opened: Any, tables: Catalogue) -> Iterable[Finding]:
    """The policy reader, imported when there is a policy: its word lists and patterns cost start-up."""
    from mingcha.collect.policy import collector as policy

    return policy.collect(opened.artefact, opened.document, tables, opened.role)


def _run_of(opened: Any, tables: Catalogue) -> Iterable[Finding]:
    """The reader of runs, imported when there is one."""
    from mingcha.collect.run.collector import collect as collect_run

    return collect_run(opened, tables)


RUN = Collector(
    "run", "run", ("RunRecorded", "ScreenSeen", "ActMade", "PhaseSpan", *(kind for kinds in OBSERVED.values() for kind in kinds)), _run_of
)  # fmt: skip
POLICY = Collector("policy", "policy", FROM_POLICY, _policy)

COLLECTORS: tuple[Collector, ...] = (
    manifest.COLLECTOR,
    signer.COLLECTOR,
    sdks.COLLECTOR,
    calls.COLLECTOR,
    flows.COLLECTOR,
    hosts.COLLECTOR,
    texts.COLLECTOR,
    protection.COLLECTOR,
    POLICY,
    RUN,
    answers.COLLECTOR,
)

_log = logging.getLogger("mingcha")


@dataclass(frozen=True, slots=True)
class Subject:
    """One artefact and how to open it; ``open`` raises FormatError when its bytes are not what they should be."""

    artefact: Artefact
    open: Callable[[], Any]


def collect(
    subjects: Sequence[Subject], tables: Catalogue, *, strict: bool = False, progress: Callable[[str], object] = str
) -> list[Finding]:
    """What every collector finds, and a gap for every kind of artefact that was not handed in.

    ``strict`` lets defects through as exceptions. ``progress`` is told the name of each collector as it starts.
    """
    found: list[Finding] = []
    for subject in subjects:
        collectors = [c for c in COLLECTORS if c.reads == subject.artefact.kind]
        found.extend(_of_subject(subject, collectors, tables, strict=strict, progress=progress))
    recorders = {word for one in found if isinstance(one, RunRecorded) for word in one.recorders}
    return [*_absent({subject.artefact.kind for subject in subjects}, recorders), *found]


def _of_subject(
    subject: Subject, collectors: list[Collector], tables: Catalogue, *, strict: bool, progress: Callable[[str], object]
) -> Iterator[Finding]:
    try:
        opened = subject.open()
    except (FormatError, LimitError) as error:
        for collector in collectors:
            yield _failed(collector, subject.artefact, error)
        return
    for collector in collectors:
        progress(collector.name)
        yield from _run(collector, opened, subject.artefact, tables, strict=strict)


def _run(collector: Collector, opened: Any, artefact: Artefact, tables: Catalogue, *, strict: bool) -> list[Finding]:
    """What one collector finds. A failure yields its gap alone: half a reading would look like a whole one."""
    found: list[Finding] = []
    try:
        found.extend(collector.run(opened, tables))
    except (FormatError, LimitError) as error:
        return [_failed(collector, artefact, error)]
    except MingchaError:
        raise
    except Exception as error:
        if strict:
            raise
        _log.exception("defect in collector %s", collector.name)
        return [_failed(collector, artefact, error)]
    return found


def _failed(collector: Collector, artefact: Artefact, error: Exception) -> Gap:
    reason: Reason = "defect"
    if isinstance(error, FormatError):
        reason = "unreadable"
    elif isinstance(error, (LimitError, MemoryError)):
        reason = "too big"
    return Gap(
        collector=collector.name,
        reason=reason,
        hides=(*collector.yields, *collector.vouches),
        code=f"collector.{reason.replace(' ', '_')}",
        values={"artefact": artefact.name, "why": str(error) or type(error).__name__},
    )


_SHOWN_BY = {"traffic": {"traffic", "connections"}, "runtime": {"runtime", "packages"}, "screens": {"screens"}}
"""Which recordings of a run are that kind of evidence."""


def _absent(have: Collection[ArtefactKind], recorders: Collection[str]) -> Iterator[Gap]:
    for kind in ("apk", "policy"):
        if kind not in have:
            hides = tuple(dict.fromkeys(k for c in COLLECTORS if c.reads == kind for k in c.yields))
            yield Gap(collector="case", reason="missing", hides=hides, code=f"missing.{kind}")
    for name, hides in OBSERVED.items():
        if not _SHOWN_BY.get(name, set()) & set(recorders):
            yield Gap(collector="case", reason="missing", hides=hides, code=f"missing.{name}")

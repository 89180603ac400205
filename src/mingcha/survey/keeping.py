"""A report as rows, and rows as facts again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from mingcha.collect.package import Package
from mingcha.errors import FormatError, LimitError, RecordError
from mingcha.model.fact import AnyFact, Fact
from mingcha.model.factbase import Gap
from mingcha.model.report import FactsFile, Report
from mingcha.model.verdict import Verdict
from mingcha.survey.rows import AppRow, FactRow, GapRow, Record, TraceRow, VerdictRow

_ABOUT = ("sdk", "permission", "host", "information", "provision", "about", "party", "name", "title", "form", "what")
"""The fields that say what a fact is about; the first that it has counts."""
Sketch = Callable[[Package], tuple[int, ...] | None]


def record_of(key: str, report: Report, package: Package | None, sketch: Sketch | None = None) -> Record:
    """All rows of a report."""
    return Record(
        app=_app(key, report, package, sketch),
        facts=tuple(_fact(key, fact) for fact in report.facts),
        verdicts=tuple(verdict_row(key, report.tool.catalogue, one) for one in report.verdicts),
        gaps=tuple(_gap(key, gap) for gap in report.gaps),
        traces=tuple(trace_rows(key, report.tool.catalogue, report.verdicts)),
    )


def facts_of(record: str, bodies: Iterable[str]) -> FactsFile:
    """The facts file again, from its head and the bodies of its facts. Raises RecordError."""
    try:
        head = msgspec.json.decode(record, type=FactsFile)
        facts = msgspec.json.decode(f"[{','.join(bodies)}]", type=tuple[AnyFact, ...])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise RecordError(f"facts that this Mingcha does not read: {error}") from error
    return msgspec.structs.replace(head, facts=facts)


def verdict_row(key: str, catalogue: str, verdict: Verdict) -> VerdictRow:
    """A verdict as a row."""
    return VerdictRow(
        key=key,
        catalogue=catalogue,
        regulation=verdict.clause.partition("/")[0],
        clause=verdict.clause,
        outcome=verdict.outcome,
        evidence=len(verdict.evidence),
        waits=len(verdict.waits),
    )


def trace_rows(key: str, catalogue: str, verdicts: Iterable[Verdict]) -> Iterable[TraceRow]:
    """The traces of what counts as breached; any other is had again by judging the app again."""
    for verdict in verdicts:
        if verdict.outcome == "breached" and verdict.trace is not None:
            text = msgspec.json.encode(verdict.trace).decode()
            yield TraceRow(key=key, catalogue=catalogue, clause=verdict.clause, trace=text)


def _app(key: str, report: Report, package: Package | None, sketch: Sketch | None) -> AppRow:
    case, artefacts = report.case, report.case.artefacts
    file = next((one for one in artefacts if one.kind == "apk"), None)
    return AppRow(
        key=key,
        artefact=file.sha256 if file else None,
        **{
            name: getattr(case.app, name)
            for name in ("package", "version_name", "version_code", "label", "min_sdk", "target_sdk")
        },
        signer=case.app.signer_sha256,
        size=file.size if file else 0,
        dex_bytes=_dex_bytes(package),
        type=case.type if case.type is not None else case.guessed_type,
        policy=_policy(report.facts),
        policies=sum(one.kind == "policy" for one in artefacts),
        evidence=sum(one.kind == "run" for one in artefacts),
        tool=report.tool.version,
        catalogue=report.tool.catalogue,
        facts=len(report.facts),
        gaps=len(report.gaps),
        sketch=sketch(package) if package is not None and sketch is not None else None,
        record=_head(report),
    )


def _head(report: Report) -> str:
    """Everything of a facts file but the facts."""
    head = FactsFile(
        format=report.format,
        tool=report.tool,
        case=report.case,
        covered=report.covered,
        gaps=report.gaps,
        answers=report.answers,
    )
    return msgspec.json.encode(head).decode()


def _dex_bytes(package: Package | None) -> int:
    try:
        return sum(len(one.dex.data) for one in package.code) if package is not None else 0
    except (FormatError, LimitError):
        return 0


def _policy(facts: Iterable[AnyFact]) -> str | None:
    """The digest of what a policy says: of the text of its paragraphs, however they are packed."""
    texts = [" ".join(fact.text.split()) for fact in facts if type(fact).__name__ == "PolicyParagraph"]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest() if texts else None


def _fact(key: str, fact: Fact) -> FactRow:
    return FactRow(
        key=key,
        id=fact.id,
        kind=type(fact).__name__,
        about=next((text for name in _ABOUT if (text := _text(fact, name)) is not None), None),
        information=_text(fact, "information"),
        owner=_text(fact, "owner"),
        body=msgspec.json.encode(fact).decode(),
    )


def _text(fact: Fact, name: str) -> str | None:
    found: Any = getattr(fact, name, None)
    return found if isinstance(found, str) else None


def _gap(key: str, gap: Gap) -> GapRow:
    detail = msgspec.json.encode(gap).decode()
    return GapRow(key=key, collector=gap.collector, reason=gap.reason, code=gap.code, hides=gap.hides, detail=detail)

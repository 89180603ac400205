"""The one thing that renderers, store, service and other programs read, and the file of facts before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from mingcha.errors import RecordError
from mingcha.model.artefact import Case
from mingcha.model.fact import AnyFact, Fact
from mingcha.model.factbase import Covered, FactBase, Gap
from mingcha.model.verdict import PersonAnswer, Verdict

FORMAT = 1
"""Number of the JSON format of facts and reports; each change adds one function to ``UPGRADES``."""

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From format n to n + 1; empty while there is only one."""


class Tool(Struct, frozen=True, kw_only=True):
    """What made the file: name, version, and digest of the catalogue it judged with."""

    name: str
    version: str
    catalogue: str


class FactsFile(Struct, frozen=True, kw_only=True):
    """What ``mingcha collect`` writes: a case and all that was found in it, not yet judged."""

    format: int
    tool: Tool
    case: Case
    facts: tuple[AnyFact, ...] = ()
    covered: tuple[Covered, ...] = ()
    gaps: tuple[Gap, ...] = ()
    answers: tuple[PersonAnswer, ...] = ()

    @property
    def base(self) -> FactBase:
        """The facts as a base."""
        return FactBase(facts=self.facts, covered=self.covered, gaps=self.gaps)


class Report(FactsFile, frozen=True, kw_only=True):
    """What ``mingcha inspect`` and ``mingcha judge`` write; ``regulations`` lists the rules applied."""

    regulations: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


class Comparison(Struct, frozen=True, kw_only=True):
    """What changed between two reports: verdicts (clause, old outcome, new outcome), and facts that appeared or went."""

    verdicts: tuple[tuple[str, str, str], ...]
    appeared: tuple[Fact, ...]
    gone: tuple[Fact, ...]


def encode(record: FactsFile) -> bytes:
    """As JSON: keys in the order of the classes, two-space indent, final newline; same record, same bytes."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"


def decode_facts(data: bytes) -> FactsFile:
    """A facts file or a report, as facts. Raises RecordError."""
    facts: FactsFile = _decode(data, FactsFile)
    return facts


def decode_report(data: bytes) -> Report:
    """A report. Raises RecordError; a facts file is not one."""
    report: Report = _decode(data, Report)
    if not report.regulations:
        raise RecordError("this file holds facts that are not judged yet: run `mingcha judge` on it first")
    return report


def _decode(data: bytes, shape: type[Any]) -> Any:
    try:
        raw = msgspec.json.decode(data)
        number = raw.get("format") if isinstance(raw, dict) else None
        if not isinstance(number, int):
            raise RecordError("not a Mingcha file: it has no format number")
        if number > FORMAT:
            raise RecordError(f"format {number} is newer than this Mingcha reads ({FORMAT}): update Mingcha")
        for step in range(number, FORMAT):
            raw = UPGRADES[step](raw)
        return msgspec.convert(raw, shape)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, KeyError, RecursionError) as error:
        raise RecordError(f"not a Mingcha file of this kind: {error}") from error

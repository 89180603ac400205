"""Several runs of one case side by side: what each saw taken and sent, phase by phase, and what is gone, still there or new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from mingcha.model.words import Phase
from mingcha.render.reading import Reading
from mingcha.render.runevents import EARLY, Run, runs
from mingcha.render.view import Table

Change = Literal["gone", "same", "new", "none", "unseen", "phase", "unknown"]
Count = int | Literal["unseen", "phase"]
"""How often; or that nothing recorded it, or that the run has no such phase: both are not the same as never."""
_RECORDERS = {"read": ("runtime",), "sent": ("traffic",)}
Counts = dict[tuple[Any, Phase | None], dict[str, int]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one row compares: how often in each run, and what the first and the last that could tell say together."""

    counts: tuple[Count, ...]
    change: Change


def run_tables(reading: Reading) -> dict[str, Table]:
    """The comparison as tables; empty for one run, and for the public."""
    found = [run for run in runs(reading) if not run.mixed]
    if len(found) < 2 or reading.reader == "public":
        return {}
    told = reading.words.labels
    heads = tuple(run.name for run in found)
    reads, sends = _reads(reading, frozenset(heads)), _sends(reading, frozenset(heads))
    tables = [
        Table(
            "runs_read",
            told["t_runs_read"],
            (told["cmp_information"], told["cmp_phase"], *heads, told["cmp_change"]),
            tuple(_rows(reading, found, reads, "read", lambda key: (reading.information(key),))),
        ),
        Table(
            "runs_sent",
            told["t_runs_sent"],
            (told["cmp_host"], told["cmp_information"], told["cmp_phase"], *heads, told["cmp_change"]),
            tuple(_rows(reading, found, sends, "sent", lambda key: (key[0], reading.information(key[1])))),
        ),
    ]
    kept = [table for table in tables if table.rows]
    kept[-1:] = [msgspec.structs.replace(table, note=_note(reading, len(found))) for table in kept[-1:]]
    return {table.id: table for table in kept}


def _note(reading: Reading, count: int) -> str:
    say = reading.words.say
    return " ".join(filter(None, (say("cmp_caveat"), say("cmp_more") if count > 2 else "")))


def _reads(reading: Reading, told: frozenset[str]) -> Counts:
    """Reads that gave a value."""
    found: Counts = defaultdict(dict)
    for fact in reading.all("InformationRead"):
        if fact.outcome == "value" and fact.run in told:
            _add(found, fact.information, fact)
    return found


def _sends(reading: Reading, told: frozenset[str]) -> Counts:
    """Sends of known values that something ties to the app."""
    found: Counts = defaultdict(dict)
    for fact in reading.all("InformationSent"):
        if fact.confidence == "planted" and fact.tie is not None and fact.run in told:
            _add(found, (fact.host, fact.information), fact)
    return found


def _add(found: Counts, key: Any, fact: Any) -> None:
    row = found[key, fact.phase]
    row[fact.run] = row.get(fact.run, 0) + fact.count


def _rows(reading: Reading, found: Sequence[Run], counts: Counts, kind: str, name: Any) -> Iterator[tuple[str, ...]]:
    words = reading.words.values
    for key, phase in sorted(counts, key=lambda row: _weight(*row)):
        seen = compared(found, counts[key, phase], kind, phase)
        cells = (words["cmp_cell"].get(count) or str(count) for count in seen.counts)
        yield *name(key), words["tl_phase"][phase], *cells, words["cmp_change"][seen.change]


def _weight(key: Any, phase: Phase | None) -> tuple[Any, ...]:
    """Before consent first; then by name, phase after phase."""
    return phase not in EARLY, key, phase is None, phase or ""


def compared(found: Sequence[Run], counts: dict[str, int], kind: str, phase: Phase | None) -> Seen:
    """One row. Nothing is called gone or new where a run had no recorder for it or no such phase."""
    cells = tuple(_cell(run, counts, kind, phase) for run in found)
    known = [count for count in cells if isinstance(count, int)]
    if len(known) < 2:
        return Seen(cells, "unseen" if "unseen" in cells else "phase")
    if phase is None and any(run.spans for run in found):
        return Seen(cells, "unknown")
    return Seen(cells, _CHANGES[bool(known[0]), bool(known[-1])])


_CHANGES: dict[tuple[bool, bool], Change] = {
    (True, False): "gone", (True, True): "same", (False, True): "new", (False, False): "none",
}  # fmt: skip


def _cell(run: Run, counts: dict[str, int], kind: str, phase: Phase | None) -> Count:
    count = counts.get(run.name, 0)
    if count:
        return count
    if not _watched(run, _RECORDERS[kind]):
        return "unseen"
    lasted = phase is None or any(phase == one for _, _, one in run.spans)
    return 0 if lasted else "phase"


def _watched(run: Run, recorders: Iterable[str]) -> bool:
    """Whether the run holds evidence of a kind that would have shown it."""
    return run.record is not None and any(name in run.record.recorders for name in recorders)

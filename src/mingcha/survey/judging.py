"""Judging kept facts again, by other rules or a corrected catalogue, without opening an app."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context

import msgspec

from mingcha.catalogue.load import Catalogue, load
from mingcha.errors import RecordError, UsageError
from mingcha.inspection import judge_facts
from mingcha.model.report import FactsFile
from mingcha.survey.dataset import Dataset, Judgement, Part
from mingcha.survey.keeping import facts_of, trace_rows, verdict_row
from mingcha.survey.rows import TraceRow, VerdictRow
from mingcha.survey.tables import address, connection, rows_of, write

Tell = Callable[[int, int], object]


@dataclass(frozen=True)
class Judged:
    """One part, judged again."""

    part: int
    apps: int
    verdicts: str
    traces: str


def judge_again(url: str, rules: Sequence[str], jobs: int, tell: Tell | None = None) -> Judgement:
    """Judge every app of a dataset by these rule sets and the catalogue of this Mingcha; the newest judgement is what questions see.

    ``tell`` is given the number of apps judged so far and in all. Raises UsageError where there is no dataset or no app in it.
    """
    dataset, tables = Dataset(url), load()
    names = tuple(rules) or dataset.plan.rules
    parts = [part for part in dataset.parts() if "apps" in part.files]
    if not parts:
        raise UsageError(f"{url}: no app in it yet")
    number = dataset.next_number("judgements")
    found, total = [], sum(len(part.keys) for part in parts)
    with get_context("spawn").Pool(min(jobs, len(parts))) as pool:
        for one in pool.imap_unordered(_judge, [(url, part, names, number) for part in parts]):
            found.append(one)
            if tell is not None:
                tell(sum(done.apps for done in found), total)
    judgement = Judgement(
        number=number,
        rules=names,
        catalogue=tables.digest,
        verdicts={one.part: one.verdicts for one in sorted(found, key=lambda one: one.part)},
        traces={one.part: one.traces for one in sorted(found, key=lambda one: one.part)},
    )
    dataset.write(msgspec.json.encode(judgement), "judgements", f"{number:06d}.json")
    return judgement


def kept(dataset: Dataset, part: Part) -> Iterator[tuple[str, FactsFile]]:
    """Key and facts of each app of a part, in the order in which they were packed. Raises RecordError where facts are missing."""
    with connection(dataset) as heads, connection(dataset) as bodies:
        apps = rows_of(heads, "SELECT key, facts, record FROM read_parquet(?)", [address(dataset, part.files["apps"])])
        rows = rows_of(bodies, "SELECT key, body FROM read_parquet(?)", [address(dataset, part.files["facts"])])
        facts = groupby(rows, key=lambda row: row[0])
        ahead = next(facts, None)
        for key, count, record in apps:
            mine = [row[1] for row in ahead[1]] if ahead is not None and ahead[0] == key else []
            if len(mine) != count:  # judged without them, an app would look clean
                raise RecordError(f"{part.files['facts']}: {len(mine)} facts of {key}, not {count}")
            yield key, facts_of(record, mine)
            ahead = next(facts, None) if mine else ahead
        if ahead is not None:
            raise RecordError(f"{part.files['facts']}: facts of {ahead[0]}, which is not in {part.files['apps']}")


def _judge(given: tuple[str, Part, tuple[str, ...], int]) -> Judged:
    """One part in a process of its own."""
    url, part, names, number = given
    dataset, tables = Dataset(url), load()
    verdicts: list[VerdictRow] = []
    traces: list[TraceRow] = []
    count = 0
    for key, facts in kept(dataset, part):
        _one(key, facts, tables, names, verdicts, traces)
        count += 1
    folder, file = f"{number:06d}", f"{part.number:06d}.parquet"
    return Judged(
        part.number,
        count,
        write(dataset, "verdicts", verdicts, "verdicts", folder, file),
        write(dataset, "traces", traces, "verdicts", folder, f"traces-{file}"),
    )


def _one(
    key: str,
    facts: FactsFile,
    tables: Catalogue,
    names: Sequence[str],
    verdicts: list[VerdictRow],
    traces: list[TraceRow],
) -> None:
    report = judge_facts(facts, tables, names)
    verdicts += [verdict_row(key, tables.digest, one) for one in report.verdicts]
    traces += trace_rows(key, tables.digest, report.verdicts)

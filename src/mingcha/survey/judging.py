"""Judging kept facts again, by other rules or a corrected catalogue, without opening an app."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from mingcha import __version__
from mingcha.catalogue.load import Catalogue, load
from mingcha.errors import RecordError, UsageError
from mingcha.inspection import judge_facts
from mingcha.model.report import FactsFile
from mingcha.survey.dataset import Dataset, Judgement, Part
from mingcha.survey.keeping import facts_of, trace_rows, verdict_row
from mingcha.survey.pool import Bounds, died, each
from mingcha.survey.rows import TraceRow, VerdictRow
from mingcha.survey.tables import address, connection, rows_of, write

if TYPE_CHECKING:
    from pebble import ProcessFuture

Tell = Callable[[int, int], object]
_MEMORY = 4 << 30
"""Bytes that a process may hold: a part's verdicts and what DuckDB keeps while it packs them."""
_BEGUN = "begun.json"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """By what a judgement that may not be finished was begun; by the same it goes on."""

    rules: tuple[str, ...]
    catalogue: str
    tool: str


def judge_again(url: str, rules: Sequence[str], jobs: int, tell: Tell | None = None) -> Judgement:
    """Judge every app of a dataset by these rule sets and the catalogue of this Mingcha; the newest judgement is what questions see.

    What was judged before an interruption is not judged again. ``tell`` is given the number of apps judged so far and in all.
    Raises UsageError where there is no dataset, no app in it, or where a part could not be judged.
    """
    dataset = Dataset(url)
    begun = Begun(rules=tuple(rules) or dataset.plan.rules, catalogue=load().digest, tool=__version__)
    parts = [part for part in dataset.parts() if "apps" in part.files]
    if not parts:
        raise UsageError(f"{url}: no app in it yet")
    number = _number(dataset, begun)
    there = set(dataset.listed("verdicts", f"{number:06d}"))
    tasks = [(url, part, begun.rules, number) for part in parts if not there.issuperset(_files(part.number))]
    total = sum(len(part.keys) for part in parts)
    done = total - sum(len(part.keys) for _, part, *_ in tasks)
    for (_, part, *_), future in each(_judge, tasks, Bounds(jobs, _MEMORY)):
        _check(part, future)
        done += len(part.keys)
        if tell is not None:
            tell(done, total)
    verdicts, traces = (
        {part.number: f"verdicts/{number:06d}/{_files(part.number)[place]}" for part in parts} for place in (0, 1)
    )
    judgement = Judgement(number=number, rules=begun.rules, catalogue=begun.catalogue, verdicts=verdicts, traces=traces)
    dataset.write(msgspec.json.encode(judgement), "judgements", f"{number:06d}.json")
    return judgement


def _number(dataset: Dataset, begun: Begun) -> int:
    """The number of the judgement: of one that was begun by the same and not finished, or a new one."""
    finished = dataset.numbers("judgements")
    left = sorted({*dataset.numbers("verdicts")} - {*finished})
    for number in left:
        folder = f"{number:06d}"
        if dataset.exists("verdicts", folder, _BEGUN) and dataset.decoded(Begun, "verdicts", folder, _BEGUN) == begun:
            return number
    number = max((*finished, *left), default=0) + 1
    dataset.write(msgspec.json.encode(begun), "verdicts", f"{number:06d}", _BEGUN)
    return number


def _files(part: int) -> tuple[str, str]:
    """What a part's verdicts and their traces are kept in."""
    return f"{part:06d}.parquet", f"traces-{part:06d}.parquet"


def _check(part: Part, future: ProcessFuture[None]) -> None:
    """Raises UsageError where a part could not be judged; the others are kept."""
    error = future.exception()
    if died(future) or isinstance(error, MemoryError):
        why = "its process ended" if died(future) else f"more than {_MEMORY >> 20} MiB"
        raise UsageError(f"part {part.number} was not judged: {why}; run the same again to go on")
    future.result()


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


def _judge(url: str, part: Part, names: tuple[str, ...], number: int) -> None:
    """One part in a process of its own."""
    dataset, tables = Dataset(url), load()
    verdicts: list[VerdictRow] = []
    traces: list[TraceRow] = []
    for key, facts in kept(dataset, part):
        _one(key, facts, tables, names, verdicts, traces)
    in_verdicts, in_traces = _files(part.number)
    write(dataset, "traces", traces, "verdicts", f"{number:06d}", in_traces)
    write(dataset, "verdicts", verdicts, "verdicts", f"{number:06d}", in_verdicts)


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

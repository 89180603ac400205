"""A dataset of many apps made from the fact sets of real ones, by seed, in the layout of a survey.

Every made app is a base app of the pool of which facts are dropped and to which facts of two others are added (an SDK with its
calls at a time), under the policy of a fourth whose paragraphs are dropped too; digests, ids, names, versions, developers and
sketches are made anew. The work is SQL in ``survey_made.sql``; what was made is found again and gone on with.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mingcha.survey.dataset import Dataset, Part
from mingcha.survey.rows import TABLES, columns
from mingcha.survey.tables import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PART = 5000
"""Apps of one part."""
ROWS = 60_000
"""Rows of a row group, as surveys write them."""
LEFT = 8 << 30
"""Bytes that stay free on the disk."""
POLICIES = 0.6
"""The share of made apps that have a policy, if the pool has any."""
_POOL = ("macros", "base", "with_policy", "without_policy", "parted", "fact", "unparted", "light", "gap", "covered", "hidden", "verdict", "trace")  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What is to be made."""

    sources: Sequence[str]
    into: str
    apps: int
    seed: int
    policies: float = POLICIES


def make(wanted: Wanted, share: int = 0, shares: int = 1) -> Iterator[int]:
    """Make the parts that are not there yet and give the number of apps after each; ends early when the disk is nearly full.

    Of ``shares`` processes each makes every so many-th part.
    """
    dataset = Dataset(wanted.into)
    dataset.begin(Dataset(wanted.sources[0]).plan)
    for number in (1, 2):
        dataset.write(msgspec.json.encode(dataset.plan), "runs", f"{number:06d}.json")
    there = {part.number for part in dataset.parts()}
    with pool(wanted.sources) as made:
        for number, first in enumerate(range(0, wanted.apps, PART), 1):
            end = min(first + PART, wanted.apps)
            if number % shares == share and number not in there:
                if shutil.disk_usage(wanted.into).free < LEFT:
                    return
                _part(made, dataset, wanted, number, first, end)
            yield end


def pool(sources: Sequence[str]) -> DuckDBPyConnection:
    """The real fact sets of these datasets, taken apart."""
    import duckdb

    made = duckdb.connect(config={"memory_limit": "6GB"})
    for table in ("apps", "facts", "verdicts", "gaps", "traces"):
        for source in sources:
            with connect(source) as real:
                _copied(real, made, table)
    for name in _POOL:
        made.execute(_sql()[name])
    # with one thread and the joins as they are written, rows stay in the order of a join's left side
    made.execute("SET threads = 1")
    made.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    return made


def _copied(real: DuckDBPyConnection, made: DuckDBPyConnection, table: str) -> None:
    """One view of a dataset as (a further piece of) a table of the pool, by way of a file."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "pool.parquet")
        real.execute(f"COPY (SELECT * FROM {table}) TO '{file}' (FORMAT parquet)")
        made.execute(f"CREATE TABLE IF NOT EXISTS pool_{table} AS SELECT * FROM '{file}' LIMIT 0")
        made.execute(f"INSERT INTO pool_{table} SELECT * FROM '{file}'")


def _part(made: DuckDBPyConnection, dataset: Dataset, wanted: Wanted, number: int, first: int, end: int) -> None:
    """One part: its files first, then the word that it exists."""
    given = {"seed": wanted.seed, "apps": wanted.apps, "first": first, "end": end, "policies": wanted.policies}
    for step in ("made", "chosen"):
        made.execute(_sql()[step], {name: value for name, value in given.items() if f"${name}" in _sql()[step]})
    files = {table: _written(made, dataset, table, wanted.seed, f"{number:06d}.parquet") for table in TABLES}
    keys = tuple(str(row[0]) for row in made.execute("SELECT key FROM made ORDER BY key").fetchall())
    part = Part(number=number, run=1, files=files, keys=keys)
    dataset.write(msgspec.json.encode(part), "parts", f"{number:06d}.json")


def _written(made: DuckDBPyConnection, dataset: Dataset, table: str, seed: int, name: str) -> str:
    typed = ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in columns(table).items())
    path = dataset.path("tables", table, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    query = _sql()[table].replace("$seed", str(seed))
    made.execute(
        f"COPY (SELECT {typed} FROM ({query})) TO '{path}~' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS})"
    )
    os.replace(f"{path}~", path)
    return f"tables/{table}/{name}"


@cache
def _sql() -> dict[str, str]:
    """The statements by name."""
    text = Path(__file__).with_suffix(".sql").read_text()
    pieces = re.split(r"^---- (\w+)\n", text, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))

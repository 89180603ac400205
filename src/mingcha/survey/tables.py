"""Packing rows into Parquet, and the views that put a dataset's files together again. DuckDB does both."""

from __future__ import annotations

import os
import posixpath
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from mingcha.errors import UsageError
from mingcha.survey.dataset import Dataset, Judgement, Part
from mingcha.survey.rows import TABLES, Record, columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "3GB"
_ROWS = 60_000
"""Rows of one row group: what is held in memory of each column while reading."""


OF_EACH_NAME = "SELECT name, max(run) AS run, arg_max(key, run) AS key FROM items GROUP BY name"
"""The newest reading of each name."""
NEWEST = f"""
SELECT key, name FROM ({OF_EACH_NAME}) JOIN apps USING (key)
QUALIFY row_number() OVER (PARTITION BY coalesce(package, key), signer ORDER BY run DESC, version_code DESC NULLS LAST, policies DESC, artefact, key, name) = 1
"""
"""What counts as an app: of several versions of a package under one signature the newest run's highest."""
_FOLDER = "mingcha-survey-"
_OF_A_RECORD = ("apps", "facts", "verdicts", "gaps", "traces")
_LONGEST = 128 << 20
"""Bytes of one row as JSON; DuckDB keeps twice as many for each thread that reads."""


def connection(dataset: Dataset | None = None) -> DuckDBPyConnection:
    """An empty DuckDB within bounds; it reads the dataset's file system, if that is not this machine's."""
    try:
        import duckdb
    except ImportError as error:
        raise UsageError("surveys need more packages: pip install 'mingcha[survey]'") from error
    made = duckdb.connect(
        config={"memory_limit": MEMORY, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    made.execute("SET enable_progress_bar = false")  # it would go to standard output, between the rows
    if dataset is not None and not dataset.local:
        made.register_filesystem(dataset.files)
    return made


def write(dataset: Dataset, table: str, rows: Iterable[Struct], *names: str) -> str:
    """Write rows as one Parquet file of the dataset and give its name in it."""
    with tempfile.TemporaryDirectory(prefix=_FOLDER) as folder:
        lines = os.path.join(folder, "rows.jsonl")
        with open(lines, "wb") as file:
            file.writelines(map(_line, rows))
        return _packed(dataset, table, lines, *names)


def write_records(dataset: Dataset, records: Iterable[Record], name: str) -> dict[str, str]:
    """Write all rows of examined cases, each case read once, and give the name of each table's file in the dataset."""
    with tempfile.TemporaryDirectory(prefix=_FOLDER) as folder:
        with ExitStack() as opened:
            files = {table: opened.enter_context(open(os.path.join(folder, table), "wb")) for table in _OF_A_RECORD}
            for record in records:
                files["apps"].write(_line(record.app))
                for table in _OF_A_RECORD[1:]:
                    files[table].writelines(map(_line, getattr(record, table)))
        return {table: _packed(dataset, table, file.name, "tables", table, name) for table, file in files.items()}


def _line(row: Struct) -> bytes:
    return msgspec.json.encode(row) + b"\n"


def _packed(dataset: Dataset, table: str, lines: str, *names: str) -> str:
    """JSON lines to Parquet, typed by the table's columns, in the order of the lines; put into the dataset."""
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns(table).items())
    rows = (
        f"read_json({quoted(lines)}, format='newline_delimited', maximum_object_size={_LONGEST}, columns={{{typed}}})"
    )
    packed = f"{lines}.parquet"
    with connection() as made:
        made.execute("SET threads = 1")
        made.execute(
            f"COPY (SELECT * FROM {rows}) TO {quoted(packed)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS})"
        )
    with open(packed, "rb") as file:
        dataset.write(file.read(), *names)
    return posixpath.join(*names)


def connect(dataset: str) -> DuckDBPyConnection:
    """A DuckDB with one view for each table over everything that is packed; verdicts are the newest of each rule set.

    Raises UsageError where there is no dataset.
    """
    opened = Dataset(dataset)
    opened.plan  # noqa: B018  # says what is wrong, if there is none
    parts = list(opened.parts())
    made = connection(opened)
    for table in TABLES:
        made.execute(f"CREATE VIEW {table} AS {_selected(opened, table, parts)}")
    return made


def _selected(opened: Dataset, table: str, parts: Sequence[Part]) -> str:
    if table in ("verdicts", "traces"):
        return _newest(opened, table, parts)
    return _from(opened, table, [part.files[table] for part in parts if table in part.files])


def _newest(opened: Dataset, table: str, parts: Sequence[Part]) -> str:
    """Verdicts of the newest judgement of each part and rule set, the run's own where there is none."""
    chosen, taken = [], {part.number: set[str]() for part in parts}
    for judged in reversed(opened.judgements()):
        for number, file in sorted(_files(judged, table).items()):
            rules = set(judged.rules) - taken.get(number, set())
            chosen.append(f"{_from(opened, table, [file])} WHERE {_by(table)} IN ({_listed(sorted(rules))})")
            taken.setdefault(number, set()).update(judged.rules)
    for part in parts:
        if table in part.files:
            without = (
                f" WHERE {_by(table)} NOT IN ({_listed(sorted(taken[part.number]))})" if taken[part.number] else ""
            )
            chosen.append(_from(opened, table, [part.files[table]]) + without)
    return " UNION ALL ".join(chosen) or _from(opened, table, [])


def _files(judged: Judgement, table: str) -> dict[int, str]:
    return judged.verdicts if table == "verdicts" else judged.traces


def _by(table: str) -> str:
    return "regulation" if table == "verdicts" else "split_part(clause, '/', 1)"


def _from(opened: Dataset, table: str, files: Sequence[str]) -> str:
    if not files:
        empty = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns(table).items())
        return f"SELECT {empty} WHERE false"
    return f"SELECT * FROM read_parquet([{_listed([address(opened, file) for file in files])}])"


def address(opened: Dataset, file: str) -> str:
    """A file of the dataset as DuckDB is told of it."""
    return opened.path(file) if opened.local else str(opened.files.unstrip_protocol(opened.path(file)))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names)) or "''"


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def rows_of(made: DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()) -> Iterable[tuple[Any, ...]]:
    """The rows of a query, a few thousand in memory at a time."""
    cursor = made.execute(query, parameters)
    while found := cursor.fetchmany(4000):
        yield from found

"""One DuckDB file with narrow tables made once from a dataset, so that a question over a million apps takes seconds.

The file lies in the dataset (for a dataset at an address: in the user's cache) and is made anew when packs, judgements or the
catalogue changed. Its tables are described in ``index.yaml``.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import msgspec
from msgspec import Struct

from mingcha.catalogue.cache import cached
from mingcha.catalogue.load import Catalogue, yaml_loader
from mingcha.errors import RecordError, UsageError
from mingcha.model.clause import Ask, AtLeast, Clause, Condition, Seen, Some
from mingcha.model.verdict import Outcome
from mingcha.model.words import Provision
from mingcha.survey.dataset import Dataset
from mingcha.survey.naming import tables_once
from mingcha.survey.tables import MEMORY, NEWEST, connect, connection, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FORMAT = 2
"""Counts up with every change of the tables."""
POSITIONS = 64
Tell = Callable[[str], None]


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of the index and the query that makes it; a temporary one is gone afterwards, a large one of these in ``scratch``."""

    name: str
    sql: str
    temp: bool = False
    scratch: bool = False


def place(dataset: str) -> str:
    """Where a dataset's index lies."""
    return os.path.join(_folder(Dataset(dataset)), "index.duckdb")


def scratch(dataset: str) -> str:
    """The folder that queries may spill into."""
    return os.path.join(_folder(Dataset(dataset)), "cache", "spill")


def fresh(dataset: str) -> bool:
    """Whether there is an index of everything the dataset holds now. Raises UsageError where there is no dataset."""
    import duckdb

    path = place(dataset)
    if not os.path.exists(path):
        return False
    try:
        with duckdb.connect(path, read_only=True) as made:
            row = made.execute("SELECT state FROM built").fetchone()
    except duckdb.Error:
        return False  # written by another version or cut short: it is made anew
    return row is not None and row[0] == _state(Dataset(dataset))


def build(dataset: str, tell: Tell) -> dict[str, float]:
    """Make the index and give the seconds each table took. Raises UsageError, RecordError."""
    import duckdb

    state = _state(Dataset(dataset))  # before any folder is made: where there is no dataset, nothing is left behind
    path = place(dataset)
    _made_folder(os.path.dirname(path))
    draft = f"{path}.{os.getpid()}~"
    try:
        with connect(dataset) as made:
            seconds = dict(_made(made, draft, scratch(dataset), tell))
            made.execute(
                "CREATE TABLE made.built AS SELECT ?::VARCHAR AS state, ?::VARCHAR AS seconds", [state, _text(seconds)]
            )
            for name in ("made", "scratch"):
                made.execute(f"DETACH {name}")
        os.replace(draft, path)
    except duckdb.Error as error:
        raise RecordError(f"{dataset}: no index could be made: {first_line(error)}") from error
    finally:
        for left in (f"{draft}{what}{log}" for what in ("", "scratch") for log in ("", ".wal")):
            with suppress(FileNotFoundError):
                os.remove(left)
    return seconds


@contextmanager
def opened(dataset: str) -> Iterator[DuckDBPyConnection]:
    """The index, to be read alone; made first where it is missing or old."""
    if not fresh(dataset):
        build(dataset, lambda _: None)
    with connection() as made:
        attach(made, dataset)
        made.execute("USE made")
        confine(made, dataset)
        yield made


def attach(made: DuckDBPyConnection, dataset: str) -> None:
    """Make the index readable as the database ``made``."""
    made.execute(f"ATTACH {quoted(place(dataset))} AS made (READ_ONLY)")


def confine(made: DuckDBPyConnection, dataset: str, folders: Iterable[str] = ()) -> None:
    """Bound a connection's memory, and shut it off from every file but those below ``folders``, for good."""
    spill = scratch(dataset)
    _made_folder(spill)
    made.execute(f"SET memory_limit = {quoted(MEMORY)}")
    made.execute("SET temp_directory = $1", [spill])
    made.execute("SET allowed_directories = $1", [list(folders)])
    for option in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"):
        made.execute(f"SET {option} = false")
    made.execute("SET lock_configuration = true")


def _made_folder(path: str) -> None:
    """Make a folder of the index. Raises UsageError."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; an index needs a place to write to") from error


def first_line(error: Exception) -> str:
    """What DuckDB says, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


# --- making it -------------------------------------------------------------------------------------------------------------


def _made(made: DuckDBPyConnection, draft: str, spill: str, tell: Tell) -> Iterator[tuple[str, float]]:
    _made_folder(spill)
    made.execute("SET temp_directory = $1", [spill])
    made.execute("SET preserve_insertion_order = false")
    made.execute(f"ATTACH {quoted(draft)} AS made")
    made.execute(f"ATTACH {quoted(f'{draft}scratch')} AS scratch")
    _know(made, tables_once())
    for table in _tables():
        begun = time.perf_counter()
        made.execute(_statement(table))
        took = round(time.perf_counter() - begun, 3)
        tell(f"{table.name}: {took:.1f} s")
        yield table.name, took
    _check(made, tell)
    made.execute(_nearest())


def _statement(table: Table) -> str:
    sketch = ", ".join(f"sketch[{n + 1}] AS s{n}" for n in range(POSITIONS))
    head = f"TEMP TABLE {table.name}" if table.temp else f"TABLE {'scratch' if table.scratch else 'made'}.{table.name}"
    return f"CREATE {head} AS {table.sql.replace('{sketch}', sketch).replace('{newest}', NEWEST)}"


def _nearest() -> str:
    """A table macro: every app with the number of positions in which its sketch equals one app's."""
    equal = " + ".join(f"(a.s{n} = b.s{n})::UTINYINT" for n in range(POSITIONS))
    rows = f"SELECT a.app, ({equal})::INTEGER AS equal FROM made.sketch a, (SELECT * FROM made.sketch WHERE app = one) b WHERE a.app <> one"
    return f"CREATE MACRO made.nearest(one) AS TABLE {rows} ORDER BY equal DESC, app LIMIT 100"


def _check(made: DuckDBPyConnection, tell: Tell) -> None:
    """A key that stands twice would be counted twice: RecordError. Names that the catalogue no longer has are told."""
    for kind, words, facts in made.execute("SELECT * FROM made.unknown ORDER BY kind").fetchall():
        tell(f"{kind}: {facts} facts name {words} things that this catalogue does not have; they are left out")
    row = made.execute("SELECT count(*) - count(DISTINCT key) FROM made.app").fetchone()
    if row and row[0]:
        raise RecordError(f"{row[0]} apps stand in the dataset twice: remove one of the packs that hold them")


@cache
def _tables() -> tuple[Table, ...]:
    import yaml

    raw = yaml.load((Path(__file__).parent / "index.yaml").read_bytes(), Loader=yaml_loader())
    return msgspec.convert(raw, tuple[Table, ...])


# --- what the catalogue knows, as tables -----------------------------------------------------------------------------------


def _know(made: DuckDBPyConnection, tables: Catalogue) -> None:
    """Our own vocabularies: enums of the index, and small tables to join with."""
    clauses = [one for regulation in tables.regulations.values() for one in regulation.clauses]
    opened_by = _opened_by(tables)
    tellable = _tellable(tables)
    _fill(
        made,
        "known_information(id VARCHAR, describes BOOLEAN)",
        [(i.id, i.describes) for i in tables.information.values()],
    )
    _fill(
        made,
        "known_permission(id VARCHAR, sensitive BOOLEAN, tellable BOOLEAN)",
        [(p.id, bool(p.dangerous or p.special), p.id in tellable) for p in tables.permissions.values()],
    )
    _fill(made, "opened(permission VARCHAR, information VARCHAR)", opened_by)
    _fill(
        made,
        "unsure(interface VARCHAR)",
        [(row.id.partition("/")[0],) for row in tables.interfaces.values() if row.when],
    )
    _fill(made, "known_sdk(id VARCHAR)", [(one,) for one in tables.sdks])
    _fill(made, "known_provision(id VARCHAR)", [(one,) for one in get_args(Provision)])
    _fill(made, "known_clause(id VARCHAR, asks BOOLEAN)", [(one.id, _asks(one)) for one in clauses])
    _fill(
        made,
        "clause_kind(clause VARCHAR, kind VARCHAR)",
        [(one.id, kind) for one in clauses for kind in sorted(_kinds(one))],
    )
    for name in ("information", "permission", "sdk", "provision"):
        _enum(made, name, [str(row[0]) for row in made.execute(f"SELECT id FROM known_{name} ORDER BY id").fetchall()])
    _enum(made, "clause", [one.id for one in clauses])
    _enum(made, "outcome", list(get_args(Outcome)))
    _enum(made, "state", ["stated", "absent", "near"])


def _opened_by(tables: Catalogue) -> list[tuple[str, str]]:
    """Permission and information: what the permission opens, and what calls obtain that ask for it.

    A call whose argument is not known has no information: its interface stands in that place.
    """
    rows = [(row, row.information) for row in tables.interfaces.values() if row.information]
    return sorted(
        {
            (p.id, word)
            for row, information in rows
            for p in tables.permissions.values()
            if p.id in row.permission or any(tables.is_a(information, one) for one in p.information)
            for word in (information, *((row.id.partition("/")[0],) if row.when else ()))
        }
    )


def _tellable(tables: Catalogue) -> set[str]:
    """Permissions of which every use that the catalogue knows is a call that hands out information, and some is.

    Writing, sending, calling and receiving need permissions too: that nothing was read does not show them unused.
    """
    rows = list(tables.interfaces.values())
    asked = {permission for row in rows for permission in row.permission}
    return asked - {permission for row in rows if not row.information for permission in row.permission}


def _fill(made: DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    made.execute(f"CREATE TEMP TABLE {table}")
    made.executemany(f"INSERT INTO {table.partition('(')[0]} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _enum(made: DuckDBPyConnection, name: str, words: list[str]) -> None:
    listed = ", ".join(map(quoted, words))
    made.execute(f"CREATE TYPE made.{name} AS ENUM ({listed})")


def _words(condition: Any) -> Iterator[Condition]:
    """Every node of a condition."""
    if condition is None:
        return
    yield condition
    for field in ("part", "then"):
        yield from _words(getattr(condition, field, None))
    for part in getattr(condition, "parts", ()):
        yield from _words(part)


def _nodes(clause: Any) -> Iterator[Condition]:
    """The nodes of a clause, and of the clauses whose verdicts it takes over."""
    yield from _words(clause.breached_when)
    yield from _words(clause.applies_when)
    for followed in clause.follows:
        yield from _nodes(followed)


def _kinds(clause: Clause) -> set[str]:
    return {node.kind for node in _nodes(clause) if isinstance(node, Seen | AtLeast | Some)}


def _asks(clause: Clause) -> bool:
    return any(isinstance(node, Ask) for node in _nodes(clause))


# --- what it was made from -------------------------------------------------------------------------------------------------


def _folder(dataset: Dataset) -> str:
    if dataset.local:
        return dataset.root
    return str(cached(os.path.join("surveys", hashlib.sha256(dataset.url.encode()).hexdigest()[:24])))


def _state(dataset: Dataset) -> str:
    dataset.plan  # noqa: B018  # says what is wrong, if there is no dataset
    return _text({
        "format": FORMAT, "catalogue": tables_once().digest, "parts": dataset.listed("parts"), "judgements": dataset.listed("judgements"),
    })  # fmt: skip


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()

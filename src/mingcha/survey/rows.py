"""What a survey is made of: the things to examine, the settings, and one row type for each table of the dataset.

The order and the names of the fields are the columns of the Parquet files; ``docs/survey.md`` explains them to readers.
"""

from __future__ import annotations

from msgspec import Struct

Names = tuple[str, ...]


class Item(Struct, frozen=True, kw_only=True):
    """One app as a source names it: paths or addresses of its file and evidence, and what a store says of it."""

    name: str
    app: str
    policy: Names = ()
    runs: Names = ()
    answers: str | None = None
    type: int | None = None
    category: str | None = None
    developer: str | None = None
    downloads: int | None = None
    store: str | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """How everything of one dataset is examined. ``memory`` in bytes and ``timeout`` in seconds bound one app's child process."""

    rules: Names
    flows: str
    tool: str
    catalogue: str
    memory: int
    timeout: float


class AppRow(Struct, frozen=True, kw_only=True):
    """One examined case. ``record`` is its facts file without the facts, as JSON: what judging again needs beside them."""

    key: str
    artefact: str | None
    package: str | None = None
    version_name: str | None = None
    version_code: int | None = None
    label: str | None = None
    min_sdk: int | None = None
    target_sdk: int | None = None
    signer: str | None = None
    size: int = 0
    dex_bytes: int = 0
    type: int | None = None
    policy: str | None = None
    policies: int = 0
    evidence: int = 0
    tool: str
    catalogue: str
    facts: int = 0
    gaps: int = 0
    sketch: tuple[int, ...] | None = None
    record: str


class FactRow(Struct, frozen=True, kw_only=True):
    """One fact. ``about`` is what it is about (an SDK, a permission, a host …), ``body`` the whole of it as JSON."""

    key: str
    id: str
    kind: str
    about: str | None
    information: str | None
    owner: str | None
    body: str


class VerdictRow(Struct, frozen=True, kw_only=True):
    """One clause judged for one app; ``evidence`` counts the facts that carry it, ``waits`` what it waits for."""

    key: str
    catalogue: str
    regulation: str
    clause: str
    outcome: str
    evidence: int
    waits: int


class GapRow(Struct, frozen=True, kw_only=True):
    """Something that was not looked at; ``detail`` is the gap as JSON."""

    key: str
    collector: str
    reason: str
    code: str
    hides: Names
    detail: str


class TraceRow(Struct, frozen=True, kw_only=True):
    """Why a clause counts as breached: the trace of its verdict, as JSON."""

    key: str
    catalogue: str
    clause: str
    trace: str


class ItemRow(Struct, frozen=True, kw_only=True):
    """What became of one thing of one run: ``done`` now, ``known`` from before, or ``failed`` (a gap says how)."""

    run: int
    name: str
    key: str
    outcome: str
    category: str | None
    developer: str | None
    downloads: int | None
    store: str | None
    seconds: float
    peak_mib: float


class Record(Struct, frozen=True, kw_only=True):
    """All rows of one examined case, as a worker leaves them."""

    app: AppRow
    facts: tuple[FactRow, ...]
    verdicts: tuple[VerdictRow, ...]
    gaps: tuple[GapRow, ...]
    traces: tuple[TraceRow, ...]


class Told(Struct, frozen=True, kw_only=True):
    """What a worker tells of one item; the rows themselves it has written. ``problem`` is why nothing could be examined."""

    item: Item
    key: str
    outcome: str
    seconds: float = 0.0
    peak_mib: float = 0.0
    problem: str = ""


TABLES: dict[str, type[Struct]] = {
    "items": ItemRow,
    "apps": AppRow,
    "facts": FactRow,
    "verdicts": VerdictRow,
    "gaps": GapRow,
    "traces": TraceRow,
}

_TYPES = {"str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "Names": "VARCHAR[]", "tuple[int, ...]": "USMALLINT[]"}


def columns(table: str) -> dict[str, str]:
    """The columns of a table with their types in DuckDB, in order."""
    hints = TABLES[table].__annotations__
    return {name: _TYPES[hints[name].removesuffix(" | None")] for name in TABLES[table].__struct_fields__}

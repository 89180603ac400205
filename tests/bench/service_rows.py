"""Rows into tables by the hundred thousand: defaults from the models, values as each database wants them, `COPY` on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

_STEP = 5000


def fill(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows (by column attribute, ``pk`` among them where it matters); says how many."""
    given = iter(rows)
    first = next(given, None)
    if first is None:
        return 0
    fields = [
        one for one in model._meta.concrete_fields if not (one.primary_key and one.attname not in first)
    ]  # Django's public name
    defaults = {one.attname: None if one.primary_key else one.get_default() for one in fields}
    made = (tuple(_plain(row.get(name, default)) for name, default in defaults.items()) for row in _chain(first, given))
    count = 0
    while part := list(islice(made, _STEP)):
        _write(model, [str(one.column) for one in fields], part)
        count += len(part)
    return count


def _chain(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime | date) and connection.vendor == "sqlite":
        return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value.isoformat()
    return value


def _write(model: type[models.Model], columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(model._meta.db_table)  # as above
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)  # names of our own models


def hasty() -> None:
    """This connection need not wait for the disk: what is lost with the power is made again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET synchronous_commit = off" if connection.vendor == "postgresql" else "PRAGMA synchronous = OFF"
        )


def settled() -> None:
    """What a database does by itself after a while: its statistics, its free pages, its sequences."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

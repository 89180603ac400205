"""What may be lost when the power fails, and nothing else: sessions, and the counts of tries. Their writes do not wait for the disk.

They have a connection of their own to the same database. A complaint then costs one wait for the disk instead of four.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, models, router

ALIAS = "passing"
_APPS = frozenset({"sessions", "django_cache"})


def database(default: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of the second connection. It never holds a lock for longer than one statement."""
    options = dict(default.get("OPTIONS", {}))
    if "sqlite3" in default["ENGINE"]:
        options["init_command"] = str(options["init_command"]).replace("synchronous=FULL", "synchronous=NORMAL")
    else:
        options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()
    return {**default, "OPTIONS": options}


class Router:
    """Sends the rows of `_APPS` over the second connection; tables are made over the first."""

    def db_for_read(self, model: type[models.Model], **_: Any) -> str | None:
        """Where to read."""
        return ALIAS if model._meta.app_label in _APPS else None  # noqa: SLF001  # Django's public name

    db_for_write = db_for_read

    def allow_migrate(self, alias: str, _: str, **__: Any) -> bool | None:
        """Whether tables are made over this connection."""
        return False if alias == ALIAS else None


class Counts(DatabaseCache):
    """Django's table of cached values, but adding is one statement, which two workers cannot both win, and nothing is ever thrown out early.

    Django's own counts all rows at each write, and above a limit deletes some: whoever fills the table would free himself of every limit.
    What has expired goes by `sweep`.
    """

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = None) -> bool:
        if mode == "touch":
            return bool(super()._base_set(mode, key, value, timeout))  # type: ignore[misc]  # Django's, not in its stubs
        connection, table = self._table_of()
        now, until = _moment(connection, time.time()), _until(connection, self.get_backend_timeout(timeout))  # noqa: TID251  # a count's age, not a legal term
        free = f" WHERE {table}.expires < %s" if mode == "add" else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) ON CONFLICT (cache_key) "  # noqa: S608  # our own table's name
                f"DO UPDATE SET value = excluded.value, expires = excluded.expires{free}",
                [key, _packed(value), until, *([now] if free else [])],
            )
            return bool(cursor.rowcount == 1)

    def sweep(self) -> None:
        """Delete what has expired."""
        connection, table = self._table_of()
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [_moment(connection, time.time())])  # noqa: S608, TID251  # as above

    def _table_of(self) -> tuple[Any, str]:
        connection = connections[router.db_for_write(self.cache_model_class)]
        return connection, connection.ops.quote_name(self._table)  # type: ignore[attr-defined]  # as above


def sweep() -> None:
    """Delete the counts that have expired."""
    counts = caches["default"]
    assert isinstance(counts, Counts)
    counts.sweep()


def _packed(value: Any) -> str:
    import base64
    import pickle

    return base64.b64encode(pickle.dumps(value, pickle.HIGHEST_PROTOCOL)).decode("latin1")


def _until(connection: Any, end: float | None) -> Any:
    return (
        connection.ops.adapt_datetimefield_value(datetime.max.replace(microsecond=0, tzinfo=UTC))
        if end is None
        else _moment(connection, end)
    )


def _moment(connection: Any, seconds: float) -> Any:
    return connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(seconds, UTC).replace(microsecond=0))

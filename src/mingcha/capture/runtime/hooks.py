"""Which methods the agent hooks: a table made from the interfaces catalogue, plain data for a script that knows no catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from mingcha.catalogue.load import Catalogue
from mingcha.model.sdk import Interface

_HERE = Path(__file__).parent


class Test(Struct, frozen=True):
    """One predicate of a row: the argument's number, and what it must be, start with, or match."""

    at: int
    equal: tuple[str, ...]
    start: tuple[str, ...]
    match: tuple[str, ...]


class Hook(Struct, frozen=True):
    """One method: its class in the catalogue, the classes to hook it on, the overloads meant (null: all), and the rows it is.

    ``rows`` holds the tests of each row, none where any call is that row; ``gives`` what the rows hand out.
    """

    id: int
    cls: str
    method: str
    on: tuple[str, ...]
    signatures: tuple[str, ...] | None
    rows: tuple[tuple[Test, ...], ...]
    gives: tuple[str, ...]

    @property
    def name(self) -> str:
        """Class and method, as the log names what is hooked."""
        return f"{self.cls}.{self.method}"


def hooks(tables: Catalogue) -> tuple[Hook, ...]:
    """One hook for each method that has a row worth recording, in the order of the catalogue."""
    methods: dict[tuple[str, str], list[Interface]] = {}
    for row in tables.interfaces.values():
        if _recorded(row):
            methods.setdefault((row.cls, row.member), []).append(row)
    return tuple(_hook(number, rows) for number, rows in enumerate(methods.values()))


def _recorded(row: Interface) -> bool:
    silent = row.unresolved == "skip" and not row.when
    return not (row.field or row.noisy or silent or row.id.startswith(tuple(_data()["left_out"])))


def _hook(number: int, rows: list[Interface]) -> Hook:
    cls = rows[0].cls
    signatures = {row.descriptor for row in rows}
    told = None if None in signatures else tuple(sorted(filter(None, signatures)))
    return Hook(
        id=number,
        cls=cls,
        method=rows[0].member,
        on=tuple(_data()["behind"].get(cls, (cls,))),
        signatures=told,
        rows=tuple(_tests(row) for row in rows),
        gives=tuple(dict.fromkeys(_given(rows))),
    )


def _tests(row: Interface) -> tuple[Test, ...]:
    return tuple(
        Test(test.argument, test.equals, test.prefix, (test.pattern,) if test.pattern else ()) for test in row.when
    )


def _given(rows: Iterable[Interface]) -> Iterable[str]:
    return (given for row in rows for given in (row.information, row.event) if given)


@cache
def _data() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((_HERE / "hooks.yaml").read_text(encoding="utf-8"))
    return found

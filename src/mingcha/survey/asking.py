"""Questions over a dataset: the ready ones, which read the index, and SQL of one's own, which may read and nothing else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mingcha.catalogue.load import yaml_loader
from mingcha.errors import UsageError
from mingcha.model.clause import Language
from mingcha.survey import index
from mingcha.survey.answers import Answer, Column, Parameter, Question
from mingcha.survey.dataset import Dataset
from mingcha.survey.naming import tables_once
from mingcha.survey.tables import address, connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST = 1_000_000
"""Rows of one answer: what is held in memory and written."""
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@cache
def ready() -> dict[str, Question]:
    """The ready questions by name."""
    import yaml

    files = sorted((Path(__file__).parent / "questions").glob("*.yaml"))
    raw = {file.stem: yaml.load(file.read_bytes(), Loader=yaml_loader()) for file in files}
    return {name: msgspec.convert({**row, "name": name}, Question) for name, row in raw.items()}


def listed(lang: Language) -> list[str]:
    """The ready questions, each with its title, and indented below it what may be chosen: how it is given and what it means."""
    return [
        line
        for name, one in ready().items()
        for line in (f"{name}\t{one.title[lang]}", *(f"\t{parameter.told(lang)}" for parameter in one.parameters))
    ]


def ask(dataset: str, question_or_sql: str, parameters: Mapping[str, str] | None = None) -> Answer:
    """The answer to a ready question, by its name, or to one SELECT. Raises UsageError, RecordError.

    SQL sees the views of the dataset (apps, facts, verdicts, gaps, traces, items) and, in the schema ``made``, the tables of
    the index if there is one that is up to date.
    """
    asked = question_or_sql.strip()
    question = ready().get(asked)
    if question is not None:
        return answer(dataset, question, parameters)
    if _NAME.fullmatch(asked):
        near = difflib.get_close_matches(asked, ready(), 3, 0.5) or sorted(ready())
        raise UsageError(f"no question {asked!r}; there are: {', '.join(near)}")
    return _selected(dataset, asked, dict(parameters or {}))


def answer(dataset: str, question: Question, parameters: Mapping[str, str] | None = None) -> Answer:
    """The answer to a ready question; the index is made first where it is missing or old."""
    with index.opened(dataset) as made:
        return answered(made, question, parameters)


def answered(made: DuckDBPyConnection, question: Question, parameters: Mapping[str, str] | None = None) -> Answer:
    """The same from an index that is open already. Raises UsageError."""
    chosen = _chosen(question, parameters or {})
    rows, cut = _rows(made, question.sql, chosen)
    return Answer(
        question=question, columns=tuple(one.name for one in question.columns), rows=rows, parameters=chosen, cut=cut
    )


def _chosen(question: Question, given: Mapping[str, str]) -> dict[str, str]:
    """Every parameter of the question, given or by default."""
    names = [one.name for one in question.parameters]
    if unknown := sorted(set(given) - set(names)):
        raise UsageError(f"{question.name} has no parameter {unknown[0]!r}; it has: {', '.join(names) or 'none'}")
    told = {one.name: _value(question, one, given) for one in question.parameters}
    _known(
        "clause", told.get("clause"), [one.id for rules in tables_once().regulations.values() for one in rules.clauses]
    )
    _known("rules", told.get("rules"), list(tables_once().regulations))
    return told


def _value(question: Question, one: Parameter, given: Mapping[str, str]) -> str:
    """A parameter's value; nothing is no value where the question does not say so. Raises UsageError."""
    value = given.get(one.name, one.default)
    if value or value == one.default == "":
        return value
    if one.default is None:
        raise UsageError(f"{question.name} needs {one.name!r}: --with {one.name}=… ({one.en})")
    raise UsageError(f"--with {one.name}= is empty; leave it out for {one.default!r}")


def _known(name: str, value: str | None, words: list[str]) -> None:
    """A name that nothing has would be answered with nothing, as if all were well. Raises UsageError."""
    if value and value not in words:
        near = _nearest(value, words) or words[:3]
        raise UsageError(f"no {name} {value!r}; there are: {', '.join(near)} …")


def _nearest(value: str, words: list[str]) -> list[str]:
    """The names most like a value, nearest first; a clause given without its rule set is looked for in all of them."""
    compared = {word: word if "/" in value else word.rpartition("/")[2] for word in words}
    near = difflib.get_close_matches(value, sorted(set(compared.values())), 3, 0.5)
    return [word for one in near for word in words if compared[word] == one][:3]


def _selected(dataset: str, sql: str, parameters: dict[str, str]) -> Answer:
    """The rows of one SELECT, in a connection that reaches the dataset's Parquet files and no other file."""
    opened = Dataset(dataset)
    with connect(dataset) as made:
        _one_select(made, sql)
        if index.fresh(dataset):
            index.attach(made, dataset)
        index.confine(made, dataset, [f"{address(opened, folder)}/" for folder in ("tables", "verdicts")])
        rows, cut = _rows(made, sql, parameters)
        names = tuple(column[0] for column in made.description or ())
    columns = tuple(Column(name=name, zh=name, en=name) for name in names)
    shown = Question(
        name="", title={"zh": "查询", "en": "Query"}, about={"zh": "", "en": ""}, columns=columns, sql=sql, apps=True
    )
    return Answer(question=shown, columns=names, rows=rows, parameters=parameters, cut=cut)


def _one_select(made: DuckDBPyConnection, sql: str) -> None:
    """Only one statement, and only one that reads: COPY could write into the dataset. Raises UsageError."""
    import duckdb

    try:
        statements = made.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"the query cannot be read: {index.first_line(error)}") from error
    if [one.type for one in statements] != [duckdb.StatementType.SELECT]:
        raise UsageError("a query is one SELECT and nothing else")


def _rows(made: DuckDBPyConnection, sql: str, parameters: Mapping[str, str]) -> tuple[list[tuple[Any, ...]], bool]:
    """The rows, and whether there were more. Raises UsageError."""
    import duckdb

    try:
        found = _interruptible(made, sql, parameters).fetchmany(MOST + 1)
    except (duckdb.Error, UnicodeDecodeError) as error:
        raise UsageError(f"the query failed: {index.first_line(error)}") from error
    return found[:MOST], len(found) > MOST


def _interruptible(made: DuckDBPyConnection, sql: str, parameters: Mapping[str, str]) -> DuckDBPyConnection:
    """Execute, so that Ctrl-C ends it: DuckDB itself looks at signals between its steps alone, and one step may take hours."""
    with ThreadPoolExecutor(1) as beside:
        execution = beside.submit(made.execute, sql, dict(parameters) or None)
        try:
            return execution.result()
        except KeyboardInterrupt:
            made.interrupt()
            raise

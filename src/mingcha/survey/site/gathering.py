"""What the report's own pages need beside the ready questions: key numbers, a clause by category, leads and what stands behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from mingcha.model.verdict import Trace
from mingcha.survey.tables import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

APPS = 500
"""Apps with a page of their own, and leads listed under one clause."""
_FACTS = 10
"""Facts shown under one clause of one app."""


@dataclass(frozen=True)
class Proof:
    """A fact that carries a suspected breach: its kind, what it is about, and where it stands."""

    kind: str
    about: str | None
    place: str
    quote: str


@dataclass
class Lead:
    """One app with leads: a row of the index, and what was found in it."""

    row: dict[str, Any]
    verdicts: list[tuple[str, str]] = field(default_factory=list)
    sdks: list[tuple[str, bool]] = field(default_factory=list)
    information: list[tuple[str, bool]] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    proofs: dict[str, list[Proof]] = field(default_factory=dict)

    @property
    def suspected(self) -> list[str]:
        """The clauses that are suspected."""
        return [clause for clause, outcome in self.verdicts if outcome == "breached"]


def key_numbers(made: DuckDBPyConnection) -> dict[str, int | float | None]:
    """The numbers of the first page."""
    apps, policy, code = made.execute(
        "SELECT count(*), count(*) FILTER (has_policy), count(*) FILTER (code_read) FROM app"
    ).fetchall()[0]
    runs, failed = made.execute(
        "SELECT (SELECT count(DISTINCT run) FROM runs), (SELECT sum(apps) FROM gap WHERE collector = 'survey')"
    ).fetchall()[0]
    decided = made.execute(
        "SELECT sum(apps) FILTER (outcome IN ('breached', 'met')) / sum(apps) FROM tally"
    ).fetchall()[0][0]
    return {
        "n_apps": apps,
        "n_policy": policy,
        "n_code": code,
        "n_runs": runs,
        "n_failed": failed or 0,
        "n_determined": decided,
    }


def by_category(made: DuckDBPyConnection, clause: str, least: int) -> tuple[list[tuple[Any, ...]], int]:
    """Category, apps and the four outcomes of one clause; and how many categories of fewer apps than ``least`` were left out."""
    rows = made.execute(
        """
        SELECT category, sum(apps)::BIGINT AS apps, coalesce(sum(apps) FILTER (outcome = 'breached'), 0)::BIGINT,
               coalesce(sum(apps) FILTER (outcome = 'met'), 0)::BIGINT, coalesce(sum(apps) FILTER (outcome = 'not applicable'), 0)::BIGINT,
               coalesce(sum(apps) FILTER (outcome = 'not determined'), 0)::BIGINT
        FROM tally WHERE clause::VARCHAR = $1 GROUP BY category ORDER BY apps DESC, category
        """,
        [clause],
    ).fetchall()
    kept = many(rows, 1, least)
    return kept, len(rows) - len(kept)


def many(rows: list[tuple[Any, ...]], at: int, least: int) -> list[tuple[Any, ...]]:
    """The rows of at least so many apps; what they leave of the whole must not tell of fewer either."""
    kept = sorted((place for place, row in enumerate(rows) if row[at] >= least), key=lambda place: -rows[place][at])
    left = sum(row[at] for row in rows) - sum(rows[place][at] for place in kept)
    while kept and 0 < left < least:
        left += rows[kept.pop()][at]
    return [rows[place] for place in sorted(kept)]


def leads(made: DuckDBPyConnection) -> tuple[list[Lead], int]:
    """The apps with the most suspected clauses, and how many apps have any."""
    chosen = made.execute(
        f"""
        WITH suspected AS (SELECT app, count(*) AS times FROM verdict WHERE outcome = 'breached' GROUP BY app)
        SELECT app.*, count(*) OVER () AS every FROM suspected JOIN app USING (app)
        ORDER BY times DESC, downloads DESC NULLS LAST, key LIMIT {APPS}
        """
    )
    names = [column[0] for column in chosen.description or ()]
    found = [Lead(dict(zip(names, row, strict=True))) for row in chosen.fetchall()]
    _fill(made, {lead.row["app"]: lead for lead in found})
    return found, found[0].row["every"] if found else 0


def _fill(made: DuckDBPyConnection, by_app: dict[int, Lead]) -> None:
    apps = sorted(by_app)
    for app, clause, outcome in made.execute(
        "SELECT app, clause::VARCHAR, outcome::VARCHAR FROM verdict WHERE app IN (SELECT unnest($1)) ORDER BY app, clause",
        [apps],
    ).fetchall():
        by_app[app].verdicts.append((clause, outcome))
    for app, sdk, possible in made.execute(
        "SELECT app, sdk::VARCHAR, possible FROM app_sdk WHERE app IN (SELECT unnest($1)) ORDER BY app, possible, sdk",
        [apps],
    ).fetchall():
        by_app[app].sdks.append((sdk, possible))
    for app, information, startup in made.execute(
        "SELECT app, information::VARCHAR, startup FROM app_information WHERE app IN (SELECT unnest($1)) ORDER BY app, information",
        [apps],
    ).fetchall():
        by_app[app].information.append((information, startup))


def prove(dataset: str, found: Sequence[Lead]) -> None:
    """Fill in the gaps, and the facts behind each suspected clause, from the dataset itself."""
    by_key = {lead.row["key"]: lead for lead in found}
    if not by_key:
        return
    with connect(dataset) as made:
        made.execute("CREATE TEMP TABLE chosen AS SELECT unnest($1) AS key", [sorted(by_key)])
        for key, code in made.execute(
            "SELECT DISTINCT key, code FROM gaps JOIN chosen USING (key) ORDER BY ALL"
        ).fetchall():
            by_key[key].gaps.append(code)
        wanted = list(_wanted(made))
        if not wanted:
            return
        made.execute("CREATE TEMP TABLE wanted (key VARCHAR, clause VARCHAR, id VARCHAR)")
        made.execute(
            "INSERT INTO wanted SELECT unnest($1), unnest($2), unnest($3)",
            [list(part) for part in zip(*wanted, strict=True)],
        )
        for key, clause, proof in _proofs(made):
            by_key[key].proofs.setdefault(clause, []).append(proof)


def _wanted(made: DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """Key, clause and fact of the first facts that the traces of these apps name."""
    for key, clause, trace in made.execute(
        "SELECT key, clause, trace FROM traces JOIN chosen USING (key) ORDER BY ALL"
    ).fetchall():
        for fact in list(dict.fromkeys(_facts(msgspec.json.decode(trace, type=Trace))))[:_FACTS]:
            yield key, clause, fact


def _facts(trace: Trace) -> Iterator[str]:
    if trace.answer == "yes":
        yield from trace.facts
    for part in trace.parts:
        yield from _facts(part)


def _proofs(made: DuckDBPyConnection) -> Iterator[tuple[str, str, Proof]]:
    rows = made.execute(
        """
        SELECT key, clause, kind, about, json_extract_string(body, '$.place.path') AS path, json_extract_string(body, '$.place.at') AS at,
               json_extract_string(body, '$.place.quote')
        FROM facts JOIN chosen USING (key) JOIN wanted USING (key, id) ORDER BY ALL
        """
    ).fetchall()
    for key, clause, kind, about, path, at, quote in rows:
        yield key, clause, Proof(kind, about, f"{path or ''}{f' @ {at}' if at else ''}", quote or "")

"""What one reader's report holds: the answers he may see, the clauses that were judged, and, for the regulator, the leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from mingcha.model.clause import Clause
from mingcha.survey.answers import Answer
from mingcha.survey.asking import answered, ready
from mingcha.survey.naming import tables_once
from mingcha.survey.site import gathering

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Reader = Literal["public", "regulator"]
FEW = 5
"""A row of fewer apps is not shown to the public where it could point at one."""
_OWN_PAGES = frozenset({"leads", "most-alike"})
"""Asked about one clause or one app, so no page of their own: leads stand on the pages of the clauses."""


class Contents:
    """Everything a report says, asked once for both languages."""

    def __init__(self, made: DuckDBPyConnection, reader: Reader, tell: Callable[[str], None]) -> None:
        self.made, self.reader = made, reader
        self.answers: dict[str, Answer] = {}
        self.left: dict[str, int] = {}
        self.leads: list[gathering.Lead] = []
        self.every = 0
        for name, question in ready().items():
            if name not in _OWN_PAGES and not (question.apps and reader == "public"):
                self.answers[name], self.left[name] = self._for_reader(answered(made, question, self._chosen(name)))
                tell(f"{name}: {len(self.answers[name].rows)}")

    def _chosen(self, name: str) -> dict[str, str]:
        """SDKs are compared under the clause that is suspected most often: under others there is little to compare."""
        row = self.made.execute(
            "SELECT clause::VARCHAR FROM tally WHERE outcome = 'breached' GROUP BY clause ORDER BY sum(apps) DESC, clause LIMIT 1"
        ).fetchone()
        return {"clause": row[0]} if name == "sdk-breach" and row else {}

    def _for_reader(self, answer: Answer) -> tuple[Answer, int]:
        """The answer without the rows that could point the public at one app, and how many these are."""
        if not answer.question.few or self.reader != "public":
            return answer, 0
        at = answer.columns.index("apps")
        kept = gathering.many(answer.rows, at, FEW)
        return replace(answer, rows=kept), len(answer.rows) - len(kept)

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses judged in this dataset, in the order of the catalogue."""
        judged = {row[0] for row in self.made.execute("SELECT DISTINCT clause::VARCHAR FROM tally").fetchall()}
        return [one for rules in tables_once().regulations.values() for one in rules.clauses if one.id in judged]

    def outcomes(self, clause: str) -> tuple[Any, ...]:
        """A clause's row of the question of all clauses."""
        return next(row for row in self.answers["clause-outcomes"].rows if row[0] == clause)

    def categories(self, clause: str) -> tuple[list[tuple[Any, ...]], int]:
        """A clause by category, and how many rows this reader does not see."""
        return gathering.by_category(self.made, clause, FEW if self.reader == "public" else 0)

    def why(self, clause: str) -> Answer:
        """Why one clause was not determined."""
        return answered(self.made, ready()["why-undetermined"], {"clause": clause})

    def find_leads(self, dataset: str) -> None:
        """The apps with leads that get a page, and the facts behind them."""
        self.leads, self.every = gathering.leads(self.made)
        gathering.prove(dataset, self.leads)

    @cached_property
    def paged(self) -> set[str]:
        """The keys of the apps with a page."""
        return {lead.row["key"] for lead in self.leads}

    def lead_rows(self) -> list[dict[str, Any]]:
        """The apps with a page, as rows."""
        return [self._row(lead.row) | {"times": len(lead.suspected)} for lead in self.leads]

    def leads_of(self, clause: str) -> list[dict[str, Any]]:
        """The leads under one clause; some may have no page."""
        answer = answered(self.made, ready()["leads"], {"clause": clause})
        return [self._row(dict(zip(answer.columns, row, strict=True))) for row in answer.rows]

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        version = row["version"] if "version" in row else row["version_name"]
        page = page_of(row["key"]) if row["key"] in self.paged else None
        return row | {
            "version": version,
            "page": page,
            "name_shown": str(row["label"] or row["package"] or row["key"][:16]),
        }


def page_of(key: str) -> str:
    """The page of an app."""
    return f"apps/{key[:16]}.html"

"""What changed between two datasets: apps that came and went, versions, verdicts, SDKs. Apps are matched by package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mingcha.survey.dataset import Dataset
from mingcha.survey.tables import OF_EACH_NAME, connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Change(Struct, frozen=True):
    """One difference: what kind, of which package, and from what to what."""

    what: str
    package: str
    about: str
    before: str | None
    after: str | None


_NEWEST = f"""
CREATE TEMP TABLE mine AS
SELECT a.key, coalesce(a.package, i.name) AS package, a.version_name AS version, a.package IS NULL AS unread
FROM ({OF_EACH_NAME}) i JOIN apps a USING (key)
QUALIFY row_number() OVER (PARTITION BY coalesce(a.package, i.name) ORDER BY i.run DESC, a.version_code DESC NULLS LAST, a.artefact, a.key) = 1
"""
_VERDICTS = "SELECT s.package, v.clause AS about, v.outcome AS said FROM mine s JOIN verdicts v USING (key)"
_SDKS = "SELECT DISTINCT s.package, f.about, 'present' AS said FROM mine s JOIN facts f USING (key) WHERE f.kind = 'SdkPresent'"
_VERSIONS = "SELECT package, '' AS about, version AS said FROM mine"
_QUESTIONS = {
    "app": "SELECT package, '' AS about, CASE WHEN unread THEN 'not read' ELSE 'there' END AS said FROM mine",
    "version": _VERSIONS,
    "verdict": _VERDICTS,
    "sdk": _SDKS,
}
_KEPT = ("version", "verdict", "sdk")
"""Differences told only of apps that both datasets have; a new app's verdicts are not changes."""


def compared(before: str, after: str) -> list[Change]:
    """Every difference, by kind, package and subject. Raises UsageError where either is no dataset."""
    found: list[Change] = []
    with connect(before) as old, connect(after) as new:
        for made in (old, new):
            made.execute(_NEWEST)
        both = _packages(old) & _packages(new)
        for what, question in _QUESTIONS.items():
            one, other = _said(old, question), _said(new, question)
            for package, about in sorted(one.keys() | other.keys()):
                told = Change(what, package, about, one.get((package, about)), other.get((package, about)))
                if told.before != told.after and (what not in _KEPT or package in both) and _judged_twice(told):
                    found.append(told)
    return found


def _judged_twice(told: Change) -> bool:
    """A clause that one side was not judged by has not changed."""
    return told.what != "verdict" or (told.before is not None and told.after is not None)


def _packages(made: DuckDBPyConnection) -> set[str]:
    return {row[0] for row in made.execute("SELECT package FROM mine").fetchall()}


def _said(made: DuckDBPyConnection, question: str) -> dict[tuple[str, str], str | None]:
    rows = made.execute(question).fetchall()
    return {(package, about): said for package, about, said in rows}


def same_settings(before: str, after: str) -> list[str]:
    """What differs in how two datasets were made and judged: that may be the reason for a change, and no app's doing."""
    one, other = _settings(before), _settings(after)
    return [f"{name}: {one[name]} → {other[name]}" for name in one if one[name] != other[name]]


def _settings(url: str) -> dict[str, str]:
    """How a dataset was made; rules and catalogue as of its judgements, the newest of each rule set."""
    dataset = Dataset(url)
    plan = dataset.plan
    catalogues = dict.fromkeys(plan.rules, plan.catalogue)
    for judged in dataset.judgements():
        catalogues |= dict.fromkeys(judged.rules, judged.catalogue)
    return {
        "rules": ", ".join(sorted(catalogues)),
        "flows": plan.flows,
        "tool": plan.tool,
        "catalogue": ", ".join(f"{rules} by {digest[:12]}" for rules, digest in sorted(catalogues.items())),
    }

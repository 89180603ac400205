"""The report as a spreadsheet: one row for each clause and each piece of evidence that carries its outcome."""

from __future__ import annotations

import csv as writer
import io
from collections.abc import Iterator

from mingcha.render.view import Evidence, Row, View

COLUMNS = (
    "x_clause", "title", "x_category", "x_outcome", "outcome", "x_gravity", "x_draft", "x_unverified", "finding", "x_next",
    "x_id", "x_kind", "c_grade", "c_fact", "c_file", "x_path", "x_at", "x_unit", "c_quote", "c_sha256",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def csv(view: View) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheet programs read the Chinese."""
    text = io.StringIO()
    out = writer.writer(text)
    out.writerow([view.labels[column] for column in COLUMNS])
    for row in view.rows:
        out.writerows([guarded(cell) for cell in cells] for cells in _cells(row))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def guarded(cell: str) -> str:
    """The cell with an apostrophe before anything that a spreadsheet program would run as a formula."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell


def _cells(row: Row) -> Iterator[tuple[str, ...]]:
    following = row.remedy if row.outcome == "breached" else row.decide_by if row.outcome == "not determined" else ""
    gravity = str(row.gravity) if row.gravity else ""
    head = (row.id, row.title, row.category, row.outcome, row.outcome_word, gravity, row.draft, row.unverified)
    for item in row.evidence or (None,):
        yield (*head, row.finding, following, *_evidence(item))


def _evidence(item: Evidence | None) -> tuple[str, ...]:
    if item is None:
        return ("",) * 10
    spot = item.spot
    at = "" if spot.at is None else str(spot.at)
    place = (spot.artefact, spot.path, at, spot.unit, spot.quote, spot.sha256)
    return (item.id, item.kind, item.grade_word, item.sentence, *place)

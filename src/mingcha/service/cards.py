"""What the public page shows of a report, made once when the report comes: a page is then one row, not a report read anew."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from mingcha.catalogue.load import Catalogue
from mingcha.model.clause import Language
from mingcha.model.report import Report
from mingcha.render.build import view
from mingcha.render.view import Row, View

_TABLES = ("asked", "take", "goes", "who", "unchecked")


def card(report: Report, catalogue: Catalogue) -> dict[str, Any]:
    """Outcomes by clause, and for each language what the page says."""
    languages: tuple[Language, ...] = ("zh", "en")
    pages = {lang: view(report, catalogue, "public", lang) for lang in languages}
    return {
        "outcomes": {row.clause: row.outcome for row in report.verdicts},
        "artefacts": [
            {"kind": one.kind, "name": one.name, "sha256": one.sha256, "size": one.size}
            for one in report.case.artefacts
        ],
        "pages": {lang: _page(made) for lang, made in pages.items()},
    }


def _page(made: View) -> dict[str, Any]:
    shown = [name for name in made.tables if name in _TABLES]
    return {
        "headline": made.headline,
        "identity": to_builtins(made.identity),
        "tally": to_builtins(made.tally),
        "clauses": [
            {"id": row.id, "number": row.number, "category": row.category, "title": row.title, "outcome": row.outcome, "word": row.outcome_word}
            for row in made.rows
        ],
        "tables": {name: to_builtins(made.tables[name]) for name in shown},
        "policy": [{"topic": line.topic, "text": line.text, "found": line.found} for line in made.policy.lines],
        "unchecked": list(made.plain),
        "gaps": list(made.gaps),
    }  # fmt: skip


def suspects(report: Report, catalogue: Catalogue) -> list[dict[str, Any]]:
    """One row for each breached clause: its id, the sentence in both languages, and every place that proves it.

    Sentences are the public's, evidence the regulator's: the public's page leaves places out.
    """
    chinese, english = view(report, catalogue, "public", "zh"), view(report, catalogue, "public", "en")
    file = view(report, catalogue, "regulator", "zh")
    rows = {row.id: row for row in file.of("breached")}
    return [
        {
            "clause": zh.id,
            "sentence": {"zh": zh.finding, "en": en.finding, "file": rows[zh.id].finding},
            "evidence": _proofs(rows[zh.id]),
        }
        for zh, en in zip(chinese.of("breached"), english.of("breached"), strict=True)
    ]


def _proofs(row: Row) -> list[dict[str, Any]]:
    """The facts that carry a verdict, and the answers of persons where it rests on them."""
    seen = [
        {"place": one.place, "sentence": one.sentence, "grade": one.grade_word, **to_builtins(one.spot)}
        for one in row.evidence
    ]
    return seen + [
        {"place": "", "sentence": f"{one.question}：{one.answer}（{one.who}，{one.date}）", "grade": ""}
        for one in row.answers
    ]

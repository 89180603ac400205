"""The report as SARIF 2.1.0 for code-scanning pages: clauses are rules, suspected breaches are results, gaps are notifications.

An undetermined clause with potential evidence is a result of the kind "review"; the standard gives such results no level.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from mingcha.model.fact import Fact
from mingcha.model.report import Report
from mingcha.render.codeflows import code_flows
from mingcha.render.leads import LEADS_SHOWN
from mingcha.render.sarifplaces import Artefacts, Json, region_of, segment
from mingcha.render.view import Evidence, Row, View

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {1: "warning", 2: "warning", 3: "error"}
LANGUAGES = {"zh": "zh-CN", "en": "en"}


def sarif(view: View, report: Report) -> bytes:
    """One log with one run."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(view, report)]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _run(view: View, report: Report) -> Json:
    artefacts = Artefacts(report)
    numbers = {row.id: number for number, row in enumerate(view.rows)}
    told = [row for row in view.rows if row.outcome == "breached" or row.leads]
    results = [_result(row, numbers[row.id], artefacts, report) for row in told]
    package = report.case.app.package or "case"
    return {
        "tool": {"driver": _driver(view, report)},
        "automationDetails": {"id": f"mingcha/{segment(package)}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(view, report)}],
        "artifacts": artefacts.rows,
        "results": results,
        "properties": {
            "headline": view.headline,
            "notes": list(view.notes),
            "outcomes": {part.outcome: part.count for part in view.tally},
            "catalogue": report.tool.catalogue,
            "regulations": list(report.regulations),
        },
    }


def _driver(view: View, report: Report) -> Json:
    tool = report.tool
    rules = [_rule(row) for row in view.rows]
    return {"name": tool.name, "version": tool.version, "language": LANGUAGES[view.lang], "rules": rules}


def _rule(row: Row) -> Json:
    marks = [mark for mark in (row.draft, row.unverified) if mark]
    return {
        "id": row.id,
        "shortDescription": _text(f"{row.number} {row.title}"),
        "fullDescription": _text(row.gloss or row.title),
        "help": _text(row.remedy or row.title),
        "defaultConfiguration": {"level": LEVELS.get(row.gravity, "warning")},
        "properties": {
            "tags": ["privacy", *marks],
            "category": row.category,
            "article": row.article,
            "text": row.text,
            "textLabel": row.label,
            "gravity": row.gravity,
            "outcome": row.outcome,
            "decideBy": row.decide_by,
        },
    }


def _text(text: str) -> Json:
    return {"text": text or "-"}


def _notifications(view: View, report: Report) -> list[Json]:
    """What was not looked at, where a reader of results cannot miss it."""
    return [
        {
            "level": "error" if gap.reason == "defect" else "warning",
            "message": _text(said),
            "descriptor": {"id": gap.code},
        }
        for gap, said in zip(report.gaps, view.gaps, strict=True)
    ]


# --- results -------------------------------------------------------------------------------------------------------


def _result(row: Row, number: int, artefacts: Artefacts, report: Report) -> Json:
    breached = row.outcome == "breached"
    items: list[tuple[Evidence, str]] = [(item, item.sentence) for item in row.evidence]
    items += [(lead.evidence, lead.sentence) for lead in row.leads]
    locations = [_location(item, said, artefacts, place) for place, (item, said) in enumerate(items)]
    said = (
        f"{row.outcome_word}: {row.finding}"
        if breached
        else " ".join([f"{row.outcome_word}: {items[0][1]}.", row.decide_by])
    )
    return {
        "ruleId": row.id,
        "ruleIndex": number,
        "kind": "fail" if breached else "review",
        "level": LEVELS.get(row.gravity, "warning") if breached else "none",
        "message": _text(said),
        "locations": locations[:1] or artefacts.whole(),
        **({"relatedLocations": locations[1:]} if locations[1:] else {}),
        **code_flows(items, artefacts),
        "partialFingerprints": {"mingchaEvidence/v1": fingerprint(row.id, _telling(row), report)},
        "properties": {"draft": bool(row.draft), "wordingVerified": not row.unverified},
    }


def _telling(row: Row) -> list[Evidence]:
    """What makes the finding this one: its evidence, or the leads that come first; one more lead does not make it another."""
    return [*row.evidence, *(lead.evidence for lead in row.leads[:LEADS_SHOWN])]


def _location(item: Evidence, said: str, artefacts: Artefacts, number: int) -> Json:
    spot = item.spot
    physical: Json = {"artifactLocation": artefacts.location(spot)}
    region = region_of(spot)
    if region:
        physical["region"] = region
    about = {"factId": item.id, "factKind": item.kind, "grade": item.grade or "", "position": spot.position}
    return {"id": number, "physicalLocation": physical, "message": _text(said), "properties": about}


def fingerprint(clause: str, items: Iterable[Evidence], report: Report) -> str:
    """The same for the same clause and the same facts, wherever in the file they now stand and whatever the language."""
    by_id = report.base.by_id
    facts = sorted({_content(by_id[item.id]) for item in items if item.id in by_id})
    return hashlib.sha256(b"\0".join([clause.encode(), *facts])).hexdigest()


_MOVING = frozenset({"place", "id", "sources", "source_place", "steps", "order"})
"""Fields that change when a file is rebuilt, or when other code comes between."""


def _content(fact: Fact) -> bytes:
    said = {k: v for k, v in msgspec.to_builtins(fact).items() if k not in _MOVING}
    return msgspec.json.encode(said, order="sorted")

"""What happened in the public cases of an app: orders, notices, rectification, in order, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mingcha.casework.ladder import ladder
from mingcha.render.legible import legible
from mingcha.service.clock import SHANGHAI

Values = dict[str, Any]


def history(events: Iterable[Any], documents: Iterable[Any], cases: Mapping[int, Values]) -> list[Values]:
    """One line for each public act, with the document it issued and whether that still holds."""
    papers = {str(one.number): one for one in documents}
    acts = ladder("case").acts
    rows = []
    for event in events:
        rule, paper = acts[event.act], papers.get(str(event.body.get("document", "")))
        rows.append({
            "at": event.time,
            "day": event.time[:10],
            "act": event.act,
            "what": {"zh": rule.zh, "en": rule.en},
            "case": cases[event.thing]["number"],
            "document": document(paper) if paper is not None and is_public(paper) else None,
            "more": _more(event),
        })  # fmt: skip
    rows += [_withdrawn(one, cases) for one in papers.values() if one.withdrawn is not None and is_public(one)]
    return sorted(rows, key=lambda row: str(row["at"]), reverse=True)


def is_public(paper: Any) -> bool:
    """Orders once served, notices once published, what goes to stores once issued: a signed notice that waits is nobody's business."""
    moment = {"order": paper.served, "notice": paper.published}.get(paper.kind, paper.issued)
    return paper.number is not None and moment is not None


def document(paper: Any) -> Values:
    """A document as a line of the page."""
    return {"number": paper.number, "kind": paper.kind, "state": "withdrawn" if paper.withdrawn else "valid"}


def _withdrawn(paper: Any, cases: Mapping[int, Values]) -> Values:
    at = paper.withdrawn.astimezone(SHANGHAI).isoformat()
    return {
        "at": at, "day": at[:10], "act": "withdraw", "what": {"zh": "撤回文书", "en": "document withdrawn"}, "case": cases[paper.case_id]["number"],
        "document": document(paper), "more": {"zh": f"理由：{legible(paper.withdrawal_reason)}", "en": f"reason: {legible(paper.withdrawal_reason)}"},
    }  # fmt: skip


def _more(event: Any) -> Values | None:
    """What the line says beside the act; reasons written for the file are not for everybody."""
    body = event.body
    if event.act == "acknowledge-removal":
        return {"zh": legible(str(body["store"])), "en": legible(str(body["store"]))}
    if event.act in ("remove", "remove-directly", "restore") and body.get("stores"):
        stores = [legible(str(one)) for one in body["stores"]]
        return {"zh": "、".join(stores), "en": ", ".join(stores)}
    if event.act in ("serve-order", "publish", "return") and body.get("days"):
        return {
            "zh": f"期限{body['days']}个工作日（本文书自定）",
            "en": f"{body['days']} working days (set by this document)",
        }
    if event.act == "extend":
        return {"zh": f"延长{body['by']}个工作日", "en": f"{body['by']} working days more"}
    return None

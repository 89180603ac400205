"""Ways through code as SARIF's code flows: how a call can run at the start, how information may go from its source to a sink."""

from __future__ import annotations

from collections.abc import Iterable

from mingcha.render.sarifplaces import Artefacts, Json, region_of
from mingcha.render.view import Evidence, Stop

FLOWS_SHOWN = 100
"""Code flows of one result; viewers show a handful, and the JSON form holds all."""


def code_flows(items: Iterable[tuple[Evidence, str]], artefacts: Artefacts) -> Json:
    """The property ``codeFlows`` of a result, or nothing where no evidence has a path; what each says is its message."""
    flows = [_flow(item, said, artefacts) for item, said in items if item.path and item.path.stops]
    return {"codeFlows": flows[:FLOWS_SHOWN]} if flows else {}


def _flow(item: Evidence, said: str, artefacts: Artefacts) -> Json:
    stops = item.path.stops if item.path else ()
    steps = [_step(number, stop, artefacts) for number, stop in enumerate(stops, 1)]
    return {
        "message": {"text": said},
        "threadFlows": [{"locations": steps}],
        "properties": {"factId": item.id, "factKind": item.kind, "grade": item.grade or ""},
    }


def _step(number: int, stop: Stop, artefacts: Artefacts) -> Json:
    physical: Json = {"artifactLocation": artefacts.location(stop.spot)}
    region = region_of(stop.spot)
    if region:
        physical["region"] = region
    return {
        "location": {
            "physicalLocation": physical,
            "logicalLocations": [{"fullyQualifiedName": stop.method, "kind": "function"}],
            "message": {"text": f"{stop.method}: {stop.does}"},
        },
        "executionOrder": number,
    }

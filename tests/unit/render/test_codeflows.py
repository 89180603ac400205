"""SARIF tells how a call can run and where information may go, step by step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec

from mingcha.render import render
from tests.unit.render import sample

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-emitted.schema.json").read_text("utf-8"))


def results(facts: tuple[Any, ...] = sample.FACTS + sample.WAYS) -> dict[str, dict[str, Any]]:
    log = json.loads(render(sample.report(facts), sample.catalogue(), "operator", "sarif", "zh"))
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    return {result["ruleId"]: result for result in log["runs"][0]["results"]}


def test_calls_of_the_start_are_code_flows_of_the_review() -> None:
    """The result for collecting before consent carries each call's way in order, and says that it may, not that it did."""
    flows = results()["idm-2019/3.1"]["codeFlows"]
    told = {tuple(_names(flow)) for flow in flows}
    assert ("com.example.flash.App.onCreate", "com.example.flash.App.onCreate", "com.umeng.analytics.A.init") in told
    assert all("可能" in flow["message"]["text"] for flow in flows)
    assert {flow["properties"]["grade"] for flow in flows} == {"potential"}


def test_steps_point_at_their_bytes() -> None:
    """Every step has a region and a number; a long path is told in full, for a program reads it."""
    (flow,) = [f for f in results()["idm-2019/3.1"]["codeFlows"] if _names(f)[0] == "com.example.flash.Early.onCreate"]
    steps = flow["threadFlows"][0]["locations"]
    assert [step["executionOrder"] for step in steps] == [1, 2]
    assert [step["location"]["physicalLocation"]["region"]["byteOffset"] for step in steps] == [30000, 30010]


def test_a_rebuilt_app_keeps_its_fingerprint() -> None:
    """Steps that moved, and another way to the same call, do not make another finding."""

    def moved(fact: Any) -> Any:
        if not getattr(fact, "steps", ()):
            return fact
        steps = tuple(
            msgspec.structs.replace(step, place=msgspec.structs.replace(step.place, at=(step.place.at or 0) + 64))
            for step in fact.steps[1:]
        )
        return msgspec.structs.replace(fact, steps=steps)

    first, again = results(), results(tuple(map(moved, sample.FACTS + sample.WAYS)))
    assert first["idm-2019/3.1"]["partialFingerprints"] == again["idm-2019/3.1"]["partialFingerprints"]


def test_without_a_path_there_is_no_code_flow() -> None:
    """A result whose evidence has no path has no empty code flows."""
    assert "codeFlows" not in results(sample.FACTS)["idm-2019/3.1"]


def _names(flow: dict[str, Any]) -> list[str]:
    steps = flow["threadFlows"][0]["locations"]
    return [step["location"]["logicalLocations"][0]["fullyQualifiedName"] for step in steps]

"""The demo app is judged as truth.yaml says, which was written before the app; its twin is accused of nothing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import structs

from mingcha.model.artefact import Place
from mingcha.model.fact import InformationFlow, PermissionDeclared, SdkPresent, SensitiveCall
from mingcha.model.report import Report
from mingcha.model.words import Step

DEMO = Path(__file__).parent.parent.parent / "demo"
TRUTH: dict[str, Any] = yaml.safe_load((DEMO / "truth.yaml").read_text("utf-8"))


def checker() -> Any:
    spec = importlib.util.spec_from_file_location("demo_check", DEMO / "check.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK = checker()


@pytest.fixture(scope="module")
def report() -> Report:
    app = TRUTH["app"]
    return CHECK.inspected(app["file"], app["policy"], app["answers"], app["type"])  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def twin() -> Report:
    app = TRUTH["twin"]
    return CHECK.inspected(app["file"], app["policy"], app["answers"], app["type"])  # type: ignore[no-any-return]


def test_the_report_says_what_was_planted(report: Report) -> None:
    """Exactly the planted items are breached, with the planted evidence at its place; the rest is as written."""
    assert CHECK.differences(report, TRUTH) == []


def test_the_twin_is_accused_of_nothing(twin: Report) -> None:
    """Nothing is breached in the corrected app, and nothing is planted in it."""
    assert [v.clause for v in twin.verdicts if v.outcome == "breached"] == []
    assert CHECK.differences(twin, TRUTH["twin"]) == []


def test_the_check_can_fail(report: Report, twin: Report) -> None:
    """The comparison finds a missing item, a false one and a wrong place."""
    assert len(CHECK.differences(twin, TRUTH)) >= len(TRUTH["breached"])
    assert len(CHECK.differences(report, TRUTH["twin"])) == len(TRUTH["breached"])
    moved = {"breached": [{"clause": "idm-2019/4.6", "evidence": [{"kind": "AppDeclared", "at": 1}]}]}
    assert any("no evidence" in line for line in CHECK.differences(report, moved))


def test_permissions_and_sdks_are_all_there(report: Report, twin: Report) -> None:
    """The permissions and SDKs of both apps are those of the truth, no more and no less."""
    for found, expected in ((report, TRUTH["facts_expected"]), (twin, TRUTH["twin"]["facts_expected"])):
        permissions = {f.permission for f in found.facts if isinstance(f, PermissionDeclared)}
        assert permissions == {row["permission"] if isinstance(row, dict) else row for row in expected["permissions"]}
        present = {f.sdk for f in found.facts if isinstance(f, SdkPresent) and not f.possible}
        assert present == {row["sdk"] if isinstance(row, dict) else row for row in expected["sdks"]}


def test_calls_are_all_there(report: Report, twin: Report) -> None:
    """Every planted call is found at its byte, with its information, and no other."""
    found = {(f.place.at, f.information) for f in report.facts if isinstance(f, SensitiveCall)}
    assert found == {(row["at"], row["information"]) for row in TRUTH["facts_expected"]["calls"]}
    inside = {(f.place.at, f.information, f.owner) for f in twin.facts if isinstance(f, SensitiveCall)}
    planned = TRUTH["twin"]["facts_expected"]["calls"]
    assert inside == {(row["at"], row["information"], row["owner"]) for row in planned}


def test_the_report_says_when_each_call_can_run(report: Report, twin: Report) -> None:
    """Every planted call has the planted reach, way and rank at the start; nothing else of either app runs at the start."""
    assert CHECK.reaches(report.facts, TRUTH) == []
    assert CHECK.reaches(twin.facts, TRUTH["twin"]) == []


def test_the_report_says_where_information_goes(report: Report, twin: Report) -> None:
    """The planted flows are found with source, sink, receiver and way; no other leaves the app, and none the twin."""
    assert CHECK.flows(report.facts, TRUTH) == []
    assert CHECK.flows(twin.facts, TRUTH["twin"]) == []


def step(method: str) -> Step:
    return Step(method=method, does="calls", place=Place(sha256=""))


def call(row: dict[str, Any]) -> SensitiveCall:
    """The fact that a row of the truth asks for."""
    plain = {name: row[name] for name in ("information", "owner", "caller", "callee", "reach")}
    steps = tuple(map(step, row["through"]))
    return SensitiveCall(
        place=Place(sha256="", at=row["at"]), interface="", steps=steps, order=row.get("order"), **plain
    )


def flow(row: dict[str, Any]) -> InformationFlow:
    """The fact that a row of the truth asks for, from the first of its sources."""
    plain = {name: row[name] for name in ("information", "owner", "sink", "channel", "host", "receiver")}
    first = row["from"][0]
    return InformationFlow(
        place=Place(sha256="", at=row["at"]), source=first["call"], source_place=Place(sha256="", at=first["at"]),
        transforms=tuple(row["transforms"]), steps=tuple(map(step, row["through"])), **plain
    )  # fmt: skip


CALLS = [call(row) for row in TRUTH["facts_expected"]["calls"]]
FLOWS = [flow(row) for row in TRUTH["facts_expected"]["flows"]]


@pytest.mark.parametrize(
    "change",
    [{"reach": "unknown"}, {"reach": "consent-gated"}, {"steps": ()}, {"order": 9}, {"information": "dev.mac"}],
)
def test_the_check_sees_a_wrong_reach(change: dict[str, Any]) -> None:
    """Facts as planted pass; another reach, way, rank or information, or a call left out, does not."""
    assert CHECK.reaches(CALLS, TRUTH) == []
    assert CHECK.reaches([structs.replace(CALLS[0], **change), *CALLS[1:]], TRUTH) != []
    assert CHECK.reaches(CALLS[1:], TRUTH) != []


@pytest.mark.parametrize(
    "change",
    [
        {"host": None}, {"host": "www.example.org"}, {"receiver": "bugly"}, {"owner": None}, {"channel": "sdk"},
        {"source": "La;->b()V"}, {"source_place": Place(sha256="", at=1)}, {"place": Place(sha256="", at=1)}, {"steps": ()},
    ],
)  # fmt: skip
def test_the_check_sees_a_wrong_flow(change: dict[str, Any]) -> None:
    """Flows as planted pass; one that is changed is both missing and too much, and one left out is missing."""
    assert CHECK.flows(FLOWS, TRUTH) == []
    assert len(CHECK.flows([structs.replace(FLOWS[0], **change), *FLOWS[1:]], TRUTH)) == 2
    assert len(CHECK.flows(FLOWS[1:], TRUTH)) == 1
    assert len(CHECK.flows(FLOWS[:1], TRUTH["twin"])) == 1


def test_the_check_wants_the_hash_named() -> None:
    """A flow of hashed contacts that does not name the hash is not the planted one; a further word does no harm."""
    hashed = next(f for f in FLOWS if f.transforms)
    others = [f for f in FLOWS if f is not hashed]
    assert len(CHECK.flows([*others, structs.replace(hashed, transforms=())], TRUTH)) == 2
    assert CHECK.flows([*others, structs.replace(hashed, transforms=("md5", "hex"))], TRUTH) == []

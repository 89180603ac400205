"""The demo app is judged as truth.yaml says, which was written before the app; its twin is accused of nothing."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import yaml

from mingcha.model.fact import PermissionDeclared, SdkPresent, SensitiveCall
from mingcha.model.report import Report

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
    assert not [f for f in twin.facts if isinstance(f, SensitiveCall)]

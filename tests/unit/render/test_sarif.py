"""The SARIF log keeps to the standard, points at the right bytes and stays the same finding when a file is rebuilt.

The schema below is written from the standard (OASIS SARIF 2.1.0) for what Mingcha emits, and refuses anything else. With
MINGCHA_SARIF_SCHEMA naming a copy of the official schema, the log is validated against that as well.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from mingcha.model.clause import Language, Reader
from mingcha.model.report import Report
from mingcha.render import render
from tests.unit.render import sample
from tests.unit.render.test_html import hostile

SCHEMA = json.loads((Path(__file__).parent / "data" / "sarif-emitted.schema.json").read_text("utf-8"))
OFFICIAL = os.environ.get("MINGCHA_SARIF_SCHEMA", "")


def run(report: Report, reader: Reader = "operator", lang: Language = "zh") -> dict[str, Any]:
    log = json.loads(render(report, sample.catalogue(), reader, "sarif", lang))
    assert len(log["runs"]) == 1
    return log["runs"][0]  # type: ignore[no-any-return]


REPORTS = {
    "breached": sample.report(sample.FACTS + sample.SENT),
    "ways": sample.report(sample.FACTS + sample.WAYS),
    "hostile": hostile('a:b/../"<x>\u202e\n'),
    "empty": sample.report(facts=(), gaps=(), answers=()),
}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("reader", ["operator", "regulator", "public"])
def test_log_keeps_to_the_standard(name: str, reader: Reader) -> None:
    """Every log has the required properties, no unknown ones, and values of the allowed kinds."""
    log = json.loads(render(REPORTS[name], sample.catalogue(), reader, "sarif", "en"))
    jsonschema.Draft202012Validator(SCHEMA).validate(log)
    if OFFICIAL:
        jsonschema.validate(log, json.loads(Path(OFFICIAL).read_text("utf-8")))


def test_clauses_are_rules_and_breaches_are_failures() -> None:
    """Each clause is a rule with its remedy as help; each suspected breach is one result that points at its rule."""
    made = run(REPORTS["breached"])
    rules = made["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {"idm-2019/1.3", "idm-2019/3.1", "idm-2019/6.5"}
    levels = {result["ruleId"]: (result["kind"], result["level"]) for result in made["results"]}
    assert levels == {"idm-2019/3.1": ("fail", "error"), "idm-2019/6.5": ("fail", "warning")}
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in made["results"])
    assert all(result["message"]["text"].startswith("疑似违反") for result in made["results"])
    deadline = next(rule for rule in rules if rule["id"] == "idm-2019/6.5")
    assert deadline["help"]["text"].startswith("在隐私政策中写明至少一种投诉渠道")


def test_potential_evidence_is_for_review() -> None:
    """An undetermined clause with leads is a result of kind review, which the standard gives no level."""
    made = run(sample.report())
    (review,) = [result for result in made["results"] if result["ruleId"] == "idm-2019/3.1"]
    assert (review["kind"], review["level"]) == ("review", "none")
    place = review["locations"][0]["physicalLocation"]
    assert place["region"]["byteOffset"] == 6699
    assert made["artifacts"][place["artifactLocation"]["index"]]["location"]["uri"] == "classes.dex"


def test_paragraphs_are_lines_and_entries_have_no_region() -> None:
    """A paragraph of the policy is a line with its quote; an entry of a capture is named in words only."""
    made = {result["ruleId"]: result["locations"][0] for result in run(REPORTS["breached"])["results"]}
    assert made["idm-2019/6.5"]["physicalLocation"]["region"] == {
        "startLine": 12,
        "snippet": {"text": "我们将在30个工作日内回复您的投诉。"},
    }
    assert "region" not in made["idm-2019/3.1"]["physicalLocation"]
    assert made["idm-2019/3.1"]["properties"]["position"] == "第3项"


def test_files_carry_their_digest_and_members_their_parent() -> None:
    """What was handed in has length and SHA-256; what lies inside says in which file."""
    made = run(sample.report())["artifacts"]
    assert made[0] == {
        "location": {"uri": "flash.apk"},
        "length": 48211,
        "hashes": {"sha-256": sample.APK},
        "roles": ["analysisTarget"],
    }
    assert {"location": {"uri": "classes.dex"}, "parentIndex": 0} in made


def test_gaps_are_notifications() -> None:
    """What was not looked at cannot be missed by a reader of the results."""
    (invocation,) = run(sample.report())["invocations"]
    codes = [note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]]
    assert sorted(codes) == ["calls.reflection", "no.such.code", "policy.recall"]


def prints(report: Report, lang: Language = "zh") -> dict[str, str]:
    return {r["ruleId"]: r["partialFingerprints"]["mingchaEvidence/v1"] for r in run(report, lang=lang)["results"]}


def test_fingerprints_do_not_move_with_the_bytes() -> None:
    """A rebuilt app and another language give the same fingerprints; another fact gives another."""
    moved = tuple(
        msgspec.structs.replace(
            fact, place=msgspec.structs.replace(fact.place, at=(fact.place.at or 0) + 64, sha256="9" * 64)
        )
        for fact in sample.FACTS
    )
    longer = tuple(
        msgspec.structs.replace(fact, number=45) if getattr(fact, "number", None) == 30 else fact
        for fact in sample.FACTS
    )
    first = prints(sample.report())
    assert first == prints(sample.report(moved)) == prints(sample.report(), "en")
    assert first["idm-2019/6.5"] != prints(sample.report(longer))["idm-2019/6.5"]

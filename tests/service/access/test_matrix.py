"""Who gets what: every route by everybody as in the committed table (A1), nobody's secrets in anybody else's answers (A2), headers on all of them (C2)."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from tests.service.access import matrix, survey

_MARK = re.compile(r"zq([ab])([a-z]+?)qz")
PUBLIC = {"findingknown", "versionknown", "reportknown", "papernotice", "paperorder"}
"""What the public knows of both sides: the case with a served order and a published warning."""
OFFICE = {
    *(f"{what}{name}" for what in ("lead", "finding", "file", "sample", "version", "report", "reason") for name in ("secret", "told", "known")),
    *(f"{what}{name}" for what in ("story", "shared") for name in ("passed", "kept", "withdrawn", "whistle")),
    *(f"paper{name}" for name in ("order", "notice", "draft", "unsigned", "unpublished")),
}  # fmt: skip
OFFICER = {f"{what}{name}" for what in ("letter", "original") for name in ("passed", "kept", "withdrawn", "whistle")}
COMPANY = {
    "findingtold", "findingknown", "versiontold", "versionknown", "storypassed", "sharedpassed", "reasontold", "reasonknown", "papernotice", "paperorder", "ownversion", "ownsample",
    "ownproof", "ownentry", "ownremark", "reportown", "claimname", "claimnote",
}  # fmt: skip
CLAIMS = {"claimname", "claimnote"}
"""Claims belong to no authority: every case handler may decide about them."""


def allowed(doer: str) -> set[str]:
    """The marks that may turn up in his answers."""
    both = {f"{side}{mark}" for side in "ab" for mark in PUBLIC}
    who, _, letter = doer.partition("-")
    own: set[str] = set()
    if who == "complainant":
        own = {"letterkept", "storykept", "sharedkept"}
    elif who in survey.STAFF:
        own = OFFICE | (OFFICER if who == "officer" else set())
    elif who in ("owner", "clerk"):
        own = COMPANY
    claims = {f"{side}{mark}" for side in "ab" for mark in CLAIMS} if who == "handler" else set()
    return both | {f"{letter}{mark}" for mark in own} | claims


def test_every_route_answers_everybody_as_the_table_says(surveyed: Any) -> None:
    """A1: the answers of all routes to all roles, for own, other's, published and unpublished things, are those of matrix.yaml, which was read."""
    answers, _ = surveyed
    found, committed = matrix.table(answers), matrix.read()["routes"]
    assert sorted(found) == sorted(committed), "a route came or went: make the table anew and read it"
    for route, places in found.items():
        assert places == committed[route], route


def test_every_act_is_open_to_whom_the_table_says(surveyed: Any) -> None:
    """A1: the same for every verb, which page, API and command share."""
    _, acts = surveyed
    committed = matrix.read()["acts"]
    assert sorted(acts) == sorted(committed)
    for name, row in acts.items():
        assert row == committed[name], name


def test_no_route_breaks(surveyed: Any) -> None:
    """No answer to anybody is an error of the server; health tells that no worker runs."""
    answers, _ = surveyed
    assert [one for one in answers if one.answer.startswith("5") and one.route != "health"] == []


def test_nobodys_secret_is_in_anybody_elses_answer(surveyed: Any) -> None:
    """A2: both sides' secrets are marked; in all answers of pages, API, feeds, files and packages each finds his own and the public's alone."""
    answers, _ = surveyed
    wrong = defaultdict(set)
    for one in answers:
        for side, what in _MARK.findall(one.body):
            if f"{side}{what}" not in allowed(one.doer):
                wrong[one.doer, f"{side}{what}"].add(one.route)
    assert dict(wrong) == {}


@pytest.mark.parametrize(
    ("doer", "marks"),
    [
        ("complainant-a", {"aletterkept", "astorykept", "asharedkept"}),
        (
            "officer-a",
            {"aletterkept", "aoriginalkept", "afilesecret", "apaperunsigned", "aleadsecret", "areportsecret"},
        ),
        ("owner-a", {"aownproof", "aownversion", "afindingtold", "astorypassed", "aclaimnote"}),
        ("officer-b", {"bstorykept", "bleadsecret", "bfindingsecret"}),
    ],
)
def test_the_marks_are_where_they_belong(surveyed: Any, doer: str, marks: set[str]) -> None:
    """The search above finds something: what is his own does turn up in his answers."""
    answers, _ = surveyed
    seen = {f"{side}{what}" for one in answers if one.doer == doer for side, what in _MARK.findall(one.body)}
    assert marks <= seen


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def test_every_answer_carries_its_headers(surveyed: Any) -> None:
    """C2: whatever was answered to anybody, pages, files, API and refusals: no inline script, no sniffing, no frame, no referrer."""
    answers, _ = surveyed
    assert len(answers) > 1000
    for one in answers:
        policy = one.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, one
        assert "frame-ancestors 'none'" in policy, one
        scripts = [part for part in policy.split(";") if part.strip().startswith("script-src")]
        assert scripts in ([" script-src 'self'"], []), one
        assert {name: one.headers.get(name) for name in HEADERS} == HEADERS, one

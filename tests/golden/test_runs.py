"""Runs written as stories are judged as the law and the clause's example say; their innocent twins are accused of nothing.

The outcome of each story was written from the text of the clause before the run was read. A breach has to rest on facts that
come from the run's own files, with the kind, the phase and the actor that the story says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from mingcha.catalogue.load import load
from mingcha.inspection import inspect, open_case
from mingcha.model.clause import Clause, Example
from mingcha.model.fact import Fact
from mingcha.model.report import Report
from tests.build.stories import FOLDER, read, stories, write

TABLES = load()
CLAUSES = sorted(path.stem for path in FOLDER.glob("[0-9]*.yaml"))
STORIES = [
    pytest.param(
        story,
        id=f"{clause}-{story['name']}",
        marks=[pytest.mark.xfail(reason=story["fault"], raises=AssertionError, strict=True)]
        if "fault" in story
        else [],
    )
    for clause in CLAUSES
    for story in stories(clause)
]
NOT_BACKED: list[dict[str, Any]] = yaml.safe_load((FOLDER / "not_backed.yaml").read_text("utf-8"))
OBSERVED = frozenset({
    "InformationTaken", "InformationSent", "PermissionGranted", "PermissionRequested", "PermissionChanged", "ConsentPrompt",
    "ConsentControl", "ScreenText", "StepsTo", "RefusalOutcome", "RepeatedAsking", "RequestBurst", "ReadRate",
    "ThirdPartyOpened", "FieldAsked", "ChangeNotice",
})  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A report with the names of the files by their digests."""

    report: Report
    names: dict[str, str]

    @property
    def breached(self) -> set[str]:
        """The clauses of the Method that are breached, by their numbers."""
        found = {verdict.clause for verdict in self.report.verdicts if verdict.outcome == "breached"}
        return {clause.removeprefix("idm-2019/") for clause in found if clause.startswith("idm-2019/")}

    def carrying(self, clause: str) -> list[Fact]:
        """The facts that carry a clause's outcome, with all that they were made from."""
        verdict = next(v for v in self.report.verdicts if v.clause == clause)
        by_id = {fact.id: fact for fact in self.report.facts}
        queue, found = list(verdict.evidence), {}
        while queue:
            one = queue.pop()
            if one not in found and one in by_id:
                found[one] = by_id[one]
                queue += by_id[one].sources
        return list(found.values())

    def has(self, wanted: dict[str, Any], facts: list[Fact]) -> bool:
        """Whether one of the facts has all fields that are wanted; ``file`` is the file that it stands in."""
        return any(self._is(wanted, fact) for fact in facts)

    def _is(self, wanted: dict[str, Any], fact: Fact) -> bool:
        shown = {"kind": type(fact).__name__, "file": self.names.get(fact.place.sha256)}
        return all(_same(shown[k] if k in shown else getattr(fact, k), v) for k, v in wanted.items())


def _same(found: Any, wanted: Any) -> bool:
    if wanted == "known":
        return found is not None
    return bool(list(found) == wanted if isinstance(found, tuple) else found == wanted)


def told_by(story: dict[str, Any], folder: Path) -> Told:
    """The report over the story's files."""
    given = write(story, folder)
    opened = open_case(**given)
    report = inspect(opened, TABLES, strict=True, regulations=["idm-2019"])
    return Told(report, {one.sha256: one.name.removeprefix("run/") for one in opened.case.artefacts})


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_judged_as_the_law_says(story: dict[str, Any], tmp_path: Path) -> None:
    """The clause comes out as written, no other clause is breached, and what it rests on came from the run's files."""
    if any(moment.get("picture") for moment in story["run"].get("walk", ())):
        pytest.importorskip("rapidocr_onnxruntime", reason="the extra `ocr` reads what stands in pictures")
    told = told_by(story, tmp_path)
    clause = story["clause"]
    outcome = next(v.outcome for v in told.report.verdicts if v.clause == clause)
    carrying = told.carrying(clause)
    assert outcome == story["outcome"], carrying
    own = {clause.removeprefix("idm-2019/")} if outcome == "breached" else set()
    assert told.breached == own | set(story.get("also", ()))
    for wanted in story.get("rests_on", ()):
        assert told.has(wanted, carrying), (wanted, carrying)
    for wanted in story.get("seen", ()):
        assert told.has(wanted, list(told.report.facts)), (wanted, told.report.facts)
    for wanted in story.get("unseen", ()):
        assert not told.has(wanted, list(told.report.facts)), (wanted, told.report.facts)


BREACHED = [one for one in STORIES if one.values[0]["outcome"] == "breached"]
_HANGS_ON_ACTS = ("1.2", "2.3", "3.1", "3.2", "3.4", "4.2", "4.6")
_HANGS_ON_PHASES = ("3.1", "3.2", "4.4", "5.1")


def doubtful(story: dict[str, Any], **run: Any) -> dict[str, Any]:
    """The story with other entries of its run."""
    return {**story, "run": {**story["run"], **run}}


@pytest.mark.parametrize("story", [one for one in BREACHED if one.id.split("-")[0] in _HANGS_ON_ACTS])
def test_where_no_act_is_known_nothing_is_breached(story: dict[str, Any], tmp_path: Path) -> None:
    """The same screens and logs, and no word of what was done between them."""
    walk = [{**moment, "by": None} for moment in story["run"]["walk"]]
    told = told_by(doubtful(story, walk=walk, acts="partial", start=None), tmp_path)
    assert told.breached == set()


@pytest.mark.parametrize("story", [one for one in BREACHED if one.id.split("-")[0] in _HANGS_ON_PHASES])
def test_without_a_walk_no_phase_accuses(story: dict[str, Any], tmp_path: Path) -> None:
    """Logs, captures and dumps alone, without screens: what hangs on a phase is not known; an answer may still decide 5.1."""
    told = told_by(doubtful(story, walk=[]), tmp_path)
    left = {"5.1"} if story["name"] == "nobody-was-told" else set()
    assert told.breached == left | ({"4.6"} & set(story.get("also", ())))
    phases = {getattr(fact, "phase", None) for fact in told.report.facts}
    assert phases == {None}


# --- that the stories themselves are whole ---------------------------------------------------------------------------


@cache
def _all() -> dict[str, list[dict[str, Any]]]:
    return {clause: stories(clause) for clause in CLAUSES}


def test_every_breach_rests_on_a_file_of_the_run() -> None:
    """Each story that ends in a breach names at least one fact and the file of the run that it must have come from."""
    for clause, rows in _all().items():
        for story in rows:
            if story["outcome"] == "breached":
                files = {row["file"] for row in story.get("rests_on", ()) if "file" in row}
                assert files - {"answers.yaml", "policy.md", "app.apk"}, f"{clause} {story['name']}"


def test_every_breach_has_an_innocent_twin() -> None:
    """For each story that ends in a breach there is one that differs from it in one thing and does not; it shows what it changed."""
    for clause, rows in _all().items():
        twins = {story["twin_of"]: story for story in rows if "twin_of" in story}
        for story in twins.values():
            assert story["outcome"] != "breached"
            assert story.get("seen") or story.get("unseen"), f"{clause} {story['name']} shows nothing"
        for story in rows:
            assert story["outcome"] != "breached" or story["name"] in twins, f"{clause} {story['name']} has no twin"


def claims(example: Example) -> bool:
    """Whether an example is a breach by facts of kinds that are observed."""
    for row in example.facts:
        taken = row["kind"] != "InformationTaken" or row.get("grade") in ("observed", "transmitted")
        if row["kind"] in OBSERVED and taken:
            return example.outcome == "breached"
    return False


def claimed() -> Iterator[tuple[str, int]]:
    """Clause and number (from 1) of each such example."""
    clause: Clause
    for clause in TABLES.regulations["idm-2019"].clauses:
        for number, example in enumerate(clause.examples, 1):
            if claims(example):
                yield clause.id.removeprefix("idm-2019/"), number


def test_every_example_is_backed_or_says_why_not() -> None:
    """A breach that a clause's example claims is shown by a run here, or stands in the list of those that none can show."""
    backed = {(c, story["backs"]) for c, rows in _all().items() for story in rows if "backs" in story}
    excused = {(row["clause"], row["example"]) for row in NOT_BACKED}
    wanted = set(claimed())
    assert wanted - backed == excused, "not backed and not excused, or excused and not claimed or backed"
    assert backed <= wanted
    assert all(row["missing"] and row["why"] for row in NOT_BACKED)


def test_a_story_backs_what_its_example_says() -> None:
    """What a story rests on has the kinds of its example's observed facts, and it ends as the example does."""
    for clause, rows in _all().items():
        examples = TABLES.clause(f"idm-2019/{clause}").examples
        for story in (row for row in rows if "backs" in row):
            example = examples[story["backs"] - 1]
            assert story["outcome"] == example.outcome == "breached"
            kinds = {row["kind"] for row in example.facts} & OBSERVED
            assert kinds <= {row["kind"] for row in (*story["rests_on"], *story.get("seen", ()))}, story["name"]


def test_the_reader_of_stories_refuses_what_it_does_not_know() -> None:
    """A misspelt entry of a run, and two stories of one name, are errors and no empty runs."""
    with pytest.raises(ValueError, match="clals"):
        write({"clause": "idm-2019/3.1", "run": {"clals": []}}, Path("/nonexistent"))
    twice = {"name": "a", "run": {}, "outcome": "breached"}
    with pytest.raises(ValueError, match="two stories"):
        read({"clause": "idm-2019/3.1", "stories": [twice, twice]})

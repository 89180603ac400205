"""The linter finds each fault it is there for, and names file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mingcha.catalogue.check import problems
from mingcha.catalogue.load import HOME

CLAUSE = "regulations/idm-2019/1.3.yaml"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the catalogue's data to spoil."""
    return Path(shutil.copytree(HOME, tmp_path / "catalogue", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def test_the_shipped_catalogue_is_sound() -> None:
    """Nothing to complain of."""
    assert problems() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (CLAUSE, 'target: policy, taps: {">": 4}', 'target: polcy, taps: {">": 4}', "StepsTo.target is never 'polcy'"),
        (CLAUSE, 'seen: StepsTo, where: {target: policy, taps: {">": 4}', 'seen: Steps, where: {taps: {">": 4}', "no kind of fact 'Steps'"),
        (CLAUSE, 'taps: {">": 4}', 'tips: {">": 4}', "StepsTo has no field 'tips'"),
        (CLAUSE, "machine: full", "machine: human", "evidence alone can make it breached"),
        (CLAUSE, "states: {kind: StepsTo, target: policy, taps: $answer, found: true}", "answer: number", "stands twice"),
        (CLAUSE, 'category: "1"', 'category: "9"', "no category '9'"),
        (CLAUSE, "    regulator: 进入App", "    regulator: ''\n    was: 进入App", "1.3.yaml"),
        ("regulations/idm-2019/6.5.yaml", "- {ask: promise_too_long}", "- {ask: promise}", "asks 'promise'"),
        ("regulations/idm-2019/6.5.yaml", "$it.promised_days", "$other.promised_days", "names nothing here"),
        ("information.yaml", "  parent: generic.pi", "  parent: generic.ip", "no information 'generic.ip'"),
        ("permissions.yaml", "information: [", "information: [dev.nothing, ", "no information 'dev.nothing'"),
        ("sdks/bugly.yaml", "value: com.tencent.bugly,", "value: com,", "a prefix of one segment"),
        ("interfaces.yaml", "information: dev.imei", "information: dev.imie", "no information 'dev.imie'"),
        ("sdks/bugly.yaml", "aliases:", "alias:", "alias"),
        ("sdks/bugly.yaml", "id: bugly", "id: buggy", "its place says 'bugly'"),
        ("sdks/bugly.yaml", "form: native", "form: nativ", "nativ"),
        (CLAUSE, "taps: $answer", "taps: $anwser", "neither $answer nor $about"),
        (CLAUSE, "    answer: number\n", "", "add `answer: number`"),
        (CLAUSE, "id: idm-2019/1.3", "id: idm-2019/1.4", "its place says 'idm-2019/1.3'"),
        (CLAUSE, "gravity: 2", "gravity: 7", "gravity"),
        ("regulations/idm-2019/regulation.yaml", 'issued: "2019-11-28"', "issued: soon", "a day is written"),
        ("regulations/idm-2019/regulation.yaml", "issuers:", "issuer:", "issuer"),
        ("permissions.yaml", "dangerous: true", "dangerus: true", "dangerus"),
        ("app_types.yaml", "number: 39", "number: 40", "numbered 1 to 39"),
    ],
)  # fmt: skip
def test_each_fault_is_found(home: Path, file: str, old: str, new: str, message: str) -> None:
    """One spoilt place gives a problem that names its file, a line and the fault."""
    path = home / file
    text = path.read_text("utf-8")
    assert old in text, "the test's own place is gone"
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = problems(home)
    assert any(message in problem and problem.startswith(file + ":") for problem in found), found


def test_the_line_is_that_of_the_fault(home: Path) -> None:
    """The number behind the file is the line at which the wrong key stands."""
    path = home / "information.yaml"
    lines = path.read_text("utf-8").split("\n")
    number = next(n for n, line in enumerate(lines, 1) if line == "  parent: generic.pi")
    lines[number - 1] = "  parent: generic.ip"
    path.write_text("\n".join(lines), "utf-8")
    assert problems(home)[0].startswith(f"information.yaml:{number}:")

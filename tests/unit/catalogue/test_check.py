"""The linter finds each fault it is there for, and names file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mingcha.catalogue.check import problems
from mingcha.catalogue.load import HOME, build, read_sources
from mingcha.catalogue.slots import move, slot

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
        ("regulations/tc260-sa-2020/3.6.yaml", "follows: [idm-2019/3.5]", "follows: [idm-2019/3.55]", "a clause that is not there: 'idm-2019/3.55'"),
        ("regulations/tc260-sa-2020/4.2.yaml", "follows: [idm-2019/4.2", "follows: [tc260-sa-2020/4.2", "follows itself"),
        ("regulations/tc260-sa-2020/3.6.yaml", "follows: [idm-2019/3.5]", "gravity_of: x", "`breached_when`, `follows` or both"),
        ("regulations/tc260-sa-2020/3.6.yaml", "machine: full", "machine: human", "evidence alone can make it breached"),
        ("regulations/miit-2019/7.yaml", "of: miit-2020/5", "of: miit-2020/6", "not among the questions of miit-2020/6"),
        ("regulations/miit-2019/7.yaml", "related: [idm-2019/4.1", "related: [idm-2019/4.9", "is related to 'idm-2019/4.9'"),
        ("regulations/pipl-2021/52.yaml", '"2025-05-01"', "may", "a day is written"),
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


@pytest.fixture
def rows(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a home with one file of the model of Android alone: reading the whole catalogue takes longer than checking it."""
    return lambda file: Path(shutil.copy(HOME / file, tmp_path / file))


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("callbacks.yaml", "methods: [onClick], user: true}", "methods: [onClick], usr: true}", "unknown field `usr`"),
        ("callbacks.yaml", "methods: [onClick], user", "methods: [onClik], user", "has no method 'onClik'"),
        ("callbacks.yaml", "methods: [onClick], user", "methods: [onClick, onClick], user", "onClick of android.view.View$OnClickListener stands twice"),
        ("callbacks.yaml", "View$OnClickListener, methods", "View.OnClickListener, methods", "an inner class is joined with $"),
        ("callbacks.yaml", "- {class: android.view.View$OnClickListener", "- {cls: android.view.View$OnClickListener", "a row has a class"),
        ("registrations.yaml", 'on: "0", runs: [run]}', "on: that, runs: [run]}", "'that' is no slot"),
        ("registrations.yaml", "runs: [uncaughtException(this)]", "runs: [uncaughtException(that)]", "'that' is no slot"),
        ("registrations.yaml", "runs: [uncaughtException(this)]", "runs: [uncaughtException(this]", "neither a method nor a method with slots"),
        ("registrations.yaml", "result: get}", "result: gat}", "'gat' is none of its runs"),
        ("registrations.yaml", 'member: <init>, on: "1"', 'member: <init>, on: "0"', "java.lang.Thread.<init> stands twice"),
        ("registrations.yaml", "member: setUncaughtExceptionHandler", "member: set()", "'set()' is no member"),
        ("summaries.yaml", "getBytes: [this -> result]", "getBytes: [this => result]", "'this => result' is no move"),
        ("summaries.yaml", "getBytes: [this -> result]", "getBytes: this -> result", "a member has a list of moves"),
        ("summaries.yaml", '"0 -> this[]"', '"0 -> this[x]"', "inside brackets stands"),
        ("summaries.yaml", "  java.lang.String:", "  java/lang/String:", "a class is written as in Java source"),
        ("summaries.yaml", "  - com/google/gson", "  - com.google.gson", "a package is written a/b"),
        ("summaries.yaml", "foreign:", "foreing:", "unknown key 'foreing'"),
        ("sinks.yaml", "channel: sms}", "channel: mms}", "mms"),
        ("sinks.yaml", "channel: sms}", "chanel: sms}", "unknown field `chanel`"),
        ("sinks.yaml", "host: this.url", "host: url", "'url' is no slot"),
        ("sinks.yaml", 'takes: ["0", "1", "2"]', "takes: []", "takes nothing"),
        ("sinks.yaml", "channel: stream}", "channel: stream, stream: here}", "'here' is no slot"),
        ("sinks.yaml", "android.util.Log, member: d", "android.util.Log, member: v", "android.util.Log.v stands twice"),
    ],
)  # fmt: skip
def test_each_fault_in_the_model_of_android_is_found(
    rows: Callable[[str], Path], file: str, old: str, new: str, message: str
) -> None:
    """One spoilt row gives a problem that names its file and the fault; the whole file has none."""
    path = rows(file)
    text = path.read_text("utf-8")
    assert not [problem for problem in problems(path.parent) if problem.startswith(file)]
    assert old in text, "the test's own place is gone"
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = [problem for problem in problems(path.parent) if problem.startswith(file)]
    assert any(message in problem for problem in found), found


def test_the_line_is_that_of_the_fault(home: Path) -> None:
    """The number behind the file is the line at which the wrong key stands."""
    path = home / "information.yaml"
    lines = path.read_text("utf-8").split("\n")
    number = next(n for n, line in enumerate(lines, 1) if line == "  parent: generic.pi")
    lines[number - 1] = "  parent: generic.ip"
    path.write_text("\n".join(lines), "utf-8")
    assert problems(home)[0].startswith(f"information.yaml:{number}:")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sinks.yaml", "channel: sms}", "channel: mms}"),
        ("sinks.yaml", "channel: sms}", "chanel: sms}"),
        ("callbacks.yaml", "onLongClick]", "onLongClik]"),
        ("registrations.yaml", "result: get}", "result: gat}"),
        ("summaries.yaml", "getChars: [", 'getChars: ["this => result", '),
    ],
)  # fmt: skip
def test_the_line_is_that_of_the_row(rows: Callable[[str], Path], file: str, old: str, new: str) -> None:
    """A wrong word in the model of Android is told with the line of its row."""
    path = rows(file)
    text = path.read_text("utf-8")
    number = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(problem.startswith(f"{file}:{number}:") for problem in problems(path.parent)), problems(path.parent)


def test_the_recipe_for_a_library_call_works(home: Path) -> None:
    """The rows of CONTRIBUTING.md, put where it says, are read and have nothing wrong with them."""
    text = (Path(__file__).parents[3] / "CONTRIBUTING.md").read_text("utf-8")
    blocks = re.findall(r"```yml\n# (\w+\.yaml)[^\n]*\n(.*?)```", text, re.DOTALL)
    assert [file for file, _ in blocks] == ["callbacks.yaml", "registrations.yaml", "summaries.yaml", "sinks.yaml"]
    for file, rows in blocks:
        with (home / file).open("a", encoding="utf-8") as table:
            table.write(rows)
    assert problems(home) == []
    tables = build(read_sources(home))
    assert tables.sinks[-1].cls == tables.summaries[-1].cls == "com.example.net.Form"
    assert tables.registrations[-1].result == "work"
    assert tables.callbacks[-1].user


def test_every_slot_of_the_recipe_can_be_read() -> None:
    """Each example in the table of slots, moves included, is a slot or a move."""
    text = (Path(__file__).parents[3] / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("| slot | is |\n")[2].partition("\n\n")[0]
    words = [word for line in table.split("\n")[1:] for word in re.findall(r"`([^`]+)`", line.split(" | ")[0])]
    assert len(words) >= 10
    for word in words:
        move(word) if " -> " in word else slot(word)


def test_a_class_may_stand_in_both_parts_with_different_methods(rows: Callable[[str], Path]) -> None:
    """What comes after a person's act and what does not are two rows of one class; that is no mistake."""
    path = rows("callbacks.yaml")
    row = "- {class: android.view.View, methods: [dispatchConfigurationChanged]}\n"
    assert "class: android.view.View, methods: [performClick" in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8") + row, "utf-8")
    assert not [problem for problem in problems(path.parent) if problem.startswith("callbacks.yaml")]

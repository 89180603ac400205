"""A survey of small apps from its sources to its answers: run, interrupted, gone on with, judged again, compared, taken as leads."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest

from mingcha.catalogue.load import load
from mingcha.errors import RecordError, UsageError
from mingcha.inspection import collect_facts, judge_facts, open_case
from mingcha.model.report import encode
from mingcha.survey import judging, local, running
from mingcha.survey.comparing import compared
from mingcha.survey.dataset import Dataset
from mingcha.survey.examine import examine, plan_of, refuse
from mingcha.survey.leads import leads
from mingcha.survey.rows import TABLES, Item, Plan, Told, columns
from mingcha.survey.sources import items
from mingcha.survey.tables import connect, connection

DEMO = Path(__file__).parents[3] / "demo"


def here(every: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
    """An engine without any process."""
    for item in every:
        yield examine(item, plan, url)


@pytest.fixture
def plan() -> Plan:
    """As the command makes it, without following flows."""
    return plan_of(load(), (), "nothing", 2 << 30, 300)


@pytest.fixture
def listed(tmp_path: Path) -> list[Item]:
    """The demo app with its policy and answers, its twin, and a file that is no app."""
    (tmp_path / "broken.apk").write_bytes(b"nothing to read here")
    (tmp_path / "list.csv").write_text(
        "app,policy,answers,category\n"
        f"{DEMO}/flashlight.apk,{DEMO}/policy.html,{DEMO}/answers.yaml,工具\n"
        f"{DEMO}/flashlight-fixed.apk,{DEMO}/policy-fixed.html,{DEMO}/answers-fixed.yaml,工具\n"
        "broken.apk,,,\n"
    )
    return items([str(tmp_path / "list.csv")])


def said(url: str, question: str) -> list[tuple[object, ...]]:
    """What a dataset answers."""
    with connect(url) as made:
        return made.execute(question).fetchall()


def test_the_verdicts_are_those_of_an_inspection(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """Each clause as `mingcha inspect` judges it; and what could not be read is a gap that passes nothing."""
    url = str(tmp_path / "ds")
    account = running.run(listed, plan, url, here)
    assert account.outcomes == {"done": 2, "known": 0, "failed": 1}
    opened = open_case([DEMO / "flashlight.apk"], policy=[DEMO / "policy.html"], answers=DEMO / "answers.yaml")
    report = judge_facts(collect_facts(opened, load(), flows="nothing"), load())
    wanted = {(one.clause, one.outcome) for one in report.verdicts}
    found = set(said(url, "SELECT clause, outcome FROM verdicts JOIN apps USING (key) WHERE version_name = '1.0.3'"))
    assert found == wanted
    assert said(
        url, "SELECT DISTINCT verdicts.outcome FROM verdicts JOIN items USING (key) WHERE items.outcome = 'failed'"
    ) == [("not determined",)]
    assert said(url, "SELECT reason, code FROM gaps JOIN items USING (key) WHERE collector = 'survey'") == [
        ("unreadable", "survey.unreadable")
    ]


def test_kept_facts_are_the_facts(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """Put together again from the rows, a facts file is byte for byte what collecting gives."""
    url = str(tmp_path / "ds")
    running.run(listed[:1], plan, url, here)
    dataset = Dataset(url)
    ((_, facts),) = [one for part in dataset.parts() if "apps" in part.files for one in judging.kept(dataset, part)]
    opened = open_case([DEMO / "flashlight.apk"], policy=[DEMO / "policy.html"], answers=DEMO / "answers.yaml")
    assert encode(facts) == encode(collect_facts(opened, load(), flows="nothing"))


def test_nothing_is_done_twice(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """Again, under another name, or after an interruption before anything was packed: known, or failed again; each row is there once."""
    url = str(tmp_path / "ds")

    def interrupted(every: Iterable[Item], plan: Plan, url: str) -> Iterator[Told]:
        yield from here(list(every)[:1], plan, url)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run(listed, plan, url, interrupted)
    other = msgspec.structs.replace(listed[0], name="the same under another name")
    again = running.run([*listed, other], plan, url, here)
    assert again.outcomes == {"done": 1, "known": 2, "failed": 1}
    third = running.run([*listed, other], plan, url, here)
    assert third.outcomes == {"done": 0, "known": 3, "failed": 1}
    assert third.problems == [f"{listed[2].name}: refused before, not tried again"]
    assert said(url, "SELECT count(*), count(DISTINCT key) FROM apps") == [(3, 3)]
    assert said(url, "SELECT count(*) FROM items WHERE run = 2") == [(4,)]


def test_a_worker_s_work_outlives_everybody(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """What was examined but never packed, since all died, is packed by the next run; packed and not yet removed, it is not packed twice."""
    url = str(tmp_path / "ds")
    dataset = Dataset(url)
    dataset.begin(plan)
    told = examine(listed[0], plan, url)
    spooled = tmp_path / "ds" / "spool" / told.key[:2] / f"{told.key}.z"
    kept = spooled.read_bytes()
    assert running.run(listed[:1], plan, url, here).outcomes["known"] == 1
    assert not spooled.exists()
    spooled.write_bytes(kept)
    running.run([], plan, url, here)
    assert not spooled.exists()
    assert said(url, "SELECT count(*) FROM apps") == [(1,)]


def test_more_time_is_another_try(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """What took too long is not tried again under the same limits and is under others; found then, it is what counts."""
    url = str(tmp_path / "ds")
    Dataset(url).begin(plan)
    refuse(listed[0], plan, url, "too slow", "more than 300 s")
    account = running.run(listed[:1], plan, url, here)
    assert (account.outcomes["failed"], account.problems[0].endswith("refused before, not tried again")) == (1, True)
    longer = msgspec.structs.replace(plan, timeout=3000.0)
    assert running.run(listed[:1], longer, url, here).outcomes["done"] == 1


def test_another_way_of_examining_takes_another_dataset(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """Rules and flows are a dataset's own; a folder without one, or with one from the future, is told."""
    url = str(tmp_path / "ds")
    running.run([], plan, url, here)
    with pytest.raises(UsageError, match="another folder"):
        running.run(listed, msgspec.structs.replace(plan, flows="deep"), url, here)
    with pytest.raises(UsageError, match="no dataset"):
        connect(str(tmp_path))
    (tmp_path / "ds" / "dataset.json").write_text('{"format": 1}')
    with pytest.raises(RecordError):
        connect(url)


def test_judging_again_changes_verdicts_and_nothing_else(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """Other rules are added beside the old ones; the same rules give the same verdicts, once each."""
    url = str(tmp_path / "ds")
    running.run(listed, plan, url, here)
    rules = {row[0] for row in said(url, "SELECT DISTINCT regulation FROM verdicts")}
    before = said(url, "SELECT key, clause, outcome, evidence, waits FROM verdicts ORDER BY ALL")
    judging.judge_again(url, (), 1)
    assert said(url, "SELECT key, clause, outcome, evidence, waits FROM verdicts ORDER BY ALL") == before
    traces = said(url, "SELECT * FROM traces ORDER BY ALL")
    judging.judge_again(url, ("pipl-2021",), 1)
    assert {row[0] for row in said(url, "SELECT DISTINCT regulation FROM verdicts")} == {*rules, "pipl-2021"}
    assert set(traces) <= set(said(url, "SELECT * FROM traces"))
    report = judge_facts(
        collect_facts(open_case([DEMO / "flashlight.apk"]), load(), flows="nothing"), load(), ("pipl-2021",)
    )
    assert {one.clause for one in report.verdicts} <= {row[0] for row in said(url, "SELECT clause FROM verdicts")}


def test_a_difference_is_told_between_two_surveys(tmp_path: Path, plan: Plan) -> None:
    """The twin of the demo app in its place: another version, verdicts that changed, and nothing of an app that is in both alike."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, name in ((one, "flashlight"), (other, "flashlight-fixed")):
        folder.mkdir()
        shutil.copy(DEMO / f"{name}.apk", folder / "app.apk")
        running.run(items([str(folder)]), plan, str(folder / "ds"), here)
    found = compared(str(one / "ds"), str(other / "ds"))
    assert {change.package for change in found} == {"cn.mingcha.demo.flashlight"}
    assert ("version", "1.0.3", "2.0.0") in {(change.what, change.before, change.after) for change in found}
    assert ("verdict", "idm-2019/4.6", "breached") in {(change.what, change.about, change.before) for change in found}
    assert compared(str(one / "ds"), str(one / "ds")) == []


def test_leads_are_suspected_and_chosen_by_seed(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """Only apps in which the clause was found breached, with the trace; the twin, a newer version, takes the lead away."""
    url = str(tmp_path / "ds")
    running.run([listed[0], listed[2]], plan, url, here)
    found, count = leads(url, "idm-2019/4.6", 50, 7)
    assert [(one.package, one.version, one.state) for one in found] == [
        ("cn.mingcha.demo.flashlight", "1.0.3", "suspected")
    ]
    assert count == 1
    assert found[0].trace is not None
    with pytest.raises(UsageError, match="judged in this dataset"):
        leads(url, "idm-2019/9.9", 50, 7)
    running.run(listed, plan, url, here)
    assert leads(url, "idm-2019/4.6", 50, 7) == ([], 0)


def test_every_column_is_told_in_the_documentation() -> None:
    """`docs/survey.md` names each table and each of its columns."""
    text = (DEMO.parent / "docs" / "survey.md").read_text("utf-8")
    for table in TABLES:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{table}` |"))
        assert [name for name in columns(table) if f"`{name}`" not in row] == []


def test_what_cannot_be_fetched_is_kept_as_unread(tmp_path: Path, plan: Plan) -> None:
    """An archive with one broken member: that app is a gap that passes nothing, the other is examined, and nothing stops."""
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.write(DEMO / "flashlight.apk", "good.apk")
        packed.writestr("bad.apk", b"x" * 1000)
    whole = (tmp_path / "all.zip").read_bytes()
    (tmp_path / "all.zip").write_bytes(whole.replace(b"x" * 1000, b"x" * 999 + b"y"))
    url = str(tmp_path / "ds")
    account = running.run(items([str(tmp_path / "all.zip")]), plan, url, partial(local.run, jobs=1))
    assert account.outcomes == {"done": 1, "known": 0, "failed": 1}
    assert said(url, "SELECT reason FROM gaps JOIN items USING (key) WHERE collector = 'survey'") == [("unreadable",)]


def test_facts_that_are_not_there_are_told(tmp_path: Path, listed: list[Item], plan: Plan) -> None:
    """A part whose facts lost an app, or are in another order, is refused: judged without its facts an app would look clean."""
    url = str(tmp_path / "ds")
    running.run(listed[:2], plan, url, here)
    (part,) = [one for one in Dataset(url).parts() if "apps" in one.files]
    file = tmp_path / "ds" / part.files["facts"]
    whole = file.read_bytes()
    for question in (
        "WHERE key = (SELECT min(key) FROM f)",
        "WHERE key = (SELECT max(key) FROM f)",
        "ORDER BY key DESC",
    ):
        file.write_bytes(whole)
        with connection() as made:
            made.execute(f"CREATE TABLE f AS SELECT * FROM read_parquet('{file}')")
            made.execute(f"COPY (SELECT * FROM f {question}) TO '{file}' (FORMAT parquet)")
        with pytest.raises(RecordError, match="facts"):
            list(judging.kept(Dataset(url), part))

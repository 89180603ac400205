"""Ready questions over a dataset counted by hand, SQL of one's own, and what it may not do."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import get_args
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("duckdb")

from mingcha.errors import UsageError
from mingcha.model.words import Provision
from mingcha.survey import asking, index
from mingcha.survey.charts import Bar, Part, clipped, draw
from tests.build.countedsurvey import counted, key

_NEED = {"most-alike": {"app": "cn.example.a1"}, "sdk-breach": {"least": "1"}}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> str:
    made = counted(tmp_path_factory.mktemp("survey") / "it's a survey")
    index.build(made, lambda _: None)
    return made


def _rows(dataset: str, name: str, **parameters: str) -> list[tuple]:
    return asking.ask(dataset, name, {**_NEED.get(name, {}), **parameters}).rows


def test_before_consent(dataset: str) -> None:
    """a1 and a3 of four tools and a5 of two games can; what only describes a device does not count, unread code is not "none"."""
    assert _rows(dataset, "before-consent") == [
        ("工具", 4, 2, 2, 0, 0.5, 0.5, 2, 1, 1, 0),
        ("游戏", 2, 1, 0, 1, 0.5, 1.0, 0, 0, 1, 1),
        (None, 2, 0, 1, 1, 0.0, 0.0, 1, 0, 1, 0),
    ]


def test_sdks(dataset: str) -> None:
    """Four apps hold Bugly and one may, and of the two not read any may; shares of 3.9 are of all apps and of those determined."""
    assert _rows(dataset, "sdk-reach") == [("bugly", 4, 0.5, 1, 2, 1), ("umeng-analytics", 2, 0.25, 0, 0, 2)]
    assert _rows(dataset, "sdk-breach") == [
        ("bugly", 4, 2, 0, 2, 0.5, 1.0, 0.0, 0.0),
        ("umeng-analytics", 2, 1, 0, 1, 0.5, 1.0, pytest.approx(1 / 6), 0.5),
    ]
    assert _rows(dataset, "sdk-breach", least="3")[0][0] == "bugly"
    assert len(_rows(dataset, "sdk-breach", least="3")) == 1


def test_policies(dataset: str) -> None:
    """Silence counts only where it was measured; a list that was not handed in leaves open which SDKs are named."""
    assert _rows(dataset, "complaint-channel") == [
        ("工具", 3, 2, 1, 0, pytest.approx(1 / 3), pytest.approx(1 / 3)),
        ("游戏", 2, 0, 0, 2, 0.0, None),
        (None, 1, 0, 0, 1, 0.0, None),
    ]
    stated, *others = _rows(dataset, "policy-provisions")
    assert stated == ("complaint_channel", 6, 2, 1, 1, 2, pytest.approx(1 / 3))
    assert {row[0] for row in others} == {*get_args(Provision)} - {"complaint_channel"}
    assert {row[1:] for row in others} == {(6, 0, 0, 0, 6, 0.0)}
    assert _rows(dataset, "sdks-not-named") == [
        ("bugly", 4, 2, 1, 1, 0.25, pytest.approx(1 / 3)),
        ("umeng-analytics", 1, 0, 1, 0, 1.0, 1.0),
    ]
    assert [row[:5] for row in _rows(dataset, "fewer-sdks-named")] == [
        ("工具", 2, 1, 1, 0),
        ("游戏", 1, 0, 1, 0),
        (None, 1, 0, 0, 1),
    ]
    assert [row[1:] for row in _rows(dataset, "copied-policies")] == [(2, 2), (2, 2)]
    assert _rows(dataset, "policy-says-more") == [("permission", "android.permission.CAMERA", 1, pytest.approx(1 / 6))]


def test_permissions(dataset: str) -> None:
    """a1 and a2 ask for contacts and no code of theirs reads them; a3's code was not read as a whole."""
    assert _rows(dataset, "over-declared-permissions") == [
        ("android.permission.READ_CONTACTS", 3, 0, 2, 1, pytest.approx(2 / 3), 1.0),
        ("android.permission.READ_PHONE_STATE", 1, 1, 0, 0, 0.0, 0.0),
    ]
    assert _rows(dataset, "over-declared-by-type") == [
        (None, 4, 0, 2, 2, 0.0, 0.0, None),
        (38, 3, 2, 0, 1, pytest.approx(2 / 3), 1.0, 1.0),
        (3, 1, 0, 1, 0, 0.0, 0.0, None),
    ]


def test_clauses(dataset: str) -> None:
    """All four outcomes of each clause, over the newest of every name: old's verdict does not count."""
    assert _rows(dataset, "clause-outcomes") == [
        ("idm-2019/3.1", 3, 1, 1, 3, 0.375, 0.75, 0),
        ("idm-2019/3.9", 2, 1, 0, 5, 0.25, pytest.approx(2 / 3), 0),
        ("idm-2019/6.5", 1, 2, 0, 5, 0.125, pytest.approx(1 / 3), 0),
    ]
    assert _rows(dataset, "clause-outcomes", rules="pipl-2021") == []
    assert ("idm-2019/3.1", "code.native", "partial", 1, pytest.approx(1 / 3)) in _rows(
        dataset, "why-undetermined", clause="idm-2019/3.1"
    )


def test_changes(dataset: str, tmp_path) -> None:
    """Five apps are the same, a3 was not given again, a7 has another file and one other verdict; one run has no change."""
    assert sorted(row[2:] for row in _rows(dataset, "changes")) == [("gone", 1), ("other file", 1), ("same", 5)]
    assert _rows(dataset, "changed-verdicts") == [("idm-2019/3.1", "met", "breached", 1)]
    once = counted(tmp_path / "once", runs=1)
    assert _rows(once, "changes") == []
    assert _rows(once, "changed-verdicts") == []


def test_alike(dataset: str) -> None:
    """a2 shares 60 of 64 numbers with a1 and a4 ten, by package, file or key; an unknown app is said to be unknown."""
    alike = [("cn.example.a2", 60), ("cn.example.a4", 10), ("cn.example.a5", 0)]
    for named in ("cn.example.a1", key("a1"), key("filea1")):
        assert [(row[0], row[4]) for row in _rows(dataset, "most-alike", app=named)] == alike
    unknown = asking.ask(dataset, "most-alike", {"app": "cn.example.nobody"})
    assert unknown.rows == []
    assert "no such app" in unknown.text("en")


def test_other_questions(dataset: str) -> None:
    """Types of information, hosts, levels, signers, packers, runs and leads, as counted by hand."""
    assert _rows(dataset, "information-types") == [
        ("dev.imei", 3, 3, 1, 3, 0.375, 2),
        ("dev.model", 2, 2, 0, 2, 0.25, 3),
        ("loc.precise", 2, 2, 0, 0, 0.25, 3),
    ]
    assert _rows(dataset, "hosts") == [("a.example", None, 3, 0.375)]
    assert _rows(dataset, "target-sdk") == [(22, 2, 0.25), (33, 3, 0.375), (35, 1, 0.125), (None, 2, 0.25)]
    assert _rows(dataset, "shared-signers") == [("s1", 2, 2, 2)]
    assert _rows(dataset, "protected-code") == [("packer", "360jiagu", 1, 0.125)]
    assert _rows(dataset, "examined") == [(1, "done", 7), (2, "done", 1), (2, "failed", 1), (2, "known", 5)]
    assert [row[0] for row in _rows(dataset, "leads")] == ["cn.example.a1", "cn.example.a5"]


@pytest.mark.parametrize("name", sorted(asking.ready()))
def test_every_question_in_every_form(dataset: str, name: str) -> None:
    """Each has rows here, as many cells as columns, a table, CSV, JSON and a well-formed picture in both languages."""
    answer = asking.ask(dataset, name, _NEED.get(name, {}))
    assert answer.rows
    assert {len(row) for row in answer.rows} == {len(answer.columns)}
    assert len(list(csv.reader(io.StringIO(answer.csv())))) == len(answer.rows) + 1
    assert len(json.loads(answer.json())["rows"]) == len(answer.rows)
    for lang, word in (("zh", "未经人工核实"), ("en", "confirmed by nobody")):
        assert word in answer.text(lang)
        picture = answer.chart(lang)
        assert (picture is None) == (answer.question.chart is None)
        if picture:
            assert ET.fromstring(picture).find("{http://www.w3.org/2000/svg}title").text == answer.title[lang]
            assert "<script" not in picture


def test_index_follows_the_dataset(tmp_path) -> None:
    """It is old once a pack was added, and the next question makes it anew."""
    dataset = counted(tmp_path / "grown", runs=1)
    assert not index.fresh(dataset)
    assert set(index.build(dataset, lambda _: None)) >= {"app", "verdict"}
    assert index.fresh(dataset)
    counted(tmp_path / "grown", runs=2)
    assert not index.fresh(dataset)
    assert sum(row[1] for row in _rows(dataset, "target-sdk")) == 8
    assert index.fresh(dataset)
    assert sorted(name for name in os.listdir(dataset) if "~" in name) == []


def test_sql(dataset: str) -> None:
    """A SELECT sees the views of the dataset and the tables of the index."""
    answer = asking.ask(
        dataset,
        "SELECT outcome, count(*) AS n FROM verdicts WHERE clause = $c GROUP BY ALL ORDER BY n DESC, outcome;",
        {"c": "idm-2019/3.1"},
    )
    assert answer.rows == [("breached", 3), ("not determined", 3), ("met", 2), ("not applicable", 1)]
    assert answer.columns == ("outcome", "n")
    assert asking.ask(dataset, "SELECT count(*) FROM made.app").rows == [(8,)]


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{dataset}/tables/new.parquet'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{dataset}/tables/new.parquet'",
        "COPY (SELECT 1) TO '{other}'",
        "SELECT 1; COPY (SELECT 1) TO '{dataset}/tables/new.parquet'",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_csv('{dataset}/tables/../../secret.txt')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM read_blob('{dataset}/dataset.json')",
        "SELECT * FROM glob('/*')",
        "ATTACH '{other}' AS other",
        "CREATE TABLE made.mine AS SELECT 1",
        "INSERT INTO made.app (app) VALUES (1)",
        "DELETE FROM made.app",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "EXPORT DATABASE '{other}'",
        "CALL force_checkpoint()",
        "SELECT * FROM read_parquet('https://example.com/a.parquet')",
        "SELECT 1 FROM",
        "",
        "SELECT count(*) FROM nowhere",
    ],
)  # fmt: skip
def test_sql_only_reads_the_dataset(dataset: str, tmp_path, sql: str) -> None:
    """Nothing else is read, nothing written, nothing set, and the refusal is one line."""
    secret = os.path.join(os.path.dirname(dataset), "secret.txt")
    with open(secret, "w") as file:
        file.write("secret\n")
    before = sorted(os.walk(dataset))
    told = {
        name: path.replace("'", "''")
        for name, path in (("dataset", dataset), ("secret", secret), ("other", str(tmp_path / "other")))
    }
    with pytest.raises(UsageError) as refused:
        asking.ask(dataset, sql.format(**told))
    assert "\n" not in str(refused.value)
    assert "secret\n" not in str(refused.value)
    assert sorted(os.walk(dataset)) == before
    assert not os.path.exists(tmp_path / "other")


def test_wrong_questions(dataset: str) -> None:
    """Unknown questions, parameters and clauses are refused with what there is."""
    with pytest.raises(UsageError, match="sdk-reach"):
        asking.ask(dataset, "sdk-reech")
    with pytest.raises(UsageError, match="has no parameter 'colour'; it has: none"):
        asking.ask(dataset, "sdk-reach", {"colour": "red"})
    with pytest.raises(UsageError, match="needs 'app'"):
        asking.ask(dataset, "most-alike")
    with pytest.raises(UsageError, match=r"no clause 'idm-2019/3\.99'"):
        asking.ask(dataset, "leads", {"clause": "idm-2019/3.99"})
    with pytest.raises(UsageError, match="no dataset"):
        asking.ask(os.path.join(dataset, "nowhere"), "sdk-reach")


def test_dataset_at_an_address(tmp_path, monkeypatch) -> None:
    """Its index lies in the user's cache, and SQL reads it without reaching this machine's files."""
    monkeypatch.setenv("MINGCHA_CACHE", str(tmp_path / "cache"))
    dataset = counted("memory://counted-survey")
    assert _rows(dataset, "target-sdk")[0] == (22, 2, 0.25)
    assert index.place(dataset).startswith(str(tmp_path / "cache"))
    assert asking.ask(dataset, "SELECT count(*) FROM apps").rows == [(9,)]
    with pytest.raises(UsageError):
        asking.ask(dataset, "SELECT * FROM read_text('/etc/hostname')")


def test_csv_is_no_formula(tmp_path) -> None:
    """A name that a spreadsheet would run is written as text, and a hostile name stays text in the picture."""
    dataset = counted(tmp_path / "hostile", labels={"a1": "=HYPERLINK(1)", "a2": "<script>x</script>"})
    leads = list(csv.reader(io.StringIO(asking.ask(dataset, "leads").csv())))
    assert leads[1][1] == "'=HYPERLINK(1)"
    picture = draw("<b>", [Bar("<script>", (1.0,))], [Part("apps", "&")], "zh")
    assert ET.fromstring(picture).find("{http://www.w3.org/2000/svg}title").text == "<b>"
    assert "<script>" not in picture


def test_pictures() -> None:
    """Parts stand one after the other with widths in proportion, what is not determined is hatched, long labels are cut."""
    parts = [Part("breached", "疑似"), Part("undetermined", "未能判定")]
    picture = ET.fromstring(draw("t", [Bar("a", (30.0, 10.0)), Bar("b", (0.0, 20.0))], parts, "zh", left=7))
    boxes = [
        node
        for node in picture.iter("{http://www.w3.org/2000/svg}g")
        for node in node
        if node.find("{*}title") is not None
    ]
    sizes = [(float(box.get("x")[:-1]), float(box.get("width")[:-1])) for box in boxes]
    assert sizes[0][0] + sizes[0][1] == pytest.approx(sizes[1][0], abs=0.1)
    assert sizes[0][1] == pytest.approx(3 * sizes[1][1], rel=0.01)
    assert boxes[1].get("fill").startswith("url(#")
    assert boxes[0].get("class") == "a"
    assert "另有7行没有画出" in "".join(picture.itertext())
    assert clipped("很长" * 30).endswith("…")
    assert clipped("short") == "short"


def test_no_place_for_an_index(tmp_path) -> None:
    """Where nothing can be written, that is said in one line."""
    dataset = counted(tmp_path / "full", runs=1)
    (tmp_path / "full" / "cache").write_text("in the way")
    with pytest.raises(UsageError, match="an index needs a place"):
        asking.ask(dataset, "sdk-reach")

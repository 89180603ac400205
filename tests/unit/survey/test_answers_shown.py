"""How answers are asked for and shown: pictures that stand alone, parameters that can be found, and what is said of nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import cast
from xml.etree import ElementTree as ET

import msgspec
import pytest

pytest.importorskip("duckdb")

from mingcha.errors import UsageError
from mingcha.model.artefact import App, Case, Place
from mingcha.model.clause import Language
from mingcha.model.fact import Fact, SaidNotDone
from mingcha.model.factbase import FactBase
from mingcha.model.report import FORMAT, Report, Tool
from mingcha.model.verdict import Verdict
from mingcha.survey import asking, index, site
from mingcha.survey.charts import Bar, Part, clipped, draw_alone
from mingcha.survey.dataset import Dataset
from mingcha.survey.keeping import record_of
from mingcha.survey.rows import ItemRow, Plan
from mingcha.survey.tables import write
from tests.build.countedsurvey import counted

_SVG = "{http://www.w3.org/2000/svg}"
_AT = Place(sha256="0" * 64, path="classes.dex")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The counted dataset, with its index."""
    made = counted(tmp_path_factory.mktemp("shown") / "ds")
    index.build(made, lambda _: None)
    return made


def _drawn(picture: str) -> list[str]:
    """The texts that a reader sees, from top to bottom of the file."""
    return [node.text or "" for node in ET.fromstring(picture).iter(f"{_SVG}text")]


# --- pictures ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "caveat"), [("zh", "未经人工核实"), ("en", "confirmed by nobody")])
@pytest.mark.parametrize("name", [name for name, one in asking.ready().items() if one.chart])
def test_a_picture_alone_says_what_it_is(dataset: str, name: str, lang: Language, caveat: str) -> None:
    """Every question's picture begins with its title, drawn, and says below the bars that nobody confirmed it."""
    needed = {"most-alike": {"app": "cn.example.a1"}, "sdk-breach": {"least": "1"}}
    answer = asking.ask(dataset, name, needed.get(name))
    texts = _drawn(answer.svg(lang))
    whole = "".join(texts).replace(" ", "")
    assert whole.startswith(answer.title[lang].replace(" ", ""))
    assert [caveat in text for text in texts].index(True) > len(answer.rows[: answer.question.chart.most])
    assert "".join(answer.question.about[lang].split()) in whole
    on_a_page = answer.chart(lang)
    assert on_a_page is not None
    assert caveat not in "".join(_drawn(on_a_page))


def test_labels_have_the_room_they_need() -> None:
    """A label too long for a telephone is whole in a picture alone, which grows with it up to a bound; text is not run over its edge."""
    part, long = [Part("apps", "应用数")], "idm-2019/3.9 " + "很长的名称" * 10
    picture = draw_alone("标题", ["说明" * 100], [Bar(long, (3.0,))], part, "zh")
    assert clipped(long) != long
    assert long in _drawn(picture)
    assert ET.fromstring(picture).get("width") == str(13 * 7 + 50 * 13 + 32)
    endless = draw_alone("t", [], [Bar("宽" * 500, (1.0,))], part, "zh")
    assert ET.fromstring(endless).get("width") == "1032"
    assert _drawn(endless)[2].endswith("…")
    assert max(map(len, _drawn(picture))) <= len(long)


@pytest.mark.parametrize(
    ("asked", "chosen", "said"),
    [
        ("leads", {}, "leads: this question has no chart"),
        ("clause-outcomes", {"rules": "pipl-2021"}, "clause-outcomes: the answer is empty"),
        ("SELECT 1 AS one", {}, "SQL of your own has no chart"),
    ],
)
def test_why_there_is_no_picture(dataset: str, asked: str, chosen: dict[str, str], said: str) -> None:
    """A question without a picture, an empty answer and one's own SQL are told apart."""
    with pytest.raises(UsageError, match=said):
        asking.ask(dataset, asked, chosen).svg("zh")


# --- parameters --------------------------------------------------------------------------------------------------------------


def test_titles_name_what_was_chosen(dataset: str) -> None:
    """Leads and comparisons of SDKs say under which clause, by default too; what was left open is not named."""
    for name in ("leads", "sdk-breach"):
        title = asking.ask(dataset, name).title
        assert "条款：idm-2019/3.9 做法与自己声明的规则不符" in title["zh"]
        assert "clause: idm-2019/3.9 " in title["en"]
        assert title["zh"] in asking.ask(dataset, name).text("zh")
    assert asking.ask(dataset, "clause-outcomes").title["zh"] == "各条款的初判结果"
    chosen = asking.ask(dataset, "clause-outcomes", {"rules": "idm-2019"}).title["zh"]
    assert chosen.startswith("各条款的初判结果（")
    assert "认定方法" in chosen


def test_parameters_can_be_found(dataset: str) -> None:
    """The list shows how each is given and what it means, and so does the error where one is missing."""
    lines = asking.listed("zh")
    assert [line.partition("\t")[0] for line in lines if not line.startswith("\t")] == list(asking.ready())
    at = next(n for n, line in enumerate(lines) if line.startswith("sdk-breach\t"))
    assert lines[at + 1 : at + 3] == ["\t--with clause=idm-2019/3.9\t条款", "\t--with least=5\t至少装在多少应用里"]
    assert "\t--with app=…\tpackage name, digest of the file, or key" in asking.listed("en")
    with pytest.raises(UsageError, match=r"--with app=… \(package name, digest"):
        asking.ask(dataset, "most-alike")


@pytest.mark.parametrize(("name", "parameter"), [("leads", "clause"), ("sdk-breach", "clause"), ("most-alike", "app")])
def test_an_empty_parameter_is_refused(dataset: str, name: str, parameter: str) -> None:
    """Nothing is no clause and no app; where a question says that nothing means everything, it is taken."""
    with pytest.raises(UsageError, match=f"--with {parameter}="):
        asking.ask(dataset, name, {parameter: ""})
    assert asking.ask(dataset, "clause-outcomes", {"rules": ""}).rows


@pytest.mark.parametrize(
    ("given", "first"), [("3.1", "idm-2019/3.1"), ("3.99", "idm-2019/3.9"), ("idm-2019/3.91", "idm-2019/3.9")]
)
def test_a_clause_without_its_rule_set_is_recognised(dataset: str, given: str, first: str) -> None:
    """The refusal names the clause that was meant, first."""
    with pytest.raises(UsageError) as refused:
        asking.ask(dataset, "leads", {"clause": given})
    assert str(refused.value).startswith(f"no clause '{given}'; there are: {first}, ")


# --- where there is no dataset -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["clause-outcomes", "SELECT 1 AS one", None])
def test_where_there_is_no_dataset_nothing_is_left_behind(tmp_path: Path, asked: str | None) -> None:
    """Neither a folder nor a file is made; a file in the dataset's place is said to be none."""
    (tmp_path / "list.csv").write_text("name,app\n", "utf-8")
    for name in ("nowhere", "list.csv"):
        with pytest.raises(UsageError, match="no dataset"):
            asking.ask(str(tmp_path / name), asked) if asked else index.build(str(tmp_path / name), lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


# --- what is counted -----------------------------------------------------------------------------------------------------------


def _survey(folder: Path, apps: Sequence[tuple[str, tuple[Fact, ...], bool]]) -> str:
    """A dataset of apps with a policy: package, facts, and whether it was judged by one clause."""
    dataset = Dataset(str(folder))
    dataset.begin(Plan(rules=("idm-2019",), flows="values", tool="0", catalogue="c", memory=1, timeout=1.0))
    records = []
    for package, facts, judged in apps:
        report = Report(
            format=FORMAT,
            tool=Tool(name="mingcha", version="0", catalogue="c"),
            case=Case(artefacts=(), app=App(package=package, version_code=1)),
            facts=FactBase.of(facts).facts,
            gaps=(),
            regulations=("idm-2019",),
            verdicts=(Verdict(clause="idm-2019/3.1", outcome="met", trace=None),) * judged,
        )
        row = record_of(hashlib.sha256(package.encode()).hexdigest(), report, None)
        records.append(msgspec.structs.replace(row, app=msgspec.structs.replace(row.app, dex_bytes=1, policies=1)))
    every = {table: [row for one in records for row in getattr(one, table)] for table in ("facts", "verdicts")}
    every |= {
        "apps": [one.app for one in records],
        "items": [_item(one.app.package or "", one.app.key) for one in records],
    }
    files = {name: write(dataset, name, rows, "tables", name, "1.parquet") for name, rows in every.items() if rows}
    part = {"number": 1, "run": 1, "files": files, "keys": [one.app.key for one in records]}
    dataset.write(msgspec.json.encode(part), "parts", "000001.json")
    return str(folder)


def _item(name: str, key: str) -> ItemRow:
    return ItemRow(
        run=1, name=name, key=key, outcome="done", category=None, developer=None, downloads=None, store=None, seconds=1.0, peak_mib=1.0,
    )  # fmt: skip


def _unmet(*names: str) -> tuple[Fact, ...]:
    return tuple(SaidNotDone(place=_AT, what="sdk", value=name) for name in names)


def test_apps_that_a_clause_was_not_judged_for_are_counted(tmp_path: Path) -> None:
    """Of three apps two were judged by it: the third stands beside, and is in no share."""
    url = _survey(tmp_path / "ds", [("a", (), True), ("b", (), True), ("c", (), False)])
    answer = asking.ask(url, "clause-outcomes")
    assert [dict(zip(answer.columns, row, strict=True))["unjudged"] for row in answer.rows] == [1]
    assert answer.rows[0][:5] == ("idm-2019/3.1", 0, 2, 0, 0)
    assert "未按此条判过" in answer.text("zh")
    assert "Not judged by it" in answer.text("en")


def test_spellings_of_one_sdk_are_one(tmp_path: Path) -> None:
    """Case, width and spaces make no other SDK; the usual spelling is shown, and an app that writes two counts once."""
    url = _survey(
        tmp_path / "ds",
        [
            ("a", _unmet("腾讯Bugly", "腾讯bugly"), True),
            ("b", _unmet("腾讯 Ｂｕｇｌｙ"), True),
            ("c", _unmet("腾讯Bugly"), True),
            ("d", _unmet("腾讯Buglet"), True),
        ],
    )
    assert asking.ask(url, "policy-says-more").rows == [
        ("sdk", "腾讯Bugly", 3, pytest.approx(3 / 4)),
        ("sdk", "腾讯Buglet", 1, pytest.approx(1 / 4)),
    ]


# --- the report ----------------------------------------------------------------------------------------------------------------


def test_what_is_withheld_is_not_called_nothing(dataset: str, tmp_path: Path) -> None:
    """The public's first page and the question's own say that rows of few apps were left out; the regulator's has the picture."""
    for reader in ("public", "regulator"):
        site.write(dataset, cast(site.writing.Reader, reader), str(tmp_path / reader), lambda _: None)
    first, own, regulator = (
        (tmp_path / path).read_text("utf-8")
        for path in ("public/index.html", "public/questions/before-consent.html", "regulator/index.html")
    )
    about = first.partition("启动时即可取得个人信息的应用")[2].partition("</div>")[0]
    assert "应用少于5个的行没有列出" in about
    assert "没有可以画的内容" not in about
    assert "应用少于5个的行没有列出" in own
    assert "没有内容。" not in own
    assert "<svg" in regulator.partition("启动时即可取得个人信息的应用")[2].partition("</div>")[0]

"""Made apps are whole: read as a survey reads them, with nothing of the app they were made from but its facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingcha.survey import judging, running
from mingcha.survey.dataset import Dataset
from mingcha.survey.examine import examine
from mingcha.survey.rows import TABLES
from mingcha.survey.tables import connect
from tests.bench import survey_made
from tests.build import surveys


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A dataset of six small apps, three of them with a policy."""
    folder = tmp_path_factory.mktemp("real")
    items = surveys.apps(folder, ["a", "b", "c"], [surveys.POLICY])
    (folder / "more").mkdir()
    items += surveys.apps(folder / "more", ["d", "e", "f", "g"])[3:] + surveys.apps(folder / "more", ["h", "i"])
    url = str(folder / "dataset")
    running.run(items, surveys.plan(), url, lambda every, plan, to: (examine(one, plan, to) for one in every))
    return url


@pytest.fixture
def made(real: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> survey_made.Wanted:
    """Sixty apps made from them in three parts."""
    monkeypatch.setattr(survey_made, "PART", 20)
    wanted = survey_made.Wanted((real,), str(tmp_path / "made"), 60, 7)
    assert list(survey_made.make(wanted)) == [20, 40, 60]
    return wanted


def test_every_app_has_its_facts(made: survey_made.Wanted) -> None:
    """Reading a part app by app, as judging does, gives each app as many facts as its row says, in the order of the file."""
    dataset = Dataset(made.into)
    with connect(made.into) as there:
        told = dict(there.execute("SELECT key, facts FROM apps").fetchall())
    found = {key: facts for part in dataset.parts() for key, facts in judging.kept(dataset, part)}
    assert {key: len(facts.facts) for key, facts in found.items()} == told
    assert len(told) == 60
    assert min(told.values()) > 0
    assert any(facts.base.of_kind("PolicyParagraph") for facts in found.values())


def test_nothing_names_the_app_it_was_made_from(made: survey_made.Wanted, real: str) -> None:
    """Places name the made app or the made policy, ids are new, and what the manifest says agrees with the app's row."""
    dataset = Dataset(made.into)
    with connect(real) as old:
        ids = {row[0] for row in old.execute("SELECT id FROM facts").fetchall()}
    for part in dataset.parts():
        for _, facts in judging.kept(dataset, part):
            files = {one.sha256 for one in facts.case.artefacts}
            assert {fact.place.sha256 for fact in facts.facts} <= files
            assert not {fact.id for fact in facts.facts} & ids
            assert [one.package for one in facts.base.of_kind("AppDeclared")] == [facts.case.app.package]  # type: ignore[attr-defined]


def test_the_columns_are_those_of_a_survey(made: survey_made.Wanted, real: str) -> None:
    """Each table's file has the names and types that a survey's own file has."""
    for table in TABLES:
        files = [
            next(Dataset(url).path(part.files[table]) for part in Dataset(url).parts() if table in part.files)
            for url in (real, made.into)
        ]
        with connect(real) as there:
            shapes = [there.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall() for file in files]
        assert shapes[0] == shapes[1], table


def test_it_goes_on_where_it_stopped(made: survey_made.Wanted) -> None:
    """A part that was lost is made again, byte for byte, and no other."""
    dataset = Dataset(made.into)
    file = Path(dataset.path("tables", "facts", "000002.parquet"))
    before, others = file.read_bytes(), Path(dataset.path("tables", "facts", "000003.parquet")).stat().st_mtime_ns
    Path(dataset.path("parts", "000002.json")).unlink()
    file.unlink()
    list(survey_made.make(made))
    assert file.read_bytes() == before
    assert Path(dataset.path("tables", "facts", "000003.parquet")).stat().st_mtime_ns == others


def test_it_stops_before_the_disk_is_full(made: survey_made.Wanted, monkeypatch: pytest.MonkeyPatch) -> None:
    """With less room than must stay free nothing is made, and the count says how many there are."""
    monkeypatch.setattr(survey_made, "LEFT", 1 << 60)
    Path(Dataset(made.into).path("parts", "000003.json")).unlink()
    assert list(survey_made.make(made)) == [20, 40]

"""The survey's commands: what they say and how they end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mingcha.cli import main
from mingcha.cli.surveys import stoppable
from mingcha.survey import running
from mingcha.survey.comparing import compared, same_settings
from mingcha.survey.dataset import Dataset, Judgement
from tests.build import surveys
from tests.unit.survey.test_survey import DEMO, here, items


def said(*words: object) -> Result:
    return CliRunner().invoke(main, ["survey", *map(str, words)])


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    """Two datasets: the demo app, and its twin in its place."""
    for folder, name in (("before", "flashlight"), ("after", "flashlight-fixed")):
        (tmp_path / folder).mkdir()
        shutil.copy(DEMO / f"{name}.apk", tmp_path / folder / "app.apk")
        running.run(items([str(tmp_path / folder)]), surveys.plan(), str(tmp_path / folder / "ds"), here)
    return str(tmp_path / "before" / "ds"), str(tmp_path / "after" / "ds")


def test_differences_accuse_nobody(pair: tuple[str, str]) -> None:
    """In words of the reader's language, and with the word that nobody confirmed it."""
    chinese, english = said("diff", *pair), said("diff", *pair, "--lang", "en")
    assert "机器初判，未经人工核实" in chinese.stderr
    assert "confirmed by nobody" in english.stderr
    assert "breached" not in chinese.stdout + english.stdout
    line = next(line for line in english.stdout.splitlines() if "idm-2019/4.6" in line)
    assert "uspected" in line


def test_what_one_side_was_not_judged_by_has_not_changed(pair: tuple[str, str]) -> None:
    """A rule set judged later on one side alone is said beside the differences, and makes none."""
    from mingcha.survey import judging

    before = compared(*pair)
    judging.judge_again(pair[0], ("pipl-2021",), 1)
    assert compared(*pair) == before
    assert any(line.startswith("rules: ") and "pipl-2021" in line for line in same_settings(*pair))


def test_another_catalogue_is_told(pair: tuple[str, str]) -> None:
    """Verdicts of one catalogue beside those of another are told as not made alike, also where only a judgement made them so."""
    import msgspec

    assert same_settings(*pair) == []
    judged = Judgement(number=1, rules=surveys.RULES, catalogue="f" * 64, verdicts={}, traces={})
    Dataset(pair[1]).write(msgspec.json.encode(judged), "judgements", "000001.json")
    assert [line for line in same_settings(*pair) if line.startswith("catalogue: ") and "ffffffffffff" in line]


def test_nothing_read_is_no_success(tmp_path: Path) -> None:
    """A survey in which every app failed ends with 3, as `mingcha inspect` does where nothing could be read."""
    done = said("run", tmp_path / "not-there.apk", "-o", tmp_path / "ds", "--jobs", 1)
    assert done.exit_code == 3
    assert "1 failed" in done.stdout


@pytest.mark.parametrize("rules", ["", ",", "idm-2020"])
def test_rules_that_are_none_are_refused(pair: tuple[str, str], rules: str) -> None:
    assert "idm-2019" in said("judge", pair[0], "--rules", rules).stderr
    assert said("judge", pair[0], "--rules", rules).exit_code == 2


def test_other_flows_need_another_folder(pair: tuple[str, str]) -> None:
    """Judging again cannot follow what was not followed."""
    told = said("run", DEMO / "flashlight.apk", "-o", pair[0], "--rules", "idm-2019", "--flows", "values").stderr
    assert "--flows none, not values: take another folder" in told
    assert "judge" not in told
    told = said("run", DEMO / "flashlight.apk", "-o", pair[0], "--rules", "pipl-2021", "--flows", "none").stderr
    assert "--rules idm-2019, not pipl-2021" in told
    assert "survey judge" in told


def test_an_address_nobody_can_read_is_told() -> None:
    done = said("query", "nothing://bucket/store", "examined")
    assert (done.exit_code, done.stderr) == (2, "Error: nothing://bucket/store: Protocol not known: nothing\n")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_is_one_line(stop: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where DuckDB was at work: it tells of Ctrl-C in its own way."""
    with pytest.raises(SystemExit) as ended, stoppable():
        raise stop
    assert ended.value.code == 130
    assert capsys.readouterr().err == "stopped; what was done is kept: run the same command again to go on\n"


def test_another_defect_is_not_taken_for_ctrl_c() -> None:
    with pytest.raises(RuntimeError, match="defect"), stoppable():
        raise RuntimeError("a defect")

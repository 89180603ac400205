"""Judging again: what an interruption or a killed process leaves is gone on with, and the outcome is the one of a judgement that nothing stopped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mingcha.errors import UsageError
from mingcha.survey import judging, running
from mingcha.survey.dataset import Dataset
from mingcha.survey.tables import connect
from tests.build import surveys
from tests.unit.survey.test_survey import DEMO, here, items, said

EVERYTHING = "SELECT * FROM verdicts ORDER BY ALL"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A dataset of two parts, an app in each."""
    made = str(tmp_path / "ds")
    for name in ("flashlight", "flashlight-fixed"):
        running.run(items([str(DEMO / f"{name}.apk")]), surveys.plan(), made, here)
    return made


class StoppedError(Exception):
    """What stops a judgement here, as Ctrl-C would."""


def _stop(done: int, total: int) -> None:
    assert (done, total) == (1, 2)
    raise StoppedError


def test_an_interrupted_judgement_is_gone_on_with(url: str, tmp_path: Path) -> None:
    """The part that was judged stays as it is; the other is added; nothing counts before both are there."""
    with pytest.raises(StoppedError):
        judging.judge_again(url, ("pipl-2021",), 1, _stop)
    folder = tmp_path / "ds" / "verdicts" / "000001"
    for other in folder.glob("*000003.parquet"):
        other.unlink()  # the second app's part may have been ready when it was stopped
    first = folder / "000001.parquet"
    before = first.stat().st_mtime_ns
    assert "pipl-2021" not in {row[0] for row in said(url, "SELECT DISTINCT regulation FROM verdicts")}
    told: list[tuple[int, int]] = []
    found = judging.judge_again(url, ("pipl-2021",), 1, lambda *now: told.append(now))
    assert (found.number, told, first.stat().st_mtime_ns) == (1, [(2, 2)], before)
    once = said(url, EVERYTHING)
    assert judging.judge_again(url, ("pipl-2021",), 1).number == 2, "a finished one is not gone on with"
    assert said(url, EVERYTHING) == once


def test_other_rules_do_not_go_on_with_what_these_began(url: str) -> None:
    with pytest.raises(StoppedError):
        judging.judge_again(url, ("pipl-2021",), 1, _stop)
    assert judging.judge_again(url, ("idm-2019",), 1).number == 2
    assert judging.judge_again(url, ("pipl-2021",), 1).number == 1


def test_a_killed_process_costs_a_second_try(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed once judges its part in another one."""
    monkeypatch.setenv("MINGCHA_TEST_KILLED", str(tmp_path / "killed"))
    monkeypatch.setattr(judging, "_judge", surveys.killed_once)
    judging.judge_again(url, ("pipl-2021",), 1)
    assert os.path.exists(tmp_path / "killed")
    assert "pipl-2021" in {row[0] for row in said(url, "SELECT DISTINCT regulation FROM verdicts")}


def test_a_part_that_kills_every_process_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_judge", surveys.killing)
    with pytest.raises(UsageError, match="part 1 was not judged: its process ended; run the same again"):
        judging.judge_again(url, ("pipl-2021",), 1)
    assert Dataset(url).judgements() == []
    with connect(url) as opened:
        assert opened.execute("SELECT count(*) FROM verdicts").fetchone() is not None

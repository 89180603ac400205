"""A recorded folder, read by the rest of the house."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mingcha.catalogue.load import load
from mingcha.inspection import collect_facts, open_case
from tests.build.fakeadb import FakeAdb
from tests.unit.capture.screens.conftest import Record, seconds


def facts_of(folder: Path) -> Any:
    """What `mingcha collect --run` makes of a folder, defects of ours let through."""
    return collect_facts(open_case([], runs=[folder]), load(), strict=True)


def test_a_recorded_folder_is_read(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """Each file is taken for what it is; before the true moment of agreement the phase is P1, and after it never."""
    record(mode="agree", clear=True)
    found = facts_of(tmp_path / "run")
    kinds: dict[str, list[Any]] = {}
    for fact in found.facts:
        kinds.setdefault(type(fact).__name__, []).append(fact)
    agreed = next(at for what, where, at in adb.phone.done if (what, where) == ("tap", "consent"))
    launched = next(at for what, _, at in adb.phone.done if what == "launch")
    spans = {span.phase: (seconds(span.start), seconds(span.end)) for span in kinds["PhaseSpan"]}
    assert spans["P0"][1] <= launched + 0.002
    assert spans["P1"][1] <= agreed + 0.002
    assert spans["P3"][0] >= agreed - 0.2
    acts = sorted(kinds["ActMade"], key=lambda act: act.number)
    assert [(act.choice, act.about) for act in acts if act.act == "tap"] == [
        ("agree", "policy"), ("grant", "android.permission.ACCESS_FINE_LOCATION"),
    ]  # fmt: skip
    run = kinds["RunRecorded"][0]
    assert (run.start, run.screens, run.recorders) == ("clean", 5, ("packages", "runtime", "screens"))
    codes = {gap.code for gap in found.gaps}
    assert not codes & {"run.unknown_file", "run.unreadable", "run.cut"}


def test_the_taps_of_a_search_are_counted(adb: FakeAdb, record: Record, tmp_path: Path) -> None:
    """The walk alone shows the ways as they are on the phone: mine, settings, privacy, policy are four taps from the main screen."""
    adb.phone.agreed = True
    record(mode="find")
    taps = {fact.target: fact.taps for fact in facts_of(tmp_path / "run").facts if type(fact).__name__ == "StepsTo"}
    assert taps.keys() == {"policy", "account_cancellation", "complaint", "personalisation_switch"}
    assert taps["complaint"] <= 2
    assert taps["policy"] <= 4

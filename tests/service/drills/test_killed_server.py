"""K3: whatever the moment a web process dies, a decision is whole or is not there, and no notice is half published."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.drills.conftest import Drill


def check(found: dict[str, Any], kills: int, cases: int) -> None:
    """All fits after each kill, all is done at the end."""
    assert found["faults"] == []
    assert found["kills"] == kills
    assert found["cases"] == {"rectification": cases, "publicly-warned": cases}
    assert found["documents"] == {"issued": cases, "published": cases}


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.long)])
def test_an_act_cut_before_any_statement_leaves_nothing_half_done(drill: Drill, stride: int) -> None:
    """A process killed before the n-th statement of signing an order, signing a warning and publishing it leaves states that equal their
    events, no number given or skipped, and nothing published without its document."""
    found = drill("cut_short", "--stride", str(stride), mode="demo", timeout=600)
    assert found["faults"] == []
    assert found["states"]["order"] == "rectification"
    assert found["states"]["publish"] == "publicly-warned"
    assert all(cuts * stride >= 15 for cuts in found["cuts"].values())


def test_a_killed_server_leaves_whole_documents(drill: Drill) -> None:
    """Two kills of a real server under orders and warnings: everything fits after each, and everything gets through in the end."""
    check(drill("killed_server", "--kills", "2", "--cases", "6", mode="demo", timeout=120), 2, 6)


@pytest.mark.long
def test_forty_kills_of_the_server(drill: Drill) -> None:
    """K3 in full: 40 kills at random moments."""
    found = drill("killed_server", "--kills", "40", "--cases", "500", mode="demo", timeout=1200)
    check(found, 40, 500)
    assert found["answers"]["cut off"] > 40

"""The phone's clock within bounds that hold the truth."""

from __future__ import annotations

import time

import pytest

from mingcha.capture.screens.adb import Adb
from mingcha.capture.screens.clock import Bounds, Clock
from tests.build.fakeadb import FakeAdb


@pytest.mark.parametrize("fractions", [True, False])
def test_how_far_the_clocks_are_apart(adb: FakeAdb, fractions: bool) -> None:
    """The truth lies within the error, which is below a second even for a phone that tells whole seconds only."""
    adb.phone.ahead, adb.phone.fractions = 12.75, fractions
    ahead = Clock(Adb(adb.server).device(), "+08:00").ahead()
    assert abs(ahead.middle - -12.75) <= ahead.error + 0.005
    assert ahead.error <= (0.1 if fractions else 0.55)


def test_a_slow_answer_widens_the_bounds_and_keeps_the_truth(adb: FakeAdb) -> None:
    """Where every answer takes a while, the error says so."""
    adb.faults.slow = ("date", 0.06)
    ahead = Clock(Adb(adb.server).device(), "+08:00").ahead()
    assert abs(ahead.middle + adb.phone.ahead) <= ahead.error + 0.005
    assert ahead.error >= 0.02


def test_the_stamp_of_a_touch_becomes_a_time_that_is_not_too_late(adb: FakeAdb) -> None:
    """Stamps count from the phone's start and pause while it sleeps; the time found is hardly early and never late."""
    clock = Clock(Adb(adb.server).device(), "+08:00")
    stamp, truth = adb.phone.uptime(), adb.phone.now()
    found = clock.of_stamp(stamp)
    assert found is not None
    assert -0.2 <= found - truth <= 0.001


def test_a_stamp_that_is_a_time_is_kept(adb: FakeAdb) -> None:
    """Some kernels stamp events with the clock itself."""
    assert Clock(Adb(adb.server).device(), "+08:00").of_stamp(1_700_000_000.5) == 1_700_000_000.5


def test_a_clock_that_is_set_meanwhile_is_noticed(adb: FakeAdb) -> None:
    """A second measurement that disagrees is told, one that agrees is not."""
    clock = Clock(Adb(adb.server).device(), "+08:00")
    clock.again()
    assert clock.steady
    adb.phone.ahead += 60
    clock.again()
    assert not clock.steady


def test_a_time_is_written_in_the_zone_of_the_phone(adb: FakeAdb) -> None:
    """Milliseconds and offset, as steps are written."""
    clock = Clock(Adb(adb.server).device(), "+08:00")
    assert clock.text(1_767_323_045.678) == "2026-01-02T11:04:05.678+08:00"
    assert abs(clock.now() - adb.phone.now()) < 0.05
    assert clock.at(time.monotonic() - 10) < clock.now() - 9


def test_bounds_that_exclude_each_other_allow_nothing() -> None:
    """What both allow is the overlap."""
    assert Bounds(1, 3) & Bounds(2, 4) == Bounds(2, 3)
    assert Bounds(1, 2) & Bounds(3, 4) is None

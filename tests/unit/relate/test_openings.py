"""What a refused application was sent counts only where capture, domain, time and the run's start all say so."""

from __future__ import annotations

from typing import Any

import pytest

from mingcha.model.artefact import Place
from mingcha.model.fact import Fact, InformationSent, RunRecorded, ThirdPartyOpened
from mingcha.model.factbase import FactBase
from mingcha.relate.openings import with_passed_on

HERE = Place(sha256="0")
AT, LATER = "2026-03-02T09:00:28.000+08:00", "2026-03-02T09:00:32.000+08:00"
RUN: dict[str, Any] = {"place": HERE, "run": "r", "name": "run", "start": "clean"}
OPENED: dict[str, Any] = {"place": HERE, "name": "com.lingquan.wallet", "consent": False, "run": "r", "time": AT}
SENT: dict[str, Any] = {
    "place": HERE,
    "information": "basic.phone",
    "host": "open.lingquan.com",
    "run": "r",
    "time": LATER,
}


def passed(run: dict[str, Any], opened: dict[str, Any], sent: dict[str, Any], *more: Fact) -> set[tuple[str, ...]]:
    """The information of every opening after the join."""
    facts = [
        RunRecorded(**{**RUN, **run}),
        ThirdPartyOpened(**{**OPENED, **opened}),
        InformationSent(**{**SENT, **sent}),
        *more,
    ]
    base = with_passed_on(FactBase.of(facts))
    return {fact.information for fact in base.of_kind("ThirdPartyOpened") if isinstance(fact, ThirdPartyOpened)}


def test_all_signs_together() -> None:
    """Refused, opened all the same, and a planted value on its way to its own domain: it was passed on."""
    assert passed({}, {}, {}) == {("basic.phone",)}
    assert passed({}, {"name": "cn.com.lingquan.wallet"}, {"host": "a.lingquan.com.cn"}) == {("basic.phone",)}


@pytest.mark.parametrize(
    ("run", "opened", "sent"),
    [
        ({"start": "used"}, {}, {}),
        ({"start": None}, {}, {}),
        ({}, {"consent": None}, {}),
        ({}, {"consent": True}, {}),
        ({}, {"time": None}, {}),
        ({}, {"name": "lingquan.wallet"}, {}),
        ({}, {"name": "com.github.wallet"}, {"host": "github.com"}),
        ({}, {}, {"host": "lingquan.com.evil.cn"}),
        ({}, {}, {"host": "notlingquan.com"}),
        ({}, {}, {"confidence": "probable"}),
        ({}, {}, {"tie": None}),
        ({}, {}, {"tie": "package"}),
        ({}, {}, {"run": "other"}),
        ({}, {}, {"time": None}),
        ({}, {}, {"receiver": "amap"}),
        ({}, {}, {"time": "2026-03-02T09:02:00.000+08:00"}),
        ({"package": "com.lingquan.weather"}, {}, {}),
        ({}, {}, {"time": AT}),
        ({}, {}, {"time": "2026-03-02T09:00:20.000+08:00"}),
        ({}, {}, {"time": "2026-03-02T01:00:20.000+00:00"}),
    ],
)
def test_one_sign_missing(run: dict[str, Any], opened: dict[str, Any], sent: dict[str, Any]) -> None:
    """Whatever is missing, nothing is said to have been passed on."""
    assert passed(run, opened, sent) == {()}


def test_he_agreed_at_another_opening() -> None:
    """Who agreed once in the run may have meant that."""
    agreed = ThirdPartyOpened(**{**OPENED, "consent": True, "time": LATER})
    assert passed({}, {}, {}, agreed) == {()}

"""A run by hand: a first start in which an SDK reads before the tap on "agree", a repeat of it, and a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from mingcha.model.fact import Fact
from tests.unit.render import sample

ZONE = timezone(timedelta(hours=8))
T0 = datetime(2026, 1, 5, 10, 0, tzinfo=ZONE)


def at(seconds: float) -> str:
    """A moment of the run as facts write it."""
    return (T0 + timedelta(seconds=seconds)).isoformat("T", "milliseconds")


def here(kind: str, entry: int = 0, /, **fields: Any) -> Fact:
    """A fact of the run ``first`` unless another is named."""
    return sample.fact(kind, entry, path="", sha256=sample.TRAFFIC, counted="entry", **({"run": "first"} | fields))


def record(run: str = "first", **fields: Any) -> Fact:
    """The record of a run."""
    told = {
        "name": f"{run}/run.yaml",
        "device": "Made 1",
        "system": "14",
        "start": "clean",
        "recorders": ["runtime", "screens", "traffic"],
    }
    return here("RunRecorded", run=run, **(told | fields))


def span(phase: str, start: float, end: float, **fields: Any) -> Fact:
    """A stretch of a phase."""
    return here("PhaseSpan", phase=phase, start=at(start), end=at(end), **fields)


def screen(number: int, seconds: float, kind: str | None, **fields: Any) -> Fact:
    """A screen."""
    return here("ScreenSeen", number, number=number, time=at(seconds), screen=kind, **fields)


def act(number: int, seconds: float | None, what: str, **fields: Any) -> Fact:
    """An act on a screen; without seconds only the screens around it have a time."""
    return here("ActMade", number, number=number, act=what, time=None if seconds is None else at(seconds), **fields)


def read(information: str, first: float | None, last: float | None = None, **fields: Any) -> Fact:
    """Reads of one type; a value came back unless ``outcome`` says otherwise."""
    told = {"outcome": "value", "actor": "app", "phase": "P1"} | fields
    end = first if last is None else last
    return here(
        "InformationRead", information=information, time=None if first is None else at(first),
        last=None if end is None else at(end), **told,
    )  # fmt: skip


def sent(information: str, host: str, first: float, last: float | None = None, **fields: Any) -> Fact:
    """Sends of one type to one host."""
    told = {"phase": "P3", "receiver": None} | fields
    return here(
        "InformationSent",
        information=information,
        host=host,
        time=at(first),
        last=at(first if last is None else last),
        **told,
    )


FIRST = (
    record(first=at(0), last=at(70), screens=7),
    span("P0", 0, 8), span("P1", 8, 25), span("P3", 25, 52), span("P5", 52, 62),
    screen(0, 0, "launcher"), screen(1, 9, "consent"), screen(2, 14, "policy"), screen(3, 19, "consent"),
    screen(4, 26, "main"), screen(5, 33, "permission"), screen(6, 36, "main"), screen(7, 54, "launcher"),
    act(0, 8, "start"), act(1, 13, "tap", choice="open", about="policy"), act(2, 18, "back"),
    act(3, 25, "tap", choice="agree", about="policy"), act(5, 35, "tap", choice="deny", about="android.permission.ACCESS_FINE_LOCATION"),
    act(6, 52, "home"),
    read("dev.imei", 9.2, 12, actor="umeng-analytics", count=3),
    read("dev.imei", 27, 50, actor="umeng-analytics", count=12, phase="P3"),
    read("dev.imei", 10, actor="app", outcome="denied"),
    read("loc.precise", 34, 50, phase="P3", outcome="exception", count=4),
    read("loc.precise", 36.5, phase="P3"),
    read("dev.apps", 40, 41, phase="P3", actor=None, outcome=None, count=2),
    read("dev.oaid", 55, 60, phase="P5", actor="umeng-analytics", count=2),
    here("PermissionRequested", permission="android.permission.ACCESS_FINE_LOCATION", time=at(32.6), phase="P3", information=["loc.precise"]),
    sent("dev.imei", "ulogs.umeng.com", 12.5, phase="P1", receiver="umeng-analytics"),
    sent("dev.imei", "ulogs.umeng.com", 28, 51, phase="P3", receiver="umeng-analytics", count=5),
    sent("dev.oaid", "ulogs.umeng.com", 30, phase="P3", receiver="umeng-analytics"),
    sent("loc.precise", "api.own.example", 37, phase="P3", receiver="app"),
    here("PlainTransport", information="loc.precise", host="api.own.example", time=at(37), phase="P3", receiver="app"),
    sent("dev.imei", "t.other.example", 45, tie=None), sent("dev.apps", "t.other.example", 46, confidence="possible"),
)  # fmt: skip
"""Seventy seconds: consent asked at 9, agreed at 25, home at 52; the phase after 62 is not known."""

SECOND = (
    record("second", first=at(7200), last=at(7260)),
    span("P1", 7205, 7220, run="second"), span("P3", 7220, 7260, run="second"),
    act(1, 7220, "tap", choice="agree", about="policy", run="second"),
    read("dev.imei", 7230, phase="P3", actor="umeng-analytics", run="second"),
    read("dev.apps", 7231, phase="P3", run="second"),
    sent("dev.oaid", "ulogs.umeng.com", 7231, receiver="umeng-analytics", run="second"),
)  # fmt: skip
"""The same after mending: the SDK waits for the agreement."""

REFUSED = (
    record("refused", first=at(9000), last=at(9060), recorders=["runtime", "screens"]),
    span("P1", 9005, 9020, run="refused"), span("P2", 9020, 9060, run="refused"),
    act(1, 9020, "tap", choice="refuse", about="policy", run="refused"),
    read("dev.imei", 9040, phase="P2", actor="app", run="refused"),
)  # fmt: skip
"""Refused, with nothing recorded of the traffic; the app reads on."""

"""Which components an intent may start: by name if it has one, else by action, categories, data and package."""

from __future__ import annotations

import pytest

from mingcha.program.intents import Target, explicit, receives, target
from mingcha.program.surroundings import Component, Filter
from mingcha.program.values import UNKNOWN, const, join

NOTHING: frozenset[str] = frozenset()
VIEW = "android.intent.action.VIEW"


def said(**given: str | None) -> Target:
    """What is known of an intent; None: something that is not known."""
    fields = {f".{key}".encode(): UNKNOWN if text is None else const(text) for key, text in given.items()}
    return target(fields)


def starts(to: Target, *filters: Filter, own: bool = True, exported: bool | None = None) -> bool:
    """Whether an intent can start activity ``t.A`` of package ``t`` that has these filters."""
    return receives(Component("activity", b"Lt/A;", exported, filters=filters), to, own=own, package="t")


def test_reading_an_intent() -> None:
    """Classes come as class constants or names, the rest as texts; what was not said is empty, what is not known null."""
    found = target(
        {b".class": join(const(("class", b"La/B;")), const("c.D")), b".action": const("x"), b".data": UNKNOWN}
    )
    assert found == Target(frozenset({b"La/B;", b"Lc/D;"}), frozenset({"x"}), None, NOTHING, NOTHING, NOTHING)
    assert target({}) == Target(frozenset(), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
    assert [explicit(to) for to in (found, said(action="x"), said(**{"class": None}))] == [True, False, True]


def test_by_name() -> None:
    """A named class is started whatever its filters; from another app only if it is not closed."""
    to = said(**{"class": "t.A"})
    assert starts(to)
    assert starts(to, own=False, exported=True)
    assert not starts(to, own=False, exported=False)
    assert not starts(said(**{"class": "t.B"}), Filter(actions=("x",)))
    assert not starts(said(**{"class": None}), Filter(actions=("x",)))


def test_by_action() -> None:
    """The action has to be one of the filter's; an intent without one fits a filter that has some."""
    one = Filter(actions=("x", "y"))
    assert starts(said(action="y"), one)
    assert starts(said(), one)
    assert not starts(said(action="z"), one)
    assert not starts(said(action=None), one)
    assert not starts(said(), Filter())
    assert not starts(said(action="x"))
    assert starts(said(action="x"), Filter(actions=("y",)), one)


def test_from_another_app() -> None:
    """An implicit intent of another app starts what is not closed."""
    one = Filter(actions=("x",))
    assert starts(said(action="x"), one, own=False)
    assert not starts(said(action="x"), one, own=False, exported=False)


def test_by_package() -> None:
    """An intent for a package stays in it."""
    one = Filter(actions=("x",))
    assert starts(said(action="x", package="t"), one)
    assert not starts(said(action="x", package="other"), one)


def test_categories() -> None:
    """Every category of the intent has to be in the filter, not the other way round."""
    one = Filter(actions=("x",), categories=("a", "b"))
    assert starts(said(action="x", category="a"), one)
    assert starts(said(action="x"), one)
    assert not starts(said(action="x", category="c"), one)
    assert not starts(said(action="x", category=None), one)


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({}, False), ({"data": "http://a.example/x"}, True), ({"data": "http://a.example:80/x"}, True),
        ({"data": "http://b.example/"}, False), ({"data": "ftp://a.example/"}, False), ({"data": None}, True),
        ({"data": "http://a.example/", "type": "text/plain"}, False),
    ],
)  # fmt: skip
def test_data(given: dict[str, str | None], fits: bool) -> None:
    """A filter with scheme and host asks for an address of these, and for no type."""
    assert starts(said(action=VIEW, **given), Filter(actions=(VIEW,), schemes=("http",), hosts=("a.example",))) is fits


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        ({"type": "image/png"}, True), ({"type": "image/*"}, True), ({"type": "text/plain"}, False), ({}, False),
        ({"type": "image/png", "data": "content://x/y"}, True), ({"type": "image/png", "data": "http://x/y"}, False),
        ({"type": None}, True),
    ],
)  # fmt: skip
def test_types(given: dict[str, str | None], fits: bool) -> None:
    """A filter with a type asks for it, and takes addresses of content and files alone."""
    assert starts(said(action=VIEW, **given), Filter(actions=(VIEW,), types=("image/*",))) is fits


def test_no_data_asked_for() -> None:
    """A filter without data does not fit an intent with some."""
    assert not starts(said(action=VIEW, data="http://x"), Filter(actions=(VIEW,)))
    assert not starts(said(action=VIEW, type="text/plain"), Filter(actions=(VIEW,)))

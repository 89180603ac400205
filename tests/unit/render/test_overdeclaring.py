"""What a policy lists and nobody saw in the app is told softly where hidden code may hold it."""

from __future__ import annotations

from mingcha.model.fact import Fact
from mingcha.render.overdeclaring import overdeclared_rows
from mingcha.render.reading import Reading
from tests.unit.render import sample

APP = sample.fact("AppDeclared", path="AndroidManifest.xml", package="a.b")


def kinds(*facts: Fact) -> list[tuple[str, str]]:
    reading = Reading(sample.report(facts, (), (), ()), sample.catalogue(), "operator", "zh")
    return [(cells[0], cells[1]) for cells, _ in overdeclared_rows(reading)]


def listed(name: str, sdk: str | None) -> Fact:
    return sample.said("SdkNamed", 3, name, name=name, sdk=sdk)


def test_listed_sdks_that_were_not_seen_are_told_softly() -> None:
    """Not one that is inside, that nobody knows, or that is stated to be absent already; without an app nothing is said."""
    soft = ("列出的第三方SDK，没有看到（有看不到的代码）", "穿山甲")
    assert kinds(APP, listed("穿山甲", "pangle")) == [soft]
    assert kinds(listed("穿山甲", "pangle")) == []
    assert kinds(APP, listed("某统计", None), listed("穿山甲 iOS", "pangle")) == []
    inside = sample.fact("SdkPresent", sdk="pangle", score=3, signals=["x"])
    assert kinds(APP, listed("穿山甲", "pangle"), inside) == []
    stated = sample.said("SaidNotDone", 3, "穿山甲", what="sdk", value="穿山甲")
    told = kinds(APP, listed("穿山甲", "pangle"), stated)
    assert [name for _, name in told] == ["穿山甲"]
    assert soft not in told

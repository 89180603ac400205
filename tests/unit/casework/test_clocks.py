"""Clocks say truly what they rest on: law that was read, or this order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from mingcha.casework import clocks as module
from mingcha.casework.clocks import SET_BY_ORDER, clock, clocks, in_force, with_length
from mingcha.casework.ladder import ladders
from mingcha.errors import CatalogueError, UsageError

NOW = date(2026, 11, 22)


def test_nothing_that_was_not_read_is_cited() -> None:
    """A draft, a recalled number, an excerpt or a design of ours is "set by this order", never law; what was read names its article."""
    unread = [one for one in clocks() if one.status != "V"]
    assert {one.status for one in unread} == {"VE", "R", "draft", "D"}
    assert all(one.citation == SET_BY_ORDER and not one.cites_law for one in unread)
    assert all(one.citation == one.basis for one in clocks() if one.status == "V" and not one.set_by_order)


def test_neither_a_status_nor_a_flag_alone_makes_law() -> None:
    """A number that was read but that the order sets is not cited, nor one that somebody forgot to flag."""
    read = clock("hearing-request", NOW)
    assert read.cites_law
    assert replace(read, set_by_order=True).citation == SET_BY_ORDER
    assert replace(read, status="draft").citation == SET_BY_ORDER


def test_citations_name_no_draft_and_nothing_unread() -> None:
    """No word of a draft, a rule of our own or an unread text gets into what documents cite."""
    for one in clocks():
        for word in ("征求意见稿", "未核对", "未找到", "转引", "本平台"):
            assert word not in one.citation.zh
        for word in ("draft", "not read", "not found", "excerpt", "this service"):
            assert word not in one.citation.en


def test_the_order_sets_the_numbers_of_the_ladder() -> None:
    """No law found in force fixes the days to rectify, the days after a warning, or the ban on listing again."""
    for name, days in (("rectification", 5), ("notice", 5), ("relisting-ban", 40)):
        one = clock(name, NOW)
        assert (one.length, one.unit, one.citation.zh) == (days, "working", "本文书自定")


def test_every_clock_a_ladder_starts_or_stops_exists_today() -> None:
    """The ladders name no clock that is not in force."""
    named = {
        name for ladder in ladders().values() for act in ladder.acts.values() for name in (*act.starts, *act.stops)
    }
    assert named
    assert {clock(name, NOW).id for name in named} == named


@pytest.mark.parametrize(
    ("identity", "body", "day", "length", "unit", "article"),
    [
        ("complaint-acceptance", None, NOW, 7, "working", "第四十六条"),
        ("complaint-acceptance", "samr", date(2026, 4, 14), 7, "working", "第十四条"),
        ("complaint-acceptance", "samr", date(2026, 4, 15), 7, "working", "第十五条"),
        ("complaint-handling", "samr", date(2026, 4, 14), 45, "working", "第二十一条"),
        ("complaint-handling", "samr", date(2026, 4, 15), 60, "calendar", "第二十三条"),
        ("complaint-handling", "cac", NOW, None, "none", "第六十五条"),
        ("operator-answer", None, NOW, 15, "working", "六（五）"),
        ("operator-answer", "isc", NOW, 10, "working", "投诉平台"),
        ("rights-request", None, NOW, 15, "working", "六（三）"),
        ("report-told", "samr", date(2026, 4, 14), 5, "working", "第三十一条"),
        ("report-told", "samr", NOW, None, "none", "第六十五条"),
        ("clue-verification", "samr", NOW, 15, "working", "第二十七条"),
        ("hearing-request", None, NOW, 5, "working", "第六十四条"),
        ("penalty-decision", None, NOW, 90, "calendar", "第六十条"),
        ("fine-payment", None, NOW, 15, "calendar", "第六十七条"),
        ("withdrawal", None, NOW, 3, "working", "第四十八条"),
        ("reconsideration", None, NOW, 60, "calendar", "第二十条"),
        ("procuratorial-suggestion", None, NOW, 2, "months", "第二十一条"),
    ],
)  # fmt: skip
def test_numbers_are_those_of_the_texts(
    identity: str, body: str | None, day: date, length: int | None, unit: str, article: str
) -> None:
    """Length, unit and article as read in the instruments in force on the day, per receiving body."""
    one = clock(identity, day, body)
    assert (one.length, one.unit) == (length, unit)
    assert article in one.citation.zh


def test_the_day_of_a_law_is_that_of_beijing() -> None:
    """At 16:30 UTC on 14 April 2026 the new measures are in force; a time without a zone is refused."""
    assert "第十四条" in clock("complaint-acceptance", datetime(2026, 4, 14, 15, 30, tzinfo=UTC), "samr").citation.zh
    assert "第十五条" in clock("complaint-acceptance", datetime(2026, 4, 14, 16, 30, tzinfo=UTC), "samr").citation.zh
    with pytest.raises(UsageError, match="zone"):
        clock("complaint-acceptance", datetime(2026, 4, 14, 15, 30))


def test_what_is_in_force_is_each_clock_once_a_body() -> None:
    """On any day a body has one version of a clock; the interim rules of market supervision are gone on 15 April 2026."""
    today = [(one.id, one.body) for one in in_force(NOW)]
    assert len(today) == len(set(today)) > 25
    assert not [one for one in in_force(NOW) if "暂行办法》第" in one.citation.zh]
    assert [one.id for one in in_force(date(2026, 4, 14)) if "暂行办法》第" in one.citation.zh]


def test_a_clock_is_not_found_before_its_law_or_under_a_wrong_name() -> None:
    """Asking for what was not in force, or never was, is an error and no silent default."""
    with pytest.raises(UsageError, match="not in force on 2014-03-14"):
        clock("complaint-acceptance", date(2014, 3, 14))
    with pytest.raises(UsageError, match="unknown"):
        clock("complaint-acceptence", NOW)


def test_only_what_no_law_fixes_can_be_set_by_an_order() -> None:
    """An order may give ten days to rectify, but not ten days to ask for a hearing."""
    assert with_length(clock("rectification", NOW), 10).length == 10
    with pytest.raises(UsageError, match="article"):
        with_length(clock("hearing-request", NOW), 10)
    with pytest.raises(UsageError, match="at least 1"):
        with_length(clock("rectification", NOW), 0)


def test_versions_of_a_clock_follow_each_other_without_a_day_between() -> None:
    """Where a new text replaced an old one, the old one holds to the day before."""
    old, new = (one for one in clocks() if one.id == "clue-verification")
    assert old.period[1] + timedelta(days=1) == new.period[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": "draft", "set_by_order": False}, "cannot be law"),
        ({"unit": "none"}, "go together"),
        ({"unit": "hours"}, "from an instant"),
        ({"roll_forward": True}, "roll forward"),
        ({"effective": "2020-01-02..2020-01-01"}, "ends before it begins"),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(changed: dict, said: str) -> None:
    """Each kind of contradiction in the data is named."""
    wrong = replace(clock("rectification", NOW), **changed)
    assert any(said in problem for problem in module._problems([wrong]))


def test_two_versions_in_force_on_one_day_are_refused(tmp_path, monkeypatch) -> None:
    """The data cannot say two things for one day; the error names file, clock and day."""
    text = module._FILE.read_text(encoding="utf-8").replace("..2026-04-14", "..2026-04-15", 1)
    wrong = tmp_path / "clocks.yaml"
    wrong.write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "_FILE", wrong)
    with pytest.raises(CatalogueError, match=r"clocks.yaml: complaint-acceptance: .*2026-04-15"):
        clocks.__wrapped__()

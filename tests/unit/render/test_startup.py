"""What may run before consent is listed in the order of the start, by whose code it is, with what to do about it."""

from __future__ import annotations

from typing import Any

from mingcha.model.clause import Reader
from mingcha.render.reading import Reading
from mingcha.render.startup import STARTS_SHOWN, nameless, startup, startup_more
from tests.unit.render import sample


def reading(*facts: Any, reader: Reader = "operator") -> Reading:
    return Reading(sample.report(facts), sample.catalogue(), reader, "zh")


def test_moments_come_in_the_order_of_the_start() -> None:
    """A provider before the application; each moment names where Android enters, whose code it is and what it may obtain."""
    moments = startup(reading(*reversed(sample.WAYS)))
    told = [(m.entry, s.owner, [start.information for start in s.starts]) for m in moments for s in m.starters]
    assert told == [
        ("com.example.flash.Early.onCreate", "应用自身", ["OAID"]),
        ("com.example.flash.App.onCreate", "友盟+移动统计 U-App", ["IMEI"]),
    ]


def test_the_way_out_depends_on_whose_code_it_is() -> None:
    """The app's calls are to be moved, an SDK is to be initialised later, unknown code is to be identified first."""
    calls = [
        sample.early(100 * n, "dev.imei", owner, 1, sample.PROVIDER)
        for n, owner in enumerate(("app", "pangle", None), 1)
    ]
    (moment,) = startup(reading(*calls))
    assert [starter.fix[:7] for starter in moment.starters] == [
        "把这些调用移到",
        "用户点“同意”",
        "先查明这段代码",
    ]
    assert "再初始化穿山甲" in moment.starters[1].fix


def test_the_shortest_way_stands_for_all_calls_of_a_kind() -> None:
    """Several calls of one owner for one information at one moment are one line, with their number."""
    long = sample.early(100, "dev.imei", "app", 1, sample.PROVIDER, "La/B;->c()V", "La/B;->d()V")
    short = sample.early(200, "dev.imei", "app", 1, sample.PROVIDER)
    (moment,) = startup(reading(long, short))
    (start,) = moment.starters[0].starts
    assert (len(start.path.stops), start.more) == (2, "；同一时机另有1处")
    assert start.path.stops[0].does == "安卓由此进入应用"


def test_calls_without_a_known_information_are_counted() -> None:
    """What a call obtains may be unsettled: such calls make no line, but their number is said."""
    told = reading(*sample.WAYS)
    assert startup_more(told) == ("另有1处启动时的调用，取得哪种信息没有确定。",)
    assert nameless(reading()) == ""


def test_only_calls_of_the_start_are_listed() -> None:
    """Calls that a user's act or consent stands before are not listed."""
    calls = [sample.call(n, "dev.imei", "La/B;->c()V", sample.PHONE, "app", reach)
             for n, reach in enumerate(("user-act", "consent-gated", "unreached", "unknown"))]  # fmt: skip
    assert startup(reading(*calls)) == ()


def test_sensitive_information_leads_its_owner() -> None:
    """Of what one owner may obtain at one moment, what the 2020 list calls sensitive comes first."""
    calls = [
        sample.early(100 * n, what, "app", 1, sample.PROVIDER) for n, what in enumerate(("dev.imei", "loc.precise"), 1)
    ]
    (moment,) = startup(reading(*calls))
    assert [(start.information, start.sensitive) for start in moment.starters[0].starts] == [
        ("精确位置", True),
        ("IMEI", False),
    ]


def test_a_long_list_is_cut_and_says_so() -> None:
    """After so many lines the rest is a number."""
    calls = [sample.early(100 + n, "dev.imei", "app", n, f"La/E{n};->onCreate()V") for n in range(STARTS_SHOWN + 7)]
    told = reading(*calls)
    assert len(startup(told)) == STARTS_SHOWN
    assert startup_more(told) == ("另有7项启动时的调用未列出，见JSON形式的报告。",)


def test_a_call_without_a_path_is_listed_by_its_caller() -> None:
    """A report made before paths were kept still lists its calls of the start."""
    old = sample.call(5, "dev.imei", "La/B;->c()V", sample.PHONE, "app", "startup")
    assert [moment.entry for moment in startup(reading(old))] == ["a.B.c"]

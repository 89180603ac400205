"""The terminal says first what the code makes possible before consent, in a few lines."""

from __future__ import annotations

from mingcha.model.clause import Language, Reader
from mingcha.model.fact import Fact
from mingcha.render import render
from tests.unit.render import sample


def lines(reader: Reader, facts: tuple[Fact, ...] = sample.FACTS + sample.WAYS, lang: Language = "zh") -> list[str]:
    return render(sample.report(facts), sample.catalogue(), reader, "text", lang).decode().splitlines()


def test_operator_reads_first_what_to_change() -> None:
    """Before the suspected breaches stand the calls of the start, in order, then third parties; all in few lines."""
    made = lines("operator")
    start, third = made.index("可能在同意之前收集：先改这里"), made.index("可能交给第三方")
    breach = next(number for number, line in enumerate(made) if line.startswith("✗"))
    assert start < third < breach
    assert made[start + 1] == "  - com.example.flash.Early.onCreate：应用自身可能取得OAID"
    assert made[third + 1] == "  - 友盟+移动统计 U-App → 地址未知的服务器：IMEI"


def test_regulator_reads_what_to_test() -> None:
    """The same moments under the heading of a test, with the hosts to look for."""
    made = lines("regulator")
    start = made.index("在手机上核对什么")
    assert "  - 流量里要找：match.example.org" in made[start : start + 6]


def test_everybody_reads_where_information_may_go() -> None:
    """The public text names receivers and owners and no method of the code."""
    made = lines("public")
    assert "  - 地址未知的服务器（友盟+移动统计 U-App）：IMEI" in made
    assert not any("onCreate" in line or "classes.dex" in line for line in made)


def test_nothing_possible_says_nothing() -> None:
    """Without calls of the start and flows there are no such headings."""
    made = lines("operator", ())
    assert not {"可能在同意之前收集：先改这里", "可能交给第三方"} & set(made)


def test_a_crowd_stays_short() -> None:
    """However many moments and routes there are, the summary stays within a page or so and states the rest."""
    calls = tuple(sample.early(100 + n, "dev.imei", "app", n, f"La/E{n};->onCreate()V") for n in range(40))
    flows = tuple(sample.leak(900 + n, "dev.imei", "pangle", "network", host=f"h{n}.example.com") for n in range(40))
    made = lines("operator", calls + flows)
    assert "  ……另有24项" in made
    assert len(made) < 80

"""What a document says of its own times, and that it quotes nothing as law which nobody has read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.actions.matter import Matter


def printed(paper: Any) -> str:
    """The text of its PDF, without line breaks."""
    from mingcha.formats.page import read
    from mingcha.service.shelf import shelf

    with shelf().open(paper.pdf.sha256) as stream:
        page = read(stream.read())
    return "".join(one.text for one in page.paragraphs).replace("\n", "").replace(" ", "")


def test_an_order_names_its_last_day_as_far_as_it_is_known() -> None:
    """Signed on Monday 2 March: if served that day, Monday 9 March; the same words stand in data and print, and days are set by the order."""
    matter = Matter()
    order = matter.ordered()
    assert order.data["term"] == (
        "如于签发当日送达：自2026年3月2日的次日起算5个工作日；2026年3月9日24时届满。另日送达的，自送达之日的次日起同样计算。"
    )
    text = printed(order)
    assert "自送达之日起5个工作日（本文书自定）" in text
    assert order.data["term"] in text


def test_a_day_that_may_still_change_is_called_so(clock: Any) -> None:
    """Signed on 22 December, the last day waits for the holidays of 2027, and the order says so."""
    clock.set("2026-12-22T09:00")
    term = Matter().ordered().data["term"]
    assert "2027年放假安排尚未公布" in term
    assert "届满日可能变动" in term
    assert "2026年12月29日24时届满" in term


def test_a_removal_names_the_times_it_sets() -> None:
    """Acknowledgement within two working days and forty of ban, each with its last day: the clocks that run from it stand in it."""
    from mingcha.service.clock import SHANGHAI

    matter = Matter("notice-proposed")
    matter.warned()
    matter.filed({"idm-2019/2.1": "breached"})
    matter.act("approver", "fail-after-warning", reason="未整改")
    term = matter.paper("removal", "draft-removal", "remove").data["term"]
    assert "2个工作日" in term
    assert "40个工作日" in term
    assert term.endswith("以上期限均为本文书自定。")
    for name in ("removal-acknowledgement", "relisting-ban"):
        last = matter.case.deadlines.get(clock=name).due.astimezone(SHANGHAI)
        assert last.hour == 0
        assert matter.case.deadlines.get(clock=name).reckoning[-1]["zh"] in term


def test_no_document_quotes_as_law_what_was_not_read() -> None:
    """Of every clause we ship: words and number of the article stand under 依据 only where both were read; no time cites any law."""
    from mingcha.catalogue.load import load
    from mingcha.service import clock, papers
    from mingcha.service.models import Finding

    unread = 0
    for name, rules in load().regulations.items():
        for clause in rules.clauses:
            sentence = {"file": "甲"}
            told = papers.told(Finding(clause=clause.id, sentence=sentence))
            read = clause.cites.label == "V" and rules.number_label == "V"
            unread += not read
            assert bool(told["law"]) == read, (name, clause.id)
            assert read or (
                told["basis"].endswith("（条文文字未经核实，不作引用）") and clause.cites.text not in told["basis"]
            )
    assert unread, "or this says nothing"
    for kind in papers.TITLES:
        assert "《" not in papers.term(kind, 5, clock.now(), "general")


def test_a_corrected_document_names_the_first_and_takes_its_place() -> None:
    """A slip in a served order: another number that names the first, served at once; the first one's page leads to it; the time runs on."""
    from mingcha.service.commands import problems
    from mingcha.service.pages.public.verifying import values

    matter = Matter()
    order = matter.ordered()
    row = matter.case.deadlines.get(clock="rectification")
    matter.act(
        "approver", "correct", process="document", thing=order, part="version", text="1.0.1", reason="版本号有误"
    )
    order.refresh_from_db()
    made = matter.case.documents.latest("pk")
    assert (order.state, made.state, made.data["version"]) == ("withdrawn", "served", "1.0.1")
    assert made.number != order.number
    text = printed(made)
    assert f"本文书更正并代替{order.number}。更正理由：版本号有误" in text
    assert f"期限不因更正而改变，仍按{order.number}计算。" in text
    assert (values(made)["signed"], values(order)["instead"]) == (True, made.number)
    assert [one["clause"] for one in made.data["findings"]] == [one["clause"] for one in order.data["findings"]]
    before = row.due
    row.refresh_from_db()
    assert (row.state, row.due) == ("running", before)
    assert list(problems()) == []


def test_a_correction_decides_nothing_anew() -> None:
    """Days and findings cannot be corrected away, nothing is corrected without a reason or by whoever drafted it."""
    from mingcha.service.actions.acting import Refused

    matter = Matter()
    order = matter.ordered()
    given = {"part": "measures", "text": "请于期限内整改。", "reason": "错字"}
    for wrong in (
        {"part": "days"},
        {"part": "findings"},
        {"reason": " "},
        {"text": " "},
        {"text": order.data["measures"]},
    ):
        with pytest.raises(Refused):
            matter.act("approver", "correct", process="document", thing=order, **(given | wrong))
    for who in ("handler", "legal", "publisher", "operator"):
        with pytest.raises(Refused):
            matter.act(who, "correct", process="document", thing=order, **given)
    assert matter.case.documents.count() == 1
    assert matter.act("approver", "correct", process="document", thing=order, **given).state == "withdrawn"


def test_a_service_says_who_took_it_and_the_chain_does_not() -> None:
    """Nobody can say later that it was served without saying to whom; the name stands in the file and in no event."""
    from mingcha.service.actions.acting import Refused
    from mingcha.service.models import Event

    matter = Matter()
    order = matter.paper("order", "draft-order", "order")
    for way, receiver in (("", "王某"), ("直接送达", " ")):
        with pytest.raises(Refused):
            matter.act("handler", "serve-order", way=way, receiver=receiver)
    matter.act("handler", "serve-order", way="直接送达", receiver="王小明")
    order.refresh_from_db()
    assert (order.state, order.served_to) == ("served", "王小明")
    assert "王小明" not in str(list(Event.objects.values_list("body", flat=True)))

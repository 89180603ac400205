"""The policy on the page is the policy as it stands, and each sentence tells what was read from it."""

from __future__ import annotations

import time
from typing import Any

import lxml.html
import pytest

from mingcha.model.clause import Language, Reader
from mingcha.model.fact import Fact
from mingcha.render import render
from mingcha.render.evidence import evidence
from mingcha.render.marking import Mark
from mingcha.render.passages import COLOURS, colour_of, colours_of
from mingcha.render.reading import Reading
from tests.unit.render import sample

REPORT = sample.report(sample.WITH_POLICY)


def page(reader: Reader = "operator", facts: tuple[Fact, ...] = sample.WITH_POLICY, lang: Language = "zh") -> Any:
    return lxml.html.document_fromstring(
        render(sample.report(facts), sample.catalogue(), reader, "html", lang).decode()
    )


def told(root: Any, anchor: str) -> list[str]:
    return [line.text_content() for line in root.xpath(f"//*[@id='{anchor}-n']/span")]


@pytest.mark.parametrize("reader", ["operator", "regulator", "public"])
def test_the_text_stands_as_it_was_written(reader: Reader) -> None:
    """Every paragraph is there in order, word by word, apart from letters and notes; rows are cells."""
    root = page(reader)
    for extra in root.xpath("//*[@class='kl'] | //*[@role='note']"):
        extra.drop_tree()
    paragraphs = [p.text_content() for p in root.xpath("//div[contains(@class, 'ptext')]/p")]
    assert paragraphs == [f.text for f in sample.POLICY_TEXT if f.cells is None]  # type: ignore[attr-defined]
    assert [c.text_content() for c in root.xpath("//table[@class='ptable']//tr/*")] == [
        "名称",
        "信息",
        "目的",
        *sample.ROW,
    ]


def test_a_sentence_tells_what_was_read_from_it() -> None:
    """The denial and the statement have their colour, their letter and a note that those who do not see it hear."""
    root = page()
    denial, statement = (root.xpath(f"//a[@id='{anchor}']")[0] for anchor in ("p1-2-1", "p1-4-1"))
    assert denial.get("class") == "mk k-denial"
    assert denial.text_content() == "否" + sample.BOOK
    assert denial.get("aria-describedby") == "p1-2-1-n"
    assert told(root, "p1-2-1") == ["政策称应用自身不收集通讯录"]
    assert statement.xpath("./b")[0].text == "收权"
    assert any("精确位置" in line and "显示天气" in line for line in told(root, "p1-4-1"))


def test_the_legend_counts_sentences() -> None:
    """Every kind that occurs is named with its letter and the number of sentences that carry it."""
    root = page()
    lines = [" ".join(item.text_content().split()) for item in root.xpath("//ul[@class='keys']/li")]
    assert "否说不做的事 1" in lines
    assert "条条款与权利 3" in lines
    letters = {colour: len(root.xpath(f"//a[contains(@class, 'k-{colour}')]")) for colour in COLOURS}
    assert sum(letters.values()) == len(root.xpath("//a[contains(@class, 'mk')]")) > 5


@pytest.mark.parametrize("reader", ["operator", "regulator"])
def test_findings_lead_to_their_sentence(reader: Reader) -> None:
    """Where a finding cites the policy, its quote is a link to the marked sentence."""
    facts = (*sample.WITH_POLICY, sample.said("ProvisionStated", 11, "我们会在15个工作日内答复您的更正、删除请求。",
             provision="reply_deadline", number=40, unit="working day", scope=["complaint"], form="firm"))  # fmt: skip
    links = page(reader, facts).xpath("//article//blockquote/a | //section[@id='clauses']//blockquote/a")
    assert "#p1-11-1" in [link.get("href") for link in links]


def test_joined_facts_cite_the_policy() -> None:
    """A comparison stands at the code; the sentence of the policy it was drawn from is cited beside it, with its mark."""
    (denial,) = [f for f in REPORT.facts if type(f).__name__ == "PolicyDenial"]
    against = sample.fact("SaidAgainstDone", 7, information="contacts.book", party="app", outcome="incorrect", grade="observed",
                          sources=["0" * 12, denial.id])  # fmt: skip
    reading = Reading(REPORT, sample.catalogue(), "operator", "zh", marked=True)
    assert [(one.quote, one.anchor) for one in evidence(reading, against).cites] == [(sample.BOOK, "p1-2-1")]
    assert evidence(reading, denial).cites == ()
    assert evidence(reading, denial).spot.anchor == "p1-2-1"


def test_no_policy_no_section() -> None:
    """Without a policy there is neither text nor comparison nor a list of what it lacks."""
    facts = tuple(f for f in sample.FACTS if f.place.sha256 != sample.POLICY)
    for reader in ("operator", "regulator", "public"):
        assert page(reader, facts).xpath("//section[@id='policy' or @id='match' or @id='lacks' or @id='letting']") == []


@pytest.mark.parametrize("form", ["text", "pdf", "sarif", "csv"])
def test_other_forms_go_without_the_text(form: Any) -> None:
    """Only the HTML page carries the whole policy: a sentence that nobody cites is in no other form."""
    data = render(REPORT, sample.catalogue(), "regulator", form, "zh")
    assert "感谢您的信任".encode() not in data


def test_a_long_policy_does_not_make_the_page_slow() -> None:
    """A policy of 40,000 characters with 600 marks is a page in well under a second and in less than a megabyte."""
    text = "我们会收集您的位置信息用于显示天气和其他各种功能并且会加以保护。" * 4
    facts: list[Fact] = [sample.paragraph(n, text) for n in range(20, 320)]
    facts += [sample.said("PolicyDenial", n, text[:32], information="contacts.book") for n in range(20, 320)]
    facts += [sample.said("RecipientNamed", n, text[:40], name=f"公司{n}") for n in range(20, 320)]
    report = sample.report((*sample.WITH_POLICY, *facts))
    sample_time = time.perf_counter()
    data = render(report, sample.catalogue(), "public", "html", "zh")
    assert time.perf_counter() - sample_time < 3  # it takes 0.3 s; other jobs may share the machine
    assert len(data) < 1_000_000


def test_what_is_shared_is_not_marked_as_collected() -> None:
    """A type that a statement of the same sentence names already adds no letter of its own."""
    share = sample.said("PolicyStatement", 1, "x", does="share", information="dev.imei", clear=True)
    named = sample.said("InformationNamedInPolicy", 1, "x", information="dev.imei", clear=True)
    other = sample.said("InformationNamedInPolicy", 1, "x", information="dev.oaid", clear=True)
    assert colours_of(Mark("a", 0, 1, (share, named))) == ["share"]
    assert colours_of(Mark("a", 0, 1, (share, named, other))) == ["share", "collect"]
    assert colours_of(Mark("a", 0, 1, (named,))) == ["collect"]


def test_every_fact_has_a_colour() -> None:
    """A statement about somebody else is a third party's; what is denied under a condition is no collecting either."""
    statement = {"information": "dev.imei", "clear": True, "does": "store"}
    assert colour_of(sample.said("PolicyStatement", 1, "", **statement)) == "store"
    assert colour_of(sample.said("PolicyStatement", 1, "", **statement, negated=True)) == "denial"
    assert colour_of(sample.said("PolicyStatement", 1, "", **statement, negated=True, condition="除非")) == "denial"
    assert colour_of(sample.said("PolicyStatement", 1, "", **statement, party=None, named="某公司")) == "third"
    assert colour_of(sample.said("ProvisionStated", 1, "", provision="minors")) == "provision"


@pytest.mark.parametrize(
    ("quote", "condition", "colour"),
    [
        ("我们不会向任何第三方提供您的个人信息，除非事先得到您的许可。", "除非事先得到您的许可", "denial"),
        ("除以下情形外，我们不会与任何第三方分享您的个人信息。", "除以下情形外", "denial"),
        ("未经您同意，我们不会向第三方提供您的手机号码。", "未经您同意", "denial"),
        ("如果您使用支付功能，我们会向银行提供您的姓名。", "如果您使用支付功能", "share"),
    ],
)
def test_the_exception_of_a_denial_is_no_condition_of_a_deed(quote: str, condition: str, colour: str) -> None:
    """ "Not, unless …" is marked as a denial and told with its exception; "if …, we do" stays a deed under a condition."""
    fact = sample.said(
        "PolicyStatement", 3, quote, does="share", information="generic.pi", clear=False, condition=condition
    )
    reading = Reading(sample.report((fact,), ()), sample.catalogue(), "public", "zh")
    told = evidence(reading, reading.report.facts[0]).sentence
    assert colour_of(fact) == colour
    assert ("不对外提供" in told and f"例外或前提“{condition}”" in told) is (colour == "denial")
    assert (f"，条件“{condition}”" in told) is (colour == "share")

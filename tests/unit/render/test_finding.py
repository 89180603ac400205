"""A clause that names two faults accuses only of the one that was found."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from mingcha.catalogue.check_wording import wording_problems
from mingcha.catalogue.load import load
from mingcha.judge.evaluate import judge
from mingcha.model.clause import Clause, Reader
from mingcha.model.fact import Fact
from mingcha.model.factbase import Covered, FactBase
from mingcha.model.report import FORMAT, Report, Tool
from mingcha.model.verdict import PersonAnswer
from mingcha.render.build import view
from mingcha.render.finding import finding
from mingcha.render.reading import Reading
from tests.unit.render import sample

RULES = load()
LATE = sample.said(
    "ProvisionStated", 9, "我们将在30个工作日内处理您的投诉。", provision="reply_deadline", number=30, unit="working day",
    scope=["complaint"], form="firm",
)  # fmt: skip
NO_CHANNEL = Covered(kind="ProvisionStated", where={"provision": "complaint_channel"}, collector="answers")
OLD = (
    sample.fact("AppDeclared", path="AndroidManifest.xml", package="a.b", target_sdk=22),
    *(
        sample.fact(
            "PermissionDeclared",
            n,
            "AndroidManifest.xml",
            permission=f"p.{n}",
            dangerous=True,
            before_23=False,
            group=f"g{n}",
            information=["loc.precise"],
        )
        for n in (1, 2)
    ),
)


def told(
    clauses: str | tuple[str, ...], *facts: Fact, covered: tuple[Covered, ...] = (), reader: Reader = "public",
    answers: tuple[PersonAnswer, ...] = (),
) -> str:  # fmt: skip
    """What is said of the first of the clauses; all are judged."""
    names = (clauses,) if isinstance(clauses, str) else clauses
    report = judged(names, facts, covered, answers)
    return finding(Reading(report, RULES, reader, "zh"), report.verdicts[0])


def judged(
    names: tuple[str, ...], facts: tuple[Fact, ...], covered: tuple[Covered, ...] = (), answers: Any = ()
) -> Report:
    known = {clause.id: clause for regulation in RULES.regulations.values() for clause in regulation.clauses}
    base = FactBase.of(facts, covered, ())
    verdicts = judge([known[name] for name in names], base, sample.CASE, answers, RULES.is_a)
    return Report(
        format=FORMAT, tool=Tool(name="Mingcha", version="0", catalogue=RULES.digest), case=sample.CASE, facts=base.facts,
        covered=covered, gaps=(), answers=answers, regulations=("idm-2019",), verdicts=verdicts,
    )  # fmt: skip


def test_only_what_was_found_is_told() -> None:
    """A late promise is no missing channel, a missing channel no late promise; where both are found both are told."""
    late, missing = (
        "向这个App投诉个人信息问题，它承诺的处理时间超过15个工作日。",
        "这个App没有公布投诉个人信息问题的渠道。",
    )
    assert told("idm-2019/6.5", LATE) == late
    assert told("idm-2019/6.5", covered=(NO_CHANNEL,)) == missing
    assert told("idm-2019/6.5", LATE, covered=(NO_CHANNEL,)) == late + missing
    assert told("idm-2019/6.5", LATE, reader="operator") == "承诺的投诉、举报处理时间超过15个工作日。"


def test_a_clause_that_follows_others_tells_what_the_one_found() -> None:
    """A heading over several clauses speaks in the words of the one that breached it; one that follows a single clause in its cases."""
    assert (
        told("tc260-sa-2020/4.3", *OLD)
        == told("idm-2019/4.6", *OLD)
        == "这个App在安装时一次打开好几项权限，不让你逐项选择。"
    )
    assert told("miit-2020/5", *OLD) == told("idm-2019/4.6", *OLD)
    assert told("tc260-sa-2020/6.3", LATE) == told("idm-2019/6.5", LATE)


def test_what_has_no_words_of_its_own_is_told_in_the_general_ones() -> None:
    """An alternative without a case, and a clause without cases, keep the sentence for all of them."""
    failing = PersonAnswer(clause="idm-2019/6.1", question="way_does_not_work", answer=True)
    assert told("idm-2019/6.1", answers=(failing,)) == "在这个App里，你改不了、删不掉自己的信息，或者注销不了账号。"
    hard = PersonAnswer(clause="idm-2019/2.4", question="hard_to_understand", answer=True)
    assert told("idm-2019/2.4", answers=(hard,)) == "这个App的隐私政策写得让人看不懂。"
    assert told("idm-2019/2.4") == ""


def test_findings_of_several_rule_sets_are_not_added_up() -> None:
    """The headline counts those of one rule set, names it, and the same sentence is listed once."""
    names = ("idm-2019/4.6", "miit-2020/5", "tc260-sa-2020/4.3")
    page = view(judged(names, OLD), RULES, "public", "zh")
    assert "按《App违法违规收集使用个人信息行为认定方法》发现1项疑似违反" in page.headline
    assert "对照另外2部规定，又有2条疑似违反" in page.headline
    assert len(page.of("breached")) == 3
    alone = view(judged(names[:1], OLD), RULES, "public", "zh")
    assert "发现1项疑似违反个人信息规定的做法" in alone.headline
    assert "另外" not in alone.headline


@pytest.mark.parametrize("change", [("by", ("nonsense",)), ("public", " ")])
def test_cases_speak_of_their_condition(change: tuple[str, Any]) -> None:
    """A case for a word that its condition has not, an empty sentence, or one language alone is refused."""
    clause: Clause = next(c for r in RULES.regulations.values() for c in r.clauses if c.id == "idm-2019/6.5")
    assert list(wording_problems(clause)) == []
    wording = clause.wording["en"]
    case = replace(wording.cases[0], **dict([change]))
    changed = replace(clause, wording={**clause.wording, "en": replace(wording, cases=(case, *wording.cases[1:]))})
    assert list(wording_problems(changed))
